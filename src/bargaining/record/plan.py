"""Plans: a folder of papers as a table, to be looked through in a spreadsheet and then filed.

Strategy: what a paper says of itself is written into its row, and what it does not say is asked
for in the row. Nothing is filed by that. A person fills in and corrects; then exactly what the
table says is filed, all of it or none, and what was changed by hand is said. Each row has the
digest of its file, so that no other file is filed in its place. What a person writes under “note”
is for whoever keeps the plan: it is not filed, so nothing that is written of a record shows it.

A table that was opened in a spreadsheet may have another sign between its cells. No cell that is
written starts a formula. This module opens no file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Final

from bargaining.errors import AskError, BargainingError
from bargaining.labels import Label, read_label
from bargaining.labels.parties import alternating, side_of
from bargaining.model import BASE_LABEL, Paper
from bargaining.readers import read
from bargaining.readers.instructions import gives_instructions
from bargaining.record.filing import Submission
from bargaining.record.naming import document_of, label_of
from bargaining.text.clauses import clauses
from bargaining.writers.safety import FORMULA, plain_cell

FIELDS: Final = (
    *("file", "part", "document", "label", "party", "side", "kind", "date", "medium", "base"),
    *("after", "amends", "partial", "because", "file it", "note", "asked", "doubted", "sha256"),
)
_BY_HAND: Final = (
    *("document", "label", "party", "side", "kind", "date", "base", "after", "amends", "because"),
)
_YES: Final = frozenset({"yes", "y", "x", "1", "true"})
_NO: Final = frozenset({"no", "n", "0", "false"})
_OPTION: Final = re.compile(r"--(label|base|chain|date|party|kind|amends)\b")
_CELLS: Final = {"chain": "document", **{name: name for name in _BY_HAND}}
_HEADING: Final = re.compile(r"article\s+\w+", re.IGNORECASE)
_OMNIBUS: Final = re.compile(r"\bomnibus\b", re.IGNORECASE)
_MOST_ROWS: Final = 20_000

Row = dict[str, str]


def suggest(name: str, data: bytes, saved: str = "") -> list[Row]:
    """Return the rows of a paper: what it says of itself, what is asked, and what is doubted.

    That is one row, but for a package over several articles: each of these is a part of it, of a
    document of its own.

    Args:
        name: the name of its file, as the plan is to have it.
        data: its bytes.
        saved: the day on which the file was last saved, a hint where the paper has no label.
    """
    row = dict.fromkeys(FIELDS, "")
    row |= {"file": name, "file it": "yes", "sha256": sha256(data).hexdigest()}
    file = PurePath(name).name
    try:
        paper = read(data, name=file)
    except BargainingError as error:
        return [row | {"file it": "no", "asked": _said(error)}]
    asked: list[str] = []
    try:
        label = label_of(paper, file).label
    except AskError as error:
        label = read_label("")
        if error.suggested == BASE_LABEL and not paper.is_marked:
            row |= {"base": "yes", "doubted": "By its file's name it is the current language."}
        else:
            asked.append(_asked(error))
            asked += [f"Its file was last saved on {saved}."] if saved else []
    try:
        row["document"] = " ".join(document_of(paper, label, file)[0].split())
    except AskError as error:
        asked.append(_asked(error))
    if gives_instructions(paper):
        asked.append("It says what is to be done with another text: name that under “amends”.")
    doubted = " ".join(filter(None, [row["doubted"], _doubted(paper)]))
    row |= _of_label(label) | {"asked": " ".join(asked), "doubted": doubted}
    articles = _articles(paper)
    is_package = label.kind == "package" or any(map(_OMNIBUS.search, (label.text, *paper.title)))
    if not is_package or len(articles) < 2:  # noqa: PLR2004 - several
        return [row]
    own = row | {"asked": " ".join(asked[: not row["label"]])}  # an article names its document
    return [own | {"part": part, "document": name} for part, name in articles.items()]


def _of_label(label: Label) -> Row:
    if not label.text:
        return {}
    return {
        "label": label.text,
        "party": label.party or "",
        "side": side_of(label.party or "") or "",
        "kind": label.kind or "",
        "date": " or ".join(label.dates),
        "medium": label.medium or "",
    }


def _articles(paper: Paper) -> dict[str, str]:
    """Return the articles of a paper, in their order, each with its heading as a name."""
    found: dict[str, str] = {}
    for clause in clauses(paper.text, dict(paper.levels)):
        if clause.address.startswith("Article ") and "," not in clause.address:
            line = paper.text[clause.start : clause.end].strip().partition("\n")[0]
            found.setdefault(clause.address, _without_heading(line))
    return found


def _doubted(paper: Paper) -> str:
    """Say what is in doubt: the first doubt, and how many there are."""
    if not paper.doubts:
        return ""
    first, *others = paper.doubts
    where = f"line {first.line}: " if first.line else ""
    more = f" (and {len(others)} more)" if others else ""
    return f"{where}{first.message}{more}"


def _said(error: BargainingError) -> str:
    return f"{error} {error.hint}".strip()


def _asked(error: AskError) -> str:
    """Ask for a cell of the row, where the command line asks for an option."""
    hint = _OPTION.sub(lambda found: f"“{_CELLS[found[1]]}”", error.hint)
    return f"{error} {hint.replace('State it:', 'State it under')}".strip()


def join_names(rows: Sequence[Row]) -> None:
    """Write the name of each document as the first row that names it has it, whatever its case.

    An article of a package is named as the document of that article is: `Article 7: Transfers`.
    """
    first: dict[str, str] = {}
    for row in (row for row in rows if not row["part"]):
        row["document"] = first.setdefault(row["document"].casefold(), row["document"])
    bare = {_without_heading(name).casefold(): name for name in first.values()}
    for row in (row for row in rows if row["part"]):
        name = row["document"].casefold()
        same = first.get(name) or bare.get(name) or row["document"]
        heading = _HEADING.match(same)
        if heading is None or heading[0].casefold() == row["part"].casefold():
            row["document"] = same
        row["document"] = first.setdefault(row["document"].casefold(), row["document"])


def _without_heading(name: str) -> str:
    return _HEADING.sub("", name, count=1).strip(" .:–—-")


def suggest_sides(rows: Sequence[Row]) -> None:
    """Write whose side parties are on where their names do not tell, as sides answer each other.

    Where two documents suggest otherwise of one party, nothing is written of it.
    """
    documents: dict[str, list[Row]] = {}
    for row in rows:
        if row["party"] and row["kind"]:
            documents.setdefault(row["document"].casefold(), []).append(row)
    found: dict[str, set[str]] = {}
    for papers in documents.values():
        order = sorted(papers, key=lambda row: row["date"])
        for party, side in alternating([row["party"] for row in order]).items():
            found.setdefault(party, set()).add(side)
    for row in rows:
        suggested = found.get(row["party"], set())
        if not row["side"] and len(suggested) == 1:
            row["side"] = next(iter(suggested))


def sides(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return whose side parties are on, where rows say more of that than a party's name does.

    That is where its name does not tell, tells otherwise, or several names are of one side.

    Raises:
        AskError: two rows say otherwise of one party.
    """
    said: dict[str, tuple[str, str]] = {}
    for row in rows:
        party, side = row["party"], row["side"]
        if not party or not side:
            continue
        if said.setdefault(party.casefold(), (party, side))[1].casefold() != side.casefold():
            raise AskError(
                f"The plan puts {party} on two sides: “{said[party.casefold()][1]}” and “{side}”.",
                hint="Write one of them in every row of that party.",
            )
    meant = {party: side_of(side) or side for party, side in said.values()}
    return {
        party: side
        for party, side in said.values()
        if meant[party] != side_of(party) or list(meant.values()).count(meant[party]) > 1
    }


