"""Labels. All unions, employers and labels in here are invented."""

import datetime as dt
import re
import time

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.labels import (
    KINDS,
    Label,
    day_order,
    is_before,
    is_rung,
    read_dates,
    read_label,
    same_rung_key,
)

# Each label stands beside what a careful person takes from it; what is not named is not stated.
READ = (
    # Party, kind, date.
    Label("RVTA Proposal 3-4-25", party="RVTA", kind="proposal", dates=("2025-03-04",)),
    Label("District Counter 5-20-25", party="District", kind="counter", dates=("2025-05-20",)),
    Label("union counter 5/20/2025", party="union", kind="counter", dates=("2025-05-20",)),
    Label("3-4-25 RVTA Proposal", party="RVTA", kind="proposal", dates=("2025-03-04",)),
    Label(
        "RVTA Proposal dated March 4th, 2025",
        party="RVTA",
        kind="proposal",
        dates=("2025-03-04",),
    ),
    Label("RVTA Proposal 2-30-25", party="RVTA", kind="proposal"),
    Label(
        "RVTA Proposal 04.03.25",
        party="RVTA",
        kind="proposal",
        dates=("2025-04-03", "2025-03-04"),
    ),
    Label("RVTA Proposal 3-4-25, 3-6-25", party="RVTA", kind="proposal"),
    Label("RVTA Proposal (posted 3-6-25)", party="RVTA", kind="proposal"),
    Label("3-4-25", dates=("2025-03-04",)),
    # Parties of all forms.
    Label("R-VUSD Counter #2", party="R-VUSD", kind="counter", number="2"),
    Label("RVSE U3 Sunshine Proposal", party="RVSE U3", kind="sunshine proposal"),
    Label("Joint Committee Counter #2", party="Joint Committee", kind="counter", number="2"),
    Label("Riverbend District Proposal", party="Riverbend District", kind="proposal"),
    Label("New Harbor District Proposal", party="New Harbor District", kind="proposal"),
    Label("City of New Harbor Proposal", party="City of New Harbor", kind="proposal"),
    Label("RVTA / HGU Joint Proposal", party="RVTA / HGU", kind="proposal", state="joint"),
    Label("Joint Committee Proposal", party="Joint Committee", kind="proposal"),
    Label("Off-the-Record RVTA Proposal", party="RVTA", kind="proposal", state="off the record"),
    Label("RVTA Off the Record Counter", party="RVTA", kind="counter", state="off the record"),
    Label("RVTA Counter (off the record)", party="RVTA", kind="counter", state="off the record"),
    Label(
        "RVTA Counter 5-20-25 Joint Committees", party="RVTA", kind="counter", dates=("2025-05-20",)
    ),
    Label(
        "RVTA Proposal 5-20-25 Hold Harmless", party="RVTA", kind="proposal", dates=("2025-05-20",)
    ),
    Label("RVTA Counter HOLD", party="RVTA", kind="counter", state="held"),
    Label("RVTA Hypothetical", party="RVTA", kind="supposal"),
    Label("Fact-finder’s Recommendation", kind="fact-finder's recommendation"),
    Label("Factfinding Panel Report", kind="fact-finder's recommendation"),
    Label("Final Print", kind="final print"),
    Label("HGU Local #77 Proposal #3", party="HGU Local #77", kind="proposal", number="3"),
    Label("Grad Union (HGU) Proposal #3", party="Grad Union (HGU)", kind="proposal", number="3"),
    Label("Riverbend’s Revised Proposal", party="Riverbend", kind="proposal"),
    Label("Counter by Riverbend", party="Riverbend", kind="counter"),
    Label("Counter on behalf of the RVTA", party="RVTA", kind="counter"),
    Label("HGU response", party="HGU", kind="counter"),
    Label("District: Counter 5-20-25", party="District", kind="counter", dates=("2025-05-20",)),
    # Numbers.
    Label("RVTA Proposal #4 Counter", party="RVTA", kind="counter", number="4"),
    Label("RVTA #4B Counter", party="RVTA", kind="counter", number="4B"),
    Label("RVTA #4", party="RVTA", number="4"),
    Label("RVTA Counter No. 2", party="RVTA", kind="counter", number="2"),
    Label(
        "RVTA Counter 2 May 20, 2025",
        party="RVTA",
        kind="counter",
        number="2",
        dates=("2025-05-20",),
    ),
    Label("RVTA Counter 20 May 2025", party="RVTA", kind="counter", dates=("2025-05-20",)),
    Label("package proposal (#6)", kind="package", number="6"),
    Label("RVTA Proposal #4 and #5", party="RVTA", kind="proposal"),
    Label("RVTA Second Counter", party="RVTA", kind="counter"),
    # Subjects: set off before or after the event, or named in it.
    Label(
        "RVTA Proposal #1: Bell Schedules 2023 Pilot",
        party="RVTA",
        kind="proposal",
        number="1",
        subject="Bell Schedules 2023 Pilot",
    ),
    Label(
        "District Proposal – Changes to Articles II, IV, and Appendix B",
        party="District",
        kind="proposal",
        subject="Changes to Articles II, IV, and Appendix B",
    ),
    Label(
        "Laundry | HGU Counter | 9-10-24",
        party="HGU",
        kind="counter",
        dates=("2024-09-10",),
        subject="Laundry",
    ),
    Label(
        "Article 9: Lockers (Counter #3)", kind="counter", number="3", subject="Article 9: Lockers"
    ),
    Label("Opening Proposal for a New Handbook", kind="proposal", subject="New Handbook"),
    Label(
        "RVTA Proposal: Bus Duty 3-4-25",
        party="RVTA",
        kind="proposal",
        dates=("2025-03-04",),
        subject="Bus Duty",
    ),
    Label(
        "RVTA Proposal: Extend MOU of 7-1-24",
        party="RVTA",
        kind="proposal",
        subject="Extend MOU of 7-1-24",
    ),
    Label("RVTA Wages Proposal", party="RVTA", kind="proposal", subject="Wages"),
    Label("RVTA Article 9 Proposal", party="RVTA", kind="proposal", subject="Article 9"),
    Label("Class Size Proposal", kind="proposal", subject="Class Size"),
    Label("Management Rights Proposal", kind="proposal"),  # a party and a topic, or one topic?
    Label("Lakeside Counter 3-4-25", kind="counter", dates=("2025-03-04",)),
    Label("Lakeside Proposal", kind="proposal"),  # a town that speaks, or a site spoken of?
    Label("LUX | Counter | 5-20-25", kind="counter", dates=("2025-05-20",)),
    # Kinds other than proposal and counter.
    Label(
        "Uniform Shoes | Mediation proposal exchanged | 3-4-25",
        kind="mediator's proposal",
        dates=("2025-03-04",),
        subject="Uniform Shoes",
    ),
    Label("Last, Best & Final Offer", kind="last, best and final offer"),
    Label("HGU LBFO", party="HGU", kind="last, best and final offer"),
    Label("second supplemental package", kind="package"),
    Label("Existing contract language", kind="base"),
    # Medium and state.
    Label("RVTA Oral Counter", party="RVTA", kind="counter", medium="verbal"),
    Label("written “supposal”", kind="supposal", medium="written"),
    Label("package “supposal” (non-binding)", kind="supposal", state="non-binding"),
    Label("HGU Counter #2 – Withdrawn", party="HGU", kind="counter", number="2", state="withdrawn"),
    Label("HGU Counter held in abeyance", party="HGU", kind="counter", state="held"),
    Label("HGU Counter on hold", party="HGU", kind="counter", state="held"),
    Label("Article 9: Lockers – Signed", state="signed", subject="Article 9: Lockers"),
    Label(
        "NEW – RVTA Proposal #4C Counter – TA",
        party="RVTA",
        kind="tentative agreement",
        number="4C",
        state="tentative agreement",
    ),
    Label(
        "Article 9 (Lockers)- TAed NEW ARTICLE",
        kind="tentative agreement",
        state="tentative agreement",
        subject="Article 9 (Lockers)",
    ),
    # A teaching assistant is no tentative agreement.
    Label("TA Workload Proposal", kind="proposal", subject="TA Workload"),
    # Other papers named in the label: their party, number and date are theirs.
    Label(
        "R-VUSD Counter Proposal to RVTA Wages Proposals #2 and #5",
        party="R-VUSD",
        kind="counter",
        subject="Wages",
        answers=("RVTA #2", "RVTA #5"),
    ),
    Label(
        "Response to RVTA Proposal 3-4-25",
        kind="counter",
        answers=("RVTA Proposal 3-4-25",),
    ),
    Label("RVTA Counter to District 3-4-25", party="RVTA", kind="counter", dates=("2025-03-04",)),
    Label(
        "HGU’s 3/4/24 Article 9 against HGU’s 2/1/24",
        party="HGU",
        dates=("2024-03-04",),
        subject="Article 9",
        against="HGU’s 2/1/24",
    ),
    # Contradictions leave the field unstated.
    Label("RVTA Proposal | District Counter | 5-20-25", kind="counter", dates=("2025-05-20",)),
    # Words that are not understood, where they cannot change what is.
    Label("RVTA Proposal 3-4-25 clean copy", party="RVTA", kind="proposal", dates=("2025-03-04",)),
    Label("RVTA Proposal to Mend the Roof", party="RVTA", kind="proposal"),
)


