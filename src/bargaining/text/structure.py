"""Structure: which clause each line that may begin one begins.

Strategy: a line that starts with a number or a letter can have several places: the next item of any
list that is open, the first of a new one, a number that leaves its row, or no clause at all. Every
place has a cost, nothing where a row goes on and more the less it fits, and the cheapest structure
of all lines is taken, so that what comes later settles what came before (`2.` after `1.2` is a
clause where `2.1` follows). Where another structure costs hardly more, the line is unsure.

This module knows numbers, and no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

_NAMED: Final = {
    "article": "Article",
    "art.": "Article",
    "section": "Section",
    "sec.": "Section",
    "§": "§",
    "appendix": "Appendix",
    "part": "Part",
    "chapter": "Chapter",
}
_INNER: Final = frozenset({"Section", "§"})  # what stands inside of what is in the next
_OUTER: Final = frozenset(f"named {name}" for name in ("Article", "Appendix", "Part", "Chapter"))
COUNTED: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ITEM: Final = re.compile(r"[A-Za-z\d]+")
_LACKS: Final = 3  # how far a row without empty lines may jump
_DEEPEST: Final = 8  # levels of lists in lists
_TENS: Final = ("", "x", "xx", "xxx", "xl", "l")
_ONES: Final = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMAN: Final = {
    tens + ones: 10 * t + o
    for t, tens in enumerate(_TENS)
    for o, ones in enumerate(_ONES)
    if t or o
}

# Costs, in tenths.
_UNSURE: Final = 5  # a structure that costs no more than this above the best one fits, too
_GAP: Final = 10  # of dotted numbers, where some are missing
_PRUNED: Final = 16  # one that costs so much more is given up

_WALKS: Final = 4  # structures followed side by side
_MANY: Final = 10_000  # lines; of more than that, one structure is followed
_BACK: Final = 32  # heads that two structures are compared over
_KEPT: Final = 1 << 12
_STRUCTURES: Final = 64


class _Level(NamedTuple):
    """One level of a structure.

    Attributes:
        style: how its row is numbered; rows of one style go on.
        value: the place in the row.
        shown: how an address writes it.
        kind: `"named"` (`Article 5`), `"dotted"` (`6.2`) or `"item"`.
        list: the level of the list that the document tells, if it does.
        leads: a blank line, or nothing, stands before it.
        suffix: the place of the letter of `5A` in its row; 0 without one.
    """

    style: str
    value: int
    shown: str
    kind: str = "item"
    list: int | None = None
    leads: bool = True
    suffix: int = 0


_Stack = tuple[_Level, ...]
Other = tuple[int, str, str]  # the number of a line, its address, and another that fits


class Head(NamedTuple):
    """A line that may begin a clause: how it stands there, and its parts.

    Attributes:
        leads: a blank line, or nothing, stands before it.
        stops: the line before it has a stop at its end, or no words.
        wraps: the line before it is long and has no stop at its end.
        counts: what follows says that the number counts something.
        list: the level of the list that the document tells, if it does.
    """

    leads: bool
    stops: bool
    wraps: bool
    counts: bool
    list: int | None
    dotted: str | None
    figures: str
    below: str
    name: str
    number: str
    items: str
    open: str | None
    value: str | None
    letter: str | None
    close: str | None
    more: str | None
    bare: str


def _readings(value: str) -> Iterator[tuple[str, int]]:
    """Yield every style and place in its row that a number or letter can have."""
    case = "upper" if value.isupper() else "lower"
    if value[0].isdigit():
        yield "number", _value(value)
        return
    letters = value.lower()
    if len(set(letters)) == 1 and len(letters) <= 2:  # noqa: PLR2004 - aa. comes after z.
        yield case, ord(letters[0]) - ord("a") + 1 + 26 * (len(letters) - 1)
    if letters in ROMAN:
        yield f"roman {case}", ROMAN[letters]


def _suffix(value: str) -> int:
    """Return the place of the letter of `5A` in its row; 0 without one."""
    return (
        ord(value[-1].lower()) - ord("a") + 1 if value[0].isdigit() and value[-1].isalpha() else 0
    )


def _items(text: str) -> Iterator[_Level]:
    """Yield the levels of `(a)(2)` behind a number, each in the first way that it can be read."""
    for value in _ITEM.findall(text) if text else ():
        for style, place in list(_readings(value))[:1]:
            yield _Level(f"({style})", place, value)


# Where a line can stand.


class _Walk(NamedTuple):
    """A structure up to some line.

    Attributes:
        stack: the levels that are open.
        path: the dotted number, or number of a clause, that came last.
        cost: what it costs so far.
        before: the structure up to the line before.
        line: the number of the line; -1 at the start.
        address: the address that the line has; empty where it begins no clause.
        unsure: what fits as well.
    """

    stack: _Stack = ()
    path: tuple[int, ...] = ()
    cost: int = 0
    before: _Walk | None = None
    line: int = -1
    address: str = ""
    unsure: tuple[Other, ...] = ()


class _Place(NamedTuple):
    """Where a line can stand: what is open after it, and what that costs."""

    cost: int
    stack: _Stack
    path: tuple[int, ...]
    begins: bool = True


def _places(walk: _Walk, head: Head) -> list[_Place]:
    """Return where a line can stand, the likeliest first; what costs much more is left out."""
    if head.name:
        return [_named_place(walk, head)]
    places = list(_dotted_places(walk, head) if head.dotted else _item_places(walk, head))
    none = _cost_of_none(head)
    if none is not None or not places:
        places.append(_Place(none or 0, walk.stack, walk.path, begins=False))
    if len(places) == 1:
        return places
    most = min(place.cost for place in places) + _PRUNED
    return [place for place in places if place.cost < most]


def _cost_of_none(head: Head) -> int | None:
    """What it costs to take a line for no clause; None where it cannot be."""
    if head.list is not None:
        return None
    if head.counts:
        return 0
    if head.leads:
        return 45
    return 6 if head.wraps else 10


def _named_place(walk: _Walk, head: Head) -> _Place:
    name, number = _NAMED[head.name.lower()], head.number
    value, style = _value(number), f"named {name}"
    outer = walk.stack[:1]
    above = outer if name in _INNER and outer and outer[0].style in _OUTER else ()
    if outer and outer[0].kind == "item" and outer[0].value + 1 == value:
        style = outer[0].style  # `Article 4.` after `3.` is in the row of that
    shown = number.capitalize() if number.lower() in COUNTED else number
    level = _Level(style, value, f"{name} {shown}", "named")
    return _Place(0, (*above, level, *_items(head.items)), (value,))


def _value(number: str) -> int:
    """Return the place of `5`, `5a`, `IV`, `B` or `Two` among its kind."""
    digits = re.match(r"\d+", number)
    if digits:
        return int(digits[0])
    if number.lower() in COUNTED:
        return COUNTED.index(number.lower()) + 1
    return ROMAN.get(number.lower(), ord(number.lower()[0]) - ord("a") + 1)


def _names(stack: _Stack) -> _Stack:
    """Return the named levels that a stack begins with."""
    n = 0
    while n < len(stack) and stack[n].kind == "named":
        n += 1
    return stack[:n]


def _dotted_places(walk: _Walk, head: Head) -> Iterator[_Place]:
    number = head.figures
    path = tuple(int(part) if part.isdigit() else ord(part) for part in number.split("."))
    cost = _step_cost(walk.path, path)
    if cost and head.wraps and head.list is None:
        return  # a figure at the start of a line
    if cost == _GAP and head.stops:
        cost = 4
    cost += 8 * head.wraps + 10 * head.counts
    above = _names(walk.stack)
    root = walk.stack[len(above)] if len(above) < len(walk.stack) else None
    if root is not None and root.kind == "item" and root.shown.isalnum():
        if root.shown == number.split(".")[0]:
            above = (*above, root)
        elif root.shown.isdigit():
            cost += 15  # its row has numbers of its own: this one is missing
    level = _Level("dotted", path[-1], number, "dotted", head.list)
    yield _Place(cost, (*above, level, *_items(head.below)), path)


def _step_cost(last: tuple[int, ...], path: tuple[int, ...]) -> int:
    """What it costs that a dotted number follows another: nothing where it is the next one."""
    if path[:-1] == last[:-1] and last and path[-1] == last[-1] + 1:
        return 0
    most = min(len(path), len(last))
    n = next((k for k in range(most) if path[k] != last[k]), most)
    is_next = n < len(path) and (n == len(last) or path[n] == last[n] + 1)
    inner = path[n + 1 :] if n < len(last) else path[n:]
    if not last or (is_next and all(k <= 1 for k in inner)):
        return 0
    return _GAP if path >= last else 20


def _item_places(walk: _Walk, head: Head) -> Iterator[_Place]:
    """Yield the places of `1.`, `a)`, `(iv)`, `(a)(2)` or a bare number."""
    if not head.more:
        yield from _own_places(walk, head)
        return
    inner = tuple(_items(head.more))
    own = {(level.style, level.value, level.suffix) for level in _levels(head)}
    stack = walk.stack
    same = [n for n, at in enumerate(stack) if (at.style, at.value, at.suffix) in own]
    if same:  # `(a)(2)` after `(a)(1)`
        yield _Place(0, (*stack[: same[-1] + 1], *inner), walk.path)
    else:
        for place in _own_places(walk, head):
            yield place._replace(stack=(*place.stack, *inner))


def _own_places(walk: _Walk, head: Head) -> Iterator[_Place]:
    """Yield the places of a number or letter by itself."""
    levels = _levels(head)
    if not levels:
        return  # letters that are no numeral
    extra = 8 if head.wraps else 0
    continued = False
    for cost, stack in _continued(walk.stack, levels):
        continued = True
        loose = walk.stack[len(stack) - 1].leads  # a list without blank lines goes on for sure
        yield _item_place(walk, cost + 3 * (head.wraps and loose), stack)
    for cost, stack in _rooted(walk, levels):
        yield _item_place(walk, cost + extra, stack)
    for cost, stack in _deeper(walk.stack, levels):
        yield _item_place(walk, cost + extra + 8 * continued, stack)
    if head.leads or len(walk.stack) == _DEEPEST:
        for cost, stack in _same_style(walk.stack, levels):
            yield _item_place(walk, cost, stack)
    elif not (continued or head.wraps):
        for stack in _left_out(walk.stack, levels):
            yield _item_place(walk, 8, stack)


def _levels(head: Head) -> list[_Level]:
    """Return the levels that a number or letter can be, one for each way to read it."""
    value = head.value or head.bare
    shape = f"{head.open or ''}{{}}{head.close or ''}"
    return [
        _Level(
            shape.format(style),
            place,
            value,
            list=head.list,
            leads=head.leads,
            suffix=_suffix(value),
        )
        for style, place in _readings(value)
    ]


def _item_place(walk: _Walk, cost: int, stack: _Stack) -> _Place:
    """A number that is the first level of all, or below names only, is a clause's."""
    last = stack[-1]
    is_root = all(level.kind == "named" for level in stack[:-1]) and last.shown.isdigit()
    path = (last.value,) if is_root else walk.path
    known = [level.list for level in stack[:-1] if level.list is not None]
    if last.list is not None and known and last.list <= known[-1]:
        cost += 10  # deeper than the document says
    return _Place(cost, stack, path)


