"""Matching: which clause of the last paper each clause of a partial paper is.

Strategy: addresses tell. Where a stand-in has words of its clause before it, those must be that
clause's own, and a clause with another number is found by them. What fits none, or several, is
refused with its line.

This module knows one paper and the texts that it is held against; what results is for `restated`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

import attrs

from bargaining.errors import AskError
from bargaining.model import Paper
from bargaining.readers.addresses import ADDRESS, Key, Outlined, is_below, key_of, listed, pattern
from bargaining.readers.doubts import shorten
from bargaining.readers.layout import is_heading
from bargaining.readers.standins import NUMBER, StandIn
from bargaining.readers.taken import UNNUMBERED, Said, at_line
from bargaining.text.clauses import Clause
from bargaining.text.words import cut, is_tellable

_LINE: Final = re.compile(  # how a line starts that starts a clause
    r"[^\S\n]*(?P<kind>(?i:(?P<article>articles?\s|art\.\s)|sections?\s|sec\.\s|§)\s*)?"
    r"(?:\d{1,3}(?:\.\d{1,3}){0,6}|(?(kind)[A-Za-z]{1,6}|(?!)))(?:\([A-Za-z\d]{1,4}\)){0,6}"
    r"(?=[.:]?\s+[^\W\d_a-z]|[.:]?\s*[\[(“\"–—-]|(?(kind)[.:]\s|(?!)))"
)
_ADDRESS_MOST: Final = 200  # code points
_HEADING_MOST: Final = 12  # words
_HINT: Final = (
    "Name the paper that it is taken from with --amends LABEL, or file the words as they stand "
    "with --whole."
)


@attrs.frozen
class Source:
    """A text that clauses can be taken from, with the label and the title of its paper."""

    label: str
    text: str
    title: tuple[str, ...] = ()


class Matching:
    """A partial paper beside the last paper and the current language."""

    def __init__(
        self,
        paper: Paper,
        said: Sequence[Said],
        last: Source,
        base: Source | None,
        *,
        partial: bool,
    ) -> None:
        """Match the clauses of a paper.

        Args:
            paper: the paper.
            said: what in it stands for other text.
            last: the paper before it.
            base: the current language, where that is known and another.
            partial: whether what it does not mention stays.

        Raises:
            AskError: a clause fits none, or several.
        """
        self.paper, self.said, self.last, self.partial = paper, said, last, partial
        self.base = base or last
        self.old = Outlined.of(last.text, last.title)
        own = Outlined.of(paper.text, paper.title)
        own = own if self.old.has_articles else own.untitled()
        self.own = _with_lines(own, self.old, [one for one, _ in said])
        self.current = self.old if base is None else Outlined.of(base.text, base.title)
        self.whole = partial or any(one.scope == "rest" for one, _ in said)
        self.by_clause = self._by_clause()
        self.match = self._matches()
        self.mentioned = {n for n in self.match if n is not None} | set(self._struck())

    def _by_clause(self) -> dict[int, list[Said]]:
        """Put each stand-in under the clause of the paper in which it stands."""
        found: dict[int, list[Said]] = {}
        n = 0
        for one, line in self.said:
            while n + 1 < len(self.own) and self.own.clauses[n].end < one.start + (
                one.end > one.start
            ):
                n += 1
            found.setdefault(n, []).append((self._with_number(n, one), line))
        return found

    def _with_number(self, n: int, one: StandIn) -> StandIn:
        """Take the number before a stand-in as an address, where it starts no clause there.

        The same where that clause is an article, of which the last paper has the sections only.
        """
        text, clause, key = self.paper.text, self.own.clauses[n], self.own.keys[n]
        start = max(text.rfind("\n", 0, one.start) + 1, clause.start)
        number = NUMBER.match(text, start, one.start)
        if one.scope != "clause" or number is None:
            return one
        if text[clause.start : start].strip():
            key = key_of(number.group())
        elif key in UNNUMBERED or self.old.find(key) or self.old.rows(key) is None:
            return one
        return attrs.evolve(one, start=start, scope="these", named=((key, key),))

    def stand_in(self, n: int) -> Said | None:
        """Return what stands for the whole of a clause of the paper, if anything does."""
        said = self.by_clause.get(n, ())
        return said[0] if said and said[0][0].scope == "clause" else None

    def _matches(self) -> list[int | None]:
        """Return which clause of the last paper each clause of this one is."""
        often: dict[Key, int] = {}
        for key in self.own.keys:
            often[key] = often.get(key, 0) + 1
        seen: dict[Key, int] = {}
        found = []
        for n, key in enumerate(self.own.keys):
            seen[key] = seen.get(key, 0) + 1
            fitting = self.old.find(key) if key not in UNNUMBERED else self._unnumbered(key)
            if len(fitting) == often[key]:
                match: int | None = fitting[seen[key] - 1]
            else:
                match = fitting[0] if len(fitting) == 1 else None
            if self.whole and len(fitting) > 1 and match is None:
                raise self._ambiguous(n, fitting)
            found.append(match)
        held = [self._held_against_words(n, match) for n, match in enumerate(found)]
        moved = {new for old, new in zip(found, held, strict=True) if new != old}
        # What has the old number of a clause that has another one now is a new clause.
        held = [
            None if match in moved and self.stand_in(n) is None else match
            for n, match in enumerate(held)
        ]
        self._refuse_twice(held)
        return held

    def _refuse_twice(self, matches: Sequence[int | None]) -> None:
        """Refuse a stand-in for a clause that the paper gives in another place, too."""
        often = Counter(matches)
        for n, match in enumerate(matches):
            said = self.stand_in(n)
            if said is not None and match is not None and often[match] > 1:
                address = self.old.clauses[match].address
                raise AskError(
                    f"{at_line(said[1])}“{said[0].says}”: the paper gives {address} twice.",
                    hint="Give the whole address of each clause, or file the whole text.",
                )

    def _unnumbered(self, key: Key) -> Sequence[int]:
        return [n for n, own in enumerate(self.old.keys[:1]) if own == key] or [
            n for n in range(len(self.old) - 1, len(self.old)) if n >= 0 and self.old.keys[n] == key
        ]

    def _held_against_words(self, n: int, match: int | None) -> int | None:
        """See whether the words before a stand-in are those of its clause.

        Raises:
            AskError: they are not, and there is no one clause that has them.
        """
        self._heading_alone(n, match)
        said = self.stand_in(n)
        if said is None:
            return match
        lead = words_of(self.paper.text[self.own.clauses[n].start : said[0].start])
        if match is not None and words_of(self.old.slice(match))[: len(lead)] == lead:
            return match
        if match is None and not lead and not self.is_current(said[0]):
            raise self.missing(n, said)
        if self.is_current(said[0]) and (not lead or match is None):
            return match
        at = bisect_left(self._by_words, (lead, 0))
        alike = [m for words, m in self._by_words[at : at + 2] if words[: len(lead)] == lead]
        if len(alike) != 1:
            raise self._otherwords_of(n, said, match)
        return alike[0]

    @cached_property
    def _by_words(self) -> list[tuple[tuple[str, ...], int]]:
        """The clauses of the last paper, in the order of their words."""
        return sorted((words_of(self.old.slice(n)), n) for n in range(len(self.old)))

    def _heading_alone(self, n: int, match: int | None) -> None:
        """Take `[No change]` under a clause's number and heading as said of that clause."""
        said = self.by_clause.get(n)
        if not said or said[0][0].scope != "gap" or self.own.keys[n] in UNNUMBERED:
            return
        one, line = said[0]
        clause = self.own.clauses[n]
        if one.start <= clause.start:
            return  # it stands above the clause
        text = self.paper.text[clause.start : one.start]
        lead = words_of(text)
        old = () if match is None else words_of(self.old.slice(match))
        opening = match is not None and len(lead) < len(old) and old[: len(lead)] == lead
        heading = len(lead) <= _HEADING_MOST and is_heading(shown(text)) and lead != old
        if not (opening or not lead or heading):
            return
        if not one.says[:1].isalpha() and self.paper.text[one.end : clause.end].strip(" \n[](){}"):
            raise AskError(
                f"Line {line}: “{one.says}” leaves out a part of {clause.address}, and what of it "
                "stays is not clear.",
                hint="Restate that clause whole, or write “[No change]” beside each item.",
            )
        said[0] = (attrs.evolve(one, scope="clause"), line)

    def is_current(self, one: StandIn) -> bool:
        """True when a stand-in speaks of a base that is another text than the last paper."""
        return one.current and self.current is not self.old

    def _struck(self) -> Iterator[int]:
        """Yield the clauses of the last paper that this one shows as struck."""
        if not self.paper.is_marked:
            return
        struck = Outlined.of(self.paper.base_text or "", self.paper.title)
        for key in (struck if self.old.has_articles else struck.untitled()).keys:
            found = self.old.find(key) if key not in UNNUMBERED else self._unnumbered(key)
            if len(found) == 1:
                yield found[0]

    # What is refused.

    def _ambiguous(self, n: int, found: Sequence[int]) -> AskError:
        names = listed([self.old.clauses[m].address for m in found])
        return AskError(
            f"“{shorten(self.own.slice(n))}” may be {names} of “{self.last.label}”.",
            hint="Give the whole address of the clause.",
        )

    def missing(self, n: int, said: Said) -> AskError:
        """Refuse a stand-in whose clause is not there."""
        one, line = said
        of = self.base if self.is_current(one) else self.last
        known = (self.current if self.is_current(one) else self.old).known()
        what = f"“{of.label}” has no clause {self.own.clauses[n].address}"
        return AskError(
            f"{at_line(line)}“{one.says}”: {what} that could be meant.",
            hint=f"It has {known}. {_HINT}" if known else _HINT,
        )

    def unknown(self, one: StandIn, line: int, key: Key) -> AskError:
        """Refuse a stand-in that names a clause that is not there."""
        name = ".".join(key)
        found = "several clauses" if len(self.old.find(key)) > 1 else "no clause"
        return AskError(
            f"{at_line(line)}“{one.says}”: “{self.last.label}” has {found} {name}.",
            hint=f"It has {self.old.known()}. {_HINT}",
        )

    def _otherwords_of(self, n: int, said: Said, match: int | None) -> AskError:
        lead = self.paper.text[self.own.clauses[n].start : said[0].start]
        old = (
            "no such clause" if match is None else f"there it is “{shorten(self.old.slice(match))}”"
        )
        return AskError(
            f"{at_line(said[1])}“{shorten(lead)}” is said to be as in “{self.last.label}” "
            f"(“{said[0].says}”), and {old}.",
            hint=_HINT,
        )

    def no_place(self, n: int) -> AskError:
        """Refuse a clause that has no place among those of the last paper."""
        return AskError(
            f"“{shorten(self.own.slice(n))}” has no place among the clauses of "
            f"“{self.last.label}”: its number does not go with theirs.",
            hint=f"They are {self.old.known()}. Number it as they are, or file the whole text.",
        )


