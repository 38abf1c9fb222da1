"""Papers that restate only what changes: what stands for other text, and what results."""

import re
from collections.abc import Callable
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.errors import AskError
from bargaining.model import Doubt, Paper
from bargaining.readers import read
from bargaining.readers.addresses import Outlined, key_of
from bargaining.readers.matching import Source
from bargaining.readers.restated import restate
from bargaining.readers.standins import stand_ins
from bargaining.record import Record, Submission
from bargaining.record.filing import prepare
from documents import document, p, r

ONE_CLAUSE = """\
2.0 [No change]
2.0 No change
2.0 no change.
2.0 NO CHANGE
**2.0** [No change]
2.0 **[No change]**
2.0 Keys. CCL.
2.0 Keys: status quo
2.0 Keys – No change
2.0 Keys [No change]
2.0 Keys (no change)
2.0 Keys [Current contract language]
2.0 [CCL]
2.0 CCL
2.0 SQ
2.0 Status Quo
2.0 Current contract language
2.0 Current contract language.
2.0 Existing language
2.0 Maintain current language
2.0 No change to current contract language
2.0 n/c
2.0 [as is]
2.0 Unchanged
2.0 Remains unchanged
2.0 * * *
2.0 …
2.0 . . .
Section 4: unchanged
Section 4. Hours of Work (no change)
Section 3(b) [no change]
3(b)(1) - no change
§ 3(b) unchanged
Article XII: CCL
ARTICLE 12 – HOURS: CCL
(a) no change
a. [No change]
- b. CCL
iv. No change
| 2.0 | No change |
| 2.0 Keys | CCL |
2.0 Every teacher gets a key to the rooms in which they teach. [No change]
"""
SEVERAL = """\
Sections 4–7: unchanged
Sections 4-7 unchanged
Sections 4 through 7: no change
2.0 – 5.0 No change
4-7 No change
4, 5 and 7 No change
4, 5, and 7: CCL
Articles 3, 5, 7-12: CCL
(a)-(c) no change
No change to Sections 4-7
No changes to 4.0 through 7.0.
CCL: 4, 5 and 7
"""
GAPS = """\
No change
[No change]
*[No change]*
_[No change]_
(No change)
No changes.
…
. . .
...
[…]
[* * *]
The District proposes no change.
The Union proposes to maintain current contract language.
Union position: status quo
"""
REST = """\
[Remainder of article unchanged]
Remainder of Article unchanged.
[Rest of section: no change]
All other provisions status quo
All other provisions: status quo.
All other provisions remain unchanged.
[All other terms of the Agreement shall remain unchanged]
"""
NONE = """\
There shall be no change in hours.
The status quo shall be maintained during negotiations.
2.0 There shall be no change in hours.
2.0 Hours shall remain at the status quo.
2.0 The District shall maintain the status quo.
5.0 All other provisions of the Agreement shall remain in full force and effect.
5.0 All other provisions of the Agreement shall remain unchanged.
All other provisions of the Agreement shall remain unchanged.
2.0 The schedule remains unchanged.
2.0 The schedule is unchanged.
2.0 Salaries are unchanged.
2.0 The parties agree to keep current contract language.
2.0 Notice is given before any change; no change without notice is valid.
Current Language:
Current contract language governs in all cases.
2.0 Every teacher who asks for a key and has no change …
2.0 Keys are handed out and then...
3.0 Rooms have 500 sq.
3.0 Rooms: 500 sq
1.0 Keys ........ 3
4.0 ..........
[Intentionally omitted]
2.0 Employees shall keep the same.
2.0 Both sides agree to no change
No change in hours shall be made.
No change shall be made to Section 4.
Section 4 shall not be changed.
Sections 4 to 7 of the Code apply unchanged.
2.0 The District's position is status quo.
2.0 Status quo ante is restored.
2.0 In the absence of agreement: the status quo
The calendar is the same
It is as is
Coins: nickels, dimes, no change given
2.0 Bus drivers carry no change
"""
TABLE = [
    (line, scope)
    for lines, scope in (
        (ONE_CLAUSE, {"clause", "these"}),
        (SEVERAL, {"these"}),
        (GAPS, {"gap"}),
        (REST, {"rest"}),
        (NONE, set[str]()),
    )
    for line in lines.splitlines()
]


@pytest.mark.parametrize(("line", "scope"), TABLE)
def test_a_line_stands_for_other_text_or_is_clause_text(line: str, scope: set[str]) -> None:
    found = stand_ins(line)
    assert len(found) == bool(scope)
    assert {one.scope for one in found} <= scope


