"""Redlines as Word documents: exact both ways, whoever reads them, in whatever clothes."""

import io
import random
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import bargaining
import office
from bargaining import Chain, Paper, Redline, Run
from bargaining.views.redline import set_text
from bargaining.word.file.names import value, w
from bargaining.word.file.package import Package
from bargaining.word.file.readings import stamps, view
from bargaining.word.file.story import read_story
from bargaining.word.writer.gate import GateError, check, shown_lines
from bargaining.writers.formats import is_instead, write, write_clean
from documents import (
    CLAUSES,
    DISTRICT,
    DOCUMENTS,
    FTA,
    LETTERS,
    LETTERS_AGAIN,
    cell,
    deleted,
    document,
    footnote,
    footnote_ref,
    ins,
    note_p,
    p,
    r,
    row,
    table,
)
from office import Office
from strategies import agreements

LABELS = ("RTA Proposal 1-2-24", "District Counter 1-2-25", "RTA Counter 2-2-25")


def chain_of(*texts: str) -> Chain:
    return Chain.from_texts(list(zip(LABELS, texts, strict=False)))


def between(old: str, new: bytes) -> Redline:
    """The redline from a text to a document that was filed."""
    paper = bargaining.read(new)
    before = attrs.evolve(paper, runs=(Run("kept", old),))
    return Chain.from_papers(list(zip(LABELS, (before, paper), strict=False))).redline(1, 2)


def body(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml").decode()


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode() if name in archive.namelist() else ""


def views(data: bytes) -> tuple[str, str]:
    """All that a document holds, with its marks accepted and with its marks rejected."""
    story = read_story(Package.open(data))
    return "\n".join(view(story, accept=True)), "\n".join(view(story, accept=False))


def changed(text: str, seed: int) -> str:
    """Another text much like this one."""
    rng = random.Random(seed)  # noqa: S311 - the same changes each time
    words = text.split(" ")
    for _ in range(rng.randint(2, 9)):
        at = rng.randrange(len(words))
        kind = rng.randrange(4)
        if kind == 0 and len(words) > 4:
            del words[at : at + rng.randint(1, 5)]
        elif kind == 1:
            words[at:at] = ["shall", "not", "be"][: rng.randint(1, 3)]
        elif kind == 2:
            words[at:at] = ["paid.\n\n" + rng.choice(["b. ", "", "2.0 "]) + "Members"]
        else:
            words[at] = words[at].replace("\n\n", " ")
    return " ".join(words)


# The plain document


def test_a_small_redline_whole() -> None:
    old = "1.0 Doors open at eight.\n\na. An aide is on duty.\n\nThis ends in June."
    new = "1.0 Doors open at nine.\n\na. No one waits.\n\nb. An aide is on duty.\n\n"
    new += "This ends in June."
    data = write(chain_of(old, new).redline(1, 2), "x.docx")
    text = body(data)
    clauses = text[text.index('<w:p><w:pPr><w:pStyle w:val="Clause"/>') : text.index("<w:sectPr>")]
    plain = re.sub(r"<w:pPr>.*?</w:pPr>", lambda m: "#" if "numPr" in m[0] else "", clauses)
    by = 'w:author="District" w:date="2025-01-02T12:00:00Z"'
    assert plain == (
        "<w:p>#"
        '<w:r><w:t xml:space="preserve">Doors open at </w:t></w:r>'
        f'<w:del w:id="1" {by}><w:r><w:delText>eight</w:delText></w:r></w:del>'
        f'<w:ins w:id="2" {by}><w:r><w:t>nine</w:t></w:r></w:ins>'
        "<w:r><w:t>.</w:t></w:r></w:p>"
        f'<w:p>#<w:ins w:id="3" {by}><w:r><w:t>No one waits.</w:t></w:r></w:ins></w:p>'
        "<w:p>#<w:r><w:t>An aide is on duty.</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>This ends in June.</w:t></w:r></w:p>"
    )
    assert f'<w:rPr><w:ins w:id="4" {by}/></w:rPr>' in clauses


def test_the_page_says_what_it_is_against_and_shows_the_ladder() -> None:
    data = write(chain_of("One door.", "Two doors.").redline(1, 2), "x.docx")
    accepted, _ = views(data)
    assert "District Counter 1-2-25 against RTA Proposal 1-2-24" in accepted
    ladder = accepted.index("\nRTA Proposal 1-2-24\nDistrict Counter 1-2-25\n")
    assert ladder < accepted.index("Two")


@given(st.lists(agreements(), min_size=2, max_size=3), st.booleans(), st.booleans(), st.booleans())
def test_any_two_texts_pass_the_gate(
    texts: list[str], all_rounds: bool, flat: bool, moves: bool
) -> None:
    chain = chain_of(*texts)
    for old, new in ((1, len(texts)), (len(texts), 1)):
        redline = chain.redline(old, new, all_rounds=all_rounds)
        data = write(redline, "x.docx", flat=flat, moves=moves)
        assert data == write(redline, "x.docx", flat=flat, moves=moves)
        accepted, rejected = views(data)
        assert accepted.endswith("\n".join(shown_lines(redline.new_text)))
        assert rejected.endswith("\n".join(shown_lines(redline.old_text)))


NASTY = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("<>&\"'\v\t\u00a0\u202e\u200b\x07\ufffe"),
    min_size=1,
    max_size=12,
).filter(lambda text: any(c.isalnum() for c in text))


