"""Layout: title, ladder, signatures and furniture are told apart from clauses, and nothing is lost.

All papers, parties and names in here are invented.
"""

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Paper, read
from bargaining.labels import Label, read_label
from bargaining.readers import layout

TITLE = (
    "Memorandum of Understanding",
    "Lakeside College and Faculty Guild",
    "Studio Keys and Access",
)
LADDER = ("Guild Proposal 1-14-25", "College Counter 2-11-25", "Guild Verbal Counter 3-4-25")
PREAMBLE = "This agreement settles who holds keys to the studios."
TERM = "This agreement is in effect through May 31, 2027."
CLAUSES = """\
1.0 The College shall issue a key to each studio instructor in the first week.

- a. A lost key shall be reported within two (2) days.
- b. The College shall replace a lost key without charge, up to one
  key in each year.
- c. Keys shall be returned at the end of the term.

2.0 The studios shall stay open until ten in the evening.
"""
CLAUSE_TEXT = re.sub(r"(?m)^- ", "", CLAUSES).strip()


def paper_of(*blocks: str) -> Paper:
    return read("\n\n".join(blocks).encode(), name="paper.md")


def parts_of(paper: Paper, kind: str) -> list[tuple[int, str]]:
    return [(part.line, part.text) for part in paper.parts if part.kind == kind]


def words_of(text: str) -> list[str]:
    return sorted(re.findall(r"[^\W_]+", text))


def assert_nothing_is_lost(source: str) -> None:
    paper = read(source.encode(), name="paper.md")
    kept = [run.text for run in paper.runs] + [part.text for part in paper.parts]
    assert words_of("\n".join(kept)) == words_of(source)


@pytest.mark.parametrize(
    "block",
    [
        "{}\n\n{}\n\n{}",
        "{}\n{}\n{}",
        "**{}**  \n**{}**  \n**{}**",
        "__{}__\n\n__{}__\n\n__{}__",
        "# {}\n\n## {}\n\n### {}",
        "<b>{}</b>\n<b>{}</b>\n<b>{}</b>",
        "**{}**\\\n**{}**\\\n**{}**",
        "---\n\n{}\n\n{}\n\n{}\n\n---",
        "Page 1 of 3\n\n{}\n{}\n{}",
    ],
)
def test_title_blocks_of_all_forms_are_no_clauses_and_no_insertions(block: str) -> None:
    paper = paper_of(block.format(*TITLE), PREAMBLE, CLAUSES, TERM)
    assert paper.title == TITLE
    assert paper.text == f"{PREAMBLE}\n\n{CLAUSE_TEXT}\n\n{TERM}"
    assert not paper.is_marked
    assert not paper.doubts


@pytest.mark.parametrize("title", ["Article 12 Keys", "ARTICLE 12 – KEYS", "# Article 12. Keys"])
def test_an_article_heading_above_the_first_clause_is_the_title(title: str) -> None:
    paper = paper_of(title, CLAUSES)
    assert paper.text == CLAUSE_TEXT
    assert paper.title == (title.removeprefix("# "),)


def test_a_sentence_before_the_first_clause_is_no_title() -> None:
    paper = paper_of("Keys", "The Parties Agree As Follows:", CLAUSES)
    assert paper.title == ("Keys",)
    assert paper.text == f"The Parties Agree As Follows:\n\n{CLAUSE_TEXT}"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Keys\nDoors\nLocks", "Keys\nDoors\nLocks"),
        ("# Keys", "Keys"),
        ("**Keys**\n\n**Doors**", "Keys\n\nDoors"),
        ("Keys\n\nGuild Proposal 1-14-25", "Keys"),
    ],
)
def test_a_paper_of_title_lines_alone_still_has_text(source: str, text: str) -> None:
    paper = read(source.encode())
    assert paper.text == text
    assert paper.title == ()
    assert_nothing_is_lost(source)


FOOTER = "\n".join(LADDER)


@pytest.mark.parametrize(
    "ladder",
    [
        FOOTER,
        "  \n".join(LADDER),
        "\\\n".join(LADDER),
        "\n\n".join(LADDER),
        "- " + "\n- ".join(LADDER),
        "**" + "**\n**".join(LADDER) + "**",
        "*" + "*\n*".join(LADDER) + "*",
        "<u>" + "</u>\n<u>".join(LADDER) + "</u>",
        f"{FOOTER} Page 2 of 4",
        f"{LADDER[0]}\n{LADDER[1]}\n++{LADDER[2]}++",
    ],
)
def test_a_ladder_is_read_without_its_markup(ladder: str) -> None:
    for source in (f"{CLAUSES}\n{ladder}\n\n{TERM}", f"{CLAUSES}\n{TERM}\n\n{ladder}"):
        paper = read(source.encode(), name="paper.md")
        assert paper.ladder == LADDER
        assert paper.text == f"{CLAUSE_TEXT}\n\n{TERM}"
        assert_nothing_is_lost(source)


