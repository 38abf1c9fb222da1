"""Naming: what papers are called by their titles and e-mails. All in here is invented."""

import re
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import AskError, read
from bargaining.labels import read_label
from bargaining.labels.kinds import read_title, sort_of
from bargaining.readers.layout import bare
from bargaining.readers.mail import read_headers
from bargaining.record import Reading, Record, Submission, prepare
from documents import document, p, r
from effort import growth

CLAUSES = ("1.0 Each aide holds two keys.", "2.0 Keys are kept in the office.")


def submission(
    lines: Sequence[str],
    form: str = "text",
    name: str = "scan",
    foot: Sequence[str] = (),
    **said: str,
) -> Submission:
    """A paper with these lines above its clauses, and some below."""
    if form == "docx":
        blocks = [p(r(line)) for line in (*lines, *CLAUSES, *foot)]
        return Submission(data=document(*blocks), name=f"{name}.docx", **said)  # type: ignore[arg-type]
    joint = "\n" if form == "text" else "\n\n"
    marked = {"heading": "# {}", "bold": "**{}**", "underscores": "__{}__"}.get(form, "{}")
    head = joint.join(marked.format(line) for line in lines)
    text = "\n\n".join([head, *CLAUSES, *foot])
    ending = "txt" if form in {"text", "spaced text"} else "md"
    return Submission(data=text.encode(), name=f"{name}.{ending}" if name else "", **said)  # type: ignore[arg-type]


FORMS = ("text", "spaced text", "plain", "heading", "bold", "underscores", "docx")

# Title blocks, each with the label that it gives.
TITLES = (
    (("MEDIATOR'S PROPOSAL", "June 3, 2025", "Door Keys"), "MEDIATOR'S PROPOSAL June 3, 2025"),
    (("Mediator’s Proposal", "6/3/25", "Door Keys"), "Mediator’s Proposal 6/3/25"),
    (
        (
            "TENTATIVE AGREEMENT",
            "between the Fernhollow District and FTA",
            "October 7th, 2025",
            "Door Keys",
        ),
        "TENTATIVE AGREEMENT October 7th, 2025",
    ),
    (
        ("DISTRICT'S LAST, BEST AND FINAL OFFER", "Presented: May 1, 2025", "Door Keys"),
        "DISTRICT'S LAST, BEST AND FINAL OFFER May 1, 2025",
    ),
    (("Union Proposal", "Date: 5-19-25", "Door Keys"), "Union Proposal 5-19-25"),
    (("Union Proposal", "Dated: May 19, 2025.", "Door Keys"), "Union Proposal May 19, 2025"),
    (("Door Keys", "May 19, 2025", "Union Proposal"), "Union Proposal May 19, 2025"),
    (
        (
            "DRAFT",
            "CONFIDENTIAL – WITHOUT PREJUDICE",
            "UNION PROPOSAL",
            "5/19/25 at 4 pm",
            "Door Keys",
        ),
        "UNION PROPOSAL 5/19/25 at 4 pm",
    ),
    (
        ("FERNHOLLOW TEACHERS ASSOCIATION", "COUNTER PROPOSAL", "May 19, 2025", "Door Keys"),
        "FERNHOLLOW TEACHERS ASSOCIATION COUNTER PROPOSAL May 19, 2025",
    ),
    (("Package Proposal #8", "Door Keys"), "Package Proposal #8"),
    (
        ("Union Proposal", "Version 2", "May 19, 2025", "Door Keys"),
        "Union Proposal Version 2 May 19, 2025",
    ),
    (
        ("Proposal", "Submitted by the District May 1, 2025", "Door Keys"),
        "Proposal by the District May 1, 2025",
    ),
    (
        ("Door Keys – Tentative Agreement June 3, 2025",),
        "Door Keys – Tentative Agreement June 3, 2025",
    ),
    (("Union Proposal on Door Keys", "May 19, 2025"), "Union Proposal on Door Keys May 19, 2025"),
    (("Supposal", "FD-2025/0114.2", "10.7.25", "Door Keys"), "Supposal 10.7.25"),
    (
        ("UNION PROPOSAL", "passed to the District on 5-19-25", "Door Keys"),
        "UNION PROPOSAL 5-19-25",
    ),
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("lines", "label"), TITLES, ids=[label for _, label in TITLES])
def test_a_title_block_names_a_paper(lines: tuple[str, ...], label: str, form: str) -> None:
    reading = prepare(submission(lines, form))
    assert (reading.label.text, reading.chain) == (label, "Door Keys")
    assert reading.sources == ("label from its title",)
    assert reading.label.kind
    assert reading.paper.text.split() == " ".join(CLAUSES).split()


