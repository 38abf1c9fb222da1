"""Coloured copies: every word bears whoever proposed it, and the text is that of the revision."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import office
from bargaining import AskError, Chain, read
from bargaining.cli.demo import example
from bargaining.model import Revision
from bargaining.text.spelling import MARKER
from bargaining.text.words import Words, cut, is_tellable
from bargaining.views.redline import set_text
from bargaining.word.file.package import Package
from bargaining.word.file.readings import view
from bargaining.word.file.story import read_story, tables
from bargaining.writers.coloured import Coloured, coloured
from bargaining.writers.coloured_html import html
from bargaining.writers.columns import columns
from bargaining.writers.formats import write_coloured, write_columns
from documents import DOCUMENTS, cell, document, p, r, row, table
from shell import Run
from strategies import WORDS, related_texts

PARTIES = ("RTA", "District")


def chain_of(texts: list[str], *, base: str | None = None) -> Chain:
    rungs = [(f"{PARTIES[n % 2]} Counter {n + 1}-5-25", text) for n, text in enumerate(texts)]
    return Chain.from_texts(rungs, base=base)


def the_example() -> Chain:
    found = {name[0]: read(data, name=name) for name, data in sorted(example().items())}
    papers = [(f"{PARTIES[n % 2]} Counter {n}-5-25", found.get(str(n))) for n in range(1, 9)]
    return Chain.from_papers(papers, base=found["0"], name="Library Hours")


Told = tuple[str, tuple[int, ...] | None]
_NUMBER = re.compile(rf"(?:{MARKER}|•)")


def by_word(parts: Iterator[tuple[str, tuple[int, ...] | None]]) -> list[Told]:
    """Each word that starts with a letter, and the candidates of the part that it starts in."""
    text, ends, named = "", [], []
    for part, candidates in parts:
        text += part
        ends.append(len(text))
        named.append(candidates)
    words: Words = cut(f"{text}\n")
    found = []
    for n, key in enumerate(words.keys):
        start = words.ends[n] - len(text[words.bounds[n] : words.ends[n]].lstrip())
        if key[:1].isalpha() and words.bounds[n] < len(text):
            at = next(m for m, end in enumerate(ends) if start < end)
            found.append((key, named[at]))
    return found


def told(copy: Coloured) -> list[Told]:
    every = ((one.text, one.origin) for one in copy.stretches if not one.struck)
    return by_word((t, tuple(c.rung for c in o.candidates) if o else None) for t, o in every)


def blamed(chain: Chain, which: int) -> list[Told]:
    return by_word((s.text, tuple(c.rung for c in s.origin.candidates)) for s in chain.blame(which))


@given(related_texts(WORDS), st.data())
def test_every_word_bears_the_candidates_that_blame_names(
    texts: list[str], data: st.DataObject
) -> None:
    base, *texts = texts
    chain = chain_of(texts or [base], base=base)
    which = data.draw(st.integers(0, len(chain)))
    struck = data.draw(st.booleans())
    copy = coloured(chain, which, struck=struck)
    assert copy.text == set_text(chain.text(which), exact=False)
    pairs = zip(told(copy), blamed(chain, which), strict=True)
    assert all(one == other or one[1] is None for one, other in pairs)
    assert struck or not any(one.struck for one in copy.stretches)


@given(related_texts(WORDS), st.data())
def test_what_is_agreed_stands_in_both_and_what_is_changed_does_not(
    texts: list[str], data: st.DataObject
) -> None:
    base, *texts = texts
    chain = chain_of(texts or [base], base=base)
    which = data.draw(st.integers(1, len(chain)))
    copy = coloured(chain, which)
    before = cut(chain.text(which - 1)).keys
    for one in copy.stretches:
        assert not (one.agreed and one.changed and one.origin is None)
        if one.agreed:  # the paper before it is the last of the other side
            assert set(filter(is_tellable, cut(one.text).keys)) <= set(before)
            assert not one.is_plain


@given(related_texts([*WORDS, "<b>", "&", "\u202e", "\x07", "</script>", "“"]), st.booleans())
def test_a_page_gives_the_text_and_is_well_formed(texts: list[str], struck: bool) -> None:
    chain = chain_of(texts)
    page = html(coloured(chain, len(chain), struck=struck))
    assert ET.fromstring(page) is not None  # noqa: S314 - our own page
    assert "<script" not in page
    assert "\u202e" not in page


def test_a_page_says_what_it_is_and_names_every_sign() -> None:
    chain = the_example()
    copy = coloured(chain, 8, struck=True)
    page = html(copy)
    assert copy.summary() in page
    assert page.count("default-src 'none'") == 1
    signs = set(re.findall(r'data-by="([^"]+)"', page))
    assert {"D1", "D1✓", "R8"} <= signs
    for sign in signs:
        for part in re.findall(r"[A-Z]\d+", sign):
            assert f'class="rung">{part}<' in page
    assert page.count("<del") == sum(one.struck for one in copy.stretches)
    assert len(copy.notes) == page.count("<li><bdi>", page.index("Not certain"))


def test_the_summary_counts_every_word_once() -> None:
    copy = coloured(the_example(), 8)
    figures = [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", copy.summary())]
    every, *parts, _ = figures
    assert every == sum(parts)
    assert copy.summary() == coloured(the_example(), 8, struck=True).summary()


def paragraphs(data: bytes) -> tuple[str, ...]:
    story = read_story(Package.open(data))
    assert view(story, accept=True) == view(story, accept=False)
    return view(story, accept=True)


def plain(copy: Coloured) -> list[str]:
    """The paragraphs of the text, without what is said of them."""
    return [line for line in copy.text.split("\n") if line.strip()]


def without_signs(line: str, copy: Coloured) -> str:
    signs = sorted({copy.sign(one) for one in copy.stretches} - {""}, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, signs)) or "(?!)", "", line)


@pytest.mark.parametrize("which", [0, 1, 2, 4, 5, 7, 8])
def test_a_plain_document_holds_the_text_with_its_signs(which: int) -> None:
    chain = the_example()
    copy = coloured(chain, which)
    found = [
        without_signs(line, copy) for line in paragraphs(write_coloured(chain, which, "x.docx"))
    ]
    assert found[-len(plain(copy)) - len(copy.notes) :][: len(plain(copy))] == plain(copy)


BEFORE = ("The library opens at eight.", "It closes at five.", "Keys hang by the door.")
AFTER = ("The library opens at nine each day.", "It closes at five.", "Keys lie in a box.")


def in_word(lines: tuple[str, ...]) -> bytes:
    held = table([row([cell(p(r(lines[1]))), cell(p(r(lines[2])))])])
    return document(p(r("Rooms")), p(r(lines[0])), held)


def test_a_word_document_keeps_its_own_clothes() -> None:
    data = [in_word(BEFORE), in_word(AFTER)]
    papers = [read(one, name="x.docx") for one in data]
    labels = ("RTA Proposal 1-5-25", "District Counter 2-5-25")
    chain = Chain.from_papers(list(zip(labels, papers, strict=True)))
    out = write_coloured(chain, 2, "x.docx", original=data[1])
    xml = Package.open(out).parts["word/document.xml"].decode()
    assert xml.count("<w:tbl>") == 1
    assert not re.search(r"<w:(?:ins|del)\b", xml)
    assert any(line.startswith("Keys lie in a boxD2") for line in paragraphs(out))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_any_document_is_coloured_or_refused(name: str) -> None:
    data = DOCUMENTS[name]()
    paper = read(data, name="x.docx")
    if not paper.text.strip():
        return
    old = read(b"1.0 Doors open.\n\n2.0 Keys hang by the door.\n", name="a.md")
    chain = Chain.from_papers([("RTA Proposal 1-5-25", old), ("District Counter 2-5-25", paper)])
    for struck in (False, True):
        copy = coloured(chain, 2, struck=struck)
        shown = paragraphs(write_coloured(chain, 2, "x.docx", struck=struck, original=data))
        found = iter(without_signs(line, copy) for line in shown)
        if not struck:
            assert all(line in found for line in plain(copy))


def test_libreoffice_shows_the_same() -> None:
    chain = the_example()
    data = write_coloured(chain, 8, "x.docx", struck=True)
    texts = office.session().texts(data)
    shown = " ".join(texts.accepted)
    assert "two (2) daysD1✓" in shown
    assert "one (1) weekbase" in shown


def test_the_command_line_writes_both(run: Run) -> None:
    run("demo", "--save", "demo.db")
    for name in ("who.docx", "who.html"):
        done = run("blame", "--record", "demo.db", "-o", name)
        assert (done.code, done.out) == (0, "")
        assert done.err == f"Wrote {name}: It shows parties, labels and dates.\n"
        assert run("blame", "--record", "demo.db", "-o", name).code == 3
        assert run("blame", "--record", "demo.db", "--struck", "--force", "-o", name).code == 0
    said = run("blame", "--record", "demo.db", "--json", "-o", "json.html")
    assert json.loads(said.out)["reveals"]["shows"] == ["parties", "labels", "dates"]
    assert run("blame", "--record", "demo.db", "-o", "who.pdf").code == 3
    assert run("blame", "--record", "demo.db", "-o", "x.html", "--clause", "1.0").code == 2


def test_other_endings_are_refused() -> None:
    with pytest.raises(AskError, match="not written as"):
        write_coloured(the_example(), 8, "x.txt")


def test_a_revision_of_one_paper_has_nobody_to_agree_with() -> None:
    copy = coloured(chain_of(["1.0 Keys hang."]), 1)
    assert (copy.since, copy.other) == (None, None)
    assert not any(one.agreed or one.changed for one in copy.stretches)
    assert isinstance(copy.revision, Revision)


# Columns.


@given(related_texts(WORDS), st.data())
def test_every_column_holds_the_text_of_its_paper(texts: list[str], data: st.DataObject) -> None:
    chain = chain_of(texts)
    chosen = data.draw(st.lists(st.integers(1, len(chain)), min_size=2, max_size=4))
    table = columns(chain, ",".join(map(str, chosen)))
    for n, which in enumerate(chosen):
        held = "".join(words.text for _, cells in table.rows for words in cells[n])
        words = sorted(held.split())
        assert words == sorted(set_text(chain.text(which), exact=False).split())
    assert len({address for address, _ in table.rows}) == len(table.rows)
    assert not any(words.changed for _, cells in table.rows for words in cells[0])


def test_what_both_sides_say_is_agreed_and_all_else_is_open() -> None:
    base = "1.0 Keys hang.\n\n2.0 Doors open at eight.\n\n3.0 Bells ring.\n\n4.0 Lamps burn.\n"
    ours = base.replace("hang", "lie").replace("eight", "nine").replace("4.0 Lamps burn.\n", "")
    theirs = ours.replace("nine", "ten") + "\n5.0 Cups are washed.\n"
    table = columns(chain_of([ours, theirs], base=base), "sides")
    assert [revision.label for revision in table.revisions] == [
        "base", "RTA Counter 1-5-25", "District Counter 2-5-25",
    ]  # fmt: skip
    assert dict(zip([a for a, _ in table.rows], table.agreed, strict=True)) == {
        "1.0": True, "2.0": False, "3.0": True, "4.0": None, "5.0": False,
    }  # fmt: skip
    assert table.summary().startswith("2 of 4 clauses are alike in RTA Counter 1-5-25 and District")


def test_the_order_of_the_rows_is_that_of_the_papers() -> None:
    first = "1.0 A.\n\n2.0 B.\n\n4.0 D.\n"
    then = "1.0 A.\n\n3.0 C.\n\n4.0 D.\n\n5.0 E.\n"
    table = columns(chain_of([first, then]), "1,2")
    assert [address for address, _ in table.rows] == ["1.0", "3.0", "2.0", "4.0", "5.0"]


@pytest.mark.parametrize("asked", ["sides", "base,4,8", "1, 8"])
def test_a_table_is_written_as_a_page_and_as_a_document(asked: str) -> None:
    chain = the_example()
    page = write_columns(chain, asked, "x.html").decode()
    assert ET.fromstring(page) is not None  # noqa: S314 - our own page
    assert columns(chain, asked).summary() in page
    data = write_columns(chain, asked, "x.docx")
    (rows,) = tables(read_story(Package.open(data)))
    assert rows[0][0] == "Clause"
    assert len(rows) == len(columns(chain, asked).rows) + 1


def test_a_hostile_paper_stays_a_text_in_a_table() -> None:
    texts = ["1.0 <script>x</script> & \u202e\x07 “a”.", "1.0 ]]> <ins> \x00 b."]
    page = write_columns(chain_of(texts), "1,2", "x.html").decode()
    assert "<script" not in page
    assert "\u202e" not in page
    assert write_columns(chain_of(texts), "1,2", "x.docx")


@pytest.mark.parametrize("asked", ["8", "", ","])
def test_one_column_is_no_table(asked: str) -> None:
    with pytest.raises(AskError, match="two revisions"):
        columns(the_example(), asked)
    with pytest.raises(AskError, match="two sides"):
        columns(chain_of(["1.0 Keys."]), "sides")


def test_the_command_line_writes_a_table(run: Run) -> None:
    run("demo", "--save", "demo.db")
    for name in ("table.docx", "table.html"):
        done = run("blame", "--record", "demo.db", "--columns", "sides", "-o", name)
        assert (done.code, done.out) == (0, "")
    assert run("blame", "--record", "demo.db", "--columns", "sides").code == 2
    assert run("blame", "8", "--record", "demo.db", "--columns", "sides", "-o", "x.html").code == 2


def test_nothing_is_agreed_with_what_is_not_on_file() -> None:
    texts = [("RTA Proposal 1-5-25", "1.0 Two keys."), ("District Counter 2-5-25", "1.0 Two keys.")]
    for later, agreed in (
        ([], True),
        ([("RTA Verbal Counter 3-5-25", None)], False),
        ([("District Supposal 3-5-25", None)], True),
    ):
        chain = Chain.from_texts([*texts, *later], base="1.0 One key.", name="Keys")
        table = columns(chain, "sides")
        assert (table.agreed == (True,)) is agreed
        assert ("nothing is said to be agreed" in table.summary()) is not agreed
    late = [*texts[:1], ("RTA Counter 1-9-25", None), ("District Counter 2-5-25", "1.0 Two keys.")]
    for rungs, framed in ((texts, True), (late, False)):
        copy = coloured(Chain.from_texts(rungs, base="1.0 One key.", name="Keys"), len(rungs))
        assert any(one.agreed for one in copy.stretches) is framed
    names = [("Management Proposal 1-5-25", "1.0 Two keys."), texts[1]]
    copy = coloured(Chain.from_texts(names, base="1.0 One key.", name="Keys"), 2)
    assert not any(one.agreed for one in copy.stretches)
