"""Values: labels and papers as the plain JSON of an entry, and back.

Strategy: what a reader read is written down whole, beside the text, so that the record never
depends on how a later reader would read the same bytes.

This module knows no reader and no database. See docs/record-format.md.
"""

from __future__ import annotations

from typing import Any

import attrs

from bargaining.labels import Label
from bargaining.model import Doubt, Paper, Part, Run


def label_json(label: Label) -> dict[str, Any]:
    """Return the label as JSON values, unstated fields left out."""
    values = attrs.asdict(label)
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items() if v}


def label_from(values: dict[str, Any]) -> Label:
    """Return the label that `label_json` wrote."""
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
    return Label(**fields)


def paper_json(paper: Paper) -> dict[str, Any]:
    """Return what a paper says beside its text, as JSON values.

    Runs that stand in the text are written as their size, the others as their text.
    """
    in_text = {"kept", "inserted"}
    return {
        "format": paper.format,
        "title": list(paper.title),
        "ladder": list(paper.ladder),
        "runs": [[r.kind, len(r.text) if r.kind in in_text else r.text] for r in paper.runs],
        "parts": [list(attrs.astuple(part)) for part in paper.parts],
        "doubts": [list(attrs.astuple(doubt)) for doubt in paper.doubts],
        **({"levels": [list(level) for level in paper.levels]} if paper.levels else {}),
    }


def paper_from(values: dict[str, Any], text: str) -> Paper:
    """Return the paper that `paper_json` wrote, around its text.

    Raises:
        ValueError: a run goes beyond the text.
    """
    runs: list[Run] = []
    at = 0
    for kind, content in values["runs"]:
        if isinstance(content, int):
            if content > len(text) - at:
                raise ValueError("a run goes beyond the text")
            runs.append(Run(kind, text[at : at + content]))
            at += content
        else:
            runs.append(Run(kind, content))
    return Paper(
        format=values["format"],
        runs=tuple(runs),
        title=tuple(values["title"]),
        ladder=tuple(values["ladder"]),
        parts=tuple(Part(*part) for part in values["parts"]),
        doubts=tuple(Doubt(*doubt) for doubt in values["doubts"]),
        levels=tuple((at, level) for at, level in values.get("levels", ())),
    )
