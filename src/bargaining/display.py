"""Display: how values show themselves in notebooks, without knowing who draws them.

Strategy: the package's door says once who draws (`draw_with`); a value asks `html_of` for itself.
So the values stay on the ground floor, and the writers above them.

This module knows no formats.
"""

from __future__ import annotations

from collections.abc import Callable

_drawers: list[Callable[[object], str]] = []


def draw_with(drawer: Callable[[object], str]) -> None:
    """State who draws: a function from a value to a fragment of HTML."""
    _drawers[:] = [drawer]


def html_of(value: object) -> str | None:
    """Return a value as a fragment of HTML; None where nobody draws, so that its repr is shown."""
    return _drawers[0](value) if _drawers else None
