"""Invented negotiations in which the true origin of every word is known.

Strategy: a document is clauses of sentences of word objects; a word object keeps the revision that
first proposed it for life. Each revision makes edits on those objects (insert, strike, replace,
restore what anyone struck, swap back, move) and is then written out as text. Whoever reads the text
sees none of that: `Negotiation.truth` has it, one entry for each word that has a letter or digit.

Everything is drawn from one seeded generator: the same seed gives the same bytes.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import attrs

WORD: Final = re.compile(r"\w+(?:['’.-]\w+)*|[^\w\s]")
_UNWRAPPED: Final = 1_000_000  # characters a line
_PHRASE: Final = (1, 6)  # words in a struck or replaced phrase
_LONG_PHRASE: Final = 8  # words in a phrase that is moved or brought back elsewhere
_ARTICLE: Final = 12  # clauses in an article
_REMEMBERED: Final = 400  # struck pieces that may come back

_ACTORS: Final = "District|Union|Employer|Association|Superintendent|Board|Chapter|Committee".split(
    "|"
)
_MODALS: Final = "shall|may|shall not|will|must|agrees to|is required to".split("|")
_BOILERPLATE: Final = (
    "to the extent permitted by the Education Code",
    "in accordance with the provisions of this Article",
    "subject to the availability of funds",
    "by mutual agreement of the parties",
    "no later than thirty days after the effective date",
    "except as otherwise provided in this Agreement",
    "for the duration of the school year",
    "without loss of pay or benefits",
    "upon written request of the employee",
    "as determined by the immediate supervisor",
)
_ENDINGS: Final = (
    "{verb} the {adjective} {noun} of each {noun}",
    "{verb} {number} {adjective} {noun}s for every {noun}",
    "{verb} a {noun} and a {adjective} {noun} within {number} days",
    "{verb} any {noun} that the {noun} did not {verb} before the {noun}",
    "{verb} the {noun}, the {adjective} {noun} and the {noun} of the {noun}",
)
_VERBS: Final = (
    "provide assign review schedule notify reimburse post grant approve maintain consult evaluate "
    "transfer select offer train rotate publish record deny fund repair replace verify"
).split()
_ADJECTIVES: Final = (
    "annual written reasonable additional certificated full-time part-time itinerant required "
    "regular voluntary paid joint local final initial comparable qualified timely necessary"
).split()
_NOUNS: Final = (
    "teacher librarian counselor nurse site class grade assignment caseload stipend calendar "
    "vacancy grievance meeting salary roster period duty record request position device room "
    "training observation member committee hour week semester report budget notice facility"
).split()
_SYLLABLES: Final = "ba ce di fo gu la me ni po ru sa te vi xo zu mar len tor vis cal".split()


@attrs.define(eq=False)
class Word:
    """One word or sign, for life.

    Attributes:
        text: how it is written.
        born: the revision in whose text it first stood; 0 for the base, None before it did.
        kind: what happened to it last: first, new, moved, restored or swapped.
    """

    text: str
    born: int | None
    kind: str = "first"


Sentence = list[Word]


@attrs.define(eq=False)
class Clause:
    """A numbered paragraph: a row of sentences, in an article whose clauses are numbered from 1."""

    sentences: list[Sentence]
    article: int


@attrs.define(eq=False)
class Gone:
    """A struck piece: its words, what stood before and after them, and what replaced them."""

    words: list[Word]
    before: Word | None
    after: Word | None
    replaced_by: list[Word] | None = None


@attrs.frozen
class Text:
    """A revision as it is written, and the truth about its words.

    Attributes:
        text: the text.
        words: (start, end, revision that proposed it, kind) of each word with a letter or digit.
    """

    text: str
    words: tuple[tuple[int, int, int, str], ...]


@attrs.frozen
class Shape:
    """What a negotiation is like.

    Attributes:
        words: about how many words the base has.
        revisions: how many revisions follow it.
        edits: how many edits each makes.
        boilerplate: the share of sentences that end in a stock phrase; few different words with it.
        rewrap: break lines, in every revision at another width; else a clause is one line.
        renumber: number every clause anew in every revision.
    """

    words: int = 10_000
    revisions: int = 50
    edits: int = 20
    boilerplate: float = 0.5
    rewrap: bool = False
    renumber: bool = False


class Negotiation:
    """A negotiation that goes on, revision by revision."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.random = random.Random(seed)  # noqa: S311 - a benchmark, not a secret
        self.revision = 0
        self.gone: list[Gone] = []
        rare = 40 if shape.boilerplate else 1500
        made = ("".join(self.random.choices(_SYLLABLES, k=3)) for _ in range(rare))
        self.nouns = _NOUNS + sorted(set(made))
        self.clauses: list[Clause] = []
        size = 0
        while size < shape.words:
            rows = [self._sentence() for _ in range(self._between(2, 6))]
            self.clauses.append(Clause(rows, 1 + len(self.clauses) // _ARTICLE))
            size += sum(len(sentence) for sentence in self.clauses[-1].sentences)

    def texts(self) -> Iterator[Text]:
        """Yield the base, then every revision."""
        yield self._written()
        for _ in range(self.shape.revisions):
            self.revision += 1
            for _ in range(self.shape.edits):
                self._edit()
            yield self._written()

    # Drawing words.

    def _between(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def _sentence(self) -> Sentence:
        pick = self.random.choice
        actor = f"The {pick(_ACTORS)} {pick(_MODALS)} "
        parts = pick([actor, actor, actor, actor, "Each {noun} may "]) + pick(_ENDINGS)
        if self.random.random() < self.shape.boilerplate:
            parts += pick([", ", " "]) + pick(_BOILERPLATE)
        return self._words(self._filled(parts) + ".")

    def _filled(self, template: str) -> str:
        def fill(slot: re.Match[str]) -> str:
            if slot[1] == "number":
                return str(self._between(2, 90))
            lists = {"verb": _VERBS, "adjective": _ADJECTIVES, "noun": self.nouns}
            return self.random.choice(lists[slot[1]])

        return re.sub(r"\{(\w+)\}", fill, template)

    def _phrase(self) -> list[Word]:
        template = self.random.choice(
            [
                "{adjective}",
                "{noun}",
                "and {verb}",
                "{number} {noun}s",
                "or the {adjective} {noun}",
                "the {noun} of the {noun}",
                "each {adjective} {noun} and {noun}",
                ", " + self.random.choice(_BOILERPLATE)
                if self.shape.boilerplate
                else "{verb} {noun}",
            ]
        )
        return self._words(self._filled(template))

    def _words(self, text: str) -> list[Word]:
        kind = "new" if self.revision else "first"
        return [Word(found, None, kind) for found in WORD.findall(text)]

    # Editing.

    def _edit(self) -> None:
        edits: dict[Callable[[], bool], int] = {
            self._insert_phrase: 16,
            self._insert_sentence: 8,
            self._insert_clause: 1,
            self._strike_phrase: 14,
            self._strike_sentence: 8,
            self._replace_phrase: 22,
            self._restore: 10,
            self._restore_elsewhere: 4,
            self._swap_back: 8,
            self._move_sentence: 5,
            self._move_clause: 1,
            self._move_phrase: 2,
        }
        done = False
        while not done:
            done = self.random.choices([*edits], [*edits.values()])[0]()

    def _any_clause(self) -> Clause:
        return self.random.choice(self.clauses)

    def _any_sentence(self) -> Sentence:
        return self.random.choice(self._any_clause().sentences)

    def _insert_phrase(self) -> bool:
        sentence = self._any_sentence()
        at = self._between(1, len(sentence) - 1)
        sentence[at:at] = self._phrase()
        return True

    def _insert_sentence(self) -> bool:
        self._put_sentence(self._sentence())
        return True

    def _put_sentence(self, sentence: Sentence) -> None:
        rows = self._any_clause().sentences
        rows.insert(self._between(0, len(rows)), sentence)

    def _insert_clause(self) -> bool:
        self._put_clause(Clause([self._sentence() for _ in range(self._between(1, 3))], 1))
        return True

    def _put_clause(self, clause: Clause) -> None:
        at = self._between(1, len(self.clauses))
        clause.article = self.clauses[at - 1].article
        self.clauses.insert(at, clause)

    def _cut(self, least: int, most: int) -> Gone | None:
        """Take some words out of a sentence, never its last sign."""
        sentence = self._any_sentence()
        size = self._between(least, most)
        if len(sentence) < size + 4:
            return None
        at = self._between(1, len(sentence) - 1 - size)
        gone = Gone(sentence[at : at + size], sentence[at - 1], sentence[at + size])
        del sentence[at : at + size]
        return gone

    def _remember(self, gone: Gone) -> None:
        self.gone = [*self.gone, gone][-_REMEMBERED:]

    def _strike_phrase(self) -> bool:
        gone = self._cut(*_PHRASE)
        if gone is not None:
            self._remember(gone)
        return gone is not None

    def _strike_sentence(self) -> bool:
        gone = self._cut_sentence()
        if gone is not None:
            self._remember(gone)
        return gone is not None

    def _cut_sentence(self) -> Gone | None:
        rows = self._any_clause().sentences
        if len(rows) < 2:  # noqa: PLR2004 - a clause keeps one sentence
            return None
        at = self._between(0, len(rows) - 1)
        before = rows[at - 1][-1] if at else None
        after = rows[at + 1][0] if at + 1 < len(rows) else None
        return Gone(rows.pop(at), before, after)

    def _replace_phrase(self) -> bool:
        sentence = self._any_sentence()
        size = self._between(1, 5)
        if len(sentence) < size + 4:
            return False
        at = self._between(1, len(sentence) - 1 - size)
        new = self._phrase()
        self._remember(
            Gone(sentence[at : at + size], sentence[at - 1], sentence[at + size], replaced_by=new)
        )
        sentence[at : at + size] = new
        return True

    def _restore(self) -> bool:
        """Bring a struck piece back to its place, if its neighbours still stand side by side."""
        return any(
            self._put_back(gone, "restored")
            for gone in self._drawn(lambda gone: gone.replaced_by is None)
        )

    def _swap_back(self) -> bool:
        """Drop a replacement, and bring back what it replaced."""
        return any(
            self._put_back(gone, "swapped")
            for gone in self._drawn(lambda gone: gone.replaced_by is not None)
        )

    def _drawn(self, fits: Callable[[Gone], bool]) -> list[Gone]:
        fitting = [gone for gone in self.gone if fits(gone)]
        return self.random.sample(fitting, min(5, len(fitting)))

    def _put_back(self, gone: Gone, kind: str) -> bool:
        between = gone.replaced_by or []
        for clause in self.clauses:
            if gone.words[-1].text == "." and self._put_sentence_back(clause, gone, kind):
                return True
            for sentence in clause.sentences:
                at = _index(sentence, gone.before)
                row = sentence[at + 1 : at + 2 + len(between)] if at is not None else []
                if at is not None and _same(row, [*between, gone.after]):
                    _mark(gone.words, kind)
                    dropped = Gone(
                        sentence[at + 1 : at + 1 + len(between)], gone.before, gone.after
                    )
                    sentence[at + 1 : at + 1 + len(between)] = gone.words
                    self.gone.remove(gone)
                    if between:
                        dropped.replaced_by = gone.words
                        self._remember(dropped)
                    return True
        return False

    def _put_sentence_back(self, clause: Clause, gone: Gone, kind: str) -> bool:
        rows = clause.sentences
        for at in range(len(rows) + 1):
            before = rows[at - 1][-1] if at else None
            after = rows[at][0] if at < len(rows) else None
            if (before, after) == (gone.before, gone.after):
                _mark(gone.words, kind)
                rows.insert(at, gone.words)
                self.gone.remove(gone)
                return True
        return False

    def _restore_elsewhere(self) -> bool:
        for gone in self._drawn(lambda gone: gone.words[-1].text == "."):
            _mark(gone.words, "restored")
            self._put_sentence(gone.words)
            self.gone.remove(gone)
            return True
        return False

    def _move_sentence(self) -> bool:
        gone = self._cut_sentence()
        if gone is not None:
            _mark(gone.words, "moved")
            self._put_sentence(gone.words)
        return gone is not None

    def _move_clause(self) -> bool:
        clause = self.clauses.pop(self._between(0, len(self.clauses) - 1))
        for sentence in clause.sentences:
            _mark(sentence, "moved")
        self._put_clause(clause)
        return True

    def _move_phrase(self) -> bool:
        gone = self._cut(_LONG_PHRASE, 12)
        if gone is not None:
            _mark(gone.words, "moved")
            sentence = self._any_sentence()
            at = self._between(1, len(sentence) - 1)
            sentence[at:at] = gone.words
        return gone is not None

    # Writing.

    def _written(self) -> Text:
        parts: list[str] = []
        words: list[tuple[int, int, int, str]] = []
        at = 0
        shift = self.revision if self.shape.renumber else 0
        width = 60 + 7 * (self.revision % 8) if self.shape.rewrap else _UNWRAPPED
        counted: Counter[int] = Counter()
        for clause in self.clauses:
            counted[clause.article] += 1
            number = f"{clause.article + shift}.{counted[clause.article]} "
            line = len(number)
            parts.append(number)
            at += len(number)
            for k, word in enumerate(word for row in clause.sentences for word in row):
                space = "" if k == 0 or word.text in {",", "."} else " "
                if space and line + len(word.text) > width:
                    space, line = "\n", -1
                parts.append(space + word.text)
                at += len(space)
                born = word.born = self.revision if word.born is None else word.born
                if word.text not in {",", "."}:
                    words.append((at, at + len(word.text), born, word.kind))
                at += len(word.text)
                line += len(space) + len(word.text)
            parts.append("\n\n")
            at += 2
        return Text("".join(parts), tuple(words))


def _index(sentence: Sentence, word: Word | None) -> int | None:
    return next((n for n, one in enumerate(sentence) if one is word), None)


def _same(row: Sequence[Word], wanted: Sequence[Word | None]) -> bool:
    return len(row) == len(wanted) and all(a is b for a, b in zip(row, wanted, strict=True))


def _mark(words: Sequence[Word], kind: str) -> None:
    for word in words:
        word.kind = kind