@pytest.mark.parametrize(
    "text",
    [
        "1.0 During negotiations there shall be\nno change.",
        "1.0 No change\nin hours shall be made.",
        "1.0 Hours follow the\nstatus quo",
        "Current Contract Language\n\n1.0 Keys hang.\n\nProposed Language\n\n1.0 Keys lie.",
    ],
)
def test_a_line_that_goes_on_is_clause_text(text: str) -> None:
    assert stand_ins(text) == ()


def test_ranges_and_lists_name_their_clauses() -> None:
    (one,) = stand_ins("Sections 3(a)-(c), 5 and 7.0: unchanged")
    assert one.named == (
        (("3", "a"), ("3", "c")),
        (("5",), ("5",)),
        (("7",), ("7",)),
    )


@pytest.mark.parametrize(
    "address",
    ["Section 3(b)", "3(b)", "3b", "3.b", "§3(b)", "Sec. 3 (b)", "paragraph (b) of Section 3"],
)
def test_an_address_is_the_same_however_it_is_written(address: str) -> None:
    assert key_of(address) == ("3", "b")


OLD = """\
Keys

This agreement is between the RTA and the District.

1.0 Bells ring at eight.

2.0 Keys. Every teacher gets a key.

a. Red keys for doors.

b. Blue keys for cabinets.

3.0 Lamps burn nightly.

4.0 Hours end at six.

This agreement is in effect through June 30, 2028.
"""


def old(text: str = OLD) -> Source:
    return Source("RTA Proposal 1-6-25", read(text.encode(), name="old.md").text)


def made(text: str, base: Source | None = None, *, partial: bool = False) -> Paper:
    paper = read(f"Keys\n\n{text}\n".encode(), name="new.md")
    found = restate(paper, old(), base, partial=partial)
    return plain_of(paper) if found is None else found.paper


def plain_of(paper: Paper) -> Paper:
    return attrs.evolve(paper, doubts=())


def said(paper: Paper, kind: str = "taken") -> list[str]:
    return [doubt.message for doubt in paper.doubts if doubt.kind == kind]


def changed(*pairs: tuple[str, str]) -> str:
    text = old().text
    for before, after in pairs:
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


def test_what_is_not_restated_is_taken_from_the_paper_before_and_told() -> None:
    paper = made("1.0 [No change]\n\n2.0 Keys. CCL\n\n3.0 Lamps burn **all day**.\n\n4.0 …")
    assert paper.text == changed(("nightly", "all day"))
    rest = "which the paper does not restate"
    assert sorted(said(paper)) == [
        "1.0 is taken from RTA Proposal 1-6-25, as the paper says “[No change]”.",
        "2.0 is taken from RTA Proposal 1-6-25, as the paper says “CCL”.",
        "4.0 is taken from RTA Proposal 1-6-25, as the paper says “…”.",
        f"the preamble and the term clause are taken from RTA Proposal 1-6-25, {rest}.",
    ]
    assert {run.kind for run in paper.runs} == {"kept", "inserted"}


def test_its_own_marks_stand_and_what_is_taken_is_kept() -> None:
    paper = made("3.0 Lamps burn ~~nightly~~ **all day**.\n\nAll other provisions unchanged.")
    marks = [(run.kind, run.text.strip()) for run in paper.runs if run.kind != "kept"]
    assert marks == [("struck", "nightly"), ("inserted", "all day")]
    assert paper.base_text == old().text


def test_a_clause_that_is_listed_nowhere_is_struck_where_the_rest_is_not_said_to_stay() -> None:
    paper = made("1.0 [No change]\n\n2.0 [No change]\n\n4.0 [No change]")
    assert paper.text == changed(("3.0 Lamps burn nightly.\n\n", ""))


def test_nothing_that_stays_stands_twice() -> None:
    text = "1.0 Bells.\n\n2.0 [No change]\n\n* * *\n\n4.0 [No change]"
    for partial in (False, True):
        paper = made(text, partial=partial)
        assert paper.text.count("Red keys") == paper.text.count("Lamps burn") == 1


def test_a_struck_clause_is_mentioned() -> None:
    paper = made("~~3.0 Lamps burn nightly.~~\n\n4.0 Hours end at five.\n\n[Rest unchanged]")
    assert paper.text == changed(("3.0 Lamps burn nightly.\n\n", ""), ("six", "five"))
    assert "3.0 Lamps burn nightly." in (paper.base_text or "")


def test_asterisks_leave_out_what_is_between_their_neighbours() -> None:
    text = "1.0 Bells ring at nine.\n\n* * *\n\n4.0 Hours end at seven."
    paper = made(text)
    assert "3.0 Lamps burn nightly." in paper.text
    assert "b. Blue keys" in paper.text
    beside, between = said(paper)
    assert beside.startswith("the preamble and the term clause are taken from RTA Proposal 1-6-25")
    assert between == "2.0 and 3.0 are taken from RTA Proposal 1-6-25, as the paper says “* * *”."
    whole = read(f"Keys\n\n{OLD.partition('Keys')[2]}".replace("3.0", "* * *\n\n3.0").encode())
    assert restate(whole, old()) is None  # a rule, where nothing is left out


