"""Redlines: both texts exactly, each mark with who made it."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargaining
from bargaining import Chain, NotOnFileError, Redline
from bargaining.views.redline import set_text
from bargaining.writers.authors import author, cautions, date_of, not_marked, reveals, uncertain
from strategies import agreements

EXAMPLE = sorted((Path(__file__).parents[1] / "examples" / "library-hours").glob("*.md"))


def chain_of(*texts: str | None, base: str | None = None) -> Chain:
    parties = ("RTA Proposal", "District Counter", "RTA Counter", "District Counter")
    labels = [f"{party} {n + 1}-5-25" for n, party in enumerate(itertools.islice(
        itertools.cycle(parties), len(texts)))]  # fmt: skip
    return Chain.from_texts(list(zip(labels, texts, strict=True)), base=base)


def marks(redline: Redline) -> list[tuple[str, str, str]]:
    """Kind, text and author of every mark."""
    found: list[tuple[str, str, str]] = []
    for run in redline:
        if run.kind != "kept":
            names = [author(e) for e in (run.inserted, run.struck) if e is not None]
            found.append((run.kind, run.text, "; ".join(names)))
    return found


# Both texts


@given(st.lists(agreements(), min_size=2, max_size=4), st.booleans())
def test_a_redline_holds_both_texts_exactly(versions: list[str], all_rounds: bool) -> None:
    chain = chain_of(*versions)
    for old, new in itertools.permutations(range(1, len(versions) + 1), 2):
        redline = chain.redline(old, new, all_rounds=all_rounds)
        assert redline.old_text == set_text(versions[old - 1], exact=False)
        assert redline.new_text == set_text(versions[new - 1], exact=False)
        assert all(run.text for run in redline)
        assert all_rounds or not any(run.kind == "dropped" for run in redline)


@given(agreements(), st.booleans())
def test_a_redline_to_itself_has_no_marks(text: str, all_rounds: bool) -> None:
    assert marks(chain_of(text).redline(1, 1, all_rounds=all_rounds)) == []


def exact_chain(*versions: str) -> Chain:
    papers = [bargaining.Paper("docx", (bargaining.Run("kept", text),)) for text in versions]
    return Chain.from_papers([(f"RTA Proposal {n}-5-25", p) for n, p in enumerate(papers, start=1)])


@given(st.lists(agreements(spacing=" \t\v\u00a0"), min_size=2, max_size=2))
def test_the_spacing_of_word_documents_is_exact(versions: list[str]) -> None:
    redline = exact_chain(*versions).redline(1, 2)
    wanted = [text and text.replace("\n\n", "\n") + "\n" for text in versions]
    assert [redline.old_text, redline.new_text] == wanted


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        (
            "1.0 One\ntwo\n\n  a. three \nb. four\n\n\nfive",
            "1.0 One two\na. three\nb. four\nfive\n",
        ),
        ("", ""),
        ("one", "one\n"),
        ("one \n two", "one two\n"),
        ("one  two", "one  two\n"),
    ],
)
def test_plain_text_is_set_as_paragraphs(text: str, paragraphs: str) -> None:
    assert set_text(text, exact=False) == paragraphs


# Where the marks are


def test_a_mark_holds_words_and_not_the_gap_beside_them() -> None:
    redline = chain_of("Doors open at eight.", "Doors open at nine.").redline(1, 2)
    assert [(run.kind, run.text) for run in redline] == [
        ("kept", "Doors open at "),
        ("struck", "eight"),
        ("inserted", "nine"),
        ("kept", ".\n"),
    ]


def test_a_renumbered_clause_has_both_numbers_side_by_side_behind_what_was_put_before() -> None:
    old = "1.0 Doors open at eight.\n\n2.0 Windows stay shut all the day long."
    new = (
        "1.0 Doors open at eight.\n\n2.0 Gates are new.\n\n3.0 Windows stay shut all the day long."
    )
    found = [(run.kind, run.text) for run in chain_of(old, new).redline(1, 2)]
    assert found[1:] == [
        ("inserted", "2.0 "),
        ("inserted", "Gates are new.\n"),
        ("struck", "2.0"),
        ("inserted", "3.0"),
        ("kept", " Windows stay shut all the day long.\n"),
    ]


def test_a_split_and_a_join_are_marks_on_the_end_of_a_paragraph() -> None:
    one = "Doors open at eight. Windows stay shut."
    two = "Doors open at eight.\n\nWindows stay shut."
    split = chain_of(one, two).redline(1, 2)
    assert [(r.kind, r.text) for r in split if r.kind != "kept"] == [
        ("struck", " "),
        ("inserted", "\n"),
    ]
    joined = chain_of(two, one).redline(1, 2)
    assert [(r.kind, r.text) for r in joined if r.kind != "kept"] == [
        ("struck", "\n"),
        ("inserted", " "),
    ]


# Who made them


FOUR = (
    "Doors open at eight and close at noon.",
    "Doors open at nine and close at noon.",
    "Doors open at nine sharp and close at noon.",
    "Doors open at nine and close late.",
)


def test_each_mark_bears_the_revision_that_made_it() -> None:
    redline = chain_of(*FOUR).redline(1, 4)
    assert marks(redline) == [
        ("struck", "eight", "District"),
        ("inserted", "nine", "District"),
        ("struck", "at noon", "District"),
        ("inserted", "late", "District"),
    ]
    events = [run.struck or run.inserted for run in redline if run.kind != "kept"]
    assert [date_of(event, redline) for event in events] == [
        *["2025-02-05"] * 2,
        *["2025-04-05"] * 2,
    ]


def test_all_rounds_show_what_came_and_went_with_both_hands() -> None:
    found = marks(chain_of(*FOUR).redline(1, 4, all_rounds=True))
    assert ("dropped", "sharp ", "RTA; District") in found


def test_words_struck_and_restored_and_struck_again_are_struck_by_the_last() -> None:
    base = "Doors open at eight, with an aide on duty at the desk."
    without = "Doors open at eight."
    redline = chain_of(without, base, without, base=base).redline(0, 3)
    assert marks(redline) == [
        ("struck", ", with an aide on duty at the desk", "RTA"),
    ]
    assert [run.struck.revision.rung for run in redline if run.struck] == [3]


def test_a_rung_that_is_not_on_file_leaves_the_author_open() -> None:
    redline = chain_of("Doors open at eight.", None, "Doors open at nine.").redline(1, 3)
    assert marks(redline)[0] == ("struck", "eight", "District or RTA, 2-5-25 to 3-5-25")
    (run, *_) = [run for run in redline if run.kind != "kept"]
    assert uncertain(run) == (
        "Struck by one of these: District Counter 2-5-25 or RTA Counter 3-5-25, because "
        "District Counter 2-5-25 is not on file."
    )
    assert cautions(redline) == ["Between the two, District Counter 2-5-25 is not on file."]


def test_on_the_way_back_nobody_made_the_marks() -> None:
    redline = chain_of(*FOUR).redline(4, 1)
    assert {run.struck or run.inserted for run in redline} == {None}
    assert cautions(redline)[0].startswith("RTA Proposal 1-5-25 is the older of the two")


def test_a_changed_quote_or_space_is_a_mark_by_whoever_changed_it() -> None:
    straight = 'The "desk" opens at eight.'
    curly = "The “desk” opens at eight."
    redline = chain_of(straight, straight, curly, curly).redline(1, 4)
    assert marks(redline) == [
        ("struck", '"', "RTA"),
        ("inserted", "“", "RTA"),
        ("struck", '"', "RTA"),
        ("inserted", "”", "RTA"),
    ]


def test_a_revision_without_a_date_has_that_of_the_rung_before_it_and_says_so() -> None:
    chain = Chain.from_texts(
        [("RTA Proposal 1-5-25", "One door opens."), ("District Counter", "Two doors open.")]
    )
    redline = chain.redline(1, 2)
    (run, *_) = [run for run in redline if run.kind != "kept"]
    assert date_of(run.struck, redline) == "2025-01-05"
    assert uncertain(run) == "Struck by District Counter, whose date is not stated."
    undated = Chain.from_texts([("A", "One door opens."), ("B", "Two doors open.")]).redline(1, 2)
    assert date_of(undated.runs[0].struck, undated, "2026-11-22") == "2026-11-22"


def test_moved_words_know_the_other_end() -> None:
    sentence = "Each librarian has two days of release time for taking inventory."
    windows = (
        "Windows stay shut all day long, in summer and in winter, unless the principal agrees."
    )
    old = f"1.0 Doors open at eight. {sentence}\n\n2.0 {windows}"
    new = f"1.0 Doors open at eight.\n\n2.0 {windows} {sentence}"
    ends = {run.kind: run for run in chain_of(old, new).redline(1, 2) if run.moved is not None}
    assert (ends["struck"].moved, ends["inserted"].moved) == ("2.0", "1.0")
    assert ends["struck"].move == ends["inserted"].move


def test_a_revision_that_is_not_on_file_cannot_be_compared() -> None:
    with pytest.raises(NotOnFileError):
        chain_of("Doors open.", None, "Doors shut.").redline(1, 2)


def test_what_a_file_reveals_is_said() -> None:
    chain = chain_of(*FOUR)
    assert str(reveals(chain.redline(1, 4, all_rounds=True))) == (
        "5 marks, by District; RTA. It shows struck and dropped words, parties and dates."
    )
    assert str(reveals(chain.redline(1, 1))) == (
        "no marks: the two texts are the same. It shows parties and dates."
    )


def test_the_example_reads_exactly_between_any_two_papers() -> None:
    base, *papers = [bargaining.read(path.read_bytes(), name=path.name) for path in EXAMPLE]
    chain = Chain.from_papers(
        [(path.stem, paper) for path, paper in zip(EXAMPLE[1:], papers, strict=True)], base=base
    )
    for old, new in itertools.permutations(range(len(EXAMPLE)), 2):
        for all_rounds in (False, True):
            redline = chain.redline(old, new, all_rounds=all_rounds)
            assert redline.old_text == set_text(chain.text(old), exact=False)
            assert redline.new_text == set_text(chain.text(new), exact=False)


def test_whoever_moved_new_words_did_not_propose_them() -> None:
    days = "Each librarian has two days of release time for taking inventory."
    rest = "Windows stay shut all day long, in summer and in winter, unless the principal agrees."
    first = f"1.0 Doors open at eight. {days}\n\n2.0 {rest}"
    moved = f"1.0 Doors open at eight.\n\n2.0 {rest} {days}"
    redline = chain_of(first, moved, base=f"1.0 Doors open at eight.\n\n2.0 {rest}").redline(0, 2)
    assert [mark for mark in marks(redline) if days in mark[1]] == [("inserted", f" {days}", "RTA")]


def test_what_differs_beside_the_text_is_said() -> None:
    papers = [
        bargaining.read(
            f"# Class Size in {grades}\n\n1.0 One.\n\nBy: {name}\nDate: ____\n".encode()
        )
        for grades, name in (("TK-3", "Pat Doe"), ("TK-12", "Kim Roe"))
    ]
    chain = Chain.from_papers(
        [("RTA Proposal 1-5-25", papers[0]), ("RTA Proposal 2-5-25", papers[1])]
    )
    redline = chain.redline(1, 2)
    assert redline.differs == ("title", "signature")
    assert cautions(redline) == []
    assert not_marked(redline) == (
        "Only the clause text is compared and marked; not the same on both papers, and not marked: "
        "the title block and the signature block."
    )
