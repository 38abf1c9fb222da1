"""One paper on a terminal: its own marks, who made them, and what was left out of its text."""

import pytest

from bargaining import Paper, Run, read
from bargaining.model import Part
from bargaining.writers import papers
from bargaining.writers.screen import Screen

SCREEN = Screen(80, colour=False)
ANA, BO = ("Ana", "2025-03-03T10:00:00Z"), ("Bo", "2025-03-09T10:00:00Z")


def shown(*runs: Run) -> str:
    return "\n".join(papers.marks(Paper("docx", runs), SCREEN))


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        # Neighbours of one author are told once.
        (
            [Run("kept", "Doors "), Run("struck", "may ", *ANA), Run("inserted", "shall ", *ANA),
             Run("kept", "close.")],
            "Doors [-may-] {+shall+}(Ana 2025-03-03) close.",
        ),
        # Two authors are told apart.
        (
            [Run("struck", "may ", *ANA), Run("inserted", "shall ", *BO), Run("kept", "close.")],
            "[-may-](Ana 2025-03-03) {+shall+}(Bo 2025-03-09) close.",
        ),
        # What one inserted and another struck.
        (
            [Run("kept", "Doors "), Run("dropped", "often ", *ANA, *BO), Run("kept", "close.")],
            "Doors {+[-often-]+}(Ana 2025-03-03, struck by Bo 2025-03-09) close.",
        ),
        # A paragraph that was split, and one that was joined.
        (
            [Run("kept", "Doors close."), Run("inserted", "\n\n"), Run("kept", "Gates stay.")],
            "Doors close.{+¶+}\n\nGates stay.",
        ),
        (
            [Run("kept", "Doors close."), Run("struck", "\n\n"), Run("kept", "Gates stay.")],
            "Doors close.[-¶-] Gates stay.",
        ),
        # Whole paragraphs that came or went have lines of their own.
        (
            [Run("kept", "Doors close."), Run("struck", "\n\n"),
             Run("struck", "Gates stay.", *ANA)],
            "Doors close.\n\n[-Gates stay.-](Ana 2025-03-03)",
        ),
        (
            [Run("kept", "A."), Run("inserted", "\n\nB.\n\nC.", *ANA), Run("kept", "\n\nD.")],
            "A.\n\n{+B.+}\n\n{+C.+}(Ana 2025-03-03)\n\nD.",
        ),
        # A number that was changed stays in its paragraph.
        (
            [Run("kept", "A."), Run("struck", "\n\n"), Run("struck", "11", *ANA),
             Run("inserted", "\n\n"), Run("inserted", "7", *ANA), Run("kept", ". B.")],
            "A.\n\n[-11-]{+7+}(Ana 2025-03-03). B.",
        ),
    ],
)  # fmt: skip
def test_marks_are_shown_with_who_made_them(runs: list[Run], expected: str) -> None:
    assert shown(*runs) == expected


def test_the_name_of_an_author_cannot_act_on_a_terminal() -> None:
    text = shown(Run("inserted", "x", "A\x1b[2J\u202eB", "2025-03-03"))
    assert "\x1b" not in text
    assert "\u202e" not in text


PASTED = """Seed Library

 1  1.0 The branch keeps a seed library open in the
 2  spring of each year.
 3
 4  2.0 Seeds are labelled by the borrow-
 5  ers.

Riverbend Proposal 3-3-25
"""


def test_what_was_left_out_is_counted_and_shown_by_line() -> None:
    paper = read(PASTED.encode(), name="x.txt")
    assert "borrowers." in paper.text
    assert papers.counted(paper.parts) == "left out: 5 numbers; joined: 1 divided word"
    assert list(papers.left_out(paper, SCREEN))[:4] == [
        "line 1, title: Seed Library",
        "line 3, furniture: 1",
        "line 4, furniture: 2",
        "line 5, furniture: 3",
    ]


def test_nothing_is_counted_where_nothing_was_left_out() -> None:
    assert papers.counted([Part("title", "Keys", 1), Part("note", "x", 2)]) == ""
