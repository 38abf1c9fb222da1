"""Git: a chain as the history of one file, for `git log -p` and `git blame`.

Strategy: the stream that `git fast-import` reads, made here whole: one commit for each text that is
on file, by its party, on its stated date. What is not on file is said in the message of the commit
behind it, because git has no place for a rung without text. The same chain gives the same commits.

This module starts no program and knows no folder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from bargaining.chain import Chain
from bargaining.model import Revision

BRANCH: Final = "main"
_WHO: Final = "bargaining"
_MAIL: Final = "nobody@invalid"  # RFC 2606: an address that is nobody's
_RESERVED: Final = re.compile("con|prn|aux|nul|(?:com|lpt)[0-9]")  # names of devices on Windows
_LONGEST: Final = 60  # characters of a file's name
_NOON: Final = time(12, tzinfo=UTC)
_EPOCH: Final = 12 * 60 * 60  # the first noon that git knows, in seconds since 1970


def file_name(chain: Chain) -> str:
    """Return the name of the file that holds the texts: the chain's name in plain characters."""
    plain = unicodedata.normalize("NFKD", chain.name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    return f"{'text-' if _RESERVED.fullmatch(words) else ''}{words or 'text'}.txt"


def fast_import(chain: Chain, remarks: Mapping[str, str] | None = None) -> bytes:
    """Return a chain as a stream for `git fast-import`.

    A text without one stated date has that of the one before it, the first ones that of the first
    which has. Each paragraph of a text stays as it is on file. The base comes first where it is
    known.

    Args:
        chain: the chain.
        remarks: what is to be said of revisions beside that, by their labels: half a sentence, such
            as “corrects entry 3”.

    Raises:
        RecordError: a text cannot be rebuilt as it was filed.
    """
    stream = bytearray(b"feature done\n")
    name = file_name(chain)
    when = next((_moment(revision) for revision in chain if revision.date), _EPOCH)
    known = [] if chain.base_known == "unknown" else [chain.base]
    missing: list[Revision] = []
    for revision in (*known, *chain):
        when = max(_moment(revision), when) if revision.date else when
        if not (revision.on_file or revision.is_base):
            missing.append(revision)
            continue
        message = "\n".join(_message(chain, revision, missing, remarks or {})).encode()
        text = chain.text("base" if revision.is_base else revision.rung).encode()
        stream += b"commit refs/heads/%b\n" % BRANCH.encode()
        stream += b"author %b <%b> %d +0000\n" % (_author(revision), _MAIL.encode(), when)
        stream += b"committer %b <%b> %d +0000\n" % (_WHO.encode(), _MAIL.encode(), when)
        stream += b"data %d\n%b\n" % (len(message), message)
        stream += b"M 100644 inline %b\ndata %d\n%b\n" % (name.encode(), len(text), text)
        missing = []
    return bytes(stream + b"done\n")


def _moment(revision: Revision) -> int:
    """Return noon of the stated date, in seconds since 1970; git knows none before."""
    day = date.fromisoformat(revision.date or "1970-01-01")
    return max(int(datetime.combine(day, _NOON).timestamp()), _EPOCH)


def _author(revision: Revision) -> bytes:
    name = "current language" if revision.is_base else revision.party or revision.label
    plain = "".join(c for c in name if c.isprintable() and c not in "<>")
    return " ".join(plain.split()).encode() or b"?"


def _message(
    chain: Chain, revision: Revision, missing: list[Revision], remarks: Mapping[str, str]
) -> Iterator[str]:
    """Yield the lines of a commit's message: what the paper is, and what is not on file."""
    yield _one_line("Current language" if revision.is_base else revision.label)
    said = []
    if revision.is_base and chain.declared_by is not None:
        said.append(f"Not on file: what the marks of {chain.declared_by.label} say.")
    if revision.label in remarks:
        said.append(f"Filed again: {remarks[revision.label]}.")
    for one in missing:
        remark = f"; {remarks[one.label]}" if one.label in remarks else ""
        said.append(f"Not on file before it: {one.label}{remark}.")
    if revision.date is None and not revision.is_base:
        said.append(f"Its date is not stated as one day ({' or '.join(revision.dates) or 'none'}).")
    if said:
        yield ""
        yield from map(_one_line, said)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
