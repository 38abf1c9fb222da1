"""Safety: which characters could act on a terminal, on a page, or in a spreadsheet.

Strategy: one list for every writer. Each writes such characters in its own way, as code points.

This module knows no formats.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Control, format (bidirectional, zero-width), surrogate and private-use characters, separators.
_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for one starts so
_PICTURES: Final = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_LETTERS: Final = "\u0620-\u06ff\u0750-\u077f\u08a0-\u0dff"
# A joiner that shapes what is seen: within one picture, or between letters that it joins or parts.
JOINER: Final = (
    rf"(?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}])"
    rf"|(?<=[{_LETTERS}])[\u200c\u200d](?=[{_LETTERS}])"
)


def acts(character: str) -> bool:
    """True for a character that could do something but be read."""
    return unicodedata.category(character) in _ACTING


def plain_cell(text: str) -> str:
    """Return a text as a cell of a table that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
