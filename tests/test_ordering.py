"""Places: where papers stand that no ladder lists. All parties and papers in here are invented."""

from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.labels import read_label
from bargaining.record import Record, Submission
from bargaining.record.ordering import Standing, Told, misdated, unknown

LABELS = ("RTA Proposal 3-3-25", "District Counter 3-9-25", "RTA Counter October 7th, 2025")
ORDER_DOUBTS = {"ladder-contradicts", "place-unknown", "ladder-end", "two-ladders", "repeated-rung"}


def paper(n: int, prints: str, labels: tuple[str, ...] = LABELS) -> Submission:
    """The paper of rung n, with what it prints of the ladder."""
    text = f"1.0 Each aide holds {n + 2} keys."
    own = labels[n]
    source = {
        "foot": f"Door Keys\n\n{text}\n\n{own}\n",
        "head": f"{own}\n\nDoor Keys\n\n{text}\n",
        "both": f"{own}\n\nDoor Keys\n\n{text}\n\n{own}\n",
        "ladder": "\n".join([f"Door Keys\n\n{text}\n", *labels[: n + 1]]),
        "stated": f"Door Keys\n\n{text}\n",
    }[prints]
    return Submission(
        data=source.encode(), name="paper.md", label=own if prints == "stated" else None
    )


def chain_of(papers: list[Submission]) -> tuple[list[str], list[tuple[str, str, str]]]:
    with Record.in_memory() as record:
        for one in papers:
            record.file(one)
        chain = record.chain()
        doubts = [(r.label, d.kind, d.message) for r, d in chain.doubts]
        return [revision.label for revision in chain], doubts


PRINTS = ("foot", "head", "both", "ladder", "stated")


@pytest.mark.parametrize("prints", list(product(PRINTS, repeat=3)), ids="-".join)
def test_whatever_papers_print_dates_and_ladders_give_one_order(prints: tuple[str, ...]) -> None:
    papers = [paper(n, how) for n, how in enumerate(prints)]
    for order in permutations(papers) if len(set(prints)) == 3 else [papers, papers[::-1]]:
        assert chain_of(list(order)) == (list(LABELS), [])


OF_ONE_DAY = (
    "RTA Proposal 3-3-25 AM",
    "District Counter 3-3-25 2:15 pm",
    "RTA Counter 3/3/25 4 pm",
)


@given(st.permutations(range(3)), st.lists(st.sampled_from(PRINTS), min_size=3, max_size=3))
def test_times_of_day_give_the_order_of_a_day(order: list[int], prints: list[str]) -> None:
    papers = [paper(n, prints[n], OF_ONE_DAY) for n in order]
    assert chain_of(papers) == (list(OF_ONE_DAY), [])


@given(st.permutations(range(3)))
def test_two_papers_of_a_day_are_doubted_the_same_in_whatever_order(order: list[int]) -> None:
    labels = ("RTA Proposal 3-3-25", "District Counter 3-3-25", "RTA Counter 3-9-25")
    found, doubts = chain_of([paper(n, "foot", labels) for n in order])
    assert found == ["RTA Proposal 3-3-25", "District Counter 3-3-25", "RTA Counter 3-9-25"]
    assert [(label, kind) for label, kind, _ in doubts] == [
        ("RTA Proposal 3-3-25", "place-unknown"),
        ("District Counter 3-3-25", "place-unknown"),
    ]


def test_a_ladder_that_lists_both_settles_two_papers_of_a_day() -> None:
    labels = ("RTA Proposal 3-3-25", "District Counter 3-3-25", "RTA Counter 3-9-25")
    prints = ("foot", "foot", "ladder")
    for order in permutations(range(3)):
        assert chain_of([paper(n, prints[n], labels) for n in order]) == (list(labels), [])