def test_asterisks_above_the_first_clause_are_what_comes_before_it() -> None:
    paper = made("* * *\n\n3.0 Lamps burn daily.\n\n* * *")
    assert paper.text == (old().text.replace("3.0 Lamps burn nightly.", "3.0 Lamps burn daily."))


def test_asterisks_inside_a_clause_that_goes_on_are_refused_with_their_line() -> None:
    with pytest.raises(AskError, match=r"Line 5: “\* \* \*” leaves out a part of 2\.0"):
        made("2.0 Keys.\n\n* * *\n(b) Green keys lie here.\n\n3.0 [No change]")


@pytest.mark.parametrize(
    "says",
    [
        "no change from RTA Proposal",
        "(no change to this section)",
        "[No change to the article]",
        "No changes proposed.",
        "No change is proposed",
        "Same as RTA’s proposal",
        "same as in the last counter",
        "[Agreed]",
        "(tentatively agreed)",
        "[TA]",
        "[TA'd 3/3/25]",
        "[Agreed to]",
    ],
)
def test_notes_in_place_of_a_clause_stand_for_it(says: str) -> None:
    paper = made(f"1.0 Bells ring at nine.\n\n3.0 {says}\n\n4.0 No change")
    assert "3.0 Lamps burn nightly." in paper.text


@pytest.mark.parametrize("says", ["Agreed terms bind all.", "The TA binds.", "All are agreed."])
def test_words_of_a_clause_are_no_note(says: str) -> None:
    assert f"3.0 {says}" in made(f"1.0 Bells ring at nine.\n\n3.0 {says}\n\n4.0 No change").text


def test_a_paper_of_struck_text_alone_strikes_it() -> None:
    paper = made("~~4.0 Hours end at six.~~", partial=True)
    assert "4.0" not in paper.text
    assert "3.0 Lamps burn nightly." in paper.text


def test_inner_clauses_are_restated_one_by_one() -> None:
    paper = made("2.0 [No change]\n\n(b) Green keys.\n\n(c) Yellow keys.\n\n3.0-4.0 No change")
    assert "a. Red keys for doors.\n\n(b) Green keys.\n\n(c) Yellow keys.\n\n3.0" in paper.text
    assert "Blue" not in paper.text


def test_new_clauses_stand_in_the_order_of_their_addresses() -> None:
    paper = made("3.5 Cups are washed.\n\n1.5 Spoons.\n\n6.0 Forks.", partial=True)
    numbers = re.findall(r"^\d\.\d", paper.text, re.MULTILINE)
    assert numbers == ["1.0", "1.5", "2.0", "3.0", "3.5", "4.0", "6.0"]


def test_a_partial_paper_may_list_its_clauses_in_any_order() -> None:
    paper = made("4.0 Hours end at five.\n\n1.0 Bells ring at ten.", partial=True)
    assert paper.text == changed(("six", "five"), ("eight", "ten"))


def test_an_address_without_its_section_is_completed_and_doubted() -> None:
    paper = made("(b) Green keys.\n\nAll other provisions unchanged.")
    assert paper.text == changed(("b. Blue keys for cabinets.", "(b) Green keys."))
    assert said(paper, "address-completed") == [
        "“(b) Green keys. All other provisions un…” is taken for 2.0(b) of RTA Proposal 1-6-25."
    ]


def test_what_introduces_the_changes_is_left_out_and_told() -> None:
    paper = made("The District proposes these changes:\n\n1.0 Bells ring.", partial=True)
    assert paper.text == changed(("Bells ring at eight", "Bells ring"))
    assert [part.text for part in paper.parts if part.kind == "note"] == [
        "The District proposes these changes:"
    ]
    assert said(paper, "left-out")


def test_current_language_is_that_of_the_base_and_a_difference_is_doubted() -> None:
    base = Source("base", old().text.replace("Every teacher", "Each teacher"))
    paper = made("1.0 CCL\n\n2.0 CCL\n\n3.0 No change\n\n4.0 No change", base)
    assert paper.text == changed(("Every teacher", "Each teacher"))
    assert said(paper, "taken-differs") == [
        "2.0 in RTA Proposal 1-6-25 is not the same: that of the base is taken."
    ]
    other = made("1.0 CCL\n\n2.0 No change\n\n3.0 No change\n\n4.0 No change", base)
    assert other.text == old().text
    assert said(other, "taken-differs") == [
        "2.0 in the base is not the same: that of RTA Proposal 1-6-25 is taken."
    ]


