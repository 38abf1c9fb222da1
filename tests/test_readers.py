"""The door of the library: what is refused, and what a whole paper says.

The papers in `papers/` are invented; beside each stands, as `.said.txt`, what the reader says of
it. When a reader is meant to say something else, write them anew and look at every line that
changed:

    WRITE_SAID=1 pytest tests/test_readers.py && git diff tests/papers
"""

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bargaining import Paper, PaperError, read
from bargaining.readers import INSERTED_BY, MAX_BYTES, READERS, can_read, markup
from bargaining.text.clauses import clauses

PAPERS = sorted((Path(__file__).parent / "papers").glob("*.md"))
SIGNS = {"kept": "{}", "struck": "[-{}-]", "inserted": "{{+{}+}}", "dropped": "[-{{+{}+}}-]"}
FORMATS = [reader.name for reader in READERS]


# The door


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The paper holds no clause text."),
        ("\u00a0\u2003".encode(), "The paper holds no clause text."),
        (b"1.0 A key.\n2.0 A\0door.", "Line 2 holds a NUL: the file is binary."),
        ("1.0 A key.".encode("utf-16-le"), "Line 1 holds a NUL: the file is binary."),
        ("1.0 A key.".encode("utf-16"), "The file is in UTF-16."),
        (b"\xfe\xff\x001", "The file is in UTF-16."),
        (b"%PDF-1.7\n1.0 A key.", "The file is a PDF document."),
        (b"PK\x03\x04...", "The Word document is damaged: its zip ends early or is broken."),
        (b"\xd0\xcf\x11\xe0...", "The file is an old Word document."),
        (b"\x89PNG\r\n\x1a\n", "The file is a picture."),
        (b"\xff\xd8\xff\xe0", "The file is a picture."),
        (b"SQLite format 3\0", "The file is a SQLite database."),
        ("1.0 A\n\n2.0 Café".encode("latin-1"), "Line 3 is not UTF-8 (byte 0xe9)."),
        ("1.0 A\r\n\r\n2.0 Café".encode("latin-1"), "Line 3 is not UTF-8 (byte 0xe9)."),
        ("1.0 A\r\r2.0 Café".encode("latin-1"), "Line 3 is not UTF-8 (byte 0xe9)."),
        (b"1.0 A \x93key\x94.", "Line 1 is not UTF-8 (byte 0x93)."),
        (b"1.0 A\n2.0 \xed\xa0\x80 B", "Line 2 is not UTF-8 (byte 0xed)."),
        (b"1.0 A\n2.0 \xc0\x80 B", "Line 2 is not UTF-8 (byte 0xc0)."),
        (b"1.0 A \xe2\x80", "Line 1 is not UTF-8 (byte 0xe2)."),
        (b"1" * (MAX_BYTES + 1), "The file is larger than 16 MiB, the most that is read."),
        (b"Guild\n\nDate\n", "The paper holds no clause text."),
        (b"Guild Proposal 1-14-25\nGuild Counter 2-4-25\n", "The paper holds no clause text."),
        (b"---\n\n12\n", "The paper holds no clause text."),
        (b"<!-- nothing yet -->", "The paper holds no clause text."),
        (b"&#32; <b></b>", "The paper holds no clause text."),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_what_cannot_be_read_is_refused_in_one_line_with_a_hint(data: bytes, message: str) -> None:
    with pytest.raises(PaperError) as refused:
        read(data)
    assert str(refused.value) == message
    assert refused.value.hint.endswith(".")
    assert "\n" not in str(refused.value) + refused.value.hint


def test_an_unknown_format_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(PaperError, match=r"^There is no format “pdf”\.$") as refused:
        read(b"1.0 A key.", format="pdf")
    assert refused.value.hint == f"The formats are {', '.join(FORMATS)}."


@pytest.mark.parametrize("inserted_by", [["bold", "italic"], "bold"])
def test_an_unknown_mark_is_refused_and_the_known_ones_are_named(inserted_by: list[str]) -> None:
    with pytest.raises(PaperError, match=r"^There is no mark “(italic|b)”\.$") as refused:
        read(b"1.0 A **key**.", inserted_by=inserted_by)
    assert refused.value.hint == f"The marks are {', '.join(INSERTED_BY)}."


@pytest.mark.parametrize("data", [b"1" * 2000 + b" key", b"\xef\xbb\xbf1.0 A key.", b"x"])
def test_what_is_text_is_read(data: bytes) -> None:
    assert read(data).text == data.decode("utf-8-sig")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_ends_of_every_system_read_alike(end: str) -> None:
    source = "# Keys\n\n1.0 A ~~b\nc~~ d\n\nGuild Proposal 1-14-25\n\nGuild\nDate\n"
    assert read(source.replace("\n", end).encode()) == read(source.encode())


