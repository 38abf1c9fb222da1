"""Questions: what cannot be read from a paper is asked in a terminal, one at a time.

Strategy: a question is the sentence of the error that would else be told, with the suggestion that
it has. Nobody is asked where the answer would not be a person's: in a pipe, or for JSON.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import attrs
import click

from bargaining.errors import AskError, BargainingError
from bargaining.model import BASE_LABEL
from bargaining.writers.screen import person

if TYPE_CHECKING:
    from bargaining.record import Reading, Submission

_QUESTIONS: Final = {
    "label": f"Its label, or “{BASE_LABEL}” for the current language",
    "chain": "The document that it belongs to",
}


def can_ask(*, json: bool) -> bool:
    """True where a person sits at the terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not json


def settled(submission: Submission, error: BargainingError) -> Reading | None:
    """Ask until a paper can be read; None where what is wrong with it is no question.

    Args:
        submission: the paper, as it was submitted.
        error: why it was not read.
    """
    from bargaining.record import prepare

    while isinstance(error, AskError) and error.asks:
        submission = _answered(submission, error)
        try:
            return prepare(submission)
        except BargainingError as another:
            error = another
    return None


def _answered(submission: Submission, error: AskError) -> Submission:
    click.echo(person(f"{submission.name}: {error}"), err=True)
    text: str = click.prompt(
        person(_QUESTIONS[error.asks]), default=person(error.suggested) or None, err=True
    )
    if error.asks == "chain":
        return attrs.evolve(submission, chain=text)
    if text.strip().casefold() == BASE_LABEL:
        return attrs.evolve(submission, base=True, label=None)
    return attrs.evolve(submission, label=text)
