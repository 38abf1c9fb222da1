"""The record against a plain list: file in any order, correct, reopen; then ask everything."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

import servers
from bargaining.errors import ConflictError
from bargaining.record import Record, Submission
from strategies import Truth, negotiations

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
UNICODE = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="*~+_<&\\#>`"))


def label(rung: int) -> str:
    party = "RVTA" if rung % 2 else "District"
    return f"{party} Counter {rung}-{rung}-25"


def words(text: str) -> list[str]:
    return text.replace(".", " ").split()


class Filing(RuleBasedStateMachine):
    """Papers of a known negotiation are filed; a dict of texts is the oracle."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.place = self.closing.enter_context(self.somewhere())
        self.record = Record.open(self.place, write=True, clock=lambda: NOW)
        self.texts: dict[int, str] = {}  # what must be on file, by rung; 0 is the base
        self.papers: dict[int, bytes] = {}  # the bytes that were filed
        self.seen: set[int] = set()  # rungs known from ladders
        self.heads: dict[int, str] = {}  # by number of entries: what is filed stays filed

    @contextmanager
    def somewhere(self) -> Iterator[str]:
        """Where the record is."""
        with tempfile.TemporaryDirectory() as folder:
            yield str(Path(folder) / "record.db")

    @initialize(truth=negotiations(most=5), tail=UNICODE)
    def negotiate(self, truth: Truth, tail: str) -> None:
        self.truth = truth
        self.tail = " ".join(tail.split())

    def teardown(self) -> None:
        self.record.close()
        self.closing.close()

    def paper(self, rung: int, more: str = "") -> tuple[bytes, str]:
        """A paper with a ladder (not for the base), and the text that must be read from it."""
        text = f"1.0 Clause: {self.truth.text(rung)} {more}{self.tail}".strip() + " end."
        ladder = "\n".join(label(n) for n in range(1, rung + 1))
        return f"Pay Scale\n\n{text}\n\n{ladder}\n".encode(), text

    def file(self, rung: int, more: str = "", *, correct: bool = False) -> str:
        data, text = self.paper(rung, more)
        filed = self.record.file(
            Submission(data=data, name=f"{rung}.md", base=rung == 0, correct=correct), by="me"
        )
        assert filed.revision.rung == rung
        self.texts[rung] = text
        self.papers[rung] = data
        self.seen |= set(range(1, rung + 1))
        return filed.done

    @rule(data=st.data())
    def file_a_paper(self, data: st.DataObject) -> None:
        rung = data.draw(st.integers(0, len(self.truth.texts) - 1))
        known = rung in self.texts
        if known and self.papers[rung] != self.paper(rung)[0]:
            with pytest.raises(ConflictError):
                self.record.file(Submission(data=self.paper(rung)[0], base=rung == 0))
            return
        assert self.file(rung) == ("already on file" if known else "filed")

    @precondition(lambda self: self.texts)
    @rule(data=st.data(), more=st.sampled_from(["", "correction "]))
    def correct_a_paper(self, data: st.DataObject, more: str) -> None:
        rung = data.draw(st.sampled_from(sorted(self.texts)))
        same = self.paper(rung, more)[0] == self.papers[rung]
        assert self.file(rung, more, correct=True) == ("already on file" if same else "corrected")

    @rule()
    def reopen(self) -> None:
        self.record.close()
        self.record = Record.open(self.place, write=True, clock=lambda: NOW)

    @precondition(lambda self: self.texts)
    @rule()
    def verify(self) -> None:
        found = self.record.verify()
        assert found.entries == len(self.record.entries)
        assert self.heads.setdefault(found.entries, found.head) == found.head

    @precondition(lambda self: self.texts)
    @invariant()
    def the_chain_is_what_was_filed(self) -> None:
        chain = self.record.chain("pay scale")
        wanted = [(label(n), n in self.texts) for n in sorted(self.seen | set(self.texts) - {0})]
        assert [(r.label, r.on_file) for r in chain] == wanted
        assert chain.base_known == ("filed" if 0 in self.texts else "unknown")
        for rung, text in self.texts.items():
            assert chain.text(rung) == text
            assert chain.blame(rung).text == text
        for filing in self.record.filings(chain.name):
            assert self.record.original(filing) == self.papers[chain.revision(filing.shown).rung]

    @precondition(lambda self: len(self.texts) > 1)
    @invariant()
    def diffs_and_origins_agree_with_the_texts(self) -> None:
        chain = self.record.chain()
        held = sorted(self.texts)
        old, new = held[0], held[-1]
        diff = chain.diff(old, new)
        assert "".join(run.before for run in diff.runs) == self.texts[old]
        assert "".join(run.after for run in diff.runs) == self.texts[new]
        for span in chain.blame(new) if new else ():
            for word in (w for w in words(span.text) if w.startswith("word")):
                first = next(n for n in held if word in words(self.texts[n]))
                before = max((n for n in held if n < first), default=-1)
                rungs = [r.rung for r in span.origin.candidates]
                assert rungs == list(range(before + 1, first + 1))

    @precondition(lambda self: self.texts)
    @invariant()
    def presence_is_what_a_look_through_the_texts_finds(self) -> None:
        answer = self.record.chain().who("correction")
        wanted = [n for n in sorted(self.texts) if "correction" in self.texts[n].split()]
        assert [r.rung for r in answer.present_in] == wanted


Filing.TestCase.settings = settings(max_examples=25, stateful_step_count=12)
TestFiling = Filing.TestCase

if servers.URL:

    class FilingOnAServer(Filing):
        """The same on a server."""

        @contextmanager
        def somewhere(self) -> Iterator[str]:
            """A database of its own."""
            with servers.database() as url:
                yield url

    FilingOnAServer.TestCase.settings = settings(max_examples=10, stateful_step_count=12)
    TestFilingOnAServer = FilingOnAServer.TestCase