@pytest.mark.parametrize(
    ("name", "format_", "expected"),
    [
        ("", None, "markdown"),
        ("paper", None, "markdown"),
        ("paper.md", None, "markdown"),
        ("Paper.MARKDOWN", None, "markdown"),
        ("paper.critic.md", None, "criticmarkup"),
        ("paper.txt", None, "text"),
        ("paper.txt", "markdown", "markdown"),
        ("paper.md", "text", "text"),
        ("paper.md", "criticmarkup", "criticmarkup"),
    ],
)
def test_the_format_goes_by_the_ending_unless_it_is_said(
    name: str, format_: str | None, expected: str
) -> None:
    assert read(b"1.0 A ~~key~~.", name=name, format=format_).format == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.0 A {++key++}.", "criticmarkup"),
        ("1.0 A {--key--}.", "criticmarkup"),
        ("1.0 A {~~key~>door~~}.", "criticmarkup"),
        ("1.0 A {++key.\n\n2.0 B++}", "criticmarkup"),
        ("1.0 A {++key.", "markdown"),
        ("1.0 A key++}, {++door.", "markdown"),
        ("1.0 A {~~key~~}.", "markdown"),
        ("1.0 A {key} [door](#).", "markdown"),
    ],
)
def test_markdown_that_holds_criticmarkup_is_read_as_that(text: str, expected: str) -> None:
    assert read(text.encode(), name="paper.md").format == expected


def test_endings_of_papers_are_known() -> None:
    assert all(can_read(name) for name in ("a.md", "A.MD", "a.critic.md", "a.txt"))
    assert not any(can_read(name) for name in ("a.pdf", "md", "a.md.bak", ""))


# Whole papers


def said(paper: Paper) -> Iterator[str]:
    """Everything that a paper says, as lines for people."""
    yield f"format: {paper.format}"
    yield "\ntitle:"
    yield from (f"  {line}" for line in paper.title)
    yield "\nladder:"
    yield from (f"  {rung}" for rung in paper.ladder)
    yield f"\nclauses: {', '.join(clause.address for clause in clauses(paper.text))}"
    yield "\ntext:\n"
    yield "".join(SIGNS[run.kind].format(run.text) for run in paper.runs)
    yield "\nleft out of the text:"
    yield from (f"  line {part.line}, {part.kind}: {part.text!r}" for part in paper.parts)
    yield "\ndoubts:"
    for doubt in paper.doubts:
        yield f"  line {doubt.line}, {doubt.kind}: {doubt.message}"
        yield f"    on {paper.text[doubt.start : doubt.end]!r}"


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_a_whole_paper_says_what_is_on_file_beside_it(path: Path) -> None:
    now = "\n".join(said(read(path.read_bytes(), name=path.name))) + "\n"
    beside = path.with_name(path.name.removesuffix(".md") + ".said.txt")
    if os.environ.get("WRITE_SAID"):
        beside.write_text(now, encoding="utf-8")
    assert now == beside.read_text(encoding="utf-8")


# Any bytes, any text


def assert_paper_holds_together(paper: Paper, source: str) -> None:
    runs = paper.runs
    assert all(run.text for run in runs)
    assert all(one.kind != two.kind for one, two in pairwise(runs))
    assert paper.text == "".join(r.text for r in runs if r.kind in {"kept", "inserted"})
    if paper.is_marked:
        assert paper.base_text == "".join(r.text for r in runs if r.kind in {"kept", "struck"})
    lines = len(source.split("\n"))
    for doubt in paper.doubts:
        assert 0 <= doubt.start <= doubt.end <= len(paper.text)
        assert 0 <= doubt.line <= lines
        assert doubt.message
        assert "\n" not in doubt.message
    assert all(1 <= part.line <= lines for part in paper.parts)


MARKDOWN_ISH = [
    *("~~", "**", "***", "__", "*", "++", "<u>", "</u>", "<s>", "</s>", "<b>", "<ins>", "</ins>"),
    *("{++", "++}", "{--", "--}", "{~~", "~>", "~~}", "{>>", "<<}", "{==", "==}", "<!--", "-->"),
    *("\n", "\n\n", "\n- ", "\n1. ", "\n2.0 ", "\na. ", "\n# ", "  \n", "\\", "\\\n", "<br>", "\f"),
    *(" ", " ", " ", ".", ",", ":", "(", ")", '"', "’", "–", "&amp;", "&", "1", "12", "____"),
    *("a", "the", "The", "Key", "shall", "Date", "---", "by", "Page 1 of 2", "e.g.", "é", "😀"),
    *("\nGuild Proposal 1-14-25\n", "\nGuild Counter 2-4-25\n", "\nGuild Counter\n"),
]  # fmt: skip


