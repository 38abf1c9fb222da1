"""Labels: what a proposal calls itself, read as a careful person would read it.

Strategy: `dates` and `parties` know words, `grammar` reads a label with them, and `label` says what
the findings agree on; `rungs` tells labels apart and orders those of a day; `titles` reads title
blocks.

This package does no I/O and must not know papers, chains or the record.
"""

from bargaining.labels.dates import read_dates
from bargaining.labels.label import KINDS, Label, read_label
from bargaining.labels.rungs import day_order, is_before, is_rung, same_rung_key, without_time

__all__ = [
    "KINDS",
    "Label",
    "day_order",
    "is_before",
    "is_rung",
    "read_dates",
    "read_label",
    "same_rung_key",
    "without_time",
]
