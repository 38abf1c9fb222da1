"""Redlines as pages: exact, well-formed, harmless, and the same words for every reader."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import BargainingError, Chain
from bargaining.model import Redline, RedlineRun, Revision
from bargaining.text.words import cut
from bargaining.writers import notebook
from bargaining.writers.hypertext import attribute, is_unsafe, safe
from bargaining.writers.letters import PartyLetters
from bargaining.writers.redlines import elements
from bargaining.writers.redlines.html import gate, html
from strategies import WORDS, related_texts

GOLDEN = Path(__file__).parent / "papers" / "reading-room.redline.html"
NASTY = ["<b>", "&amp;", '"', "'", "]]>", "<!--", "\u202e", "\u200b", "\x00", "\x1b", "\r", "\v"]
NASTY += [
    "\u00ad",
    "\ufffe",
    "\ue000",
    "\u2028",
    "\t",
    "\u05d0",
    "¶",
    "</p>",
    "\U0010ffff",
    "e\u0301",
]
LABELS = ["RTA Proposal 9-12-24", "District Counter 10-10-24", "RTA Counter", "District Counter"]
LABELS += ["RTA Counter 1-16-25"]
XHTML = "{http://www.w3.org/1999/xhtml}"


def chain() -> Chain:
    """A negotiation with every kind of mark."""
    leave = "Each librarian shall receive two days of release time each year for inventory."
    base = (
        "1.0 Rooms are open at noon. Staff meet once a month in the room.\n\n"
        f"2.0 Leave:\n\na. {leave}\n\nb. All of the rooms are closed at six in the evening."
    )
    first = base.replace("noon", "eight, <daily> & “late”")
    second = first.replace("eight", "nine").replace(". Staff", ".\n\nStaff")
    second = second.replace(f"a. {leave}\n\nb.", "a.")
    second += f"\n\n3.0 Other rules of the rooms for all of the staff:\n\na. {leave}"
    last = second.replace("six", "se\u202even").replace("meet", "will meet")
    texts = [first, second, None, last]
    return Chain.from_texts(zip(LABELS, texts, strict=False), base=base, name="Reading Rooms")


def main_of(page: str) -> str:
    return page[page.index("<main>") : page.index("</main>")] + "</main>\n"


def words_of(page: str) -> str:
    """All that a reader sees or hears, without the marks."""
    return "".join(ET.fromstring(page.split("\n", 1)[1]).itertext())  # noqa: S314 - our own page


def test_a_page_is_as_it_was() -> None:
    redline = chain().redline("base", 4, all_rounds=True)
    assert main_of(html(redline, exact=True)) == GOLDEN.read_text("utf-8")


@given(related_texts(WORDS + NASTY), st.data())
def test_both_texts_are_read_back_from_every_page(texts: list[str], data: st.DataObject) -> None:
    held = [(label, text) for label, text in zip(LABELS, texts, strict=False)]
    made = Chain.from_texts(held, base=texts[-1])
    ends = st.integers(0, len(held))
    redline = made.redline(data.draw(ends), data.draw(ends), all_rounds=data.draw(st.booleans()))
    page = html(redline, exact=True)
    assert gate(page) == (redline.old_text, redline.new_text)
    folded = gate(html(redline))
    assert folded[1] == redline.new_text
    assert list(cut(folded[0]).keys) == list(cut(redline.old_text).keys)
    ET.fromstring(page)  # noqa: S314 - well-formed, so that nothing of a text is markup
    assert not any(is_unsafe(character) for character in page if character != "\n")
    ET.fromstring(notebook.redline_html(redline))  # noqa: S314
    ET.fromstring(notebook.annotation_html(made.blame(len(held), struck=True)))  # noqa: S314


@given(st.text(st.characters(), max_size=30))
def test_safe_text_reads_back_and_nothing_in_it_acts(text: str) -> None:
    revision = Revision("A 1", 1)
    run = RedlineRun("kept", text.replace("\n", "") + "\n", text)
    page = html(Redline(revision, revision, (run,), text, (text,)))
    assert gate(page) == (run.text, run.text)
    assert not any(is_unsafe(character) for character in page if character != "\n")
    assert not any(is_unsafe(character) for character in attribute(text))


def test_a_hostile_paper_stays_a_text() -> None:
    hostile = (
        '1.0 <script>alert(1)</script><img src=x onerror="alert(2)"> &lt;b&gt; </p></div>\n\n'
        '2.0 </main>"><a href="javascript:alert(3)">x</a> <style>*{color:red}</style> --> ]]>\n\n'
        "3.0 pay \u202e000,01$\u202c \u2066of\u2069 \u200bfive\x00\x1b[31m red\ufeff \U000e0041"
    )
    label = "<i>RTA</i> \u202eProposal 9-12-24"
    made = Chain.from_texts(
        [(label, hostile), ("District Counter 2", hostile[::-1])], base="1.0 x."
    )
    for page in (html(made.redline("base", 1)), html(made.redline(1, 2, all_rounds=True))):
        tree = ET.fromstring(page)  # noqa: S314
        names = {one.tag.removeprefix(XHTML) for one in tree.iter()}
        assert not names & {"script", "img", "iframe", "object", "form", "link", "i"}
        assert all(not key.startswith("on") for one in tree.iter() for key in one.attrib)
        assert all(a.get("href", "").startswith("#") for a in tree.iter(f"{XHTML}a"))
        assert len(list(tree.iter(f"{XHTML}style"))) == 1
        assert not any(is_unsafe(character) for character in page if character != "\n")
        assert "U+202E" in words_of(page)


def test_a_page_loads_nothing_and_names_no_place() -> None:
    page = html(chain().redline(1, 4))
    assert "default-src 'none'; style-src 'unsafe-inline'" in page.replace("&#x27;", "'")
    outside = re.findall(
        r"(?:https?:)?//[^\s\"<]+", page.replace("http://www.w3.org/1999/xhtml", "")
    )
    assert outside == []
    assert "url(" not in page
    assert "@import" not in page


def test_the_ids_are_unique_and_every_link_leads_to_one() -> None:
    tree = ET.fromstring(html(chain().redline("base", 4, all_rounds=True)))  # noqa: S314
    ids = [one.attrib["id"] for one in tree.iter() if "id" in one.attrib]
    links = {a.attrib["href"].removeprefix("#") for a in tree.iter(f"{XHTML}a")}
    assert len(ids) == len(set(ids))
    assert links
    assert links <= set(ids)


def test_who_hears_a_page_is_told_what_who_sees_it_is_told() -> None:
    said = words_of(html(chain().redline("base", 4, all_rounds=True)))
    for words in (
        "struck by RTA, 9-12-24: noon",
        "inserted by RTA, 9-12-24, struck again by District, 10-10-24: eight",
        "inserted by District, 10-10-24: nine",
        "end of paragraph inserted by District, 10-10-24: ¶",
        "moved from 2.0(",
        "moved to ",
        "not certain, note ",
    ):
        assert words in said


def test_a_date_that_is_not_stated_is_not_made_up() -> None:
    made = Chain.from_texts([("RTA 1", "We meet daily.")], base="We meet weekly.")
    page = html(made.redline("base", 1))
    assert "datetime" not in page
    assert "whose date is not stated" in page


def test_nobody_made_the_marks_of_the_way_back() -> None:
    page = html(chain().redline(4, "base", all_rounds=True))
    assert "nobody made these marks" in page
    assert "only in current language: noon" in words_of(page)
    assert "data-party" not in page
    assert "inserted by" not in page


def test_texts_that_are_alike_say_so() -> None:
    assert "Nothing is marked" in html(chain().redline(1, 1))


def test_a_page_that_would_be_wrong_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "safe", lambda text: safe(text).replace("month", "year"))
    with pytest.raises(BargainingError, match="does not give both texts"):
        html(chain().redline(1, 2))


def test_text_without_an_end_is_read_back_too() -> None:
    redline = chain().redline(1, 2)
    longer = attrs.evolve(redline, runs=(*redline.runs, RedlineRun("dropped", "and more", "1.0")))
    assert gate(html(longer, exact=True)) == (longer.old_text, longer.new_text)


def test_every_party_has_a_letter_of_its_own() -> None:
    parties = [f"Rival {n}" for n in range(40)] + ["", "九", "🙂"]
    letters = PartyLetters.of([*parties, *parties]).letters
    assert list(letters) == parties
    assert len(set(letters.values())) == len(parties)
    assert PartyLetters.of(["RTA", "District", "State"]).letters == {
        "RTA": "R",
        "District": "D",
        "State": "S",
    }


def test_fragments_keep_their_style_and_have_no_ids() -> None:
    made = chain()
    fragments = [
        notebook.redline_html(made.redline("base", 4, all_rounds=True)),
        notebook.annotation_html(made.blame(4, struck=True)),
        notebook.chain_html(made),
    ]
    for fragment in fragments:
        tree = ET.fromstring(fragment)  # noqa: S314
        assert tree.get("class") == "bargaining"
        style = re.sub(r"\{[^}]*\}", "\n", tree.findtext("style") or "")
        selectors = [one.strip() for one in re.split(r"[,\n]", style) if one.strip()]
        assert all(one.startswith(".bargaining") for one in selectors)
        assert not [one for one in tree.iter() if "id" in one.attrib or one.tag == "a"]
    assert "reported" not in fragments[2]
    assert "not on file" in fragments[2]


def test_an_annotation_names_every_candidate() -> None:
    fragment = notebook.annotation_html(chain().blame(4, struck=True))
    assert 'data-by="R3/D4?"' in fragment
    assert "R3/D4?" in words_of("\n" + fragment)
    assert "may come from RTA Counter or District Counter" in fragment
    assert "struck, by base" in words_of("\n" + fragment)