def read_or_refuse(data: bytes, **settings: str | list[str]) -> Paper | str:
    try:
        return read(data, **settings)  # type: ignore[arg-type]
    except PaperError as error:
        return str(error)


@given(
    st.binary(max_size=80) | st.text(max_size=80).map(str.encode),
    st.sampled_from(FORMATS),
)
@example(b"\xed\xa0\x80", "markdown")
@example(b"{~~a~>b", "criticmarkup")
def test_any_bytes_are_a_paper_or_refused(data: bytes, format_: str) -> None:
    found = read_or_refuse(data, format=format_)
    if isinstance(found, Paper):
        source = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        assert_paper_holds_together(found, source)


@given(
    st.lists(st.sampled_from(MARKDOWN_ISH), max_size=40).map("".join),
    st.sampled_from(FORMATS),
    st.none() | st.lists(st.sampled_from(INSERTED_BY), unique=True),
)
def test_any_markup_is_read_soundly_and_the_same_each_time(
    source: str, format_: str, inserted_by: list[str] | None
) -> None:
    settings = {"format": format_} | ({} if inserted_by is None else {"inserted_by": inserted_by})
    found = read_or_refuse(source.encode(), **settings)
    if isinstance(found, Paper):
        assert_paper_holds_together(found, source)
    assert read_or_refuse(source.encode(), **settings) == found


@given(st.text(alphabet=st.characters(exclude_categories=["C"]), min_size=1, max_size=60))
def test_plain_text_in_a_clause_comes_out_as_it_went_in(text: str) -> None:
    line = " ".join(text.split())
    paper = read(f"1.0 The key: {line} is kept.".encode(), format="text")
    assert paper.text == f"1.0 The key: {line} is kept."


HOSTILE = 200_000


@pytest.mark.parametrize("pattern", ["**a ", "~~", "<u>", "{++", "[", "1. a. "])
def test_long_rows_of_signs_are_read(pattern: str) -> None:
    paper = read(("1.0 The key. " + pattern * (HOSTILE // len(pattern))).encode())
    assert len(clauses(paper.text).clauses) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "~~a",
            "~~a~~ ",
            "~~a~~ b ",
            "~~-~~, ",
            "~~a~~ **b** c ",
            "**~~a~~** ",
            "++a ",
            "*a ",
            "*",
        ),
        *("~~a **b** c~~ ", "{~~", "{~~a~>", "{~~a~>b~~} ", "{--", "{>>", "{>>a<<}", "<!--", "~>"),
        *("**A.** b\n\n", "**A\\!:** b\n\n", "**a**\n", "- ~~a. b~~\n", "~~a~~\n\n", "<br>", "\\"),
        *(
            "A B\n",
            "Date\n",
            "a\n",
            "1. a.\n",
            "a.\ni.\n",
            "1.\n",
            "1.1.",
            "Article 5\n\n",
            "ab\n\n",
        ),
        *("Guild Counter\n", "Guild Counter 1-2-25\n", "Guild Counter 1-2-25\nA key.\n", "page 1 "),
        *(
            "&",
            "12\n",
            "12\n---\n",
            "&amp;",
            "|",
            "<",
            "<a",
            "<u><s>",
            "- ",
            "-",
            "_",
            "# ",
            " ,",
            " ",
            "a",
            "\n",
            "\f",
            "'",
        ),
    ],
)
@pytest.mark.parametrize("around", ["1.0 ~~x~~ {}y.", "{}x", "1.0 x.\n\n{}"])
def test_hostile_papers_are_read_in_reasonable_time(pattern: str, around: str) -> None:
    found = read_or_refuse(around.format(pattern * (10_000 // len(pattern))).encode())
    if isinstance(found, Paper):
        assert len(max((c.address for c in clauses(found.text)), key=len)) < 80


@pytest.mark.parametrize("format_", ["markdown", "criticmarkup", "text"])
def test_more_lines_than_are_read_are_refused(
    format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup, "_MOST_LINES", 5)
    assert read(b"1.0 Text\n\n2.0 Text\n\n", format=format_).text
    with pytest.raises(PaperError, match="more than 5 lines"):
        read(b"1.0 Text\r\n\r\n2.0 Text\r\n\n\n", format=format_)
