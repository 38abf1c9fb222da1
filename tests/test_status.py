"""Where it stands: what is agreed, how each side moved, what came back, and what is gone."""

import csv
import io
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Chain, NotFoundError
from bargaining.model import Status
from bargaining.text.words import cut, is_tellable
from bargaining.writers import status as writers
from bargaining.writers.screen import Screen
from shell import Run

LABELS = [
    "RTA Proposal 1-5-25",
    "District Counter 2-5-25",
    "RTA Counter 3-5-25",
    "District Counter 4-5-25",
    "RTA Counter 5-5-25",
]
BASE = "1.0 Doors open at eight.\n\n2.0 One aide reads to every class.\n\n3.0 Staff park free."


def chain_of(*texts: str, base: str | None = BASE, labels: Sequence[str] = LABELS) -> Chain:
    return Chain.from_texts(list(zip(labels, texts, strict=False)), base=base, name="Doors")


def standing(status: Status) -> dict[str, str]:
    return {one.clause: one.standing for one in status.clauses}


def turns(status: Status) -> list[tuple[str, str, str, str]]:
    return [(t.kind, t.text, t.event.revision.label, t.before.label) for t in status.turns]


def test_where_each_clause_stands() -> None:
    nine = BASE.replace("eight", "nine")
    status = chain_of(nine, nine.replace("One aide", "Two aides")).status()
    assert standing(status) == {"1.0": "agreed", "2.0": "open", "3.0": "untouched"}
    assert status.lies_with == "RTA"
    first, second, _ = status.clauses
    assert [r.label for r in first.shown_by] == LABELS[:2]
    assert ([r.label for r in first.moved_by], first.rounds) == ([LABELS[0]], 1)
    assert ([r.label for r in second.moved_by], second.rounds) == ([LABELS[1]], 0)


def test_what_only_one_side_has_is_open() -> None:
    more = f"{BASE}\n\n4.0 Keys are kept by the office."
    for texts, missing in (((more, BASE), True), ((BASE, more), True), ((more, more), False)):
        status = chain_of(*texts).status()
        found = next(one for one in status.clauses if one.clause == "4.0")
        assert (found.standing, found.missing) == ("open" if missing else "agreed", missing)


@pytest.mark.parametrize(
    ("later", "agreed"),
    [
        ([], True),
        ([("RTA Verbal Counter 3-5-25", None)], False),
        ([("District Counter 3-5-25", None)], False),
        ([("Counter 3-5-25", None)], False),
        ([("District Supposal 3-5-25", None)], True),
        ([("RTA Counter 3-5-25", None), ("District Counter 4-5-25", BASE)], False),
        ([("District Counter 3-5-25", None), ("District Counter 4-5-25", BASE)], True),
        ([("Tentative Agreement 4-5-25", BASE)], True),
        ([("RTA Counter 3-5-25", None), ("Tentative Agreement 4-5-25", BASE)], True),
        ([("Tentative Agreement 4-5-25", BASE), ("RTA Counter 5-5-25", None)], False),
    ],
)
def test_what_a_side_said_later_and_is_not_on_file_is_no_agreement(
    later: list[tuple[str, str | None]], *, agreed: bool
) -> None:
    nine = BASE.replace("eight", "nine")
    held = [(LABELS[0], nine), (LABELS[1], BASE), *later]
    status = Chain.from_texts(held, base=nine, name="Doors").status()
    rta = Chain.from_texts([(LABELS[0], BASE), (LABELS[1], BASE), *later], base=nine, name="D")
    assert (standing(rta.status())["1.0"] == "agreed") is agreed
    assert bool(status.not_on_file) is not agreed
    shown = " ".join(writers.lines([status], Screen(width=300)))
    assert ("nothing is said to be agreed" in shown) is not agreed