@pytest.mark.parametrize("form", ["text", "docx"])
def test_the_order_of_the_lines_does_not_matter(form: str) -> None:
    lines = ("MEDIATOR'S PROPOSAL", "June 3, 2025", "Door Keys", "DRAFT")
    for order in permutations(lines):
        reading = prepare(submission(order, form))
        assert reading.label.text == "MEDIATOR'S PROPOSAL June 3, 2025"
        assert reading.chain == "Door Keys"


# A label on two lines, with its party: above the clauses it may be a ladder of one rung.
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "lines",
    [("FTA COUNTER PROPOSAL #3", "3/9/25 4:15 pm"), ("FTA Counter", "March 9, 2025", "4:15 p.m.")],
)
def test_a_label_on_several_lines_has_its_party_date_and_time(
    lines: tuple[str, ...], form: str
) -> None:
    label = prepare(submission([*lines, "Door Keys"], form)).label
    assert (label.party, label.kind, label.date, label.time) == (
        "FTA",
        "counter",
        "2025-03-09",
        "16:15",
    )


@pytest.mark.parametrize(
    ("foot", "ladder"),
    [
        (["Mediator's Proposal 6-3-25"], ["Mediator's Proposal 6-3-25"]),
        (["Tentative Agreement June 3, 2025"], ["Tentative Agreement June 3, 2025"]),
        (["FTA Proposal", "March 3, 2025"], ["FTA Proposal March 3, 2025"]),
        (["March 3, 2025", "FTA Proposal"], ["FTA Proposal March 3, 2025"]),
        (["FTA Proposal\nMarch 3, 2025"], ["FTA Proposal March 3, 2025"]),
        (
            ["FTA Proposal #1\n3/1/25\nDistrict Counter #2\n3/5/25\n4:15 pm"],
            ["FTA Proposal #1 3/1/25", "District Counter #2 3/5/25 4:15 pm"],
        ),
        (
            ["3/1/25\nFTA Proposal #1\n3/5/25\nDistrict Counter #2"],
            ["FTA Proposal #1 3/1/25", "District Counter #2 3/5/25"],
        ),
        (["FTA Proposal 3-3-25\nMarch 3, 2025"], ["FTA Proposal 3-3-25"]),
        (["FTA Proposal 3-3-25\nin response to District Counter 2-2-25"], ["FTA Proposal 3-3-25"]),
        (["in response to District Counter 2-2-25"], []),
    ],
)
@pytest.mark.parametrize("signed", [(), ("FTA", "Date", "District", "Date")])
def test_a_label_below_the_clauses_is_no_clause(
    foot: list[str], ladder: list[str], signed: tuple[str, ...]
) -> None:
    for form in ("text", "plain"):
        one = submission(["Door Keys"], form, foot=[*foot, *signed])
        paper = read(one.data, name=one.name)
        assert list(paper.ladder) == ladder
        assert paper.text.split() == " ".join(CLAUSES).split()
        assert not paper.doubts


@pytest.mark.parametrize(
    "foot",
    [
        ["The parties refer to the", "Tentative Agreement June 3, 2025", "and to its appendix."],
        ["Date: March 3, 2025"],
        ["- Tentative Agreement June 3, 2025"],
    ],
)
def test_what_stands_in_the_text_or_a_signature_is_no_label(foot: list[str]) -> None:
    one = submission(["Door Keys"], foot=["3.0 The end.", *foot])
    assert read(one.data, name=one.name).ladder == ()


