"""Labels: what a proposal calls itself, read as a careful person would read it.

Strategy: `dates` and `parties` know words, `grammar` reads a label with them, and `label` says what
the findings agree on.

This package does no I/O and must not know papers, chains or the record.
"""

from bargaining.labels.dates import read_dates
from bargaining.labels.label import KINDS, Label, is_rung, read_label, same_rung_key

__all__ = ["KINDS", "Label", "is_rung", "read_dates", "read_label", "same_rung_key"]