def spelt(text: str, party: str | None = "RVTA", kind: str = "counter", **said: str) -> Label:
    """A label of May 20, 2025."""
    return Label(text, party=party, kind=kind, dates=("2025-05-20",), **said)  # type: ignore[arg-type]


# One exchange in the spellings that people use.
SPELT = (
    *(
        spelt(f"RVTA Counter {day}")
        for day in (
            "May 20th, 2025",
            "20 May 2025",
            "20th May, 2025",
            "20-May-25",
            "20-May-2025",
            "May 20 2025",
            "Tuesday, May 20, 2025",
            "Tue. 5/20/25",
            "5/20/2025",
            "5–20–25",
            "5 - 20 - 25",
            "(5-20-25)",
            "– 5-20-25",
            "| 5-20-25",
            "dated 5-20-25",
            "5.20.25",
            "2025-05-20",
            "5-20-25 FINAL",
            "5-20-25 (Final)",
            "v2 5-20-25",
            "rev. 2 5-20-25",
            "5-20-25 v2",
            "5-20-25 (rev 2)",
            "5-20-25 (2)",
            "5-20-25, version 2",
            "5-20-25 4:15",
        )
    ),
    *(
        spelt(f"RVTA Counter {day}", time=time)
        for day, time in (
            ("5/20/2025 3:30 p.m.", "15:30"),
            ("5/20/25 3:30pm", "15:30"),
            ("5/20/25, 3:30 PM PDT", "15:30"),
            ("5/20/25 at 4 pm", "16:00"),
            ("5/20/25 (12:05 am)", "00:05"),
            ("5/20/25 12:05 pm", "12:05"),
            ("2025-05-20T15:30", "15:30"),
            ("2025-05-20 09:05", "09:05"),
            ("Tue, 20 May 2025 16:05:12 -0700", "16:05"),
            ("5-20-25 AM", "AM"),
            ("5-20-25 (PM)", "PM"),
            ("(AM) 5-20-25", "AM"),
            ("5-20-25 p.m.", "PM"),
            ("5-20-25 afternoon", "PM"),
        )
    ),
    *(
        spelt(f"RVTA {kind} 5-20-25")
        for kind in (
            "Counter-Proposal",
            "Counterproposal",
            "COUNTER PROPOSAL",
            "Response",
            "Counteroffer",
            "Counter-offer",
        )
    ),
    *(spelt(f"{party} Counter 5-20-25") for party in ("[RVTA]", "(RVTA)", "RVTA's", "RVTA’s")),
    spelt("RVTA Counter (verbal) 5-20-25", medium="verbal"),
    spelt("RVTA Counter 5-20-25 Withdrawn", state="withdrawn"),
    spelt("RVTA LBFO 5-20-25", kind="last, best and final offer"),
    spelt("RVTA Last Best Final Offer 5-20-25", kind="last, best and final offer"),
    spelt("RVTA What-if 5-20-25", kind="supposal"),
    spelt("RVTA Package Proposal 5-20-25", kind="package"),
    spelt("RVTA Sunshined 5-20-25", kind="sunshine proposal"),
    spelt("RVTA Sunshined Proposal 5-20-25", kind="sunshine proposal"),
    *(
        spelt(f"RVTA {kind} 5-20-25", kind="tentative agreement", state="tentative agreement")
        for kind in ("TA", "T/A", "TA'd", "TA’d", "TAed")
    ),
    spelt("DISTRICT COUNTER 5-20-25", party="DISTRICT"),
    spelt("DISTRICT'S COUNTER 5-20-25", party="DISTRICT"),
    spelt("2025-05-20 District Counter", party="District"),
    spelt("5/20/25 3:30 pm District Counter", party="District", time="15:30"),
    spelt("MEDIATOR’S PROPOSAL May 20, 2025", party=None, kind="mediator's proposal"),
    spelt("Mediator's Settlement Proposal 5-20-25", party=None, kind="mediator's proposal"),
    # Words in capitals are no party, and neither is a month a day.
    spelt("CLASS SIZE PROPOSAL 5-20-25", party=None, kind="proposal", subject="CLASS SIZE"),
    Label("RVTA Counter June 2025", party="RVTA", kind="counter"),
)