def word(head: str, foot: str) -> Submission:
    blocks = [p(r(line)) for line in ("Door Keys", *CLAUSES)]
    margins = {
        "headers": {"default": "".join(p(r(line)) for line in head.split("|"))},
        "footers": {"default": "".join(p(r(line)) for line in foot.split("|"))},
    }
    return Submission(data=document(*blocks, **margins), name="scan.docx")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("head", "foot", "ladder"),
    [
        ("FTA Counter 3-9-25", "FTA Counter 3-9-25", ["FTA Counter 3-9-25"]),
        ("FTA Counter March 9, 2025", "FTA Counter 3-9-25", ["FTA Counter March 9, 2025"]),
        ("FTA Counter 3-9-25 4:15 pm", "FTA Counter 3-9-25", ["FTA Counter 3-9-25 4:15 pm"]),
        ("Draft", "FTA Counter|March 9, 2025", ["FTA Counter March 9, 2025"]),
        ("MEDIATOR'S PROPOSAL|June 3, 2025", "Page 1", ["MEDIATOR'S PROPOSAL June 3, 2025"]),
        (
            "FTA Counter 3-9-25",
            "District Proposal 3-3-25|FTA Counter 3-9-25",
            ["District Proposal 3-3-25", "FTA Counter 3-9-25"],
        ),
    ],
)
def test_labels_in_headers_and_footers_of_word(head: str, foot: str, ladder: list[str]) -> None:
    reading = prepare(word(head, foot))
    assert list(reading.paper.ladder) == ladder
    assert reading.label.text == ladder[-1]
    assert not reading.paper.doubts


# Lines that name neither a paper nor a document.
@pytest.mark.parametrize(
    "line",
    [
        "June 17, 2025",
        "June 17th, 2025",
        "6/17/25",
        "2025-06-17",
        "Date: 6-17-25",
        "4:15 pm",
        "6/17/25 4:15 p.m.",
        "Tuesday, June 17, 2025",
        "June 2025",
        "2025-2026",
        "July 1, 2024 – June 30, 2027",
        "Effective July 1, 2025",
        "Page 1 of 3",
        "DRAFT",
        "2nd Draft",
        "CONFIDENTIAL",
        "without prejudice",
        "Draft – Without Prejudice",
        "For Discussion Purposes Only",
        "Fernhollow Teachers Association",
        "FERNHOLLOW DISTRICT",
        "District",
        "FTA and FUSD",
        "Fernhollow District and Fernhollow Teachers Association",
        "FD-FTA/2025-0114",
        "4821-3321-1123, v. 2",
        "2025-05-19 District Counter.docx",
        "Version 2",
        "Session #4",
        "in response to FTA Proposal 2-18-25",
    ],
)
@pytest.mark.parametrize("form", ["text", "heading", "docx"])
def test_such_a_line_is_no_title_and_no_clause(line: str, form: str) -> None:
    for lines in ([line], [line, "Door Keys"], ["Door Keys", line]):
        reading = prepare(submission(lines, form, label="FTA Counter #2"))
        assert reading.chain == ("Door Keys" if len(lines) > 1 else "scan")
        assert reading.paper.text.split() == " ".join(CLAUSES).split()


@pytest.mark.parametrize(
    "line",
    [
        "Door Keys",
        "Article 12",
        "COVID-19",
        "Adjunct Faculty",
        "Calendar Committee",
        "Final Exams",
        "Management Rights",
        "Confidential Records",
        "May Day",
        "Date of Hire",
        "Given Names",
        "Time and Effort",
        "2025-26 Calendar",
        "Successor Agreement",
        "Term of Agreement",
    ],
)
def test_a_subject_stays_the_subject(line: str) -> None:
    assert sort_of(line) == "subject"
    assert prepare(submission([line], label="FTA Counter #2")).chain == line