def test_the_new_rung_of_a_criticmarkup_paper_is_a_rung() -> None:
    paper = read(b"1.0 A {++key++}.\n\nGuild Proposal 1-14-25\n{++College Counter 2-11-25++}\n")
    assert paper.ladder == LADDER[:2]
    assert paper.text == "1.0 A key."


def test_a_rung_without_a_date_belongs_to_the_ladder_that_it_touches() -> None:
    paper = paper_of(CLAUSES, "Guild Proposal 1-14-25\nCollege Supposal\nGuild Counter 3-4-25")
    assert paper.ladder == ("Guild Proposal 1-14-25", "College Supposal", "Guild Counter 3-4-25")
    assert paper.text == CLAUSE_TEXT


def test_a_sentence_about_a_proposal_is_no_rung() -> None:
    sentence = "The Guild withdraws the Guild Proposal of 1-14-25."
    paper = paper_of(CLAUSES, sentence)
    assert paper.ladder == ()
    assert paper.text == f"{CLAUSE_TEXT}\n\n{sentence}"


@pytest.mark.parametrize("line", range(CLAUSES.count("\n")))
@pytest.mark.parametrize("footer", [FOOTER, f"{FOOTER}\n\n3", f"---\n{FOOTER}\nPage 3 of 4", "\f"])
def test_clauses_read_through_wherever_a_page_ends(line: int, footer: str) -> None:
    lines = CLAUSES.split("\n")
    source = "\n".join([*lines[:line], "", footer, "", *lines[line:]])
    paper = read(source.encode(), name="paper.md")
    assert paper.text.split() == CLAUSE_TEXT.split()
    assert paper.ladder == (() if footer == "\f" else LADDER)
    assert_nothing_is_lost(source)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The College shall issue", "a key to each instructor."),
        ("The College shall issue keys, locks,", "and lamps."),
        ("A key shall be issued by the", "College on request."),
        ("The College shall **issue", "keys** on request."),
        ("- a. A lost key", "shall be reported."),
    ],
)
def test_a_sentence_reads_through_a_page_footer(before: str, after: str) -> None:
    with_footer = paper_of(CLAUSES, before, FOOTER, "2", after)
    assert with_footer.runs == paper_of(CLAUSES, f"{before}\n{after}").runs
    assert with_footer.ladder == LADDER


def test_a_lettered_list_reads_through_a_page_footer() -> None:
    items = [line for line in CLAUSES.split("\n") if line.startswith("- ")]
    source = CLAUSES.replace(items[1], f"\n{FOOTER}\n\n{items[1]}")
    paper = read(source.encode(), name="paper.md")
    assert paper.text == CLAUSE_TEXT
    assert paper.ladder == LADDER


def test_a_new_sentence_after_a_page_footer_is_a_new_paragraph() -> None:
    paper = paper_of(CLAUSES, FOOTER, TERM)
    assert paper.text == f"{CLAUSE_TEXT}\n\n{TERM}"


def test_a_ladder_that_is_the_footer_of_every_page_is_one_ladder() -> None:
    one, two = CLAUSES.split("\n\n2.0")
    paper = paper_of(FOOTER, one, f"{FOOTER}\nPage 1 of 2", f"2.0{two}", f"{FOOTER}\nPage 2 of 2")
    assert paper.ladder == LADDER
    assert paper.text.split() == CLAUSE_TEXT.split()
    assert len(parts_of(paper, "ladder")) == 3 * len(LADDER)
    assert not paper.doubts


@pytest.mark.parametrize(
    "line",
    ["---", "***", "___", "* * *", "=====", "- 12 -", "– 12 –", "Page 12",
     "page 1 of 12", "3 of 12", "| 12 |", "[Page 12]"],
)  # fmt: skip
def test_rules_and_page_numbers_are_furniture(line: str) -> None:
    paper = paper_of(CLAUSES, line, TERM)
    assert paper.text == f"{CLAUSE_TEXT}\n\n{TERM}"
    assert [text for _, text in parts_of(paper, "furniture")] == [line]


@pytest.mark.parametrize("line", ["12", "$500", "3.", "(3)", "50%", "500.", "2025", "§ 12"])
def test_a_short_line_that_may_be_text_is_text(line: str) -> None:
    paper = read(f"1.0 The yearly fee for keys is\n{line}\n\n2.0 The end.".encode())
    assert paper.text == f"1.0 The yearly fee for keys is\n{line}\n\n2.0 The end."


