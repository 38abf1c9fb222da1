"""Doubts: what a careful reader of one paper would not take for granted, and exactly where."""

import pytest

from bargaining import Doubt, Paper, read


def doubts_of(source: str, kind: str) -> list[tuple[int, str]]:
    """The lines of the doubts of one kind, each with the words that its offsets cover."""
    paper = read(source.encode(), name="paper.md")
    return [(d.line, paper.text[d.start : d.end]) for d in paper.doubts if d.kind == kind]


def kinds_of(paper: Paper) -> list[str]:
    return [doubt.kind for doubt in paper.doubts]


def test_a_paper_that_is_plain_raises_no_doubt() -> None:
    source = b"# Keys\n\n1.0 The aide ~~may~~ **shall** keep **two** keys~~, or more~~.\n"
    assert read(source).doubts == ()


# Struck words whose replacement is not marked


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("A meets ~~once a month~~ twice a year.", "twice a year"),
        ("A ~~meets~~ shall meet twice a year; B may not.", "shall meet twice a year"),
        ("A meets ~~monthly~~ twice a year in May? No.", "twice a year in May"),
        ("A meets ~~monthly~~ “twice a year” in May.", "“twice a year” in May"),
        ("A meets ~~monthly~~ (twice a year) in May.", "(twice a year) in May"),
        ("A meets ~~monthly~~ 2 times.", "2 times"),
        # The words in doubt end with the next mark, too, and without its spacing.
        ("A ~~meets~~ shall meet **twice** a year.", "shall meet"),
        ("A ~~meets~~ shall meet ~~twice~~ **once** a year.", "shall meet"),
        # The end of a line is no end, an abbreviation, a number or a file name neither.
        ("A meets ~~monthly~~ twice\na year. B may not.", "twice\na year"),
        ("A ~~meets~~ shall meet (e.g. in May) twice. B.", "shall meet (e.g. in May) twice"),
        ("A ~~meets~~ shall see Dr. Vale twice. B.", "shall see Dr. Vale twice"),
        ("A ~~meets~~ shall obey No. 5 and Sec. 7. B.", "shall obey No. 5 and Sec. 7"),
        ("A ~~meets~~ shall meet at 3.5 m of the door. B.", "shall meet at 3.5 m of the door"),
        # A strike that ends a sentence which goes on in small letters replaces nothing yet.
        ("A meets ~~once a month.~~ twice a year. B.", "twice a year"),
        ("A calls ~~B, C, etc.~~ D twice.", "D twice"),
        # A strike inside a word.
        ("A is ~~un~~paid. B.", "paid"),
    ],
)
def test_unmarked_words_straight_after_a_strike_may_replace_it(clause: str, words: str) -> None:
    source = f"1.0 The first.\n\n2.0 {clause}"
    assert doubts_of(source, "unmarked-replacement") == [(3, words)]


def test_the_doubt_quotes_both_sides() -> None:
    (doubt,) = read(b"1.0 A meets ~~once a month~~ twice a year.").doubts
    assert doubt == Doubt(
        kind="unmarked-replacement",
        message="“once a month” is struck and nothing beside it is marked as inserted: "
        "“twice a year” may be its unmarked replacement.",
        line=1,
        start=12,
        end=24,
    )


@pytest.mark.parametrize(
    "clause",
    [
        # An insertion stands beside it, before or after.
        "A meets ~~once a month~~ **twice** a year.",
        "A meets **twice** ~~once~~ a year.",
        "A ~~meets~~, **sits** twice a year.",
        "A ~~meets~~<u>sits</u> twice a year.",
        # Nothing follows in its sentence, its item or its paragraph.
        "A meets ~~once a month~~.",
        "A meets ~~once a month~~; B may not.",
        "A meets twice. ~~B may not.~~ C may.",
        "A meets twice. ~~“B may not.”~~ C may.",
        "A meets ~~twice.~~ B may not.",
        "A meets ~~twice~~\n\nB may not.",
        "A meets ~~twice~~",
        "A:\n- a. B ~~twice~~\n- b. C",
        "A:\n- a. B\n- ~~b. C~~\n- c. D",
        "A:\n 1. B\n ~~2. C~~\n 3. D",
        "A.\n\n~~B may not.~~\n\nC may.",
        # What is both inserted and struck was never in the base.
        "A <ins><del>meets</del></ins> sits twice.",
    ],
)
def test_a_strike_is_in_no_doubt_where_nothing_can_replace_it(clause: str) -> None:
    assert not doubts_of(f"1.0 {clause}", "unmarked-replacement")