# Not the label of one paper, or not certainly: nothing is read.
NOT_READ = (
    "",
    "TA Log 5.20.26",
    "TA Tracker 5.20.26",
    "RVTA / R-VUSD Joint Statement on Mediator's Proposal 5/20/18",
    "RVTA Bargaining Update: District Counter 5-20-25",
    "tentative-tentative agreement",
    "tentative agreements",
    "Proposed Tentative Agreement",
    "RVTA Proposals 3-4-25",
    "RVTA Proposal Summary 3-4-25",
    "RVTA Proposal Costing 3-4-25",
    "Questions on District Proposal 3-4-25",
    "Response to questions 3-4-25",
    "Emergency Response 3-4-25",
    "NOT TA'd",
    "current contract expiration",
    "RVTA Proposal 3-4-25 District Counter 5-20-25",
    "The District Counter 5-20-25 is hereby withdrawn.",
    "Date 5-20-25",
    "Date: 5-20-25",
    "Session #4",
    "Lockers",
)

RUNGS = (
    "RVTA Proposal 3-4-25",
    "RVTA Verbal Counter 11-12-25",
    "  District  Counter  5/20/2025 ",
    "• District Counter #2",
    "R-VUSD Counter Proposal #1A: Bell Schedules",
    "RVTA Proposal #1 – Bell Schedules",
    "Laundry | Counter by HGU | 9-10-24",
    "RVTA Counter 04.03.25",
    "RVTA Counter 2-30-25",  # impossible, and yet a rung
    "District Counter 5-20-25 – Withdrawn",
)