@pytest.mark.parametrize(
    "title",
    [
        "Studio Keys – Support for Faculty",
        "Keys for Studios and Labs",
    ],
)
def test_a_subject_behind_the_names_of_the_parties_is_the_subject(title: str) -> None:
    both = "Lakeside Unified School District and United Teachers of Lakeside"
    text = (
        f"Memorandum of Understanding\n\n{both} {title}\n\nThis settles between the {both} on keys."
    )
    reading = prepare(Submission(data=text.encode(), name="scan.md", label="FTA Counter #2"))
    assert reading.chain == title


@pytest.mark.parametrize(
    ("lines", "name", "message", "hint"),
    [
        (["Door Keys"], "scan", "its label is not known", "Union Counter 5-19-25"),
        (
            ["June 17, 2025", "Door Keys"],
            "scan",
            "has a date, “June 17, 2025”, but no kind",
            "Union Counter June 17, 2025",
        ),
        (["MEDIATOR'S PROPOSAL", "Door Keys"], "scan", "has no date", "MEDIATOR'S PROPOSAL 6-3-25"),
        (
            ["Door Keys"],
            "2025-05-19 District Counter",
            "file's name may say it",
            "2025-05-19 District Counter",
        ),
        (
            ["MEDIATOR'S PROPOSAL", "June 3, 2025", "Passed: June 5, 2025"],
            "scan",
            "not known",
            "Union",
        ),
        (
            ["MEDIATOR'S PROPOSAL", "TENTATIVE AGREEMENT", "June 3, 2025"],
            "scan",
            "no kind",
            "Union",
        ),
        (["Union Proposal", "2-30-25", "Door Keys"], "scan", "has no date", "Union Proposal"),
    ],
)
def test_what_names_no_paper_is_asked_for_with_what_is_known(
    lines: list[str], name: str, message: str, hint: str
) -> None:
    with pytest.raises(AskError) as error:
        prepare(submission(lines, name=name))
    assert message in str(error.value)
    assert f'--label "{hint}' in error.value.hint


@pytest.mark.parametrize(
    "name", ["2025-05-19 District Counter", "2025-05-19", "District_Counter", "DRAFT", "v2", ""]
)
def test_the_name_of_a_file_that_says_which_paper_it_is_names_no_document(name: str) -> None:
    with pytest.raises(AskError, match="which document"):
        prepare(submission(["June 17, 2025"], name=name, label="FTA Counter #2"))


def test_the_name_of_a_document_says_where_it_is_from() -> None:
    assert prepare(submission([], label="FTA Counter #2")).sources == (
        "document from its file's name",
    )
    labelled = prepare(submission([], foot=["FTA Counter #2: Door Keys"]))
    assert (labelled.chain, labelled.sources) == ("Door Keys", ("document from its label",))


# E-mail.

HEADER = {
    "From": "Pat Doe <pat@fernhollow.example>",
    "Sent": "Monday, May 19, 2025 4:05 PM",
    "To": "Robin Vale",
    "Cc": "Sam Okoro; Lee Finch",
    "Subject": "RE: Fwd: District Counter - Door Keys",
    "Attachments": "counter.docx",
}


def mail(header: dict[str, str], line: str = "{}: {}") -> list[str]:
    return [line.format(name, value) for name, value in header.items()]


@pytest.mark.parametrize("form", ["text", "spaced text", "plain", "bold", "docx"])
@pytest.mark.parametrize(
    "sent",
    [
        "Monday, May 19, 2025 4:05 PM",
        "Mon, 19 May 2025 16:05:12 -0700",
        "2025-05-19T16:05:12-07:00",
        "5/19/2025 4:05 PM",
        "19 May 2025 16:05",
        "May 19, 2025 at 4:05:00 PM PDT",
    ],
)
def test_an_e_mail_names_the_paper_in_it(sent: str, form: str) -> None:
    reading = prepare(submission(mail({**HEADER, "Sent": sent}), form))
    label = reading.label
    assert label.text == "District Counter - Door Keys 2025-05-19 16:05"
    assert (label.party, label.kind, label.date, label.time) == (
        "District",
        "counter",
        "2025-05-19",
        "16:05",
    )
    assert reading.chain == "Door Keys"
    assert reading.paper.text.split() == " ".join(CLAUSES).split()
    assert {part.kind for part in reading.paper.parts} == {"header"}
    assert [doubt.kind for doubt in reading.paper.doubts] == ["sent-date"]
    assert reading.sources == ("label and document from its subject line",)