def test_each_strike_has_its_own_doubt() -> None:
    source = "1.0 A ~~lock~~ key ~~or~~ with door.\n- a. The ~~old~~ aide"
    assert doubts_of(source, "unmarked-replacement") == [(1, "key"), (1, "with door"), (2, "aide")]


# A mark that is off by a word


@pytest.mark.parametrize(
    ("clause", "word"),
    [
        ("for the term of ~~the school year~~ of this paper", "of"),
        ("for the ~~old~~ **new** The key", ""),
        ("The ~~old~~ the key", "the"),
        ("a key **of the** of brass", ""),
        ("keep the ~~old~~ **the new** key", "the"),
        ("keep the\n~~old~~ the key", "the"),
        ("keep the **new** the key", "the"),
        # One side of the edge is the mark itself.
        ("free from ~~the use of~~ of the key", "of"),
        ("free **of** of the key", "of"),
        ("free of **of** the key", "of"),
    ],
)
def test_a_word_twice_across_the_edge_of_a_mark_is_in_doubt(clause: str, word: str) -> None:
    found = doubts_of(f"1.0 A.\n\n2.0 It is {clause}", "doubled-word")
    assert found == ([(4 if "\n" in clause else 3, word)] if word else [])


@pytest.mark.parametrize(
    "clause",
    [
        "keep the ~~old~~ key",
        "room 5 ~~or~~ 5 m away",
        "checked in ~~and~~ in-person",
        "a check-in ~~and~~ in May",
        "for that. ~~Or~~ That is so",
        "to ~~or~~\n\nTo and fro",
        "aide~~aide~~",
        "to the aide ~~or~~ aide’s friend",
    ],
)
def test_words_that_only_look_alike_are_in_no_doubt(clause: str) -> None:
    assert not doubts_of(f"1.0 It is {clause}", "doubled-word")


# Marks without end, and signs that are no marks


def test_a_mark_without_end_is_reported_at_its_line() -> None:
    source = "1.0 The first.\n\n2.0 The key\nis ~~lost or **found**.\n"
    (doubt,) = read(source.encode()).doubts[:1]
    assert (doubt.kind, doubt.line, doubt.start, doubt.end) == ("unclosed-mark", 4, 0, 0)
    assert doubt.message == "The mark “~~” opens at “~~lost or **found**.” and does not close."


def test_what_looks_like_a_mark_in_plain_text_is_in_doubt() -> None:
    paper = read(b"Keys\n\n1.0 The aide ~~may~~ shall keep **two** keys.\n", name="paper.txt")
    assert (paper.format, paper.is_marked) == ("text", False)
    (doubt,) = paper.doubts
    assert (doubt.kind, doubt.line) == ("unread-mark", 3)
    assert paper.text[doubt.start :].startswith("~~may~~")
    assert paper.text[doubt.start : doubt.end] == "~~m"
    assert "--format markdown" in doubt.message


@pytest.mark.parametrize("text", ["2 ** 3", "C++", "a < b", "____", "<p>"])
def test_plain_text_without_marks_is_in_no_doubt(text: str) -> None:
    assert read(f"1.0 It is {text}.".encode(), format="text").doubts == ()


