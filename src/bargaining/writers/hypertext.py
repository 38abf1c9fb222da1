"""Hypertext: what every page and fragment has in common.

Strategy: whatever comes from a paper passes `safe` or `attribute`, so that nothing in it can act on
the page: not as markup, and not as a sign that hides or turns text. Parties are told apart by a
letter, a kind of line and a colour, in this order of weight. The style is held inside one class, so
that it reaches nothing else where a fragment is put into a page of others.

This module knows no redlines, and no page as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from bargaining.model import Revision
from bargaining.text.spelling import cut_at
from bargaining.writers.letters import PartyLetters
from bargaining.writers.safety import JOINER, acts

_HARMLESS: Final = "\t\u00ad"  # a tab, and a soft hyphen
_RARE: Final = re.compile(rf"(?P<joiner>{JOINER})|[^ -~]")
_LAST: Final = re.compile(r"\S{1,12}\Z")
_DATE: Final = re.compile(r"(?<![\w-])\d{1,4}-\d{1,2}-\d{1,4}(?![\w-])")
_TINTS: Final = 6  # so many parties have a colour of their own

STYLE: Final = """
.bargaining{color-scheme:light;--ink:#1a1a1a;--paper:#fff;--quiet:#595959;--rule:#767676;
--p0:#0b4a94;--p1:#8f2a0a;--p2:#1d5a2d;--p3:#66267f;--p4:#664600;--p5:#0b5560;
background:var(--paper);color:var(--ink);line-height:1.6;overflow-wrap:anywhere}
.bargaining .p0{--tint:var(--p0);--line:solid}.bargaining .p1{--tint:var(--p1);--line:dashed}
.bargaining .p2{--tint:var(--p2);--line:dotted}.bargaining .p3{--tint:var(--p3);--line:double}
.bargaining .p4{--tint:var(--p4);--line:solid}.bargaining .p5{--tint:var(--p5);--line:dashed}
.bargaining ins,.bargaining del{color:var(--tint,var(--ink));background:none;
text-decoration:underline .08em;text-underline-offset:.16em}
.bargaining del{text-decoration:line-through .08em}
.bargaining .moved{text-decoration-style:double}
.bargaining .dropped{margin-inline:.15em;text-decoration-style:dotted;
text-decoration-thickness:.12em}
.bargaining .dropped del{color:inherit;text-decoration-color:var(--tint,currentColor)}
.bargaining .gap{text-decoration:none}
.bargaining .date,.bargaining .rung,.bargaining thead th{white-space:nowrap}
.bargaining .said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap;user-select:none}
.bargaining .tail{user-select:none}
.bargaining .beside{white-space:nowrap}
.bargaining .tail[data-by]::before,.bargaining .tail a,.bargaining .tail b,.bargaining .sign{
display:inline-block;font:600 .66em/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;
font-variant-numeric:lining-nums;
color:var(--tint,var(--ink));unicode-bidi:isolate;white-space:nowrap}
.bargaining .tail[data-by]::before{content:attr(data-by);content:attr(data-by)/""}
.bargaining .tail[data-by]::before,.bargaining .tail a,.bargaining .tail b{vertical-align:.45em;
line-height:1;margin-inline-start:.2em}
.bargaining .tail a{text-decoration:underline solid 1px}
.bargaining .tail .doubt{color:var(--ink)}
.bargaining .legend ul{list-style:none;margin:0;padding:0}
.bargaining .legend li{margin:0 0 .35rem}
.bargaining .legend .sign{font-size:.9em;line-height:1.35;min-width:1.4em;padding:0 .15em;
text-align:center;border:2px var(--line,solid) currentColor;border-radius:2px}
.bargaining .code{font:.78em/1 ui-monospace,"DejaVu Sans Mono",Consolas,monospace;padding:0 .2em;
border:1px solid var(--rule);border-radius:2px;white-space:nowrap;text-decoration:none}
.bargaining .paragraphs{white-space:pre-wrap}
.bargaining p{white-space:inherit;margin:0 0 .7em}
.bargaining .address{margin:0;color:var(--quiet);
font:500 .78rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.bargaining table{border-collapse:collapse;border:0;margin:0;color:inherit;background:none}
.bargaining th,.bargaining td{text-align:start;vertical-align:baseline;padding:.25em .9em .25em 0;
border:0;border-bottom:1px solid #c4c4c4;background:none;font-weight:400}
.bargaining thead th{color:var(--quiet);border-bottom-color:var(--rule)}
"""


def is_unsafe(character: str) -> bool:
    """Return whether a character acts instead of being seen, or may stand in no page."""
    if character in _HARMLESS:
        return False
    code = ord(character)
    is_none = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE  # noqa: PLR2004 - no characters
    return is_none or acts(character)


def code(character: str) -> str:
    """Return the code point of a character as people write it: `U+202E`."""
    return f"U+{ord(character):04X}"


def safe(text: str) -> str:
    """Return text as markup in which nothing acts.

    What cannot be seen is written as its code point; its number stands in a data attribute, from
    which the text can be read back.
    """
    return _RARE.sub(_shown, escape(text))


def _shown(found: re.Match[str]) -> str:
    one = found[0]
    if found["joiner"] or not is_unsafe(one):
        return one
    return f'<span class="code" dir="ltr" data-code="{ord(one)}">{code(one)}</span>'


def attribute(text: str) -> str:
    """Return text for the value of an attribute, or for a page's title, in which nothing acts."""
    return _RARE.sub(_named, text).translate(_ESCAPES)


def _named(found: re.Match[str]) -> str:
    one = found[0]
    return one if found["joiner"] or not is_unsafe(one) else f"<{code(one)}>"


_ESCAPES: Final = str.maketrans({c: escape(c) for c in "&<>\"'"} | {"\t": " "})


def isolated(text: str) -> str:
    """Return text as markup that cannot turn the text around it, whatever way it is written."""
    return f"<bdi>{safe(text)}</bdi>"


def label(text: str) -> str:
    """Return a label as markup, isolated, no date in it broken at a line's end."""
    kept = _DATE.sub(r'<span class="date">\g<0></span>', safe(text))
    return f"<bdi>{kept}</bdi>"


def beside(text: str, tail: str) -> tuple[str, str]:
    """Keep what stands behind words on one line with their last letters.

    Returns:
        The words before that, as text, and the last letters with the tail, as markup.
    """
    found = _LAST.search(text)
    start = cut_at(text, found.start()) if found else len(text)
    last = text[start:]
    return text[:start], f'<span class="beside">{safe(last)}{tail}</span>'


def attributes(**values: str | None) -> str:
    """Return attributes as markup, each with a space before it, without those that are None.

    A name's underscores are hyphens; one at its end is left out (`class_`).
    """
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{attribute(value)}"'
        for name, value in values.items()
        if value is not None
    )


def dates_of(revision: Revision) -> str:
    """Return the stated dates of a revision as markup, none of them broken at a line's end."""
    dates = (f'<span class="date">{safe(date)}</span>' for date in revision.dates)
    return " or ".join(dates) or ("" if revision.is_base else "not stated")


def tint(letters: PartyLetters, revisions: Sequence[Revision]) -> str:
    """Return the class that tints what one party did; empty when it may be of several."""
    parties = {revision.party for revision in revisions}
    if len(parties) > 1 or not parties & letters.letters.keys():
        return ""
    return f"p{list(letters.letters).index(str(parties.pop())) % _TINTS}"


def party_legend(letters: PartyLetters) -> Iterator[str]:
    """Yield for every party its letter and name, as markup."""
    for n, (party, letter) in enumerate(letters.letters.items()):
        yield f'<b class="sign p{n % _TINTS}">{safe(letter)}</b> {isolated(party)}'
