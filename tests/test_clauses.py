"""Clauses: every word of a text has one address."""

import re
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import read
from bargaining.text.clauses import clauses


def addresses(text: str) -> list[str]:
    return [clause.address for clause in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Numbers that are addresses by themselves.
        ("1.0 A\n2.0 B", "1.0 2.0"),
        ("6.1 A\n6.2 B\n7.1 C", "6.1 6.2 7.1"),
        ("6.1. A\n6.2. B", "6.1 6.2"),
        ("6.2.1 A\n6.2.2 B", "6.2.1 6.2.2"),
        ("1.0 A\n\n- 2.0 B\n* 3.0 C", "1.0 2.0 3.0"),
        ("1. A\n2. B\n3. C", "1 2 3"),
        ("1) A\n2) B", "1 2"),
        # Letters and numbers in every dress, below them.
        ("1.0 A\na. B\nb. C\n2.0 D\na. E", "1.0 1.0(a) 1.0(b) 2.0 2.0(a)"),
        ("1.0 A\n(a) B\n(b) C", "1.0 1.0(a) 1.0(b)"),
        ("1.0 A\na) B\nb) C", "1.0 1.0(a) 1.0(b)"),
        ("1.0 A\nA. B\nB. C", "1.0 1.0(A) 1.0(B)"),
        ("1.0 A\n- a. B\n 1. C\n 2. D\n- b. E", "1.0 1.0(a) 1.0(a)(1) 1.0(a)(2) 1.0(b)"),
        ("1.0 A\n(a) B\n(1) C\n(i) D\n(ii) E\n(2) F\n(b) G",
         "1.0 1.0(a) 1.0(a)(1) 1.0(a)(1)(i) 1.0(a)(1)(ii) 1.0(a)(2) 1.0(b)"),
        # The same letters in another dress are another list.
        ("1.0 A\na. B\n(a) C\n(b) D\nb. E", "1.0 1.0(a) 1.0(a)(a) 1.0(a)(b) 1.0(b)"),
        # Numerals, and the letter between h. and j.
        ("1.0 A\ni. B\nii. C\niii. D\niv. E\nv. F", "1.0 1.0(i) 1.0(ii) 1.0(iii) 1.0(iv) 1.0(v)"),
        ("1.0 A\nI. B\nII. C", "1.0 1.0(I) 1.0(II)"),
        ("\n".join(f"{letter}. A" for letter in "abcdefghij"), "a b c d e f g h i j"),
        ("a. A\ni. B\nii. C\nb. D", "a a(i) a(ii) b"),
        ("h. A\ni. B\nj. C", "h i j"),
        # A list that starts again is a level deeper; one that goes on is not.
        ("1.0 A\na. B\nb. C\na. D\nb. E\nc. F", "1.0 1.0(a) 1.0(b) 1.0(b)(a) 1.0(b)(b) 1.0(b)(c)"),
        ("1.0 A\n1. B\n2. C\n1. D", "1.0 1.0(1) 1.0(2) 1.0(2)(1)"),
        # An editor that numbers every item `1.` has one list.
        ("1.0 A\n1. B\n1. C\n1. D", "1.0 1.0(1) 1.0(1) 1.0(1)"),
        # A number left out (struck, or renumbered by halves) keeps its level.
        ("1.0 A\n\na. B\n\nc. C\n\nd. D", "1.0 1.0(a) 1.0(c) 1.0(d)"),
        # Articles.
        ("Article 5\n\n5.1 A\na. B\n5.2 C\n\nArticle 6\n\n6.1 D",
         "Article 5|Article 5, 5.1|Article 5, 5.1(a)|Article 5, 5.2|Article 6|Article 6, 6.1"),
        ("ARTICLE IV Keys\n\n1. A\n2. B", "Article IV|Article IV(1)|Article IV(2)"),
        ("Section 3. Keys\n\na. A", "Section 3|Section 3(a)"),
        ("Appendix B\n\n1.0 A", "Appendix B|Appendix B, 1.0"),
        ("§ 12 Keys\n\n1. A", "§ 12|§ 12(1)"),
        # Before the first clause, and after the last.
        ("The parties agree:\n\n1.0 A", "preamble 1.0"),
        ("1.0 A\n\nThis agreement is in effect through May.", "1.0 term"),
        ("1.0 A\n\na. B\n\nThis non-precedent setting agreement ends in May.", "1.0 1.0(a) term"),
        ("1.0 A\n\nB goes on.\n\nThis paper expires in May.\n\nAnd so on.", "1.0 term"),
        ("1.0 A key in effect.\n\n2.0 B", "1.0 2.0"),
        ("1.0 A\n\nThis expires.\n\n2.0 B\n\nC goes on.", "1.0 2.0"),
    ],
)  # fmt: skip
def test_each_clause_has_its_address(text: str, expected: str) -> None:
    assert addresses(text) == expected.split("|" if "|" in expected else None)


