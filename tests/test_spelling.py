"""Spelling: what is equal to the reader is equal, and no visible character is cut."""

import re
from itertools import accumulate
from unicodedata import normalize

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Chain
from bargaining.text import spelling
from bargaining.text.spelling import alike, alike_at_end, clusters, cut_at, edition, form_of, spell
from bargaining.text.words import cut, fold
from bargaining.views.redline import set_text
from strategies import CLUSTERS, clustered, respelled

# One spelling, another, and whether a reader takes them for the same.
SPELLINGS = [
    # Canonically equal text.
    ("José Peña", "Jose\u0301 Pen\u0303a", True),
    ("\u1ec7", "e\u0323\u0302", True),
    ("\u1ec7", "e\u0302\u0323", True),
    ("각하", "\u1100\u1161\u11a8\u1112\u1161", True),
    ("5 Å", "5 \u212b", True),
    ("5 Ω", "5 \u2126", True),
    ("300 K", "300 \u212a", True),
    ("豈", "\uf900", True),
    ("\u1e9b", "\u017f\u0307", True),
    ("क़", "\u0958", True),
    ("is it?", "is it\u037e", False),  # one after the other, `?` and a Greek question mark
    ("this; that", "this\u037e that", True),
    ("José", "Jose", False),
    ("Peña", "Pena", False),
    ("각", "간", False),
    # What is not seen.
    ("Cooperation", "Co\xadopera\xadtion", True),
    ("matters", "mat\u200bters", True),
    ("matters", "mat\u2060ters", True),
    ("matters", "\ufeffmatters", True),
    ("the matters", "the\u200b matters\u200b", True),
    ("may", "\u2066may\u2069", True),
    ("may", "\u200emay\u200f", True),
    ("may", "\u202amay\u202c", True),
    ("may", "\u202eyam\u202c", False),  # an override turns the order of the letters
    ("می\u200cخواهم", "میخواهم", True),
    ("क्ष", "क्\u200dष", True),
    ("❤️", "❤", True),
    ("葛\U000e0100", "葛", True),
    ("1.0 Rooms", "\ufeff1.0\u200b Rooms", True),
    ("re-sign", "resign", False),
    ("cooperation", "co operation", False),
    # Ligatures and width forms.
    ("find the office", "ﬁnd the oﬃce", True),
    ("flat staff baffle", "ﬂat staﬀ baﬄe", True),
    ("first", "ﬁrﬅ", True),
    ("best", "beﬆ", True),
    ("Article 12", "Ａｒｔｉｃｌｅ　１２", True),
    ("(3) days", "（３） days", True),
    ("ガス", "ｶﾞｽ", True),
    ("Article VIII", "Article Ⅷ", True),
    ("سلام", "ﺳﻼﻡ", True),
    ("ijs", "ĳs", True),
    ("find", "ﬂnd", False),
    ("A", "a", False),
    ("Ａ", "a", False),
    ("Shall", "shall", False),
    ("l", "1", False),
    ("O", "0", False),
    ("а", "a", False),  # Cyrillic and Latin
    ("٣", "3", False),
    ("①", "1", False),
    ("㎡", "m2", False),
    ("ᄀ", "ㄱ", False),
    # Dashes.
    ("Monday-Friday", "Monday–Friday", True),
    ("Monday-Friday", "Monday—Friday", True),
    ("Monday-Friday", "Monday--Friday", True),
    ("Monday-Friday", "Monday‑Friday", True),
    ("Monday-Friday", "Monday―Friday", True),
    ("Monday-Friday", "Monday - Friday", True),
    ("9-12", "9–12", True),
    ("9-12", "9−12", True),
    ("9-12", "9‒12", True),
    ("$5-$10", "$5 – $10", True),
    ("rooms — all of them", "rooms—all of them", True),
    ("rooms — all of them", "rooms -- all of them", True),
    ("rooms — all of them", "rooms --- all of them", True),
    ("rooms — all of them", "rooms – all of them", True),
    ("rooms — all of them", "rooms\n— all of them", True),
    ("rooms — all of them", "rooms ⸺ all of them", True),
    ("- Rooms\n- Halls", "– Rooms\n– Halls", True),
    ("- Rooms", "— Rooms", True),
    ("well-being", "wellbeing", False),
    ("well-being", "well being", False),
    ("9-12", "912", False),
    ("9-12", "9 12", False),
    ("-5", "5", False),
    # Dots.
    ("wages ... as above", "wages … as above", True),
    ("wages... as above", "wages… as above", True),
    ("wages . . . as above", "wages … as above", True),
    ("wages. ... As above", "wages. … As above", True),
    ("wages.... As above", "wages…. As above", True),
    ("wages. . . . As above", "wages.… As above", True),
    ("Rooms ........ 5", "Rooms .................. 5", True),
    ("1. ... and", "1. … and", True),
    ("a. . . . and", "a. … and", True),
    ("x. . . and", "x… and", True),
    ("wages.", "wages…", False),
    ("wages..", "wages…", False),
    ("wages.", "wages....", False),
    # Fractions and raised signs.
    ("1/2 day", "½ day", True),
    ("1/2 day", "1⁄2 day", True),
    ("1/2 day", "¹⁄₂ day", True),
    ("1 1/2 days", "1½ days", True),
    ("1 1/2 days", "1¹⁄₂ days", True),
    ("a 3/4-day", "a ¾-day", True),
    ("(1/8)", "(⅛)", True),
    ("$1/2 and 1/2%", "$½ and ½%", True),
    ("1 1/2 days", "11/2 days", False),
    ("1½", "½", False),
    ("½", "¼", False),
    ("10th", "10ᵗʰ", True),
    ("1st and 2nd", "1ˢᵗ and 2ⁿᵈ", True),
    ("1º", "1o", True),
    ("10²", "102", False),
    ("10²", "10", False),
    ("H₂O", "H2O", False),
    ("staff¹", "staff1", False),
    ("Reader™", "ReaderTM", False),
    # Quotes.
    ('the "District"', "the “District”", True),
    ('the "District"', "the „District“", True),
    ('the "District"', "the «District»", True),
    ('the "District"', "the ``District''", True),
    ('the "District"', "the ''District''", True),
    ('the "District"', "the ″District″", True),
    ('the "District"', "the ＂District＂", True),
    ("the 'District'", "the ‘District’", True),
    ("the 'District'", "the ‚District‘", True),
    ("the 'District'", "the ‹District›", True),
    ("the 'District'", "the `District'", True),
    ("the District's", "the District’s", True),
    ("the District's", "the District′s", True),
    ("don't", "donʼt", True),
    ('"District"', "'District'", False),
    ("District's", "Districts", False),
    # Spaces.
    ("five days", "five\xa0days", True),
    ("five days", "five\u202fdays", True),
    ("five days", "five \u2003\tdays", True),
    ("five days", "fivedays", False),
]


