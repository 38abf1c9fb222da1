"""The harness itself: LibreOffice reads the invented documents as they are meant."""

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest

import office
from documents import DISTRICT, DOCUMENTS, FTA, LETTERS, deleted, document, ins, p, r
from office import Change, Office, OfficeError


@pytest.fixture(name="libreoffice", scope="module")
def _libreoffice() -> Office:
    return office.session()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_part_is_well_formed_and_the_ids_of_changes_are_unique(name: str) -> None:
    data = DOCUMENTS[name]()
    assert data == DOCUMENTS[name]()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {each: package.read(each) for each in package.namelist()}
    roots = {each: ET.fromstring(part) for each, part in parts.items()}  # noqa: S314 (our own)
    ids = [
        value
        for root in roots.values()
        for element in root.iter()
        if element.get(f"{{{element.tag[1:].partition('}')[0]}}}author")
        and not element.tag.endswith(("}comment", "RangeStart"))
        for key, value in element.items()
        if key.endswith("}id")
    ]
    assert len(ids) == len(set(ids))
    assert not any(b'id="@' in part for part in parts.values())


ACCEPTED = {
    "whole paragraphs": (
        "A new title.",
        "Coats hang in the hall.",
        "Boots stand below.",
        "Umbrellas drip.",
        "Gloves are paired.",
        "Lost gloves are sold.",
    ),
    "list items": (
        "1.0 Recess",
        "a. Recess is daily.",
        "b. Recess is outdoors.",
        "c. Rain is an exception.",
        "2.0 Lunch",
        "a. Lunch is warm.",
        "3.0 Supper",
        "a. Supper is late.",
        "Signed below.",
    ),
    "three parties": (
        "Class size is twenty-five pupils, averaged by grade.",
        "An aide joins at thirty.",
        "Aides and tutors are paid.",
        "Rooms are counted in October.",
    ),
    "characters": (
        "Article\N{NO-BREAK SPACE}7\N{EM SPACE}Desks\N{EN SPACE}and chairs",
        "A co\N{NON-BREAKING HYPHEN}teacher has co\N{SOFT HYPHEN}operation time.",
        "Name:\tDate:\t",
        "First line\nsecond line\n\tindented",
        "\N{NO-BREAK SPACE}",
        "  two spaces  on  each side  ",
        "Before the page break",
        "after it",
        "forty\N{NO-BREAK SPACE}minutes\nor a co\N{NON-BREAKING HYPHEN}op week",
        "“Curly” ‘quotes’ – dashes — § 9 … é e\u0301 😀",
    ),
    "memorandum": (
        "FTA Proposal 9-12-24",
        "District Counter 10-10-24",
        "Memorandum of Understanding on Playground Duty",
        "1.0 Duty",
        "a. A teacher has one duty each week.",
        "b. Duty is paid.",
        "c. Duty ends with the bell. ",
        "d. The bell is rung by the office.",
        "2.0 Schedule",
        "Day",
        "Minutes",
        "Monday",
        "15",
        "Friday",
        "20",
        "This memorandum ends in June.",
        "Dated: ____",
    ),
}

