"""Chains from the catalogue: what the papers of each document, taken together, say.

Strategy: a chain's order comes from all its ladders together. Nothing here depends on the order of
entry, but for which correction is the latest, and for papers that state neither ladder nor date nor
place, which stand where they were entered and are doubted.

This module knows the catalogue and texts' digests; where the texts come from is handed in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from bargaining.chain import Chain, revision_of
from bargaining.errors import RecordError
from bargaining.labels import Label, day_order, read_dates, read_label, without_time
from bargaining.labels.kinds import read_title
from bargaining.labels.ladders import backwards, contradictions, merge
from bargaining.model import BASE_LABEL, Doubt, Paper, Raised, Revision
from bargaining.patch import digest
from bargaining.record.catalogue import Catalogue, Filing, NoPaper, canonical_key, paper_from
from bargaining.record.journal import canonical, utc_day
from bargaining.record.ordering import Standing, misdated, unknown
from bargaining.weave.cache import Cache
from bargaining.weave.woven import Rung

_OUTCOMES: Final = {"tentative agreement", "mediator's proposal", "last, best and final offer"}
_DATE_LIKE: Final = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b")
_ALIAS: Final = "Where two labels are one rung: --alias LABEL=LABEL."
_LATE: Final = "9999-99-99"  # sorts a rung without a date after those that have one


@attrs.define
class _Known:
    """What is known of one rung, gathered from everything entered."""

    label: Label
    entry: int
    filing: Filing | None = None
    no_paper: NoPaper | None = None


@attrs.frozen
class _Table:
    """All rungs of a chain by their key, and how a printed label leads to one.

    `own` leads from the key of a label as printed to the key with what a person stated beside it
    (a date, a party), so that a later ladder's bare line means the same rung.
    """

    catalogue: Catalogue
    known: dict[Hashable, _Known]
    own: dict[Hashable, Hashable]

    def key(self, label: Label) -> Hashable:
        """Return the rung of a label."""
        key = canonical_key(self.catalogue, label)
        return self.own.get(key, key)

    def shown(self, label: Label) -> str:
        """Return the label that the rung of a label has in the chain."""
        return self.known[self.key(label)].label.text

    def printed(self, filing: Filing) -> tuple[Hashable, ...]:
        """Return the rungs of a paper's ladder."""
        return tuple(self.key(read_label(text)) for text in filing.paper["ladder"])

    def ladder(self, filing: Filing) -> tuple[Hashable, ...]:
        """Return the same, with the paper itself added as the last where it is not among them."""
        return tuple(dict.fromkeys([*self.printed(filing), self.key(filing.label)]))

    def others(self, filing: Filing) -> tuple[Hashable, ...]:
        """Return the rungs of a paper's ladder but for itself: without any, it prints no ladder."""
        own = self.key(filing.label)
        return tuple(key for key in dict.fromkeys(self.printed(filing)) if key != own)


def labels(catalogue: Catalogue, chain: str) -> dict[int, str]:
    """Return the label of the revision that each entry about a rung of a chain now is of.

    By the number of the entry, in the order of entry. It is the label of the base for a chain
    entered as new. After an alias it may be another label than the entry has.
    """
    table = _table(catalogue, chain, _papers(catalogue, chain))
    labels = {catalogue.new[chain]: BASE_LABEL} if chain in catalogue.new else {}
    for rung in catalogue.no_paper(chain):
        labels[rung.entry] = table.shown(rung.label)
    for filing in catalogue.filings(chain):
        labels[filing.entry] = BASE_LABEL if filing.base else table.shown(filing.label)
    return dict(sorted(labels.items()))


def joined(catalogue: Catalogue, chains: Iterable[str]) -> Iterator[tuple[Filing, Filing]]:
    """Yield the filings that count and are of one rung, which only an alias can make."""
    for chain in chains:
        filings = _papers(catalogue, chain)
        table = _table(catalogue, chain, filings)
        for filing in filings:
            other = table.known[table.key(filing.label)].filing
            if other is not None and other is not filing:
                yield filing, other