def test_a_label_without_its_time_is_the_one_rung_of_the_day_that_has_one() -> None:
    timed = (LABELS[0], "District Counter 3-9-25 4:15 pm")
    ladder = "\n".join(LABELS)
    last = Submission(data=f"Door Keys\n\n1.0 Nine keys.\n\n{ladder}".encode(), name="paper.md")
    papers = [paper(0, "foot"), paper(1, "foot", timed), last]
    for order in permutations(papers):
        assert chain_of(list(order)) == ([*timed, LABELS[2]], [])


def test_two_papers_of_a_day_stay_two_beside_a_label_that_may_be_either() -> None:
    halves = (LABELS[0], "District Counter 3-9-25 AM"), (LABELS[0], "District Counter 3-9-25 PM")
    ladder = "\n".join(LABELS)
    last = Submission(data=f"Door Keys\n\n1.0 Nine keys.\n\n{ladder}".encode(), name="paper.md")
    found, _ = chain_of([paper(1, "foot", halves[0]), paper(1, "head", halves[1]), last])
    assert {halves[0][1], halves[1][1], LABELS[1]} <= set(found)


def test_a_rung_that_may_be_the_paper_with_another_date_is_doubted() -> None:
    ladder = "\n".join((LABELS[0], "District Counter 3-10-25", LABELS[2]))
    last = Submission(data=f"Door Keys\n\n1.0 Nine keys.\n\n{ladder}".encode(), name="paper.md")
    for order in permutations([paper(0, "foot"), paper(1, "foot"), last]):
        _, doubts = chain_of(list(order))
        assert [(label, kind) for label, kind, _ in doubts] == [(LABELS[1], "ladder-contradicts")]


@pytest.mark.parametrize(
    ("order", "doubted"),
    [
        # label, on file, told: in the order of the chain
        ([("RTA Counter 3-9-25", True, "nothing")], []),
        ([("RTA Counter", True, "nothing")], [0]),
        ([("RTA Counter", True, "person")], []),
        ([("RTA Counter", True, "ladder")], []),
        ([("RTA Counter 3.9.25", True, "nothing")], [0]),
        ([("RTA Counter 3.9.25", True, "ladder")], []),
        # A rung without a date beside it, that only a ladder places.
        ([("RTA Counter 3-9-25", True, "nothing"), ("RTA Offer", False, "ladder")], [0]),
        ([("RTA Offer", False, "ladder"), ("RTA Counter 3-9-25", True, "nothing")], [1]),
        ([("RTA Counter 3-9-25", True, "nothing"), ("RTA Offer", False, "person")], []),
        # A dated rung between settles it.
        (
            [
                ("RTA Counter 3-9-25", True, "nothing"),
                ("District Counter 4-1-25", False, "ladder"),
                ("RTA Offer", False, "ladder"),
            ],
            [],
        ),
        # Dates that run backwards tell the place of no paper between them.
        (
            [
                ("District Counter 5-1-25", False, "ladder"),
                ("RTA Counter 3-9-25", True, "nothing"),
                ("District Counter 4-1-25", False, "ladder"),
            ],
            [1],
        ),
        (
            [
                ("RTA Counter 3-9-25", True, "nothing"),
                ("District Counter 4-1-25", False, "ladder"),
                ("District Counter 3-1-25", False, "ladder"),
            ],
            [0],
        ),
        # One date, and the labels tell which came first, or do not.
        (
            [
                ("RTA Counter 3-9-25 AM", True, "nothing"),
                ("District Counter 3-9-25 PM", True, "nothing"),
            ],
            [],
        ),
        (
            [
                ("RTA Counter 3-9-25", True, "nothing"),
                ("District Counter 3-9-25", False, "ladder"),
            ],
            [0],
        ),
    ],
)  # fmt: skip
def test_what_tells_the_place_of_a_paper(
    order: list[tuple[str, bool, Told]], doubted: list[int]
) -> None:
    rungs = [Standing(read_label(text), on_file, told) for text, on_file, told in order]
    assert [n for n, _ in unknown(rungs)] == doubted
    assert not list(misdated(rungs))
