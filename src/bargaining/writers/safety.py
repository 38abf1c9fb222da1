"""Safety: which characters could act on a terminal or a page.

Strategy: one list for every writer. Each writes such characters in its own way, as code points.

This module knows no formats.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Control, format (bidirectional, zero-width), surrogate and private-use characters, separators.
_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def acts(character: str) -> bool:
    """True for a character that could do something but be read."""
    return unicodedata.category(character) in _ACTING