NO_RUNGS = (
    "",
    "RVTA",
    "RVTA Proposal",
    "Proposal 3-4-25",
    "RVTA #4",
    "Date 5-20-25",
    "1.0 The District shall provide lockers.",
    "The District Counter 5-20-25 is hereby withdrawn.",
    "Union Proposal #3: The District shall provide lockers",
    "See Union Proposal #3",
    "Union Proposal #3.",
    "RVTA Proposal 3-4-25 Page 2 of 5",
    "RVTA Wages Proposal 3-4-25",
    "RVTA Proposal 3-4-25, 3-6-25",
    "RVTA Proposal 3-4-25\nDistrict Counter 5-20-25",
    "Current contract language",
    "RVTA current contract language 3-4-25",
    "RVTA Proposal 3-4-25 against RVTA Proposal 2-1-25",
    "RVTA Proposal 3-4-25: " + "Lockers " * 12,
)

DATES = (
    ("3-4-25", "2025-03-04"),
    ("11-12-25", "2025-11-12"),
    ("3/4/25", "2025-03-04"),
    ("3/4/2025", "2025-03-04"),
    ("3–4–25", "2025-03-04"),
    ("20-5-25", "2025-05-20"),
    ("2025-03-04", "2025-03-04"),
    ("2025/3/4", "2025-03-04"),
    ("3.4.25", "2025-03-04|2025-04-03"),
    ("10.07.25", "2025-10-07|2025-07-10"),
    ("5.5.25", "2025-05-05"),
    ("5.20.26", "2026-05-20"),
    ("20.5.26", "2026-05-20"),
    ("May 20, 2025", "2025-05-20"),
    ("MAY 20TH 2025", "2025-05-20"),
    ("Sept. 3, 2025", "2025-09-03"),
    ("20 May 2025", "2025-05-20"),
    ("20th of May, 2025", "2025-05-20"),
    ("20-May-2025", "2025-05-20"),
    ("May  20,\n2025", "2025-05-20"),
    ("from 3-4-25 to 5/20/25", "2025-03-04|2025-05-20"),
    ("3-4-25 and 3/4/2025", "2025-03-04"),
    ("(3-4-25).", "2025-03-04"),
    ("2-29-24", "2024-02-29"),
    ("2-29-25", ""),
    ("2-30-25", ""),
    ("13-45-25", ""),
    ("0-0-25", ""),
    ("1/1/0000", ""),
    ("May 32, 2025", ""),
    ("2025", ""),
    ("2024-25", ""),
    ("3-4", ""),
    ("3-4/25", ""),
    ("1-3-4-25", ""),
    ("3-4-25-6", ""),
    ("Section 4.2.10", ""),
    ("Art. 4.2.10", ""),
    ("§ 4.2.10", ""),
    ("room 13-4-250", ""),
    ("may 20 people", ""),
)