def _with_lines(own: Outlined, old: Outlined, said: Sequence[StandIn]) -> Outlined:
    """Cut a partial paper at every line that starts with the number of a clause.

    It lists clauses line by line (`Section 4: Keys lie.`), where a whole text would have a
    paragraph for each, and gives the whole address of one (`Article 5, Section 2. Keys lie.`).
    """
    starts = [clause.start for clause in own.clauses]
    found = [
        (clause.start, *_whole_address(own.text, clause, key))
        for clause, key in zip(own.clauses, own.keys, strict=True)
    ]
    for at, number in _numbered_lines(own.text, said):
        n = max(bisect_right(starts, at) - 1, 0)
        inside = n < own.titled or own.clauses[n].address.casefold().startswith("art")
        above = own.keys[n][:1] if inside and not number["article"] else ()
        key = (*above, *key_of(number[0]))
        if at not in starts[n : n + 1] and (number["kind"] or old.find(key)):
            found.append((at, Clause(number[0].strip(" .:"), at, at), key))
    found = _items_below(own.text, sorted(found, key=lambda one: one[0]), frozenset(starts))
    ends = [*(start for start, _, _ in found[1:]), len(own.text)] if found else []
    clauses = [attrs.evolve(one, end=end) for (_, one, _), end in zip(found, ends, strict=True)]
    end = own.clauses[own.titled - 1].end if own.titled else 0
    titled = sum(start < end for start, _, _ in found)
    return Outlined(own.text, tuple(clauses), tuple(key for _, _, key in found), titled)