def test_a_renumbered_clause_is_found_by_its_first_words() -> None:
    paper = made(
        "1.0 No change\n\n2.0 Cups.\n\n3.0 Keys. [No change]\n\n4.0 Lamps. CCL\n\n5.0 Hours. CCL"
    )
    assert "3.0 Keys. Every teacher gets a key." in paper.text
    assert "5.0 Hours end at six." in paper.text
    assert len(said(paper, "renumbered")) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.0 Bells.\n\n9.0 [No change]", r"Line 5: “\[No change\]”: .* no clause 9.0"),
        ("3.0 Cups. [No change]", r"Line 3: “3.0 Cups.” is said to be as in .* “3.0 Lamps burn"),
        ("Sections 7-9: unchanged", r"Line 3: .* no clause 7"),
        ("C. Cups.\n\nAll other provisions unchanged.", "has no place"),
        ("Cups are washed.\n\n[Rest unchanged]", "no number that tells where it belongs"),
    ],
)
def test_what_cannot_be_placed_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(AskError, match=message):
        made(text)


def test_a_line_of_no_change_where_nothing_is_left_out_is_no_text() -> None:
    whole = OLD.partition("Keys")[2].replace("2.0 Keys", "[No change]\n\n2.0 Keys")
    paper = made(whole)
    assert paper.text == old().text
    assert said(paper, "nothing-left-out")


NUMBERED = (
    "1. Hours\n\n1.1 Rooms open at eight.\n\n1.2 Rooms close at six.\n\n"
    "2. Keys\n\n2.1 Keys hang.\n\n2.2 Keys are red.\n\n3. Term\n\n3.1 It ends in June."
)
ARTICLES = (
    "ARTICLE 5\n\nSection 1. Rooms open.\n\nSection 2. Rooms close.\n\n"
    "ARTICLE 6\n\nSection 1. Lamps burn.\n\nSection 2. Lamps cost.\n\nARTICLE 7\n\nSection 1. Keys."
)
BARE = "1 Rooms open.\n\n2 Rooms close.\n\n3 Lamps burn.\n\n4 Keys hang."


@pytest.mark.parametrize(
    ("before", "text", "pairs"),
    [
        (
            NUMBERED,
            "1. [No change]\n\n2. Keys\n\n2.1 Keys lie.\n\n2.2 CCL\n\n3. CCL",
            [("hang", "lie")],
        ),
        (
            NUMBERED,
            "1.1 Rooms open at nine.\n\n1.2-3.1 unchanged",
            [("1. Hours\n\n", ""), ("eight", "nine")],
        ),
        (NUMBERED, "2. Keys\n\n2.2 Keys are blue.\n\n[All other sections: CCL]", [("red", "blue")]),
        (
            NUMBERED,
            "Section 1: no change\nSection 2.1: Keys lie.\nSection 2.2: CCL\nSection 3: CCL",
            [("2. Keys\n\n2.1 Keys hang.\n\n", "Section 2.1: Keys lie.\n")],
        ),
        (NUMBERED, "2.3 Keys are new.\n\n* * *", [("red.", "red.\n\n2.3 Keys are new.")]),
        (NUMBERED, "1. No change\n\n2. No change\n\n* * *", []),
        (BARE, "1 No change\n2 Rooms lock.\n3 No change\n4 No change", [("close", "lock")]),
        (BARE, "1-2 No change\n\n3 Lamps glow.\n\n4 No change", [("burn", "glow")]),
        (BARE, "Section 3 only:\n\n3 Lamps glow.", [("burn", "glow")]),
        (BARE, "[3 only]\n\n3 Lamps glow.", [("burn", "glow")]),
        (BARE, "Changes to Section 3 only\n\n3 Lamps glow.", [("burn", "glow")]),
        (
            ARTICLES,
            "Article 5: CCL\nArticle 6: New words.\nArticle 7: CCL",
            [
                ("ARTICLE 6", "Article 6: New words."),
                ("Section 1. Lamps burn.\n\nSection 2. Lamps cost.\n\n", ""),
            ],
        ),
        (
            ARTICLES,
            "Article 6\n\nSection 1: CCL\nSection 2: Lamps are free.\n\nAll other articles: CCL",
            [("Section 2. Lamps cost.", "Section 2: Lamps are free.")],
        ),
        (
            ARTICLES,
            "Article 6, Section 2. Lamps are free.\n\nAll other provisions unchanged.",
            [("Section 2. Lamps cost.", "Article 6, Section 2. Lamps are free.")],
        ),
    ],
)
def test_however_clauses_are_numbered_and_listed(
    before: str, text: str, pairs: list[tuple[str, str]]
) -> None:
    old_, new = (read(f"Rooms\n\n{one}".encode(), name="x.md") for one in (before, text))
    found = restate(new, Source("Old", old_.text, old_.title))
    expected = old_.text
    for one, other in pairs:
        assert expected.count(one) == 1
        expected = expected.replace(one, other)
    assert found is not None
    assert found.paper.text == expected