# Numbers, each at the head of a paragraph, and the addresses of those paragraphs.
ROWS = [
    ("1. 1.1 1.2 2. 2.1 2.1.1 3.", "1 1.1 1.2 2 2.1 2.1.1 3"),
    ("1. 1.1. 1.2. 2.", "1 1.1 1.2 2"),
    ("1) 1.1 2) 2.1", "1 1.1 2 2.1"),
    ("1) 1.1) 2) 2.1)", "1 1.1 2 2.1"),
    ("1 1.1 1.2 2 2.1", "1 1.1 1.2 2 2.1"),
    ("1 2 3", "1 2 3"),
    ("1. 1.1 (a) (b) 1.2 (a) 2.", "1 1.1 1.1(a) 1.1(b) 1.2 1.2(a) 2"),
    ("1. 1.1 1. 2. 1.2 2.", "1 1.1 1.1(1) 1.1(2) 1.2 2"),
    ("1. 1.1 1. 2. 3. 1.2 2. 2.1", "1 1.1 1.1(1) 1.1(2) 1.1(3) 1.2 2 2.1"),
    ("9. 9.8 9.9 10. 10.1", "9 9.8 9.9 10 10.1"),
    ("9.8 9.9 10. 10.1", "9.8 9.9 10 10.1"),
    ("1.9 1.10 1.11 2.0", "1.9 1.10 1.11 2.0"),
    (
        "I. A. 1. a. i. ii. b. 2. B. II. A.",
        "I I(A) I(A)(1) I(A)(1)(a) I(A)(1)(a)(i) I(A)(1)(a)(ii) I(A)(1)(b) I(A)(2) I(B) II II(A)",
    ),
    ("I. II. III. IV. V. VI.", "I II III IV V VI"),
    ("I. A. B. C. D. II.", "I I(A) I(B) I(C) I(D) II"),
    ("A. B. C. D. E. F. G. H. I. J.", "A B C D E F G H I J"),
    ("A. 1. 2. B. 1.", "A A(1) A(2) B B(1)"),
    ("(a) (1) (i) (ii) (2) (b)", "a a(1) a(1)(i) a(1)(ii) a(2) b"),
    ("§3 (b) §4", "§ 3|§ 3(b)|§ 4"),
    ("12.3.a(iv) 12.3.b", "12.3(a)(iv)|12.3(b)"),
    ("12.3(a) 12.3(b) 12.4", "12.3(a) 12.3(b) 12.4"),
    ("1. 2. 4. 5.", "1 2 4 5"),
    ("1. 2. 2. 3.", "1 2 2 3"),
    ("1.0 3.0 4.0", "1.0 3.0 4.0"),
    ("1. 1.1 3. 3.1", "1 1.1 3 3.1"),
    (
        " ".join(f"{letter}." for letter in [*ascii_lowercase, "aa", "bb"]),
        " ".join([*ascii_lowercase, "aa", "bb"]),
    ),
    ("1.0 1. 2. 2.0 1.", "1.0 1.0(1) 1.0(2) 2.0 2.0(1)"),
    ("1. a. b. 2. a.", "1 1(a) 1(b) 2 2(a)"),
    ("1. (1) (2) 2.", "1 1(1) 1(2) 2"),
    ("h. i. ii.", "h h(i) h(ii)"),
    ("g. h. i. ii. i. j.", "g h h(i) h(ii) i j"),
    ("1. 1.1 1.1.1 1.1.1.1 1.1.2 1.2 2.", "1 1.1 1.1.1 1.1.1.1 1.1.2 1.2 2"),
    ("1. 2. 2.1 2.2 3. 3.1 4.", "1 2 2.1 2.2 3 3.1 4"),
    ("1 1.1", "1 1.1"),
    ("IV. A. V.", "IV IV(A) V"),
    ("1. 1. 2. 3.", "1 1 2 3"),
    ("5.1 5.1.1 5.1.2 5.2 6.1", "5.1 5.1.1 5.1.2 5.2 6.1"),
    ("6.2 7.1 6.3", "6.2 7.1 6.3"),
    ("2.0 1. 2. 3. 3.0", "2.0 2.0(1) 2.0(2) 2.0(3) 3.0"),
    ("1. 1.1 1.2 a. b. 1. 2. 2. 2.1", "1 1.1 1.2 1.2(a) 1.2(b) 1.2(b)(1) 1.2(b)(2) 2 2.1"),
    ("5. 5A. 5B. 6.", "5 5A 5B 6"),
    ("2. 2a. 2b. 3.", "2 2a 2b 3"),
    ("1) 1A) 2)", "1 1A 2"),
    ("(1) (1A) (2)", "1 1A 2"),
    ("A. A.1 A.2 B. B.1", "A A.1 A.2 B B.1"),
    ("A.1 A.2 B.1 C.1", "A.1 A.2 B.1 C.1"),
    ("3. (a)(1) (a)(2) (b) (b)(1)", "3 3(a)(1) 3(a)(2) 3(b) 3(b)(1)"),
    ("1. (1)(a)(i) (1)(a)(ii) 2.", "1 1(1)(a)(i) 1(1)(a)(ii) 2"),
    ("3.1: 3.2: 4.1:", "3.1 3.2 4.1"),
    ("\u200b1. \u200b2. \ufeff3.", "1 2 3"),
    ("\u200e1.1 \u200e1.2", "1.1 1.2"),
    ("１． ２． ３．", "1 2 3"),
    ("（１） （２）", "1 2"),
    ("1．1 1．2 1．3", ""),  # a wide stop is no dot inside a number
]
# Paragraphs as papers have them.
PAPERS = [
    (
        "Appendix A\n\n1. Red\n\nAppendix B\n\n1. Blue",
        "Appendix A|Appendix A(1)|Appendix B|Appendix B(1)",
    ),
    ("1. A\n1.1 B\n1.2 C\n2. D\n2.1 E\n2.1.1 F\n3. G", "1 1.1 1.2 2 2.1 2.1.1 3"),
    (
        "Article 12\n\nSection 1. A\n\n(a) B\n\nSection 2. C\n\nArticle 13\n\nSection 1. D",
        (
            "Article 12|Article 12, Section 1|Article 12, Section 1(a)|Article 12, Section 2|"
            "Article 13|Article 13, Section 1"
        ),
    ),
    ("Section 3(b) Keys are blue.\n\nSection 4 Doors", "Section 3(b)|Section 4"),
    ("Sec. 3 Keys\n\na. A\n\nSec. 4 Doors", "Section 3|Section 3(a)|Section 4"),
    (
        "ARTICLE 12 – HOURS\n\n12.1 A\n\n12.2 B\n\na. C\n\nARTICLE 13 – PAY\n\n13.1 D",
        (
            "Article 12|Article 12, 12.1|Article 12, 12.2|Article 12, 12.2(a)|Article 13|Article "
            "13, 13.1"
        ),
    ),
    ("1. A ends in the school year\n2025. It goes on.\n\n2. B", "1 2"),
    (
        (
            "1.0 The rate of pay for all aides rises in each year by no less than\n5.5 percent "
            "of the base.\n\n2.0 B"
        ),
        "1.0 2.0",
    ),
    (
        (
            "1.4 The aides of each school are paid for each evening at the rate of\n1.5 hours "
            "for one.\n\n1.5 B"
        ),
        "1.4 1.5",
    ),
    ("1.0 A\n\n3.0 FTE are added.\n\n2.0 B", "1.0 2.0"),
    ("1.0 Pay\n\n12.50 per hour is paid.\n\n2.0 B", "1.0 2.0"),
    ("1.0 A\n\n$5 is paid.\n\n2.0 B", "1.0 2.0"),
    (
        (
            "1.0 A was agreed and signed by both of the parties at the table on\n5.19.25 and "
            "again.\n\n2.0 B"
        ),
        "1.0 2.0",
    ),
    ("1.0 甲方应\n\n2.0 乙方", "1.0 2.0"),
    ("1.\tA\n\n2.\tB", "1 2"),
    ("1.\u00a0A\n\n2.\u00a0B", "1 2"),
    (
        (
            "Keys and Locks\n\n1. Red.\n\n1.1 Blue.\n\n1.2 Green.\n\n2. Grey.\n\n2.1 Black.\n\n"
            "2.1.1 White.\n\n3. Pink.\n\nArticle 4. Brown.\n\n4.1 Gold.\n\n5. Violet."
        ),
        "preamble|1|1.1|1.2|2|2.1|2.1.1|3|Article 4|Article 4, 4.1|5",
    ),
    ("Section 3.1 A\n\nSection 3.2 B", "3.1 3.2"),
    ("Section 3.1: A\n\nSection 3.2: B", "3.1 3.2"),
    (
        "PART ONE\n\n1. A\n\n2. B\n\nPART TWO\n\n1. C\n\n2. D",
        "Part One|Part One(1)|Part One(2)|Part Two|Part Two(1)|Part Two(2)",
    ),
    (
        "Part I – Hours\n\n1. A\n\nPart II – Pay\n\n1. C",
        "Part I|Part I(1)|Part II|Part II(1)",
    ),
    (
        "Chapter 2\n\nSection 1. A\n\nChapter 3\n\nSection 1. B",
        "Chapter 2|Chapter 2, Section 1|Chapter 3|Chapter 3, Section 1",
    ),
    ("Part of the day is free.\n\n1. A\n\n2. B", "preamble|1|2"),
    ("3 years pass.\n\n4 years pass.", ""),
    (
        "Article I\n\nSection 1. A\n\n1. B\n\n2. C\n\nSection 2. D\n\nArticle II",
        (
            "Article I|Article I, Section 1|Article I, Section 1(1)|Article I, Section 1(2)|"
            "Article I, Section 2|Article II"
        ),
    ),
    ("1.0 The list:\n\n• red\n• blue\n\n2.0 B", "1.0 2.0"),
    ("Section 3 of the code is met.\n\n1.0 A", "preamble 1.0"),
]
FAMILIES = [
    *(("\n\n".join(f"{number} Keys" for number in heads.split()), found) for heads, found in ROWS),
    *PAPERS,
]


