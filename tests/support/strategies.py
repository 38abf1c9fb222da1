"""Negotiations whose truth is known, and texts that share much with each other."""

from collections.abc import Sequence
from itertools import pairwise

import attrs
from hypothesis import strategies as st

from bargaining.text.words import Row
from bargaining.weave.strands import Weave
from bargaining.weave.weaver import Weaver


def weave(rows: Sequence[Row]) -> Weave:
    """Weave texts, one after the other."""
    weaver = Weaver()
    for old, new in pairwise([Row((), ()), *rows]):
        weaver.add(old, new)
    return weaver.woven


WORDS = "the District shall pay may not , . ; ( ) 2.0 a. each year students’ “duty” five".split()


@attrs.frozen
class Truth:
    """A negotiation over words that are all different, so that every word is only itself.

    `texts[0]` is the base; `born[word]` is the state that first held it.
    """

    texts: tuple[tuple[str, ...], ...]
    born: dict[str, int]

    def text(self, state: int) -> str:
        """Each word is a sentence of its own, so that it is always only itself."""
        return " ".join(f"{word}." for word in self.texts[state])


@attrs.define
class _Slot:
    word: str
    stands: bool = True


@st.composite
def negotiations(draw: st.DrawFn, *, restoring: bool = False, most: int = 6) -> Truth:
    """Each revision inserts and strikes words, which are never retyped.

    With `restoring`, a revision makes one change, which may bring struck words back to their place,
    and nothing is inserted beside struck words: there, their place would not be known.
    """
    slots: list[_Slot] = []
    born: dict[str, int] = {}
    texts: list[tuple[str, ...]] = []
    for state in range(draw(st.integers(2, most)) + 1):
        for _ in range(1 if restoring else draw(st.integers(1, 3))):
            _change(draw, slots, born, state, restoring=restoring)
        texts.append(tuple(slot.word for slot in slots if slot.stands))
    return Truth(tuple(texts), born)


def _change(
    draw: st.DrawFn, slots: list[_Slot], born: dict[str, int], state: int, *, restoring: bool
) -> None:
    turning = draw(st.booleans())
    if slots and turning:
        first = draw(st.integers(0, len(slots) - 1))
        stands = draw(st.booleans()) and restoring
        for slot in slots[first : first + draw(st.integers(1, 5))]:
            slot.stands = stands
        return
    open_ = [
        at for at in range(len(slots) + 1) if all(s.stands for s in slots[max(at - 1, 0) : at + 1])
    ]
    at = draw(st.sampled_from(open_ if restoring and open_ else range(len(slots) + 1)))
    if restoring and not open_:
        return
    for n in range(draw(st.integers(1, 6))):
        word = f"word{len(born)}"
        born[word] = state
        slots.insert(at + n, _Slot(word))


def related_texts(alphabet: Sequence[str] = WORDS) -> st.SearchStrategy[list[str]]:
    """Rows of texts with common beginnings and ends, made of few words, so that much matches."""
    words = st.lists(st.sampled_from(alphabet), max_size=12)
    gaps = st.sampled_from([" ", " ", "\n", "\n\n", "  "])

    @st.composite
    def texts(draw: st.DrawFn) -> list[str]:
        head, tail = draw(words), draw(words)
        rows = draw(st.lists(words, min_size=1, max_size=5))
        return [draw(gaps).join([*head, *row, *tail]) for row in rows]

    return texts()


def agreements(spacing: str = " ") -> st.SearchStrategy[str]:
    """Texts of a few numbered paragraphs over a few words, so that any two share much.

    Args:
        spacing: the characters that may stand between words.
    """
    words = st.sampled_from("the District shall pay “may” 'not' five (5) a. 2.0 • I, -".split())
    gaps = st.text(spacing, min_size=1, max_size=2)
    numbers = st.sampled_from(["", "", "1.0 ", "2.0 ", "a. ", "b. ", "(1) ", "• "])
    rows = st.lists(st.tuples(words, gaps), min_size=1, max_size=8)
    paragraphs = st.builds(
        lambda number, row: number + "".join(word + gap for word, gap in row).strip(), numbers, rows
    )
    joints = st.sampled_from(["\n\n", "\n\n", "\n"] if spacing == " " else ["\n\n"])
    return st.builds(
        lambda found, joint: joint.join(found), st.lists(paragraphs, max_size=6), joints
    )


# Visible characters of every kind, each whole, and what stands between them.
CLUSTERS = (
    *"a b é e\u0301 n\u0303 o\u0323\u0302 A \u212b 각 \u1100\u1161\u11a8 \u1112\u1161".split(),
    *"ส สี่ รู กำ ທີ່ ກຳ ក្រុ ម ខ្ញុំ မြ န် မာ က္က".split(),
    *"हि न्दी क्ष क्\u200dष র্ য ക്ഷ தமி ழ் ක්\u200dෂ".split(),
    *"שָׁ לוֹ م مَ مِّ ﻻ".split(),
    *"🇺🇳 🇺🇸 👨\u200d👩\u200d👧 👍🏿 👍 ❤️ ❤ 1\ufe0f\u20e3 🏴\U000e0067\U000e0062\U000e007f".split(),
    *"学 葛\U000e0100 \U00020000 か\u3099 ｶﾞ ﬁ ½ ² – — -- ... … “ ' ’ ( ) . , \xad \u200b".split(),
    " ",
    " ",
    "\n",
    "\n\n",
    "\r\n",
)


def clustered() -> st.SearchStrategy[str]:
    """Texts of visible characters of every kind, few enough that two texts share many."""
    words = st.lists(st.sampled_from(CLUSTERS[:-5]), min_size=1, max_size=4).map("".join)
    gaps = st.sampled_from([" ", " ", "  ", "\n", "\n\n"])
    pairs = st.lists(st.tuples(words, gaps), max_size=8)
    return pairs.map(lambda found: "".join(word + gap for word, gap in found).strip())


# Ways to write the same, each of several spellings.
_ALIKE = (
    ("-", "–", "—", "--", "‑", "−", " - ", " — ", " -- "),
    (" — ", " – ", "—", " --- "),
    ("...", "…", ". . ."),
    (" 1/2 ", "½ ", " 1⁄2 ", " ¹⁄₂ "),
    (" 3 3/4 ", " 3¾ "),
    ("10th ", "10ᵗʰ "),
    ('"', "“", "”", "„", "«", "''", "``"),
    ("'", "’", "‘", "`", "′"),
    (" ", "\xa0", "\u2009", "  "),
    ("fi", "ﬁ"),
    ("ffl", "ﬄ"),
    ("é", "e\u0301"),
    ("각", "\u1100\u1161\u11a8"),
    ("ñ", "n\u0303"),
    ("Å", "\u212b", "A\u030a"),
    ("5", "５"),
    ("A", "Ａ"),
    *((letter, f"{letter}\xad", f"{letter}\u200b", f"\u2060{letter}") for letter in "abcde"),
    *((sign,) for sign in (" the ", " shall ", " pay", "7", ". ", ", ", " (3) ", "\n", "\n\n1.0 ")),
)


def respelled() -> st.SearchStrategy[tuple[str, str]]:
    """Pairs of texts that a reader takes for the same."""

    @st.composite
    def pairs(draw: st.DrawFn) -> tuple[str, str]:
        rows = draw(st.lists(st.sampled_from(_ALIKE), min_size=1, max_size=14))
        # A letter between them, so that no sign joins the next to a row of its own.
        one, other = ("".join(f"{draw(st.sampled_from(row))}x" for row in rows) for _ in range(2))
        return f"The {one}.", f"The {other}."

    return pairs()