@pytest.mark.parametrize(
    "block",
    [
        "Guild\n\nDate\n\nCollege\n\nDate",
        "GUILD\nDATE\nCOLLEGE\nDATE",
        "---\n\nGuild\n\n---\n\nDate\n\n---\n\nCollege\n\n---\n\nDate",
        "For the Guild:\n\nBy: ______________\n\nFor the College:\n\nBy: ______________",
        "For the Guild\n\n____________________\nRobin Vale\nDate: 3-4-25",
        "Signed:\n\nRobin Vale, President\n\nSam Okoro, Provost\n\nDated: March 4, 2025",
        "Name: Robin Vale\nTitle: President\nSignature: ____________",
        "Guild ______________ College ______________",
        "_____ Robin Vale\n_____ Sam Okoro\n\nInitials",
    ],
)
@pytest.mark.parametrize("ending", [TERM, f"{TERM}\n\n{FOOTER}"])
def test_signature_blocks_of_all_forms_are_no_clauses(block: str, ending: str) -> None:
    source = f"{CLAUSES}\n{ending}\n\n{block}\n"
    paper = read(source.encode(), name="paper.md")
    assert paper.text == f"{CLAUSE_TEXT}\n\n{TERM}"
    assert parts_of(paper, "signature")
    assert_nothing_is_lost(source)


@pytest.mark.parametrize(
    "clause",
    [
        "This agreement may be renewed for another year only\nby mutual agreement of the parties.",
        "The College shall return the deposit on the due\ndate of the return of the key",
        "Keys are issued for the term and shall be\nsigned for",
        "- books\n- keys",
        "2.1 Lost keys",
        "It ends.",
    ],
)
def test_the_last_words_of_a_clause_are_no_signature(clause: str) -> None:
    paper = paper_of(CLAUSES, clause, "Guild\n\nDate\n\nCollege\n\nDate")
    assert paper.text == f"{CLAUSE_TEXT}\n\n{clause}"


def test_names_alone_are_no_signature_block() -> None:
    paper = paper_of(CLAUSES, "Sincerely,\nRobin Vale")
    assert paper.text == f"{CLAUSE_TEXT}\n\nSincerely,\nRobin Vale"


def test_headings_between_clauses_stay_in_the_text() -> None:
    paper = paper_of("# Keys", "1.0 A key.", "## Doors", "2.0 A door.")
    assert paper.text == "1.0 A key.\n\nDoors\n\n2.0 A door."


def test_every_part_names_its_line() -> None:
    source = f"{TITLE[0]}\n\n1.0 A key.\n\n{LADDER[0]}\n\n---\n\nGuild\n\nDate\n"
    paper = read(source.encode(), name="paper.md")
    lines = source.split("\n")
    assert [part.kind for part in paper.parts] == [
        "title", "ladder", "furniture", "signature", "signature",
    ]  # fmt: skip
    assert all(lines[part.line - 1] == part.text for part in paper.parts)


LINES = [
    *(
        *TITLE,
        *LADDER,
        *CLAUSES.split("\n"),
        PREAMBLE,
        TERM,
        "Guild",
        "Date",
        "By: ____",
        "---",
        "7",
    ),
    *("Page 2 of 3", "**Doors.** Are kept.", "~~old~~ new", "**whole bold line**", "# Heading"),
    *("$500", "ladder", "Guild Counter", "1.", "a.", "by noon", "*x*", "++y++ z", "- ", "**", "~~"),
]


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=14))
def test_whatever_the_layout_nothing_is_dropped_in_silence(lines: list[str]) -> None:
    source = "\n".join(["1.0 Text", *lines])
    assert_nothing_is_lost(source)


def test_a_line_of_signs_takes_no_memory_to_be_told_from_a_rule() -> None:
    # What a pattern remembers to go back to is memory, too: 140 bytes for each sign once.
    size = 100_000
    tracemalloc.start()
    read(f"1.0 Text\n{'_' * size}b".encode())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * size


def test_only_a_short_line_is_read_as_a_label(monkeypatch: pytest.MonkeyPatch) -> None:
    # Reading one takes long for its size, and a line beside a ladder is read if it is none.
    tried: list[str] = []

    def noted(text: str) -> Label:
        tried.append(text)
        return read_label(text)

    monkeypatch.setattr(layout, "read_label", noted)
    read(f"1.0 Text\n\nto May re\nGuild Counter 1-2-25\n{'to May re ' * 20}\n".encode())
    assert tried == ["to May re"]


@pytest.mark.parametrize(
    "lines",
    [
        "2.0 The following apply:\n\nPaid Leave\n\nSick Leave\n\nDate: July 1",
        "2.0 The paid holidays are\nLabor Day\nVeterans Day\nName Day",
        "2.0 The paid schools are\nTitle I Schools\nInitial Teachers",
    ],
)
def test_a_list_at_the_end_is_no_signature(lines: str) -> None:
    found = layout.lay_out(f"Keys\n\n1.0 Doors close.\n\n{lines}")
    assert "signature" not in {line.role for line in found}