@pytest.mark.parametrize(("text", "expected"), FAMILIES)
def test_a_number_belongs_to_the_level_where_it_goes_on(text: str, expected: str) -> None:
    found = expected.split("|") if "|" in expected else expected.split() or [""]
    assert addresses(text) == found


@pytest.mark.parametrize(("text", "expected"), FAMILIES)
def test_what_fits_in_one_way_only_is_not_unsure(text: str, expected: str) -> None:
    del expected
    assert not clauses(text).unsure


def unsure(text: str, levels: dict[int, int] | None = None) -> list[tuple[str, str, str]]:
    found = clauses(text, levels).unsure
    return [(text[one.start : one.end], one.address, one.other) for one in found]


LONG = "The aides of each school are paid for each evening at the rate of"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. A\n\n1.1 B\n\n1. C\n\n2. D", [("2.", "1.1(2)", "2")]),
        ("1. A\n\n1.1 B\n\n1. C\n\n2. D\n\n2.1 E", []),
        ("1. A\n\n1.1 B\n\n1. C\n\n2. D\n\n1.2 E", []),
        (f"1.4 {LONG}\n1.5 of the others.", [("1.5", "", "1.5")]),
        (f"1.4 {LONG}\n1.5 hours.", []),
        (f"1. A\n\n2. {LONG}\n3. Nothing else is paid.", [("3.", "3", "")]),
        (f"1. A\n2. {LONG}\n3. Nothing else is paid.", []),
        (f"1.0 {LONG}\na. Nothing else is paid.", [("a.", "", "1.0(a)")]),
        (f"1.0 {LONG}\na. one\nb. another", []),
    ],
)
def test_where_two_structures_fit_the_address_is_unsure(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert unsure(text) == expected


def test_the_level_of_a_list_settles_what_the_text_leaves_open() -> None:
    text = "1. A\n\n1.1 B\n\n1. C\n\n2. D"
    starts = [0, *(m.end() for m in re.finditer("\n\n", text))]
    for levels, address in (((0, 1, 2, 2), "1.1(2)"), ((0, 1, 2, 0), "2")):
        told = dict(zip(starts, levels, strict=True))
        assert [c.address for c in clauses(text, told)] == ["1", "1.1", "1.1(1)", address]
        assert not unsure(text, told)


@given(st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=12), st.sampled_from([".", ")"]))
def test_numbers_that_say_where_they_are_have_that_address(depths: list[int], sign: str) -> None:
    """`1.`, `1.1`, `1.1.1` in any order that a list can have."""
    path: list[int] = []
    numbers = []
    for depth in depths:
        depth = min(depth, len(path) + 1)  # noqa: PLW2901 - no level is left out
        path = [*path[: depth - 1], path[depth - 1] + 1 if depth <= len(path) else 1]
        numbers.append(".".join(map(str, path)))
    shown = (f"{number}{sign}" if "." not in number else number for number in numbers)
    text = "\n\n".join(f"{number} Keys." for number in shown)
    assert addresses(text) == numbers
    assert not clauses(text).unsure


