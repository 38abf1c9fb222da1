"""What nobody marked: every unmarked difference is found, and nothing else."""

import random
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Chain, NotFoundError, Paper, read
from bargaining.model import Check, Run
from bargaining.record import Record, Submission
from bargaining.text.words import cut
from bargaining.writers.findings import said, summary
from documents import deleted, document, ins, p, r
from shell import Run as Runner

LABELS = ("RTA Proposal 1-5-25", "District Counter 2-5-25", "RTA Counter 3-5-25")
BASE = (
    "1.0 Doors open at eight and close at five.\n\n2.0 At least one (1) aide reads.\n\n"
    "3.0 Staff park free."
)


def checked(source: str, base: str = BASE, *, name: str = "b.md") -> Check:
    old = Paper("markdown", (Run("kept", base),))
    chain = Chain.from_papers([(LABELS[0], old), (LABELS[1], read(source.encode(), name=name))])
    return chain.check(2)


def found(check: Check) -> list[tuple[str, str, str, str]]:
    return [(one.code, one.clause, one.before, one.after) for one in check]


OPEN = "1.0 Doors open at ~~eight~~ **nine** and close at five."
READ = "2.0 At least one (1) aide reads."
PARK = "3.0 Staff park free."


def paper_of(*clauses: str) -> str:
    return "\n\n".join(clauses)


