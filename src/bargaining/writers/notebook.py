"""Notebook: redlines, annotations and chains as fragments that show themselves in a notebook.

Strategy: each fragment is one element with its own style, held inside of one class, dark on white
whatever the notebook's colours are. There are no ids and no links, because several fragments share
a page. What is uncertain is shown with every candidate.

This module knows no notebook: it hands out markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from bargaining.chain import Chain
from bargaining.model import Annotation, Redline, Revision, Span
from bargaining.writers import authors
from bargaining.writers.hypertext import (
    STYLE,
    attributes,
    beside,
    dates_of,
    isolated,
    label,
    party_legend,
    safe,
    tint,
)
from bargaining.writers.letters import PartyLetters
from bargaining.writers.redlines.elements import mark_up
from bargaining.writers.redlines.html import legend, seen
from bargaining.writers.sentences import event_words, origin_words

_STYLE: Final = """
.bargaining{padding:.75rem 1rem;max-width:52rem;font-size:1rem;
font-family:Charter,"Bitstream Charter",Cambria,Georgia,"DejaVu Serif",serif}
.bargaining section{position:relative}
.bargaining .head{font-weight:700}
.bargaining .legend{margin:.5rem 0;font-size:.84rem}
.bargaining .legend li{margin:0 1.25rem .2rem 0;display:inline-block}
.bargaining .notes h2,.bargaining h2{font-size:1rem;margin:.75rem 0 .25rem}
.bargaining .word{color:var(--tint,var(--ink));text-decoration:underline var(--line,none) .08em;
text-underline-offset:.16em}
.bargaining .open{text-decoration:underline wavy .06em}
.bargaining .gone{text-decoration:line-through .08em;text-decoration-style:solid}
"""
_HELD: Final = {"filed": "on file", "declared": "by marks only", "unknown": "not on file"}


def redline_html(redline: Redline) -> str:
    """Return the text of a redline with its marks and notes, for a notebook.

    Args:
        redline: the redline.
    """
    redline, otherwise = seen(redline)
    marked = mark_up(redline, linked=False)
    told = [*authors.cautions(redline), *otherwise]
    said = "".join(f"<p>{isolated(one)}</p>\n" for one in told)
    head = f'<p class="head">{isolated(authors.heading(redline))}</p>\n{said}'
    signs = f'<div class="legend">{legend(redline, marked)}</div>\n'
    return _fragment(f"{head}{signs}{marked.text}{marked.notes}")


def annotation_html(annotation: Annotation) -> str:
    """Return the words of a revision with their origins, for a notebook.

    Words of the base are plain; those of a party are underlined in its way, with its letter and
    the rung behind them; wavy lines and a question mark are words of which no one origin is
    certain. Struck words stand in their place.

    Args:
        annotation: what `Chain.blame` returned.
    """
    letters = PartyLetters.of(_parties(annotation))
    rows = "".join(_clauses(annotation, letters))
    head = f'<p class="head">{isolated(authors.named(annotation.revision))}: who proposed what</p>'
    items = "".join(f"<li>{row}</li>\n" for row in party_legend(letters))
    signs = f'<div class="legend"><ul>\n{items}</ul></div>\n' if items else ""
    return _fragment(f'{head}\n{signs}<div class="text">\n{rows}</div>\n')


def _parties(annotation: Annotation) -> Iterator[str]:
    seen = {r.rung: r.party for span in annotation for r in span.origin.candidates}
    seen |= {e.revision.rung: e.revision.party for span in annotation for e in span.history}
    yield from (party for _, party in sorted(seen.items()) if party is not None)


def _clauses(annotation: Annotation, letters: PartyLetters) -> Iterator[str]:
    for clause, spans in groupby(annotation, key=lambda span: span.clause):
        inner = "".join(
            _words(list(alike), letters)
            for _, alike in groupby(spans, key=lambda s: (s.struck, s.origin, s.history))
        )
        label = f'<h3 class="address">{isolated(clause)}</h3>\n' if clause else ""
        yield f'<section>{label}<div class="paragraphs" dir="auto">{inner}</div></section>\n'


def _words(spans: Sequence[Span], letters: PartyLetters) -> str:
    """Write neighbouring words of one origin and history, with a sign behind them."""
    text, one = "".join(span.text for span in spans), spans[0]
    origin = one.origin
    if origin.certain and origin.candidates[0].is_base and not one.struck:
        return _laid_out(text)
    words, gap = text.rstrip(), text[len(text.rstrip()) :]
    if one.struck:  # they stand in no line of this text any more
        words, gap = " ".join(words.split()), " " if gap else ""
    sign = letters.signs(origin.candidates) + ("" if origin.certain else "?")
    line = "word" if origin.certain else "word open"
    told = attributes(
        class_=f"{line} {tint(letters, origin.candidates)}".strip(), title=_title(one)
    )
    said = f'<span class="said" dir="ltr">{"struck, " * one.struck}by {safe(sign)}: </span>'
    tail = f'<span class="tail" dir="ltr"{attributes(data_by=sign)}></span>' if words else ""
    first, last = beside(words, tail)
    inner = f"<span{told}>{said}{_laid_out(first)}{last}</span>"
    return (f'<del class="gone">{inner}</del>' if one.struck else inner) + _laid_out(gap)


def _laid_out(text: str) -> str:
    """Return text with its line ends: those are how a paper is laid out."""
    return "\n".join(map(safe, text.split("\n")))


def _title(span: Span) -> str:
    """Say who could have proposed some words, and what became of them."""
    missing = [r for r in span.origin.candidates if not r.on_file and not r.is_base]
    clause = next((e.clause for e in span.history if e.kind == "proposed"), span.clause)
    told = [event_words(event) for event in span.history if event.kind != "proposed"]
    said = ", ".join([origin_words(span.origin, clause, missing), *told])
    return f"{said[0].upper()}{said[1:]}."


def chain_html(chain: Chain) -> str:
    """Return the ladder of a chain as a table, with its doubts, for a notebook.

    Args:
        chain: the chain.
    """
    letters = PartyLetters.of(dict.fromkeys(r.party for r in chain if r.party is not None))
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in "Rung,Revision,Stated date,Text".split(",")
    )
    base = _row("base", "current language", "", _HELD[chain.base_known])
    rows = "".join(_row(*_cells(revision, letters)) for revision in chain)
    doubts = "".join(
        f"<li>{isolated(f'{revision.label}: {doubt.message}')}</li>\n"
        for revision, doubt in chain.doubts
    )
    listed = f"<p>Doubts:</p>\n<ul>\n{doubts}</ul>\n" if doubts else ""
    return _fragment(
        f'<p class="head">{isolated(chain.name or "(no name)")}</p>\n<table>\n<thead><tr>{heads}'
        f"</tr></thead>\n<tbody>\n{base}{rows}</tbody>\n</table>\n{listed}"
    )


def _cells(revision: Revision, letters: PartyLetters) -> tuple[str, str, str, str]:
    held = "on file" if revision.on_file else "verbal" if revision.medium == "verbal" else ""
    if revision.reported_by:
        held = f"{held or 'not on file'}, reported by {revision.reported_by}"
    return letters.sign(revision), revision.label, dates_of(revision), held or "not on file"


def _row(rung: str, name: str, date: str, held: str) -> str:
    """Write a row; its date is markup already."""
    return (
        f'<tr><td class="rung">{safe(rung)}</td><th scope="row">{label(name)}</th>'
        f"<td>{date}</td><td>{isolated(held)}</td></tr>\n"
    )


def _fragment(inner: str) -> str:
    return f'<div class="bargaining">\n<style>{STYLE}{_STYLE}</style>\n{inner}</div>\n'


def draw(value: object) -> str:
    """Return the fragment of a chain, a redline or an annotation.

    Raises:
        TypeError: it is none of them.
    """
    if isinstance(value, Redline):
        return redline_html(value)
    if isinstance(value, Annotation):
        return annotation_html(value)
    if isinstance(value, Chain):
        return chain_html(value)
    raise TypeError(type(value).__name__)
