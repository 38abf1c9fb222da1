"""Odds: words that are like struck ones are new, known, or perhaps either, as was measured."""

import pytest
from hypothesis import given

from bargaining import Chain
from bargaining.weave import odds
from bargaining.weave.odds import Measured
from bargaining.writers.sentences import evidence_words, origin_words
from strategies import WORDS, related_texts

BASE = "1.0 Lamps are replaced. Rooms are cleaned.\n\n2.0 Desks are provided."
FIRST = BASE.replace("replaced", "replaced within ten days")
LAST = BASE.replace("provided", "provided within ten days")


@pytest.mark.parametrize(("words", "counted"), [(2, 2), (3, 3), (4, 4), (8, 4), (9, 9), (40, 9)])
def test_sizes_are_counted_together(words: int, counted: int) -> None:
    found = odds.kind(words, when="now", rare=7, place="edge", struck=False)
    assert (found.words, found.rare) == (counted, 2)


@pytest.mark.parametrize(
    ("seen", "new", "share"), [(0, 0, 0.5), (98, 98, 0.99), (98, 0, 0.01), (8, 8, 0.9)]
)
def test_what_was_seen_seldom_is_trusted_less(seen: int, new: int, share: float) -> None:
    assert Measured(seen, new).odds == pytest.approx(share)


def test_a_kind_that_never_came_up_is_in_doubt() -> None:
    unseen = odds.kind(9, when="here", rare=2, place="all", struck=True)
    assert odds.measured(unseen) == Measured(0, 0)
    assert odds.are_new(unseen) is None


def test_the_same_few_words_again_may_be_the_same_proposal() -> None:
    labels = ("UTLA Proposal 2-18-25", "District Counter 5-19-25", "UTLA Proposal 6-17-25")
    chain = Chain.from_texts(list(zip(labels, (FIRST, BASE, LAST), strict=True)), base=BASE)
    (passage,) = [p for p in chain.who("within ten days").passages if p.stands]
    (span,) = passage.spans
    assert [r.label for r in span.origin.candidates] == [labels[0], labels[2]]
    assert span.origin.perhaps_new is not None
    assert origin_words(span.origin, "2.0", ()) == (
        "may be new in UTLA Proposal 6-17-25, or words that were struck and are used again; so it "
        "may come from UTLA Proposal 2-18-25 or UTLA Proposal 6-17-25"
    )
    (found,) = chain.explain(3, "within ten days")
    assert [step.kind for step in found.evidence] == ["perhaps", "open"]
    assert evidence_words(found.evidence[0]) == (
        "New in UTLA Proposal 6-17-25, clause 2.0, or 3 words in a row that stood in clause 1.0 "
        "and were struck; all 13 words like these that were measured were new, but they are few."
    )


@given(related_texts(WORDS))
def test_words_that_are_perhaps_new_have_their_own_revision_among_the_candidates(
    texts: list[str],
) -> None:
    chain = Chain.from_texts([(f"RTA Counter {n}-5-25", text) for n, text in enumerate(texts, 1)])
    for which in range(1, len(chain) + 1):
        annotation = chain.blame(which)
        assert "".join(span.text for span in annotation) == texts[which - 1]
        for span in annotation:
            if span.origin.perhaps_new is not None:
                assert span.origin.perhaps_new in span.origin.candidates
                assert len(span.origin.candidates) > 1
                assert span.origin.perhaps_new.rung <= which


def test_words_that_may_be_of_two_say_where_they_would_be_new() -> None:
    """Struck words, written again elsewhere in another case: the struck ones, or new ones."""
    chain = Chain.from_texts(
        [("UTLA Proposal 2-18-25", "1.0 The library shall open on Saturdays where funds allow.")],
        base="1.0 Where funds allow, the library shall open on Saturdays.",
    )
    (found,) = chain.explain(1, "where funds allow")
    assert [r.label for r in found.span.origin.candidates] == ["base", "UTLA Proposal 2-18-25"]
    assert found.span.origin.perhaps_new is not None
    assert found.span.origin.perhaps_new.label == "UTLA Proposal 2-18-25"
    assert chain.blame(1).spans[0].origin.perhaps_new is None
