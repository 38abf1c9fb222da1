"""Words, and which word of one text is which word of another."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.text import words as words_module
from bargaining.text.align import Block, match
from bargaining.text.spelling import spell
from bargaining.text.words import Row, cut

KEYS = st.lists(st.sampled_from("the a b c d e f g . , §1".split()), max_size=40)


@given(st.text())
def test_words_joined_are_the_text(text: str) -> None:
    words = cut(text)
    assert "".join(words.slice(n, n + 1) for n in range(len(words))) == text
    assert words.slice(0, len(words)) == text
    assert all(
        words.index_at(at) == n
        for n in range(len(words))
        for at in range(words.bounds[n], words.bounds[n + 1])
    )


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("The District's wi-fi.", ["The", "District's", "wi", "-", "fi", "."]),
        ("The District’s wi‑fi.", ["The", "District's", "wi", "-", "fi", "."]),
        ("14,000 students, in 2022–2025", ["14,000", "students", ",", "in", "2022", "-", "2025"]),
        ("three (3) days — five", ["three", "(3)", "days", "-", "five"]),
        (
            "1.0 First\na. One\n(b) Two\n- c) Three",
            ["§1.0", "First", "§a", "One", "§b", "Two", "§c", "Three"],
        ),
        ("- One\n* Two\n• Three", ["•", "One", "•", "Two", "•", "Three"]),
        (
            "$1,250.00 at 4:00, 50% of $65.",
            ["$1,250.00", "at", "4:00", ",", "50%", "of", "$65", "."],
        ),
        ("and/or e.g. this", ["and", "/", "or", "e.g", ".", "this"]),
        ("by: ____ (name)", ["by", ":", "____", "(name)"]),
        ("学校は", ["学", "校", "は"]),
        ("  \n ", [""]),
        ("", []),
    ],
)
def test_words(text: str, keys: list[str]) -> None:
    assert list(cut(text).keys) == keys


@given(st.text("abz A1,.;:'-–%$()_ \n\t§•*2é’", max_size=60))
def test_a_text_is_cut_alike_wherever_it_stands(text: str) -> None:
    """A paragraph that follows its number, or a blank line, is cut as within the whole text."""
    read = spell(text)
    found = words_module._WORD.finditer(read.skeleton)  # noqa: SLF001
    whole = [text[read.at[match.start()] : read.at[match.end()]] for match in found]
    words = cut(text)
    assert [
        words.text[words.ends[n] - len(w) : words.ends[n]] for n, w in enumerate(whole)
    ] == whole
    assert len(words) == len(whole) or not text.strip()


@given(KEYS, KEYS)
def test_blocks_rise_and_hold_equal_words(old: list[str], new: list[str]) -> None:
    at_old = at_new = 0
    for n, block in enumerate(match(Row.of(old), Row.of(new))):
        assert block.size > 0
        assert block.old >= at_old
        assert block.new >= at_new
        assert n == 0 or (block.old > at_old or block.new > at_new), "blocks touch on both sides"
        assert old[block.old : block.old + block.size] == new[block.new : block.new + block.size]
        at_old, at_new = block.old + block.size, block.new + block.size
    assert at_old <= len(old)
    assert at_new <= len(new)


@given(KEYS)
def test_a_text_matches_itself_whole(keys: list[str]) -> None:
    assert match(Row.of(keys), Row.of(keys)) == ((Block(0, 0, len(keys)),) if keys else ())


@given(st.lists(st.integers(), unique=True, max_size=60), st.data())
def test_words_that_stand_once_are_all_found(keys: list[int], data: st.DataObject) -> None:
    ours = [f"w{key}" for key in keys if data.draw(st.booleans())]
    theirs = [f"w{key}" for key in keys if data.draw(st.booleans())]
    old = [part for key in ours for part in (key, ".")]
    new = [part for key in theirs for part in (key, ".")]
    found = [old[b.old + n] for b in match(Row.of(old), Row.of(new)) for n in range(b.size)]
    assert [key for key in found if key != "."] == [key for key in ours if key in set(theirs)]


def hunks(old: str, new: str) -> list[tuple[str, str]]:
    """What stands between the blocks, as people would read it."""
    a, b = cut(old), cut(new)
    found = []
    at = Block(0, 0, 0)
    for block in (*match(a.row, b.row), Block(len(a), len(b), 0)):
        pair = a.slice(at.old + at.size, block.old), b.slice(at.new + at.size, block.new)
        if any(pair):
            found.append((pair[0].strip(), pair[1].strip()))
        at = block
    return found


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("One. Two. Three.", "One. New two. Two. Three.", [("", "New two.")]),
        (
            "Spaces are free. End.",
            "Spaces are free of charge. New. End.",
            [("", "of charge"), ("", "New.")],
        ),
        ("a. One.\nb. Two.", "a. One.\nb. New.\nc. Two.", [("b.", "b. New.\nc.")]),
        ("1.0 Old.\n2.0 Gone.\n3.0 End.", "1.0 Old.\n2.0 End.", [("2.0 Gone.\n3.0", "2.0")]),
        (
            "The aide gives help. c. An old item. The end.",
            "The aide gives help from a pool. The end.",
            [("", "from a pool"), ("c. An old item.", "")],
        ),
        (
            "It is for the first year of the plan and its rules, and the rest of it.",
            "It is for some other time in the future with no limit, and the rest of it.",
            [
                (
                    "the first year of the plan and its rules",
                    "some other time in the future with no limit",
                )
            ],
        ),
    ],
)
def test_hunks_are_those_that_a_person_would_mark(
    old: str, new: str, wanted: list[tuple[str, str]]
) -> None:
    assert hunks(old, new) == wanted


def test_large_texts_with_nothing_in_common_are_bounded() -> None:
    """Nothing to hold on to: the words are counted, not compared each with each."""
    old, new = [f"a{n}" for n in range(60_000)], [f"b{n}" for n in range(60_000)]
    assert match(Row.of(old), Row.of(new)) == ()
    again = ["x", "y"] * 30_000
    assert Counter(b.size for b in match(Row.of(again), Row.of([*again, "z"]))) == {60_000: 1}