def _papers(catalogue: Catalogue, chain: str) -> list[Filing]:
    """Return what is on file in a chain but for its base."""
    return [filing for filing in catalogue.filings(chain) if not filing.base]


def build(
    catalogue: Catalogue, name: str, text_of: Callable[[str], str], cache: Cache | None = None
) -> Chain:
    """Build the chain of this name.

    Args:
        catalogue: the journal, read.
        name: the chain's name, as in `catalogue.names`.
        text_of: rebuilds the text with a digest.
        cache: where what is worked out is kept, if anywhere.
    """
    filings = _papers(catalogue, name)
    table = _table(catalogue, name, filings)
    known = table.known
    order = _order(table, name)
    rungs = tuple(_rung(catalogue, known[key], n, text_of) for n, key in enumerate(order, start=1))
    at = {key: rung.revision for key, rung in zip(order, rungs, strict=True)}
    base = _base(catalogue, name, text_of)
    doubts = (
        *_base_doubts(catalogue, name, base),
        *_doubts(filings, table, at),
        *_since(catalogue, table, order, at),
        *_order_doubts(name, filings, table, at),
    )
    parties = {rung.revision.party for rung in rungs if rung.revision.party}
    sides = tuple(filter(catalogue.states_side, parties))
    return Chain(rungs, base=base, name=name, doubts=doubts, cache=cache, stated_sides=sides)


def in_order(catalogue: Catalogue, name: str) -> tuple[Filing, ...]:
    """Return what is on file in a chain but for its base, in bargaining order."""
    table = _table(catalogue, name, _papers(catalogue, name))
    found = (table.known[key].filing for key in _order(table, name))
    return tuple(filing for filing in found if filing is not None)


def _order(table: _Table, name: str) -> tuple[Hashable, ...]:
    """Return the rungs of a chain in bargaining order."""
    filings = _papers(table.catalogue, name)
    ladders = [*(table.ladder(f) for f in filings), *_stated_places(table, name, filings)]
    return tuple(merge(ladders, _ranks(table).__getitem__))


def _base_doubts(catalogue: Catalogue, name: str, base: Rung | None) -> Iterator[Raised]:
    """What is entered of the base that cannot all be so."""
    filed = [filing.entry for filing in catalogue.filings(name) if filing.base]
    if base is not None and len(filed) + catalogue.is_new(name) > 1:
        said = " and ".join(map(str, filed))
        new = ", and that there was none" if catalogue.is_new(name) else ""
        message = f"Its text is filed in entry {said}{new}; entry {filed[0]} is taken for it."
        yield Raised(base.revision, Doubt("two-bases", message))


def _ranks(table: _Table) -> dict[Hashable, int]:
    """Number the rungs by stated date; without one right after the rung that each is to follow.

    Without that either, in order of entry, after all that have a date.
    """
    by_entry = sorted(table.known, key=lambda key: _by_entry(table, key))
    followers: dict[Hashable, list[Hashable]] = {}
    for key in by_entry:
        followers.setdefault(_followed(table, key), []).append(key)
    firsts = sorted(followers.get(None, ()), key=lambda key: _by_date(table, key))
    ranks: dict[Hashable, int] = {}
    for first in (*firsts, *by_entry):  # the latter for those that follow each other in a circle
        waiting = [first]
        while waiting:
            key = waiting.pop()
            if key not in ranks:
                ranks[key] = len(ranks)
                waiting += reversed(followers.get(key, ()))
    return ranks


def _followed(table: _Table, key: Hashable) -> Hashable:
    """Return the rung after which one without a date is stated to stand, or None."""
    known = table.known[key]
    stated = known.filing or known.no_paper
    if known.label.dates or stated is None or not stated.after:
        return None
    before = table.key(read_label(stated.after))
    return before if before in table.known else None


def _by_entry(table: _Table, key: Hashable) -> tuple[int, str]:
    return table.known[key].entry, table.known[key].label.text


def _by_date(table: _Table, key: Hashable) -> tuple[object, ...]:
    label = table.known[key].label
    return (min(label.dates), *day_order(label)) if label.dates else (_LATE, *_by_entry(table, key))