@given(NASTY, NASTY)
def test_hostile_text_stays_text(one: str, two: str) -> None:
    one, two = (" ".join(text.split()) for text in (one, two))
    redline = chain_of(f"Doors {one} open.", f"Doors {two} open.").redline(1, 2)
    accepted, rejected = views(write(redline, "x.docx"))
    assert accepted.endswith("\n".join(shown_lines(redline.new_text)))
    assert rejected.endswith("\n".join(shown_lines(redline.old_text)))


def test_numbers_are_those_of_lists_where_both_readings_come_out_right() -> None:
    old = "1.0 One thing.\n\na. First of it.\n\nb. Second of it.\n\n2.0 Another thing."
    new = "1.0 One thing.\n\na. New at the start.\n\nb. First of it.\n\nc. Second of it.\n\n"
    new += "2.0 Fresh matter.\n\n3.0 Another thing."
    data = write(chain_of(old, new).redline(1, 2), "x.docx")
    assert body(data).count("<w:numPr>") == 6
    assert "b. " not in body(data)


def test_a_number_that_changes_its_form_is_typed() -> None:
    data = write(chain_of("i. One thing stands.", "2.0 One thing stands.").redline(1, 2), "x.docx")
    assert "<w:delText>i.</w:delText>" in body(data)
    assert "<w:t>2.0</w:t>" in body(data)


# Who and when


def test_every_mark_bears_its_party_and_date() -> None:
    chain = chain_of("Doors open at eight.", "Doors open at nine.", "Gates open at nine.")
    data = write(chain.redline(1, 3), "x.docx")
    found = {(kind, s.author, s.date[:10]) for kind, s in stamps(read_story(Package.open(data)))}
    assert found == {
        ("struck", "District", "2025-01-02"),
        ("inserted", "District", "2025-01-02"),
        ("struck", "RTA", "2025-02-02"),
        ("inserted", "RTA", "2025-02-02"),
    }


def test_an_uncertain_mark_says_so_and_a_comment_explains() -> None:
    chain = Chain.from_texts(
        [(LABELS[0], "Doors open."), (LABELS[1], None), (LABELS[2], "Doors shut.")]
    )
    data = write(chain.redline(1, 3), "x.docx")
    assert 'w:author="District or RTA, 1-2-25 to 2-2-25"' in body(data)
    assert "because District Counter 1-2-25 is not on file" in part(data, "word/comments.xml")
    assert body(data).count("<w:commentReference") == 2


THREE = ("Doors open.", "Doors never ever open.", "Doors open.")