@pytest.mark.parametrize(
    "text",
    [
        "A key is issued for up to\n3 years and is described in\n4. Nothing else is issued.",
        "A key is lost as stated in\nArticle 5 of the agreement.",
        "The college opens at 8. It closes at 5. Section 3 of the code is met.",
        "A key costs\n12 dollars.",
        "I keep a key.",
        "A. and B. Vale keep a key",
        "mix of\nv. small and large keys",
        "A key\n\nill. of it",
        "",
    ],
)
def test_words_that_only_look_like_a_clause_are_none(text: str) -> None:
    assert addresses(f"1.0 {text}") == ["1.0"]


def test_a_text_without_clauses_has_one_nameless_clause() -> None:
    assert addresses("The parties agree.\n\nThis paper expires in May.") == [""]


def test_an_empty_text_has_no_clauses() -> None:
    assert addresses("") == []
    assert clauses("").at(0) == ""


def test_each_place_has_the_address_of_its_clause() -> None:
    text = "Keys:\n\n1.0 A\na. B"
    found = clauses(text)
    assert [found.at(text.index(word)) for word in ("Keys", "1.0", "A", "a.", "B")] == [
        "preamble", "1.0", "1.0", "1.0(a)", "1.0(a)",
    ]  # fmt: skip
    assert found.at(len(text) + 5) == "1.0(a)"