def test_a_line_that_stands_for_text_is_no_title_and_no_signature() -> None:
    paper = read(
        b"Keys\n\nSections 1-2: CCL\n\n3.0 Lamps.\n\nStatus Quo\n\nSigned: ____", name="x.md"
    )
    assert paper.title == ("Keys",)
    assert len(stand_ins(paper.text)) == 2
    base = read(b"Keys\n\nCurrent Contract Language\n\n1.0 Lamps.", name="x.md")
    assert base.title == ("Keys", "Current Contract Language")


# A text, and some of its clauses restated


@st.composite
def numbered(draw: st.DrawFn) -> list[str]:
    words = st.lists(
        st.sampled_from("bells keys lamps ring hang burn daily nightly the a".split()),
        min_size=2,
        max_size=8,
    )
    clauses = []
    for n in range(1, draw(st.integers(2, 6)) + 1):
        clauses.append(f"{n}.0 {' '.join(draw(words)).capitalize()}.")
        if draw(st.booleans()):
            count = draw(st.integers(1, 3))
            clauses += [f"{'abc'[m]}. {' '.join(draw(words)).capitalize()}." for m in range(count)]
    return clauses


SAYS = ("[No change]", "no change", "CCL", "status quo", "…", "* * *", "(unchanged)")


@given(numbered(), st.data())
def test_restated_clauses_change_and_the_others_stay(
    clauses: list[str], data: st.DataObject
) -> None:
    restated, result = [], []
    for clause in clauses:
        number = clause.partition(" ")[0]
        if data.draw(st.booleans()):
            restated.append(f"{number} Zinc {data.draw(st.sampled_from(clauses))[4:]}")
            result.append(restated[-1])
        else:
            restated.append(f"{number} {data.draw(st.sampled_from(SAYS))}")
            result.append(clause)
    paper = read("\n\n".join(restated).encode(), name="new.md")
    found = restate(paper, Source("Old", "\n\n".join(clauses)))
    assert (paper if found is None else found.paper).text == "\n\n".join(result)


@given(numbered(), st.data())
def test_a_partial_paper_of_any_clauses_changes_those(
    clauses: list[str], data: st.DataObject
) -> None:
    own = Outlined.of("\n\n".join(clauses))
    tops = [n for n, clause in enumerate(clauses) if clause[0].isdigit()]
    chosen = data.draw(st.lists(st.sampled_from(tops), min_size=1, unique=True))
    ends = dict(pairwise([*tops, len(clauses)]))
    restated, result = [], list(clauses)
    for n in chosen:
        words = f"{clauses[n].partition(' ')[0]} Zinc."
        restated.append("\n\n".join([words, *clauses[n + 1 : ends[n]]]))
        result[n] = words
    assert len(own) == len(clauses)
    paper = read("\n\n".join(restated).encode(), name="new.md")
    found = restate(paper, Source("Old", own.text), partial=True)
    assert found is not None
    assert found.paper.text == "\n\n".join(result)


@given(st.data())
def test_no_clause_is_lost_that_stays_and_none_stands_twice(data: st.DataObject) -> None:
    rows = [
        (f"{n}.0" if letter == "" else f"{letter}.", f"w{n}{letter}")
        for n in range(1, data.draw(st.integers(2, 5)) + 1)
        for letter in ["", *"abc"[: data.draw(st.integers(0, 3))]]
    ]
    partial = data.draw(st.booleans())
    lines, stays = ["1.0 Zinc."], set[str]()
    for number, word in rows[1:]:
        how = data.draw(st.sampled_from(["restated", "no change", "left out", "gap"]))
        above = not number[0].isalpha() or f"{word[1]}.0 " in "".join(lines)
        if how == "left out" or not above or (number[0].isalpha() and lines[-1][0] == "*"):
            stays |= {word} if partial else set()
        elif how == "gap":
            lines.append("* * *")
            stays |= {word} if partial else set()
        else:
            lines.append(f"{number} {'Zinc.' if how == 'restated' else '[No change]'}")
            stays |= {word} if how == "no change" else set()
    before = "\n\n".join(f"{number} {word}." for number, word in rows)
    paper = read("\n\n".join(lines).encode(), name="new.md")
    try:
        found = restate(paper, Source("Old", before), partial=partial)
    except AskError:
        return
    text = (paper if found is None else found.paper).text
    assert all(text.count(f"{word}.") <= 1 for _, word in rows)
    assert all(f"{word}." in text for word in stays)


