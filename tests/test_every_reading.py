"""Whatever programs do to a paper on its way keeps every origin, or is doubted at its place.

Each disguise changes how a paper is written, never what it says: another normal form, soft hyphens,
ligatures, other dashes and quotes, other line ends, hyphens at them, what a page prints around its
text, another way to number. The clean negotiation is the oracle.
"""

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import attrs
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Chain, read
from bargaining.model import Annotation, Paper
from bargaining.text.words import cut, is_marker

TITLE = "Reading Rooms"
LABELS = ("Riverbend Proposal 3-3-25", "District Counter 3-9-25", "Riverbend Counter 4-1-25")
SENTENCES = (
    "Each school shall keep its reading room open for one hour after the final bell.",
    "The café committee – five members – meets “monthly” in the official staff room.",
    "Requests are confirmed within 10 days; otherwise they are definitely granted.",
    "No aide shall be reassigned without the aide's written agreement...",
    "Overtime is paid at 1/2 of the hourly rate, from 7-9 o'clock.",
    "Lamps burn nightly on every floor of the library building.",
    "Copies go to the office manager and to the well-being officer.",
    "Doors are locked by the custodian before the evening meeting.",
    "The naïve reader finds a façade of difficult language here.",
    "Benefits continue while an employee is on approved leave.",
)


@attrs.frozen
class Negotiation:
    """The clauses of each paper, by the numbers of their sentences; the first is the base."""

    papers: tuple[tuple[tuple[int, ...], ...], ...]

    def clauses(self, paper: int) -> list[str]:
        return [" ".join(SENTENCES[n] for n in clause) for clause in self.papers[paper]]


@st.composite
def negotiations(draw: st.DrawFn) -> Negotiation:
    """Papers in which sentences come and go; none stands twice, so that each is only itself."""
    order = draw(st.permutations(range(len(SENTENCES))))
    held = [[n] for n in order[:4]]
    fresh = list(order[4:])
    papers = [tuple(map(tuple, held))]
    for _ in LABELS:
        for _ in range(draw(st.integers(1, 2))):
            clause = draw(st.sampled_from(held))
            adds = draw(st.booleans())
            if fresh and adds:
                clause.insert(draw(st.integers(0, len(clause))), fresh.pop())
            elif len(clause) > 1:
                clause.pop(draw(st.integers(0, len(clause) - 1)))
        papers.append(tuple(map(tuple, held)))
    return Negotiation(tuple(papers))


# Ways to number, by the place of a clause.

NUMBERS: dict[str, Callable[[int], str]] = {
    "1.0": lambda n: f"{n}.0",
    "1.": lambda n: f"{n}.",
    "1)": lambda n: f"{n})",
    "(1)": lambda n: f"({n})",
    "a.": lambda n: f"{chr(96 + n)}.",
    "4.1": lambda n: f"4.{n}",
    "Section 1.": lambda n: f"Section {n}.",
    "I.": lambda n: ("I.", "II.", "III.", "IV.")[n - 1],
}


def numbered(clauses: Sequence[str], style: str) -> str:
    return "\n\n".join(f"{NUMBERS[style](n)} {text}" for n, text in enumerate(clauses, start=1))


# Spellings, which change no word.

SPELLINGS: dict[str, Callable[[str], str]] = {
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "soft hyphens": lambda text: re.sub(r"([a-z]{3})(?=[a-z]{3})", "\\1\u00ad", text),
    "zero width": lambda text: re.sub(r"([a-z]{4})(?=[a-z]{2})", "\\1\u200b", text),
    "ligatures": lambda text: (
        text.replace("ffi", "ﬃ").replace("ff", "ﬀ").replace("fi", "ﬁ").replace("fl", "ﬂ")
    ),
    "dashes": lambda text: text.replace("–", "--"),
    "quotes": lambda text: text.replace("“", '"').replace("”", '"').replace("'", "’"),
    "dots": lambda text: text.replace("...", "…"),
    "fractions": lambda text: text.replace("1/2", "½"),
    "no-break spaces": lambda text: text.replace("10 days", "10\u00a0days"),
}