# Bold that is a heading


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("2.0 **Lost Keys.** The aide stays.", "Lost Keys."),
        ("2.0 **Lost Keys:** the aide stays.", "Lost Keys:"),
        ("2.0 **Lost Keys** – the aide stays.", "Lost Keys"),
        ("- 2.0 __Lost Keys and Locks__", "Lost Keys and Locks"),
        ("**2.0 Lost Keys**", "2.0 Lost Keys"),
        ("**Lost Keys**", "Lost Keys"),
        ("- a. <b>Keys.</b> The aide stays.", "Keys."),
        ("(3) <strong>Lost Keys:</strong> stay.", "Lost Keys:"),
    ],
)
def test_a_bold_heading_among_clauses_is_no_insertion_but_in_doubt(clause: str, words: str) -> None:
    source = f"1.0 Keys. Lost Keys. It ~~is~~ **was** so.\n\n{clause}\n"
    paper = read(source.encode())
    assert [run.text.strip() for run in paper.runs if run.kind == "inserted"] == ["was"]
    assert doubts_of(source, "bold-heading") == [(3, words)]
    (doubt,) = paper.doubts
    assert doubt.start > paper.text.index("so.")


@pytest.mark.parametrize(
    "clause",
    [
        "2.0 **The aide keeps a key.**",
        "2.0 **Lost keys are paid for.** The aide stays.",
        "2.0 **Lost Keys** are paid for.",
        "2.0 The aide **Lost Keys.** stays.",
        "It ends in the month of\n**June.** The aide stays.",
        "It ends by\n**June 30.** The aide stays.",
        "May **June.** The aide stays.",
    ],
)
def test_bold_words_that_are_no_heading_are_inserted(clause: str) -> None:
    paper = read(f"1.0 It ~~is~~ **was** so.\n\n{clause}\n".encode())
    assert len([run for run in paper.runs if run.kind == "inserted"]) == 2
    assert paper.doubts == ()


def test_headings_of_the_same_words_are_told_apart() -> None:
    source = "1.0 It **was** ~~is~~ so.\n\n**Keys.** A.\n\n2.0 **Keys.** B.\n\n3.0 **Keys.** C.\n"
    paper = read(source.encode())
    found = [d for d in paper.doubts if d.kind == "bold-heading"]
    assert [d.line for d in found] == [3, 5, 7]
    assert [paper.text[d.end : d.end + 3] for d in found] == [" A.", " B.", " C."]


def test_a_bold_sentence_before_the_first_clause_is_in_doubt() -> None:
    source = "**Keys**\n\n**The parties agree.**\n\n1.0 It ~~is~~ **was** so.\n"
    assert doubts_of(source, "bold-heading") == [(3, "The parties agree.")]


def test_bold_headings_are_in_no_doubt_where_bold_inserts_nothing() -> None:
    source = b"1.0 It ~~is~~ <u>was</u> so.\n\n2.0 **Lost Keys.** Stay.\n"
    assert read(source, inserted_by=["underline"]).doubts == ()
    assert read(b"1.0 It {++was++} so.\n\n2.0 **Lost Keys.** Stay.\n").doubts == ()


# Bold that is the only mark


def test_bold_that_is_the_only_mark_is_inserted_but_in_doubt() -> None:
    paper = read(b"1.0 It is so.\n\n2.0 A **small** key.\n")
    assert paper.base_text == "1.0 It is so.\n\n2.0 A key."
    (doubt,) = paper.doubts
    assert (doubt.kind, doubt.line) == ("bold-only", 3)
    assert "it is read as inserted, and may be emphasis" in doubt.message


def test_bold_that_is_the_only_mark_beside_bold_headings_is_a_style() -> None:
    paper = read(b"1.0 **Keys.** A.\n\n2.0 **Doors.** A **small** door.\n\n3.0 **Locks.** C.\n")
    assert not paper.is_marked
    (doubt,) = paper.doubts
    assert (doubt.kind, doubt.line) == ("bold-only", 3)
    assert "it is not read as inserted" in doubt.message