@pytest.mark.parametrize("expected", [*READ, *SPELT], ids=lambda label: label.text)
def test_a_label_says_this_and_no_more(expected: Label) -> None:
    assert read_label(expected.text) == expected


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_not_understood_stays_unstated(text: str) -> None:
    assert read_label(text) == Label(text)


def test_every_kind_that_is_read_is_a_known_kind_and_every_known_kind_is_read() -> None:
    assert {label.kind for label in READ if label.kind} == set(KINDS)


def test_the_text_is_kept_as_written() -> None:
    assert read_label("  RVTA   “Proposal”\t") == Label(
        "RVTA   “Proposal”", party="RVTA", kind="proposal"
    )


def test_a_long_text_is_no_label() -> None:
    text = "RVTA Proposal 3-4-25: " + "Lockers " * 80
    assert read_label(text) == Label(text.strip())


def test_the_date_is_the_one_date() -> None:
    assert read_label("RVTA Counter 3-4-25").date == "2025-03-04"
    assert read_label("RVTA Counter 3.4.25").date is None
    assert read_label("RVTA Counter").date is None


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text: str, expected: str) -> None:
    assert read_dates(text) == tuple(expected.split("|") if expected else ())


@pytest.mark.parametrize("line", RUNGS)
def test_a_rung(line: str) -> None:
    assert is_rung(line)


@pytest.mark.parametrize("line", [label.text for label in SPELT if label.party and label.dates])
def test_a_rung_in_every_spelling(line: str) -> None:
    assert is_rung(line)


@pytest.mark.parametrize("line", NO_RUNGS)
def test_no_rung(line: str) -> None:
    assert not is_rung(line)


