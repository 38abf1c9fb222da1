"""JSON: every answer under the names that it has in Python.

Strategy: attrs values become objects with the same field names; the properties that people ask for
(`certain`, `date`, `text`) stand beside them. Everything outside ASCII is escaped, so that no text
of a paper can act on a terminal or a page.
"""

from __future__ import annotations

import json
from typing import Any, Final

import attrs

from bargaining.model import (
    Annotation,
    Doubt,
    Event,
    Origin,
    Paper,
    Raised,
    Redline,
    RedlinePart,
    Revision,
)

_PROPERTIES: Final[dict[type, tuple[str, ...]]] = {
    Revision: ("date",),
    Origin: ("certain",),
    Event: ("certain",),
    Annotation: ("text",),
    Paper: ("text", "base_text"),
    Redline: ("differs", "old_text", "new_text", "parties"),
    RedlinePart: ("differs",),
    Doubt: (),
}


def to_json(value: object) -> str:
    """Return a value of this library as JSON text, indented by two."""
    return json.dumps(plain(value), indent=2, ensure_ascii=True)


def plain(value: object) -> Any:  # noqa: ANN401 - JSON values
    """Return a value as dicts, lists, strings, numbers, True, False and None."""
    kind = type(value)
    if attrs.has(kind):
        names = [field.name for field in attrs.fields(kind)]
        names += _PROPERTIES.get(kind, ())
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Raised):
        return {"revision": plain(value.revision), "doubt": plain(value.doubt)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
