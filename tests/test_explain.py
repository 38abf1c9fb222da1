"""Explain: what an origin rests on, told step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import AskError, Chain, Evidence, NotFoundError
from bargaining.writers.sentences import evidence_words, explanation_words
from strategies import related_texts

KEYS = " Keys are kept by the office."
BASE = "1.0 Keys are kept by the office. Lamps are replaced on request within a week of it."
ROOM = " Counselors shall have a private room for their meetings."
MORE = "\n\n2.0 Desks are provided by the District, one each."


def chain() -> Chain:
    return Chain.from_texts(
        [
            ("Union Proposal 1-1-25", BASE + ROOM + MORE),
            ("District Counter 2-1-25", BASE.replace(" by the office", "") + MORE),
            ("Union Proposal 3-1-25", BASE + MORE),
            ("District Verbal Offer 3-9-25", None),
            ("Union Proposal 4-1-25", BASE.replace(KEYS, "") + MORE + ROOM + KEYS),
        ],
        base=BASE + MORE,
    )


def kinds(found: tuple[Evidence, ...]) -> list[tuple[str, int]]:
    return [(step.kind, step.revision.rung) for step in found]


def test_every_way_back_is_told_with_what_it_is_known_by() -> None:
    (office,) = chain().explain(3, "by the office")
    assert kinds(office.evidence) == [("first seen", 0), ("struck", 2), ("back in its place", 3)]
    back = office.evidence[-1]
    assert (back.words, back.whole) == (3, False)
    assert (back.before, back.after) == ("Keys are kept", ". Lamps are")
    (room,) = chain().explain(5, "private room")
    assert kinds(room.evidence) == [("first seen", 1), ("struck", 2), ("back elsewhere", 5)]
    assert (room.evidence[-1].words, room.evidence[-1].whole) == (10, True)
    (keys,) = chain().explain(5, "Keys are kept")
    assert kinds(keys.evidence) == [("first seen", 0), ("moved", 5)]


def test_what_leaves_an_origin_open_is_told() -> None:
    texts = [("A 1-1-25", "One word."), ("B 2-1-25", None), ("C 3-1-25", "One new word.")]
    (new,) = Chain.from_texts(texts).explain("C 3-1-25", "new")
    assert kinds(new.evidence) == [("first seen", 3), ("open", 3)]
    lines = list(explanation_words(new, [new.span.origin.candidates[0]]))
    assert lines[-2:] == [
        "Not certain: it may come from B 2-1-25 or C 3-1-25.",
        "Why it is not certain: B 2-1-25 is not on file.",
    ]


def test_evidence_is_said_in_sentences() -> None:
    (room,) = chain().explain(5, "private room")
    back = (
        "Back in Union Proposal 4-1-25, clause 2.0: a whole sentence (10 words in a row), struck "
        "before in clause 1.0, between “one each.” and “Keys are kept”."
    )
    assert [evidence_words(step) for step in room.evidence] == [
        "First seen in Union Proposal 1-1-25, clause 1.0.",
        "Struck by District Counter 2-1-25, clause 1.0.",
        back,
    ]
    (keys,) = chain().explain(5, "Keys are kept")
    assert evidence_words(keys.evidence[-1]) == (
        "Moved by Union Proposal 4-1-25, clause 2.0: a whole sentence (7 words in a row), struck "
        "in clause 1.0 and inserted here."
    )


def test_what_cannot_be_explained_is_said() -> None:
    with pytest.raises(NotFoundError, match="does not stand in"):
        chain().explain(1, "no such words")
    with pytest.raises(AskError):
        chain().explain(1, "  ")


@given(related_texts(), st.data())
def test_every_word_can_be_explained(texts: list[str], data: st.DataObject) -> None:
    chain = Chain.from_texts([(f"Union Proposal {n}-1-25", t) for n, t in enumerate(texts, 1)])
    rung = data.draw(st.integers(1, len(texts)))
    for word in chain.text(rung).split():
        if not any(character.isalnum() for character in word):
            continue
        for found in chain.explain(rung, word):
            assert found.evidence[0].kind == "first seen" or found.evidence[0].places > 1
            assert all(step.revision.rung <= rung for step in found.evidence)
            assert all(evidence_words(step) for step in found.evidence)
            assert found.span.origin.first_seen.rung <= rung