@given(
    st.lists(st.sampled_from([*OLD.split("\n\n"), *SAYS, "2.0 [No change]", "9.0 x"]), max_size=9)
)
def test_any_row_of_clauses_and_stand_ins_is_made_whole_or_refused(blocks: list[str]) -> None:
    try:
        paper = made("\n\n".join(["1.0 x", *blocks]), partial=len(blocks) % 2 == 0)
    except AskError:
        return
    assert all(0 <= d.start <= d.end <= len(paper.text) for d in paper.doubts)
    assert all(run.text for run in paper.runs)


@pytest.mark.parametrize(
    "text",
    [
        "[No change]\n" * 4_000,
        "1.0 [No change]\n\n" * 4_000,
        "".join(f"{n}.0 [No change]\n\n" for n in range(999)) * 2,
        "…\n\n" * 10_000,
        "x\n\n* * *\n\n" * 4_000,
        "1, " * 12_000 + "no change",
        "[" * 20_000 + "no change",
        ". " * 20_000,
        "Sections 1-999: unchanged\n\n" * 4_000,
        "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1 x\n" * 1_000 + "[Rest unchanged]",
    ],
)
def test_hostile_papers_are_read_and_made_or_refused(text: str) -> None:
    paper = read(text.encode(), name="new.txt")
    for partial in (False, True):
        try:
            restate(
                paper, Source("Old", "".join(f"{n}.0 x\n" for n in range(999)) * 2), partial=partial
            )
        except AskError:
            continue


# Filed


def paper_of(text: str, label: str, *before: str, **stated: object) -> Submission:
    ladder = "\n".join([*before, label])
    data = f"Keys\n\n{text}\n\n{ladder}\n".encode()
    return Submission(data=data, name=f"{label}.md", **stated)  # type: ignore[arg-type]


RTA, DISTRICT, AGAIN = "RTA Proposal 1-6-25", "District Counter 2-3-25", "RTA Counter 3-3-25"
BODY = OLD.partition("Keys")[2].strip()
FIRST = paper_of(BODY, RTA)
SECOND = paper_of("1.0 Bells ring at nine.\n\nAll other provisions: no change", DISTRICT, RTA)
THIRD = paper_of("4.0 Hours end at five.\n\n[Rest unchanged]", AGAIN, RTA, DISTRICT)
SHORT = "4.0 Hours end at five."


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_papers_filed_together_are_made_in_bargaining_order(order: tuple[int, ...]) -> None:
    papers = (FIRST, SECOND, THIRD)
    with Record.in_memory() as record:
        filed = record.file_all([papers[n] for n in order])
        assert [one.entry for one in filed] == [1, 2, 3]
        chain = record.chain()
        assert chain.text(3) == changed(("at eight", "at nine"), ("six", "five"))
        assert [[made.label for made in one.made_of] for one in chain] == [[], [RTA], [DISTRICT]]
        assert record.original(record.filings("Keys")[0]) == papers[order[0]].data
        assert record.verify()


def test_words_that_stay_have_the_origin_that_they_had() -> None:
    with Record.in_memory() as record:
        record.file_all([FIRST, SECOND, THIRD])
        (passage,) = record.chain().who("at nine").passages
        assert [one.label for one in passage.spans[-1].origin.candidates] == [DISTRICT]
        (lamps,) = record.chain().who("Lamps burn nightly").passages
        assert lamps.stands
        assert lamps.spans[0].origin.first_seen.label == RTA


def test_filing_it_again_adds_nothing() -> None:
    with Record.in_memory() as record:
        record.file_all([FIRST, SECOND])
        (again,) = record.file_all([SECOND])
        assert again.done == "already on file"
        assert len(record.entries) == 2


def test_a_paper_far_shorter_is_asked_about() -> None:
    short = paper_of(SHORT, DISTRICT, RTA)
    with Record.in_memory() as record:
        record.file(FIRST)
        with pytest.raises(AskError, match="lacks 7 clauses of “RTA Proposal 1-6-25”") as asked:
            record.file(short)
        assert "--partial" in asked.value.hint
        assert "--whole" in asked.value.hint
        assert len(record.entries) == 1
        record.file(attrs.evolve(short, partial=True))
        assert record.chain().text(2) == changed(("six", "five"))


@pytest.mark.parametrize(
    "paper",
    [
        paper_of(SHORT, DISTRICT, RTA, whole=True),
        paper_of(SHORT, "District Counter Withdrawn 2-3-25", RTA),
        paper_of(
            "\n\n".join(f"~~{one}~~" for one in BODY.split("\n\n")) + "\n\n5.0 Done.", DISTRICT, RTA
        ),
        paper_of("\n\n".join(BODY.split("\n\n")[:5]), DISTRICT, RTA),  # shortened by half
    ],
)
def test_a_paper_that_strikes_the_rest_is_not_asked_about(paper: Submission) -> None:
    with Record.in_memory() as record:
        record.file_all([FIRST, paper])
        assert record.chain().revisions[1].made_of == ()