def written(rows: Iterable[Row]) -> bytes:
    """Return rows as the bytes of a CSV file that spreadsheets open (RFC 4180, UTF-8 with BOM)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: plain_cell(" ".join(row[name].split())) for name in FIELDS})
    return out.getvalue().encode("utf-8-sig")


def read_plan(data: bytes) -> list[Row]:
    """Return the rows of a plan.

    Raises:
        AskError: it is no plan, or a row of it is not understood; says which.
    """
    try:
        text = data.decode("utf-8-sig")
        lines = text.splitlines()
        sign = max(",;\t", key=(lines[0] if lines else "").count)
        rows = list(csv.reader(io.StringIO(text), delimiter=sign))
    except (UnicodeDecodeError, csv.Error) as error:
        raise AskError("The plan cannot be read.", hint="Save it as CSV in UTF-8.") from error
    heads = [cell.strip().casefold() for cell in rows[0]] if rows else []
    if "file" not in heads or len(rows) > _MOST_ROWS:
        raise AskError("This is no plan.", hint="Make one: bargain add FOLDER --plan plan.csv")
    return [_row(heads, cells, n) for n, cells in enumerate(rows[1:], start=2) if any(cells)]


def _row(heads: Sequence[str], cells: Sequence[str], line: int) -> Row:
    row = dict.fromkeys(FIELDS, "")
    row |= {head: cell.strip() for head, cell in zip(heads, cells, strict=False) if head in row}
    for name, text in row.items():
        row[name] = text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text
    if not row["file"]:
        raise AskError(f"Row {line} of the plan names no file.", hint="Delete it, or name one.")
    for name in ("base", "partial", "file it"):
        if row[name].casefold() not in {"", *_YES, *_NO}:
            raise AskError(
                f"Row {line} of the plan has “{row[name]}” under “{name}”.",
                hint="Write yes or no there.",
            )
    return row


def is_wanted(row: Mapping[str, str]) -> bool:
    """True for a row that is to be filed."""
    return row["file it"].casefold() not in _NO


def submission(row: Mapping[str, str], data: bytes, before: Mapping[str, str]) -> Submission:
    """Return what a row says is to be filed.

    Args:
        row: the row.
        data: the bytes of its file.
        before: the row as it is suggested; see `suggested`.

    Raises:
        AskError: its file is not the one that the plan was made of.
    """
    if row["sha256"] and row["sha256"].casefold() != sha256(data).hexdigest():
        raise AskError(
            "It is not the file that the plan was made of.",
            hint="Make the plan anew, or empty its cell under sha256.",
        )
    partial, stated = row["partial"].casefold(), dict(_stated(row, before))
    return Submission(
        data=data,
        name=PurePath(row["file"]).name,
        label=stated.get("label"),
        party=stated.get("party"),
        kind=stated.get("kind"),
        date=stated.get("date"),
        chain=stated.get("document") or (row["part"] and row["document"]) or None,
        base=row["base"].casefold() in _YES,
        after=stated.get("after"),
        amends=stated.get("amends"),
        part=row["part"] or None,
        partial=partial in _YES,
        whole=partial in _NO,
        because=row["because"],
    )


def suggested(row: Mapping[str, str], data: bytes) -> Row:
    """Return the row as it was suggested; where its part is another, with none of its own."""
    rows = suggest(row["file"], data)
    same = (one for one in rows if one["part"].casefold() == row["part"].casefold())
    return next(same, rows[0] | {"part": "", "document": ""})


def _stated(row: Mapping[str, str], before: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a row says otherwise than the paper; an empty cell is as the paper says."""
    return ((name, row[name]) for name in _BY_HAND if row[name] not in {"", before[name]})


def by_hand(row: Mapping[str, str], before: Mapping[str, str]) -> Iterator[str]:
    """Yield what a person stated in a row, in words; sides are told of all rows together."""
    for name, text in _stated(row, before):
        if name == "side" or text.casefold() == before[name].casefold():
            continue
        if (
            row["part"]
            and name == "document"
            and _without_heading(text).casefold() == before[name].casefold()
        ):
            continue  # named as the other papers of that article are
        was = f"where the paper says “{before[name]}”" if before[name] else "which it does not say"
        yield f"{name}: “{text}”, {was}"