def wrapped(text: str, width: int, *, hyphens: bool) -> list[str]:
    """Set a text in lines; with hyphens, a word that does not fit is divided."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        found = textwrap.wrap(paragraph, width, break_on_hyphens=False, break_long_words=False)
        lines += [*(list(divided(found, width)) if hyphens else found), ""]
    return lines[:-1]


def divided(lines: Sequence[str], width: int) -> Iterable[str]:
    """Bring a part of the first word of a line up to the one before, where there is room."""
    rest = list(lines)
    while len(rest) > 1:
        line, following = rest[0], rest[1]
        word, _, after = following.partition(" ")
        room = width - len(line) - 2
        if re.fullmatch(r"[a-z]{6,}", word) and room >= 3:
            size = min(room, len(word) - 3)
            yield f"{line} {word[:size]}-"
            rest[1] = f"{word[size:]} {after}".strip()
        else:
            yield line
        rest.pop(0)
    yield from rest


def paged(lines: Sequence[str], size: int, label: str) -> list[str]:
    """Print lines on pages with a running title above and a footer below."""
    pages = [lines[n : n + size] for n in range(0, len(lines), size)]
    found: list[str] = []
    for n, page in enumerate(pages, start=1):
        head = [TITLE, ""] if n > 1 else []
        found += [*head, *page, "", f"{label}    Page {n} of {len(pages)}", "\f" * (n < len(pages))]
    return found


def margined(lines: Sequence[str]) -> list[str]:
    return [f"{n:>3}  {line}".rstrip() for n, line in enumerate(lines, start=1)]


@attrs.frozen
class Disguise:
    numbers: str
    spellings: tuple[str, ...]
    width: int
    hyphens: bool
    page: int
    margin: bool
    quoted: bool

    def of(self, clauses: Sequence[str], label: str) -> str:
        text = numbered(clauses, self.numbers)
        for name in self.spellings:
            text = SPELLINGS[name](text)
        lines = wrapped(text, self.width, hyphens=self.hyphens)
        lines = margined(lines) if self.margin else lines
        lines = paged(lines, self.page, label) if self.page else lines
        lines = [TITLE, "", *lines, "", label]
        return "\n".join(f"> {line}" if self.quoted else line for line in lines)


DISGUISES = st.builds(
    Disguise,
    numbers=st.sampled_from(sorted(NUMBERS)),
    spellings=st.lists(st.sampled_from(sorted(SPELLINGS)), max_size=3, unique=True).map(tuple),
    width=st.sampled_from([50, 60, 72, 100, 1000]),
    hyphens=st.booleans(),
    page=st.sampled_from([0, 0, 9, 14]),
    margin=st.booleans(),
    quoted=st.booleans(),
)


def told(annotation: Annotation) -> list[tuple[str, tuple[int, ...]]]:
    """The words that are no numbers of clauses, each with the rungs of its candidates."""
    found: list[tuple[str, tuple[int, ...]]] = []
    words = cut(annotation.text)
    spans = [span for span in annotation if not span.struck]
    at = 0
    for n, key in enumerate(words.keys):
        while spans[at].end <= words.bounds[n]:
            at += 1
        is_number = key == "Section" or words.keys[max(n - 1, 0)] == "Section"
        if not (is_marker(key) or is_number) and key[:1].isalnum():
            found.append((key, tuple(r.rung for r in spans[at].origin.candidates)))
    return found


def clean(negotiation: Negotiation) -> Chain:
    texts = [numbered(negotiation.clauses(n), "1.0") for n in range(len(LABELS) + 1)]
    return Chain.from_texts(zip(LABELS, texts[1:], strict=True), base=texts[0])


@given(negotiations(), DISGUISES, st.integers(1, 3))
def test_a_disguise_changes_no_origin(
    negotiation: Negotiation, disguise: Disguise, which: int
) -> None:
    oracle = clean(negotiation)
    known = frozenset(re.findall(r"\w+", " ".join(SENTENCES)))
    papers: list[tuple[str, Paper]] = []
    for n, label in enumerate(LABELS, start=1):
        clauses = negotiation.clauses(n)
        text = disguise.of(clauses, label) if n == which else numbered(clauses, "1.0")
        papers.append((label, read(text.encode(), name="paper.txt", known=known)))
    base = read(numbered(negotiation.clauses(0), "1.0").encode(), name="base.txt")
    chain = Chain.from_papers(papers, base=base)
    for n in range(1, len(LABELS) + 1):
        assert told(chain.blame(n)) == told(oracle.blame(n)), papers[which - 1][1].text