def _table(catalogue: Catalogue, name: str, filings: Sequence[Filing]) -> _Table:
    entered: list[Filing | NoPaper] = [*filings, *catalogue.no_paper(name)]
    own = {
        canonical_key(catalogue, read_label(one.label.text)): canonical_key(catalogue, one.label)
        for one in entered
    }
    table = _Table(catalogue, {}, own)
    own.update(_without_times(table, filings))
    for filing in filings:
        table.known[table.key(filing.label)] = _Known(filing.label, filing.entry, filing)
    for rung in catalogue.no_paper(name):
        what = table.known.setdefault(table.key(rung.label), _Known(rung.label, rung.entry))
        what.no_paper = rung
    # Sorted, so that the spelling shown does not depend on the order of entry.
    for text, entry in sorted((text, f.entry) for f in filings for text in f.paper["ladder"]):
        label = catalogue.meant(read_label(text))
        table.known.setdefault(table.key(label), _Known(label, entry))
    return table


def _without_times(table: _Table, filings: Sequence[Filing]) -> Iterator[tuple[Hashable, Hashable]]:
    """Yield how labels without a time of day lead to the one rung of their day that has one.

    Not where a paper has such a label, or a ladder lists both.
    """
    timed: dict[Hashable, set[Hashable]] = {}
    apart: set[Hashable] = set(table.own.values())
    for filing in filings:
        bare: list[Hashable] = [without_time(key) for key in table.ladder(filing)]  # type: ignore[arg-type]
        apart.update(key for key, count in Counter(bare).items() if count > 1)
        for key, rung in zip(bare, table.ladder(filing), strict=True):
            timed.setdefault(key, set()).add(rung)
    for key, rungs in timed.items():
        others = rungs - {key}
        if len(others) == 1 and key not in apart:
            yield key, others.pop()


def _stated_places(
    table: _Table, name: str, filings: Sequence[Filing]
) -> Iterator[tuple[Hashable, ...]]:
    """Rungs entered without a ladder: alone, or after the one that was stated."""
    placed: list[Filing | NoPaper] = [*filings, *table.catalogue.no_paper(name)]
    for one in placed:
        before = table.key(read_label(one.after)) if one.after else None
        key = table.key(one.label)
        yield (before, key) if before in table.known else (key,)


def _rung(catalogue: Catalogue, known: _Known, n: int, text_of: Callable[[str], str]) -> Rung:
    reported_by = known.no_paper.reported_by if known.no_paper else ""
    party = catalogue.party(known.label.party)
    revision = revision_of(
        known.label,
        n,
        on_file=known.filing is not None,
        party=party,
        reported_by=reported_by or None,
        made_of=known.filing.made_of if known.filing else (),
        side=catalogue.side(party),
        because=(known.filing.because if known.filing else "") or None,
    )
    if known.filing is None:
        return Rung(revision)
    return _filed(revision, known.filing, text_of)


def _filed(revision: Revision, filing: Filing, text_of: Callable[[str], str]) -> Rung:
    """Return a rung whose text is rebuilt when something needs it."""
    said = filing.paper
    return Rung(
        revision,
        lambda: paper_of(filing, text_of(filing.text)),
        is_marked=any(kind != "kept" for kind, _ in said["runs"]),
        stated=f"{filing.text} {_marks(filing)}",
        raised=tuple(Doubt(*doubt) for doubt in said["doubts"]),
    )


def _marks(filing: Filing) -> str:
    """What tells papers of one text apart: their marks, and what those leave in doubt."""
    names = ("runs", "doubts", "levels")
    return digest(canonical({name: filing.paper[name] for name in names if name in filing.paper}))


def paper_of(filing: Filing, text: str) -> Paper:
    """Return what a filed paper says.

    Raises:
        RecordError: what was entered of it does not fit its text.
    """
    try:
        paper = paper_from(filing.paper, text)
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"Entry {filing.entry}: its paper cannot be read.") from error
    if paper.text != text:
        raise RecordError(f"Entry {filing.entry}: its marks do not fit its text.")
    return paper