REJECTED = {
    "whole paragraphs": (
        "An old title.",
        "Coats hang in the hall.",
        "Umbrellas drip.",
        "Scarves are folded.",
        "Hats are stacked.",
        "Gloves are paired.",
    ),
    "list items": (
        "1.0 Recess",
        "a. Recess is daily.",
        "b. Rain is an exception.",
        "2.0 Assembly",
        "a. Assembly is weekly.",
        "3.0 Lunch",
        "a. Lunch is cold.",
        "b. Lunch is warm.",
        "Signed below.",
    ),
    "three parties": (
        "Class size is thirty pupils.",
        "Overflow rooms are closed.",
        "Rooms are counted in October.",
    ),
    "characters": (
        *ACCEPTED["characters"][:8],
        "forty minutes\tper day\nor week",
        ACCEPTED["characters"][9],
    ),
    "memorandum": (
        *ACCEPTED["memorandum"][:4],
        "a. A teacher has two duty each week.",
        "b. Duty ends with the bell. The bell is rung by the office.",
        "2.0 Whistles",
        "a. Whistles are lent.",
        "3.0 Schedule",
        "Day",
        "Minutes",
        "Friday",
        "30",
        "Dated: ____",
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_changes_are_accepted_and_rejected(libreoffice: Office, name: str) -> None:
    texts = libreoffice.texts(DOCUMENTS[name]())
    assert texts.accepted == ACCEPTED[name]
    assert texts.rejected == REJECTED[name]


def test_tables_are_read_in_the_order_of_the_document(libreoffice: Office) -> None:
    texts = libreoffice.texts(DOCUMENTS["tables"]())
    assert texts.accepted == texts.rejected
    assert texts.accepted == (
        "Prep time by grade:",
        *("Grade", "Minutes", "Room"),
        *("Kindergarten & first", "Oak"),
        *("Second", "forty", "as posted", "(a) the aide", "(b) the lead"),
        *("fifty", "Terms:", "Fall", "two hours", "Spring", "three hours"),
        "Minutes are counted by the week.",
        "One cell",
    )


def test_notes_boxes_and_margins_are_read_apart(libreoffice: Office) -> None:
    notes = libreoffice.texts(DOCUMENTS["footnotes"]())
    assert notes.accepted == ("A stipend is paid monthly.", "A bonus is paid once.")
    assert notes.accepted_notes == (
        " Gross, before tax, as in Schedule K.",
        "Second paragraph of the note.",
        " In July.",
    )
    assert notes.rejected_notes == (
        " Gross, as in Schedule Q.",
        "Second paragraph of the note.",
        " In August.",
    )
    boxes = libreoffice.texts(DOCUMENTS["text box"]())
    assert boxes.accepted == ("Beside this stands a box.", "And nothing else.")
    assert boxes.accepted_boxes == ("TENTATIVE AGREEMENT", "Initials: A.F. here")
    assert boxes.rejected_boxes == ("TENTATIVE AGREEMENT", "Initials: pending here")
    margins = libreoffice.texts(DOCUMENTS["headers and footers"]())
    assert margins.accepted_margins == (
        "Calendar, 1-16-25",
        "FTA Proposal 9-12-24",
        "District Counter 10-10-24",
        "FTA Counter 1-16-25",
        "Page 0",
        "Side letter 12",
    )
    assert margins.rejected_margins[0] == "Calendar, 9-12-24"


def test_changes_are_listed_with_those_that_they_were_made_within(libreoffice: Office) -> None:
    fta = ("Fernhollow Teachers Association", "2024-09-12T12:00:00")
    district = ("Fernhollow District", "2024-10-10T12:00:00")
    data = document(
        p(r("Ask "), deleted(*FTA, r("once")), ins(*FTA, r("a"), deleted(*DISTRICT, r("b")))),
        p(ins(*DISTRICT, r("New.")), mark=ins(*DISTRICT), num=(LETTERS, 0)),
        p(r("End.")),
    )
    assert libreoffice.changes(data) == [
        Change("Delete", *fta, "once"),
        Change("Insert", *fta, "a"),
        Change("Delete", *district, "b"),
        Change("Insert", *fta, "b"),
        Change("Insert", *district, "New.\n"),
    ]


def test_a_comment_does_not_stop_it(libreoffice: Office) -> None:
    texts = libreoffice.texts(DOCUMENTS["comments"]())
    assert texts.accepted == ("Leave is ten school days.", "Unused leave lapses.")
    assert texts.rejected == ("Leave is ten work days.", "Unused leave lapses.")


def test_every_document_is_printed(libreoffice: Office) -> None:
    for build in DOCUMENTS.values():
        assert libreoffice.pdf(build()).startswith(b"%PDF-")


def test_what_is_no_document_is_told_and_the_office_starts_again(libreoffice: Office) -> None:
    with pytest.raises(OfficeError):
        libreoffice.texts(b"no document")
    libreoffice.close()
    assert libreoffice.texts(document(p(r("Here.")))).accepted == ("Here.",)
