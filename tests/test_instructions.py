"""Papers that give instructions: which do, what results, and what is refused."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.errors import AskError, NotFoundError, PaperError
from bargaining.model import Paper
from bargaining.readers import read
from bargaining.readers.amending import amend
from bargaining.readers.grammar import parse
from bargaining.readers.instructions import gives_instructions
from bargaining.readers.matching import Source
from bargaining.record import Record, Submission
from bargaining.record.filing import prepare
from documents import document, p, r

GIVEN = """\
In 1.0, strike "eight" and insert "nine"; and after 2.0 add the following:
In Section 3(b), delete “two” and substitute “three”.
Section 4.2: replace 'Monday' with 'Tuesday'
Replace “eight” with “nine” in 1.0.
Change “eight” to “nine” in Section 1
1.0 Strike “eight”, insert “nine”.
1. In 1.0, strike «eight» and insert «nine».
(a) Strike “lamps” from 3.0.
- Delete 4.2 in its entirety.
Delete Section 4.
Delete Sections 4 and 5.
Strike 3(b).
Amend Section 3 to read:
Amend Section 3 to read as follows: “Lamps burn.”
Section 3 is amended to read:
Section 3(b) is amended by striking “eight” and inserting “nine”.
Add a new Section 5:
Add a new Section 5 to read as follows: Lamps burn nightly.
After Section 2, insert a new Section 3:
Insert the following after 2.0:
Add the following at the end of 2.0:
Add the following to Section 2:
Add the following new section after Section 2:
After “teacher” insert “and aide” in 2.0.
Insert “and aide” after “teacher” in 2.0.
In 2.0, insert “full-time” before “teacher”.
At the end of 2.0, add “Keys are free.”
Add “Keys are free.” at the end of 2.0.
Renumber accordingly.
Renumber the remaining sections.
Make conforming changes.
In line 4 of 2.0, strike “eight” and insert “nine”.
In 2.0, line 4, strike “eight” and insert “nine”.
In the second sentence of 2.0, change “eight” to “nine”.
Delete the last sentence of 2.0.
Substitute “nine” for “eight” in 1.0.
Insert “nine” in lieu of “eight” in 1.0.
In 1.0 strike the word “eight” and in 2.0 insert the words “and aides” after “teachers”.
Delete 4.2 and replace with the following:
Article 5, Section 3: delete “x”
In paragraph (b) of Section 3, strike “x”.
Strike ‘students’ work’ in 2.0
In 1.0, strike \x02eight\x03 and insert \x02nine\x03.
Section 4 is deleted in its entirety.
Section 4 shall be deleted.
Add new 3.0: “Lamps burn.”
Please strike “x” in 4.0.
Replace Section 3 with the following:
At the beginning of 2.0, insert “All”.
Move 3.0 to 5.0.
Before 3.0, insert the following:
"""
CLAUSE_TEXT = """\
The District shall delete records after three years.
The District may replace a teacher with a substitute.
Delete records after three years.
(b) Delete “x” from records when employees leave.
Replace the batteries with new ones.
Remove 5 chairs from each room.
In Section 3, the word “day” means a school day.
“Change” means any change in hours.
(a) Insert “OPEN” before “CLOSED” on the sign.
Strike three lamps.
Strike 3 is the last one that counts.
Change of hours is announced.
Add a new lamp to each room.
Add a new section of caches to the library.
In 2025, add five days.
Amend the calendar each year.
The parties may amend Section 3 by mutual agreement.
Section 3 may be amended by mutual agreement.
Section 3 is amended each year by the committee.
After Section 2 of the Code, the District adds lamps.
Replace broken keys within a day.
Substitute teachers are paid daily.
Correct errors in pay within ten days.
Strike pay is not owed.
Strikes are forbidden.
Removal of materials follows Section 3.
In 4.0, changes are made by the board.
Add the hours of Section 3 and Section 4.
1.0 The clerk shall strike “late” from the file on request.
Delete the section on keys when rooms close.
Move chairs to the hall.
Update records.
Renumbering of lockers is done each fall.
The following is added to the file: a key.
To replace a key, a teacher asks the office.
At the end of the year, add up all hours.
In paragraph form, change is described.
Amend or terminate this agreement in writing.
2.0 Revised schedules are posted.
Modify nothing.
Insert key and turn.
Add: one lamp, two chairs.
In the second sentence we agree.
Remove (a) the cover and (b) the lamp.
Delete a file in its entirety.
Change the date to Monday.
"""


@pytest.mark.parametrize("line", GIVEN.splitlines())
def test_an_instruction_is_known_and_understood_whole(line: str) -> None:
    sentence = parse(line)
    assert sentence.is_plain
    assert not sentence.rest


@pytest.mark.parametrize("line", CLAUSE_TEXT.splitlines())
def test_clause_text_with_such_verbs_is_none(line: str) -> None:
    assert not parse(line).is_plain
    assert gives_instructions(read(line.encode(), name="x.md")) is None


OLD = """\
1.0 Bells ring at eight on school days. They ring twice.

