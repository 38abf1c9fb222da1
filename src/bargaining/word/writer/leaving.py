"""Leaving: what a filed Word document holds beside what is seen, which is not handed on unasked.

Strategy: a list of what may go out, not of what may not. The relationships of a package say what
each part is for (ECMA-376, part 2): those that draw or word the document stay, and with any other
goes the element that names it. A drawing of an embedded object stays, its data goes; the picture of
a link stays where the document holds it. Fields that a program would fill from elsewhere, or from
what went, stay as the words that they show. So nothing visible changes.

This module judges no text, and knows no redlines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import unquote

import attrs
from lxml import etree

from bargaining.word.file.names import CONTENT_TYPES, RELATIONS, Element, value, w
from bargaining.word.file.package import DOCUMENT_TYPE, Package
from bargaining.word.file.resolve import remove, unwrap
from bargaining.word.writer.carried import path_of

_RELATION: Final = f"{{{RELATIONS}}}"
_TYPES: Final = "[Content_Types].xml"
_GOES_OUT: Final = frozenset(  # kinds of relationships, by the last step of their names
    """
    officeDocument styles stylesWithEffects numbering settings webSettings fontTable font theme
    themeOverride header footer footnotes endnotes comments commentsExtended commentsIds
    commentsExtensible image hdphoto hyperlink aFChunk chart chartUserShapes chartStyle
    chartColorStyle chartEx diagramData diagramLayout diagramQuickStyle diagramColors diagramDrawing
    """.split()
)
_COMMENTS: Final = frozenset({"comments", "commentsExtended", "commentsIds", "commentsExtensible"})
_WORDS: Final = {  # what a reader of the message knows the others by; singular and plural
    **dict.fromkeys(
        ("vbaProject", "wordVbaData", "keyMapCustomizations", "attachedToolbars", "extensibility"),
        ("macros", "macros"),
    ),
    **dict.fromkeys(("oleObject", "package"), ("an embedded object", "embedded objects")),
    **dict.fromkeys(("control", "activeXControlBinary"), ("a control", "controls")),
    "attachedTemplate": ("a link to its template", "links to its template"),
    "subDocument": ("a linked document", "linked documents"),
    "customXml": ("data of forms", "data of forms"),
    "printerSettings": ("settings of a printer", "settings of printers"),
    "people": ("accounts of its authors", "accounts of its authors"),
    "glossaryDocument": ("building blocks", "building blocks"),
    **dict.fromkeys(
        ("core-properties", "extended-properties", "custom-properties", "thumbnail"),
        ("its properties", "its properties"),
    ),
    **dict.fromkeys(
        ("mailMergeSource", "mailMergeHeaderSource", "recipientData"),
        ("the source of a mail merge", "the sources of a mail merge"),
    ),
}
_COUNTED: Final = frozenset({"an embedded object", "a control", "a linked document"})
_OTHER: Final = ("hidden data", "hidden data")
_LINK: Final = ("a link to a file", "links to files")
_PICTURE: Final = ("a link to a picture", "links to pictures")
_FIELD: Final = ("a field filled from elsewhere", "fields filled from elsewhere")
_SETTINGS: Final = tuple(  # what Word notes down of the one who wrote, and where
    map(
        w,
        (
            *("attachedTemplate", "mailMerge", "docVars", "rsids", "saveThroughXslt"),
            # With these Word would take the authors and dates out of the marks that it saves.
            *("removePersonalInformation", "removeDateAndTime"),
        ),
    )
)
_SESSIONS: Final = tuple(map(w, ("p", "r", "tr", "sectPr")))  # what bears numbers of sessions
_INVISIBLE: Final = tuple(map(w, ("permStart", "permEnd")))  # who may edit, by account
_BINDING: Final = "{*}dataBinding"
_PATH: Final = re.compile(
    r"\s*(?:(?:file|smb|cifs|nfs|afp):|[A-Za-z]:[\\/]|\\\\|//|/(?:\w+/)+)", re.IGNORECASE
)
_FETCHED: Final = re.compile(
    r"\s*(?:(?:INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|DDE|DDEAUTO|DATABASE|RD|DOCPROPERTY"
    r"|DOCVARIABLE|AUTHOR|LASTSAVEDBY|FILENAME|TEMPLATE|TITLE|SUBJECT|KEYWORDS|COMMENTS|INFO"
    r"|USERNAME|USERINITIALS|USERADDRESS)(?![A-Z])"
    r"|HYPERLINK\s+\"?(?:file:|[A-Za-z]:[\\/]|\\\\))",
    re.IGNORECASE,
)
_CODES: Final = tuple(map(w, ("instrText", "delInstrText")))
_ANCHORS: Final = tuple(
    map(w, ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"))
)
_DRAWINGS: Final = tuple(map(w, ("drawing", "pict", "object")))
_DESCRIBED: Final = (
    "descr",
    "title",
    "alt",
    "href",
    "src",
    "{urn:schemas-microsoft-com:office:office}title",
)
_TEMPLATE_FORMS: Final = "template.main+xml", "macroEnabled"


def strip(package: Package, *, comments: bool = True) -> tuple[str, ...]:
    """Take out of a package what is not seen in it, and what would be fetched from elsewhere.

    Args:
        package: the document; it is changed.
        comments: whether its comments stay.

    Returns:
        What was taken out, in words.
    """
    found: Counter[tuple[str, str]] = Counter()
    reached, waiting = {""}, [""]
    while waiting:
        source = waiting.pop()
        _strip_relations(package, source, found, comments=comments)
        for relation in _relations(package, source):
            target = path_of(source, (relation.get("Target") or "").partition("#")[0])
            if relation.get("TargetMode") != "External" and target not in reached:
                reached.add(target)
                waiting.append(target)
    _strip_parts(package, reached)
    _strip_settings(package, found)
    for name in _stories(package):
        _strip_story(package.tree(name), found)
        if not comments:
            _strip_comments(package.tree(name))
    return tuple(
        one if count == 1 or one == many else f"{count} {many}"
        for (one, many), count in found.items()
    )


def _relations(package: Package, source: str) -> list[Element]:
    """Return the relationships of a part, and make none where it has none."""
    name = _relations_of(source)
    return list(package.relations(source)) if name in {**package.parts, **package.trees} else []


def _relations_of(source: str) -> str:
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _kind(relation: Element) -> str:
    return (relation.get("Type") or "").rpartition("/")[2]


def _goes_out(package: Package, source: str, relation: Element, *, comments: bool) -> bool:
    """True for a relationship that may go out."""
    kind, target = _kind(relation), relation.get("Target") or ""
    if relation.get("TargetMode") == "External":
        return kind == "hyperlink" and not _PATH.match(target)
    if kind == "customXml":  # handwriting is one of these as well (inkml)
        return "inkml" in (package.content_type(path_of(source, target)) or "")
    if kind == "hyperlink":
        return not _PATH.match(target)
    is_there = _names(path_of(source, target.partition("#")[0])) & set(package.parts)
    return bool(is_there) and kind in _GOES_OUT and (comments or kind not in _COMMENTS)


def _names(target: str) -> set[str]:
    """Return what a part may be named that a relationship leads to."""
    return {target, unquote(target)}


def _strip_relations(
    package: Package, source: str, found: Counter[tuple[str, str]], *, comments: bool
) -> None:
    """Take out the relationships of a part that may not go out, and what names them."""
    gone: dict[str, Element] = {}
    for relation in _relations(package, source):
        if not _goes_out(package, source, relation, comments=comments):
            gone[relation.get("Id") or ""] = relation
            _count(_kind(relation), relation.get("TargetMode") == "External", found)
            remove(relation)
    if not gone or not source.lower().endswith(".xml"):
        return
    for element in list(package.tree(source).iter("{*}*")):
        for name in [str(n) for n in element.attrib if str(n).startswith(_RELATION)]:
            if element.get(name) in gone:
                _unname(element, name)


def _count(kind: str, outside: bool, found: Counter[tuple[str, str]]) -> None:
    if kind in _COMMENTS:
        return
    words = _WORDS.get(kind, _OTHER)
    if outside and kind in {"image", "hyperlink"}:
        words = _PICTURE if kind == "image" else _LINK
    found[words] = found[words] + 1 if words[0] in _COUNTED or words in {_PICTURE, _LINK} else 1


def _unname(element: Element, name: str) -> None:
    """Take out what names a relationship that is gone: a link, a picture, or the data of either."""
    del element.attrib[name]
    local = etree.QName(element).localname
    if local in {"hyperlink", "blip", "imagedata", "fill", "stroke"}:
        left = any(str(n).startswith(_RELATION) for n in element.attrib)
        if local == "hyperlink" and not (left or value(element, "anchor")):
            unwrap(element)
        elif local in {"blip", "imagedata"} and not left:
            _remove_drawing(element)
        return
    holder = element.getparent()
    remove(element)
    if holder is not None and holder.tag == w("object"):  # what is left of it is a picture
        holder.tag = w("pict")
        holder.attrib.clear()


def _remove_drawing(element: Element) -> None:
    """Take out a picture that the document does not hold."""
    above = next((a for a in element.iterancestors() if a.tag in _DRAWINGS), None)
    if above is not None and above.getparent() is not None:
        remove(above)


def _strip_parts(package: Package, reached: Collection[str]) -> None:
    """Take out the parts that no relationship leads to any more, and what says their types."""
    names = {name for target in reached for name in _names(target)}
    known = {name.casefold() for name in (_TYPES, *names, *map(_relations_of, names))}
    for held in (package.parts, package.trees):
        for name in [name for name in held if name.casefold() not in known]:
            del held[name]
    kept = {f"/{name}" for name in (*package.parts, *package.trees)}
    for entry in list(package.tree(_TYPES).iter(f"{{{CONTENT_TYPES}}}Override")):
        if entry.get("PartName") not in kept:
            remove(entry)
        elif any(form in (entry.get("ContentType") or "") for form in _TEMPLATE_FORMS):
            entry.set("ContentType", DOCUMENT_TYPE)


def _strip_settings(package: Package, found: Counter[tuple[str, str]]) -> None:
    root = package.related_tree("settings")
    for element in [] if root is None else list(root.iter(*_SETTINGS)):
        if element.tag == w("docVars"):
            found[_WORDS["core-properties"]] = 1
        if element.getparent() is not None:
            remove(element)


def _stories(package: Package) -> Iterator[str]:
    """Yield the parts that hold paragraphs."""
    yield package.main
    for kind in ("header", "footer", "footnotes", "endnotes", "comments"):
        yield from package.related(kind)


def _strip_story(root: Element, found: Counter[tuple[str, str]]) -> None:
    """Take out what a part of text says to programs alone."""
    for element in list(root.iter(_BINDING, *_INVISIBLE)):
        remove(element)
    for element in root.iter(*_SESSIONS):
        for name in [name for name in element.attrib if "}rsid" in str(name)]:
            del element.attrib[name]
    for element in root.iter("{*}docPr", "{*}cNvPr", "{urn:schemas-microsoft-com:vml}*"):
        for name in _DESCRIBED:
            if _PATH.match(element.get(name) or ""):
                del element.attrib[name]
        if _PATH.match(element.get("name") or ""):
            element.set("name", "Picture")
    _unfold(root, found)


def _strip_comments(root: Element) -> None:
    """Take the places of comments out of a part of text."""
    for element in list(root.iter(*_ANCHORS)):
        remove(element)


@attrs.define(eq=False)
class _Field:
    """A field that is open: the nodes of its code and of its borders, and what the code says."""

    code: str = ""
    is_code: bool = True
    nodes: list[Element] = attrs.Factory(list)


def _unfold(root: Element, found: Counter[tuple[str, str]]) -> None:
    """Leave of the fields that are filled from elsewhere the words that they show."""
    for simple in list(root.iter(w("fldSimple"))):
        if _FETCHED.match(value(simple, "instr") or ""):
            for data in simple.findall(w("fldData")):
                remove(data)
            found[_FIELD] += 1
            unwrap(simple)
    if next(root.iter(w("fldChar")), None) is None:
        return
    for field in _fields(root):
        if _FETCHED.match(field.code):
            found[_FIELD] += 1
            for node in field.nodes:
                _remove_node(node)


def _remove_node(node: Element) -> None:
    """Take a node out of its run, and the run when nothing is left in it."""
    run = node.getparent()
    if run is None:
        return  # with a field around it
    remove(node)
    if run.getparent() is not None and all(child.tag == w("rPr") for child in run):
        remove(run)


def _fields(root: Element) -> list[_Field]:
    """Return the fields of a part, each with all nodes that are not its result."""
    opened: list[_Field] = []
    closed: list[_Field] = []
    nodes = (node for run in root.iter(w("r")) for node in run if node.tag != w("rPr"))
    for node in nodes:
        turn = value(node, "fldCharType") if node.tag == w("fldChar") else None
        if turn == "begin":
            opened.append(_Field())
        for field in opened:
            is_own = field is opened[-1]
            if field.is_code or (is_own and turn is not None):
                field.nodes.append(node)
            if field.is_code and is_own and node.tag in _CODES:
                field.code += node.text or ""
        if opened and turn == "separate":
            opened[-1].is_code = False
        elif opened and turn == "end":
            closed.append(opened.pop())
    return closed