@pytest.mark.parametrize(("one", "other", "equal"), SPELLINGS)
def test_words_that_are_equal_to_the_reader_have_equal_keys(
    one: str, other: str, *, equal: bool
) -> None:
    assert (cut(one).keys == cut(other).keys) is equal
    if not one.startswith(("- ", "1. ", "a. ", "x. ")):  # no line starts there
        within = [f"3.0 The aide. {text} And more." for text in (one, other)]
        assert (cut(within[0]).keys == cut(within[1]).keys) is equal


TELLABLE = [(one, other) for one, other, equal in SPELLINGS if equal and fold(one)]


@pytest.mark.parametrize(("one", "other"), TELLABLE)
def test_a_wording_is_found_in_every_spelling_whichever_is_asked_for(one: str, other: str) -> None:
    texts = [f"The District. {text}, it says." for text in (one, other)]
    chain = Chain.from_texts([("RTA Proposal 1", texts[0]), ("District Counter 2", texts[1])])
    for wording in (one, other):
        answer = chain.who(wording)
        assert [r.rung for r in answer.present_in] == [1, 2]


DIFFERENT = [
    (one, other)
    for one, other, equal in SPELLINGS
    if not equal and fold(one) != fold(other) and not {*cut(other).keys} <= {*cut(one).keys}
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_wording_is_not_found(one: str, other: str) -> None:
    chain = Chain.from_texts([("RTA Proposal 1", f"So {one} it says.")])
    assert not chain.who(other)
    assert chain.who(one)


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("Jose\u0301 Ruiz", "Jose"),
        ("José Ruiz", "Jose"),
        ("the oﬃ", "the of"),
        ("각하", "가"),
        ("ครูสี่คน", "ส"),
        ("ครูสี่คน", "สี"),
        ("Rooms 👨‍👩‍👧 open", "👨"),
        ("Rooms 👍🏿 open", "👍"),
        ("Fly 🇺🇳🇺🇸", "🇳🇺"),
        ("क्षमा", "क"),
    ],
)
def test_a_part_of_a_visible_character_is_no_wording(text: str, wording: str) -> None:
    assert not Chain.from_texts([("RTA Proposal 1", text)]).who(wording)


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("ครูสี่คน", "สี่"),
        ("Rooms 👨‍👩‍👧 open", "👨‍👩‍👧"),
        ("the שָׁלוֹם of", "שלום"),
        ("by — all", "--"),
        ("well-being of", "well"),
        ("the Co\xadop rules", "coop"),
        ("on 🇺🇳🇺🇸", "🇺🇸"),
    ],
)
def test_whole_characters_are_found(text: str, wording: str) -> None:
    assert Chain.from_texts([("RTA Proposal 1", text)]).who(wording)