def test_what_came_and_went_is_a_deletion_inside_an_insertion() -> None:
    redline = chain_of(*THREE).redline(1, 3, all_rounds=True)
    nested = re.search(r"<w:ins [^>]*District[^>]*><w:del [^>]*RTA[^>]*>.*?</w:del></w:ins>",
                       body(write(redline, "x.docx")))  # fmt: skip
    assert nested is not None
    assert '<w:delText xml:space="preserve">never ever </w:delText>' in nested[0]


def test_flat_says_it_in_a_comment() -> None:
    redline = chain_of(*THREE).redline(1, 3, all_rounds=True)
    data = write(redline, "x.docx", flat=True)
    assert "<w:del " not in body(data)
    said = part(data, "word/comments.xml")
    assert (
        "“never ever”: inserted by District Counter 1-2-25, struck by RTA Counter 2-2-25." in said
    )


def test_moves_are_written_as_moves_on_request() -> None:
    sentence = "Each librarian has two days of release time."
    rest = "Windows stay shut all day long, in summer and in winter, unless the principal agrees."
    old, new = f"Doors open. {sentence}\n\n{rest}", f"Doors open.\n\n{rest} {sentence}"
    redline = chain_of(old, new).redline(1, 2)
    moved = body(write(redline, "x.docx", moves=True))
    assert re.findall(r"<w:(move\w+)", moved) == [
        *("moveFromRangeStart", "moveFrom", "moveFromRangeEnd"),
        *("moveToRangeStart", "moveTo", "moveToRangeEnd"),
    ]
    assert "<w:move" not in body(write(redline, "x.docx"))


# The gate


def test_a_document_that_reads_otherwise_does_not_pass() -> None:
    redline = chain_of("Doors open at eight.", "Doors open at nine.").redline(1, 2)
    other = chain_of("Doors open at eight.", "Doors open at ten.").redline(1, 2)
    data = write(redline, "x.docx")
    package = Package.open(data)
    texts = list(package.tree(package.main).iter(w("p")))
    beside = range(len(texts) - 1)
    check(data, beside, redline, redline)
    with pytest.raises(GateError, match="With all marks accepted, paragraph 1"):
        check(data, beside, other, other)


def test_a_mark_of_somebody_else_or_twice_one_number_does_not_pass() -> None:
    redline = chain_of("Doors open at eight.", "Doors open at nine.").redline(1, 2)
    for old, new, message in (
        ('w:author="District"', 'w:author="Mallory"', "would bear 'Mallory'"),
        ("2025-01-02T", "2025-01-03T", "2025-01-03"),
        ('w:id="2"', 'w:id="1"', "one number"),
    ):
        package = Package.open(write(redline, "x.docx"))
        text = etree.tostring(package.tree(package.main)).decode().replace(old, new)
        package.trees[package.main] = etree.fromstring(text)
        count = len(list(package.tree(package.main).iter(w("p"))))
        with pytest.raises(GateError, match=message):
            check(package.to_bytes(), range(count - 1), redline, redline)


# In its own clothes


@pytest.mark.parametrize("name", DOCUMENTS)
def test_any_document_carries_the_marks_against_any_text(name: str) -> None:
    data = DOCUMENTS[name]()
    text = bargaining.read(data).text
    for seed in range(3):
        redline = between(changed(text, seed), data)
        accepted, rejected = views(write(redline, "x.docx", original=data))
        for line in shown_lines(redline.new_text):
            assert line in accepted
        for line in shown_lines(redline.old_text):
            assert line in rejected


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_marks_of_a_document_come_out_as_they_went_in(name: str) -> None:
    data = DOCUMENTS[name]()
    paper = bargaining.read(data)
    if paper.is_marked:
        redline = Chain.from_papers([(LABELS[1], paper)]).redline(0, 1)
        again = bargaining.read(write(redline, "x.docx", original=data))
        assert set_text(again.text, exact=True) == redline.new_text
        assert set_text(again.base_text or again.text, exact=True) == redline.old_text


