"""HTML: a redline as one page that needs nothing else, for the screen, for paper, for any reader.

Strategy: words are `<ins>` and `<del>`; who made a mark is told three times: to the eye by a letter
with the rung (`R5`) beside it, to a pointer by its title, to the ear by hidden words. Colour only
adds. The page has no script and may load nothing. It is written so that it is XML as well, and it
is read back before it is handed out: a page that does not give both texts is an error.

This module knows neither chains nor files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from bargaining.errors import BargainingError
from bargaining.model import Redline, Revision, RunKind
from bargaining.writers import authors, written
from bargaining.writers.hypertext import (
    dates_of,
    isolated,
    label,
    party_legend,
    safe,
)
from bargaining.writers.letters import PartyLetters
from bargaining.writers.pages import heading, page
from bargaining.writers.redlines.elements import Marked, mark_up

_MUTE: Final = frozenset({"said", "tail", "code", "end"})  # classes of what is no text


def html(redline: Redline, *, exact: bool = False) -> str:
    """Write a redline as one HTML page without script, which is well-formed XML as well.

    Args:
        redline: the redline.
        exact: mark what is only written or spaced otherwise, too; it is counted else.

    Returns:
        The page. `gate` has read both texts back from it.

    Raises:
        BargainingError: the page that was written does not give both texts exactly.
    """
    redline, otherwise = seen(redline, exact=exact)
    marked = mark_up(redline, linked=True)
    written = _page(redline, marked, otherwise)
    if gate(written) != (redline.old_text, redline.new_text):
        raise BargainingError(
            "The page that was written does not give both texts of the redline.",
            hint="Nothing was handed out. Please report it, with both papers if they are public.",
        )
    return written


def seen(redline: Redline, *, exact: bool = False) -> tuple[Redline, Sequence[str]]:
    """Return all that is marked on a page, and what is said of that which is not.

    Args:
        redline: the redline.
        exact: as in `html`.
    """
    whole = redline.whole
    if exact or authors.is_standing(redline):
        return whole, ()
    folded, count = written.unmarked(whole, spacing=True)
    return folded, tuple(written.said(count, exact=False))


# The page around the text.


def _page(redline: Redline, marked: Marked, otherwise: Sequence[str]) -> str:
    alone = authors.is_standing(redline)
    against = "" if alone else authors.heading(redline)
    title = " · ".join(filter(None, [redline.chain, against])) or "Text"
    body = "".join(
        [
            f"<header>\n{_title(redline)}</header>\n" if alone else _header(redline, otherwise),
            "" if alone else _front(redline, marked),
            marked.text,
            marked.notes,
        ]
    )
    return page(title, body)


def _title(redline: Redline) -> str:
    kind = "Text" if authors.is_standing(redline) else "Redline"
    lines = redline.title or (redline.chain or kind,)
    return heading(lines)


def _front(redline: Redline, marked: Marked) -> str:
    ladder = _ladder(redline, marked.letters)
    return f'<div class="front">\n{ladder}{_legend(redline, marked)}</div>\n'


def _header(redline: Redline, otherwise: Sequence[str]) -> str:
    said = [*authors.cautions(redline), _rounds(redline), *otherwise]
    cautions = "".join(f"<li>{isolated(one)}</li>\n" for one in said)
    return (
        f"<header>\n{_title(redline)}"
        f'<p class="against">{_ends(redline)}</p>\n<ul class="cautions">\n{cautions}</ul>\n'
        "</header>\n"
    )


def _ends(redline: Redline) -> str:
    """Name both revisions, as `authors.heading` does, each kept from turning the other."""
    return " against ".join(label(authors.named(end)) for end in (redline.new, redline.old))


def _rounds(redline: Redline) -> str:
    """Say what this file shows of the rounds in between: whoever hands it on must know."""
    if any(run.kind == "dropped" for run in redline):
        return "What was inserted and struck again between the two is shown."
    if redline.all_rounds and not redline.is_backwards:
        return "Nothing on file was inserted and struck again between the two."
    return "What was inserted and struck again between the two is not in this file."


def _ladder(redline: Redline, letters: PartyLetters) -> str:
    ends = [redline.old, redline.new]
    rungs = [*(r for r in ends if r.is_base), *redline.revisions]
    rows = "".join(_rung(r, redline, letters) for r in rungs)
    return (
        '<section class="ladder">\n<h2>Ladder</h2>\n<table>\n<thead><tr><th scope="col">Rung</th>'
        '<th scope="col">Revision</th><th scope="col">Stated date</th>'
        f'<th scope="col">Here</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</section>\n'
    )


def _rung(revision: Revision, redline: Redline, letters: PartyLetters) -> str:
    held = "" if revision.on_file or revision.is_base else _not_held(revision)
    here = {redline.old.rung: "old text", redline.new.rung: "new text"}.get(revision.rung, held)
    which = ' class="ends"' if here and not held else ""
    name = f'<th scope="row">{label(authors.named(revision))}</th>'
    return (
        f'<tr{which}><td class="rung">{safe(letters.sign(revision))}</td>{name}'
        f"<td>{dates_of(revision)}</td><td>{here}</td></tr>\n"
    )


def _not_held(revision: Revision) -> str:
    return "verbal" if revision.medium == "verbal" else "not on file"


def _legend(redline: Redline, marked: Marked) -> str:
    listed = legend(redline, marked) or "<p>Nothing is marked: both texts are alike.</p>\n"
    return f'<section class="legend">\n<h2>How to read the marks</h2>\n{listed}</section>\n'


def legend(redline: Redline, marked: Marked) -> str:
    """Explain the signs that a text has, and no others, as a list; empty where it has none.

    Args:
        redline: the redline.
        marked: the same as markup.
    """
    kinds = {run.kind for run in redline if run.moved is None}
    if all(run.kind == "kept" for run in redline):
        return ""
    is_moved = any(run.moved is not None for run in redline)
    has = {
        # Quotes of a paper are escaped, so that these stand where this module wrote them.
        _sign_words(redline, marked.letters): 'data-by="' in marked.text,
        f"<ins>underlined</ins>: {_kind_words('inserted', redline)}": "inserted" in kinds,
        f"<del>struck through</del>: {_kind_words('struck', redline)}": "struck" in kinds,
        f"{_twice('ins')} or {_twice('del')}: moved here, moved away": is_moved,
        '<ins class="dropped"><del>dotted and struck</del></ins>: inserted (+) and struck again '
        "(−) in between": "dropped" in kinds,
        "¶: only the end of the paragraph is inserted or struck": 'class="end">' in marked.text,
        "?: who made the mark is not certain; the note says why": bool(marked.notes),
        "U+…: a sign that cannot be seen, by its number": 'class="code"' in marked.text,
    }
    rows = [] if redline.is_backwards else list(party_legend(marked.letters))
    rows += [words for words, is_here in has.items() if is_here]
    items = "".join(f"<li>{row}</li>\n" for row in rows)
    return f"<ul>\n{items}</ul>\n" if items else ""


def _kind_words(kind: RunKind, redline: Redline) -> str:
    """Say what a kind of mark means; on the way back, nobody inserted or struck anything."""
    if not redline.is_backwards:
        return kind
    end = redline.new if kind == "inserted" else redline.old
    return f"only in {label(authors.named(end))}"


def _twice(name: str) -> str:
    return f'<{name} class="moved">double</{name}>'


def _sign_words(redline: Redline, letters: PartyLetters) -> str:
    """Explain the sign beside a mark, by an example of this ladder."""
    one = next((r for r in redline.revisions if r.rung), redline.new)
    return f"{safe(letters.sign(one))} beside a mark: made by {label(one.label)}, as on the ladder"


# The gate.


def gate(page: str) -> tuple[str, str]:
    """Read both texts back from a page.

    Args:
        page: a page as `html` writes it.

    Returns:
        The old text, every mark rejected, and the new one, every mark accepted; two empty ones for
        a page that is not well-formed.
    """
    reader = _Reader()
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.say
    try:
        parser.Parse(page, True)
    except ExpatError:
        return "", ""  # whatever it is, it is no page of ours
    return "".join(reader.old), "".join(reader.new)


class _Reader:
    """Reads the text of a page by its elements: `<ins>` is new only, `<del>` is old only."""

    def __init__(self) -> None:
        self.old: list[str] = []
        self.new: list[str] = []
        self._open: Counter[str] = Counter()  # how many elements of each kind are open
        self._kinds: list[str] = []  # what each open element is, and nothing of its parents
        self._is_ended = True

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Take an element for what it is."""
        classes = values.get("class", "").split()
        if tag == "br":
            self.say("\v")
        if "code" in classes:
            self.say(chr(int(values.get("data-code") or 0)))
        if "end" in classes and self._is_text():
            self.say("\n")
            self._is_ended = True
        if tag == "p":
            self._is_ended = "open" in classes
        mute = not _MUTE.isdisjoint(classes)
        kind = "mute" if mute else "text" if "text" in classes else tag
        self._kinds.append(kind)
        self._open[kind] += 1

    def end(self, tag: str) -> None:
        """Leave an element; with a paragraph comes its end, if that was not marked."""
        if tag == "p" and self._is_text() and not self._is_ended:
            self.say("\n")
        self._open[self._kinds.pop()] -= 1

    def say(self, text: str) -> None:
        """Take text, if it is of the agreement."""
        if not self._is_text():
            return
        if not self._open["ins"]:
            self.old.append(text)
        if not self._open["del"]:
            self.new.append(text)

    def _is_text(self) -> bool:
        return bool(self._open["text"] and self._open["p"] and not self._open["mute"])
