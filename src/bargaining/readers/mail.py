"""Mail: the header of an e-mail or a memo above a paper.

Strategy: a header is a row of lines `Name: value` with known names, at least two of them, at the
top of a paper or right below a line that says that another message begins. Everything else that
looks like one is text.

This module knows lines without markup. What the header says of the paper is for whoever files it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import attrs

from bargaining.labels.dates import DATE, TIME, read_dates, read_time

_NAMES: Final = (
    "from|sent|date|to|cc|bcc|subject|re|reply-to|attachments?|importance|priority|sensitivity"
    "|message-id|in-reply-to|references|mime-version|content-type|content-transfer-encoding"
    "|received|return-path|delivered-to|thread-topic|thread-index|organi[sz]ation|via|x-[\\w-]{1,40}"
)
_FIELD: Final = re.compile(rf"(?P<name>{_NAMES})\s?:(?!//)\s*(?P<value>.*)", re.IGNORECASE)
_TELLING: Final = frozenset({"from", "to", "subject", "re", "sent", "cc", "date"})
_ADDRESSED: Final = frozenset({"from", "to", "subject", "re"})
_LEAST: Final = 2  # of the telling names, each with a value
_BEGINS: Final = re.compile(
    r"[-_ ]{2,}\s?(?:original|forwarded)\s(?:message|appointment)(?:\sfrom\s.{1,80})?\s?[-_ ]{2,}"
    r"|begin\sforwarded\smessage:|on\s.{6,120}\swrote:",
    re.IGNORECASE,
)
_BANNER: Final = re.compile(  # what mail programs put above a message
    r"\[(?:external|ext|caution|warning)(?:\se-?mail)?\]|external\s(?:e-?mail|sender)"
    r"|\[?(?:external|caution|warning)[^:]{0,20}\]?\s?:.{0,120}e-?mail.{0,120}"
    r"(?:outside|external|links?\sor|sender).{0,120}",
    re.IGNORECASE,
)
_SENT_FROM: Final = re.compile(  # and below it
    r"sent\sfrom\s(?:my\s\w{1,20}(?:\s\w{1,20}){0,2}|(?:outlook|mail|yahoo\smail)\s(?:for|on)\s.{1,20})",
    re.IGNORECASE,
)
_HINT: Final = re.compile(
    r"message|appointment|wrote:|sent from", re.IGNORECASE
)  # in every such line that may stand anywhere
_ANSWERS: Final = re.compile(
    r"(?:\[(?:ext|external)[^\]]{0,20}\]\s?|(?:re|fwd?|aw|wg)\s?(?:\[[0-9]{1,3}\])?\s?:\s?)++",
    re.IGNORECASE,
)
_REPLY: Final = re.compile(r"\b(?:re|aw)\b", re.IGNORECASE)
_ABOVE_MOST: Final = 6  # lines of a title above a memo's header
_LONGEST: Final = 1_000  # code points of a line of a header


@attrs.frozen
class Header:
    """What one header says.

    Attributes:
        subject: its subject, without `Re:` and `Fwd:`.
        sender: who it is from, as written.
        date: the day on which it was sent, and the time where it is certain, as labels write them.
        answers: whether it answers another mail, whose subject that is.
    """

    subject: str = ""
    sender: str = ""
    date: str = ""
    answers: bool = False


def header_lines(texts: Sequence[str], bare: Callable[[str], str]) -> Iterator[int]:
    """Yield the places of the lines that are of headers.

    Args:
        texts: the lines as they stand.
        bare: returns a line without its markup.
    """
    above = 0  # lines of text so far
    at = 0
    while at < len(texts):
        line = bare(texts[at]) if above <= _ABOVE_MOST or _HINT.search(texts[at]) else ""
        begins = _is(_BEGINS, line) and _is_of_mail(line, texts[at + 1 : at + 3])
        block = (
            _block(texts, bare, at + begins) if begins or (line and above <= _ABOVE_MOST) else []
        )
        beside = (_is(_SENT_FROM, line) and not _goes_on(texts[at + 1 : at + 2])) or (
            above <= _ABOVE_MOST and _is(_BANNER, line)
        )
        if begins or beside:
            yield at
        elif line and not block:
            is_title = line[-1] not in ".;,:" and not line[0].isdigit()
            above += 1 if is_title else _ABOVE_MOST + 1
        yield from block
        at = max([at, *block]) + 1


def _is_of_mail(line: str, after: Sequence[str]) -> bool:
    """False for `On June 3 the arbitrator wrote:`, which names no address, no time and no quote."""
    if not line.casefold().startswith("on "):
        return True
    quotes = any(text.lstrip().startswith(">") for text in after)
    return quotes or "@" in line or "<" in line or TIME.search(line) is not None


def _goes_on(after: Sequence[str]) -> bool:
    """True where the next line is in the middle of a sentence."""
    return any(text.strip()[:1].islower() for text in after)


def _is(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST and pattern.fullmatch(line) is not None


def _block(texts: Sequence[str], bare: Callable[[str], str], at: int) -> list[int]:
    """Return the lines of the header that starts at a line; none where none starts there."""
    found: list[int] = []
    told: set[str] = set()
    for n in range(at, len(texts)):
        line = bare(texts[n])
        field = _FIELD.fullmatch(line) if len(line) <= _LONGEST else None
        goes_on = bool(found) and found[-1] == n - 1 and texts[n][:1] in {" ", "\t"}
        if field and field["value"].strip():
            told.add(field["name"].casefold())
        elif not field and (line and not goes_on):
            break
        if line:
            found.append(n)
        elif n > at and not found:
            break
    is_header = len(told & _TELLING) >= _LEAST and bool(told & _ADDRESSED)
    return found if is_header else []


def read_headers(lines: Sequence[str]) -> tuple[Header, ...]:
    """Read the headers of a paper from the lines that `header_lines` tells; the last is nearest."""
    headers: list[dict[str, str]] = [{}]
    last = ""
    for line in lines:
        if _is(_BEGINS, line):
            headers.append({"date": line} if line.endswith("wrote:") else {})
            last = ""
            continue
        field = _FIELD.fullmatch(line)
        if field is None:
            if last and not (_is(_BANNER, line) or _is(_SENT_FROM, line)):
                headers[-1][last] += f" {line}"
            continue
        last = _ALIKE.get(field["name"].casefold(), field["name"].casefold())
        if last in headers[-1]:
            headers.append({})
        headers[-1][last] = field["value"].strip()
    return tuple(_read(header) for header in headers if header)


_ALIKE: Final = {"re": "subject", "sent": "date"}


def _read(header: dict[str, str]) -> Header:
    subject = header.get("subject", "").strip()
    before = _ANSWERS.match(subject)
    return Header(
        subject=_ANSWERS.sub("", subject).strip(),
        sender=header.get("from", ""),
        date=_day(header.get("date", "")),
        answers=before is not None and _REPLY.search(before[0]) is not None,
    )


def _day(value: str) -> str:
    """Return a day as ISO, where it is certain, with the time of day where that is."""
    days = read_dates(value)
    found = DATE.search(value)
    if found is None or len(days) != 1:
        return found[0] if found else ""
    time = TIME.search(value, found.end())
    clock = read_time(time[0].lstrip()) if time else None
    return f"{days[0]} {clock}" if clock else days[0]
