"""The shape of an entry: which keys it has, and what may stand under each.

Strategy: one table for each kind of entry, read by one small checker. A record may come from the
other side: whatever is not exactly of this shape is refused before anything is done with it, so
that nothing behind this door has to wonder.

This module knows JSON values only. docs/record-format.md says what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from bargaining.errors import RecordError

Check = Callable[[object], bool]

_MOST: Final = 2**53  # every JSON reader can hold integers up to here
_MOST_RUNGS: Final = 2_000  # of a ladder
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(  # with no more digits of a second than a head can hold
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:[+-][0-9]{2}:[0-9]{2}|Z)"
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def _text(value: object) -> bool:
    return isinstance(value, str)


def _bool(value: object) -> bool:
    return isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST


def _like(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _day(value: object) -> bool:
    """True for a day that the calendar has, in ISO 8601."""
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _moment(value: object) -> bool:
    """True for a time that the calendar and the clock have, in ISO 8601 with its zone."""
    if not isinstance(value, str) or _TIME.fullmatch(value) is None:
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _one_of(*values: str) -> Check:
    return lambda value: isinstance(value, str) and value in values


def _maybe(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def _list(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def _at_most(most: int, check: Check) -> Check:
    return lambda value: isinstance(value, list) and len(value) <= most and check(value)


def _row(*checks: Check) -> Check:
    return lambda value: (
        isinstance(value, list)
        and len(value) == len(checks)
        and all(check(item) for check, item in zip(checks, value, strict=True))
    )


def _object(needed: Mapping[str, Check], allowed: Mapping[str, Check] | None = None) -> Check:
    every = {**needed, **(allowed or {})}
    return lambda value: (
        isinstance(value, dict)
        and needed.keys() <= value.keys() <= every.keys()
        and all(every[key](item) for key, item in value.items())
    )


_LABEL: Final = _object(
    {"text": _text},
    {
        **dict.fromkeys(
            ("party", "kind", "number", "subject", "medium", "state", "against", "time"), _text
        ),
        "dates": _list(_day),
        "answers": _list(_text),
    },
)
_PAPER: Final = _object(
    {
        "format": _text,
        "title": _list(_text),
        "ladder": _at_most(_MOST_RUNGS, _list(_text)),
        "runs": _list(
            _either(
                _row(_one_of("kept", "inserted"), _number),
                _row(_one_of("struck", "dropped"), _text),
            )
        ),
        "parts": _list(
            _row(
                _one_of("title", "ladder", "signature", "furniture", "note", "header"),
                _text,
                _number,
            )
        ),
        "doubts": _list(_row(_text, _text, _number, _number, _number)),
    }
)
_ALWAYS: Final[Mapping[str, Check]] = {"kind": _text, "entered": _moment, "by": _text}
_KINDS: Final[Mapping[str, Check]] = {
    "filing": _object(
        {
            **_ALWAYS,
            "chain": _text,
            "base": _bool,
            "label": _LABEL,
            "after": _maybe(_text),
            "original": _like(_DIGEST),
            "name": _text,
            "inserted_by": _maybe(_list(_text)),
            "text": _like(_DIGEST),
            "paper": _PAPER,
            "corrects": _maybe(_number),
        }
    ),
    "rung": _object(
        {
            **_ALWAYS,
            "chain": _text,
            "label": _LABEL,
            "after": _maybe(_text),
            "reported_by": _text,
        }
    ),
    "alias": _object({**_ALWAYS, "name": _text, "means": _text}),
    "new": _object({**_ALWAYS, "chain": _text}),
    "retraction": _object({**_ALWAYS, "retracts": _number, "because": _text}),
}


def check(seq: int, body: object) -> dict[str, Any]:
    """Return the body of entry `seq` if it is of the shape that its kind has.

    Raises:
        RecordError: it is not, or its kind is none that this format has.
    """
    kind = body.get("kind") if isinstance(body, dict) else None
    shape = _KINDS.get(kind) if isinstance(kind, str) else None
    if not isinstance(body, dict) or shape is None or not shape(body):
        raise RecordError(
            f"Entry {seq} of the journal is not of a shape that this format has.",
            hint="Do not trust this file, or install a newer version of bargaining.",
        )
    return body