@pytest.mark.parametrize("sign", ["RE:", "Re: Fwd:", "AW:", "[EXT] RE:"])
def test_the_paper_that_an_e_mail_answers_is_not_the_one_in_it(sign: str) -> None:
    subject = f"{sign} FTA Proposal 5-1-25"
    with pytest.raises(AskError, match="answers “FTA Proposal 5-1-25”"):
        prepare(submission(mail({**HEADER, "Subject": subject})))
    stated = prepare(submission(mail({**HEADER, "Subject": "Fwd: FTA Proposal 5-1-25"})))
    assert stated.label.text == "FTA Proposal 5-1-25"


def test_the_date_in_the_subject_wins_and_nothing_is_doubted() -> None:
    subject = "District Counter - Door Keys 5/18/25"
    reading = prepare(submission(mail({**HEADER, "Subject": subject})))
    assert (reading.label.text, reading.label.date) == (subject, "2025-05-18")
    assert not reading.paper.doubts


@pytest.mark.parametrize(
    ("sender", "party"),
    [
        ("District", "District"),
        ("The Union", "Union"),
        ("Pat Doe", None),
        ("Dean Lodge", None),
        ("Union <office@fta.example>", None),
        ("HR", None),
    ],
)
def test_only_a_side_by_name_is_the_party_of_what_it_sends(sender: str, party: str | None) -> None:
    memo = {"TO": "FTA", "FROM": sender, "DATE": "May 19, 2025", "RE": "Counter Proposal #2"}
    reading = prepare(submission(["MEMORANDUM", *mail(memo)], "plain", chain="Door Keys"))
    assert (reading.label.party, reading.label.number) == (party, "2")


FORWARDED = (
    "-----Original Message-----",
    "Begin forwarded message:",
    "---------- Forwarded message ---------",
)


@pytest.mark.parametrize("line", FORWARDED)
def test_a_forwarded_message_names_the_paper(line: str) -> None:
    outer = {
        "From": "Robin Vale",
        "Sent": "May 19, 2025",
        "To": "Lee Finch",
        "Subject": "see below",
    }
    reading = prepare(submission([*mail(outer), "", line, *mail(HEADER), "", "Door Keys"]))
    assert reading.label.text == "District Counter - Door Keys 2025-05-19 16:05"
    assert reading.paper.title == ("Door Keys",)
    assert reading.paper.text.split() == " ".join(CLAUSES).split()


def test_two_days_on_which_it_was_sent_do_not_say_which() -> None:
    outer = {
        "From": "Robin Vale",
        "Sent": "June 2, 2025",
        "To": "Lee Finch",
        "Subject": "see below",
    }
    with pytest.raises(AskError, match="has no date"):
        prepare(submission([*mail(outer), "", FORWARDED[0], *mail(HEADER), "", "Door Keys"]))


def test_the_header_gives_a_title_its_date() -> None:
    reading = prepare(
        submission([*mail({**HEADER, "Subject": "Keys"}), "", "UNION PROPOSAL", "Door Keys"])
    )
    assert reading.label.text == "UNION PROPOSAL 2025-05-19 16:05"
    assert [doubt.kind for doubt in reading.paper.doubts] == ["sent-date"]
    assert reading.chain == "Door Keys"