def test_whole_files_the_words_as_they_stand_and_doubts_them() -> None:
    with Record.in_memory() as record:
        record.file_all([FIRST, attrs.evolve(SECOND, whole=True)])
        assert "All other provisions: no change" in record.chain().text(2)
        assert "stand-in" in {doubt.kind for _, doubt in record.chain().doubts}


def test_without_a_paper_before_it_is_refused_with_its_line() -> None:
    with Record.in_memory() as record, pytest.raises(AskError, match=r"Line 5: .* none is on"):
        record.file(SECOND)


def test_the_paper_that_it_is_taken_from_can_be_named() -> None:
    with Record.in_memory() as record:
        record.file_all([FIRST, SECOND, attrs.evolve(THIRD, amends="proposal")])
        chain = record.chain()
        assert chain.text(3) == changed(("six", "five"))
        assert [made.label for made in chain.revisions[2].made_of] == [RTA]


def test_current_language_is_taken_from_the_base_on_file_or_declared() -> None:
    base = Submission(data=f"Keys\n\n{BODY}".encode(), base=True, name="base.md")
    changed_ = paper_of(BODY.replace("nightly", "daily"), RTA)
    marked = paper_of(BODY.replace("nightly", "~~nightly~~ **daily**"), RTA)
    ccl = paper_of("1.0 x.\n\n2.0 CCL\n\n3.0 CCL\n\n4.0 CCL", DISTRICT, RTA)
    for papers in ([base, changed_, ccl], [marked, ccl]):
        with Record.in_memory() as record:
            record.file_all(papers)
            assert "Lamps burn nightly" in record.chain().text(DISTRICT)
            assert "base" in [one.label for one in record.chain().revision(DISTRICT).made_of]
    with Record.in_memory() as record:
        record.file_all([changed_, ccl])
        assert "Lamps burn daily" in record.chain().text(DISTRICT)
        assert "base-unknown" in {doubt.kind for _, doubt in record.chain().doubts}


def test_what_was_filed_in_between_since_is_doubted() -> None:
    with Record.in_memory() as record:
        record.file_all([FIRST, THIRD])
        assert record.chain().text(AGAIN) == changed(("six", "five"))
        record.file(SECOND)
        (doubt,) = [d for _, d in record.chain().doubts if d.kind == "filed-between"]
        assert doubt.message == (
            "It was made of “RTA Proposal 1-6-25”; “District Counter 2-3-25” was filed since, and "
            "stands between."
        )
        assert record.chain().text(AGAIN) == changed(("six", "five"))  # as it was filed


def test_what_it_was_made_of_may_change_later_and_is_doubted() -> None:
    with Record.in_memory() as record:
        record.file_all([FIRST, SECOND])
        record.file(paper_of(BODY.replace("nightly", "daily"), RTA, correct=True))
        assert "made-of-gone" in {doubt.kind for _, doubt in record.chain().doubts}
        assert "Lamps burn nightly" in record.chain().text(DISTRICT)


def test_what_is_skipped_makes_nothing_else_whole() -> None:
    bad = paper_of("9.0 [No change]", DISTRICT, RTA)
    with Record.in_memory() as record:
        refused: list[tuple[object, Exception]] = []
        readings = [prepare(one) for one in (THIRD, bad, FIRST)]
        filed = record.file_readings(readings, refused=refused, skip=True)  # type: ignore[arg-type]
        assert [one.revision.label for one in filed] == [AGAIN, RTA]
        assert [str(error)[:7] for _, error in refused] == ["Line 3:"]
        assert [made.label for made in record.chain().revision(AGAIN).made_of] == [RTA]


def word(*paragraphs: str) -> bytes:
    return document("".join(p(r(text)) for text in paragraphs))


@pytest.mark.parametrize("says", ["[No change]", "CCL", "* * *"])
def test_in_word_too(says: str) -> None:
    first = word("Keys", *BODY.split("\n\n"), RTA)
    second = word(
        "Keys",
        "1.0 Bells ring at nine.",
        f"2.0 {says}",
        f"3.0 {says}",
        f"4.0 {says}",
        RTA,
        DISTRICT,
    )
    third = word("Keys", "1.0 Bells ring at ten.", "* * *", "4.0 Hours end.", RTA, DISTRICT, AGAIN)
    with Record.in_memory() as record:
        record.file_all([Submission(data=one, name="x.docx") for one in (third, second, first)])
        chain = record.chain()
        assert chain.text(2) == changed(("at eight", "at nine"))
        assert "3.0 Lamps burn nightly.\n\n4.0 Hours end." in chain.text(3)