def _continued(stack: _Stack, levels: Sequence[_Level]) -> Iterator[tuple[int, _Stack]]:
    """The next item of a list that is open, the innermost first."""
    for depth in range(len(stack) - 1, -1, -1):
        for level in levels:
            at = stack[depth]
            if at.style == level.style and _is_next(at, level):
                told = None not in {at.list, level.list}
                yield 10 * (told and at.list != level.list), (*stack[:depth], level)


def _is_next(at: _Level, level: _Level) -> bool:
    """True for `6` after `5` or `5B`, and for `5A` after `5`."""
    if level.suffix:
        return (at.value, at.suffix + 1) == (level.value, level.suffix)
    return at.value + 1 == level.value


def _rooted(walk: _Walk, levels: Sequence[_Level]) -> Iterator[tuple[int, _Stack]]:
    """A number that goes on from the first of dotted ones: `10.` after `9.9`."""
    above = _names(walk.stack)
    rest = walk.stack[len(above) :]
    for level in levels if rest and rest[0].kind == "dotted" else ():
        if level.shown.isdigit() and level.value == walk.path[0] + 1:
            yield 10, (*above, level)


def _deeper(stack: _Stack, levels: Sequence[_Level]) -> Iterator[tuple[int, _Stack]]:
    """The first item of a new list, one level down. A lone `i` is then a numeral.

    A first item straight after a first item (`1.` on every line) is its neighbour.
    """
    first = [level for level in levels if level.value == 1 and not level.suffix]
    if stack and any((stack[-1].style, stack[-1].value) == (v.style, v.value) for v in first):
        yield 0, stack
    elif first and len(stack) < _DEEPEST:
        yield 0, (*stack, first[-1])