def test_the_document_keeps_its_clothes() -> None:
    data = document(
        p(r("Calendar"), style="Title"),
        p(r("School "), r("begins", bold=True), r(" in the fall.")),
        p(r("It ends in June."), style="Article"),
        headers={"default": p(r("Side letter"))},
    )
    redline = between("School ends in the fall.\n\nIt ends in June.", data)
    out = write(redline, "x.docx", original=data)
    for name in ("word/styles.xml", "word/numbering.xml"):
        assert part(out, name).count("<w:style ") == part(data, name).count("<w:style ")
    assert "Side letter" in "".join(part(out, n) for n in _names(out) if "header" in n)
    assert '<w:pStyle w:val="Article"/>' in body(out)
    assert re.search(r"<w:ins [^>]*><w:r><w:rPr><w:b/></w:rPr><w:t[^>]*>begins</w:t>", body(out))
    assert "against RTA Proposal 1-2-24" in part(out, "word/comments.xml")
    assert "<w:trackRevisions/>" in part(out, "word/settings.xml")


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


def test_formatting_that_was_a_mark_is_gone_and_tracked() -> None:
    data = document(
        p(r("New language is underlined; deleted language is struck.")),
        p(r("Doors open at "), r("eight", strike=True), r("nine", underline="single"), r(".")),
    )
    redline = Chain.from_papers([(LABELS[0], bargaining.read(data))]).redline(0, 1)
    out = body(write(redline, "x.docx", original=data))
    assert "<w:u " not in out
    assert "<w:strike" not in out
    assert re.search(r"<w:del [^>]*><w:r><w:delText>eight</w:delText>", out)
    assert re.search(r"<w:ins [^>]*><w:r>.*?<w:t[^>]*>nine</w:t>", out)


ROWS = [("Grade", "Size"), ("Four", "Thirty pupils at most"), ("Five", "Twenty pupils at most")]


def _table(rows: list[tuple[str, str]]) -> bytes:
    cells = [row([cell(p(r(text))) for text in texts]) for texts in rows]
    return document(p(r("Sizes are these:")), table(cells), p(r("Nothing else is meant.")))


@pytest.mark.parametrize(("old", "new", "mark"), [(ROWS[:2], ROWS, "ins"), (ROWS, ROWS[:2], "del")])
def test_rows_come_and_go_as_rows(
    old: list[tuple[str, str]], new: list[tuple[str, str]], mark: str, libreoffice: Office
) -> None:
    data = _table(new)
    redline = between(bargaining.read(_table(old)).text, data)
    out = write(redline, "x.docx", original=data)
    assert body(out).count(f"<w:trPr><w:{mark} ") == 1
    theirs = libreoffice.texts(out)
    assert theirs.accepted == libreoffice.texts(data).accepted
    assert theirs.rejected == libreoffice.texts(_table(old)).accepted


def test_a_field_that_is_new_goes_with_its_code() -> None:
    data = DOCUMENTS["fields"]()
    out = body(write(between("Section Keys is in force.", data), "x.docx", original=data))
    assert not re.search(r"</w:ins><w:r><w:fldChar w:fldCharType=\"end\"", out)


def test_a_link_is_kept_around_its_words() -> None:
    data = DOCUMENTS["hyperlink"]()
    out = body(write(between("Nothing like it.", data), "x.docx", original=data))
    assert "<w:hyperlink" in out
    assert not re.search(r"<w:ins [^>]*><w:hyperlink", out)


def test_text_of_notes_is_marked_in_the_note() -> None:
    data = document(
        p(r("Pay is monthly."), footnote_ref(2)),
        p(r("Leave is yearly.")),
        footnotes=footnote(2, note_p(r("Before any tax is taken."))),
    )
    redline = between("Pay is monthly.\n\n Before all tax is taken.\n\nLeave is yearly.", data)
    out = write(redline, "x.docx", original=data)
    assert "<w:delText>all</w:delText>" in part(out, "word/footnotes.xml")


def test_other_peoples_marks_are_settled_first() -> None:
    data = document(
        p(r("Doors "), ins(*FTA, r("never ")), deleted(*DISTRICT, r("always ")), r("open."))
    )
    out = body(write(between("Doors open.", data), "x.docx", original=data))
    assert "Fernhollow" not in out
    assert re.search(
        r'<w:ins [^>]*"District"[^>]*><w:r><w:t xml:space="preserve">never </w:t>', out
    )