def key(text: str) -> tuple[object, ...]:
    label = read_label(text)
    return same_rung_key(label, label.party)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RVTA Counter 6-17-25", "RVTA  Counter 6/17/2025"),
        (
            "RVTA Counter 6-17-25",
            "RVTA written counter-proposal June 17, 2025",
        ),
        ("RVTA Proposal 6-17-25", "RVTA Initial Proposal 6-17-25: Lockers"),
        ("RVTA Proposal #1a", "RVTA Proposal #1A"),
        ("RVTA 2nd Counter", "RVTA Second Counter"),
        ("RVTA Counter 6-17-25 2:15 pm", "RVTA Counter 6/17/25 at 14:15"),
        ("RVTA Counter 6-17-25 v2", "RVTA Counter (rev. 2) 6-17-25"),
        ("[RVTA] Counter 6-17-25 FINAL", "RVTA Counter 6-17-25"),
        ("Lockers", " lockers "),
        ("UNION Counter 6-17-25", "Union Counter 6-17-25"),
    ],
)
def test_one_rung_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RVTA Counter 6-17-25", "District Counter 6-17-25"),
        ("RVTA Counter 6-17-25", "RVTA Counter 6-18-25"),
        ("RVTA Counter 6-17-25", "RVTA Proposal 6-17-25"),
        ("RVTA Counter 6-17-25", "RVTA Verbal Counter 6-17-25"),
        ("RVTA Counter #1", "RVTA Counter #2"),
        ("RVTA Counter 6-7-25", "RVTA Counter 6.7.25"),
        ("RVTA Counter 6-17-25", "RVTA Revised Counter 6-17-25"),
        ("RVTA Second Counter", "RVTA Third Counter"),
        ("RVTA Counter 6-17-25 AM", "RVTA Counter 6-17-25 PM"),
        ("RVTA Counter 6-17-25 2:15 pm", "RVTA Counter 6-17-25 4 pm"),
        ("RVTA Counter 6-17-25 2:15", "RVTA Counter 6-17-25 4:15"),
        ("RVTA Counter 6-17-25", "RVTA Counter 6-17-25 (2)"),
        ("RVTA Counter 6-17-25 v2", "RVTA Counter 6-17-25 rev. 3"),
        ("Lockers", "Lockers and Keys"),
    ],
)
def test_two_rungs(one: str, other: str) -> None:
    assert key(one) != key(other)


# Two papers of a day; the first is the earlier one.
IN_ORDER = (
    ("RVTA Counter 6-17-25 AM", "RVTA Counter 6-17-25 PM"),
    ("RVTA Counter 6-17-25 AM", "District Counter 6-17-25 2:15 pm"),
    ("RVTA Counter 6-17-25 11:15 am", "District Counter 6-17-25 PM"),
    ("RVTA Counter 6-17-25 2:15 pm", "District Counter 6-17-25 4 pm"),
    ("RVTA Counter 6-17-25 9 am", "District Counter 6-17-25 10:30 am"),
    ("RVTA Counter #1 6-17-25", "RVTA Counter #2 6-17-25"),
    ("RVTA Counter #2 6-17-25", "RVTA Counter #10 6-17-25"),
    ("RVTA Counter #1 6-17-25", "RVTA Counter #1A 6-17-25"),
    ("RVTA Counter 6-17-25", "RVTA Counter 6-17-25 (2)"),
    ("RVTA Counter 6-17-25 (2)", "RVTA Counter 6-17-25 (3)"),
    ("RVTA Counter v2 6-17-25", "RVTA Counter rev. 3 6-17-25"),
    ("RVTA Counter 6-17-25", "RVTA Revised Counter 6-17-25"),
    ("RVTA Second Counter 6-17-25", "RVTA Third Counter 6-17-25"),
)
# Two papers of a day of which neither is said to be the earlier one.
IN_NO_ORDER = (
    ("RVTA Counter 6-17-25", "District Counter 6-17-25"),
    ("RVTA Proposal 6-17-25", "District Counter 6-17-25"),
    ("RVTA Counter #1 6-17-25", "District Counter #2 6-17-25"),
    ("RVTA Counter 6-17-25", "District Counter 6-17-25 (2)"),
    ("RVTA Counter 6-17-25", "RVTA Counter #2 6-17-25"),
    ("RVTA Counter 6-17-25", "RVTA Counter 6-17-25 PM"),
    ("RVTA Counter 6-17-25 PM", "District Counter 6-17-25 4 pm"),
    ("RVTA Counter 6-17-25 2:15", "District Counter 6-17-25 4:15"),
    ("RVTA Counter 6-17-25", "RVTA Counter 6-17-25 (1)"),
    ("RVTA Revised Counter 6-17-25", "RVTA Second Counter 6-17-25"),
    ("Counter 6-17-25", "Counter 6-17-25 (2)"),
)


@pytest.mark.parametrize(("first", "second"), IN_ORDER)
def test_labels_of_one_day_tell_which_came_first(first: str, second: str) -> None:
    one, other = read_label(first), read_label(second)
    assert is_before(one, other)
    assert not is_before(other, one)
    assert sorted([other, one], key=day_order) == [one, other]


