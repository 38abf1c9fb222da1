"""What is no clause text is compared and marked too: titles, ladders, signatures, page marks."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Chain, Paper, read
from bargaining.cli import cli
from bargaining.model import Redline, Run
from bargaining.readers import read_loose
from bargaining.writers.authors import cautions, not_marked
from bargaining.writers.formats import write
from bargaining.writers.redlines import html as page
from bargaining.writers.redlines import terminal
from bargaining.writers.screen import Screen
from documents import document, p, r
from strategies import WORDS

LABELS = ("RTA Proposal 1-5-25", "District Counter 2-5-25", "RTA Counter 3-5-25")


def source(
    title: str = "Class Size", *, rungs: int = 1, who: str = "Pat Doe", foot: str = "Draft A"
) -> list[str]:
    """The lines of a paper, by what they are."""
    return [title, *LABELS[:rungs], "1.0 One aide reads.", f"By: {who}", f"Date: ____ ({foot})"]


def markdown(lines: Sequence[str]) -> bytes:
    title, *rest = lines
    return "\n\n".join([f"# {title}", *rest]).encode()


def text(lines: Sequence[str]) -> bytes:
    return "\n\n".join([lines[0].upper(), *lines[1:]]).encode()


def word(lines: Sequence[str]) -> bytes:
    return document("".join(p(r(line)) for line in lines))


FORMATS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "a.md": markdown,
    "a.txt": text,
    "a.docx": word,
    "a.critic.md": markdown,
}


def of(*papers: bytes, name: str = "a.md") -> Chain:
    held = [(LABELS[n], read(data, name=name)) for n, data in enumerate(papers)]
    return Chain.from_papers(held, name="class size")


def marks(redline: Redline, kind: str) -> list[tuple[str, str, str]]:
    """What a part has marked, and the labels of whoever may have made it."""
    found = next((part for part in redline.parts if part.kind == kind), None)
    return [
        (
            run.kind,
            run.text.strip(),
            " | ".join(r.label for r in (run.inserted or run.struck).candidates)  # type: ignore[union-attr]
            if run.inserted or run.struck
            else "",
        )
        for run in (found.runs if found else ())
        if run.kind != "kept"
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_every_part_is_marked_in_every_format(name: str) -> None:
    build = FORMATS[name]
    old = build(source("Class Size"))
    new = build(source("Class Sizes Too", rungs=2, who="Kim Roe"))
    redline = of(old, new, name=name).redline(1, 2)
    assert redline.differs == ("title", "ladder", "signature")
    assert marks(redline, "ladder") == [("inserted", LABELS[1], "")]
    signed = marks(redline, "signature")
    assert {by for _, _, by in signed} == {LABELS[1]}
    assert ("struck", "Pat Doe", LABELS[1]) in signed
    assert ("inserted", "Kim Roe", LABELS[1]) in signed
    struck = "".join(run.text for run in redline.whole if run.in_old)
    assert "Pat Doe" in struck
    assert "Kim Roe" not in struck
    assert redline.old_text == redline.new_text == "1.0 One aide reads.\n"


@pytest.mark.parametrize("ending", ["html", "md", "critic.md", "docx", "json"])
@pytest.mark.parametrize("back", [False, True])
def test_every_file_marks_them(ending: str, back: bool) -> None:
    chain = of(markdown(source()), markdown(source("Class Sizes", rungs=2, who="Kim Roe")))
    redline = chain.redline(*((2, 1) if back else (1, 2)))
    data = write(redline, f"x.{ending}")
    if ending != "docx":
        said = re.sub(r"<[^>]*>", "", data.decode()) if ending == "html" else data.decode()
        for words in ("Sizes", "Kim Roe", "Pat Doe"):
            assert words in said
        return
    paper = read_loose(data, name="x.docx")
    kinds = {part.text: part.kind for part in paper.parts}
    standing, gone = ("Pat Doe", "Kim Roe") if back else ("Kim Roe", "Pat Doe")
    told = " ".join([*kinds, paper.text])
    assert standing in told
    assert gone not in told


def test_a_page_gives_the_parts_of_both_papers_back() -> None:
    chain = of(markdown(source()), markdown(source("Class Sizes", rungs=2, who="Kim Roe")))
    redline = chain.redline(1, 2)
    whole = redline.whole
    assert page.gate(page.html(redline)) == (whole.old_text, whole.new_text)


def test_a_mark_names_everybody_who_may_have_made_it() -> None:
    titles = ("Class Size", "Class Size and Aides", "Class Size and Aides")
    papers = [markdown(source(title, rungs=n + 1)) for n, title in enumerate(titles)]
    chain = of(*papers)
    assert marks(chain.redline(1, 3), "title") == [("inserted", "and Aides", LABELS[1])]
    assert marks(chain.redline(3, 1), "title") == [("struck", "and Aides", "")]
    held = [(LABELS[n], read(papers[n], name="a.md") if n != 1 else None) for n in range(3)]
    gap = Chain.from_papers(held)
    assert marks(gap.redline(1, 3), "title") == [
        ("inserted", "and Aides", f"{LABELS[1]} | {LABELS[2]}")
    ]


def test_whose_words_of_a_part_are_is_never_more_certain_than_the_papers() -> None:
    titles = ("Class Size", "Class Size", "Class Size and Aides")
    chain = of(*(markdown(source(title, rungs=n + 1)) for n, title in enumerate(titles)))
    for old, new in ((1, 2), (2, 3), (1, 3), (2, 2)):
        for part in chain.redline(old, new).parts:
            for run in part.runs:
                if run.kind == "kept" and run.origin is not None:
                    assert {0, 1} <= {r.rung for r in run.origin.candidates}


def test_of_a_declared_base_no_part_is_known() -> None:
    marked = b"# Class Size\n\n1.0 One ~~aide~~ **reader** reads.\n\nBy: Pat Doe\n"
    redline = of(marked).redline("base", 1)
    assert redline.parts == ()


def test_texts_have_no_parts() -> None:
    chain = Chain.from_texts([(LABELS[0], "1.0 One."), (LABELS[1], "1.0 Two.")])
    assert chain.redline(1, 2).parts == ()


def test_page_numbers_are_no_difference_and_what_is_on_every_page_stands_once() -> None:
    def paged(footer: str, pages: int) -> bytes:
        sheets = [f"{n}.0 Rooms open at eight.\n\n{footer}\n\nPage {n} of {pages}\n"
                  for n in range(1, pages + 1)]  # fmt: skip
        return "\f".join(sheets).encode()

    chain = of(paged("Draft of May", 3), paged("Draft of May", 2), paged("Draft of June", 2))
    assert "furniture" not in chain.redline(1, 2).differs


def test_the_ladder_is_marked_and_not_counted() -> None:
    chain = of(markdown(source()), markdown(source(rungs=2)))
    shown = list(terminal.lines(chain.redline(1, 2), Screen()))
    assert shown[-2:] == ["The two texts are the same.", "The ladder has 1 rung more."]
    back = list(terminal.lines(chain.redline(2, 1), Screen()))
    assert any(line.startswith("[-ladder-]") and LABELS[1] in line for line in back)
    assert back[-1] == "The two texts are the same."


def test_what_only_text_can_be_marked_in_is_told() -> None:
    chain = of(word(source()), word(source("Class Sizes", who="Kim Roe")), name="a.docx")
    redline = chain.redline(1, 2)
    assert not_marked(redline) == (
        "Only the clause text is compared and marked; not the same on both papers, and not marked: "
        "the title block and the signature block."
    )
    assert cautions(redline) == []


@pytest.mark.parametrize("ending", ["md", "critic.md", "txt"])
@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("# Title One\n", "# Title Two\n", "[-One-] {+Two+}"),
        (
            "Dear all,\n\nsee you Monday.\n",
            "Dear all,\n\nsee you Friday.\n",
            "[-Monday-] {+Friday+}",
        ),
        ("12,34\n", "12,4\n", "[-12,34-] {+12,4+}"),
        ("By: Pat Doe\nDate: 1-5-25\n", "By: Kim Roe\nDate: 1-5-25\n", "[-Pat Doe-] {+Kim Roe+}"),
        (
            "RTA Proposal 1-5-25\n",
            "RTA Proposal 1-6-25\n",
            "ladder  RTA Proposal 1-[-5-]{+6+}-25",
        ),
        ("# A\n\n## B\n\nText stays.\n", "# A\n\n## C\n\nText stays.\n", "[-B-] {+C+}"),
    ],
)
def test_loose_files_need_neither_clause_nor_label(
    old: str, new: str, seen: str, ending: str, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.{ending}" for name in ("old", "new")]
    for path, said in zip(paths, (old, new), strict=True):
        path.write_text(said, encoding="utf-8")
    found = CliRunner().invoke(cli, ["redline", *map(str, paths)])
    assert found.exit_code == 0, found.output
    assert seen in found.output.replace("(2)", "")
    for ended in ("html", "docx", "json"):
        out = tmp_path / f"x.{ended}"
        made = CliRunner().invoke(cli, ["redline", *map(str, paths), "-o", str(out)])
        assert made.exit_code == 0, made.output


TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@given(st.lists(TITLES, min_size=2, max_size=4), st.data())
def test_the_parts_are_exact_both_ways(titles: list[str], data: st.DataObject) -> None:
    held = [
        (f"RTA Proposal {n}-5-25", Paper("markdown", (Run("kept", "1.0 One."),), title=(title,)))
        for n, title in enumerate(titles, start=1)
    ]
    ends = st.integers(1, len(titles))
    old, new = data.draw(ends), data.draw(ends)
    redline = Chain.from_papers(held).redline(old, new)
    part = next(part for part in redline.parts if part.kind == "title")
    texts = ["".join(run.text for run in part.runs if run.in_old),
             "".join(run.text for run in part.runs if run.in_new)]  # fmt: skip
    assert [one.split() for one in texts] == [titles[old - 1].split(), titles[new - 1].split()]