# As LibreOffice reads it


@pytest.fixture(name="libreoffice", scope="module")
def _libreoffice() -> Office:
    return office.session()


def _written() -> Iterator[tuple[str, Redline, bytes | None]]:
    for name, make in DOCUMENTS.items():
        data = make()
        paper = bargaining.read(data)
        if paper.is_marked:
            yield name, Chain.from_papers([(LABELS[1], paper)]).redline(0, 1), data
        if name != "content controls":  # what is struck in one at the start of a cell stays there
            yield name, between(changed(paper.text, 0), data), data
        yield name, between(changed(paper.text, 1), data), None


# By the faults of LibreOffice that support/office.py lists: a join keeps the first number, and a
# changed place in a list comes back by halves. Both as (document, in its own clothes, accepted).
LISTED = [("split", True, True), ("tracked formatting", True, False)]


def test_libreoffice_accepts_and_rejects_to_the_same_texts(libreoffice: Office) -> None:
    wrong = []
    for name, redline, data in _written():
        out = write(redline, "x.docx", original=data)
        story = read_story(Package.open(out))
        theirs = libreoffice.texts(out)
        accepted = (*theirs.accepted, *theirs.accepted_notes, *theirs.accepted_boxes)
        rejected = (*theirs.rejected, *theirs.rejected_notes, *theirs.rejected_boxes)
        for accept, texts in ((True, accepted), (False, rejected)):
            if office.lines(texts) != office.lines(view(story, accept=accept)):
                wrong.append((name, data is not None, accept))
    assert wrong == LISTED


# Lists

FIVE = ((CLAUSES, 0), (CLAUSES, 1), (CLAUSES, 1), (CLAUSES, 0), (CLAUSES, 1))
DEEP = ((CLAUSES, 0), (CLAUSES, 1), (CLAUSES, 2), (CLAUSES, 2), (CLAUSES, 0))
SEVERAL = ((CLAUSES, 0), (LETTERS, 0), (LETTERS, 0), (CLAUSES, 0), (LETTERS_AGAIN, 0))


def listed(places: Sequence[tuple[int, int]], without: Collection[int]) -> bytes:
    words = "Bikes Carts Doors Gates Lamps Tools".split()
    items = zip(words, places, strict=False)
    return document(
        *(
            p(r(f"{word} stay here."), num=place)
            for n, (word, place) in enumerate(items)
            if n not in without
        )
    )


@pytest.mark.parametrize("places", [FIVE, DEEP, SEVERAL])
@pytest.mark.parametrize("gone", [{0}, {1}, {2}, {3}, {4}, {3, 4}, {1, 2}, {1, 4}])
@pytest.mark.parametrize("struck", [True, False])
def test_an_item_that_comes_or_goes_leaves_all_numbers_to_word(
    places: Sequence[tuple[int, int]], gone: set[int], struck: bool
) -> None:
    whole, shorter = listed(places, ()), listed(places, gone)
    old, new = (whole, shorter) if struck else (shorter, whole)
    papers = [bargaining.read(data) for data in (old, new)]
    redline = Chain.from_papers(list(zip(LABELS, papers, strict=False))).redline(1, 2)
    out = write(redline, "x.docx", original=new)
    again = bargaining.read(out)
    assert (again.base_text, again.text) == (papers[0].text, papers[1].text)
    items = body(out).split("<w:body>")[1].split("<w:p>")[1:]
    assert all("<w:numPr>" in item for item in items if "stay here" in item)
    assert not re.search(r"<w:(?:t|delText)[^>]*>[(\d]", body(out)), "a number was typed"


def noted(*, note: bool) -> bytes:
    reference = footnote_ref(1) if note else ""
    text = footnote(1, note_p(r("A school day has lessons."))) if note else ""
    return document(
        p(r("1.0 Rates rise"), reference, r(".")), p(r("2.0 Keys stay.")), footnotes=text
    )