@pytest.mark.parametrize(
    ("later", "side", "since"),
    [
        ([], "RTA", LABELS[1]),
        ([("RTA Verbal Counter 3-5-25", None)], "District", "RTA Verbal Counter 3-5-25"),
        ([("District Counter 3-5-25", None)], "RTA", "District Counter 3-5-25"),
        ([("District Supposal 3-5-25", None)], "RTA", LABELS[1]),
        ([("District Supposal 3-5-25", BASE)], "RTA", LABELS[1]),
        ([(LABELS[2], BASE.replace("eight", "six"))], "District", LABELS[2]),
    ],
)
def test_it_lies_with_the_side_that_did_not_speak_last(
    later: list[tuple[str, str | None]], side: str, since: str
) -> None:
    held = [(LABELS[0], BASE.replace("eight", "nine")), (LABELS[1], BASE), *later]
    status = Chain.from_texts(held, base=BASE.replace("eight", "ten"), name="Doors").status()
    assert status.lies_with == side
    assert f"it lies with {side} since {since}." in writers.summary(status)


def test_papers_of_one_side_agree_to_nothing() -> None:
    status = chain_of(BASE.replace("eight", "nine")).status()
    assert (standing(status)["1.0"], status.lies_with, len(status.sides)) == ("open", None, 1)
    two = chain_of(BASE.replace("eight", "nine"), BASE.replace("eight", "nine"),
                   labels=[LABELS[0], LABELS[2]]).status()  # fmt: skip
    assert standing(two)["1.0"] == "open"


@pytest.mark.parametrize("label", ["Tentative Agreement 3-9-25", "RTA Counter TA 3-9-25"])
def test_a_tentative_agreement_shows_what_is_agreed(label: str) -> None:
    nine = BASE.replace("eight", "nine")
    status = chain_of(nine, BASE, nine, labels=[*LABELS[:2], label]).status()
    assert set(standing(status).values()) <= {"agreed", "untouched"}
    assert status.lies_with is None


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("District", "Management", True),
        ("Board", "Employer", True),
        ("WUSD", "District", True),
        ("Lake Teachers Association", "Union", True),
        ("District", "Union", False),
        ("RTA", "District", False),
        ("RTA", "UTLA", False),
        ("Faculty Association", "University", False),
    ],
)
def test_two_names_of_one_side_agree_to_nothing(first: str, second: str, *, one: bool) -> None:
    nine = BASE.replace("eight", "nine")
    labels = [f"{first} Proposal 1-5-25", f"{second} Counter 2-5-25"]
    status = chain_of(nine, nine, labels=labels).status()
    assert status.taken_for_one == (((first, second),) if one else ())
    assert (standing(status)["1.0"] == "agreed") is not one
    assert any("taken for one" in line for line in writers.lines([status], Screen())) is one


@pytest.mark.parametrize("label", ["District Supposal 3-9-25", "Mediator's Proposal 3-9-25"])
def test_what_binds_nobody_is_not_what_a_side_says_last(label: str) -> None:
    nine = BASE.replace("eight", "nine")
    status = chain_of(nine, BASE, nine, labels=[*LABELS[:2], label]).status()
    assert [r.label for r in status.sides] == LABELS[:2]
    assert standing(status)["1.0"] == "open"


def test_who_turned_round_and_what_came_back() -> None:
    status = chain_of(
        BASE.replace("One aide reads", "Two paid aides read aloud"),
        BASE,
        BASE.replace("One aide reads", "Two paid aides read aloud"),
        BASE.replace("free", "for two dollars a day"),
        BASE.replace("Staff park free", "Nobody parks"),
    ).status()
    found = turns(status)
    assert ("brought back", "Two paid aides read aloud", LABELS[2], LABELS[1]) in found
    assert any(kind == "let stand, then struck" and at == LABELS[3] for kind, _, at, _ in found)
    own = [t for t in found if t[0] == "own wording struck"]
    assert [(at, before) for _, _, at, before in own] == [(LABELS[4], LABELS[0])] or not own


