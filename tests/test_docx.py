"""Reading Word documents: what they say, in both views, and which formatting is a mark.

Beside the invented documents of `documents.py` stands, in `papers/word/`, what the reader says of
each; WRITE_SAID=1 writes those anew. Where LibreOffice is installed, it must say the same of what
is tracked.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

import office
from bargaining import Paper, PaperError, Run, read
from bargaining.word.file.numbering import shown
from bargaining.word.file.package import Package
from bargaining.word.file.readings import view
from bargaining.word.file.story import read_story
from documents import (
    BULLETS,
    DISTRICT,
    DOCUMENTS,
    FTA,
    cell,
    comment,
    commented,
    deleted,
    document,
    ins,
    p,
    r,
    row,
    table,
)
from office import Office

SAID = Path(__file__).parent / "papers" / "word"
SIGNS = {"kept": "{}", "struck": "[-{}-]", "inserted": "{{+{}+}}", "dropped": "{{+[-{}-]+}}"}


def said(paper: Paper) -> str:
    """What a reader says, as lines for a person."""
    text = "".join(SIGNS[run.kind].format(run.text) for run in paper.runs)
    lines = [f"title: {line}" for line in paper.title]
    lines += [f"ladder: {label}" for label in paper.ladder]
    lines += ["", text.replace("\t", "<tab>").replace("\v", "<break>\n"), ""]
    lines += [f"{part.kind}: {part.text}" for part in paper.parts]
    lines += [f"doubt: {doubt.kind}: {doubt.message}" for doubt in paper.doubts]
    marks = [run for run in paper.runs if run.author or run.date]
    lines += [f"mark: {run.kind} {run.author} {run.date} {run.text!r}" for run in marks]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_whole_document_says_what_is_on_file_beside_it(name: str) -> None:
    now = said(read(DOCUMENTS[name]()))
    beside = SAID / f"{name.replace(' ', '-')}.said.txt"
    if os.environ.get("WRITE_SAID"):
        beside.write_text(now, encoding="utf-8")
    assert now == beside.read_text(encoding="utf-8")


# The same as LibreOffice says

# Where LibreOffice differs from what Word is documented to do; see the list in office.py.
OTHER_LABELS = {
    ("multilevel lists", True): "isLgl, and bullets have no label",
    ("multilevel lists", False): "isLgl, and bullets have no label",
    ("joined", True): "a join keeps the first paragraph's number",
    ("tracked formatting", False): "a rejected change of numbering goes to the first level",
}


@pytest.fixture(name="libreoffice", scope="module")
def _libreoffice() -> Office:
    return office.session()


@pytest.mark.parametrize("accept", [True, False], ids=["accept", "reject"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_both_views_are_those_of_libreoffice(
    name: str, libreoffice: Office, *, accept: bool
) -> None:
    data = DOCUMENTS[name]()
    found = view(read_story(Package.open(data)), accept=accept)
    theirs = libreoffice.texts(data)
    wanted = (
        (*theirs.accepted, *theirs.accepted_notes, *theirs.accepted_boxes)
        if accept
        else (*theirs.rejected, *theirs.rejected_notes, *theirs.rejected_boxes)
    )
    bare = (name, accept) in OTHER_LABELS
    assert office.lines(found, bare=bare) == office.lines(wanted, bare=bare)


# Which formatting is a mark

LEGEND = "Proposed language is underlined; deleted language is struck through."


def read_marked(*paragraphs: str, inserted_by: Sequence[str] | None = None) -> Paper:
    return read(document(*paragraphs), inserted_by=inserted_by)


def kinds(paper: Paper) -> list[tuple[str, str]]:
    return [(run.kind, run.text) for run in paper.runs]


def doubts(paper: Paper) -> list[str]:
    return [doubt.kind for doubt in paper.doubts]


CLAUSE = p(
    r("1.0 Recess lasts "),
    r("ten", strike=True),
    r(" "),
    r("twenty", underline="single"),
    r(" minutes on "),
    r("every", bold=True),
    r(" day of the week and is supervised by an adult."),
)


def test_a_legend_says_which_formatting_means_inserted_and_is_no_clause() -> None:
    paper = read_marked(p(r(LEGEND)), CLAUSE)
    assert paper.text.startswith("1.0 Recess lasts twenty minutes on every day of the week")
    assert paper.base_text == paper.text.replace("twenty", "ten")
    assert [part.text for part in paper.parts if part.kind == "note"] == [LEGEND]
    assert doubts(paper) == ["read-as-legend"]


@pytest.mark.parametrize(
    ("legend", "formatting"),
    [
        ("New language is in bold.", {"bold": True}),
        ("Additions are double underlined.", {"underline": "double"}),
        ("District proposals: new text in red, deleted text struck.", {"colour": "FF0000"}),
        ("Inserted wording is highlighted, and deletions are struck.", {"highlight": "yellow"}),
    ],
)
def test_legends_name_every_formatting(legend: str, formatting: dict[str, object]) -> None:
    new = r("new", **formatting)  # type: ignore[arg-type]
    paper = read_marked(p(r(legend)), p(r("1.0 A "), new, r(" clause that is long enough.")))
    assert ("inserted", "new") in [(kind, text.strip()) for kind, text in kinds(paper)]


@pytest.mark.parametrize(
    "clause",
    [
        "1.0 The District shall teach every new language that is offered.",
        "5.1 New teachers shall receive a red binder with the text of this Agreement.",
        "5.2 Any changes to this text shall be in bold type.",
    ],
)
def test_a_clause_that_speaks_of_new_language_is_no_legend(clause: str) -> None:
    paper = read_marked(p(r(clause)), p(r("6.0 A red word "), r("stands", colour="FF0000")))
    assert paper.text.startswith(clause)
    assert not paper.is_marked


def test_without_a_legend_the_guess_is_said() -> None:
    paper = read_marked(CLAUSE)
    assert ("inserted", "twenty ") in kinds(paper)
    assert doubts(paper) == ["guessed-mark"]
    assert "no legend" in paper.doubts[0].message


def test_what_the_person_says_wins_over_everything() -> None:
    paper = read_marked(p(r(LEGEND)), CLAUSE, inserted_by=["bold"])
    inserted = [text.strip() for kind, text in kinds(paper) if kind == "inserted"]
    assert inserted == ["every"]


def test_formatting_that_covers_most_of_the_text_is_how_the_paper_looks() -> None:
    body = p(r("1.0 All of this is underlined by habit. ", underline="single"), r("Not this."))
    paper = read_marked(body)
    assert not paper.is_marked


def test_headings_are_formatted_as_such() -> None:
    paper = read_marked(
        p(r(LEGEND)),
        p(r("1.0 "), r("Library Hours", underline="single")),
        p(r("2.0 "), r("Staffing:", underline="single"), r(" one aide shall be on duty.")),
    )
    assert not paper.is_marked


def test_beside_tracked_changes_formatting_is_emphasis_and_a_strike_is_doubted() -> None:
    paper = read_marked(
        p(
            r("1.0 Recess "),
            ins(*FTA, r("never")),
            r(" ends "),
            r("early", underline="single"),
            r(" or late", strike=True),
            r("."),
        )
    )
    assert ("inserted", "never") in kinds(paper)
    assert paper.text == "1.0 Recess never ends early."
    assert "guessed-mark" in doubts(paper)


def test_marks_bear_the_author_and_date_of_the_document() -> None:
    paper = read_marked(p(r("1.0 A "), deleted(*DISTRICT, r("b")), ins(*FTA, r("c")), r(" d.")))
    assert paper.runs == (
        Run("kept", "1.0 A "),
        Run("struck", "b", *DISTRICT),
        Run("inserted", "c", *FTA),
        Run("kept", " d."),
    )


# Whatever else a document holds


def test_comments_are_notes() -> None:
    data = document(
        p(r("1.0 A "), commented(1, r("clause")), r(" stands.")),
        comments=comment(1, *DISTRICT, p(r("Cost?"))),
    )
    (note,) = [part.text for part in read(data).parts if part.kind == "note"]
    assert note == f"{DISTRICT[0]}, {DISTRICT[1][:10]}: Cost?"


def test_a_ladder_in_a_footer_is_the_ladder() -> None:
    paper = read(DOCUMENTS["headers and footers"]())
    assert paper.ladder
    assert paper.ladder[-1] not in paper.text


def test_a_bullet_is_one_whatever_its_picture() -> None:
    data = document(p(r("A rake."), num=(BULLETS, 0)))
    assert read(data).text == "• A rake."


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (1, "lowerLetter", "a"),
        (27, "lowerLetter", "aa"),
        (53, "upperLetter", "AAA"),
        (4, "lowerRoman", "iv"),
        (1994, "upperRoman", "MCMXCIV"),
        (0, "lowerLetter", "0"),
        (6000, "lowerRoman", "6000"),
        (3, "decimalZero", "03"),
        (112, "ordinal", "112th"),
        (22, "ordinal", "22nd"),
        (5, "none", ""),
        (5, "chicago", "5"),
    ],
)
def test_numbers_are_shown_as_word_shows_them(number: int, style: str, text: str) -> None:
    assert shown(number, style) == text


def test_a_word_document_tells_itself_whatever_its_name() -> None:
    data = document(p(r("1.0 A key.")))
    assert read(data, name="paper.md").format == read(data).format == "docx"


def test_a_document_without_clause_text_is_refused() -> None:
    with pytest.raises(PaperError, match="no clause text"):
        read(document(p(r(""))))


# What a negotiator found

SIGNS_BELOW = ["For the Association: ____ Date: ____", "For the District: ____ Date: ____"]


@pytest.mark.parametrize(
    "term",
    [
        "Effective Date: July 1, 2025",
        "Expiration date: June 30, 2027",
        "Term: July 1, 2025 to June 30, 2028",
        "District shall pay all costs",
        "Superintendent shall approve all transfers",
    ],
)
def test_a_term_above_the_signatures_is_text(term: str) -> None:
    paper = read(document(*[p(r(x)) for x in ("1.0 The parties agree.", term, *SIGNS_BELOW)]))
    assert paper.text == f"1.0 The parties agree.\n\n{term}"


def test_names_above_the_lines_to_sign_are_no_text() -> None:
    names = ["Fernhollow Teachers Association", "Fernhollow District"]
    paper = read(document(*[p(r(x)) for x in ("1.0 The parties agree.", *names, *SIGNS_BELOW)]))
    assert paper.text == "1.0 The parties agree."


def test_a_title_of_two_parties_a_date_and_an_article_is_a_title() -> None:
    title = ["FERNHOLLOW DISTRICT", "and", "FERNHOLLOW TEACHERS ASSOCIATION", "October 10, 2024"]
    title += ["ARTICLE 12 – CLASS SIZE"]
    paper = read(document(*[p(r(x)) for x in (*title, "1.0 The parties agree.")]))
    assert paper.title == tuple(title)


def test_hidden_text_is_doubted() -> None:
    paper = read_marked(p(r("1.0 We take eight. "), r("We accept nine.", vanish=True)))
    assert doubts(paper) == ["hidden-text"]


def test_underline_counts_beside_a_strike_by_hand_even_where_others_track() -> None:
    paper = read_marked(
        p(
            r("1.0 One teacher for every "),
            r("thirty", strike=True),
            r("twenty", underline="single"),
            r(" students is "),
            ins(*DISTRICT, r("never ")),
            r("assigned in the lower grades of any school."),
        )
    )
    assert paper.text.startswith("1.0 One teacher for every twenty students is never assigned")
    assert "thirty students is assigned" in (paper.base_text or "")
    assert "guessed-mark" in doubts(paper)


def test_a_new_cell_is_no_heading() -> None:
    cells = [cell(p(r(text, underline="single"))) for text in ("Four", "Nurses")]
    paper = read(document(p(r(LEGEND)), p(r("1.0 Sizes are these.")), table([row(cells)])))
    assert [run.text.strip() for run in paper.runs if run.kind == "inserted"] == ["Four\n\nNurses"]


def test_a_heading_whose_stop_is_not_formatted_is_one() -> None:
    heading = r("Class Size", bold=True, underline="single")
    paper = read_marked(p(r(LEGEND)), p(r("1.0 "), heading, r(". One teacher is enough.")))
    assert not paper.is_marked


def test_signs_that_are_not_read_are_doubted() -> None:
    legend = "Deleted language is in [brackets]; new language is in CAPITALS."
    assert doubts(read_marked(p(r(legend)), p(r("1.0 A clause stands.")))) == ["unread-mark"]