def test_the_reference_of_a_new_note_is_marked_with_the_note() -> None:
    old, new = noted(note=False), noted(note=True)
    papers = [bargaining.read(data) for data in (old, new)]
    redline = Chain.from_papers(list(zip(LABELS, papers, strict=False))).redline(1, 2)
    out = write(redline, "x.docx", original=new)
    main = etree.fromstring(body(out).encode())
    (mark,) = (
        one for one in main.iter(w("ins")) if one.find(f".//{w('footnoteReference')}") is not None
    )
    assert value(mark, "author") == "District"
    assert "".join(main.itertext()).count("lessons") == 0
    assert bargaining.read(out).base_text == papers[0].text


# Clean copies


def test_a_clean_copy_of_a_text_reads_back_as_that_text() -> None:
    text = (
        "1.0 Doors open.\n\na. At eight, and\nnot before.\n\nb. On every day.\n\nThis ends in June."
    )
    chain = chain_of(text)
    data = write_clean(chain.revision(1), text, title=("School Doors",))
    again = bargaining.read(data)
    assert set_text(again.text, exact=True) == set_text(text, exact=False)
    assert again.title == ("School Doors",)
    assert again.ladder == (LABELS[0],)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_clean_copy_of_a_document_is_that_document_without_marks(name: str) -> None:
    data = DOCUMENTS[name]()
    paper: Paper = bargaining.read(data)
    chain = Chain.from_papers([(LABELS[1], paper)])
    clean = bargaining.read(
        write_clean(chain.revision(1), paper.text, exact=True, original=data), inserted_by=()
    )
    assert not clean.is_marked
    words = (" ".join(text.split()) for text in (clean.text, paper.text))
    assert len(set(words)) == 1


def test_ids_are_unique_over_all_parts() -> None:
    for name in ("memorandum", "comments", "three parties"):
        data = DOCUMENTS[name]()
        out = write(between(changed(bargaining.read(data).text, 2), data), "x.docx", original=data)
        package = Package.open(out)
        roots = [package.tree(n) for n in package.parts if n.endswith(".xml") and "word/" in n]
        marks = [e for root in roots for e in root.iter(w("ins"), w("del"))]
        ids = [value(mark, "id") for mark in marks]
        assert ids
        assert len(ids) == len(set(ids))


def test_lines_of_nothing_but_spaces_stay_where_they_are() -> None:
    data = document(p(r("Doors open.")), p(r(" \t ")), p(r("Gates shut.")))
    out = write(between("Doors open.\n\nGates close.", data), "x.docx", original=data)
    assert body(out).count("<w:p>") == body(data).count("<w:p>")


def test_no_comment_stands_in_a_note() -> None:
    data = document(
        p(r("Pay."), footnote_ref(2)), footnotes=footnote(2, note_p(r("On the last day.")))
    )
    paper = bargaining.read(data)
    before = attrs.evolve(paper, runs=(Run("kept", "Pay.\n\n On the first day."),))
    papers = [(LABELS[0], before), (LABELS[1], None), (LABELS[2], paper)]
    out = write(Chain.from_papers(papers).redline(1, 3), "x.docx", original=data)
    assert "<w:comment" not in part(out, "word/footnotes.xml")
    assert "District or RTA" in part(out, "word/footnotes.xml")


def test_the_legend_of_a_document_keeps_its_sample() -> None:
    legend = [
        r("Deletions are in "),
        r("strikethrough", strike=True),
        r("; additions are underlined."),
    ]
    clause = p(r("1.0 Doors open at "), r("eight", strike=True), r("nine", underline="single"))
    chain = Chain.from_papers([(LABELS[0], bargaining.read(document(p(*legend), clause)))])
    out = write_clean(
        chain.revision(1), chain.text(1), exact=True, original=document(p(*legend), clause)
    )
    assert "strikethrough" in body(out)
    assert body(out).count("<w:strike/>") == 1


# What a maintainer's mutants showed