def _items_below(
    text: str, found: Sequence[tuple[int, Clause, Key]], starts: frozenset[int]
) -> list[tuple[int, Clause, Key]]:
    """Put items under the line that starts a clause above them, which was none before."""
    put: list[tuple[int, Clause, Key]] = []
    above: tuple[Key, Key, str] | None = None  # what they stood under, and now stand under
    last: Key = ()
    for at, clause, key in found:
        number = NUMBER.match(text, at)
        is_item = number is not None and not any(map(str.isdigit, number[0]))
        new = clause, key
        if at not in starts:
            above = last, key, clause.address
        elif not is_item:
            above, last = None, key
        elif above is not None and is_below(key, above[0]):
            rest = key[len(above[0]) :]
            levels = "".join(f"({level})" for level in rest)
            new = attrs.evolve(clause, address=f"{above[2]}{levels}"), (*above[1], *rest)
        put.append((at, *new))
    return put


def _whole_address(text: str, clause: Clause, key: Key) -> tuple[Clause, Key]:
    """Return a clause with the whole of the address that it starts with."""
    line = text[clause.start : clause.start + _ADDRESS_MOST].lstrip().partition("\n")[0]
    found = pattern(ADDRESS).match(line)
    whole = key_of(found[0]) if found is not None else ()
    if found is None or len(whole) <= len(key) or not key or whole[: len(key)] != key:
        return clause, key
    return attrs.evolve(clause, address=found[0]), whole


def _numbered_lines(text: str, said: Sequence[StandIn]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield where lines start that start a clause, and not in the middle of a sentence."""
    ends = {text.find("\n", one.end) for one in said}
    at, before = 0, ""
    for line in text.split("\n"):
        begins = not before.strip() or before.rstrip()[-1:] in ".;:?!])" or at - 1 in ends
        number = _LINE.match(line) if begins else None
        if number is not None:
            yield at, number
        at, before = at + len(line) + 1, line


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a clause, in one case, without its number and without signs."""
    number = NUMBER.match(text)
    keys = cut(text[number.end() if number is not None else 0 :]).keys
    return tuple(key.casefold() for key in keys if key and is_tellable(key))


def shown(text: str) -> str:
    """Return a clause's opening without its number."""
    return text.strip()[len(number_of(text.strip())) :].strip(" .:–—-\t\n")


def number_of(text: str) -> str:
    """Return the number that a clause starts with, and the spacing before it."""
    number = NUMBER.match(text)
    return "" if number is None else number.group()
