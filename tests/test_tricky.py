"""The tricky cases of docs/tricky-cases.md: what is answered is what the page says."""

import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from bargaining import Chain, Explanation

PAGE = Path(__file__).parents[1] / "docs" / "tricky-cases.md"
CASE = re.compile(
    r"^## (?P<title>.+?)\n.*?```text\n(?P<papers>.*?)```(?P<table>.*?)(?=\n## |\Z)",
    re.MULTILINE | re.DOTALL,
)
SHORTFALLS = {  # what the page says is not as desired
    "The same word at both ends of what was put in",
    "A short phrase that comes back in another sentence",
    "A sentence that is moved and cut, its tail used again elsewhere",
    "The parts of a sentence turned round",
    "A whole list turned round",
}


@attrs.frozen
class Case:
    title: str
    papers: tuple[tuple[str, str | None], ...]
    rows: tuple[tuple[str, ...], ...]

    def chain(self) -> Chain:
        (_, base), *papers = self.papers
        return Chain.from_texts(papers, base=base)


def cases() -> Iterator[Case]:
    for found in CASE.finditer(PAGE.read_text(encoding="utf-8")):
        papers = tuple(_papers(found["papers"]))
        rows = [
            line.strip("| ").split(" | ") for line in found["table"].splitlines() if "|" in line
        ]
        yield Case(found["title"], papers, tuple(map(tuple, rows[2:])))


def _papers(block: str) -> Iterator[tuple[str, str | None]]:
    for part in re.split(r"^== ", block, flags=re.MULTILINE)[1:]:
        head, _, text = part.partition("\n")
        label = head.removesuffix(" (not on file)")
        yield label, None if label != head else text.removesuffix("\n")


CASES = list(cases())


def told(found: tuple[Explanation, ...]) -> tuple[str, str]:
    origins = (" or ".join(r.label for r in e.span.origin.candidates) for e in found)
    events = (", ".join(f"{h.kind} {h.revision.rung}" for h in e.span.history) for e in found)
    return " + ".join(dict.fromkeys(origins)), " + ".join(dict.fromkeys(e or "–" for e in events))


def test_the_page_has_its_cases() -> None:
    assert len(CASES) >= 40
    assert {case.title for case in CASES} >= SHORTFALLS


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_what_is_answered_is_what_the_page_says(case: Case) -> None:
    chain = case.chain()
    assert case.rows
    for words, desired, answered, happened in case.rows:
        assert chain.last is not None
        assert told(chain.explain(chain.last, words)) == (answered, happened)
        assert case.title in SHORTFALLS or answered == desired


EITHER = "The same word at both ends of what was put in"  # both readings give the same texts


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.title != EITHER], ids=lambda case: case.title
)
def test_what_is_not_as_desired_is_in_doubt_and_never_certain_and_wrong(case: Case) -> None:
    for _, desired, answered, _ in case.rows:
        wanted = set(re.split(r" or | \+ ", desired))
        for part in answered.split(" + "):
            candidates = set(part.split(" or "))
            assert candidates <= wanted or (len(candidates) > 1 and candidates & wanted)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_blame_of_every_paper_is_its_text(case: Case) -> None:
    chain = case.chain()
    for revision in chain:
        if revision.on_file:
            assert chain.blame(revision).text == chain.text(revision)
            for origin in {span.origin for span in chain.blame(revision)}:
                assert origin.first_seen.rung <= revision.rung