def test_lists_in_lists_have_an_end() -> None:
    deepest = max(addresses("1.0 A\n" + "1. B\na. C\ni. D\n" * 200), key=len)
    assert deepest.count("(") < 10


PIECES = [
    *("1.0 ", "2.1 ", "1. ", "2. ", "a. ", "b) ", "(i) ", "v. ", "- ", "* ", "Article 5", "§ 4 "),
    *("\n", "\n\n", "\n  \n", " ", "\t", "\r", "the key", "expires in effect", "é", "\u2028", "."),
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_clauses_cover_any_text_without_gap_or_overlap(text: str) -> None:
    found = list(clauses(text))
    assert "".join(text[clause.start : clause.end] for clause in found) == text
    assert [clause.start for clause in found[1:]] == [clause.end for clause in found[:-1]]
    assert all(clause.start < clause.end for clause in found)
    assert all(clauses(text).at(n) for n in range(len(text)) if len(found) > 1)


@pytest.mark.parametrize(
    "text",
    [
        "1. Leave\n\nSection 5 employees get leave.\n\n2. Doors.\n\n3. Rooms.",
        "1. Leave\n\nArticle 9 grievances are barred.\n\n2. Doors.\n\n3. Rooms.",
    ],
)
def test_a_sentence_about_a_section_is_no_section(text: str) -> None:
    assert [clause.address for clause in clauses(text)] == ["1", "2", "3"]


@pytest.mark.parametrize("number", ["5ı", "ſ", "İ", "ı", "5ſ"])
@pytest.mark.parametrize("name", ["Section", "Article", "§"])
def test_letters_that_are_none_in_english_are_no_fault(name: str, number: str) -> None:
    assert len(clauses(f"{name} {number} Keys.").clauses) == 1


def test_a_numbered_heading_of_markdown_is_a_clause() -> None:
    paper = read(b"# Keys\n\n## 1. Locks\n\nLocks lie.\n\n## 2. Doors\n\nDoors.", name="x.md")
    assert paper.title == ("Keys",)
    assert [clause.address for clause in clauses(paper.text)] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("1. Keys lie.\n2. Doors close.\n4. Rooms heat.\n5. Lamps burn.", ["1", "2", "4", "5"]),
        ("1.0 All:\n(a) one\n(b) two\n(d) four\n(e) five", ["1.0", *map("1.0({})".format, "abde")]),
        ("1.0 All:\n(i) one\n(ii) two\n(iv) four\n(v) five", None),
        ("1. Keys lie.\n2. Doors close until\n9. The rest stays.", ["1", "2"]),
    ],
)
def test_a_row_without_empty_lines_may_lack_a_number(
    text: str, addresses: list[str] | None
) -> None:
    found = [clause.address for clause in clauses(text)]
    assert found == (addresses or ["1.0", "1.0(i)", "1.0(ii)", "1.0(iv)", "1.0(v)"])


