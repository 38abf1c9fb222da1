"""Chains of plain texts: reconstruct, diff, blame, who; against a plain-list oracle."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargaining
from bargaining import (
    AskError,
    Chain,
    ConflictError,
    Event,
    NotFoundError,
    NotOnFileError,
    Paper,
    PaperError,
    Revision,
    Run,
)
from strategies import Truth, negotiations, related_texts

LABELS = [f"{'RVTA' if n % 2 else 'District'} Counter {n}-1-25" for n in range(1, 13)]


def chain_of(truth: Truth, on_file: set[int], *, base: bool) -> Chain:
    texts = [
        (LABELS[n - 1], truth.text(n) if n in on_file else None) for n in range(1, len(truth.texts))
    ]
    return Chain.from_texts(texts, base=truth.text(0) if base else None)


def oracle_candidates(truth: Truth, on_file: set[int], word: str, *, base: bool) -> list[int]:
    """Rungs that could have proposed the word, from the texts on file alone."""
    held = sorted(on_file | ({0} if base else set()))
    first = next(n for n in held if word in truth.texts[n])
    before = max((n for n in held if n < first), default=-1)
    return list(range(before + 1, first + 1))


@given(negotiations(), st.data(), st.booleans())
def test_origins_are_what_the_texts_on_file_allow(
    truth: Truth, data: st.DataObject, base: bool
) -> None:
    rungs = list(range(1, len(truth.texts)))
    on_file = data.draw(st.sets(st.sampled_from(rungs), min_size=1))
    chain = chain_of(truth, on_file, base=base)
    for n in on_file:
        for span in chain.blame(n):
            for word in span.text.replace(".", " ").split():
                wanted = oracle_candidates(truth, on_file, word, base=base)
                assert [r.rung for r in span.origin.candidates] == wanted
                assert span.origin.certain == (len(wanted) == 1)


@given(negotiations(restoring=True), st.booleans())
def test_histories_say_when_a_word_came_and_went(truth: Truth, base: bool) -> None:
    on_file = set(range(1, len(truth.texts)))
    chain = chain_of(truth, on_file, base=base)
    held = sorted(on_file | ({0} if base else set()))
    for n in on_file:
        for span in chain.blame(n, struck=True):
            for word in span.text.replace(".", " ").split():
                present = [word in truth.texts[m] for m in held]
                wanted = [held[m] for m in range(len(held)) if present[m] != ([False, *present][m])]
                seen = [e.revision.rung for e in span.history]
                assert seen == [m for m in wanted if m]


@given(negotiations(), st.data())
def test_filing_a_missing_rung_never_widens_an_origin(truth: Truth, data: st.DataObject) -> None:
    rungs = list(range(1, len(truth.texts)))
    on_file = data.draw(st.sets(st.sampled_from(rungs), min_size=1))
    more = on_file | {data.draw(st.sampled_from(rungs))}
    last = max(on_file)
    before = {
        w: s.origin
        for s in chain_of(truth, on_file, base=True).blame(last)
        for w in s.text.replace(".", " ").split()
    }
    after = {
        w: s.origin
        for s in chain_of(truth, more, base=True).blame(last)
        for w in s.text.replace(".", " ").split()
    }
    for word, origin in after.items():
        # A word that the new paper lacks may have been struck and restored: it can but be narrower.
        assert {r.rung for r in origin.candidates} <= {r.rung for r in before[word].candidates} or (
            min(r.rung for r in origin.candidates) < min(r.rung for r in before[word].candidates)
        )
        assert truth.born[word] <= origin.candidates[-1].rung


@given(related_texts())
def test_texts_come_back_and_everything_adds_up(texts: list[str]) -> None:
    chain = Chain.from_texts(list(zip(LABELS, texts, strict=False)))
    for n, text in enumerate(texts, start=1):
        assert chain.text(n) == text
        annotation = chain.blame(n)
        assert annotation.text == text
        assert "".join(span.text for span in annotation) == text
        ends = [0, *(span.end for span in annotation)]
        assert [span.start for span in annotation] == ends[:-1]
        plain = [s for s in chain.blame(n, struck=True) if not s.struck]
        assert "".join(span.text for span in plain) == text


@given(related_texts(), st.data())
def test_a_diff_holds_both_texts_exactly(texts: list[str], data: st.DataObject) -> None:
    chain = Chain.from_texts(list(zip(LABELS, texts, strict=False)))
    old = data.draw(st.integers(1, len(texts)))
    new = data.draw(st.integers(1, len(texts)))
    diff = chain.diff(old, new)
    assert "".join(run.before for run in diff.runs) == texts[old - 1]
    assert "".join(run.after for run in diff.runs) == texts[new - 1]
    for hunk in diff:
        assert texts[old - 1][hunk.old_start : hunk.old_end] == hunk.struck
        assert texts[new - 1][hunk.new_start : hunk.new_end] == hunk.inserted
        assert hunk.struck or hunk.inserted
    for run, after in pairwise(diff.runs):
        assert not (run.kind == "inserted" and after.kind == "struck")
    if old == new:
        assert diff.hunks == ()


@given(related_texts())
def test_origins_never_name_a_revision_that_lacks_the_word(texts: list[str]) -> None:
    chain = Chain.from_texts(list(zip(LABELS, texts, strict=False)), base="")
    for n in range(1, len(texts) + 1):
        for span in chain.blame(n):
            first = span.origin.first_seen
            for word in span.text.split():
                assert word.strip(".,;()") in chain.text(first)


@given(related_texts(), st.data())
def test_presence_is_what_a_look_through_the_texts_finds(
    texts: list[str], data: st.DataObject
) -> None:
    chain = Chain.from_texts(list(zip(LABELS, texts, strict=False)))
    words = sorted({word for text in texts for word in text.split() if word.isalnum()})
    if words:
        word = data.draw(st.sampled_from(words))
        answer = chain.who(word)
        wanted = [n for n, text in enumerate(texts, start=1) if word in text.split()]
        assert [revision.rung for revision in answer.present_in] == wanted
        places = {(p.revision.rung, p.start) for x in answer.passages for p in x.places}
        assert {rung for rung, _ in places} == set(wanted)
        assert all(chain.text(rung)[start : start + len(word)] == word for rung, start in places)
        assert all(passage.exact for passage in answer.passages)


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_unicode_comes_back(texts: list[str]) -> None:
    chain = Chain.from_texts([(f"r{n}", text) for n, text in enumerate(texts)], base=texts[-1])
    for n, text in enumerate(texts):
        assert chain.text(f"r{n}") == text
        assert chain.blame(f"r{n}").text == text
    assert chain.text("base") == texts[-1]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4), st.text(max_size=8))
def test_any_wording_can_be_asked_for(texts: list[str], wording: str) -> None:
    chain = Chain.from_texts([(f"r{n}", text) for n, text in enumerate(texts)])
    if not wording.strip():
        with pytest.raises(AskError):
            chain.who(wording)
        return
    for passage in chain.who(wording).passages:
        for place in passage.places:
            assert chain.text(place.revision)[place.start : place.end] == place.text
        if passage.exact:
            assert passage.text == wording.strip()


# By hand.


def kinds(history: tuple[Event, ...]) -> list[tuple[str, str]]:
    return [(event.kind, event.revision.label) for event in history]


def test_struck_and_restored_wording_keeps_its_first_proposer() -> None:
    chain = Chain.from_texts(
        [
            ("Union 1", "The District shall pay five dollars for lunch duty."),
            ("District 1", "The District may pay dollars."),
            ("Union 2", "The District shall pay five dollars for lunch duty."),
        ],
        base="The District may pay dollars.",
    )
    spans = {span.text.strip(): span for span in chain.blame("Union 2")}
    assert kinds(spans["five"].history) == [
        ("proposed", "Union 1"),
        ("struck", "District 1"),
        ("restored", "Union 2"),
    ]
    assert [r.label for r in spans["for lunch duty"].origin.candidates] == ["Union 1"]


def test_the_old_words_come_back_when_their_replacement_is_dropped() -> None:
    chain = Chain.from_texts(
        [("A", "The committee may meet."), ("B", "The committee shall meet.")],
        base="The committee shall meet.",
    )
    shall = next(span for span in chain.blame("B") if "shall" in span.text)
    assert [r.label for r in shall.origin.candidates] == ["base"]
    assert kinds(shall.history) == [("struck", "A"), ("restored", "B")]


def test_a_moved_sentence_keeps_its_origin() -> None:
    sentence = "Each librarian shall have two days of release time."
    books = "2.0 Books are kept in the library, and lent to students and to staff of the school."
    chain = Chain.from_texts(
        [
            ("A", f"1.0 Hours are posted.\n\na. {sentence}\n\n{books}"),
            ("B", f"1.0 Hours are posted.\n\n{books}\n\na. {sentence}"),
        ],
        base=f"1.0 Hours are posted.\n\n{books}",
    )
    answer = chain.who(sentence)
    (passage,) = answer.passages
    (span,) = passage.spans
    assert [r.label for r in span.origin.candidates] == ["A"]
    assert kinds(span.history) == [("proposed", "A"), ("moved", "B")]
    moved = span.history[-1]
    assert (moved.from_clause, moved.clause) == ("1.0(a)", "2.0(a)")


def test_renumbering_changes_addresses_and_no_origin() -> None:
    chain = Chain.from_texts(
        [("A", "1.0 First thing.\n\n2.0 New thing.\n\n3.0 Second thing here.")],
        base="1.0 First thing.\n\n2.0 Second thing here.",
    )
    by_clause = {span.clause: span for span in chain.blame("A") if "Second" in span.text}
    assert list(by_clause) == ["3.0"]
    assert [r.label for r in by_clause["3.0"].origin.candidates] == ["base"]
    assert chain.who("Second thing here").passages[0].places[0].clause == "2.0"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('The teacher\'s "duty" is\nlight.', "The teacher’s “duty”  is light."),
        ("a. One thing.\n\nb. Two.", "(a) One thing.\n(b) Two."),
        ("- One thing.\n- Two.", "* One thing.\n\n* Two."),
        ("the 2022–2025 school years", "the 2022-2025\nschool years"),
    ],
)
def test_reflowed_and_retyped_style_changes_no_origin(old: str, new: str) -> None:
    chain = Chain.from_texts([("A", new)], base=old)
    assert {r.label for s in chain.blame("A") for r in s.origin.candidates} == {"base"}
    assert chain.diff("base", "A").hunks == ()


@pytest.mark.parametrize(("old", "new"), [("Shall", "shall"), ("five", "fine"), ("may", "may not")])
def test_one_letter_is_a_change(old: str, new: str) -> None:
    chain = Chain.from_texts([("A", f"It {new} be")], base=f"It {old} be")
    assert len(chain.diff("base", "A").hunks) == 1


def test_a_figure_changes_with_its_number_word() -> None:
    chain = Chain.from_texts([("A", "up to three (3) members")], base="up to five (5) members")
    (hunk,) = chain.diff("base", "A")
    assert (hunk.struck.strip(), hunk.inserted.strip()) == ("five (5)", "three (3)")


def test_without_a_base_the_base_is_a_candidate() -> None:
    chain = Chain.from_texts([("A", None), ("B", "All words.")])
    (span,) = chain.blame("B")
    assert [r.label for r in span.origin.candidates] == ["base", "A", "B"]
    assert (span.origin.rests_on, span.origin.certain) == ("unknown", False)
    assert span.origin.first_seen.label == "B"


def test_an_empty_base_makes_everything_proposed() -> None:
    chain = Chain.from_texts([("A", "All words.")], base="")
    (span,) = chain.blame("A")
    assert [r.label for r in span.origin.candidates] == ["A"]
    assert span.origin.rests_on == "filed"


def test_striking_everything_and_an_empty_counter_are_legitimate() -> None:
    text = "1.0 The District shall pay.\n\n2.0 The union shall thank it."
    chain = Chain.from_texts([("A", text), ("B", ""), ("C", text)], base="")
    assert len(chain.blame("B")) == 0
    assert chain.diff("A", "B").hunks[0].struck == text
    assert {r.label for s in chain.blame("C") for r in s.origin.candidates} == {"A"}
    gone = chain.blame("B", struck=True)
    assert "".join(span.text for span in gone) == text
    assert all(span.struck for span in gone)


def test_a_struck_passage_is_found_and_said_to_be_gone() -> None:
    chain = Chain.from_texts([("A", "x y wholly new z"), ("B", "x y z")], base="x y z")
    (passage,) = chain.who("Wholly NEW").passages
    assert not passage.stands
    assert not passage.exact
    assert [place.revision.label for place in passage.places] == ["A"]
    assert kinds(passage.spans[0].history) == [("proposed", "A"), ("struck", "B")]


@pytest.mark.parametrize(
    "asked",
    ["wi-fi speed", "WI‑FI   speed", "wi fi\nspeed", "“wi-fi speed”", "wifi speed"],
)
def test_style_does_not_hide_a_wording(asked: str) -> None:
    chain = Chain.from_texts([("A", "The wi-fi speed, as posted.")])
    (passage,) = chain.who(asked).passages
    assert passage.exact == (asked == "wi-fi speed")
    assert passage.text == "wi-fi speed"


def test_exact_matches_come_first_and_parts_of_words_do_not_count() -> None:
    chain = Chain.from_texts([("A", "AGREED hours. agreed hours. disagreed hours.")])
    assert [p.text for p in chain.who("agreed hours").passages] == ["agreed hours", "AGREED hours"]


def test_near_misses_are_offered_as_such() -> None:
    chain = Chain.from_texts([("A", "Meetings may be held as needed. Other words stand here.")])
    answer = chain.who("meetngs might be held")
    assert not answer
    assert answer.near[0].place.text == "Meetings may be held as needed."


def test_revisions_are_named_in_many_ways() -> None:
    chain = Chain.from_texts([("RVTA Counter 6-17-25", "a"), ("District Counter 8-20-25", "b")])
    for which in (1, "1", "#1", "RVTA Counter 6-17-25", "rvta", "RVTA Counter 6/17/2025"):
        assert chain.text(which) == "a"
    assert chain.text(chain.revision(2)) == "b"
    with pytest.raises(AskError):
        chain.text("counter")
    with pytest.raises(NotFoundError):
        chain.text("nothing like it")
    with pytest.raises(NotOnFileError):
        chain.text("base")


def test_a_rung_that_is_not_on_file_has_no_text() -> None:
    chain = Chain.from_texts([("A", None)])
    for ask in (chain.text, chain.blame, chain.paper):
        with pytest.raises(NotOnFileError):
            ask("A")
    assert chain.last is None
    assert not chain.who("anything")
    assert [r.label for r in chain.who("anything").not_on_file] == ["A"]


def test_bad_chains_are_refused() -> None:
    with pytest.raises(ConflictError):
        Chain.from_texts([("A", "x"), ("A", "y")])
    with pytest.raises(PaperError, match="lone surrogate"):
        Chain.from_texts([("A", "x\ud800")])


def test_an_empty_chain_can_be_asked() -> None:
    chain = Chain.from_texts([])
    assert list(chain) == []
    assert not chain.who("x")


def test_marks_in_plain_texts_are_words() -> None:
    chain = Chain.from_texts([("A", "~~old~~ **new**")])
    assert chain.text("A") == "~~old~~ **new**"


# Papers with marks.


def marked(text: str) -> bargaining.Paper:
    return bargaining.read(text.encode(), name="x.md")


PAPER = """\
1.0 The District shall ~~promptly~~ **within five (5) days** notify the union. Other words stay.

