"""Clauses: every word of a text has one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.clauses import clauses


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
        ("ARTICLE IV Keys\n\n1. A\n2. B", "ARTICLE IV|ARTICLE IV, 1|ARTICLE IV, 2"),
        ("Section 3. Keys\n\na. A", "Section 3|Section 3, a"),
        ("Appendix B\n\n1.0 A", "Appendix B|Appendix B, 1.0"),
        ("§ 12 Keys\n\n1. A", "§ 12|§ 12, 1"),
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