TABLE: dict[str, tuple[str, list[tuple[str, str, str, str]]]] = {
    "all is marked": (
        paper_of(OPEN, READ, PARK),
        [],
    ),
    "a word is replaced": (
        paper_of("1.0 Doors open at ~~eight~~ **nine** and close at six.", READ, PARK),
        [("unmarked-replacement", "1.0", "five", "six")],
    ),
    "words are gone": (
        paper_of(OPEN, "2.0 one (1) aide reads.", PARK),
        [("unmarked-strike", "2.0", "At least", "")],
    ),
    "words are new": (
        paper_of(OPEN, READ, "3.0 Staff park free on Mondays only."),
        [("unmarked-insertion", "3.0", "", "on Mondays only")],
    ),
    "a clause is new": (
        paper_of(OPEN, READ, PARK, "4.0 Keys are kept by the office."),
        [("unmarked-insertion", "4.0", "", "4.0 Keys are kept by the office.")],
    ),
    "a number is another": (
        paper_of(OPEN, READ, "4.0 Staff park free."),
        [("renumbered", "4.0", "3.0", "4.0")],
    ),
    "marked as new, and stood there": (
        paper_of("1.0 Doors open at ~~eight~~ **nine** and **close** at five.", READ, PARK),
        [("marked-though-there", "1.0", "close", "")],
    ),
    "struck, and never stood there": (
        paper_of(OPEN, "2.0 At least one (1) ~~paid~~ aide reads.", PARK),
        [("struck-though-absent", "2.0", "", "paid")],
    ),
    "struck and inserted again": (
        paper_of("1.0 Doors open at ~~eight~~ **eight** and close at five.", READ, PARK),
        [("mark-changes-nothing", "1.0", "eight", "eight")],
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_is_found(name: str) -> None:
    source, wanted = TABLE[name]
    check = checked(source)
    assert found(check) == wanted
    assert check.is_marked
    assert check.against.label == LABELS[0]
    assert not check.stated


@pytest.mark.parametrize("name", TABLE)
def test_every_finding_has_its_place_in_both_texts(name: str) -> None:
    source, _ = TABLE[name]
    own = read(source.encode(), name="b.md").base_text or ""
    for one in checked(source):
        assert (
            one.code.startswith("mark-") or BASE[one.old_start : one.old_end].strip() == one.before
        )
        assert own[one.new_start : one.new_end].strip() == one.after


def test_what_is_only_written_otherwise_is_told_apart() -> None:
    check = checked(
        TABLE["all is marked"][0].replace("aide", "“aide”"), BASE.replace("aide", '"aide"')
    )
    assert {one.code for one in check} == {"written-otherwise"}
    assert check.words == 0


def test_tracked_changes_in_another_name_or_of_another_day_are_found() -> None:
    def paper(*runs: str) -> bytes:
        return document(p(r("1.0 Doors open at "), *runs, r(".")))

    old = read(paper(r("eight")), name="a.docx")
    for (author, day), wanted in (
        (("District", "2025-02-05T09:00:00Z"), set()),
        (("Pat Doe", "2025-02-01T09:00:00Z"), set()),
        (("RTA", "2025-02-05T09:00:00Z"), {"mark-of-another"}),
        (("rta", "2025-02-05T09:00:00Z"), {"mark-of-another"}),
        (("District", "2025-02-06T09:00:00Z"), {"mark-of-another-day"}),
    ):
        data = paper(deleted(author, day, r("eight")), ins(author, day, r("nine")))
        new = read(data, name="b.docx")
        chain = Chain.from_papers([(LABELS[0], old), (LABELS[1], new)])
        assert {one.code for one in chain.check(2, paper=new)} == wanted


def test_the_text_that_fits_best_is_named_and_what_is_missing_is_said() -> None:
    texts = [BASE, BASE.replace("eight", "nine"), BASE.replace("eight", "ten")]
    marked = read(
        b"1.0 Doors open at ~~nine~~ **ten** and close at five.\n\n2.0 At least one (1) aide reads."
        b"\n\n3.0 Staff park free.",
        name="c.md",
    )
    held = [
        (label, Paper("markdown", (Run("kept", text),)))
        for label, text in zip(LABELS, texts, strict=True)
    ]
    chain = Chain.from_papers([*held[:2], (LABELS[2], marked)])
    check = chain.check(3)
    assert (check.against.label, len(check), check.missing) == (LABELS[1], 0, ())
    stated = chain.check(3, against=1)
    assert (stated.against.label, stated.stated) == (LABELS[0], True)
    assert [one.code for one in stated] == ["struck-though-absent"] or len(stated)
    gap = Chain.from_papers([held[0], (LABELS[1], None), (LABELS[2], marked)])
    check = gap.check(3)
    assert [one.label for one in check.missing] == [LABELS[1]]
    assert summary(check).endswith(f"It may be marked against {LABELS[1]}, not on file.")


def test_there_must_be_something_to_hold_it_against() -> None:
    chain = Chain.from_papers([(LABELS[0], read(b"1.0 Doors ~~open~~ **close**.", name="a.md"))])
    with pytest.raises(NotFoundError, match="nothing to hold it against"):
        chain.check(1)


WORDS = [f"word{n}" for n in range(60)]


@st.composite
def altered(draw: st.DrawFn) -> tuple[str, str, bool, list[Run]]:
    """A text; the same with some changes marked, and others not; whether any was not."""
    rng = random.Random(draw(st.integers(0, 10_000)))  # noqa: S311 - not for secrets
    old = rng.sample(WORDS, 30)
    runs: list[Run] = [Run("kept", "1.0 ")]
    silent = False
    for n, word in enumerate(old):
        roll = rng.random() if n % 4 == 2 else 1.0
        if roll < 0.2:
            runs += [Run("struck", f"{word} "), Run("inserted", f"new{n} ")]
        elif roll < 0.3:
            runs.append(Run("kept", f"other{n} "))
            silent = True
        elif roll < 0.4:
            silent = True
        else:
            runs.append(Run("kept", f"{word} "))
    return f"1.0 {' '.join(old)} ", "", silent, runs


@given(altered())
def test_nothing_is_found_without_a_difference_and_every_one_is(
    case: tuple[str, str, bool, Sequence[Run]],
) -> None:
    old, _, silent, runs = case
    paper = Paper("markdown", tuple(runs))
    held = [(LABELS[0], Paper("markdown", (Run("kept", old),))), (LABELS[1], paper)]
    check = Chain.from_papers(held).check(2)
    unmarked = [one for one in check if one.code.startswith("unmarked")]
    assert bool(unmarked) == silent
    own = paper.text if paper.base_text is None else paper.base_text
    same = cut(own).keys == cut(old).keys
    assert same == (not unmarked)
    assert all(said(one) for one in check)


# The command.


@pytest.fixture(name="papers")
def _papers(tmp_path: Path, run: Runner) -> Path:
    (tmp_path / "a.md").write_text(f"# Doors\n\n{LABELS[0]}\n\n{BASE}\n", encoding="utf-8")
    run("add", str(tmp_path / "a.md"))
    return tmp_path


def test_a_paper_that_was_just_received_is_checked(papers: Path, run: Runner) -> None:
    text = TABLE["a word is replaced"][0]
    path = papers / "b.md"
    path.write_text(f"# Doors\n\n{LABELS[0]}\n{LABELS[1]}\n\n{text}\n", encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 1
    assert done.out.splitlines()[0].startswith(f"{LABELS[1]} is marked against {LABELS[0]}")
    assert "replaced without a mark: “five” by “six”" in done.out
    run("add", str(path))
    again = run("check")
    assert (again.code, again.out) == (done.code, done.out)
    assert run("check", str(path)).out == done.out


def test_a_paper_that_marks_everything_is_told_so(papers: Path, run: Runner) -> None:
    path = papers / "b.md"
    text = TABLE["all is marked"][0]
    path.write_text(f"# Doors\n\n{LABELS[0]}\n{LABELS[1]}\n\n{text}\n", encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 0
    assert done.out.startswith("Every change is marked: without its marks, District Counter")


def test_a_final_print_is_held_against_what_was_initialled(papers: Path, run: Runner) -> None:
    path = papers / "final.md"
    path.write_text(f"# Doors\n\n{BASE.replace('five', 'six')}\n", encoding="utf-8")
    done = run("check", str(path), "--ta", LABELS[0])
    assert done.code == 1
    assert (
        done.out.splitlines()[0] == f"final.md is not {LABELS[0]} word for word: 1 place differs."
    )
    path.write_text(f"# Doors\n\n{BASE}\n", encoding="utf-8")
    done = run("check", str(path), "--ta", LABELS[0])
    assert (done.code, done.out.strip()) == (0, f"final.md is word for word what {LABELS[0]} says.")
    path.write_text(f"# Doors\n\n{BASE.replace('aide', '‘aide’')}\n", encoding="utf-8")
    assert run("check", str(path), "--ta", LABELS[0]).code == 1
    assert run("check", "--ta", "x", "--against", "y").code == 2
    path.write_text(f"# Doors\n\n{BASE.replace('five', '~~four~~ **five**')}\n", encoding="utf-8")
    done = run("check", str(path), "--ta", LABELS[0])
    assert (done.code, "still bears marks" in done.err) == (0, True)


# Where it stands.


def place(*papers: tuple[str, str], which: int = -1) -> list[str]:
    held = [(label, read(text.encode(), name="a.md")) for label, text in papers]
    chain = Chain.from_papers(held, base=Paper("markdown", (Run("kept", BASE),)))
    return [doubt.kind for doubt in chain.check(chain.revisions[which].label).ladder]


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (("RTA Proposal 1-5-25", "District Counter 2-5-25"), []),
        (("District Counter 2-5-25",), ["counter-first"]),
        (("District Proposal 2-5-25",), []),
        (("RTA Proposal 1-5-25", "District Counter 1-5-25"), []),
        (("RTA Proposal 1-5-25", "RTA Counter 1-5-25"), ["same-day"]),
        (("District Proposal 1-5-25", "Management Counter 1-5-25"), ["same-day"]),
        (("RTA Proposal #1", "RTA Proposal #2"), []),
    ],
)
def test_what_does_not_fit_about_the_place_of_a_paper(
    labels: Sequence[str], found: list[str]
) -> None:
    assert place(*((label, OPEN) for label in labels)) == found


def test_a_counter_before_the_proposal_that_it_answers_is_found() -> None:
    first = "District Counter 2-5-25 (in response to RTA Proposal 3-5-25)"
    assert place((first, OPEN), ("RTA Proposal 3-5-25", OPEN), which=0) == [
        "counter-first",
        "counter-first",
    ]
    second = "District Counter 2-5-25 (in response to RTA Proposal 1-5-25)"
    assert place(("RTA Proposal 1-5-25", OPEN), (second, OPEN)) == []


@pytest.mark.parametrize(
    ("ladder", "said"),
    [
        ([LABELS[0], LABELS[1], LABELS[2]], ""),
        ([LABELS[2]], ""),
        ([LABELS[1], LABELS[0], LABELS[2]], "lists the rungs in another order"),
        ([LABELS[0], "District Counter 2-6-25", LABELS[2]], "another date"),
        ([LABELS[0], LABELS[1], "RTA Counter 2-20-25", LABELS[2]], "which the other leaves out"),
        ([LABELS[0], LABELS[1], "RTA Counter 1-1-25"], "It is dated before"),
        ([LABELS[0], LABELS[1], "RTA Counter 1-5-25"], "another paper of that day"),
    ],
)
def test_a_ladder_that_was_just_received_is_held_against_the_one_on_file(
    papers: Path, run: Runner, ladder: list[str], said: str
) -> None:
    lines = "\\\n".join(LABELS[:2])
    (papers / "b.md").write_text(f"# Doors\n\n{lines}\n\n{BASE}\n", encoding="utf-8")
    run("add", str(papers / "b.md"))
    lines = "\\\n".join(ladder)
    (papers / "c.md").write_text(f"# Doors\n\n{lines}\n\n{BASE}\n", encoding="utf-8")
    done = run("check", str(papers / "c.md"))
    shown = " ".join(done.out.split())
    assert (said in shown) if said else "?" not in shown
    assert done.code == (1 if said else 0)


def test_an_alias_of_a_party_is_no_other_ladder(papers: Path, run: Runner) -> None:
    for name, ladder in (("b", LABELS[:2]), ("c", (LABELS[0], "Board Counter 2-5-25", LABELS[2]))):
        lines = "\\\n".join(ladder)
        path = papers / f"{name}.md"
        path.write_text(f"# Doors\n\n{lines}\n\n{BASE}\n", encoding="utf-8")
    run("add", str(papers / "b.md"), "--alias", "District=Board")
    assert run("check", str(papers / "c.md")).code == 0


def test_a_late_entry_is_found(tmp_path: Path) -> None:
    days = {"1": "2025-03-01", "0": "2025-03-04", "2": "2025-03-04"}
    for n, day in days.items():
        clock = partial(datetime.fromisoformat, f"{day}T09:00:00+00:00")
        label = f"RTA Proposal {int(n) + 1}-5-25"
        with Record.open(tmp_path / "r.db", write=True, clock=clock) as record:
            record.file(Submission(data=f"1.0 Keys {n}.".encode(), label=label, chain="Keys"))
    with Record.open(tmp_path / "r.db") as record:
        late = [r.label for r, d in record.chain().doubts if d.kind == "late-entry"]
        assert late == ["RTA Proposal 1-5-25"]
        record.chain().check(2)
    with Record.open(tmp_path / "r.db", write=True) as record:
        again = Submission(data=b"1.0 Keys now.", label="RTA Proposal 2-5-25", chain="Keys")
        record.file(attrs.evolve(again, correct=True))
        late = [r.label for r, d in record.chain().doubts if d.kind == "late-entry"]
        assert late == []  # a correction is of what was entered before


def test_findings_hold_no_sign_that_acts(papers: Path, run: Runner) -> None:
    path = papers / "b.md"
    text = TABLE["a word is replaced"][0].replace("six", "six\x1b[2J\u202e")
    path.write_text(f"# Doors\n\n{LABELS[0]}\n{LABELS[1]}\n\n{text}\n", encoding="utf-8")
    done = run("check", str(path))
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_the_values_can_be_evolved() -> None:
    check = checked(TABLE["a word is replaced"][0])
    assert attrs.evolve(check, findings=()) != check


def test_a_file_that_is_not_there_is_no_revision(papers: Path, run: Runner) -> None:
    done = run("check", str(papers / "none.docx"))
    assert done.code == 1
    assert "There is no file" in done.err