@pytest.mark.parametrize(
    "source",
    [
        "1.0 A **small** key ~~or lock~~.",
        "1.0 A **small** <u>brass</u> key.",
        "**Keys**\n\n1.0 A key.",
        "1.0 **Keys.** A.\n\n2.0 **Doors.** B.",
    ],
)
def test_bold_beside_other_marks_or_in_headings_alone_is_in_no_such_doubt(source: str) -> None:
    assert "bold-only" not in kinds_of(read(source.encode()))


def test_saying_which_marks_insert_settles_what_bold_is() -> None:
    source = b"1.0 **Keys.** A.\n\n2.0 **Doors.** A **small** door.\n"
    as_inserted = read(source, inserted_by=["bold"])
    assert [run.text for run in as_inserted.runs if run.kind == "inserted"] == ["small "]
    assert "bold-only" not in kinds_of(as_inserted)
    assert not read(source, inserted_by=[]).is_marked


# Ladders


def test_a_rung_that_stands_apart_from_the_ladder_is_in_doubt() -> None:
    source = (
        "Guild Proposal 1-14-25\nCollege Counter 2-11-25\n\n1.0 A key.\n\n"
        "Guild Proposal 1-14-25\nCollege Counter 2-12-25\nGuild Counter 3-4-25\n"
    )
    paper = read(source.encode())
    assert paper.ladder == (
        "Guild Proposal 1-14-25",
        "College Counter 2-12-25",
        "Guild Counter 3-4-25",
    )
    (doubt,) = paper.doubts
    assert (doubt.kind, doubt.line) == ("two-ladders", 2)
    assert "“College Counter 2-11-25” stands apart" in doubt.message


def test_a_rung_that_is_listed_twice_is_in_doubt() -> None:
    source = (
        "1.0 A key.\n\nGuild Proposal 1-14-25\nCollege Counter 2-11-25\nGuild proposal 1-14-25\n"
    )
    (doubt,) = read(source.encode()).doubts
    assert (doubt.kind, doubt.line) == ("repeated-rung", 5)
    assert "“Guild proposal 1-14-25” twice" in doubt.message


def test_messages_are_one_short_line() -> None:
    long = "word " * 60
    paper = read(f"1.0 A ~~{long}~~ new {long}\n{long}. **{long}".encode())
    assert kinds_of(paper) == ["unclosed-mark", "unmarked-replacement"]
    assert all(len(d.message) < 240 and "\n" not in d.message for d in paper.doubts)


# Page numbers


def test_a_number_that_is_taken_for_a_page_number_is_in_doubt() -> None:
    source = "1.0 A key.\n\nGuild Proposal 1-14-25\n\n12\n\n2.0 A door.\n"
    paper = read(source.encode())
    assert paper.text == "1.0 A key.\n2.0 A door."
    (doubt,) = paper.doubts
    assert (doubt.kind, doubt.line) == ("page-number", 5)
    assert "“12”" in doubt.message


def test_a_number_that_a_sentence_waits_for_is_text_but_in_doubt() -> None:
    source = "1.0 A key costs\n\nGuild Proposal 1-14-25\n\n12\n\n2.0 A door.\n"
    paper = read(source.encode())
    assert paper.text.split() == "1.0 A key costs 12 2.0 A door.".split()
    (doubt,) = paper.doubts
    assert (doubt.kind, doubt.line) == ("page-number", 5)
    assert "read as text" in doubt.message


@pytest.mark.parametrize(
    "strike", ["~may~", '<span style="text-decoration: line-through">may</span>']
)
def test_a_strike_in_a_dress_that_is_not_read_is_in_doubt(strike: str) -> None:
    source = f"1.0 A key.\n\n2.0 The aide {strike} shall stay.\n"
    paper = read(source.encode())
    assert not paper.is_marked
    (doubt,) = paper.doubts
    assert (doubt.kind, doubt.line) == ("unread-mark", 3)
    assert f"“{strike[:5]}" in doubt.message