2.0 Keys stay with the office.

a. Red keys for doors.

b. Blue keys for cabinets.

3.0 Lamps burn nightly.

This agreement is in effect through June 30, 2028."""


def amended(text: str, old: str = OLD, name: str = "new.md") -> Paper:
    return amend(read(text.encode(), name=name), Source("RTA Proposal 1-6-25", old))


def changed(*pairs: tuple[str, str]) -> str:
    text = OLD
    for before, after in pairs:
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


NINE = ("eight", "nine")
CUPS = ("3.0 Lamps burn nightly.", "3.0 Lamps burn nightly.\n\n4.0 Cups are washed.")


NO_RED = ("a. Red keys for doors.\n\n", "")
LAMPS = "3.0 Lamps burn nightly."


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("In 1.0, strike “eight” and insert “nine”.", [NINE]),
        ("In 1.0, strike **eight** and insert **nine**.", [NINE]),
        ("In 1.0, strike ~~eight~~ and insert **nine**.", [NINE]),
        ("In 1.0, strike “eight\nand” hm; delete 3.0 in its entirety.", []),
        ("In 1.0, strike\n“eight” and\ninsert “nine”.", [NINE]),
        ("1. In 1.0, change ‘eight’ to ‘nine’.\n2. Delete 2.0(a).", [NINE, NO_RED]),
        ("Strike “ on school days” from 1.0", [(" on school days", "")]),
        ("Insert “metal” before “cabinets” in 2.0(b).", [("cabinets", "metal cabinets")]),
        ("In 3.0, after “nightly” insert “and daily”.", [("nightly", "nightly and daily")]),
        ("Delete the last sentence of 1.0.", [(" They ring twice.", "")]),
        ("In the second sentence of 1.0, strike “twice” and insert “once”.", [("twice", "once")]),
        ("At the end of 1.0, add “No bell.”", [("ring twice.", "ring twice. No bell.")]),
        ("At the beginning of 3.0, insert “All”.", [("3.0 Lamps", "3.0 All Lamps")]),
        ("Add a new 4.0: Cups are washed.", [CUPS]),
        (
            "Add a new Section 4.0 to read:\n\nCups are washed.",
            [(LAMPS, f"{LAMPS}\n\nSection 4.0. Cups are washed.")],
        ),
        ("After 3.0, insert the following:\n\n4.0 Cups are washed.", [CUPS]),
        ("Add the following:\n\n4.0 Cups are washed.", [CUPS]),
        ("Before 3.0, add the following:\n\n2.5 Cups.", [("3.0 Lamps", "2.5 Cups.\n\n3.0 Lamps")]),
        ("Amend 3.0 to read: “Lamps are lit.”", [("Lamps burn nightly.", "Lamps are lit.")]),
        ("Replace 3.0 with the following:\n\n3.0 Lamps are lit.", [(LAMPS, "3.0 Lamps are lit.")]),
        (
            "Delete 2.0(a) and replace it with the following: a. Any.",
            [("Red keys for doors", "Any")],
        ),
        ('In 1.0, delete "eight," and insert "nine."', [NINE]),
        ("3.0 is amended by striking “nightly” and inserting “daily”.", [("nightly", "daily")]),
        (
            "Section 1.0\n\nStrike “eight” and insert “nine”.\n\nSection 3.0\n\nStrike “Lamps”.",
            [NINE, ("Lamps ", "")],
        ),
        ("The RTA proposes these changes:\n\n• In 1.0, replace “eight” with “nine”.", [NINE]),
        ("Strike “Lamps” and insert “Lights”.", [("Lamps", "Lights")]),
        ("In 1.0, strike “eight” and insert “nine”.\n\nAll other provisions unchanged.", [NINE]),
        ("Add at the end of 1.0: “No bell.”", [("ring twice.", "ring twice. No bell.")]),
        (
            "Add the following at the end of 1.0: “No bell.”",
            [("ring twice.", "ring twice. No bell.")],
        ),
        (
            "In 1.0, add the following sentence: “No bell.”",
            [("ring twice.", "ring twice. No bell.")],
        ),
        ("Add a new sentence to 3.0: “None do.”", [("nightly.", "nightly. None do.")]),
        ("Add the following sentence to 3.0: “None do.”", [("nightly.", "nightly. None do.")]),
        (
            "Replace the second sentence of 1.0 with “They ring once.”",
            [("They ring twice.", "They ring once.")],
        ),
        (
            "In 1.0, amend the last sentence to read: “They ring once.”",
            [("They ring twice.", "They ring once.")],
        ),
    ],
)
def test_instructions_are_done(text: str, pairs: list[tuple[str, str]]) -> None:
    if not pairs:
        with pytest.raises(AskError):
            amended(text)
        return
    paper = amended(text)
    assert paper.text == changed(*pairs)
    assert paper.base_text == OLD


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("In 1.0, strike “ten”.", r"Line 1: .* “ten” does not stand in 1.0"),
        ("x\n\nIn 9.0, strike “ten”.", r"Line 3: .* has no 9.0; it has 1.0"),
        ("Strike “keys”.", r"“keys” stands 2 times in the text"),
        ("Strike “EIGHT” in 1.0.", "does not stand"),
        ("Renumber accordingly.\n\nIn 1.0, strike “eight”.", "Line 1: .* cannot be done without"),
        ("In 1.0, strike “eight” and do more.", "“do more” is not understood"),
        ("In 1.0, strike “at eight”.\n\nIn 1.0, strike “eight on”.", r"Line 3: .* changes, too"),
        ("Add a new 3.0: Cups.", "has that clause already"),
        ("Add the following:\n\nCups are washed.", "nothing says where it goes"),
        ("Amend 3.0 to read:", "does not follow"),
        ("Delete the fifth sentence of 1.0.", "there are 2 sentences"),
        ("Strike “eight” in 1.0.\n\n7.0 Cups.", "none says where it goes"),
        ("Change “keys” to “locks” wherever it stands.", "cannot be done without|stands 2 times"),
        ("Change “keys” to “locks” throughout 2.0.", "cannot be done without|stands 2 times"),
        ("1. Strike “eight” in 1.0.\n2. Add a new 4.0:\n\nCups.\n\n3. Be kind.", "none says where"),
    ],
)
def test_what_does_not_fit_exactly_once_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(AskError, match=message):
        amended(text)


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("It opens at 8 a.m. each day. It shuts at noon.", "It shuts at noon."),
        ("It costs 1.50 dollars. It shuts at noon.", "It shuts at noon."),
        ("It opens at 8 a.m. It shuts at noon.", "not certain that a sentence ends with “a.m.”"),
        ("It opens at 8 a.m. Monday to Friday. It rings.", "not certain that a sentence ends"),
        ("See Dr. Vale. It shuts at noon.", "not certain that a sentence ends with “Dr.”"),
        ("Keys, locks, etc. Blue ones hang. It rings.", "not certain that a sentence ends"),
        ("“It opens.” It shuts at noon.", "It shuts at noon."),
    ],
)
def test_a_sentence_is_told_from_an_abbreviation(clause: str, found: str) -> None:
    old = f"1.0 {clause}"
    text = "Replace the second sentence of 1.0 with “So be it.”"
    if not found.startswith("It "):
        with pytest.raises(AskError, match=found):
            amended(text, old=old)
        return
    assert amended(text, old=old).text == old.replace(found, "So be it.")


def test_what_is_left_out_beside_instructions_is_told() -> None:
    paper = amended("In 1.0, strike “eight”.\n\nThis is only fair.")
    assert [d.message for d in paper.doubts if d.kind == "left-out"] == [
        "“This is only fair.” is no instruction, and is left out."
    ]
    assert "In 1.0, strike “eight”." in [part.text for part in paper.parts]


def test_a_sign_that_closes_the_quote_is_told() -> None:
    paper = amended('In 2.0(b), replace "Blue" with "Green."')
    assert "Green keys" in paper.text
    assert [d.kind for d in paper.doubts] == ["quote-sign"]


# Any text, changed by instructions that are made for it

DOES = ("", "replace", "strike", "insert", "delete", "rewrite", "add")
WORDS = [f"{one}{two}" for one in "bcdfglmnprst" for two in ("ade", "ore", "ilk", "ean")]


@given(st.data())
def test_instructions_made_for_a_text_give_the_text_expected(data: st.DataObject) -> None:
    words = iter(data.draw(st.permutations(WORDS)))
    count = data.draw(st.integers(2, 5))
    clauses: dict[float, list[str]] = {
        n: [next(words) for _ in range(4)] for n in range(1, count + 1)
    }
    old = {n: list(row) for n, row in clauses.items()}
    told = []
    for n in sorted(clauses):
        does = data.draw(
            st.sampled_from(["", "replace", "strike", "insert", "delete", "rewrite", "add"])
        )
        row, k = clauses[n], data.draw(st.integers(1, 2))
        if does == "replace":
            told.append(f"In {n}.0, strike “{row[k]}” and insert “zinc”.")
            row[k] = "zinc"
        elif does == "strike":
            told.append(f"Delete “{row[k]}” from {n}.0.")
            del row[k]
        elif does == "insert":
            told.append(f"In {n}.0, insert “zinc” after “{row[k]}”.")
            row.insert(k + 1, "zinc")
        elif does == "delete" and len(clauses) > 1:
            told.append(f"Delete {n}.0 in its entirety.")
            del clauses[n]
        elif does == "rewrite":
            told.append(f"Amend {n}.0 to read:\n\n{n}.0 zinc tin.")
            clauses[n] = ["zinc", "tin"]
        elif does == "add":
            told.append(f"After {n}.0, add the following:\n\n{n}.5 zinc.")
            clauses[n + 0.5] = ["zinc"]
    if not told:
        return
    order = data.draw(st.permutations(told))
    paper = read("\n\n".join(order).encode(), name="new.md")
    made = amend(paper, Source("Old", said(old)))
    assert made.text == said(clauses)
    assert made.base_text == said(old)


def said(clauses: dict[float, list[str]]) -> str:
    return "\n\n".join(
        f"{n if n % 1 else f'{n}.0'} {' '.join(row)}." for n, row in sorted(clauses.items())
    )


@given(
    st.lists(
        st.sampled_from([*GIVEN.splitlines(), *CLAUSE_TEXT.splitlines(), "4.0 Cups."]), max_size=5
    )
)
def test_any_row_of_instructions_is_done_or_refused(lines: list[str]) -> None:
    try:
        paper = amended("\n\n".join(["In 3.0, strike “Lamps”.", *lines]))
    except AskError:
        return
    assert paper.base_text == OLD


@pytest.mark.parametrize(
    "text",
    [
        "In 1.0, strike “x”.\n\n" * 4_000,
        'strike "a" and ' * 8_000,
        "strike “" * 12_000,
        "delete 1.1, " * 8_000,
        "strike ‘" + "s’ " * 20_000,
        "add the following:\n\n" * 6_000,
        "1. " * 20_000,
        "in the first sentence of 1.0, strike “x” and insert “y”; " * 1_000,
    ],
)
def test_hostile_papers_are_read_and_refused(text: str) -> None:
    with pytest.raises(AskError):
        amended(text, "1.0 x. x. x.\n\n" * 20_000)


# Filed

RTA, DISTRICT = "RTA Proposal 1-6-25", "District Counter 2-3-25"
FIRST = Submission(data=f"Rooms\n\n{OLD}\n\n{RTA}\n".encode(), name="1.md")
TOLD = (
    "In 1.0, strike “eight” and insert “nine”; and after 3.0 add the following:\n\n"
    "4.0 Cups are washed."
)
SECOND = Submission(data=f"Rooms\n\n{TOLD}\n\n{RTA}\n{DISTRICT}\n".encode(), name="2.md")


def test_a_paper_of_instructions_is_refused_as_a_whole_text() -> None:
    with pytest.raises(PaperError, match=r"Line 3 gives instructions .* no whole text") as refused:
        prepare(SECOND)
    assert "--amends" in refused.value.hint


@pytest.mark.parametrize("label", ["", RTA, "proposal"])
def test_they_are_done_with_the_paper_that_is_named_or_the_one_before(label: str) -> None:
    with Record.in_memory() as record:
        (_, filed) = record.file_all([FIRST, attrs.evolve(SECOND, amends=label)])
        assert record.chain().text(2) == changed(NINE, CUPS)
        assert [(one.label, one.how) for one in filed.revision.made_of] == [(RTA, "amends")]
        (passage,) = record.chain().who("Cups are washed").passages
        assert [one.label for one in passage.spans[0].origin.candidates] == [DISTRICT]
        marks = [(run.kind, run.text) for run in record.chain().paper(2).runs if run.kind != "kept"]
        assert marks[:2] == [("struck", "eight"), ("inserted", "nine")]
        assert record.original(record.filings("Rooms")[1]) == SECOND.data
        assert record.verify()


@pytest.mark.parametrize(
    ("label", "error"), [("Guild Proposal", NotFoundError), ("base", NotFoundError)]
)
def test_a_paper_that_is_not_there_cannot_be_amended(label: str, error: type[Exception]) -> None:
    with Record.in_memory() as record, pytest.raises(error):
        record.file_all([FIRST, attrs.evolve(SECOND, amends=label)])


def test_what_gives_no_instructions_amends_nothing() -> None:
    with Record.in_memory() as record:
        with pytest.raises(AskError, match="No instruction in it is understood"):
            record.file_all(
                [FIRST, Submission(data=b"Rooms\n\n1.0 Bells.\n\nRTA Counter 3-3-25", amends="")]
            )
        assert record.entries == ()


def test_one_line_that_reads_like_an_instruction_is_doubted_in_a_whole_text() -> None:
    whole = f"{OLD}\n\nStrike “eight” from 1.0.\n\n5.0 {'Many words of a clause. ' * 10}"
    paper = read(whole.encode(), name="x.md")
    (doubt,) = [one for one in paper.doubts if one.kind == "instruction"]
    assert doubt.line == 13
    assert gives_instructions(paper) is None


def test_whole_files_them_as_words() -> None:
    with Record.in_memory() as record:
        record.file_all([FIRST, attrs.evolve(SECOND, whole=True)])
        assert "strike “eight”" in record.chain().text(2)


def test_in_word_too() -> None:
    first = document("".join(p(r(text)) for text in ("Rooms", *OLD.split("\n\n"), RTA)))
    second = document("".join(p(r(text)) for text in ("Rooms", *TOLD.split("\n\n"), RTA, DISTRICT)))
    with pytest.raises(PaperError, match=r"^It gives instructions"):
        prepare(Submission(data=second, name="2.docx"))
    with Record.in_memory() as record:
        record.file_all(
            [
                Submission(data=first, name="1.docx"),
                Submission(data=second, name="2.docx", amends=""),
            ]
        )
        assert record.chain().text(2) == changed(NINE, CUPS)