# Any text.


@given(respelled())
def test_a_text_spelled_otherwise_has_the_same_words(pair: tuple[str, str]) -> None:
    text, other = pair
    assert cut(text).keys == cut(other).keys
    for one in pair:
        words = cut(one)
        assert "".join(words.slice(n, n + 1) for n in range(len(words))) == one


@given(respelled())
def test_a_paper_spelled_otherwise_proposes_nothing(pair: tuple[str, str]) -> None:
    rungs = [("RTA Proposal 1", pair[0]), ("District Counter 2", pair[1])]
    chain = Chain.from_texts(rungs, base="")
    assert chain.diff(1, 2).hunks == ()
    assert {r.rung for span in chain.blame(2) for r in span.origin.candidates} <= {1}
    assert chain.text(2) == pair[1]


@given(st.lists(st.sampled_from(CLUSTERS), max_size=12).map("".join))
def test_words_end_where_visible_characters_end(text: str) -> None:
    ends = set(boundaries(text))
    words = cut(text)
    assert ends.issuperset(words.bounds)
    assert ends.issuperset(words.ends)


@given(clustered(), clustered(), st.booleans())
def test_no_mark_of_a_redline_stands_inside_a_visible_character(
    old: str, new: str, is_backwards: bool
) -> None:
    chain = Chain.from_texts([("RTA Proposal 1", old), ("District Counter 2", new)])
    found = chain.redline(2, 1) if is_backwards else chain.redline(1, 2)
    wanted = [set_text(text, exact=False) for text in (old, new)]
    for kinds, text in zip(
        ({"kept", "struck"}, {"kept", "inserted"}),
        wanted[:: -1 if is_backwards else 1],
        strict=True,
    ):
        runs = [run.text for run in found if run.kind in kinds]
        assert "".join(runs) == text
        assert set(boundaries(text)).issuperset(accumulate(map(len, runs)))


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_is_alike_at_an_end_is_whole_characters(one: str, other: str) -> None:
    start, end = alike(one, other), alike_at_end(one, other)
    assert one[:start] == other[:start]
    assert one[len(one) - end :] == other[len(other) - end :]
    assert start in boundaries(one)
    assert len(one) - end in boundaries(one)


@given(st.text(max_size=20), st.integers(-3, 25))
def test_a_text_is_shortened_by_whole_characters(text: str, at: int) -> None:
    found = cut_at(text, at)
    assert found == max(n for n in boundaries(text) if n <= max(at, 0))


def boundaries(text: str) -> list[int]:
    return [0, *accumulate(len(found) for found in regex.findall(r"\X", text))]


# Shortcuts.


def test_characters_taken_one_by_one_have_the_form_that_they_have_among_others() -> None:
    plain = [c for c in map(chr, range(0x110000)) if re.fullmatch(spelling._PLAIN, c)]  # noqa: SLF001
    assert [c for c in plain if c.translate(spelling._FORMS) != form_of(c)] == []  # noqa: SLF001
    assert [c for c in plain if len(form_of(c)) != 1] == []


def test_characters_taken_one_by_one_join_no_others() -> None:
    apart = [c for c in map(chr, range(0x110000)) if re.fullmatch(spelling._SEPARATE, c)]  # noqa: SLF001
    text = "".join(apart)
    assert len(regex.findall(r"\X", text)) == len(text)
    assert len(regex.findall(r"\X", "a".join(apart))) == 2 * len(text) - 1


@given(st.text(st.sampled_from([*"🇺🇸\u200d\u1b44\u0301\u0903\u0600क्a👨\u1100\u1161"]), max_size=12))
def test_flags_are_told_as_the_library_tells_them(text: str) -> None:
    assert list(clusters(text)) == regex.findall(r"\X", text)


def test_most_text_needs_no_library() -> None:
    assert edition("The District’s “may” — José, ½ day, ﬁnd, §5 • 学校") == ""
    assert edition("Jose\u0301") == regex.__version__
    assert list(clusters("ab")) == ["a", "b"]


@given(st.text())
def test_a_skeleton_has_one_sign_for_each_form(text: str) -> None:
    read = spell(text)
    assert len(read.at) == len(read.skeleton) + 1
    assert list(read.at) == sorted(set(read.at)) or not text
    assert read.at[-1] == len(text)


@given(st.text())
def test_canonically_equal_texts_are_equal(text: str) -> None:
    forms = {
        (cut(one).keys, fold(one)) for one in (text, normalize("NFC", text), normalize("NFD", text))
    }
    assert len(forms) == 1