@pytest.mark.parametrize(
    "text",
    [
        "Door Keys\n\n1.0 Forms go\nTo: the clerk\nFrom: the aide\nand back.",
        "Door Keys\n\n1.0 A form has these lines.\n\nDate:\nTo:\nFrom:",
        "Door Keys\n\n1.0 A key.\n\nSubject: to the law, keys are kept.",
        "Door Keys\n\n1.0 Re: keys.",
        "Subject: to the law, keys are kept.",
        "From: noon.\n\n1.0 A key.",
        "External Doors\n\nWarning signs are put up\n\nCaution: wet floors\n\n1.0 A key.",
        "1.0 A key.\n\nExternal e-mail\n\nWarning: no e-mail from outside, or links or such.",
        "1.0 A key.\n\nSent from my office it shall be\n\nSent from the office",
    ],
)
def test_such_lines_in_the_text_are_no_header(text: str) -> None:
    assert "header" not in {part.kind for part in read(text.encode(), name="x.txt").parts}


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERNAL]",
        "External Email",
        "CAUTION: This email originated from outside of the District. Do not click links.",
        "[EXTERNAL EMAIL]: This e-mail is from an external sender",
    ],
)
@pytest.mark.parametrize("below", ["Sent from my iPhone", "Sent from Outlook for iOS"])
def test_what_mail_programs_add_is_no_text(banner: str, below: str) -> None:
    reading = prepare(submission([banner, *mail(HEADER), "", "Door Keys"], foot=[below]))
    assert reading.label.text == "District Counter - Door Keys 2025-05-19 16:05"
    assert reading.paper.text.split() == " ".join(CLAUSES).split()
    assert "header" in {part.kind for part in reading.paper.parts if part.text == banner}


# A ladder beside a title.


@pytest.mark.parametrize(
    ("title", "doubted"),
    [
        (["TENTATIVE AGREEMENT", "October 7, 2025"], True),
        (["TENTATIVE AGREEMENT"], True),
        (["October 7, 2025"], True),
        (["District Proposal", "October 7, 2025"], True),
        (["District Proposal", "March 9, 2025"], False),
        (["March 9, 2025"], False),
        (["Memorandum of Understanding"], False),
        (["Effective July 1, 2025"], False),
    ],
)
def test_a_title_that_contradicts_the_ladder_is_doubted(title: list[str], doubted: bool) -> None:
    ladder = "FTA Proposal 3-3-25\nDistrict Counter 3-9-25"
    with Record.in_memory() as record:
        record.file(submission([*title, "Door Keys"], foot=[ladder]))
        (first, last) = record.chain()
        kinds = {doubt.kind for _, doubt in record.chain().doubts}
    assert (first.on_file, last.label) == (False, "District Counter 3-9-25")
    assert kinds == ({"title-contradicts"} if doubted else set())


@pytest.mark.parametrize(
    "foot", ["Mediator's Proposal 6-3-25", "MEDIATOR’S PROPOSAL\nJune 3, 2025"]
)
def test_a_title_and_a_foot_that_say_the_same_are_no_contradiction(foot: str) -> None:
    with Record.in_memory() as record:
        record.file(submission(["MEDIATOR'S PROPOSAL", "June 3, 2025", "Door Keys"], foot=[foot]))
        (revision,) = record.chain()
        assert (revision.kind, revision.date) == ("mediator's proposal", "2025-06-03")
        assert not record.chain().doubts


def test_a_paper_that_names_itself_is_on_file_once() -> None:
    one = submission(["FTA COUNTER PROPOSAL #3", "3/9/25 4:15 pm", "Door Keys"])
    with Record.in_memory() as record:
        assert [record.file(one).done for _ in range(2)] == ["filed", "already on file"]


def test_a_ladder_without_a_date_takes_that_of_the_title() -> None:
    reading = prepare(submission(["May 19, 2025 4 pm", "Door Keys"], foot=["FTA Counter #2"]))
    assert (reading.label.text, reading.label.date, reading.label.time) == (
        "FTA Counter #2",
        "2025-05-19",
        "16:00",
    )
    assert reading.sources == ("date from its title",)


# Whatever stands there, nothing is lost, and nothing takes long.