def _base(catalogue: Catalogue, name: str, text_of: Callable[[str], str]) -> Rung | None:
    filing = catalogue.base(name)
    revision = Revision(BASE_LABEL, 0, kind="base", on_file=True)
    if filing is not None:
        stated = None if filing.label.text == BASE_LABEL else filing.label.text
        return _filed(attrs.evolve(revision, subject=stated), filing, text_of)
    return Rung.of(revision, Paper("text", ())) if catalogue.is_new(name) else None


def _doubts(
    filings: Sequence[Filing], table: _Table, at: dict[Hashable, Revision]
) -> Iterator[Raised]:
    """What the papers of a chain, held beside each other, leave in doubt."""
    labels = {key: what.label for key, what in table.known.items()}
    by_rung = sorted(filings, key=lambda f: at[table.key(f.label)].rung)
    first = {filing.original: filing for filing in reversed(filings)}
    for filing in by_rung:
        revision = at[table.key(filing.label)]
        for message in _left_out(filing, table):
            yield Raised(revision, Doubt("two-papers", message))
        for message in _own_line(filing, table):
            yield Raised(revision, Doubt("ladder-end", message))
        for message in _against_longest(filing, by_rung, table, labels):
            yield Raised(revision, Doubt("ladder-contradicts", f"{message} {_ALIAS}"))
        for message in _title_says(filing):
            yield Raised(revision, Doubt("title-contradicts", message))
        for other in _same_paper(filing, first):
            message = f"Its file is the same as that of “{other.label.text}”, byte for byte."
            yield Raised(revision, Doubt("same-paper", message))


def _order_doubts(
    name: str, filings: Sequence[Filing], table: _Table, at: dict[Hashable, Revision]
) -> Iterator[Raised]:
    """What the order that the rungs have, taken together, leaves in doubt."""
    order = sorted(at, key=lambda key: at[key].rung)
    labels = [table.known[key].label for key in order]
    standing = _standing(name, filings, table, order)
    for n, message in unknown(standing):
        yield Raised(at[order[n]], Doubt("place-unknown", message))
    for n, message in misdated(standing):
        yield Raised(at[order[n]], Doubt("ladder-contradicts", f"{message} {_ALIAS}"))
    for key, label in zip(order, labels, strict=True):
        if _DATE_LIKE.search(label.text) and not label.dates:
            message = "Its date is none that the calendar has, so it counts as not stated."
            yield Raised(at[key], Doubt("date-impossible", message))
    for key, other in _late(table, order):
        message = f"It was entered days after “{other.text}”, which follows it."
        yield Raised(at[key], Doubt("late-entry", message))
    for n, before in backwards(labels):
        message = f"It is dated before “{before.text}”, which it follows."
        yield Raised(at[order[n]], Doubt("dated-backwards", message))


def _late(table: _Table, order: Sequence[Hashable]) -> Iterator[tuple[Hashable, Label]]:
    """Yield each paper that was entered on a later day than one that follows it, with that one."""
    first: tuple[str, Label] | None = None
    for key in reversed(order):
        known = table.known[key]
        if known.filing is None or known.filing.corrects is not None:
            continue  # a correction is of what was entered before
        day = utc_day(known.filing.entered)
        if first is not None and day > first[0]:
            yield key, first[1]
        if first is None or day < first[0]:
            first = day, known.label


def _since(
    catalogue: Catalogue, table: _Table, order: Sequence[Hashable], at: dict[Hashable, Revision]
) -> Iterator[Raised]:
    """What was filed since a paper was made whole of another, and what became of that other."""
    row = [(key, filing) for key in order if (filing := table.known[key].filing) is not None]
    if not any(filing.made_of for _, filing in row):
        return
    place = {key: n for n, (key, _) in enumerate(row)}
    first = _first_entries(catalogue, row[0][1].chain)
    for n, (key, filing) in enumerate(row):
        for made in filing.made_of:
            of_base = made.label == BASE_LABEL
            where = None if of_base else place.get(table.key(read_label(made.label)))
            now = catalogue.base(filing.chain) if of_base else None
            now = now if where is None else row[where][1]
            if (now is None and not of_base) or (now and now.text != made.text):
                what = "not on file any more" if now is None else "on file with another text"
                message = f"It was made of “{made.label}”, which is {what}."
                yield Raised(at[key], Doubt("made-of-gone", message))
            between = () if where is None else (f for _, f in row[where + 1 : n])
            since = [f.label.text for f in between if first[f.entry] > filing.entry]
            if since:
                names = " and ".join(f"“{text}”" for text in since)
                verb, stands = ("was", "stands") if len(since) == 1 else ("were", "stand")
                what = f"{names} {verb} filed since, and {stands} between"
                message = f"It was made of “{made.label}”; {what}."
                yield Raised(at[key], Doubt("filed-between", message))


