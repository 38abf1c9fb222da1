"""Ladders: one bargaining order from many papers."""

from collections.abc import Callable
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.labels import read_label
from bargaining.labels.ladders import backwards, contradictions, merge
from effort import growth


@given(st.integers(1, 8), st.data())
def test_prefixes_of_one_ladder_give_that_ladder(size: int, data: st.DataObject) -> None:
    whole = data.draw(st.permutations(range(size)))
    ladders = [whole[:n] for n in [*data.draw(st.lists(st.integers(1, size))), size]]
    assert merge(ladders, lambda key: key) == tuple(whole)


@given(st.lists(st.lists(st.integers(0, 6), unique=True), max_size=5), st.data())
def test_the_order_of_ladders_does_not_matter(
    ladders: list[list[int]], data: st.DataObject
) -> None:
    order = merge(ladders, lambda key: -key)
    assert sorted(order) == sorted({key for ladder in ladders for key in ladder})
    assert merge(data.draw(st.permutations(ladders)), lambda key: -key) == order


def test_rungs_without_a_ladder_go_by_the_sort_key() -> None:
    for ladders in permutations([("b", "d"), ("a",), ("c",), ("e",)]):
        assert "".join(merge(ladders, lambda key: key)) == "abcde"


A, B, C = "RVTA Proposal 1-6-25", "District Counter 2-3-25", "RVTA Counter 3-3-25"


@pytest.mark.parametrize(
    ("mine", "other", "wanted"),
    [
        ([A, B], [A, B, C], []),
        ([A, C], [A, B, C], [f"leaves out “{B}”"]),
        ([B, A], [A, B, C], ["lists the rungs in another order"]),
        (
            [A, "District Counter 2-4-25"],
            [A, B, C],
            [f"gives “District Counter 2-4-25” another date: “{B}”"],
        ),
        (
            [A, "District Proposal 2-3-25"],
            [A, B, C],
            [f"gives “District Proposal 2-3-25” another label: “{B}”"],
        ),
        (
            [A, B, "RVTA Counter 2-9-25", C],
            [A, B, C],
            ["lists “RVTA Counter 2-9-25”, which the other leaves out"],
        ),
    ],
)
def test_contradictions(mine: list[str], other: list[str], wanted: list[str]) -> None:
    labels = {text: read_label(text) for text in (*mine, *other)}
    assert list(contradictions(mine, other, labels)) == wanted


def test_a_counter_dated_before_what_it_answers_is_seen() -> None:
    labels = [read_label(text) for text in (A, "District Counter 12-3-24", "RVTA Counter", C)]
    assert [(n, before.text) for n, before in backwards(labels)] == [(1, A)]


@pytest.mark.parametrize("step", [1, -1])
def test_the_work_grows_with_the_ladders_and_no_faster(step: int) -> None:
    def merging(size: int) -> Callable[[], object]:
        return lambda: merge([range(size)[::step], range(0, size, 3)[::-step]], lambda key: key)

    def comparing(size: int) -> Callable[[], object]:
        labels = dict.fromkeys(range(2 * size), read_label(A))
        one, other = range(0, 2 * size, 2), range(0, 2 * size, 3)
        return lambda: list(contradictions(one, other, labels))

    assert growth(merging, 200) < 2.6
    assert growth(comparing, 200) < 2.6


@given(st.lists(st.lists(st.integers(0, 6), unique=True), max_size=4))
def test_a_rung_follows_the_one_before_it_unless_ladders_contradict_each_other(
    ladders: list[list[int]],
) -> None:
    """The plain way to say what `merge` does, which looks at everything each time."""
    left = sorted({key for ladder in ladders for key in ladder})
    order: list[int] = []
    while left:
        waits = {b: a for ladder in ladders for a, b in pairwise(ladder) if a not in order}
        order.append(next((key for key in left if key not in waits), left[0]))
        left.remove(order[-1])
    assert merge(ladders, lambda key: key) == tuple(order)
