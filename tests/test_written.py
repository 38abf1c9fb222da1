"""Written otherwise: counted on the screen, marked in every file, and never inside a character."""

import json
import re
from itertools import accumulate
from pathlib import Path

import pytest
import regex

from bargaining import Chain, write
from bargaining.writers import answers, written
from bargaining.writers.redlines import terminal as redlines
from bargaining.writers.screen import Screen, cells, safe, shortened
from documents import document, p, r
from shell import Run

OLD = '1.0 The "aide" reads - all day ... and rests.\n\n2.0 Co\xadoperation of José counts.'
NEW = "1.0 The “aide” reads — all day … and rests well.\n\n2.0 Cooperation of Jose\u0301 counts."
COUNTED = "6 places differ only in the way they are written"
FAMILIES = "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👦"
# One visible character for another that begins, or ends, with the same code points.
PAIRS = [
    FAMILIES,
    ("👍🏽", "👍🏿"),
    ("🇺🇸", "🇺🇳"),
    ("สี่", "สี้"),
    ("ທີ່", "ທີ້"),
    ("ក្រុ", "ក្រូ"),
    ("မြ", "မြိ"),
    ("हि", "ही"),
    ("שָׁ", "שָׂ"),
    ("مَ", "مِ"),
    ("e\u0301", "e\u0300"),
    ("1\ufe0f\u20e3", "2\ufe0f\u20e3"),
    ("\u1100\u1161\u11a8", "\u1100\u1161\u11ab"),
    ("か\u3099", "き\u3099"),
]


def chain(*texts: str) -> Chain:
    labels = ["RTA Proposal 1", "District Counter 2", "RTA Counter 3"]
    return Chain.from_texts(list(zip(labels, texts, strict=False)))


def shown(made: Chain, width: int = 80, *, exact: bool = False) -> tuple[str, str]:
    screen = Screen(width)
    return (
        "\n".join(answers.diff(made.diff(1, 2), screen, exact=exact)),
        "\n".join(redlines.lines(made.redline(1, 2), screen, exact=exact)),
    )


@pytest.mark.parametrize("width", [80, 140])
def test_what_is_only_written_otherwise_is_counted_and_not_marked(width: int) -> None:
    for lines in shown(chain(OLD, NEW), width):
        assert f"{COUNTED} (--exact marks them)." in lines
        marks = re.findall(r"\[-.+?-\]|\{\+.+?\+\}", lines.replace("[-struck-], ", ""))
        assert [mark for mark in marks if mark != "{+inserted+}"] == ["{+well+}"]
        assert "1 place: 0 words struck, 1 inserted" in lines


@pytest.mark.parametrize("width", [80, 140])
def test_asked_for_exactly_it_is_marked(width: int) -> None:
    for lines in shown(chain(OLD, NEW), width, exact=True):
        assert f"{COUNTED}." in lines
        assert "1 place: 0 words struck, 1 inserted" in lines
        for mark in ('[-"-]', "{+“+}", "[---]", "{+—+}", "[-...-]", "{+…+}"):
            assert mark in lines


def test_the_same_words_are_said_to_be_the_same() -> None:
    made = chain("The 'aide' reads.", "The ‘aide' reads.", "The  ‘aide' reads.")
    for lines in shown(made):
        assert "The words are the same.\n1 place differs only in the way it is written (--" in lines
    screen = Screen()
    for found in (
        answers.diff(made.diff(2, 3), screen),
        redlines.lines(made.redline(2, 3), screen),
    ):
        assert [*found][-1] == "The words are the same; spacing differs."
    for found in (
        answers.diff(made.diff(1, 1), screen),
        redlines.lines(made.redline(1, 1), screen),
    ):
        assert [*found][-1] == "The two texts are the same."


def test_values_and_files_stay_exact() -> None:
    made = chain(OLD, NEW)
    redline = made.redline(1, 2)
    assert redline.old_text == f"{OLD}\n".replace("\n\n", "\n")
    assert "".join(run.before for run in made.diff(1, 2).runs) == OLD
    assert "".join(run.after for run in made.diff(1, 2).runs) == NEW
    assert '<del> "</del><ins> “</ins>aide' in write(redline, "a.md").decode()
    assert {run["text"] for run in json.loads(write(redline, "a.json"))["runs"]} >= {'"', "“"}
    assert write(redline, "a.docx")[:2] == b"PK"  # read back by its own gate
    plain, count = written.unmarked(redline)
    assert (plain.new_text, count) == (redline.new_text, 6)


def test_both_commands_take_exact(run: Run, tmp_path: Path) -> None:
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / f"{name}.docx").write_bytes(
            document(*(p(r(one)) for one in text.split("\n\n")))
        )
    files = [str(tmp_path / f"{name}.docx") for name in ("old", "new")]
    assert "--exact marks" in run("redline", *files).out
    found = run("redline", *files, "--exact").out
    assert "--exact marks" not in found
    assert "{+“+}" in found
    assert run("add", files[0], "--base", "--chain", "Aides").code == 0
    assert run("add", files[1], "--label", "RTA Proposal 1", "--chain", "Aides").code == 0
    assert COUNTED in run("diff", "base", "1").out
    assert "[-Co<U+00AD>operation-]" in run("diff", "base", "1", "--exact").out


@pytest.mark.parametrize(("old", "new"), PAIRS)
@pytest.mark.parametrize("around", ["Rooms {} open.", "Rooms x{}y open.", "ครู{}คน", "{}"])
def test_marks_hold_whole_characters_in_every_writer(old: str, new: str, around: str) -> None:
    made = chain(around.format(old), around.format(new))
    redline = made.redline(1, 2)
    for kinds in ({"kept", "struck"}, {"kept", "inserted"}):
        texts = [run.text for run in redline if run.kind in kinds]
        whole = {0, *accumulate(map(len, regex.findall(r"\X", "".join(texts))))}
        assert whole.issuperset(accumulate(map(len, texts)))
    for name in ("a.md", "a.critic.md", "a.html"):
        found = write(redline, name).decode()
        assert old in found
        assert new in found
    for lines in (*shown(made), *shown(made, 140)):
        assert old in lines
        assert new in lines
    assert write(redline, "a.docx")[:2] == b"PK"


def test_a_joiner_that_shapes_what_is_seen_stays_and_others_are_shown() -> None:
    assert safe(f"{FAMILIES[0]} می\u200cخواهم क्\u200dष") == f"{FAMILIES[0]} می\u200cخواهم क्\u200dष"
    assert safe("a\u200db \u200d👨 ff\u200ci") == "a<U+200D>b <U+200D>👨 ff<U+200C>i"


def test_lines_are_folded_between_visible_characters() -> None:
    text = "สี่" * 300 + FAMILIES[0] * 40
    for fold in (
        Screen(40).lines(text),
        redlines.lines(chain("a", text).redline(1, 2), Screen(40)),
    ):
        rows = [row.strip().lstrip("{+").removesuffix("+}(D2)") for row in fold]
        kept = [row for row in rows if row and row[0] in "สี่👨"]
        assert all(re.fullmatch(r"(?:สี่|👨\u200d👩\u200d👧)+", row) for row in kept)
        assert sum(row.count("สี่") for row in kept) == 300


def test_marks_upon_letters_take_no_cells() -> None:
    assert cells("สี่") == 1
    assert cells("e\u0301") == 1
    assert cells("\u1100\u1161\u11a8") == 2
    assert cells("👍🏿") == 2
    assert shortened("สี่ " * 40).startswith("สี่ สี่")