@pytest.mark.parametrize("formats", [("docx", "md"), ("md", "docx")])
def test_between_word_and_text_lines_become_paragraphs(formats: tuple[str, str]) -> None:
    wrapped = BODY.replace("Every teacher", "Every\nteacher")
    make: dict[str, Callable[[str, str], bytes]] = {
        "docx": lambda text, ladder: word("Keys", *text.split("\n\n"), *ladder.split("\n")),
        "md": lambda text, ladder: f"Keys\n\n{text}\n\n{ladder}\n".encode(),
    }
    first = make[formats[0]](wrapped if formats[0] == "md" else BODY, RTA)
    second = make[formats[1]]("1.0 Bells ring at nine.\n\n[Rest unchanged]", f"{RTA}\n{DISTRICT}")
    with Record.in_memory() as record:
        names = [f"{n}.{name}" for n, name in enumerate(formats)]
        pairs = zip((first, second), names, strict=True)
        record.file_all([Submission(data=data, name=name) for data, name in pairs])
        assert record.chain().text(2) == changed(("at eight", "at nine"))
        assert len(record.chain().diff(1, 2)) == 1


def test_doubts_of_its_own_words_move_with_them() -> None:
    paper = made("3.0 Lamps ~~burn~~ glow at night.\n\n[Rest unchanged]")
    (doubt,) = [one for one in paper.doubts if one.kind == "unmarked-replacement"]
    assert isinstance(doubt, Doubt)
    assert paper.text[doubt.start : doubt.end] == "glow at night"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1.0 Doors open at nine …\n\n2.0 Keys.", "Doors open at nine …"),
        ("1.0 Doors open at nine...\n\n2.0 Keys.", "Doors open at nine ..."),
        ("1.0 Doors open at nine . . .\n\n2.0 Keys.", "Doors open at nine . . ."),
        ("1.0 Doors open at nine * * *\n\n2.0 Keys.", "Doors open at nine * * *"),
        ("1.0 Doors open at nine [...].\n\n2.0 Keys.", "open at nine [ ... ]."),
        ("1.0 … and close at noon.\n\n2.0 Keys.", "1.0 … and close at noon."),
        ("1.0 Doors … close at noon.\n\n2.0 Keys.", "1.0 Doors … close at noon."),
        ("1.0 Doors open. . . . They close.\n\n2.0 Keys.", "1.0 Doors open . . . . They close."),
        ("1.0 Doors\nopen … and\nclose.\n\n2.0 Keys.", "open … and"),
        ("1.0 Doors open at nine.\n\n2.0 Keys.", ""),
        ("1.0 Doors open at nine. It is cold.\n\n2.0 [No change]", ""),
        ("1.0 Name ..................... Date\n\n2.0 Keys.", ""),
        ("1.0 Doors.\n\n* * *\n\n2.0 Keys.", ""),
        ("1.0 …\n\n2.0 Keys.", ""),  # the whole clause
        ("1.0 Doors.\n\n…\n\n2.0 Keys.", ""),
    ],
)
@pytest.mark.parametrize("name", ["x.md", "x.txt"])
def test_dots_inside_of_a_clause_leave_words_out(text: str, shown: str, name: str) -> None:
    found = [d for d in read(text.encode(), name=name).doubts if d.kind == "elision"]
    assert len(found) == bool(shown)
    for doubt in found:
        words = doubt.message.partition("“")[2].partition("”")[0]
        assert words.removeprefix("1.0 ") == shown.removeprefix("1.0 ")
        assert doubt.line


@pytest.mark.parametrize("again", [False, True])
def test_a_clause_that_leaves_words_out_is_not_filed_as_text(again: bool) -> None:
    signs = " … as before" if again else ""
    first = f"1.0 Doors open at eight{signs}.\n\n2.0 Keys hang by the door.\n"
    then = "1.0 Doors open at nine … as before.\n\n2.0 Keys hang by the door.\n"
    with Record.in_memory() as record:
        label = "RTA Proposal 1-6-25"
        record.file(Submission(data=first.encode(), name="a.md", label=label, chain="Doors"))
        label = "District Counter 2-3-25"
        paper = Submission(data=then.encode(), name="b.md", label=label, chain="Doors")
        if again:  # the signs are text of the agreement
            assert record.file(paper).done == "filed"
            return
        with pytest.raises(AskError, match=r"Line 1: “Doors open at nine … as before\.” may leave"):
            record.file(paper)
        assert record.file(attrs.evolve(paper, whole=True)).done == "filed"