def _same_style(stack: _Stack, levels: Sequence[_Level]) -> Iterator[tuple[int, _Stack]]:
    """An item out of its row (a number left out or struck): at the level of its style."""
    found = False
    for depth in range(len(stack) - 1, -1, -1):
        for level in levels:
            if stack[depth].style == level.style:
                found = True
                yield 20 if level.value > stack[depth].value else 30, (*stack[:depth], level)
    if not found:
        yield 25, (*stack[:1], levels[0])


def _left_out(stack: _Stack, levels: Sequence[_Level]) -> Iterator[_Stack]:
    """An item of the innermost list whose row lacks a few numbers before it."""
    for level in levels:
        is_same = bool(stack) and stack[-1].style == level.style
        if is_same and 1 < level.value - stack[-1].value <= _LACKS:
            yield (*stack[:-1], level)


# The cheapest structure.


@lru_cache(_STRUCTURES)  # most revisions have the numbers of the one before
def structure(heads: tuple[Head, ...]) -> tuple[tuple[str, ...], tuple[Other, ...]]:
    """Return the address of each line, empty where it begins no clause, and what is unsure."""
    walks = [_Walk()]
    most = _WALKS if len(heads) <= _MANY else 1
    for line, head in enumerate(heads):
        walks = _next(walks, head, line)[:most]
    best, *others = walks
    unsure = dict.fromkeys(best.unsure)
    for walk in others:
        if walk.cost - best.cost <= _UNSURE:
            unsure.update(dict.fromkeys(_differences(best, walk)))
    addresses: list[str] = []
    at: _Walk | None = best
    while at is not None and at.line >= 0:
        addresses.append(at.address)
        at = at.before
    first = {line: (line, address, other) for line, address, other in reversed(unsure)}
    return tuple(addresses[::-1]), tuple(first[line] for line in sorted(first))


