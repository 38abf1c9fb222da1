"""Pairs of invented Word documents: a labour agreement, and the other side's answer to it.

Strategy: paragraphs are sentences of an invented negotiation, dressed by the builders of the tests.
Every pair is drawn from seeded generators: the same bytes each time.

This module knows no tools.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from negotiations import Negotiation, Shape

TESTS: Final = Path(__file__).parents[1] / "tests" / "support"
sys.path.insert(0, str(TESTS))

from documents import (  # noqa: E402 - the tests are no package
    CLAUSES,
    DISTRICT,
    FTA,
    LETTERS,
    deleted,
    document,
    footnote,
    footnote_ref,
    ins,
    note_p,
    p,
    r,
    row,
    table,
)

SEED: Final = 101
LARGE: Final = "2,000 paragraphs, 52,000 words"
_WORDS: Final = 90  # drawn for each paragraph, which is enough
_SECTION: Final = 8  # paragraphs under a heading
_LEAST: Final = 17  # words in a paragraph; 26 on average, by whole sentences
_NBSP: Final = "\N{NO-BREAK SPACE}"


class Pair(NamedTuple):
    """An older document and a newer one."""

    old: bytes
    new: bytes


def paragraphs(count: int, seed: int = SEED) -> list[str]:
    """Return paragraphs of about 26 words, in whole sentences."""
    base = next(Negotiation(Shape(words=_WORDS * count), seed).texts()).text
    found: list[str] = []
    row: list[str] = []
    for sentence in _sentences(base):
        row.append(sentence)
        if sum(len(each.split()) for each in row) >= _LEAST:
            found.append(" ".join(row))
            row = []
    return found[:count]


def _sentences(text: str) -> Iterator[str]:
    for clause in filter(None, text.split("\n")):
        _, _, said = clause.partition(" ")
        yield from (f"{part.rstrip('.')}." for part in said.split(". "))


# Texts.


def numbered(texts: Sequence[str], heads: Sequence[int]) -> bytes:
    """Return a document in numbered clauses; those at `heads` start with a heading of their own."""
    blocks = [p(r("Agreement of the Association and the District"), style="Title")]
    for n, text in enumerate(texts):
        if n in heads:
            blocks.append(p(r(f"Working conditions, part {heads.index(n) + 1}"), num=(CLAUSES, 0)))
        blocks.append(p(r(text), num=(CLAUSES, 1)))
    return document(*blocks)


def edited(texts: Sequence[str], every: int) -> Pair:
    """Change one paragraph of so many: words replaced, put in, taken out, and whole paragraphs."""
    draw = random.Random(SEED)  # noqa: S311 - a benchmark, not a secret
    edits = (_replaced, _put_in, _replaced, _taken_out, _both)
    heads = list(range(0, len(texts), _SECTION))
    new: list[str] = []
    new_heads: list[int] = []
    for n, text in enumerate(texts):
        if n in heads:
            new_heads.append(len(new))
        turn = n // every
        if n % every != every - 1:
            new.append(text)
        elif turn % 10 == 4:  # noqa: PLR2004 - one edit in ten takes a whole paragraph out
            continue
        elif turn % 10 == 9:  # noqa: PLR2004 - and one in ten puts one in
            new += [text, f"The {draw.choice(_WHO)} shall meet before each {draw.choice(_WHAT)}."]
        else:
            new.append(edits[turn % len(edits)](text, draw))
    return Pair(numbered(texts, heads), numbered(new, new_heads))


_WHO: Final = "Chapter mediator treasurer registrar".split()
_WHAT: Final = "audit recess festival inspection".split()


def _replaced(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    at = draw.randrange(2, len(words) - 3)
    words[at : at + 2] = [f"{draw.choice(_WHO)}'s", draw.choice(_WHAT)]
    return " ".join(words)


def _put_in(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    at = draw.randrange(2, len(words) - 2)
    words.insert(at, f"(after notice to the {draw.choice(_WHO)} of the {draw.choice(_WHAT)})")
    return " ".join(words)


def _taken_out(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    at = draw.randrange(2, len(words) - 5)
    del words[at : at + 3]
    return " ".join(words)


def _both(text: str, draw: random.Random) -> str:
    return _put_in(_replaced(text, draw), draw)


# Pairs.


def _moved() -> Pair:
    """Move, split, merge and append paragraphs, without numbers."""
    texts = paragraphs(24)
    new = list(texts)
    new.insert(15, new.pop(4))
    first, _, rest = new[18].partition(". ")
    new[18:19] = [f"{first}.", rest]
    new[7:9] = [f"{new[7]} {new[8]}"]
    new.append("This Agreement is in force until the mediator's audit.")
    return Pair(*(document(*(p(r(text)) for text in each)) for each in (texts, new)))


def _spacing() -> Pair:
    """Change nothing but spaces, cases and no-break spaces."""
    texts = [
        "The  Union meets the District twice a year.",
        "See Section 4 and Article 9 for the hours of each site.",
        "the employer posts the roster by noon.",
        "A teacher\tkeeps one key.",
        "Each site has one nurse. ",
        "Half-day sites open at nine.",
        "The board approves the calendar in May.",
        f"Notice is 30{_NBSP}days.",
        *paragraphs(6),
    ]
    new = list(texts)
    new[0] = new[0].replace("  ", " ")
    new[1] = new[1].replace("Section 4", f"Section{_NBSP}4")
    new[2] = "The Employer" + new[2][len("the employer") :]
    new[3] = new[3].replace("\t", " ")
    new[4] = new[4].rstrip()
    new[5] = new[5].replace("-", "\N{NON-BREAKING HYPHEN}")
    new[6] = new[6].replace("board", "BOARD")
    new[7] = new[7].replace(_NBSP, " ")
    new[9] = new[9].replace(". ", ".  ")
    return Pair(*(document(*(p(r(text)) for text in each)) for each in (texts, new)))


def _grid() -> Pair:
    """Take a row out of a table, put one in, change a cell; put an item into a list."""
    rows = [
        ["Grade", "Minutes", "Room"],
        ["First", "forty a week", "Oak"],
        ["Second", "fifty a week", "Elm"],
        ["Third", "sixty a week", "Ash"],
        ["Fourth", "sixty a week", "Fir"],
    ]
    items = ["the north garden", "the south garden", "the gate by the road", "the old kitchen"]
    new_rows = [*rows[:2], ["Second", "fifty-five a week", "Elm"], rows[4]]
    new_rows.append(["Fifth", "seventy a week", "Yew"])
    new_items = [*items[:2], "the path between both", *items[2:]]
    return Pair(_with_grid(rows, items), _with_grid(new_rows, new_items))


def _with_grid(rows: Sequence[Sequence[str]], items: Sequence[str]) -> bytes:
    texts = paragraphs(6)
    return document(
        p(r("Preparation"), num=(CLAUSES, 0)),
        *(p(r(text), num=(CLAUSES, 1)) for text in texts[:3]),
        table([row(cells) for cells in rows], columns=3),
        p(r("These places are kept by the aides:")),
        *(p(r(item), num=(LETTERS, 0)) for item in items),
        *(p(r(text)) for text in texts[3:]),
    )


def _notes() -> Pair:
    """Change the text of a footnote, and put another one in."""
    texts = paragraphs(8)
    first = "Paid in June, and where a site is closed in July."
    old = footnote(1, note_p(r(first))) + footnote(2, note_p(r("As posted by the registrar.")))
    new = (
        footnote(1, note_p(r(first.replace("in June", "by the end of June"))))
        + footnote(2, note_p(r("As posted by the registrar.")))
        + footnote(3, note_p(r("Not before the first audit.")))
    )
    return Pair(_noted(texts, old, {1: 1, 4: 2}), _noted(texts, new, {1: 1, 4: 2, 6: 3}))


def _noted(texts: Sequence[str], notes: str, at: dict[int, int]) -> bytes:
    return document(
        *(p(r(text), *([footnote_ref(at[n])] if n in at else [])) for n, text in enumerate(texts)),
        footnotes=notes,
    )


def _margins() -> Pair:
    """Change a header, a footer and one paragraph."""
    texts = paragraphs(8)
    new = [*texts[:3], texts[3].replace("shall", "may"), *texts[4:]]
    return Pair(
        _framed(texts, "Draft of the Association", "Hours and staffing"),
        _framed(new, "Draft of the District", "Hours, staffing and rooms"),
    )


def _framed(texts: Sequence[str], header: str, footer: str) -> bytes:
    return document(
        *(p(r(text)) for text in texts),
        headers={"default": p(r(header), style="Header")},
        footers={"default": p(r(footer), style="Footer")},
    )


def _tracked() -> Pair:
    """Answer a tracked proposal with a tracked counter: the marks of both sides stand in it."""
    texts = paragraphs(10)
    asked = [
        p(r("A class has "), deleted(*FTA, r("thirty")), ins(*FTA, r("twenty-four")), r(" seats.")),
        p(ins(*FTA, r("Aides are paid for each recess.")), mark=ins(*FTA)),
        p(deleted(*FTA, r("The gate is shut at noon.")), mark=deleted(*FTA)),
    ]
    answered = [
        p(
            *(r("A class has "), deleted(*FTA, r("thirty"))),
            ins(*FTA, deleted(*DISTRICT, r("twenty-four"))),
            *(ins(*DISTRICT, r("twenty-eight")), r(" seats.")),
        ),
        p(
            ins(*FTA, r("Aides are paid for "), deleted(*DISTRICT, r("each"))),
            *(ins(*DISTRICT, r("every second")), ins(*FTA, r(" recess."))),
            mark=ins(*FTA),
        ),
        p(deleted(*FTA, r("The gate is shut at noon.")), mark=deleted(*FTA)),
        p(ins(*DISTRICT, r("The gate is shut at dusk.")), mark=ins(*DISTRICT)),
    ]
    rest = [p(r(text)) for text in texts]
    return Pair(document(*rest[:4], *asked, *rest[4:]), document(*rest[:4], *answered, *rest[4:]))


PAIRS: Final[dict[str, Callable[[], Pair]]] = {
    "60 paragraphs": lambda: edited(paragraphs(60), 5),
    "move, split, merge, append": _moved,
    "spaces, case, no-break spaces": _spacing,
    "table and list": _grid,
    "footnotes": _notes,
    "header and footer": _margins,
    "marks of both sides": _tracked,
    LARGE: lambda: edited(paragraphs(2000), 20),
}
