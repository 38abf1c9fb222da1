"""Papers printed to PDF by LibreOffice, their text taken with pdftotext, are the same papers.

The oracle is the chain of the example's texts as they were on the table.
"""

import functools
import shutil
import subprocess
from pathlib import Path

import pytest

import office
from bargaining import Chain, read
from bargaining.cli.demo import example
from bargaining.model import Annotation, Paper
from bargaining.text.words import cut, is_marker
from bargaining.word.writer.documents import clean_docx

TITLE = "School Library Hours"
MISSING = "pdftotext is not installed (Debian: poppler-utils)"


@functools.cache
def oracle() -> Chain:
    papers = [read(data, name=name) for name, data in sorted(example().items())]
    base, *others = papers
    return Chain.from_texts([(one.ladder[-1], one.text) for one in others], base=base.text)


@pytest.fixture(name="printed", scope="module")
def _printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each paper as a PDF."""
    if not office.available():
        pytest.skip(office.MISSING)
    if shutil.which("pdftotext") is None:
        pytest.skip(MISSING)
    folder = tmp_path_factory.mktemp("printed")
    for revision in [oracle().base, *oracle().revisions]:
        text = oracle().text(revision)
        data = clean_docx(revision, text, exact=False, title=[TITLE])
        (folder / f"{revision.rung}.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    papers = sorted(map(str, folder.glob("*.docx")))
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *papers], check=True, capture_output=True)
    return folder


def taken(pdf: Path, options: list[str]) -> Paper:
    """The text of a PDF, filed as it comes."""
    made = subprocess.run(
        ["pdftotext", *options, str(pdf), "-"], check=True, capture_output=True
    ).stdout
    return read(made, name=pdf.with_suffix(".txt").name)


def told(annotation: Annotation) -> list[tuple[str, str, tuple[str, ...]]]:
    """The words that are no numbers of clauses: each with its clause and its candidates."""
    words = cut(annotation.text)
    spans = [span for span in annotation if not span.struck]
    found = []
    at = 0
    for n, key in enumerate(words.keys):
        while spans[at].end <= words.bounds[n]:
            at += 1
        if key[:1].isalnum() and not is_marker(key):
            labels = tuple(revision.label for revision in spans[at].origin.candidates)
            found.append((key, spans[at].clause, labels))
    return found


@pytest.mark.parametrize("options", [[], ["-layout"]], ids=["in reading order", "as laid out"])
def test_a_paper_taken_from_a_pdf_has_the_clauses_and_origins_of_the_document(
    printed: Path, options: list[str]
) -> None:
    base = taken(printed / "0.pdf", options)
    papers = [
        (one.label, taken(printed / f"{one.rung}.pdf", options)) for one in oracle().revisions
    ]
    chain = Chain.from_papers(papers, base=base)
    for label, paper in papers:
        assert paper.title == (TITLE,)
        assert paper.ladder == (label,)
        assert told(chain.blame(label)) == told(oracle().blame(label))