LINES = [
    *(
        "MEDIATOR'S PROPOSAL",
        "June 3, 2025",
        "Door Keys",
        "Date: 5-19-25",
        "4:15 pm",
        "DRAFT",
        "v2",
    ),
    *("From: Pat", "Sent: May 19, 2025", "To: x", "Subject: FTA Counter #2", "  and more", "", ">"),
    *FORWARDED,
    *("On May 19, 2025 Pat wrote:", "Sent from my phone", "FTA Proposal", "FTA Proposal 3-3-25"),
    *(
        "in response to FTA Proposal 3-3-25",
        "1.0 A key.",
        "District",
        "Date",
        "between A and B",
        "(2)",
    ),
]


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_nothing_is_lost_and_every_answer_is_a_reading_or_a_question(lines: list[str]) -> None:
    source = "\n".join([*lines, "1.0 Text."])
    paper = read(source.encode(), name="x.md")
    kept = "\n".join([*(run.text for run in paper.runs), *(part.text for part in paper.parts)])
    assert sorted(re.findall(r"[^\W_]+", kept)) == sorted(re.findall(r"[^\W_]+", source))
    headers = [bare(part.text) for part in paper.parts if part.kind == "header"]
    assert len(read_headers(headers)) <= len(headers)
    try:
        reading = prepare(Submission(data=source.encode(), name="x.md"))
    except AskError:
        return
    assert isinstance(reading, Reading)
    assert reading.label.kind or reading.label.party


@given(st.lists(st.sampled_from(LINES), max_size=8), st.randoms())
def test_a_title_says_the_same_in_whatever_order_it_stands(
    lines: list[str], random: object
) -> None:
    del random
    subjects = set(read_title(lines).subjects)
    assert subjects == set(read_title(lines[::-1]).subjects)


@pytest.mark.parametrize(
    "unit", ["From: a\n", "May 3, 2025\n", "FTA Counter\n", "To: a\n\n", "1:15 "]
)
def test_the_work_grows_with_the_lines_and_no_faster(unit: str) -> None:
    def reading(size: int) -> object:
        data = (f"{unit * size * 20}\n1.0 Text.\n\n" + unit * size * 20).encode()
        return lambda: read(data, name="x.txt")

    assert growth(reading, 20) < 2.6  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "label", "date"),
    [
        (
            ("District Counter 4-1-25 (in response to RTA Proposal 3-3-25)",),
            "District Counter 4-1-25 (in response to RTA Proposal 3-3-25)",
            "2025-04-01",
        ),
        (
            ("District Counter 4-1-25", "(in response to RTA Proposal 3-3-25)"),
            "District Counter 4-1-25",
            "2025-04-01",
        ),
        (
            ("Counter-Proposal #2 to RTA Proposal of 3-3-25", "Presented: 4-8-25"),
            "Counter-Proposal #2 to RTA Proposal of 3-3-25, 4-8-25",
            "2025-04-08",
        ),
        (
            ("District Response to RTA Proposal of March 3, 2025", "April 8, 2025"),
            "District Response to RTA Proposal of March 3, 2025, April 8, 2025",
            "2025-04-08",
        ),
    ],
)
def test_the_date_of_what_is_answered_is_not_that_of_the_paper(
    lines: tuple[str, ...], label: str, date: str
) -> None:
    found = prepare(submission(("Door Keys", *lines)))
    assert (found.label.text, found.label.date, found.chain) == (label, date, "Door Keys")


@pytest.mark.parametrize("written", ["in response to", "in answer to", "to", "responding to"])
def test_what_is_answered_may_stand_in_brackets(written: str) -> None:
    label = read_label(f"District Counter 4-1-25 ({written} RTA Proposal 3-3-25)")
    assert (label.party, label.kind, label.date) == ("District", "counter", "2025-04-01")
    assert label.answers == ("RTA Proposal 3-3-25",)


@pytest.mark.parametrize(
    ("subject", "chain"),
    [
        ("District Counter 6-2-25 Door Keys", "Door Keys"),
        ("District Counter 6-2-25 – Door Keys", "Door Keys"),
        ("District Counter 6-2-25 (Door Keys)", "Door Keys"),
        ("District Counter 6-2-25 see attached", "scan"),
        ("District Counter 6-2-25 DRAFT", "scan"),
    ],
)
def test_what_stands_behind_the_date_of_a_subject_line_names_the_document(
    subject: str, chain: str
) -> None:
    found = prepare(
        submission(("From: ana@example.org", "To: bo@example.org", f"Subject: {subject}", ""))
    )
    assert (found.label.date, found.chain) == ("2025-06-02", chain)