def _next(walks: Sequence[_Walk], head: Head, line: int) -> list[_Walk]:
    """Go on from each structure to each place that the next line can have in it."""
    if len(walks) == 1:
        places = _places(walks[0], head)
        if len(places) == 1:
            return [_gone_on(walks[0], places[0], line)]
    reached: dict[tuple[_Stack, tuple[int, ...]], _Walk] = {}
    for walk in walks:
        for place in _places(walk, head):
            to = _gone_on(walk, place, line)
            key = (place.stack, place.path)
            reached[key] = _better(reached[key], to) if key in reached else to
    ranked = sorted(reached.values(), key=lambda walk: walk.cost)
    return [walk for walk in ranked if walk.cost - ranked[0].cost < _PRUNED]


def _gone_on(walk: _Walk, place: _Place, line: int) -> _Walk:
    address = _address(place.stack) if place.begins else ""
    cost = walk.cost + place.cost
    return _Walk(place.stack, place.path, cost, walk, line, address, walk.unsure)


def _better(one: _Walk, other: _Walk) -> _Walk:
    """Return the cheaper of two structures that go on alike; it knows where the other fits, too."""
    best, worse = (one, other) if one.cost <= other.cost else (other, one)
    if worse.cost - best.cost > _UNSURE:
        return best
    return best._replace(unsure=(*best.unsure, *_differences(best, worse))[-_BACK:])


def _differences(best: _Walk, other: _Walk) -> Iterator[Other]:
    """Yield the lines that have another address in another structure, the last first."""
    a: _Walk | None = best
    b: _Walk | None = other
    for _ in range(_BACK):
        if a is b or a is None or b is None or a.line < 0:
            return
        if a.address != b.address:
            yield a.line, a.address, b.address
        a, b = a.before, b.before


@lru_cache(_KEPT)
def _address(stack: _Stack) -> str:
    """Write levels as people do: `1.0(c)(2)`, `Section 3(b)`, `Article 5, 6.2(a)`."""
    names = [level.shown for level in _names(stack)]
    rest = stack[len(names) :]
    if len(rest) > 1 and rest[1].kind == "dotted":
        rest = rest[1:]  # `2.1` says what it is in
    if rest and (rest[0].kind == "dotted" or not names):
        names.append(rest[0].shown)
        rest = rest[1:]
    return ", ".join(names) + "".join([f"({level.shown})" for level in rest])