@pytest.mark.parametrize(("first", "second"), IN_NO_ORDER)
def test_labels_of_one_day_may_not_tell_which_came_first(first: str, second: str) -> None:
    one, other = read_label(first), read_label(second)
    assert not is_before(one, other)
    assert not is_before(other, one)


def test_the_party_of_a_key_is_the_one_that_the_caller_knows() -> None:
    short, long = read_label("RVTA Counter #1"), read_label("Riverbend Teachers Counter #1")
    assert same_rung_key(short, "RVTA") == same_rung_key(long, "rvta")


# Fragments of labels in any order reach rules that free text never would.
FRAGMENTS = """RVTA|District|Riverbend|Joint|Committee|of|by|to|against|and|for|on|New|Second|Verbal
|Proposal|Counter|TA|Package|Response|#1A|#2|5|3-4-25|3.4.25|2-30-25|Wages|Article|9|:|–|(|)|“|’|’s
|Withdrawn|exchanged|posted|May|2025|shall|.|,|TAed|Tracker|§|current language|ſ|İ|٣|'s| : |-|#
|tentative agreement|4:15 pm|AM|T15:30|(2)|rev. 2|Tue,|20 May 25|-0700""".replace("\n", "").split(
    "|"
)
fragments = st.sampled_from([*FRAGMENTS, "|", " | ", "\n", "\ud800"])
labels = st.one_of(
    st.text(max_size=120),
    st.lists(fragments, max_size=14).map(" ".join),
    st.lists(fragments, max_size=14).map("".join),
)


@given(labels)
def test_any_text_can_be_read(text: str) -> None:
    label = read_label(text)
    assert label.text == text.strip()
    assert label.kind is None or label.kind in KINDS
    assert is_rung(text) in {True, False}
    assert hash(same_rung_key(label, label.party)) is not None


@given(labels)
def test_every_date_is_a_day_of_the_calendar(text: str) -> None:
    for day in (*read_label(text).dates, *read_dates(text)):
        assert dt.date.fromisoformat(day).isoformat() == day


@given(labels)
def test_nothing_is_said_that_is_not_written(text: str) -> None:
    label = read_label(text)
    said = (label.party, label.number, label.subject, label.against, *label.answers)
    words = [word for value in said if value for word in re.findall(r"\w+", value)]
    assert set(words) <= set(re.findall(r"\w+", text))


@given(labels)
def test_a_rung_has_a_party_and_a_kind(text: str) -> None:
    if is_rung(text):
        label = read_label(text)
        assert label.party is not None
        assert label.kind is not None


@given(labels)
def test_reading_is_blind_to_outer_whitespace(text: str) -> None:
    assert read_label(f" {text}\n") == read_label(text)


@given(
    party=st.sampled_from(["RVTA", "District", "R-VUSD", "Joint Committee", "HGU U2"]),
    kind=st.sampled_from(["proposal", "counter", "package", "supposal"]),
    day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    mark=st.sampled_from("-/"),
)
def test_a_rung_says_what_it_was_made_of(party: str, kind: str, day: dt.date, mark: str) -> None:
    line = f"{party} {kind.title()} {day.month}{mark}{day.day}{mark}{day.year % 100:02}"
    assert is_rung(line)
    assert read_label(line) == Label(line, party=party, kind=kind, dates=(day.isoformat(),))


@pytest.mark.parametrize(
    "unit",
    [
        "to ",
        "counter to ",
        "(",
        "()",
        "A-",
        "A/",
        "1-1-25 ",
        "1.",
        "May ",
        "– ",
        "T ",
        "District of ",
        "1:15 ",
        "1 - ",
        "Tue. ",
        "(2) ",
        "v2",
    ],
)
def test_hostile_labels_take_no_time(unit: str) -> None:
    start = time.perf_counter()
    for text in (unit * 250, "RVTA Proposal " + unit * 200, "counter to " + unit * 200):
        read_label(text[:500])
        is_rung(text[:100])
        read_dates(text * 50)
    assert time.perf_counter() - start < 5


def test_a_label_is_a_value() -> None:
    label = read_label("RVTA Counter 3-4-25")
    assert hash(label) == hash(attrs.evolve(label))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        label.party = "District"  # type: ignore[misc]
