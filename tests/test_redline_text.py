"""Redlines as text: on the terminal, as Markdown, as CriticMarkup."""

import re
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import BargainingError, Chain, read
from bargaining.cli.demo import example
from bargaining.model import Paper, Redline, RedlineRun, Run, RunKind
from bargaining.record import Record, Submission
from bargaining.views.redline import set_text
from bargaining.writers.redlines import blocks
from bargaining.writers.redlines.markdown import critic, markdown
from bargaining.writers.redlines.terminal import lines
from bargaining.writers.screen import Screen, cells

LABELS = ("RTA Proposal 9-12-24", "District Counter 10-10-24", "RTA Counter 1-16-25")
GOLDEN = Path(__file__).parent / "redlines"
FORMATS = {"markdown": markdown, "criticmarkup": critic}


def invented() -> Chain:
    """Return a small chain in which everything happens: moves, splits, a rung without paper."""
    base = """
        1.0 Hours: Every library shall be open on each school day until four. Staff may eat there.

        2.0 Staffing: The District shall assign one (1) aide to each library. Aides shall be
        trained every year. The District shall pay for the training of all aides.

        3.0 Fees: No fee shall be charged for the late return of books.
    """
    proposal = """
        1.0 Hours: Every library shall be open on each school day until five, with an aide on duty.
        Staff may eat there.

        2.0 Staffing: The District shall assign two (2) aides to each library.

        Aides shall be trained every year. The District shall pay for the training of all aides.

        3.0 Fees: No fee shall be charged for the late return of books.
    """
    counter = """
        1.0 Hours: Every library shall be open on each school day until half past four.
        Staff may eat there.

        2.0 Staffing: The District shall assign two (2) aides to each library.

        Aides shall be trained every year.

        3.0 Fees: No fee shall be charged for the late return of books. The District shall pay for
        the training of all aides.

        4.0 Rooms: A library & its *rooms* may be let [see 5.0] for <b>$5</b> an hour.
    """
    texts = {"base": base, **dict(zip(LABELS, (proposal, None, counter), strict=True))}
    papers = [
        None
        if text is None
        else Paper("text", (Run("kept", _dedented(text)),), title=("Side Letter", "Libraries"))
        for text in texts.values()
    ]
    rungs = zip(LABELS, papers[1:], strict=True)
    return Chain.from_papers(rungs, base=papers[0], name="Libraries")


def _dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def library_hours() -> Chain:
    with Record.in_memory() as record:
        submissions = [
            Submission(data=data, name=name, base=name.startswith("0-"))
            for name, data in sorted(example().items())
        ]
        record.file_all(submissions, by="a test")
        return record.chain()


def normal(text: str) -> str:
    return set_text(text.replace("\v", " ").replace("\n", "\n\n"), exact=False)


def texts_of(source: str, name: str) -> tuple[str, str]:
    """Return both texts of a paper as a redline has them."""
    paper = read(source.encode(), format=name)
    old = paper.text if paper.base_text is None else paper.base_text
    return set_text(old, exact=False), set_text(paper.text, exact=False)


def unpainted(line: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", line)


# Goldens: what a person sees, whole.


def shown(width: int, *, colour: bool = False, **ways: bool) -> str:
    redline = invented().redline("base", 3, all_rounds=True)
    return "".join(f"{line}\n" for line in lines(redline, Screen(width, colour), **ways))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("invented.md", lambda: markdown(invented().redline("base", 3))),
        (
            "invented-all-rounds.md",
            lambda: markdown(invented().redline("base", 3, all_rounds=True)),
        ),
        ("invented.critic.md", lambda: critic(invented().redline("base", 3))),
        ("invented-backwards.critic.md", lambda: critic(invented().redline(3, 1))),
        ("invented-80.txt", lambda: shown(80)),
        ("invented-140.txt", lambda: shown(140)),
        ("invented-140-below.txt", lambda: shown(140, side_by_side=False)),
        ("invented-80-whole.txt", lambda: shown(80, whole=True)),
        ("invented-80-colour.txt", lambda: shown(80, colour=True)),
        ("invented-140-colour.txt", lambda: shown(140, colour=True)),
    ],
)
def test_what_a_person_sees(name: str, made: Callable[[], str]) -> None:
    assert made().replace("\x1b", "^") == (GOLDEN / name).read_text(encoding="utf-8")