@pytest.mark.parametrize(
    ("text", "title", "addresses"),
    [
        (
            "ARTICLE 12 – HOURS\n\nSection 1. Keys lie.\n\nSection 2. Bells ring.",
            ("ARTICLE 12 – HOURS",),
            "Section 1|Section 2",
        ),
        (
            "ARTICLE 12 – HOURS\n\nSection 1. Keys lie.\n\nARTICLE 13 – PAY\n\nSection 1. Bells.",
            (),
            "Article 12|Article 12, Section 1|Article 13|Article 13, Section 1",
        ),
        (
            "Agreement of the Guild\n\n**ARTICLE I**\n\n1. Keys lie.\n\n**ARTICLE II**\n\n1. Go.",
            ("Agreement of the Guild",),
            "Article I|Article I(1)|Article II|Article II(1)",
        ),
        (
            "# Part One\n\n1. Keys lie.\n\n# Part Two\n\n1. Bells ring.",
            (),
            "Part One|Part One(1)|Part Two|Part Two(1)",
        ),
    ],
)
def test_one_article_is_a_title_and_each_of_several_is_text(
    text: str, title: tuple[str, ...], addresses: str
) -> None:
    paper = read(text.encode(), name="x.md")
    assert paper.title == title
    assert [clause.address for clause in clauses(paper.text)] == addresses.split("|")