def test_a_side_that_strikes_its_own_wording_is_found() -> None:
    more = BASE.replace("park free", "park free behind the gymnasium")
    status = chain_of(more, more, BASE).status()
    assert turns(status) == [("own wording struck", "behind the gymnasium", LABELS[2], LABELS[0])]
    (gone,) = status.gone
    assert (gone.text, gone.struck.revision.label) == ("behind the gymnasium", LABELS[2])
    rta = next(m for m in status.movements if m.revisions[0].label == LABELS[0])
    assert (rta.offered, rta.dropped, rta.struck) == (3, 3, 0)


def test_two_names_of_one_side_turn_round_as_one() -> None:
    more = BASE.replace("park free", "park free behind the gymnasium")
    labels = ["Management Proposal 1-5-25", "RTA Counter 2-5-25", "District Counter 3-5-25"]
    status = chain_of(more, more, BASE, labels=labels).status()
    assert [kind for kind, *_ in turns(status)] == ["own wording struck"]
    assert [(m.dropped, m.struck) for m in status.movements if m.offered] == [(3, 0)]


def test_who_is_not_known_has_turned_round_on_nothing() -> None:
    """Two may have proposed it, and only one of them struck it."""
    held: list[tuple[str, str | None]] = [
        (LABELS[0], BASE),
        (LABELS[1], None),
        (LABELS[2], BASE.replace("park free", "park free behind the gymnasium")),
        (LABELS[3], BASE),
    ]
    status = Chain.from_texts(held, base=BASE, name="Doors").status()
    assert [t for t in turns(status) if t[0] == "own wording struck"] == []
    (found,) = [m for m in status.movements if m.offered]
    assert [r.label for r in found.revisions] == LABELS[1:3]


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Rounds in which words of a few clauses come, go and come back."""
    rng = random.Random(draw(st.integers(0, 10_000)))  # noqa: S311 - not for secrets
    words = [[f"{name}{n}" for n in range(12)] for name in ("key", "bell", "door")]
    texts = []
    for _ in range(draw(st.integers(1, 5))):
        rows = [[word for word in row if rng.random() < 0.7] for row in words]
        texts.append("\n\n".join(f"{n}.0 Rule {' '.join(row)}." for n, row in enumerate(rows, 1)))
    return chain_of(*texts, base="\n\n".join(f"{n}.0 Rule." for n in (1, 2, 3)))


@given(chains())
def test_every_offered_word_is_accepted_open_struck_or_dropped(chain: Chain) -> None:
    status = chain.status()
    for one in status.movements:
        assert one.offered == one.accepted + one.open + one.struck + one.dropped
        for became in ("accepted", "open", "struck", "dropped"):
            own = [offer.text for offer in one.offers if offer.became == became]
            counted = sum(is_tellable(key) for text in own for key in cut(text).keys)
            assert counted == getattr(one, became)
    last = chain.text(status.last)
    stands = sum(one.accepted + one.open for one in status.movements)
    base = sum(map(is_tellable, cut(chain.text("base")).keys))
    assert stands <= sum(map(is_tellable, cut(last).keys)) <= stands + base
    assert [c.clause for c in status.clauses if c.standing == "agreed"] == [
        c.clause for c in status.clauses if c.standing == "agreed" and not c.missing
    ]
    for gone in status.gone:
        assert gone.struck.kind == "struck"
    for turn in status.turns:
        assert turn.before.rung < turn.event.revision.rung


LONG = "1.0 Every classroom has at least one door to the yard, which stays open until five."


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ((LONG, "", LONG.replace("five", "six")), [("RTA Counter 3-5-25", [("five", "six")])]),
        ((LONG, "", LONG.replace("at least ", "")), [("RTA Counter 3-5-25", [("at least", "")])]),
        ((LONG, "1.0 Doors are shut.", LONG.replace("yard", "park")),
         [("RTA Counter 3-5-25", [("yard", "park")])]),
        ((LONG, "", LONG), []),
        ((LONG, LONG.replace("five", "six"), LONG.replace("five", "seven")), []),
        ((LONG, "", "1.0 Every classroom has a door."), []),
        (("1.0 One door stays open until five.", "", "1.0 One door stays open until six."), []),
        ((LONG, "", LONG.replace("five", "six"), LONG.replace("five", "six")),
         [("RTA Counter 3-5-25", [("five", "six")])]),
    ],
)  # fmt: skip
def test_a_clause_that_nearly_came_back_is_told_with_what_differs(
    texts: Sequence[str], found: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    status = chain_of(*(text or BASE for text in texts), base=BASE).status()
    near = [one for one in status.turns if one.kind == "nearly as before"]
    assert [(t.event.revision.label, list(t.otherwise)) for t in near] == found
    assert all(one.before.label == LABELS[0] for one in near)
    shown = " ".join(" ".join(writers.lines([status], Screen(), whole=True)).split())
    assert shown.count("nearly has what RTA Proposal 1-5-25 had, but") == len(found)


# How it is shown.


def test_a_page_and_a_table_say_the_same(tmp_path: Path, run: Run) -> None:
    for n, text in enumerate((BASE.replace("eight", "nine"), BASE)):
        path = tmp_path / f"{n}.md"
        path.write_text(f"# Doors\n\n{chr(10).join(LABELS[: n + 1])}\n\n{text}\n", "utf-8")
        run("add", str(path))
    done = run("status")
    assert done.code == 0
    assert done.out.splitlines()[0].startswith("Doors: ")
    for ending in ("html", "csv"):
        assert run("status", "-o", f"out.{ending}").code == 0
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text("utf-8"))))
    assert {row["clause"]: row["standing"] for row in rows}["1.0"] == "open"
    page = Path("out.html").read_text("utf-8")
    assert "<script" not in page
    assert "lies with" in re.sub(r"<[^>]*>", "", page)
    assert f"What current language or {LABELS[0]} offered" not in page
    shown = run("status", "--all").out
    assert shown.index("papers since") < shown.index("words of")
    assert run("status", "-o", "out.pdf").code == 3


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_starts_a_formula(name: str) -> None:
    found = Chain.from_texts([(LABELS[0], BASE)], name=name).status()
    rows = list(csv.reader(io.StringIO(writers.table([found]))))
    assert all(
        not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row
    )


def test_nothing_of_a_paper_acts_on_the_screen_or_a_page() -> None:
    nasty = "<script>alert(1)</script> \x1b[2J \u202e"
    status = chain_of(BASE.replace("eight", nasty), BASE).status()
    shown = "\n".join(writers.lines([status], Screen(), whole=True))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "<script" not in writers.html([status])


def test_of_a_first_paper_nobody_knows_who_moved_a_clause() -> None:
    held = [(LABELS[0], None), (LABELS[1], None), (LABELS[2], None), (LABELS[3], BASE)]
    status = Chain.from_texts(held, name="Doors").status()
    assert {len(one.moved_by) for one in status.clauses} == {5}
    shown = "\n".join(writers.lines([status], Screen(width=120)))
    assert f"current language … {LABELS[3]}, one of 5" in shown


@pytest.mark.parametrize("base", ["", None, BASE])
@pytest.mark.parametrize("texts", [("", BASE), (BASE, ""), ("No numbers here.", "None."), ("",)])
def test_any_text_has_a_status(base: str | None, texts: Sequence[str]) -> None:
    status = chain_of(*texts, base=base).status()
    assert list(writers.lines([status], Screen(), whole=True))
    assert writers.html([status])
    assert writers.table([status])


def test_a_chain_without_papers_has_no_status() -> None:
    with pytest.raises(NotFoundError, match="No paper"):
        Chain.from_texts([(LABELS[0], None)], name="Doors").status()


# Papers that bind nobody.

DOOR = "1.0 Every classroom has a door to the yard, and the door stays open until five."
YARD = DOOR.replace(" to the yard", "")


@pytest.mark.parametrize(
    ("papers", "found"),
    [
        # Floated, and not said: no side went back on anything.
        ([("RTA Proposal", DOOR), ("District Supposal", YARD), ("District Counter", DOOR)], []),
        ([("District Supposal", DOOR), ("District Counter", YARD)], []),
        ([("RTA Proposal", YARD), ("Mediator's Proposal", DOOR), ("RTA Counter", YARD)], []),
        ([("RTA Proposal", YARD), ("District Supposal", DOOR), ("RTA Counter", YARD)], []),
        # Floated, and said: from then on it counts.
        (
            [("District Supposal", DOOR), ("District Counter", DOOR), ("District Counter", YARD)],
            [("own wording struck", "District Counter 3-5-25", "District Counter 2-5-25")],
        ),
        # Struck in a supposal first, and then in earnest.
        (
            [("RTA Proposal", DOOR), ("RTA Supposal", YARD), ("RTA Counter", YARD)],
            [("own wording struck", "RTA Counter 3-5-25", "RTA Proposal 1-5-25")],
        ),
        (
            [
                *[("RTA Proposal", DOOR), ("District Counter", DOOR), ("District Supposal", YARD)],
                ("District Counter", YARD),
            ],
            [("let stand, then struck", "District Counter 4-5-25", "District Counter 2-5-25")],
        ),
        # What was struck in earnest, and comes back in a supposal, has not come back.
        ([("RTA Proposal", DOOR), ("District Counter", YARD), ("District Supposal", DOOR)], []),
        (
            [
                *[("RTA Proposal", DOOR), ("District Counter", YARD), ("District Supposal", DOOR)],
                ("RTA Counter", DOOR),
            ],
            [("brought back", "RTA Counter 4-5-25", "District Counter 2-5-25")],
        ),
    ],
)
def test_what_binds_nobody_is_no_turn(
    papers: list[tuple[str, str]], found: list[tuple[str, str, str]]
) -> None:
    labels = [f"{name} {n}-5-25" for n, (name, _) in enumerate(papers, start=1)]
    status = chain_of(*(text for _, text in papers), base=YARD, labels=labels).status()
    assert [(kind, at, before) for kind, _, at, before in turns(status)] == found
    for one in status.movements:
        assert one.revisions[-1].binds or not (one.struck_here or one.restored_here)
        assert one.offered == one.accepted + one.open + one.struck + one.dropped


@given(chains(), st.integers(0, 4))
def test_a_supposal_between_changes_nothing_of_what_sides_did(chain: Chain, at: int) -> None:
    """With a paper that binds nobody put in between, the sides moved as they did without it."""
    papers = [(r.label, chain.text(r)) for r in chain]
    base = chain.text("base")
    other = "\n\n".join(f"{n}.0 Rule wholly{n} otherwise{n}." for n in (1, 2, 3))
    place = min(at, len(papers))
    day = papers[place - 1][0].split()[-1] if place else "1-1-25"
    more = [*papers[:place], (f"District Supposal {day}", other), *papers[place:]]
    alone = Chain.from_texts(papers, base=base).status()
    beside = Chain.from_texts(more, base=base).status()
    assert [(c.clause, c.standing) for c in beside.clauses] == [
        (c.clause, c.standing) for c in alone.clauses
    ]
    assert all(turn.event.revision.binds and turn.before.binds for turn in beside.turns)
    for one in beside.movements:
        assert one.revisions[-1].binds or not (one.struck_here or one.restored_here)


@pytest.mark.parametrize("width", [80, 120])
def test_the_chart_of_several_documents_fits_the_screen(width: int) -> None:
    """Long names of documents, and clauses that one of many may have moved."""
    held = [(LABELS[0], None), (LABELS[1], None), (LABELS[2], None), (LABELS[3], BASE)]
    names = ("Support for Students and Families in Every School of the Lakes", "Doors")
    found = [Chain.from_texts(held, name=name).status() for name in names]
    rows = list(writers.lines(found, Screen(width=width)))
    assert max(map(len, rows)) <= width
    assert "\n".join(rows).count("3.0") == len(names)
