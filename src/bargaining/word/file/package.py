"""The package: the parts of a .docx, opened within limits, and written again.

Strategy: a .docx is a zip of XML parts tied together by relationships (ECMA-376, part 2). It may
come from the other side, so everything is bounded before it is believed: the number of parts, what
they unpack to, and how deep their XML goes. Document types and entities are refused, macros are
refused, and nothing is ever fetched: a relationship to the outside is a string like any other.

This module knows no paragraphs.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import attrs
from lxml import etree

from bargaining.errors import PaperError
from bargaining.word.file.names import (
    CONTENT_TYPES,
    MAIN,
    PACKAGE_RELATIONS,
    RELATIONS,
    STRICT,
    Element,
)

MOST_PARTS: Final = 2000
MOST_UNPACKED: Final = 64 * 1024 * 1024  # bytes of all parts together
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # others unpack unbounded
_LONGEST_NAME: Final = 500
MOST_XML: Final = 32 * 1024 * 1024  # bytes of one part of XML
MOST_TAGS: Final = 3_000_000  # tags and attributes of all parts that are parsed
_EBCDIC: Final = "<?xml".encode("cp037")
_DECLARED: Final = re.compile(rb"[^<]{0,9}<\?xml[^>]{1,99}encoding\s{0,9}=\s{0,9}[\"']([^\"']*)")
_ENCODINGS: Final = frozenset(  # those in which a tag begins with the byte of `<`
    b"utf-8 utf8 utf-16 utf-16le utf-16be us-ascii ascii iso-8859-1 windows-1252".split()
)
_TYPES: Final = "[Content_Types].xml"
DOCUMENT_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
_TEMPLATE_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
)
_SIGNS: Final = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_TYPED: Final = "holds a document type, which no Word document does"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can hold: no clock in a document
_DAMAGED: Final = "Open it in Word, save it as .docx again, and file that."


@attrs.define(eq=False, slots=False)
class Package:
    """The parts of a document, by name, as bytes; those that were parsed, as trees.

    Attributes:
        parts: the bytes of each part, in the order of the zip.
        trees: the root elements of the parts that were asked for; `to_bytes` writes these.
    """

    parts: dict[str, bytes]
    trees: dict[str, Element] = attrs.field(factory=dict)
    _tags: int = attrs.field(default=0, init=False)

    @classmethod
    def open(cls, data: bytes) -> Package:
        """Open the bytes of a .docx.

        Raises:
            PaperError: it is no Word document, is damaged, goes beyond a limit, holds macros, or
                holds a document type.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                package = cls(dict(_unpacked(archive)))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise PaperError(
                "The Word document is damaged: its zip ends early or is broken.", hint=_DAMAGED
            ) from error
        except (ValueError, RuntimeError, UnicodeError, OverflowError, IndexError) as error:
            raise PaperError("The Word document is damaged or encrypted.", hint=_DAMAGED) from error
        package._refuse_strangers()
        return package

    def _refuse_strangers(self) -> None:
        if self.main not in self.parts:
            raise PaperError(
                "The zip is no Word document: it has no main part.", hint="File a .docx, or text."
            )
        kind = self.content_type(self.main)
        holds_macros = any(name.lower().endswith("vbaproject.bin") for name in self.parts)
        if holds_macros or (kind is not None and "macroenabled" in kind.lower()):
            raise PaperError(
                "The document holds macros, and is not read.",
                hint="Save it as .docx, which holds none.",
            )
        if kind not in {DOCUMENT_TYPE, _TEMPLATE_TYPE}:
            raise PaperError("The zip is no Word document.", hint="File a .docx, or text.")
        name = etree.QName(self.tree(self.main))
        if name.namespace == STRICT:
            raise PaperError(
                "The document is in the strict form of Open XML, which is not read.",
                hint="In Word, save it as “Word Document (.docx)”.",
            )
        if (name.namespace, name.localname) != (MAIN, "document"):
            raise PaperError("The main part is no Word document.", hint=_DAMAGED)

    @cached_property
    def main(self) -> str:
        """The name of the main part; empty when there is none."""
        found = self._related("", "officeDocument")
        return found[0] if found else ""

    def content_type(self, name: str) -> str | None:
        """Return the content type of a part."""
        types = self.tree(_TYPES)
        ending = name.rpartition(".")[2].lower()
        default = None
        for entry in types:
            if entry.get("PartName") == f"/{name}":
                return entry.get("ContentType")
            if (entry.get("Extension") or "").lower() == ending:
                default = entry.get("ContentType")
        return default

    def tree(self, name: str) -> Element:
        """Return the root element of a part, parsed once.

        Raises:
            PaperError: the part is missing, too large, or not well-formed.
        """
        if name not in self.trees:
            data = self.parts.get(name, b"")
            self._tags += data.count(b"<") + data.count(b"=")  # at least as many as it holds
            if self._tags > MOST_TAGS:
                raise PaperError(
                    f"The document holds more than {MOST_TAGS // 1_000_000} million tags of XML, "
                    "the most that is read.",
                    hint="File it in parts.",
                )
            self.trees[name] = _parsed(name, self.parts.get(name))
        return self.trees[name]

    def related(self, kind: str) -> tuple[str, ...]:
        """Return the parts that the main part is tied to by this kind of relationship."""
        return self._related(self.main, kind)

    def related_tree(self, kind: str) -> Element | None:
        """Return the first of these parts, parsed; None where there is none."""
        names = self.related(kind)
        return self.tree(names[0]) if names else None

    def _related(self, source: str, kind: str) -> tuple[str, ...]:
        folder = posixpath.dirname(source)
        found = []
        for relation in self.relations(source):
            inside = relation.get("TargetMode") != "External"
            if inside and (relation.get("Type") or "").rpartition("/")[2] == kind:
                target = posixpath.normpath(
                    posixpath.join("/", folder, relation.get("Target") or "")
                )
                found.append(target.lstrip("/"))
        return tuple(dict.fromkeys(name for name in found if name in self.parts))

    def relations(self, source: str) -> Element:
        """Return the relationships of a part (of the package, for an empty name)."""
        name = relations_name(source)
        if name not in self.parts and name not in self.trees:
            self.trees[name] = etree.Element(
                f"{{{PACKAGE_RELATIONS}}}Relationships", nsmap={None: PACKAGE_RELATIONS}
            )
        return self.tree(name)

    def add_part(self, name: str, root: Element, kind: str, content_type: str) -> str:
        """Add a part of XML that the main part is tied to; return the relationship's id."""
        self.trees[name] = root
        self.parts[name] = b""
        types = self.tree(_TYPES)
        override = etree.SubElement(types, f"{{{CONTENT_TYPES}}}Override")
        override.set("PartName", f"/{name}")
        override.set("ContentType", content_type)
        relations = self.relations(self.main)
        taken = {relation.get("Id") for relation in relations}
        number = next(n for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        relation = etree.SubElement(relations, f"{{{PACKAGE_RELATIONS}}}Relationship")
        relation.set("Id", f"rId{number}")
        relation.set("Type", f"{RELATIONS}/{kind}")
        relation.set("Target", posixpath.relpath(name, posixpath.dirname(self.main) or "."))
        return f"rId{number}"

    def drop(self, name: str) -> None:
        """Take a part out, with its relationships and its content type."""
        for one in (name, relations_name(name)):
            self.parts.pop(one, None)
            self.trees.pop(one, None)
        types = self.tree(_TYPES)
        for entry in list(types):
            if entry.get("PartName") == f"/{name}":
                types.remove(entry)

    def to_bytes(self) -> bytes:
        """Write the package: the same parts give the same zip."""
        buffer = io.BytesIO()
        names = [_TYPES, *(name for name in (*self.parts, *self.trees) if name != _TYPES)]
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in dict.fromkeys(names):
                tree = self.trees.get(name)
                data = self.parts[name] if tree is None else _written(tree)
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def relations_name(source: str) -> str:
    """Return the name of the part that holds the relationships of another."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _unpacked(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the parts, never reading more than the limits, whatever the zip says of itself."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_PARTS:
        raise PaperError(
            f"The document has {len(entries)} parts; at most {MOST_PARTS} are read.", hint=_DAMAGED
        )
    names = [entry.filename.casefold() for entry in entries]  # part 2, 6.2.2.3
    if len(set(names)) != len(names) or not all(map(_is_part, names)):
        raise PaperError("The document holds a part twice, or under no name.", hint=_DAMAGED)
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise PaperError("The document is packed in a way that no Word document is.", hint=_DAMAGED)
    left = MOST_UNPACKED
    for entry in entries:
        with archive.open(entry) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            most = MOST_UNPACKED // 1024 // 1024
            raise PaperError(
                f"The document unpacks to more than {most} MiB, the most that is read.",
                hint="Take pictures out of it, or file its text.",
            )
        yield entry.filename, data


def _is_part(name: str) -> bool:
    """True for a name that a part may have: no way out of the package, and not endless."""
    steps = name.replace("\\", "/").split("/")
    return len(name) <= _LONGEST_NAME and "" not in steps and ".." not in steps


def _parsed(name: str, data: bytes | None) -> Element:
    if data is None:
        raise PaperError(f"The part {name} of the document is missing.", hint=_DAMAGED)
    if len(data) > MOST_XML:
        raise PaperError(
            f"The part {name} is larger than {MOST_XML // 1024 // 1024} MiB of XML.", hint=_DAMAGED
        )
    declared = _DECLARED.match(data)
    if data.startswith(_EBCDIC) or (declared and declared[1].lower() not in _ENCODINGS):
        # Part 2, 6.2.5; in others the signs that are looked for here would not be found.
        raise PaperError(f"The part {name} is neither in UTF-8 nor in UTF-16.", hint=_DAMAGED)
    if any(sign in data for sign in _SIGNS):
        raise PaperError(f"The part {name} {_TYPED}.", hint="Do not trust this file.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        said = " ".join(str(error.msg).split())
        raise PaperError(f"The part {name} cannot be read: {said}.", hint=_DAMAGED) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise PaperError(f"The part {name} {_TYPED}.", hint="Do not trust this file.")
    return root


def _written(tree: Element) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