2.0 The committee shall meet ~~once a month~~ twice a year. Its minutes are kept.
"""


def labels(revisions: tuple[Revision, ...]) -> list[str]:
    return [revision.label for revision in revisions]


def test_the_marks_of_the_first_paper_declare_the_base() -> None:
    chain = Chain.from_papers([("A 1", None), ("B 2", marked(PAPER))])
    assert chain.base_known == "declared"
    assert chain.declared_by is not None
    assert chain.text("base").startswith("1.0 The District shall promptly notify the union.")
    stays = chain.who("Other words stay").passages[0].spans[0].origin
    assert (labels(stays.candidates), stays.rests_on) == (["base"], "declared")
    new = chain.who("within five (5) days").passages[0].spans[0].origin
    assert labels(new.candidates) == ["A 1", "B 2"]
    gone = chain.who("promptly").passages[0]
    assert (gone.stands, labels(gone.spans[0].origin.candidates)) == (False, ["base"])
    assert [(e.kind, labels(e.candidates)) for e in gone.spans[0].history] == [
        ("struck", ["A 1", "B 2"])
    ]


def test_words_in_doubt_are_not_certain() -> None:
    chain = Chain.from_papers([("A 1", None), ("B 2", marked(PAPER))])
    origin = chain.who("twice a year").passages[0].spans[0].origin
    assert labels(origin.candidates) == ["base", "A 1", "B 2"]
    assert origin.doubt is not None
    assert origin.doubt.kind == "unmarked-replacement"
    sure = chain.who("Its minutes are kept").passages[0].spans[0].origin
    assert labels(sure.candidates) == ["base"]


def test_a_filed_base_settles_what_marks_left_in_doubt() -> None:
    base = marked(
        "1.0 The District shall promptly notify the union. Other words stay.\n\n"
        "2.0 The committee shall meet once a month. Its minutes are kept."
    )
    chain = Chain.from_papers([("A 1", None), ("B 2", marked(PAPER))], base=base)
    origin = chain.who("twice a year").passages[0].spans[0].origin
    assert (labels(origin.candidates), origin.rests_on) == (["A 1", "B 2"], "filed")


def test_marks_against_a_text_on_file_declare_no_base() -> None:
    first = marked(
        "1.0 The District shall promptly notify the union. Other words stay.\n\n"
        "2.0 The committee shall meet once a month. Its minutes are kept."
    )
    chain = Chain.from_papers([("A 1", first), ("B 2", marked(PAPER))])
    assert chain.base_known == "unknown"


def test_a_later_paper_s_marks_cannot_tell_the_base_from_the_rungs_before() -> None:
    first = marked("1.0 The District shall notify the union. Other words stay.")
    chain = Chain.from_papers([("A 1", first), ("B 2", None), ("C 3", marked(PAPER))])
    assert chain.base_known == "declared"
    stays = chain.who("Other words stay").passages[0].spans[0].origin
    assert labels(stays.candidates) == ["base", "A 1"]
    new = chain.who("within five (5) days").passages[0].spans[0].origin
    assert labels(new.candidates) == ["B 2", "C 3"]
    minutes = chain.who("Its minutes are kept").passages[0].spans[0].origin
    assert labels(minutes.candidates) == ["base", "B 2", "C 3"]


def test_wording_known_only_from_marks_is_found() -> None:
    first = marked("1.0 The District shall notify the union.")
    later = marked("1.0 The District shall notify the union ~~by certified mail~~.")
    chain = Chain.from_papers([("A 1", first), ("B 2", None), ("C 3", later)], base=first)
    (passage,) = chain.who("by certified mail").passages
    assert passage.marked_only
    assert not passage.stands
    assert labels(passage.spans[0].origin.candidates) == ["B 2", "C 3"]
    assert chain.who("by certified mail").present_in == ()


def test_a_mark_inside_a_word_is_kept_to_the_letter() -> None:
    chain = Chain.from_papers([("A 1", marked("The act is **un**lawful, and ~~un~~fair is it."))])
    assert chain.text("A 1") == "The act is unlawful, and fair is it."
    assert chain.text("base") == "The act is lawful, and unfair is it."
    assert chain.blame("A 1").text == chain.text("A 1")
    origin = chain.who("unlawful").passages[0].spans[0].origin
    assert labels(origin.candidates) == ["A 1"]


def test_what_a_paper_strikes_may_come_from_any_paper_before_it_that_is_missing() -> None:
    base = marked("1.0 A member shall be granted leave.")
    second = marked("1.0 A member shall be granted leave ~~with full pay and benefits~~.")
    third = marked("1.0 A member shall be granted leave with full pay and benefits.")
    chain = Chain.from_papers([("A 1", None), ("B 2", second), ("C 3", third)], base=base)
    origin = chain.who("with full pay and benefits").passages[0].spans[0].origin
    assert labels(origin.candidates) == ["A 1", "C 3"]


def test_words_of_another_clause_do_not_lend_their_origin() -> None:
    meet = "4.0 The Union and the District shall meet."
    other = "5.0 The District shall notify the Union of any change"
    chain = Chain.from_texts(
        [
            ("A", meet),
            ("B", f"4.0 The district and the union Shall meet; if time allows.\n\n{other}."),
            ("C", meet),
        ],
        base="4.0 The District and the Union may meet.",
    )
    spans = [span for span in chain.blame("B") if span.clause == "5.0"]
    assert "".join(span.text for span in spans).startswith(other)
    for span in spans:  # "the District shall" was struck there, too, and is perhaps that
        assert span.origin.candidates[-1].label == "B" or span.text == "."
        assert span.origin.certain or span.text.strip() in {"The", "District shall"}


def test_a_clause_that_is_moved_and_moved_back_was_never_struck() -> None:
    leave, keys = "Teachers may leave campus during lunch.", "Keys are kept by the office manager."
    pay = "Substitutes are paid the hourly rate of pay."
    orders = (leave, keys, pay), (pay, keys, leave)
    order = ["\n\n".join(f"{n}.0 {row}" for n, row in enumerate(rows, 1)) for rows in orders]
    chain = Chain.from_texts([("A 1-1-25", order[1]), ("B 2-1-25", order[0])], base=order[0])
    for wording in ("Teachers may leave", "Keys are kept"):
        (passage,) = chain.who(wording).passages
        assert [event.kind for event in passage.spans[0].history] == ["moved", "moved"]
        (found,) = chain.explain(2, wording)
        assert [step.kind for step in found.evidence] == ["first seen", "moved", "moved"]
    gone = order[1].replace(leave, "None.")
    chain = Chain.from_texts(
        [("A 1-1-25", order[1]), ("B 2-1-25", gone), ("C 3-1-25", order[0])], base=order[0]
    )
    (passage,) = chain.who("Teachers may leave").passages
    assert [e.kind for e in passage.spans[0].history] == ["moved", "struck", "restored"]


def test_words_that_never_stood_beside_their_neighbour_are_new() -> None:
    texts = ["Staff at school meet daily.", "Staff meet daily.", "Staff school boards meet daily."]
    labels = ["U 1-1-25", "D 2-1-25", "D 3-1-25"]
    chain = Chain.from_texts(list(zip(labels, texts, strict=True)), base="Staff meet daily.")
    (found,) = chain.explain(3, "school boards")
    assert [revision.label for revision in found.span.origin.candidates] == ["D 3-1-25"]


def test_a_short_sentence_moved_in_its_clause_is_moved() -> None:
    first, second = "Attendance is required.", "Notice shall be given by the principal to all."
    chain = Chain.from_texts([("A", f"3.0 {first} {second}")], base=f"3.0 {second} {first}")
    assert {r.label for s in chain.blame("A") for r in s.origin.candidates} == {"base"}
    moved = [run for run in chain.diff("base", "A").runs if run.moved]
    assert [(run.kind, run.moved) for run in moved] == [("inserted", "3.0"), ("struck", "3.0")]


def test_struck_words_are_shown_where_they_stood_and_moved_ones_are_not_struck() -> None:
    row = "c. Each librarian shall have two days of release time in each year."
    books = "3.0 Books are kept in the library, and lent to students and staff of the school."
    chain = Chain.from_texts(
        [("A", f"2.0 Hours are posted.\n\n{books}\n\n{row}")],
        base=f"2.0 Hours are always posted.\n\n{row}\n\n{books}",
    )
    struck = [span for span in chain.blame("A", struck=True) if span.struck]
    assert [(span.text.strip(), span.clause) for span in struck] == [("always", "2.0")]


def test_doubts_that_the_texts_settle_are_left_out() -> None:
    base = marked("1.0 The District shall promptly notify the union.")
    paper = marked("1.0 The District shall ~~promptly~~ notify the union.")
    chain = Chain.from_papers([("A 1", paper)], base=base)
    assert chain.doubts == ()
    assert [doubt.kind for doubt in chain.paper("A 1").doubts] == ["unmarked-replacement"]
    assert [r.doubt.kind for r in Chain.from_papers([("A 1", paper)]).doubts] == [
        "unmarked-replacement"
    ]


def test_later_papers_do_not_make_an_origin_more_certain_than_it_was() -> None:
    """What an earlier paper strikes is compared with the words as they came in."""

    def kept(text: str) -> Paper:
        return Paper("text", (Run("kept", text),))

    struck = (Run("kept", "Keys are kept"), Run("struck", " bravo charlie delta"), Run("kept", "."))
    papers: list[tuple[str, Paper | None]] = [
        ("U 1-1-25", None),
        ("D 2-1-25", Paper("markdown", struck)),
        ("U 3-1-25", kept("Keys are kept alpha bravo charlie delta echo.")),
    ]
    later = ("D 4-1-25", kept("Keys are kept alpha bravo."))
    for every in (papers, [*papers, later]):
        chain = Chain.from_papers(every, base=kept("Keys are kept."))
        (found,) = {
            tuple(revision.rung for revision in span.origin.candidates)
            for span in chain.blame(3)
            if not span.origin.candidates[0].is_base
        }
        assert found == (1, 3)