def test_a_paper_of_the_example_reads_as_one_of_its_chain() -> None:
    chain = library_hours()
    for written, name in ((markdown, "markdown"), (critic, "criticmarkup")):
        paper = read(written(chain.redline(0, 5)).encode(), format=name)
        assert paper.title[:-1] == chain.redline(0, 5).title
        assert paper.title[-1] == "RTA Counter 1-16-25 against current language"
        assert paper.ladder == tuple(revision.label for revision in chain)[:5]
        assert {doubt.kind for doubt in paper.doubts} <= {"unmarked-replacement", "doubled-word"}


def test_every_pair_of_the_example_is_written_exactly() -> None:
    chain = library_hours()
    rungs = [0, *(revision.rung for revision in chain if revision.on_file)]
    for old, new in product(rungs, rungs):
        for all_rounds in (False, True):
            redline = chain.redline(old, new, all_rounds=all_rounds)
            for name, written in FORMATS.items():
                wanted = (normal(redline.old_text), normal(redline.new_text))
                assert texts_of(written(redline), name) == wanted
            for width in (80, 140):
                assert all(cells(line) <= width for line in lines(redline, Screen(width)))


# Random chains: whatever the words, text stays text.

WORDS = "the District shall pay may not each year students duty (5) Hours aide".split()
HARD = (
    "* ** _ __ ~ ~~ + ++ < <b> </b> &amp; & { {++ ++} {-- --} {>> <<} [x] \\ ` # - -- --> <!-- = "
    "== ~> > | C++ snake_case \u200f\u05d0 \x1b[31m \x07 \u202e \ue000 e\u0301 中文字 “a” ’s ( ) , "
    ". ; RTA ____ <br> • [- -] {+ +} ¶ x\u00a0y"
).split(" ")
LINES = (
    "RTA Proposal 9-12-24|Signed: ____|Page 3 of 4|12|District|For the District:|By: Pat Doe|---"
    "|***|General Provisions|Date: 1-2-25|**Hours.** The|# Hours|===|<!-- x -->|{++ x ++}"
).split("|")
HEADS = ("", "", "", "1.0 ", "2.0 ", "a. ", "(1) ", "1. ", "- ", "• ", "* ", "# ", "> ", "3) ")
GAPS = (" ", " ", " ", " ", " ", "  ", "\t", "\u00a0", "\v", "\n")

