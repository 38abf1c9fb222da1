"""Marks: which words are struck, inserted or kept, and who owns the spacing around them."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Paper, PaperError, Run, read
from bargaining.readers import marks
from effort import growth

SIGNS = {"kept": "{}", "struck": "[-{}-]", "inserted": "{{+{}+}}", "dropped": "[-{{+{}+}}-]"}


def shown(runs: Sequence[Run]) -> str:
    """Runs as one line: `[-struck-]`, `{+inserted+}`, `[-{+dropped+}-]`."""
    return "".join(SIGNS[run.kind].format(run.text) for run in runs)


def read_clause(source: str, inserted_by: Sequence[str] | None = None) -> Paper:
    return read(f"1.0 The {source}".encode(), name="paper.md", inserted_by=inserted_by)


def runs_of(source: str, inserted_by: Sequence[str] | None = None) -> str:
    return shown(read_clause(source, inserted_by).runs).removeprefix("1.0 The ")


def unclosed(source: str) -> list[tuple[int, str]]:
    doubts = read_clause(source).doubts
    return [(d.line, d.message) for d in doubts if d.kind == "unclosed-mark"]


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        # One mark.
        ("aide ~~may~~ shall stay", "aide [-may -]shall stay"),
        ("aide <s>may</s> shall stay", "aide [-may -]shall stay"),
        ("aide <strike>may</strike> shall stay", "aide [-may -]shall stay"),
        ("aide <del>may</del> shall stay", "aide [-may -]shall stay"),
        ("aide <DEL>may</Del> shall stay", "aide [-may -]shall stay"),
        ("aide **shall** stay", "aide {+shall +}stay"),
        ("aide __shall__ stay", "aide {+shall +}stay"),
        ("aide <b>shall</b> stay", "aide {+shall +}stay"),
        ("aide <strong>shall</strong> stay", "aide {+shall +}stay"),
        ("aide <u>shall</u> stay", "aide {+shall +}stay"),
        ("aide <ins>shall</ins> stay", "aide {+shall +}stay"),
        ("aide ++shall++ stay", "aide {+shall +}stay"),
        ("aide ***shall*** stay", "aide {+shall +}stay"),
        # Emphasis that means nothing here.
        ("aide *shall* stay", "aide shall stay"),
        # Several.
        ("aide ~~may~~ **shall** stay", "aide [-may -]{+shall +}stay"),
        ("aide **shall** ~~may~~ stay", "aide {+shall +}[-may -]stay"),
        ("aide ~~may~~**shall** stay", "aide [-may-]{+shall+} stay"),
        ("aide ~~may~~ ~~will~~ stay", "aide [-may will -]stay"),
        ("aide **shall** <u>not</u> stay", "aide {+shall not +}stay"),
        # In each other: what is both is dropped.
        ("aide **shall ~~not~~ always** stay", "aide {+shall +}[-not-]{+always+} stay"),
        ("aide ~~may **never** stay~~ go", "aide [-may never stay -]go"),
        ("aide **~~may~~** stay", "aide [-may -]stay"),
        ("aide ~~**may**~~ **shall** stay", "aide [-may -]{+shall +}stay"),
        ("aide **shall *not* stay** here", "aide {+shall not stay +}here"),
        # In the middle of a word.
        ("aide~~s~~ stay", "aide[-s-] stay"),
        ("aide**s** stay", "aide{+s+} stay"),
        ("~~un~~paid aide", "[-un-]paid aide"),
        ("aide~~s~~**’s** hours", "aide[-s-]{+’s+} hours"),
        # Over the end of a line, but not over the end of a paragraph.
        ("aide **shall\nalways** stay", "aide {+shall\nalways +}stay"),
        ("aide ~~may\nnot~~\nstay", "aide[- may\nnot-]\nstay"),
    ],
)
def test_marks_say_which_words_are_struck_and_which_inserted(source: str, runs: str) -> None:
    assert runs_of(source) == runs
    assert not unclosed(source)


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("aide {++shall++} stay", "aide {+shall +}stay"),
        ("aide {--may--} stay", "aide [-may -]stay"),
        ("aide {~~may~>shall~~} stay", "aide [-may-]{+shall+} stay"),
        ("aide {~~may~>~~} stay {++on++}", "aide [-may -]stay{+ on+}"),
        ("aide {--may--} {++shall++} stay", "aide [-may -]{+shall +}stay"),
        ("aide {==may==} stay {++on++}.", "aide may stay{+ on+}."),
        ("aide {>>who?<<} may stay {++on++}.", "aide may stay{+ on+}."),
        ("aide {++shall {--not--} always++} stay", "aide {+shall +}[-{+not +}-]{+always +}stay"),
        ("aide {++may++} **never** stay", "aide {+may +}never stay"),
        ("aide stays.{++\n\n2.0 The clerk stays.++}", "aide stays.{+\n\n2.0 The clerk stays.+}"),
        # A second arrow, and an arrow of a mark that does not close, are text.
        ("aide {~~may~>shall~>will~~} stay", "aide [-may-]{+shall~>will+} stay"),
        ("aide {++may++} {~~stay~>go", "aide {+may +}{~~stay~>go"),
        ("aide {++may++} go ~> stay", "aide {+may +}go ~> stay"),
    ],
)
def test_criticmarkup_is_read_wherever_it_stands(source: str, runs: str) -> None:
    assert read_clause(source).format == "criticmarkup"
    assert runs_of(source) == runs


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"rate \*\*as posted\*\*", "rate **as posted**"),
        (r"rate \~\~as posted\~\~", "rate ~~as posted~~"),
        (r"C:\new files", r"C:\new files"),
        ("R&amp;D budget", "R&D budget"),
        ("&#167; 4 &#xA7; 5", "§ 4 § 5"),
        ("fee &ge; 5 &nosuch; &region; AT&T;", "fee ≥ 5 &nosuch; &region; AT&T;"),
        ("first<br>second<br/>third", "first\nsecond\nthird"),
        ("first<br>\nsecond", "first\nsecond"),
        ("C++ and C++ courses", "C++ and C++ courses"),
        ("2 * 3 * 4 hours", "2 * 3 * 4 hours"),
        ("2 ** 3 hours", "2 ** 3 hours"),
        ("fee of ____ dollars, or ____", "fee of ____ dollars, or ____"),
        ("file my__own__name is kept", "file my__own__name is kept"),
        ("fee < 5 and > 3", "fee < 5 and > 3"),
        ("[Greening](#) list [x]", "[Greening](#) list [x]"),
        ("first <!-- a **private** note --> second", "first second"),
    ],
)
def test_signs_that_mark_nothing_are_text(source: str, text: str) -> None:
    paper = read_clause(source)
    assert paper.text == f"1.0 The {text}"
    assert not paper.is_marked
    assert not paper.doubts


@pytest.mark.parametrize(
    ("source", "sign"),
    [
        ("aide **shall stay", "**"),
        ("aide ~~may stay", "~~"),
        ("aide <u>shall stay", "<u>"),
        ("aide ++shall stay", "++"),
        ("aide __shall__stay", "__"),
        ("aide <!-- stays", "<!--"),
    ],
)
def test_a_mark_that_does_not_close_is_text_and_is_reported(source: str, sign: str) -> None:
    paper = read_clause(source)
    assert paper.text == f"1.0 The {source}"
    assert not paper.is_marked
    (doubt,) = paper.doubts
    assert (doubt.kind, doubt.line) == ("unclosed-mark", 1)
    assert f"“{sign}”" in doubt.message


def test_a_mark_ends_with_its_paragraph_or_item() -> None:
    source = "1.0 The **aide.\n\n2.0 A ~~clerk** stays.\n- a. One **desk.\n- b. **Two** desks.\n"
    paper = read(source.encode())
    assert shown(paper.runs) == (
        "1.0 The **aide.\n\n2.0 A ~~clerk** stays.\na. One **desk.\nb. {+Two +}desks."
    )
    found = [(d.line, d.message) for d in paper.doubts if d.kind == "unclosed-mark"]
    assert found == [
        (1, "The mark “**” opens at “**aide.” and does not close."),
        (3, "The mark “~~” opens at “~~clerk** stays.” and does not close."),
        (4, "The mark “**” opens at “**desk.” and does not close."),
    ]


def test_a_comment_is_a_note_and_its_signs_are_its_own() -> None:
    paper = read(b"1.0 The {++aide++} {>>we want\n**two** here<<} stays.\n")
    assert shown(paper.runs) == "1.0 The {+aide +}stays."
    assert [(p.kind, p.text, p.line) for p in paper.parts] == [("note", "we want\n**two** here", 1)]
    assert not paper.doubts


def test_marks_after_a_comment_without_end_are_still_read() -> None:
    assert runs_of("aide <!-- note **shall** stay") == "aide <!-- note {+shall +}stay"


@pytest.mark.parametrize("sign", ["<!-- ", "{>> "])
def test_many_comments_without_end_cost_no_more_than_their_share(sign: str) -> None:
    def task(size: int) -> Callable[[], object]:
        source = f"1.0 The {{++aide++}} {sign * size}{'~~a~~ b ' * size}".encode()
        return lambda: read(source, format="criticmarkup")

    assert growth(task, 100) < 2.6


def test_more_signs_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "MOST_SIGNS", 8)
    assert runs_of("~~aide~~ **clerk** and &amp; \\* stay") != ""
    for source in ("~~a~~" * 5, "\\*" * 9, "&amp;" * 9, "~~a~~\n\n1.1 ~~a~~\n\n" * 3):
        with pytest.raises(PaperError, match="more than 8 marks"):
            read_clause(source)


@pytest.mark.parametrize(
    ("inserted_by", "runs"),
    [
        (None, "{+B +}a {+U +}b {+I +}c {+P +}d [-S -]e"),
        (("bold", "underline", "ins", "plus"), "{+B +}a {+U +}b {+I +}c {+P +}d [-S -]e"),
        (("bold",), "{+B +}a U b I c P d [-S -]e"),
        (("underline",), "B a {+U +}b I c P d [-S -]e"),
        (("ins", "plus"), "B a U b {+I +}c {+P +}d [-S -]e"),
        ((), "B a U b I c P d [-S -]e"),
    ],
)
def test_which_marks_insert_can_be_set(inserted_by: Sequence[str] | None, runs: str) -> None:
    source = "__B__ a <u>U</u> b <ins>I</ins> c ++P++ d ~~S~~ e"
    assert runs_of(source, inserted_by) == runs


@pytest.mark.parametrize(
    ("source", "proposed", "base"),
    [
        # Between words.
        ("aide ~~now~~ stays", "aide stays", "aide now stays"),
        ("aide **now** stays", "aide now stays", "aide stays"),
        ("aide ~~now~~ **then** stays", "aide then stays", "aide now stays"),
        ("aide ~~now~~**then** stays", "aide then stays", "aide now stays"),
        ("aide ~~now~~ ~~and~~ stays", "aide stays", "aide now and stays"),
        ("aide **a** ~~b~~ **c** stays", "aide a c stays", "aide b stays"),
        ("aide **~~now~~** stays", "aide stays", "aide now stays"),
        ("aide **a ~~b~~ c** stays", "aide a c stays", "aide b stays"),
        # Before punctuation, and inside brackets and quotes.
        ("aide stays ~~now~~.", "aide stays.", "aide stays now."),
        ("aide stays ~~now~~ **then**.", "aide stays then.", "aide stays now."),
        ("aide ~~now~~, **then** stays", "aide, then stays", "aide now, stays"),
        ("aide stays ~~now~~; he goes", "aide stays; he goes", "aide stays now; he goes"),
        ("aide (~~two~~ **three**) stays", "aide (three) stays", "aide (two) stays"),
        ("aide (~~or~~ clerk) stays", "aide (clerk) stays", "aide (or clerk) stays"),
        ("aide (clerk ~~too~~) stays", "aide (clerk) stays", "aide (clerk too) stays"),
        ("“aide ~~now~~” stays", "“aide” stays", "“aide now” stays"),
        ('"~~old~~ aide" stays', '"aide" stays', '"old aide" stays'),
        ('"aide ~~now~~" stays', '"aide" stays', '"aide now" stays'),
        ("aide ~~(now)~~ stays", "aide stays", "aide (now) stays"),
        # Inside words.
        ("~~un~~paid aide", "paid aide", "unpaid aide"),
        ("aide~~s~~ stay", "aide stay", "aides stay"),
        ("aide~~, clerk~~, desk", "aide, desk", "aide, clerk, desk"),
        ("mid~~-~~day aide", "midday aide", "mid-day aide"),
        # At the end of a line.
        ("aide ~~always~~\nstays", "aide\nstays", "aide always\nstays"),
        ("aide\n~~always~~ stays", "aide\nstays", "aide\nalways stays"),
        ("aide stays\n~~always~~.", "aide stays.", "aide stays\nalways."),
        # At the end of the text.
        ("aide stays ~~now~~", "aide stays", "aide stays now"),
        ("aide stays **now**", "aide stays now", "aide stays"),
        # Spacing under the mark is the drafter's own.
        ("aide ~~now ~~stays", "aide stays", "aide now stays"),
        ("aide~~ now~~ stays", "aide stays", "aide now stays"),
        ("on~~ ~~line aide", "online aide", "on line aide"),
    ],
)
def test_both_readings_are_spaced_as_a_person_would(source: str, proposed: str, base: str) -> None:
    paper = read_clause(source)
    assert (paper.text, paper.base_text) == (f"1.0 The {proposed}", f"1.0 The {base}")


@pytest.mark.parametrize(
    ("source", "proposed", "base"),
    [
        # An item in the middle, at the end and at the start of a list.
        ("1.0 A:\n- a. B\n- ~~b. C~~\n- c. D", "1.0 A:\na. B\nc. D", "1.0 A:\na. B\nb. C\nc. D"),
        (
            "1.0 A:\n- a. B\n- ~~b. C~~\n\n2.0 D",
            "1.0 A:\na. B\n\n2.0 D",
            "1.0 A:\na. B\nb. C\n\n2.0 D",
        ),
        ("1.0 A:\n\n- ~~a. B~~\n- b. C", "1.0 A:\n\nb. C", "1.0 A:\n\na. B\nb. C"),
        (
            "1.0 A:\n 1. B\n 2. ~~C~~\n 3. D",
            "1.0 A:\n 1. B\n 2.\n 3. D",
            "1.0 A:\n 1. B\n 2. C\n 3. D",
        ),
        (
            "1.0 A:\n- ~~a. B~~\n- **a. more C**\n- b. D",
            "1.0 A:\na. more C\nb. D",
            "1.0 A:\na. B\nb. D",
        ),
        # A paragraph in the middle, at the start and at the end of the text.
        ("1.0 A\n\n~~2.0 B~~\n\n3.0 C", "1.0 A\n\n3.0 C", "1.0 A\n\n2.0 B\n\n3.0 C"),
        ("~~1.0 A~~\n\n2.0 B", "2.0 B", "1.0 A\n\n2.0 B"),
        ("1.0 A\n\n~~2.0 B~~", "1.0 A", "1.0 A\n\n2.0 B"),
        ("1.0 A\n\n**2.0 more B**", "1.0 A\n\n2.0 more B", "1.0 A"),
        (
            "1.0 A\n\n~~2.0 B~~\n\n**2.0 more C**\n\n3.0 D",
            "1.0 A\n\n2.0 more C\n\n3.0 D",
            "1.0 A\n\n2.0 B\n\n3.0 D",
        ),
    ],
)
def test_whole_items_and_paragraphs_leave_no_blank_lines(
    source: str, proposed: str, base: str
) -> None:
    paper = read(source.encode())
    assert (paper.text, paper.base_text) == (proposed, base)


Words = list[tuple[str, str]]  # a kind, and words under it


@st.composite
def marked_words(draw: st.DrawFn) -> Words:
    """Words under marks, as a drafter writes them: kept words stand first and last."""
    kinds = draw(st.lists(st.sampled_from(["kept", "struck", "inserted"]), max_size=8))
    words = st.lists(st.sampled_from("aide clerk desk hour shall stay".split()), min_size=1)
    return [(kind, " ".join(draw(words)[:3])) for kind in ("kept", *kinds, "kept")]


@given(marked_words(), st.sampled_from([".", ";", ")", " now", ""]))
def test_readings_of_marked_words_are_what_the_drafter_meant(words: Words, end: str) -> None:
    signs = {"kept": "{}", "struck": "~~{}~~", "inserted": "**{}**"}
    source = "1.0 " + " ".join(signs[kind].format(text) for kind, text in words) + end
    paper = read(source.encode(), inserted_by=["bold"])
    for got, gone in ((paper.text, "struck"), (paper.base_text or paper.text, "inserted")):
        assert got == "1.0 " + " ".join(text for kind, text in words if kind != gone) + end


STRIKES = ("~~{}~~", "<s>{}</s>", "<strike>{}</strike>", "<del>{}</del>")
BOLDS = ("**{}**", "***{}***", "<b>{}</b>", "<strong>{}</strong>")
STRONG = ("<u>{}</u>", "<ins>{}</ins>", "++{}++")


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("bold", BOLDS)
def test_text_that_is_struck_and_bold_is_struck(strike: str, bold: str) -> None:
    around, within = bold.format(strike.format("may")), strike.format(bold.format("may"))
    part = strike.format(f"may {bold.format('well')} now")
    for source in (around, within):
        assert runs_of(f"aide {source} stay") == "aide [-may -]stay", source
    assert runs_of(f"aide {part} stay") == "aide [-may well now -]stay"


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("strong", STRONG)
def test_text_that_is_struck_and_marked_as_inserted_stands_in_neither(
    strike: str, strong: str
) -> None:
    for source in (strong.format(strike.format("may")), strike.format(strong.format("may"))):
        assert runs_of(f"aide {source} stay") == "aide [-{+may +}-]stay", source


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("bold", BOLDS)
def test_text_struck_within_a_longer_stretch_of_bold_is_doubted(strike: str, bold: str) -> None:
    paper = read_clause(f"aide {bold.format('shall ' + strike.format('not') + ' now')} stay")
    assert "[-not-]" in shown(paper.runs)
    assert [d.kind for d in paper.doubts].count("struck-in-bold") == 1
    plain = read_clause(f"aide {bold.format(strike.format('not'))} stay")
    assert "struck-in-bold" not in [d.kind for d in plain.doubts]
