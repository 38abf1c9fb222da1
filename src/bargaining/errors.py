"""What can go wrong, told to the person who can mend it.

Strategy: one small tree of errors, split by who can act. Each error says in `str(error)` what is
wrong and where, and in `.hint` what to do next. `EXIT_CODES` is the one table from an error to the
exit code of the command line; the most exact class wins.

This module does not know the terminal: texts may hold anything a paper holds, and whoever prints
them escapes them.
"""

from __future__ import annotations

from typing import Final, Literal

Asks = Literal["", "label", "chain"]


class BargainingError(Exception):
    """The root of every error that this library raises on purpose.

    Attributes:
        hint: what the person can do next; may be empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NotFoundError(BargainingError):
    """The chain, revision, clause or text that was asked for is not there."""


class NotOnFileError(NotFoundError):
    """The revision is known, but its text is not on file."""


class AskError(BargainingError):
    """The software would have to guess, so it asks: a label, a chain, a date.

    Attributes:
        asks: `"label"` or `"chain"` where the answer is one of these; else empty.
        suggested: what the answer may be, if anything suggests one.
    """

    def __init__(
        self, message: str, *, hint: str = "", asks: Asks = "", suggested: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.asks: Asks = asks
        self.suggested = suggested


class PaperError(BargainingError):
    """The bytes of a paper cannot be read as what they claim to be."""


class ConflictError(BargainingError):
    """What is to be filed contradicts what is on file."""


class RecordError(BargainingError):
    """The file is no record, is of a newer format, or is damaged."""


class DigestError(RecordError):
    """A rebuilt text or a stored original does not have the digest that was filed with it."""


class StorageError(BargainingError):
    """The operating system would not read or write a file."""


OK: Final = 0
NOTHING_FOUND: Final = 1
USAGE: Final = 2  # click's own code for a command line that it cannot read

EXIT_CODES: Final[dict[type[BaseException], int]] = {
    NotFoundError: NOTHING_FOUND,
    AskError: 3,
    PaperError: 4,
    ConflictError: 5,
    RecordError: 6,
    StorageError: 7,
    BargainingError: 8,
}


def exit_code(error: BaseException) -> int:
    """Return the exit code of the most exact class of `error` that stands in `EXIT_CODES`."""
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)
