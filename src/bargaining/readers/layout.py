"""Layout: which lines of a paper are clause text, and which title, ladder, signatures, furniture.

Strategy: every line gets one role. Lines that read as rungs are the ladder wherever they stand
(at the end, before the term clause, or in the middle of a list, left there by a page break); rules
and page numbers are furniture; short lines at the end with a place to sign are the signature
block; title-like lines before the first clause are the title, and the header of an e-mail above it
is one. All else is clause text, joined so that it reads through as if what was left out had never
been there.

This module knows lines, not marks: a line is judged without its markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Final, Literal

import attrs

from bargaining.labels import is_rung, read_dates, read_label
from bargaining.labels.kinds import detail, names_another, read_title, sort_of
from bargaining.readers.mail import header_lines
from bargaining.readers.pages import Divided, divided
from bargaining.text.spelling import BULLETS
from bargaining.text.structure import COUNTED

Role = Literal["clause", "blank", "title", "ladder", "signature", "furniture", "header"]

_MARKUP: Final = re.compile(
    rf"^(?:\s*[-*+>{BULLETS}](?=\s)|\s*#{{1,6}}(?=\s))+\s*|\*{{2,3}}|__(?=\S)|(?<=\S)__|~~|</?\w+>"
    r"|\{(?:\+\+|--|==)|(?:\+\+|--|==)\}"
)
_WHOLLY: Final = re.compile(r"(?:\+\+|[*_])(?=\w)(.*\w\W?)(?:\+\+|[*_])", re.DOTALL)
_RULE: Final = re.compile(r"^\s*(?:[-_*=]\s*+){3,}+$")  # possessive: it remembers no way back
_CALLS: Final = re.compile(  # what is said with a number behind it
    r"(?:\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"|(?<!this )(?<!that )(?<!such )\b(?:Articles?|Sections?|Appendix|Exhibit|No\.)|§)$"
)
_CALLED: Final = re.compile(
    r"\d{1,3}(?:st|nd|rd|th)?(?:\.\d{1,3}){0,4}(?:\([a-z\d]{1,4}\)){0,4}"
    r"(?:[.,;:)]{0,3}(?=\s*$|\s+[a-z(])|[,;])"
)
_PAGE: Final = re.compile(
    r"\W{0,9}page\s+\d{1,4}(?:\s+of\s+\d{1,4})?\W*"
    r"|[\s|]*\d{1,4}\s+of\s+\d{1,4}[\s|]*|[–—-]\s?\d{1,3}\s?[–—-]|\|\s*\d{1,3}\s*\|",
    re.IGNORECASE,
)
_FIRST_PAGES: Final = 3  # whose number may stand alone
_NUMBER_ALONE: Final = re.compile(r"\d{1,3}")
_MARKS: Final = re.compile(r"~~|\+\+|</?(?:ins|u|del|s|strike)>|\{(?:\+\+|--|~~)", re.IGNORECASE)
_SECTION: Final = re.compile(r"(?:section|sec\.|§)\s*\d", re.IGNORECASE)
_PAGE_SUFFIX: Final = re.compile(
    r"[\s|,;–—-]{0,9}\bpage\s+\d{1,4}(?:\s+of\s+\d{1,4})?$", re.IGNORECASE
)
_NUMBERED: Final = re.compile(
    rf"^\s*(?:[-*+{BULLETS}]\s+)?(?:[*~+_]{{2}}[*~+_]*+|\{{(?:\+\+|--|~~|==)|<\w+>)*+"
    r"\(?(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}[.)]|[A-Za-z][.)]|[ivxIVX]{2,5}[.)])(?=\s)"
)
_BULLET: Final = re.compile(rf"^\s*[-*+{BULLETS}](?:\s|$)")
_BULLET_BEFORE: Final = re.compile(rf"^(\s*)[-*+{BULLETS}]\s+")
_SIGNING: Final = re.compile(  # no words of a sentence: `By: Pat Doe`, but not `by mutual consent`
    r"^\W*(?:(?:dated?|signed?|by|for\s+the)\b(?=\W*(?:$|[:_]|(?-i:[A-Z\d])))"
    r"|(?:signature|name|title|initials?)\b(?=\W*(?:$|[:_\d]))).{0,40}$",
    re.IGNORECASE,
)
_SMALL: Final = "a an and as at between by de for from in of on or the to with vs against its"
_SMALL_WORDS: Final = frozenset(_SMALL.split())
_LINES_KEPT: Final = 1 << 14
_ARTICLE: Final = re.compile(
    rf"(?:article|part|chapter)\s+(?:\d+|[ivxlc]+|[a-z]|{'|'.join(COUNTED)})\b", re.IGNORECASE
)
_TITLE_MOST: Final = 30  # words in a line of a title
_SIGNATURE_MOST: Final = 8  # words in a line of a signature block
_FULL: Final = 50  # code points of a line that is no heading, and goes on if it has no stop
_LABEL_MOST: Final = 40  # lines below the last clause, or of a title, that are read as labels
_NAMES_MOST: Final = 4  # lines with names above the first line to sign


@attrs.frozen
class Line:
    """One line: its number from 1, its text without the line end, and what it is."""

    number: int
    text: str
    role: Role

    @property
    def bare(self) -> str:
        """The text without markup, bullets and outer spacing."""
        return bare(self.text)


@lru_cache(_LINES_KEPT)
def bare(text: str) -> str:
    """Return a line without markup, bullets and outer spacing, its inner spacing single."""
    text = " ".join(_MARKUP.sub("", text).rstrip("\\").split())
    wholly = _WHOLLY.fullmatch(text)
    return wholly[1] if wholly else text


def is_numbered(text: str) -> bool:
    """True for a line that starts with a clause number or letter, marked or not."""
    return _NUMBERED.match(text) is not None


def is_item(text: str) -> bool:
    """True for a line that starts a clause or a list item."""
    return is_numbered(text) or _BULLET.match(text) is not None


def ends(text: str, signs: str = ".;:?!,") -> bool:
    """True when one of `signs` stands after the last word."""
    after = takewhile(lambda sign: not (sign.isalnum() or sign == "_"), reversed(text))
    return any(sign in signs for sign in after)


def lay_out(text: str, out: Collection[int] = ()) -> tuple[Line, ...]:
    """Give every line of `text` its role.

    Args:
        text: the text.
        out: the numbers, from 0, of lines that are known to be furniture.
    """
    texts = text.split("\n")
    roles: list[Role] = [_lone_role(line) for line in texts]
    for n in _waited_for(texts, roles):
        roles[n] = "clause"
    for n in out:
        roles[n] = "furniture" if roles[n] == "clause" else roles[n]
    for n in header_lines(texts, bare):
        roles[n] = "header"
    _widen_ladders(texts, roles)
    _mark_own_label(texts, roles)
    _mark_page_numbers(texts, roles)
    _mark_signature(texts, roles)
    _mark_title(texts, roles)
    return tuple(
        Line(n, line, role)
        for n, (line, role) in enumerate(zip(texts, roles, strict=True), start=1)
    )


def rung_text(line: str) -> str:
    """Return a line of a ladder as its label: without markup and page number."""
    return _PAGE_SUFFIX.sub("", bare(line))


def rungs(ladder: Sequence[Line]) -> tuple[tuple[str, Line], ...]:
    """Return the labels of a ladder, each with its first line.

    A date on a line of its own is of the rung before it, or, where the ladder starts with a date,
    of the one after it.
    """
    found: list[tuple[str, Line]] = []
    first = bool(ladder) and bool(detail(rung_text(ladder[0].text)))
    for line in ladder:
        text, before = rung_text(line.text), found[-1][0] if found else ""
        whole = _dated(text, before) if first else _dated(before, text)
        if whole:
            found[-1] = whole, found[-1][1]
        else:
            found.append((text, line))
    return tuple(found)


def _dated(name: str, date: str) -> str:
    """Return a label with the date on a line beside it; empty where they are not of each other."""
    said = detail(date)
    if not said or not name or detail(name):
        return ""
    own, beside = read_label(name).dates, read_dates(said)
    if own and beside:
        return name if own == beside else ""
    return f"{name} {said}"


def ladders(lines: Sequence[Line]) -> tuple[tuple[Line, ...], ...]:
    """Return each ladder that is printed; blank lines and furniture inside one do not end it."""
    found: list[list[Line]] = [[]]
    for line in lines:
        if line.role == "ladder":
            found[-1].append(line)
        elif line.role not in {"blank", "furniture"} and found[-1]:
            found.append([])
    return tuple(tuple(ladder) for ladder in found if ladder)


def longest(printed: Sequence[Sequence[Line]]) -> tuple[tuple[str, Line], ...]:
    """Return the labels of the ladder with the most rungs; of two, of that with more dates."""
    found = [rungs(ladder) for ladder in printed]
    return max(found, key=_reach) if len(found) > 1 else next(iter(found), ())


def _reach(ladder: Sequence[tuple[str, Line]]) -> tuple[int, int]:
    return len(ladder), sum(bool(read_label(text).dates) for text, _ in ladder)


@lru_cache(_LINES_KEPT)
def _lone_role(line: str) -> Role:
    if not line.strip():
        return "furniture" if "\f" in line else "blank"
    if _RULE.match(line) or is_page(line):
        return "furniture"
    return "ladder" if not is_numbered(line) and is_rung(rung_text(line)) else "clause"


def is_page(line: str) -> bool:
    """True for a line that is nothing but the number of a page: `Page 2 of 3`, `- 2 -`."""
    return _PAGE.fullmatch(bare(line)) is not None or _PAGE.fullmatch(line.strip()) is not None


def _waited_for(texts: Sequence[str], roles: Sequence[Role]) -> Iterator[int]:
    """Yield lines like a page's number that a sentence waits for: they are in no row of pages.

    A row is one of numbers that follow each other; of one alone, those of the first pages.
    """
    signs = [n for n, role in enumerate(roles) if role == "furniture" and is_page(texts[n])]
    numbers = [int(found[0]) for n in signs if (found := re.search(r"\d+", texts[n]))]
    if len(signs) > 1 and all(b - a in {0, 1} for a, b in pairwise(numbers)):
        return
    for n, number in zip(signs, numbers, strict=True):
        if (len(signs) > 1 or number > _FIRST_PAGES) and in_sentence(texts, n):
            yield n


def in_sentence(texts: Sequence[str], n: int) -> bool:
    """True for a line right between two of one sentence."""
    before = bare(texts[n - 1]) if n else ""
    after = bare(texts[n + 1]) if n + 1 < len(texts) else ""
    return bool(before) and not ends(before) and after[:1].islower() and not is_item(after)


def _widen_ladders(texts: Sequence[str], roles: list[Role]) -> None:
    """Take in the lines of a ladder that are no whole rung by themselves.

    Left in the clause text, the last of them would file the paper as the rung before it.
    """
    for order in (range(len(texts)), range(len(texts) - 1, -1, -1)):
        beside: int | None = None
        for n in order:
            if roles[n] == "clause" and beside is not None and roles[beside] == "ladder":
                roles[n] = "ladder" if _is_rung_like(texts[n], abs(n - beside) == 1) else "clause"
            beside = beside if roles[n] == "blank" else n


def _mark_own_label(texts: Sequence[str], roles: list[Role]) -> None:
    """Below the last clause: kind words and a date, on one line or on two, are the paper's label.

    The date of a signature is none. A line that only says what the paper answers is no text.
    """
    below: list[int] = []
    for n in range(len(texts) - 1, -1, -1):
        if roles[n] == "clause":
            if len(below) == _LABEL_MOST or not _could_sign(texts[n]):
                break
            below.insert(0, n)
    sorts = ["" if _is_signing(texts[n]) else sort_of(bare(texts[n])) for n in below]
    for at, sort in enumerate(sorts):
        if sort == "stamp" and names_another(bare(texts[below[at]])):
            roles[below[at]] = "furniture"
        beside = [m for m in (at + 1, at - 1) if m >= 0 and sorts[m : m + 1] == ["detail"]]
        for row in ([at], *([at, m] for m in beside)) if sort == "name" else ():
            label = read_title([bare(texts[below[m]]) for m in row]).label
            if label is not None and label.dates and label.subject is None:
                for m in row:
                    roles[below[m]], sorts[m] = "ladder", ""
                break


def _is_rung_like(line: str, touching: bool) -> bool:
    """A short line that is no sentence, and says so much of a rung that it can be nothing else.

    Beside a rung (`touching`) a date will do, or a party with a kind; across a blank line it has
    to be a kind with a date.
    """
    text = rung_text(line)
    if len(text.split()) > _SIGNATURE_MOST or is_item(line) or _is_signing(line) or ends(text):
        return False
    if names_another(text):
        return False
    label = read_label(text)
    dated = bool(read_dates(label.text))
    by_kind = label.kind is not None and (dated or (touching and label.party is not None))
    return by_kind or (touching and (dated or bool(detail(text))))


def _mark_page_numbers(texts: Sequence[str], roles: list[Role]) -> None:
    """A number alone is a page number only beside a footer.

    Where a sentence waits for a number, and does not go on after it, it is the number waited for.
    """
    lines = [n for n, role in enumerate(roles) if role != "blank"]
    goes_on = [False]  # for each line, whether a clause line that is no item comes after it
    for n in reversed(lines):
        goes_on.append(not is_item(texts[n]) if roles[n] == "clause" else goes_on[-1])
    goes_on.reverse()
    open_ = False  # whether the clause line before ends without a stop
    for at, n in enumerate(lines):
        if roles[n] == "clause" and _NUMBER_ALONE.fullmatch(bare(texts[n])):
            near = lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]
            waits = open_ and not goes_on[at + 1]
            if any(roles[m] in {"ladder", "furniture"} for m in near) and not waits:
                roles[n] = "furniture"
        if roles[n] == "clause":
            open_ = not ends(bare(texts[n]))


def _mark_signature(texts: Sequence[str], roles: list[Role]) -> None:
    """From the end backwards: short lines that are no sentence, down to the last clause."""
    block: list[int] = []
    for n in range(len(texts) - 1, -1, -1):
        if roles[n] == "clause":
            if not _could_sign(texts[n]) or _continues(texts, roles, n):
                break
            block.append(n)
    block.reverse()
    above = next((n for n in reversed(range(block[0] if block else 0)) if texts[n].strip()), None)
    if above is not None and roles[above] == "clause" and bare(texts[above]).endswith(":"):
        return  # what follows is a list
    first = next((at for at, n in enumerate(block) if _is_signing(texts[n])), None)
    if first is None:
        return
    for at, n in enumerate(block):
        # A party's name may stand above its line to sign; a heading or a term may not.
        if at >= first or (first - at <= _NAMES_MOST and _could_name(texts[n])):
            roles[n] = "signature"


def _could_sign(line: str) -> bool:
    words = bare(line)
    short = len(words.split()) <= _SIGNATURE_MOST and not is_item(line)
    return short and (not ends(words) or _is_signing(line)) and not _stands_for_text(words)


def _could_name(line: str) -> bool:
    """True for a line that may name who signs: names have capitals, no figures and no colon."""
    words = bare(line)
    return is_heading(words) and not re.search(r"[\d:#$]", line)


@lru_cache(_LINES_KEPT)
def _stands_for_text(words: str) -> bool:
    """True for a line such as `Sections 1-3: no change`, which is no title and no signature."""
    from bargaining.readers.standins import says_unchanged  # noqa: PLC0415 - it knows lines, too

    return says_unchanged(words)


def _is_signing(line: str) -> bool:
    words = bare(line)
    return _SIGNING.search(words) is not None or ("____" in line and not ends(words, ".;"))


def _continues(texts: Sequence[str], roles: Sequence[Role], n: int) -> bool:
    """True for the last, short line of a paragraph that is no signature by itself."""
    inside = n > 0 and roles[n - 1] == "clause" and not _could_sign(texts[n - 1])
    return inside and not _is_signing(texts[n])


def _mark_title(texts: Sequence[str], roles: list[Role]) -> None:
    """From the start: title-like lines, as long as some clause text is left after them."""
    block: list[int] = []
    end = _first_of_articles(texts, roles)
    for n, line in enumerate(texts[:end]):
        if roles[n] == "clause":
            if not (_is_title(line) or (len(block) < _LABEL_MOST and _is_face(line))):
                break
            block.append(n)
    if roles.count("clause") > len(block):
        for n in block:
            roles[n] = "title"


def _first_of_articles(texts: Sequence[str], roles: Sequence[Role]) -> int | None:
    """Where the first of several headings `Article 12` stands: each of them is text of its own."""
    found = [
        n
        for n, line in enumerate(texts)
        if roles[n] == "clause" and _ARTICLE.match(bare(line)) and _is_title(line)
    ]
    return found[0] if len(found) > 1 else None


def _is_title(line: str) -> bool:
    words = bare(line)
    if _MARKS.search(line) or _SECTION.match(words):
        return False
    if is_numbered(line) or is_numbered(words) or ends(words) or len(words.split()) > _TITLE_MOST:
        return False
    if _stands_for_text(words):
        return False
    joins = all(word.lower() in _SMALL_WORDS for word in words.split())  # `and`, between parties
    return is_heading_markup(line) or is_heading(words) or joins


def _is_face(line: str) -> bool:
    """True for a date, a time or a stamp, in whatever case: such a line is no clause."""
    words = bare(line)
    short = len(words.split()) <= _SIGNATURE_MOST and not _MARKS.search(line)
    return short and sort_of(words) in {"detail", "stamp"}


def is_heading_markup(line: str) -> bool:
    """True for `# a heading` and for a line that is wholly bold."""
    text = line.strip().rstrip("\\").rstrip()
    if re.match(r"#{1,6}\s", text):
        return True
    return bool(
        re.fullmatch(r"(?:\*\*|__|<b>|<strong>)(?:(?!\*\*|__).)+(?:\*\*|__|</b>|</strong>)", text)
    )


def is_heading(words: str) -> bool:
    """True when every word but the small ones starts with a capital or a digit, as in a heading."""
    large = [w for w in re.findall(r"[^\W_][\w'’-]*", words) if w.lower() not in _SMALL_WORDS]
    return bool(large) and all(w[0].isupper() or w[0].isdigit() for w in large)


@attrs.frozen
class Source:
    """Clause text with its marks still in it, and the paper's line of every stretch.

    Attributes:
        text: the clause lines joined.
        starts: where each line starts in `text`, rising.
        lines: the number of the line that starts there, beside `starts`.
        blocks: half-open ranges of paragraphs and list items.
        divided: where in `text` words stand that were divided between two lines.
    """

    text: str
    starts: tuple[int, ...]
    lines: tuple[int, ...]
    blocks: tuple[tuple[int, int], ...]
    divided: tuple[tuple[int, Divided], ...] = ()


def join_clauses(lines: Sequence[Line], is_known: Callable[[str], bool] | None = None) -> Source:
    """Join the clause lines so that they read through.

    Args:
        lines: the lines of a paper.
        is_known: whether a word, in small letters, stands elsewhere in the papers; with it, words
            that are divided between two lines are joined.
    """
    texts: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    blocks: list[int] = []
    found: list[tuple[int, Divided]] = []
    size = 0
    for line, joint in _with_joints(lines):
        text = shown(line.text)
        goes_on = is_known is not None and joint == "\n" and not is_item(line.text)
        word = divided(texts[-1], text, is_known) if is_known is not None and goes_on else None
        if word is not None:
            size += len(word.left) - len(texts[-1])
            texts[-1], text, joint = word.left, text.lstrip(), ""  # noqa: PLW2901 - it has none
            found.append((size - word.head, word))
        text = text.lstrip() if joint == " " else text
        size += len(joint)
        if word is None and joint != " " and (joint != "\n" or is_item(line.text)):
            blocks.append(size)
        starts.append(size)
        numbers.append(line.number)
        texts += (joint, text)
        size += len(text)
    ranges = tuple(zip(blocks, [*blocks[1:], size], strict=True)) if blocks else ()
    return Source("".join(texts), tuple(starts), tuple(numbers), ranges, tuple(found))


def shown(text: str) -> str:
    """Drop what is no text: `#`, a bullet before a number, a page break, spaces at the end."""
    text = re.sub(r"^\s*#{1,6}\s+", "", text.rstrip().lstrip("\f"))
    if is_numbered(text):
        text = _BULLET_BEFORE.sub(r"\1", text)
    return text.removesuffix("\\")


def _with_joints(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Yield each clause line with what joins it to the one before."""
    before: Line | None = None
    blank = left_out = False
    for line in lines:
        if line.role == "clause":
            left_out = left_out or line.text.startswith("\f")
            yield line, _joint(before, line, blank=blank, left_out=left_out)
            before, blank, left_out = line, False, False
        elif line.role == "blank":
            blank = True
        else:
            left_out = True


def _joint(before: Line | None, line: Line, *, blank: bool, left_out: bool) -> str:
    if before is None:
        return ""
    if (left_out or not blank) and _is_number_of(before.bare, line.bare):
        return " "
    if not blank and not left_out:
        return "\n"
    if left_out and (_same_list(before, line) or _mid_sentence(before, line)):
        return "\n"
    return "\n\n"


def _is_number_of(before: str, line: str) -> bool:
    """True for a number that goes with the words before it: `by October`, then `1.`.

    A number before words in capitals may as well begin an item, and stays where it is.
    """
    return _CALLS.search(before) is not None and _CALLED.match(line) is not None


def _same_list(before: Line, line: Line) -> bool:
    return is_item(before.text) and is_item(line.text)


def _mid_sentence(before: Line, line: Line) -> bool:
    if ends(before.bare, ".?!") or is_item(line.text):
        return False
    if len(before.bare) >= _FULL and not ends(before.bare):
        return True
    return line.bare[:1].islower() or before.bare.rpartition(" ")[2].lower() in _SMALL_WORDS
