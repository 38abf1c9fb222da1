"""The weave: after any edits, every past text is still there (against plain lists)."""

from hypothesis import given
from hypothesis import strategies as st

from bargaining.text.words import Row
from bargaining.weave.strands import Weave
from strategies import weave

TEXTS = st.lists(
    st.lists(st.sampled_from("the a b c d e f g . , §1".split()), max_size=40), max_size=7
)


def woven_of(states: list[list[str]]) -> Weave:
    return weave([Row.of(keys) for keys in states])


@given(TEXTS)
def test_every_text_is_its_living_strands(states: list[list[str]]) -> None:
    woven = woven_of(states)
    for number, keys in enumerate(states):
        assert [key for strand in woven.alive(number) for key in woven.keys_of(strand)] == keys


@given(TEXTS)
def test_every_turn_of_a_life_points_at_the_words(states: list[list[str]]) -> None:
    woven = woven_of(states)
    for strand in woven.strands:
        assert [state for state, _ in strand.life] == sorted({state for state, _ in strand.life})
        for n, (state, at) in enumerate(strand.life):
            text = states[state - n % 2]
            assert text[at : at + len(strand)] == woven.keys_of(strand)


@given(TEXTS)
def test_words_keep_their_numbers_and_sources_are_older(states: list[list[str]]) -> None:
    woven = woven_of(states)
    numbers = [strand.first + n for strand in woven.strands for n in range(len(strand))]
    assert sorted(numbers) == list(range(len(numbers)))
    for strand in woven.strands:
        assert bool(strand.sources) == bool(strand.how)
        for n in range(len(strand)):
            assert woven.owner(strand.first + n) is strand
            for root in woven.roots(strand.first + n):
                assert woven.keys[root] == woven.keys[strand.first + n]
                assert woven.owner(root).life[0][0] < strand.life[0][0] or root == strand.first + n


@given(TEXTS)
def test_no_two_words_of_a_text_are_certainly_one(states: list[list[str]]) -> None:
    woven = woven_of(states)
    for number in range(len(states)):
        roots = [
            woven.roots(strand.first + n)
            for strand in woven.alive(number)
            for n in range(len(strand))
        ]
        certain = [root for root in roots if len(root) == 1]
        assert len(certain) == len(set(certain))


def test_moves_and_distant_restorations_point_at_what_they_were() -> None:
    row = "each teacher librarian shall receive two days of release time .".split()
    head, tail = (
        "hours are posted at the door .".split(),
        "books are kept for a long time .".split(),
    )
    woven = woven_of([head + row + tail, head + tail, head + tail + ["new", "words", "."] + row])
    back = [strand for strand in woven.strands if strand.how == "restored"]
    assert [key for strand in back for key in woven.keys_of(strand)][:5] == row[:5]
    woven = woven_of([head + row + tail + tail, head + tail + tail + row])
    assert {strand.how for strand in woven.strands} == {"", "moved"}


def test_a_row_struck_in_two_places_may_come_from_either() -> None:
    row = "to the extent permitted by the education code and by law .".split()
    first = ["one", "§1", *row, "two", "three", *row, "four"]
    woven = woven_of(
        [first, ["one", "two", "three", "four"], ["one", "two", "three", "four", "x", *row]]
    )
    ambiguous = [strand for strand in woven.strands if len(strand.sources) > 1]
    assert ambiguous
    assert all(len(woven.roots(strand.first)) > 1 for strand in ambiguous)


def test_what_was_struck_once_comes_back_once() -> None:
    row = "each teacher librarian shall receive two days of release time .".split()
    ends = "hours are posted .".split(), "books are kept .".split()
    for twice in ([*ends[0], *ends[1], *row, *row], [*row, *ends[0], *ends[1], *row]):
        woven = woven_of([[*ends[0], *row, *ends[1]], [*ends[0], *ends[1]], twice])
        back = [strand for strand in woven.strands if strand.how]
        assert sum(strand.size for strand in back) == len(row)


def test_texts_that_repeat_themselves_are_bounded() -> None:
    """Every row stands everywhere: nothing is evidence, and nothing is looked at for ever."""
    row = "a b c d e f .".split() * 2_000
    other = "x y z w v u .".split() * 2_000
    woven = woven_of([row, other, row, [*other, *row], []])
    assert [strand.alive(4) for strand in woven.strands].count(True) == 0
    long = [f"w{n}" for n in range(20_000)]
    woven = woven_of([long, ["x"], [*long[10_000:], "x", *long[:10_000]]])
    assert sum(strand.size for strand in woven.alive(2)) == 20_001