def _first_entries(catalogue: Catalogue, chain: str) -> dict[int, int]:
    """Return, for each filing, the entry by which its paper came in, corrected since or not."""
    found: dict[int, int] = {}
    for filing in catalogue.every_filing(chain):
        corrects = -1 if filing.corrects is None else filing.corrects
        found[filing.entry] = found.get(corrects, filing.entry)
    return found


def _standing(
    name: str, filings: Sequence[Filing], table: _Table, order: Sequence[Hashable]
) -> list[Standing]:
    """Return the rungs in their order, each with what tells its place."""
    listed = {key for filing in filings if _is_list(filing, table) for key in table.ladder(filing)}
    entered: list[Filing | NoPaper] = [*filings, *table.catalogue.no_paper(name)]
    stated = {table.key(one.label) for one in entered if one.after}
    return [
        Standing(
            table.known[key].label,
            table.known[key].filing is not None,
            "ladder" if key in listed else "person" if key in stated else "nothing",
        )
        for key in order
    ]


def _is_list(filing: Filing, table: _Table) -> bool:
    """True for a paper that prints a ladder, and not only its own label or what it answers."""
    others = table.others(filing)
    return len(others) > 1 or (bool(others) and len(table.printed(filing)) > 1)


def _same_paper(filing: Filing, first: Mapping[str, Filing]) -> Iterator[Filing]:
    """The paper that was first filed with the same bytes, under another label."""
    other = first[filing.original]
    if other is not filing:
        yield other


def _left_out(filing: Filing, table: _Table) -> Iterator[str]:
    """Why a filing is not in the chain, if another one has its rung."""
    other = table.known[table.key(filing.label)].filing
    if other is not None and other is not filing:
        yield (
            f"“{filing.label.text}” (entry {filing.entry}) is on file for this rung, too, by an "
            f"alias; only entry {other.entry} counts."
        )


def _title_says(filing: Filing) -> Iterator[str]:
    """How the title block of a paper contradicts its label: by its date, or by what it is."""
    title, label = read_title(filing.paper["title"]), filing.label
    said = title.label or Label(title.date, dates=read_dates(title.date))
    another_day = said.dates and label.dates and not set(said.dates) & set(label.dates)
    if another_day or (said.kind in _OUTCOMES and label.kind != said.kind):
        yield f"Its title says “{said.text}”, its label does not."


def _own_line(filing: Filing, table: _Table) -> Iterator[str]:
    printed = table.printed(filing)
    if printed and printed[-1] != table.key(filing.label):
        yield f"Its ladder ends with “{filing.paper['ladder'][-1]}”, not with itself."


def _against_longest(
    filing: Filing, filings: Sequence[Filing], table: _Table, labels: dict[Hashable, Label]
) -> Iterator[str]:
    """How a paper's ladder contradicts the longest ladder on file."""
    others = table.others(filing)
    longest = max(filings, key=lambda f: len(table.others(f)))
    if not others or longest is filing:
        return
    mine, theirs = table.ladder(filing), table.ladder(longest)
    if not _is_list(filing, table):  # it names what it answers, and leaves out nothing by that
        both = [key for key in theirs if key in mine]
        mine, theirs = tuple(key for key in mine if key in both), tuple(both)
    for what in contradictions(mine, theirs, labels):
        yield f"Its ladder {what} (on “{longest.label.text}”)."
