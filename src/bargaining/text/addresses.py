"""Addresses: which clause a person means who writes `3(b)`, `Sec. 3 b` or `§3(b)`.

Strategy: an address is a row of parts, each a number or a letter, some behind a name (`Article`,
`Section`). What is asked for is cut into the same parts, and is found where they stand in a row:
first as the address itself, then at its start, then anywhere in it. The first of these that finds
something wins. Where it finds clauses that are not one inside the other, all of them are named.

This module knows no text: addresses are made by `structure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from bargaining.errors import AskError, NotFoundError
from bargaining.text.structure import COUNTED, ROMAN

_PART: Final = re.compile(
    r"(?P<name>articles?|art|sections?|sec|§§?|appendix|part|chapter|clause|paragraph|para|item)(?![a-z])\.?\s*"
    r"|(?P<value>\d+|[a-z]+)",
    re.IGNORECASE,
)
_NOUGHT: Final = re.compile(r"(?<=\d)\.0(?![\d]|\.\d)")  # of `3.0`
_NAMES: Final = {"art": "article", "sec": "section", "§": "section", "§§": "section"}
_FREE: Final = frozenset({"clause", "paragraph", "para", "item"})  # they name a part of any kind
_SHOWN: Final = 12  # addresses in a message
_LONGEST: Final = 200  # code points of an address that a person writes


class _Part(NamedTuple):
    """One part of an address: its value, what names it, and where it ends in the address."""

    name: str
    value: str
    end: int


def matching(addresses: Iterable[str], asked: str) -> tuple[str, ...]:
    """Return the clause that a person means, and all clauses within it.

    Case, brackets, dots, spaces and the spelling of `Article` and `Section` do not matter, a Roman
    numeral is the number that it stands for, and `3` is `3.0`, too. Outer parts may be left out.

    Args:
        addresses: those of a text, in reading order.
        asked: the address as a person writes it.

    Raises:
        NotFoundError: there is no such clause.
        AskError: several fit that are not within each other.
    """
    known = tuple(dict.fromkeys(filter(None, addresses)))
    wanted = tuple(_parts(asked[:_LONGEST]))
    roots = dict.fromkeys(_roots(known, asked, wanted))
    if not roots:
        hint = f"There are {_listed(known)}." if known else "It has no numbered clauses."
        raise NotFoundError(f"There is no clause “{asked}”.", hint=hint)
    if len(roots) > 1:
        raise AskError(f"“{asked}” may be {_listed(tuple(roots))}.", hint="Give more of it.")
    (root,) = roots
    return tuple(address for address in known if address == root or _is_within(address, root))


def _roots(known: Sequence[str], asked: str, wanted: Sequence[_Part]) -> Iterable[str]:
    """Return the clauses that are meant, by the closest way in which any can be."""
    asked = asked.strip()
    exact = [address for address in known if address.casefold() == asked.casefold()]
    if exact:
        return [asked] if asked in exact else exact
    starting: list[str] = []
    anywhere: list[str] = []
    for address in known if wanted else ():
        parts = tuple(_parts(address))
        for at in range(len(parts) - len(wanted) + 1):
            row = parts[at : at + len(wanted)]
            if all(map(_fits, row, wanted)):
                root = address[: row[-1].end]
                (anywhere if at else starting).append(root)
                break
    return _outermost(starting or anywhere)


def _outermost(roots: Sequence[str]) -> Iterator[str]:
    """Leave out what is within another; `3.0` and `3` are one where both may be meant."""
    every = dict.fromkeys(roots)
    for root in every:
        if not any(_is_within(root, other) for other in every if other != root):
            yield root


def _is_within(address: str, root: str) -> bool:
    if root.endswith(".0"):  # the clause of that number, and not all that it stands at the head of
        return address.startswith(f"{root}(")
    ours, theirs = ([part[:2] for part in _parts(one)] for one in (address, root))
    if len(ours) == len(theirs):
        return ours == theirs and address.endswith(".0") and address != root
    return ours[: len(theirs)] == theirs


def _fits(part: _Part, wanted: _Part) -> bool:
    return wanted.name in {"", part.name} and wanted.value == part.value


def _parts(address: str) -> Iterator[_Part]:
    """Cut an address into its parts; the `0` of `3.0` is none."""
    name = ""
    for match in _PART.finditer(address):
        if match["name"]:
            word = match["name"].lower().removesuffix("s")
            name = "" if word in _FREE else _NAMES.get(word, word)
            continue
        value = match["value"].lower()
        if value == "0" and _NOUGHT.match(address, match.start() - 1):
            continue
        yield _Part(name, _as_number(value, named=bool(name)), _end(address, match.end()))
        name = ""


def _as_number(value: str, *, named: bool) -> str:
    """Read the numeral of `Article XII` or `Part Two` as a number; elsewhere a letter stays one."""
    if named and value in COUNTED:
        return str(COUNTED.index(value) + 1)
    return str(ROMAN[value]) if named and value in ROMAN else value


def _end(address: str, at: int) -> int:
    """Where a part ends in its address, with its bracket and the `.0` behind it."""
    while address[at : at + 1] == ")":
        at += 1
    nought = _NOUGHT.match(address, at)
    return nought.end() if nought else at


def _listed(addresses: Sequence[str]) -> str:
    more = len(addresses) - _SHOWN
    shown = ", ".join(addresses[:_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown
