"""Pages: what a page, a mail or a margin put into a text changes no word of it."""

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Paper, PaperError, read
from bargaining.readers.pages import words_of
from bargaining.text.clauses import clauses
from bargaining.text.words import cut
from documents import cell, document, p, r, row, table
from effort import growth

CLEAN = """Seed Library

1.0 The branch keeps a seed library open for one hour after the last bell on every day in spring.

2.0 Seeds are labelled by the borrowers, and returned in the autumn of the year that follows.

3.0 The committee meets monthly.
"""
LABEL = "Riverbend Proposal 3-3-25"


def paper_of(text: str, *, known: str = "", name: str = "x.txt") -> Paper:
    return read(text.encode(), name=name, known=words_of(known))


def keys(paper: Paper) -> tuple[str, ...]:
    return cut(paper.text).keys


def addresses(paper: Paper) -> list[str]:
    return [clause.address for clause in clauses(paper.text)]


def left_out(paper: Paper) -> list[str]:
    return [part.text for part in paper.parts if part.kind == "furniture"]


WRAPPED = "\n".join(
    "\n".join(textwrap.wrap(line, 60, break_on_hyphens=False)) for line in CLEAN.split("\n")
)
WANTED = keys(paper_of(CLEAN))


def numbered(lines: list[str], first: int = 1, form: str = "{:>3}  {}") -> str:
    return "\n".join(form.format(n, line).rstrip() for n, line in enumerate(lines, first))


@pytest.mark.parametrize("form", ["{:>3}  {}", "{} {}", "{:<4}{}", "{}\t{}", "   {}   {}"])
@pytest.mark.parametrize("first", [1, 27])
def test_numbers_in_the_margin_are_left_out(form: str, first: int) -> None:
    head, *lines = WRAPPED.split("\n")
    paper = paper_of("\n".join([head, numbered(lines, first, form)]))
    assert keys(paper) == WANTED
    assert left_out(paper)[:2] == [str(first), str(first + 1)]
    assert [clause.address for clause in clauses(paper.text)] == ["1.0", "2.0", "3.0"]


def test_numbers_in_the_right_margin_are_left_out() -> None:
    lines = [line for line in WRAPPED.split("\n") if line]
    text = "\n".join(f"{line:<66}{n:>3}" for n, line in enumerate(lines, 1))
    assert keys(paper_of(text)) == keys(paper_of("\n".join(lines)))
    assert left_out(paper_of(text)) == [str(n) for n in range(1, len(lines) + 1)]


@pytest.mark.parametrize(
    "text",
    [
        "Preamble      1\nRecognition      2\nHours      3\nLeaves      4\nTerm      5",
        "1. Preamble      1\n2. Recognition      2\n3. Hours      3\n4. Leaves      4",
        "keys      4\nlamps      3\nbells      2\ndoors      1",
        "2025 two percent\n2026 three percent\n2027 four percent\n2028 five percent",
        "two percent in   2025\nThree in   2026\nfour in   2027\nfive in   2028",
        "1 keys lie\n2 doors close\n3 lamps burn\n4 bells ring",
    ],
)
def test_numbers_of_a_table_are_none_of_a_margin(text: str) -> None:
    rest = "Gates open.\n\nBells ring.\n\nLamps burn.\n\nKeys lie."
    found = paper_of(f"Lists\n\n1.0 Doors close.\n\n{rest}\n\n{text}\n")
    assert left_out(found) == []


@pytest.mark.parametrize("sign", [*"•▪◦●■➢\uf0b7\uf0a7-*"])
@pytest.mark.parametrize("gap", [" ", "   ", "\t"])
def test_bullets_of_all_fonts_are_one(sign: str, gap: str) -> None:
    text = "1.0 The list:\n- one key for each\ndoor\n- two lamps\n\n2.0 Doors close."
    found = paper_of("Keys\n\n" + text.replace("- ", f"{sign}{gap}"))
    assert keys(found) == keys(paper_of(f"Keys\n\n{text}"))
    assert addresses(found) == ["1.0", "2.0"]


def test_numbers_that_start_again_on_each_page_are_left_out() -> None:
    head, *lines = WRAPPED.split("\n")
    pages = [numbered(lines[:5]), "Page 1 of 2", numbered(lines[5:])]
    assert keys(paper_of("\n".join([head, *pages]))) == WANTED


@pytest.mark.parametrize(
    "text",
    [
        "Keys\n\n1 Doors close.\n2 Gates close.\n3 Lamps burn.\n4 Tools stay.\n",
        "Keys\n\n1. Doors close.\n2. Gates close.\n3. Lamps burn.\n4. Tools stay.\n",
        "Keys\n\n1.0 Rates:\n\n1 year 5\n2 years 6\n",
        "Keys\n\n1.0 The term is\n3 years for all.\n\n2.0 Keys stay.\n",
    ],
)
def test_numbers_of_clauses_are_none_of_a_margin(text: str) -> None:
    assert left_out(paper_of(text)) == []


@pytest.mark.parametrize(
    "footer",
    [
        "Page {} of 2",
        "page {}",
        "{}/2",
        "- {} -",
        "| {} |",
        "{} of 2",
        f"{LABEL}    Page {{}} of 2",
    ],
)
@pytest.mark.parametrize("head", ["Seed Library", ""])
@pytest.mark.parametrize("feed", ["\f", ""])
def test_headers_and_footers_in_a_sentence_are_left_out(footer: str, head: str, feed: str) -> None:
    lines = WRAPPED.split("\n")
    middle = [f"{footer.format(1)}", f"{feed}{head}"]
    text = "\n".join([*lines[:3], "", *middle, "", *lines[3:], footer.format(2)])
    paper = paper_of(text)
    assert keys(paper) == WANTED
    assert "last bell\non every" in paper.text or "\n\non" not in paper.text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("So agreed.", "1.0 Doors close.\n\n{}\n\n2.0 Gates close.\n\n{}"),
        ("[No change]", "1.0 Doors\n\n{}\n\n2.0 Gates\n\n{}"),
        ("[No change]", "1.0 {}\n2.0 {}\na. {}\n3.0 {}\na. {}"),
        ("1.0 Doors", "{}\nclose\nat night\n{}\nat noon"),
        ("$100 per day", "1.0 A teacher gets\n{}\nand a coach gets\n{}\nin each year."),
        ("with the consent of all", "1.0 Gates open\n{}\nand close\n{}\nat night."),
        ("Eligibility", "1.0 Keys\n\n{}\n\nAll.\n\f2.0 Doors\n\n{}\n\nNone.\n\f3.0 End."),
        ("The District pays all.", "1.0 Keys\n{}\nPage 1 of 2\n2.0 Doors\n{}\nPage 2 of 2"),
        ("Doors<!-- This is text. -->", "1.0 Keys\n\n{}\n\nand\n\n{}\n\nlocks."),
    ],
)
def test_a_line_that_comes_again_in_the_text_stays(line: str, text: str) -> None:
    paper = paper_of(f"Keys\n\n{text.replace('{}', line)}\n")
    assert not [one for one in left_out(paper) if not one.startswith("Page")]
    assert paper.text.count(line) == text.count("{}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("announced by November", "1."),
        ("announced by November", "1, and"),
        ("announced by November", "15th, and posted."),
        ("as said in Section", "3.1(a) of this paper."),
        ("as said in Article", "12."),
        ("by §", "4."),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n    ", "\n\n\f"])
def test_a_number_goes_with_the_words_before_it(before: str, after: str, gap: str) -> None:
    found = paper_of(f"Keys\n\n1.0 Lists are {before}{gap}{after}\n\n2.0 Doors close.\n")
    assert f"{before} {after}" in found.text
    assert addresses(found) == ["1.0", "2.0"]


@pytest.mark.parametrize(
    "text",
    [
        "1. Lists are made in May\n2. Doors close in June\n3. Gates open in July",
        "1. As said in this Article\n2. Doors close",
        "1. The Committee may\n2. close doors",
    ],
)
def test_an_item_stays_one_whatever_stands_before_it(text: str) -> None:
    assert len(addresses(paper_of(f"Keys\n\n{text}\n"))) == text.count("\n") + 1


@pytest.mark.parametrize("sign", ["> ", ">", ">> ", "> > "])
@pytest.mark.parametrize("name", ["x.txt", "x.md"])
def test_signs_of_quotation_are_left_out(sign: str, name: str) -> None:
    text = "\n".join(f"{sign}{line}".rstrip() for line in WRAPPED.split("\n"))
    paper = paper_of(f"On Monday Ana Ruiz wrote:\n{text}", name=name)
    assert keys(paper) == WANTED
    assert "On Monday Ana Ruiz wrote:" in left_out(paper)


# Words divided at the ends of lines.


@pytest.mark.parametrize(
    ("left", "right", "known", "word", "doubted"),
    [
        ("read-", "ing room", "reading", "reading", False),
        ("well-", "being", "well-being", "well-being", False),
        ("off-", "ice", "an office", "office", False),
        ("agree-", "ment", "", "agreement", False),
        ("confir-", "mation", "", "confirmation", False),
        ("re\u00ad", "turned", "", "returned", False),
        ("re\u0002", "turned", "", "returned", False),
        ("self-", "insured", "", "self-insured", True),
        ("seed-", "ling", "", "seedling", True),
        ("green-", "house", "green house", "green-house", True),
        ("re-", "sign", "resign re-sign", "resign", True),
    ],
)
def test_divided_words_are_joined_on_evidence(
    left: str, right: str, known: str, word: str, doubted: bool
) -> None:
    paper = paper_of(f"Keys\n\n1.0 There is {left}\n{right} today.\n", known=known)
    assert word in re.split(r"[ \n]", paper.text)
    doubts = [doubt for doubt in paper.doubts if doubt.kind == "divided-word"]
    assert len(doubts) == doubted
    assert all(paper.text[doubt.start : doubt.end] == word for doubt in doubts)
    assert [part.line for part in paper.parts if part.kind == "joined"] == [3]


@pytest.mark.parametrize("text", ["Monday-\nFriday", "2024-\n25", "all -\nof them", "and/or-\n- x"])
def test_other_hyphens_at_the_end_of_a_line_stay(text: str) -> None:
    assert text in paper_of(f"Keys\n\n1.0 It is {text} today.\n").text


@pytest.mark.parametrize(
    ("text", "word", "doubted"),
    [
        ("The day-to-\nday work as of today.", "day-to-day", True),
        ("A trade-\nmission goes.", "trademission", True),
        ("THE AGREE-\nMENT BINDS. An agreement.", "AGREEMENT", False),
        ("All pre-\nand post-tests.", "pre-\nand", False),
    ],
)
def test_words_of_several_and_in_capitals(text: str, word: str, *, doubted: bool) -> None:
    found = paper_of(f"Keys\n\n1.0 {text}\n")
    assert word in found.text
    assert bool([d for d in found.doubts if d.kind == "divided-word"]) == doubted


def test_signs_of_comparison_in_a_sentence_stay() -> None:
    text = "1.0 It applies where enrollment is\n> 30 pupils, or\n> 32 pupils in all."
    assert paper_of(f"Keys\n\n{text}\n").text == text


def test_a_word_divided_over_two_pages_is_joined() -> None:
    text = "Keys\n\n1.0 All borrow-\n\nPage 1 of 2\nKeys\n\ners stay here.\n\nPage 2 of 2\n"
    assert "borrowers stay" in paper_of(text).text


# Two columns.


def test_two_columns_are_refused_with_their_line() -> None:
    left = "the branch keeps a seed library open in each spring of every year".split()
    rows = [f"{' '.join(left[n % 8 : n % 8 + 5]):<40}    {' '.join(left[:6])}" for n in range(14)]
    with pytest.raises(PaperError, match="two columns") as error:
        paper_of("Keys\n\n" + "\n".join(rows))
    assert "Line 3" in str(error.value)


LEFT = [
    "1.0 The branch opens on each",
    "day of the week that the",
    "board names for it in the",
    "spring of a year.",
]
RIGHT = [
    "3.0 The branch keeps all of the",
    "seeds in a dry room, where they",
    "are counted once in a month by",
    "the clerk.",
]


@pytest.mark.parametrize("gutter", ["     ", "          ", "\t", "\t\t"])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_short_columns_are_refused_whatever_is_between_them(gutter: str, times: int) -> None:
    wide = "" if "\t" in gutter else 30
    rows = [f"{left:<{wide}}{gutter}{right}" for left, right in zip(LEFT, RIGHT, strict=True)]
    with pytest.raises(PaperError, match="two columns") as error:
        paper_of("Keys\n\n" + "\n".join(rows * times))
    assert "Line 3" in str(error.value)


SIDES = (
    "Seed libraries stay open for one hour in spring.",
    "Seed libraries stay open for two hours in spring.",
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Current Language", "Proposed Language"),
        ("Current", "Guild Proposal"),
        ("**Existing contract language**", "**Guild Counter 3-3-25**"),
        ("CCL", "Proposed"),
        ("Status Quo", "New Language"),
        ("Base", "District Counter-Proposal"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_current_beside_proposed_language_is_refused(old: str, new: str, turned: bool) -> None:
    rows = [(old, new), SIDES, SIDES]
    rows = [row[::-1] for row in rows] if turned else rows
    text = "\n".join(f"| {a} | {b} |" for a, b in (rows[0], ("---", "---"), *rows[1:]))
    with pytest.raises(PaperError, match="the text of no paper") as error:
        paper_of(f"Keys\n\n{text}\n", name="x.md")
    assert str(error.value).startswith("Line 3: ")
    word = document(table([row([cell(p(r(one.strip("*")))) for one in sides]) for sides in rows]))
    with pytest.raises(PaperError, match="the text of no paper"):
        read(word, name="x.docx")


@pytest.mark.parametrize(
    "rows",
    [
        [("Current rate", "Proposed rate"), ("$20.00", "$21.00"), ("$30.00", "$31.50")],
        [("Current", "New"), ("12", "14"), ("three days", "four days")],
        [("Step", "Language"), ("one", "The first of them is paid in June.")],
        [("School", "Proposed use of the new hall by all"), SIDES],
    ],
)
def test_a_table_that_is_text_is_read(rows: list[tuple[str, str]]) -> None:
    text = "\n".join(f"| {a} | {b} |" for a, b in rows)
    paper = paper_of(f"Keys\n\n1.0 This is so:\n\n{text}\n\n2.0 Doors.\n", name="x.md")
    assert rows[1][1] in paper.text


def test_tables_and_signatures_side_by_side_are_no_columns() -> None:
    table = "\n".join(f"Step {n}          {n * 1000}" for n in range(1, 14))
    names = "For the Union ________      For the District ________"
    assert "Step 3" in paper_of(f"Keys\n\n1.0 Steps:\n\n{table}\n\n{names}\n").text


@given(
    width=st.integers(30, 90),
    margin=st.booleans(),
    quoted=st.booleans(),
    page=st.sampled_from([0, 4, 6]),
    indent=st.sampled_from(["", "    "]),
)
def test_no_setting_changes_a_word_or_a_clause(
    width: int, margin: bool, quoted: bool, page: int, indent: str
) -> None:
    title, _, rest = CLEAN.partition("\n\n")
    lines = [
        f"{indent}{line}".rstrip()
        for paragraph in rest.split("\n")
        for line in textwrap.wrap(paragraph, width, break_on_hyphens=False) or [""]
    ]
    lines = numbered(lines).split("\n") if margin else lines
    found = []
    for n, line in enumerate(lines):
        if page and n and n % page == 0:
            found += ["", f"Page {n // page} of {len(lines) // page + 1}", f"\f{title}", ""]
        found.append(line)
    text = "\n".join([title, "", *found])
    text = "\n".join(f"> {line}" for line in text.split("\n")) if quoted else text
    paper = paper_of(text)
    assert keys(paper) == WANTED
    assert [clause.address for clause in clauses(paper.text)] == ["1.0", "2.0", "3.0"]


@pytest.mark.parametrize(
    "piece",
    ["> x\n", "1 x\n", "borrow-\ners\n", "Keys\n\f", "a   b\n", "5 x\n\n", "x", "-", "x-", "\t"],
)
def test_what_pages_put_there_is_read_in_time_that_grows_with_the_text(piece: str) -> None:
    text = "Keys\n\n1.0 x\n"
    assert growth(lambda n: lambda: paper_of(text + piece * n), 1_000) < 2.5


@pytest.mark.parametrize(
    ("line", "stays"),
    [("page 12", True), ("5 of 6", True), ("- 14 -", True), ("| 9 |", True), ("Page 7 of 9", True),
     ("-2-", False), ("Page 1 of 2", False), ("page 2", False), ("| 3 |", False)],
)  # fmt: skip
def test_what_is_like_a_page_number_in_a_sentence_is_said(line: str, stays: bool) -> None:
    text = f"Keys\n\n1.0 The branch opens as told on\n{line}\nof its own rules.\n\n2.0 Seeds.\n"
    for name in ("x.md", "x.txt"):
        paper = paper_of(text, name=name)
        assert (line.strip("| ") in paper.text) is stays
        assert [(doubt.kind, doubt.line) for doubt in paper.doubts] == [("page-number", 4)]


def test_page_numbers_in_a_row_are_left_out_and_not_doubted() -> None:
    pages = "".join(f"of the rules that are\nPage {n} of 3\n" for n in (1, 2, 3))
    paper = paper_of(f"Keys\n\n1.0 The branch opens\n{pages}kept.\n\n2.0 Seeds.\n")
    assert "Page" not in paper.text
    assert not paper.doubts


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("1.0 Each notice that is\nsent from my office\nis in writing.", ""),
        ("1.0 Keys.\n\nAna\nSent from my iPhone", "Sent from my iPhone"),
        ("1.0 Keys.\n\nOn June 3, 2024 the arbitrator wrote:\n\nKeys are kept.", ""),
        (
            "On Jun 3, 2024, at 4:15 PM, Ana Vale <ana@example.org> wrote:\n\n1.0 Keys.",
            "On Jun 3, 2024, at 4:15 PM, Ana Vale <ana@example.org> wrote:",
        ),
    ],
)
def test_what_only_sounds_like_a_mail_stays(text: str, header: str) -> None:
    paper = paper_of(f"Keys\n\n{text}\n\n2.0 Seeds.\n")
    assert [part.text for part in paper.parts if part.kind == "header"] == [header] * bool(header)
    if not header:
        assert text.rpartition("\n")[2] in paper.text
