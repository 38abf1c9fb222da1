"""How much work a task is, counted and not timed."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import TypeAlias

Trace: TypeAlias = Callable[[FrameType, str, object], "Trace"]


def work(task: Callable[[], object]) -> int:
    """How many lines of Python a task runs through, whatever the machine."""
    count = 0

    def tally(frame: FrameType, event: str, held: object) -> Trace:
        nonlocal count
        del frame, held
        count += event == "line"
        return tally

    before = sys.gettrace()
    sys.settrace(tally)
    try:
        task()
    finally:
        sys.settrace(before)
    return count


def growth(task: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times the work a document of double the size takes."""
    once, twice = task(size), task(2 * size)
    return work(twice) / work(once)
