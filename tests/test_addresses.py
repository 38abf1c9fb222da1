"""Addresses: however a person writes one, the same clause is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.errors import AskError, NotFoundError
from bargaining.text.addresses import matching
from bargaining.text.clauses import clauses

SECTIONS = (
    "preamble", "Section 2", "Section 2(a)", "Section 3", "Section 3(a)", "Section 3(b)",
    "Section 3(b)(1)", "Section 30", "term",
)  # fmt: skip
ARTICLES = (
    "Article 12", "Article 12, Section 3", "Article 12, Section 3(b)", "Article 13",
    "Article 13, Section 3", "Article 13, Section 3(b)", "Article IV", "Article IV, 4.1",
    "Article IV, 4.1(a)",
)  # fmt: skip
DOTTED = ("1", "1.1", "1.2", "1.2(a)", "2", "2.1", "2.1.1", "3", "3.1", "3.10", "30")
NOUGHTS = ("1.0", "1.0(a)", "2.0", "3.0", "3.0(a)", "3.0(b)", "3.0(b)(1)", "3.1")
PARTS = ("Part One", "Part One(1)", "Part Two", "Part Two(1)", "5", "5A")
OUTLINE = ("I", "I(A)", "I(A)(1)", "I(A)(1)(a)", "II", "II(A)")


@pytest.mark.parametrize(
    ("known", "spellings", "found"),
    [
        (
            SECTIONS,
            "3(b)|3b|3.b|3 b|3(B)|Sec. 3 (b)|sec 3b|Section 3, b|§3(b)|clause 3(b)| 3 ( b ) |b",
            "Section 3(b)|Section 3(b)(1)",
        ),
        (SECTIONS, "3|Section 3|§3", "Section 3|Section 3(a)|Section 3(b)|Section 3(b)(1)"),
        (SECTIONS, "30|Section 30", "Section 30"),
        (SECTIONS, "term|TERM", "term"),
        (
            ARTICLES,
            "article 12 section 3 b|Art. 12 § 3(b)|Art. XII, Sec. 3(b)|12 3 b",
            "Article 12, Section 3(b)",
        ),
        (ARTICLES, "4.1|article iv 4.1|Article 4, 4.1", "Article IV, 4.1|Article IV, 4.1(a)"),
        (ARTICLES, "4.1a|4.1(a)", "Article IV, 4.1(a)"),
        (DOTTED, "3|3.", "3|3.1|3.10"),
        (DOTTED, "3.1", "3.1"),
        (DOTTED, "1.2a|1.2(a)|1.2.a", "1.2(a)"),
        (NOUGHTS, "3.0", "3.0|3.0(a)|3.0(b)|3.0(b)(1)"),
        (NOUGHTS, "3", "3.0|3.0(a)|3.0(b)|3.0(b)(1)|3.1"),
        (NOUGHTS, "3b1|3.0(b)(1)|3.0.b.1|b1", "3.0(b)(1)"),
        (OUTLINE, "I.A.1|I(A)(1)|i a 1", "I(A)(1)|I(A)(1)(a)"),
        (PARTS, "part two 1|Part II, 1|part 2(1)", "Part Two(1)"),
        (PARTS, "5A|5(a)|5 a", "5A"),
    ],
)
def test_every_spelling_of_an_address_finds_the_clause_and_what_is_in_it(
    known: tuple[str, ...], spellings: str, found: str
) -> None:
    for asked in spellings.split("|"):
        assert matching(known, asked) == tuple(found.split("|")), asked


@pytest.mark.parametrize(
    ("known", "asked", "named"),
    [
        (ARTICLES, "3(b)", "Article 12, Section 3(b), Article 13, Section 3(b)"),
        (ARTICLES, "Section 3", "Article 12, Section 3, Article 13, Section 3"),
        (OUTLINE, "A", "I(A), II(A)"),
        (("a", "A"), "a.", "a, A"),
        (("Section 3", "Article 3"), "3", "Section 3, Article 3"),
    ],
)
def test_where_several_fit_all_are_named(known: tuple[str, ...], asked: str, named: str) -> None:
    with pytest.raises(AskError, match="may be") as error:
        matching(known, asked)
    assert named in str(error.value)


@pytest.mark.parametrize("asked", ["4", "3(c)", "Article 3", "", "!", "x" * 1000, "9" * 5000])
def test_what_is_not_there_is_said_with_what_is(asked: str) -> None:
    with pytest.raises(NotFoundError) as error:
        matching(SECTIONS, asked)
    assert "Section 30" in error.value.hint


def test_an_address_itself_wins_over_all_that_look_like_it() -> None:
    assert matching(("a", "A"), "a") == ("a",)
    assert matching(("3", "1.0", "1.0(3)"), "3") == ("3",)


def test_of_many_clauses_a_few_are_named() -> None:
    with pytest.raises(NotFoundError) as error:
        matching([f"{n}.0" for n in range(1, 200)], "500")
    assert error.value.hint.endswith("12.0 and 187 more.")


def found(known: list[str], asked: str) -> str:
    """What a person is told: the clauses found, or those among which to choose."""
    try:
        return "|".join(matching(known, asked))
    except AskError as error:
        return str(error)


NUMBERS = st.sampled_from(["1.0", "2.0", "a.", "(b)", "(1)", "ii.", "1.", "2.", "Article 3"])
TEXTS = st.lists(NUMBERS, min_size=1, max_size=8).map(
    lambda numbers: "\n\n".join(f"{number} Keys." for number in numbers)
)


@given(TEXTS, st.sampled_from([" {} ", "({})", "{}.", "clause {}"]), st.booleans())
def test_every_address_of_a_text_finds_its_clause(text: str, written: str, upper: bool) -> None:
    known = [clause.address for clause in clauses(text)]
    for address in known:
        asked = written.format(address.upper() if upper else address)
        assert address in found(known, asked), asked
