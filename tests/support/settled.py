"""A reader of its own: what a Word document says with all marks accepted, or all rejected.

It shares nothing with the software: the standard library's XML, and a stream of paragraphs. A
paragraph whose mark goes runs on into the next one of its container (ECMA-376, part 1, 17.13.5).
Pictures, formulas, fields and the references of notes are signs; empty paragraphs count.
"""

import hashlib
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SIGNS = {"tab": "\t", "br": "\v", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}


class Settled:
    """One document, accepted or rejected."""

    def __init__(self, data: bytes, *, accept: bool = True) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.gone = {f"{W}del", f"{W}moveFrom"} if accept else {f"{W}ins", f"{W}moveTo"}
        self.notes: list[tuple[str, str]] = []
        self.links: dict[str, str] = {}

    def said(self) -> dict[str, list[str]]:
        """Return the paragraphs of each zone."""
        self.notes = []
        found = {"body": self._part("word/document.xml", f"{W}body")}
        for kind in ("footnote", "endnote"):
            own = [number for name, number in self.notes if name == kind]
            found[kind] = [row for number in own for row in self._note(kind, number)]
        for name in self.parts:
            if re.fullmatch(r"word/(?:old_)?(?:header|footer)\w*\.xml", name):
                found[name] = self._part(name, None)
        return {name: rows for name, rows in found.items() if any(row.strip() for row in rows)}

    def margins(self) -> list[str]:
        """Return the paragraphs of headers and footers, wherever they are kept."""
        return sorted(
            row
            for name, rows in self.said().items()
            if name.startswith("word/")
            for row in rows
            if row.strip()
        )

    def text(self) -> dict[str, list[str]]:
        return {name: rows for name, rows in self.said().items() if not name.startswith("word/")}

    def _part(self, name: str, tag: str | None) -> list[str]:
        root = ET.fromstring(self.parts[name])  # noqa: S314 - our own
        folder, file = posixpath.split(name)
        relations = self.parts.get(f"{folder}/_rels/{file}.rels")
        self.links = {}
        for one in ET.fromstring(relations) if relations else ():  # noqa: S314
            target = posixpath.normpath(posixpath.join(folder, one.get("Target") or ""))
            digest = hashlib.sha256(self.parts.get(target, target.encode())).hexdigest()[:8]
            self.links[one.get("Id") or ""] = digest
        container = root if tag is None else root.find(tag)
        assert container is not None
        return list(self._rows(container))

    def _note(self, kind: str, number: str) -> list[str]:
        root = ET.fromstring(self.parts[f"word/{kind}s.xml"])  # noqa: S314
        note = next(one for one in root if one.get(f"{W}id") == number)
        return [row for row in self._rows(note) if row.strip()]

    def _rows(self, container: ET.Element) -> Iterator[str]:
        waiting = ""
        beside: list[ET.Element] = []
        runs_on = False
        for block in _flat(container):
            if block.tag == f"{W}p":
                waiting += self._inline(block, beside)
                runs_on = self._mark_goes(block)
                if runs_on:
                    continue
                yield waiting
            elif block.tag == f"{W}tbl":
                if waiting:
                    yield waiting
                yield from self._table(block)
            waiting, runs_on = "", False
            for box in beside:
                yield from self._rows(box)
            beside = []
        if runs_on and waiting:
            yield waiting
        for box in beside:
            yield from self._rows(box)

    def _table(self, table: ET.Element) -> Iterator[str]:
        for row in table.iterfind(f"{W}tr"):
            marks = row.find(f"{W}trPr")
            if marks is not None and any(one.tag in self.gone for one in marks):
                continue
            for cell in row.iterfind(f"{W}tc"):
                yield from self._rows(cell)

    def _mark_goes(self, paragraph: ET.Element) -> bool:
        marks = paragraph.find(f"{W}pPr/{W}rPr")
        return marks is not None and any(one.tag in self.gone for one in marks)

    def _inline(self, parent: ET.Element, beside: list[ET.Element]) -> str:
        text = ""
        for child in parent:
            if child.tag in self.gone or child.tag in {f"{W}pPr", f"{W}rPr", f"{W}sdtPr"}:
                continue
            name = child.tag.rpartition("}")[2]
            if child.tag in {f"{W}t", f"{W}delText"}:
                text += child.text or ""
            elif name in SIGNS and child.tag.startswith(W):
                text += SIGNS[name]
            elif name in {"footnoteReference", "endnoteReference"}:
                self.notes.append((name.removesuffix("Reference"), child.get(f"{W}id") or ""))
                text += "<note>"
            elif name in {"instrText", "delInstrText"}:
                text += f"<{child.text}>"
            elif name == "fldSimple":
                text += f"<{child.get(f'{W}instr')}>{self._inline(child, beside)}"
            elif child.tag == f"{M}oMath":
                text += f"<formula {''.join(t.text or '' for t in child.iter(f'{M}t'))}>"
            elif name in {"drawing", "pict"}:
                boxes = list(child.iter(f"{W}txbxContent"))
                beside += boxes
                links = [self.links[b.get(f"{R}embed") or ""] for b in child.iter(f"{A}blip")]
                text += f"<picture {' '.join(links)}>"
            else:
                text += self._inline(child, beside)
        return text


def _flat(container: ET.Element) -> Iterator[ET.Element]:
    for child in container:
        if child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml"}:
            yield from _flat(child)
        else:
            yield child