def told(data: bytes) -> set[tuple[str, str, str, str]]:
    """Kind, author, day and text of every mark on words."""
    return {
        (kind, stamp.author, stamp.date[:10], atom.text)
        for paragraph in read_story(Package.open(data)).paragraphs
        for atom in paragraph.atoms
        for kind, stamp in (("inserted", atom.inserted), ("struck", atom.struck))
        if stamp is not None
    }


def test_each_word_is_marked_by_who_marked_it() -> None:
    chain = chain_of("Doors open at eight.", "Doors open at nine.", "Gates open at nine.")
    assert told(write(chain.redline(1, 3), "x.docx")) == {
        ("struck", "District", "2025-01-02", "eight"),
        ("inserted", "District", "2025-01-02", "nine"),
        ("struck", "RTA", "2025-02-02", "Doors"),
        ("inserted", "RTA", "2025-02-02", "Gates"),
    }


def test_a_mark_that_is_another_partys_does_not_pass() -> None:
    chain = chain_of("Doors open at eight.", "Doors open at nine.", "Gates open at nine.")
    redline = chain.redline(1, 3)
    package = Package.open(write(redline, "x.docx"))
    swapped = body(package.to_bytes())
    for old, new in (("District", "#"), ("RTA", "District"), ("#", "RTA")):
        swapped = swapped.replace(f'w:author="{old}"', f'w:author="{new}"')
    for old, new in (("2025-01-02T", "#T"), ("2025-02-02T", "2025-01-02T"), ("#T", "2025-02-02T")):
        swapped = swapped.replace(old, new)
    package.trees[package.main] = etree.fromstring(swapped.encode())
    count = len(list(package.tree(package.main).iter(w("p"))))
    with pytest.raises(GateError, match="that are another's"):
        check(package.to_bytes(), range(count - 1), redline, redline)


def test_rows_bear_their_author_and_day() -> None:
    for old, new, mark in ((ROWS[:2], ROWS, "ins"), (ROWS, ROWS[:2], "del")):
        data = _table(new)
        out = body(write(between(bargaining.read(_table(old)).text, data), "x.docx", original=data))
        (row_mark,) = re.findall(rf"<w:trPr><w:{mark} [^>]*>", out)
        assert 'w:author="District" w:date="2025-01-02T12:0' in row_mark


def test_the_ends_of_a_move_belong_together() -> None:
    sentence = "Each librarian has two days of release time."
    rest = "Windows stay shut all day long, in summer and in winter, unless the principal agrees."
    old, new = f"Doors open. {sentence}\n\n{rest}", f"Doors open.\n\n{rest} {sentence}"
    out = body(write(chain_of(old, new).redline(1, 2), "x.docx", moves=True))
    for kind in ("From", "To"):
        (start,) = re.findall(rf'<w:move{kind}RangeStart w:id="(\d+)"', out)
        (end,) = re.findall(rf'<w:move{kind}RangeEnd w:id="(\d+)"', out)
        assert start == end
    assert len(set(re.findall(r'w:name="(move\d+)"', out))) == 1
    assert re.search(r"<w:moveFrom [^>]*><w:r><w:t[ >]", out)


@pytest.mark.parametrize("name", ["memorandum", "rows", "footnotes", "hyperlink", "list items"])
def test_the_filed_document_is_what_is_written_into(name: str) -> None:
    data = DOCUMENTS[name]()
    out = write(between(changed(bargaining.read(data).text, 1), data), "x.docx", original=data)
    assert not is_instead(out)


def test_a_plain_document_says_that_it_is_one_instead() -> None:
    data = DOCUMENTS["plain paragraphs"]()
    other = document(p(r("Another paper.")))
    out = write(between("Nothing like it.", data), "x.docx", original=other)
    assert is_instead(out)
    assert (
        "A plain document: the one that was filed cannot carry these marks exactly" in views(out)[0]
    )


def test_a_party_without_a_date_among_candidates_is_said() -> None:
    chain = Chain.from_texts(
        [(LABELS[0], "Doors open."), ("District Counter", None), (LABELS[2], "Doors shut.")]
    )
    data = write(chain.redline(1, 3), "x.docx")
    assert 'w:author="District or RTA, 2-2-25 or a date not stated"' in body(data)
