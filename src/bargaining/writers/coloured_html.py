"""The coloured copy as one HTML page that needs nothing else, for the screen and for paper.

Strategy: colour only adds: the letter of the proposer with the rung stands behind the words, a
change since the last paper is underlined, words of both sides' last papers have a frame, uncertain
ones are hatched, dropped ones struck. The page has no script and may load nothing. It is read back
before it is handed out.

This module knows neither chains nor files.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from bargaining.errors import BargainingError
from bargaining.writers.coloured import Coloured, Stretch, legend, lines
from bargaining.writers.hypertext import (
    attributes,
    dates_of,
    isolated,
    label,
    party_legend,
    safe,
    tint,
)
from bargaining.writers.pages import heading, page

_STYLE: Final = """
.copy .word{color:var(--tint,var(--ink))}
.copy .changed{text-decoration:underline .08em;text-underline-offset:.16em}
.copy .agreed{background:#ececec;box-shadow:0 0 0 1px var(--rule);border-radius:1px}
.copy .open{background:repeating-linear-gradient(135deg,transparent 0 5px,#7676764d 5px 7px)}
.copy .struck{text-decoration:line-through .08em}
.copy .legend .sample{padding:0 .3em;margin-inline-end:.4em}
.copy .text p{max-width:46rem}
@media screen and (prefers-color-scheme:dark){.copy .agreed{background:#2c3036}}
@media print{.copy .agreed{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def html(copy: Coloured) -> str:
    """Write a coloured copy as one HTML page without script, which is well-formed XML as well.

    Args:
        copy: the copy.

    Raises:
        BargainingError: the page that was written does not give the text exactly.
    """
    written = _page(copy)
    if _read(written) != "".join(copy.text.split()):
        raise BargainingError(
            "The page that was written does not give the text of the revision.",
            hint="Nothing was handed out. Please report it, with the paper if it is public.",
        )
    return written


def _page(copy: Coloured) -> str:
    body = (
        f"<header>\n{heading(copy.title or (copy.chain,))}"
        f'<p class="against">{label(copy.heading)}</p>\n<p>{isolated(copy.summary())}</p>\n'
        f'</header>\n<div class="front">\n{_papers(copy)}{_legend(copy)}</div>\n'
        f'<div class="text">\n{"".join(_paragraphs(copy))}</div>\n{_notes(copy)}'
    )
    return page(f"{copy.chain} · {copy.heading}", body, style=_STYLE, kind="copy")


def _papers(copy: Coloured) -> str:
    rows = "".join(
        f'<tr><td class="rung">{safe(copy.letters.sign(r))}</td>'
        f'<th scope="row">{label(r.label)}</th><td>{dates_of(r)}</td></tr>\n'
        for r in copy.papers
    )
    if not rows:
        return ""
    return (
        '<section class="ladder">\n<h2>Papers</h2>\n<table>\n<thead><tr><th scope="col">Sign</th>'
        '<th scope="col">Paper</th><th scope="col">Stated date</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )


def _legend(copy: Coloured) -> str:
    parties = "".join(f"<li>{row}</li>\n" for row in party_legend(copy.letters))
    ways = "".join(
        f'<li><span class="sample {way}">words</span>{isolated(said)}</li>\n'
        for way, said in legend(copy)
    )
    return (
        '<section class="legend">\n<h2>How to read the words</h2>\n'
        f"<ul>\n{parties}{ways}</ul>\n</section>\n"
    )


def _paragraphs(copy: Coloured) -> Iterator[str]:
    for line in lines(copy.stretches):
        inner = "".join(_words(copy, one) for one in line)
        yield f'<p dir="auto">{inner}</p>\n'


def _words(copy: Coloured, one: Stretch) -> str:
    text = one.text.replace("\v", "\n")
    if not text.strip() or (one.is_plain and not one.changed):
        return safe(text)
    words = safe(text.strip())
    lead, gap = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    open_ = one.origin is not None and not one.origin.certain
    ways = [way for way in ("changed", "agreed", "struck") if getattr(one, way)]
    colour = "" if one.is_plain or one.origin is None else tint(copy.letters, one.origin.candidates)
    sign = copy.sign(one)
    told = attributes(class_=" ".join(["word", colour, *ways, *["open"] * open_]).strip())
    said = f'<span class="said">{"dropped, " * one.struck}by {safe(sign)}: </span>' if sign else ""
    tail = f'<span class="tail" dir="ltr"{attributes(data_by=sign)}></span>' if sign else ""
    kind = "del" if one.struck else "span"
    return f"{safe(lead)}<{kind}{told}>{said}{words}{tail}</{kind}>{safe(gap)}"


def _notes(copy: Coloured) -> str:
    if not copy.notes:
        return ""
    rows = "".join(f"<li>{isolated(said)}</li>\n" for _, said in copy.notes)
    return f'<section class="notes">\n<h2>Not certain</h2>\n<ol>\n{rows}</ol>\n</section>\n'


class _Reader(HTMLParser):
    """Reads the words of the text back: not what is said of them, and not what was dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        values = dict(given)
        name = values.get("class") or ""
        if tag in {"meta", "br"}:
            return
        self._open.append((tag, name))
        code = values.get("data-code")
        if self._counts() and name == "code" and code is not None:
            self.found.append(chr(int(code)))

    def handle_startendtag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        """Such elements hold nothing."""

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        del tag
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Take words of the text."""
        if self._counts() and self._open[-1][1] != "code":
            self.found.append(data)

    def _counts(self) -> bool:
        names = [name for _, name in self._open]
        skips = any(tag == "del" or name in {"said", "tail"} for tag, name in self._open)
        return "text" in names and not skips


def _read(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    return "".join("".join(reader.found).split())