spoken = st.lists(st.sampled_from([*WORDS, *WORDS, *HARD]), min_size=1, max_size=8)
paragraphs = st.one_of(
    st.sampled_from(LINES),
    st.builds(
        lambda head, words, gaps, end: (
            head + "".join(map("".join, zip(words, gaps, strict=False))).rstrip() + end
        ),
        st.sampled_from(HEADS),
        spoken,
        st.lists(st.sampled_from(GAPS), min_size=8, max_size=8),
        st.sampled_from(("", ".", ";", " ")),
    ),
)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Papers that grow out of each other: words and paragraphs changed, parted, joined, moved."""
    rows = draw(st.lists(paragraphs, min_size=1, max_size=5))
    exact = draw(st.booleans())
    papers = []
    for _ in range(4):
        papers.append(Paper("docx" if exact else "text", (Run("kept", "\n\n".join(rows)),)))
        for _ in range(draw(st.integers(1, 3))):
            rows = _changed(draw, rows)
    return Chain.from_papers(zip(LABELS, papers[1:], strict=True), base=papers[0])


def _changed(draw: st.DrawFn, rows: list[str]) -> list[str]:
    rows = [*rows, draw(paragraphs)] if len(rows) < 2 else list(rows)
    at = draw(st.integers(0, len(rows) - 2))
    words = rows[at].split(" ")
    cut = draw(st.integers(0, len(words)))
    match draw(st.sampled_from(("insert", "strike", "change", "join", "part", "move"))):
        case "insert":
            return [*rows[:at], draw(paragraphs), *rows[at:]]
        case "strike":
            return rows[:at] + rows[at + 1 :]
        case "change":
            changed = " ".join([*words[:cut], *draw(spoken), *words[cut + 1 :]])
            return [*rows[:at], changed, *rows[at + 1 :]]
        case "join":
            return [*rows[:at], f"{rows[at]} {rows[at + 1]}", *rows[at + 2 :]]
        case "part":
            return [*rows[:at], " ".join(words[:cut]), " ".join(words[cut:]), *rows[at + 1 :]]
    return [*rows[:at], *rows[at + 1 :], rows[at]]


@st.composite
def redlines(draw: st.DrawFn) -> Redline:
    old, new = draw(st.sampled_from(((0, 3), (3, 0), (1, 2), (3, 1), (2, 2))))
    return draw(chains()).redline(old, new, all_rounds=draw(st.booleans()))


@given(redlines())
def test_both_texts_come_back(redline: Redline) -> None:
    wanted = (normal(redline.old_text), normal(redline.new_text))
    if any(wanted):
        assert texts_of(markdown(redline), "markdown") == wanted
        assert texts_of(critic(redline), "criticmarkup") == wanted


@given(redlines())
def test_markdown_is_read_as_markdown_whatever_the_file_is_called(redline: Redline) -> None:
    if redline.old_text.strip() or redline.new_text.strip():
        assert read(markdown(redline).encode()).format == "markdown"


@given(redlines(), st.sampled_from((20, 80, 120, 140)), st.booleans(), st.booleans())
def test_lines_stay_in_their_width_and_act_on_nothing(
    redline: Redline, width: int, colour: bool, whole: bool
) -> None:
    for side_by_side in (None, False, True):
        screen = Screen(width, colour)
        for line in lines(redline, screen, whole=whole, side_by_side=side_by_side):
            plain = unpainted(line)
            assert cells(plain) <= width
            assert plain.isprintable()
            assert colour or plain == line


@given(redlines())
def test_a_redline_shown_whole_shows_every_word(redline: Redline) -> None:
    shown_words = "".join(
        unpainted(line) for line in lines(redline, Screen(4000), whole=True, side_by_side=False)
    )
    for word in re.findall(r"\w+", redline.new_text + redline.old_text):
        assert word in shown_words or not word.isprintable()


# Rows: an end of a paragraph that cannot be marked is said with words.

KINDS: tuple[RunKind, ...] = ("kept", "struck", "inserted", "dropped")


@st.composite
def runs(draw: st.DrawFn) -> list[RedlineRun]:
    """Runs of all kinds, ends of paragraphs among them; the last end is one of both texts."""
    texts = st.text(alphabet="ab \n", min_size=1, max_size=4)
    drawn = draw(st.lists(st.tuples(st.sampled_from(KINDS), texts), max_size=12))
    return [*(RedlineRun(kind, text, "1") for kind, text in drawn), RedlineRun("kept", "\n", "1")]


def both(row: Sequence[RedlineRun]) -> tuple[str, str]:
    return (
        "".join(run.text for run in row if run.in_old),
        "".join(run.text for run in row if run.in_new),
    )


@given(runs(), st.booleans())
def test_rows_change_neither_text(row: list[RedlineRun], always: bool) -> None:
    must = blocks.always if always else blocks.never
    assert both([run for one in blocks.rows(row, must) for run in one]) == both(row)


@given(runs(), st.lists(st.booleans(), min_size=20, max_size=20))
def test_rows_change_neither_text_whatever_is_asked_for(
    row: list[RedlineRun], wanted: list[bool]
) -> None:
    answers = iter(wanted * 10)
    found = blocks.rows(row, lambda *_: next(answers))
    assert both([run for one in found for run in one]) == both(row)


@given(runs())
def test_each_row_has_one_end_of_both_texts_or_is_of_one(row: list[RedlineRun]) -> None:
    for one in blocks.rows(row):
        *inside, end = one
        assert end.text == "\n"
        assert not any("\n" in run.text for run in inside)
        assert end.kind == "kept" or {run.kind for run in inside} <= {end.kind, "dropped"}


def written(row: Sequence[RedlineRun]) -> str:
    signs = {"kept": "{}", "struck": "-{}-", "inserted": "+{}+", "dropped": "!{}!"}
    return "".join(signs[run.kind].format(run.text) for run in row).replace("\n", "¶")


@pytest.mark.parametrize(
    ("row", "said", "marked"),
    [
        # A paragraph parted, and two joined.
        ("A|- |+\n|B\n", ["A- --B-¶", "+B++¶+"], ["A- -+¶+B¶"]),
        ("A|-\n|+ |B\n", ["A+ ++B+¶", "-B--¶-"], ["A-¶-+ +B¶"]),
        # A whole paragraph that is struck or inserted needs no words, wherever its end is marked.
        ("A|-\nB|\n", ["A¶", "-B--¶-"], ["A¶", "-B--¶-"]),
        ("A|+\nB|\n", ["A¶", "+B++¶+"], ["A¶", "+B++¶+"]),
        ("A\n|-B\n|+C\n|D\n", ["A¶", "-B--¶-", "+C++¶+", "D¶"], ["A¶", "-B--¶-", "+C++¶+", "D¶"]),
        # Struck words before an inserted paragraph belong to the next one.
        ("A\n|-B|+C\n|D\n", ["A¶", "+C++¶+", "-B-D¶"], ["A¶", "+C++¶+", "-B-D¶"]),
        # What stood only in between has no end of its own amid kept words.
        ("A|!b\nc|D\n", ["A!b!! !!c!D¶"], ["A!b!! !!c!D¶"]),
    ],
)
def test_rows(row: str, said: list[str], marked: list[str]) -> None:
    signs: dict[str, RunKind] = {"-": "struck", "+": "inserted", "!": "dropped"}
    made = [
        RedlineRun(signs.get(text[0], "kept"), text.lstrip("-+!"), "1")
        for text in row.replace("\\n", "\n").split("|")
    ]
    assert [written(one) for one in blocks.rows(made)] == said
    assert [written(one) for one in blocks.rows(made, blocks.never)] == marked


# Papers: what must not be read as something else.


def of_texts(old: str, new: str, label: str = "RTA Proposal 9-12-24") -> Redline:
    return Chain.from_texts([(label, new)], base=old).redline(0, 1)


@pytest.mark.parametrize(
    "line", [*LINES, "RTA Proposal 3", "| 3 |", "– 3 –", "Name: X", "Initials"]
)
def test_a_line_that_looks_like_no_text_stays_text(line: str) -> None:
    for text in (
        line,
        f"{line}\n\n1.0 Text.",
        f"1.0 Text.\n\n{line}",
        f"1.0 A.\n\n{line}\n\n{line}",
    ):
        for redline in (
            of_texts(text, text),
            of_texts("1.0 Text.", text),
            of_texts(text, "1.0 Text."),
        ):
            wanted = (normal(redline.old_text), normal(redline.new_text))
            assert texts_of(markdown(redline), "markdown") == wanted
            assert texts_of(critic(redline), "criticmarkup") == wanted


@pytest.mark.parametrize("heading", ["New Hours.", "Rooms:", "Rooms", "1.0 Rooms:", "12 Rooms"])
def test_an_inserted_heading_is_inserted(heading: str) -> None:
    old = "2.0 Staff may eat there."
    number, _, words = heading.rpartition(" ")
    source = markdown(of_texts(f"{old}\n\n{number}", f"{old}\n\n{number} {words}"))
    assert texts_of(source, "markdown")[1] == normal(f"{old}\n\n{heading}")
    for new in (f"{heading} Open.\n\n{old}", f"{heading}\n\n{old}", f"{old}\n\n{heading} Open."):
        source = markdown(of_texts(old, new))
        assert texts_of(source, "markdown") == (normal(old), normal(new))


@pytest.mark.parametrize(
    "label", ["First draft.", "RTA <b>Proposal</b> 1-2-25", "--> RTA", "# RTA *Proposal* 1-2-25"]
)
def test_a_label_that_no_ladder_has_stands_in_a_comment(label: str) -> None:
    redline = of_texts("One two.", "One three.", label)
    for name, write in FORMATS.items():
        paper = read(write(redline).encode(), format=name)
        assert paper.ladder == ()
        assert any("The ladder: " in part.text for part in paper.parts if part.kind == "note")


def test_a_line_break_comes_back_as_a_space() -> None:
    old, new = (
        Paper("docx", (Run("kept", text),))
        for text in ("To be paid:\vby May", "To be paid:\vby June")
    )
    redline = Chain.from_papers([(LABELS[0], new)], base=old).redline(0, 1)
    source = markdown(redline)
    assert "To be paid:<br>by ~~May~~ **June**" in source
    assert texts_of(source, "markdown") == ("To be paid: by May\n", "To be paid: by June\n")


@pytest.mark.parametrize("text", ["One\0two.", "One\rtwo."])
def test_what_cannot_be_written_exactly_is_said(text: str) -> None:
    for write in FORMATS.values():
        with pytest.raises(BargainingError, match="cannot be written exactly") as found:
            write(of_texts(text, text))
        assert ".docx" in found.value.hint


def test_texts_that_are_the_same_have_no_marks() -> None:
    redline = of_texts("1.0 One.", "1.0 One.")
    assert "~~" not in markdown(redline).partition("listed at the end.")[2]
    assert list(lines(redline, Screen()))[-1] == "The two texts are the same."


def test_spacing_alone_is_said_and_not_shown() -> None:
    found = list(lines(of_texts("One two.", "One  two."), Screen()))
    assert found[-1] == "The words are the same; spacing differs."
    assert not any("{+" in line for line in found)


def test_signs_of_the_text_itself_are_told_apart() -> None:
    found = "\n".join(lines(of_texts("A {+b+} c.", "A {+b+} d."), Screen()))
    assert r"A \{+b\+} [-c-] {+d+}(R1)." in found
    assert "behind a backslash" in found
