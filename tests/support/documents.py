"""Invented Word documents, built out of raw WordprocessingML.

Small functions make small pieces of XML, as strings, that nest: runs in changes, in paragraphs, in
cells, in rows, in tables. `document` wraps blocks and the other parts into a package. An id that
must be unique is written `@@`, or `@key@` where several elements share it; a target of a link is
written `@url:…@`. `document` puts numbers in their place.

    document(p(r("The day ends at "), deleted(*FTA, r("three")), ins(*FTA, r("four")), r(".")))
"""

import io
import itertools
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": _W,
        "r": _R,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Parties: the author and the date of a change.
FTA = ("Fernhollow Teachers Association", "2024-09-12T12:00:00Z")
DISTRICT = ("Fernhollow District", "2024-10-10T12:00:00Z")
MEDIATOR = ("O. Quillfeather, Mediator", "2024-11-21T12:00:00Z")
FTA_AGAIN = ("Fernhollow Teachers Association", "2025-01-16T12:00:00Z")

# Numberings: the first argument of `num`.
CLAUSES = 1  # 1.0, then a., then i.
ARTICLES = 2  # Article I, then Section 1.1 (isLgl), then (a)
LETTERS = 3  # (a)
BULLETS = 4
FROM_FOUR = 5  # CLAUSES again, from 4.0
LETTERS_AGAIN = 6  # LETTERS again, from (a)


# Runs.

_ELEMENTS = {
    "\t": "<w:tab/>",
    "\n": "<w:br/>",
    "\f": '<w:br w:type="page"/>',
    "\N{NON-BREAKING HYPHEN}": "<w:noBreakHyphen/>",
    "\N{SOFT HYPHEN}": "<w:softHyphen/>",
}


def _content(text: str) -> str:
    pieces = re.split(f"([{''.join(_ELEMENTS)}])", text)
    return "".join(
        _ELEMENTS.get(piece) or f'<w:t xml:space="preserve">{escape(piece, quote=False)}</w:t>'
        for piece in pieces
        if piece
    )


def rpr(
    *,
    bold: bool = False,
    underline: str | None = None,
    strike: bool = False,
    dstrike: bool = False,
    colour: str | None = None,
    highlight: str | None = None,
    style: str | None = None,
    vanish: bool = False,
    was: str = "",
) -> str:
    """Run properties; `was` is the `formatted` that tells the old ones."""
    inner = "".join(
        (
            f'<w:rStyle w:val="{style}"/>' if style else "",
            "<w:b/>" if bold else "",
            "<w:strike/>" if strike else "",
            "<w:dstrike/>" if dstrike else "",
            "<w:vanish/>" if vanish else "",
            f'<w:color w:val="{colour}"/>' if colour else "",
            f'<w:highlight w:val="{highlight}"/>' if highlight else "",
            f'<w:u w:val="{underline}"/>' if underline else "",
            was,
        )
    )
    return f"<w:rPr>{inner}</w:rPr>" if inner else ""


def r(
    text: str,
    *,
    bold: bool = False,
    underline: str | None = None,
    strike: bool = False,
    dstrike: bool = False,
    colour: str | None = None,
    highlight: str | None = None,
    style: str | None = None,
    vanish: bool = False,
    was: str = "",
) -> str:
    """One run; tabs, line breaks, page breaks and special hyphens become elements."""
    properties = rpr(
        bold=bold,
        underline=underline,
        strike=strike,
        dstrike=dstrike,
        colour=colour,
        highlight=highlight,
        style=style,
        vanish=vanish,
        was=was,
    )
    return f"<w:r>{properties}{_content(text)}</w:r>"


def formatted(author: str, date: str, old: str = "") -> str:
    """The run had other properties: `r(…, was=formatted(…, rpr(…)))`."""
    return f"<w:rPrChange {_by(author, date)}>{old or '<w:rPr/>'}</w:rPrChange>"


def paragraph_formatted(author: str, date: str, old: str = "") -> str:
    """The paragraph had other properties: `p(…, was=paragraph_formatted(…, numbered(…)))`."""
    return f"<w:pPrChange {_by(author, date)}><w:pPr>{old}</w:pPr></w:pPrChange>"


# Changes. Without runs, each is the mark of a paragraph or of a row: `p(…, mark=ins(*FTA))`.


def _by(author: str, date: str) -> str:
    return f'w:id="@@" w:author="{escape(author)}" w:date="{date}"'


def ins(author: str, date: str, *runs: str) -> str:
    return f"<w:ins {_by(author, date)}>{''.join(runs)}</w:ins>"


def deleted(author: str, date: str, *runs: str) -> str:
    struck = re.sub(r"(</?w:)t([ >])", r"\1delText\2", "".join(runs))
    struck = struck.replace("w:instrText", "w:delInstrText")
    return f"<w:del {_by(author, date)}>{struck}</w:del>"


def move_from(author: str, date: str, *runs: str, name: str | None = None) -> str:
    """Moved away from here; the name is that of the `move_to`. The text stays `w:t`."""
    return _move("From", author, date, runs, name)


def move_to(author: str, date: str, *runs: str, name: str | None = None) -> str:
    return _move("To", author, date, runs, name)


def _move(which: str, author: str, date: str, runs: Sequence[str], name: str | None) -> str:
    moved = f"<w:move{which} {_by(author, date)}>{''.join(runs)}</w:move{which}>"
    if name is None:
        return moved
    return range_start(f"move{which}", name, author, date) + moved + range_end(f"move{which}", name)


def range_start(kind: str, name: str, author: str, date: str) -> str:
    """Where `moveFrom` or `moveTo` begins, for moves that reach over several elements."""
    by = _by(author, date).replace("@@", f"@{kind} {name}@")
    return f'<w:{kind}RangeStart {by} w:name="{name}"/>'


def range_end(kind: str, name: str) -> str:
    return f'<w:{kind}RangeEnd w:id="@{kind} {name}@"/>'


# Inline pieces.


def hyperlink(url: str, *runs: str) -> str:
    return f'<w:hyperlink r:id="@url:{escape(url)}@" w:history="1">{"".join(runs)}</w:hyperlink>'


def bookmark(name: str, *runs: str) -> str:
    key = f"@bookmark {name}@"
    return (
        f'<w:bookmarkStart w:id="{key}" w:name="{name}"/>{"".join(runs)}'
        f'<w:bookmarkEnd w:id="{key}"/>'
    )


def simple_field(instruction: str, *runs: str) -> str:
    return f'<w:fldSimple w:instr=" {escape(instruction)} ">{"".join(runs)}</w:fldSimple>'


def field(instruction: str, *runs: str) -> str:
    """A complex field: begin, instruction, separate, result, end."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{''.join(runs)}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def content_control(*pieces: str, tag: str = "invented") -> str:
    """Around runs, or around blocks."""
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr>'
        f"<w:sdtContent>{''.join(pieces)}</w:sdtContent></w:sdt>"
    )


def footnote_ref(number: int) -> str:
    return (
        '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        f'<w:footnoteReference w:id="{number}"/></w:r>'
    )


def commented(number: int, *runs: str) -> str:
    """Runs under a comment, and the reference to it."""
    return (
        f'<w:commentRangeStart w:id="{number}"/>{"".join(runs)}<w:commentRangeEnd w:id="{number}"/>'
        f'<w:r><w:commentReference w:id="{number}"/></w:r>'
    )


def text_box(*paragraphs: str) -> str:
    """One text box, twice: as a shape, and as VML for readers that know no shapes."""
    inner = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    shape = (
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2"'
        ' behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="column"><wp:posOffset>3600000</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
        '<wp:extent cx="1800000" cy="900000"/><wp:wrapNone/><wp:docPr id="@@" name="Box"/>'
        "<wp:cNvGraphicFramePr/><a:graphic><a:graphicData"
        ' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="1800000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"</wps:spPr><wps:txbx>{inner}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>"
        "</a:graphic></wp:anchor>"
    )
    vml = (
        '<v:shape type="#_x0000_t202" style="position:absolute;margin-left:283pt;width:142pt;'
        f'height:71pt"><v:textbox>{inner}</v:textbox></v:shape>'
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{shape}</w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict>{vml}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


# Blocks.


def numbered(number: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def p(
    *runs: str,
    style: str | None = None,
    num: tuple[int, int] | None = None,
    mark: str | None = None,
    was: str = "",
) -> str:
    """One paragraph. `num` is the numbering and its level; `mark` a change without runs."""
    inner = "".join(
        (
            f'<w:pStyle w:val="{style}"/>' if style else "",
            numbered(*num) if num else "",
            f"<w:rPr>{_empty(mark)}</w:rPr>" if mark else "",
            was,
        )
    )
    return f"<w:p>{f'<w:pPr>{inner}</w:pPr>' if inner else ''}{''.join(runs)}</w:p>"


def _empty(change: str) -> str:
    """The outermost element of a change, and those within, as empty elements side by side."""
    return "".join(f"<{element}/>" for element in re.findall(r"<(w:[^>]+)>", change))


def cell(*blocks: str, span: int = 1, merge: str | None = None) -> str:
    """A cell; `merge` is "restart" or "continue", for cells merged downwards."""
    return (
        '<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/>'
        + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (f'<w:vMerge w:val="{merge}"/>' if merge else "")
        + f"</w:tcPr>{''.join(blocks) or p()}</w:tc>"
    )


def row(cells: Sequence[str], mark: str | None = None) -> str:
    """A row of `cell`s, or of plain texts."""
    inner = "".join(each if each.startswith("<w:tc>") else cell(p(r(each))) for each in cells)
    return f"<w:tr>{f'<w:trPr>{_empty(mark)}</w:trPr>' if mark else ''}{inner}</w:tr>"


def table(rows: Sequence[str], columns: int = 2) -> str:
    grid = '<w:gridCol w:w="3000"/>' * columns
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{borders}</w:tblBorders>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


# Other parts.


def footnote(number: int, *paragraphs: str) -> str:
    """A footnote that `footnote_ref` refers to; number 1 and up."""
    return f'<w:footnote w:id="{number}">{"".join(paragraphs)}</w:footnote>'


def note_p(*runs: str) -> str:
    """A paragraph of a footnote that begins with the footnote's number."""
    return p("<w:r><w:footnoteRef/></w:r>", r(" "), *runs, style="FootnoteText")


def comment(number: int, author: str, date: str, *paragraphs: str) -> str:
    return (
        f'<w:comment w:id="{number}" w:author="{escape(author)}" w:date="{date}" w:initials="X">'
        f"{''.join(paragraphs)}</w:comment>"
    )


def _level(level: int, form: str, text: str, *, legal: bool = False, style: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        + (f'<w:pStyle w:val="{style}"/>' if style else "")
        + ("<w:isLgl/>" if legal else "")
        + f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>'
        f'<w:ind w:left="{720 * (level + 1)}" w:hanging="720"/></w:pPr></w:lvl>'
    )


def _abstract(number: int, *levels: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        f"{''.join(levels)}</w:abstractNum>"
    )


def _num(number: int, abstract: int, start: int | None = None) -> str:
    override = (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        if start
        else ""
    )
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>'


NUMBERING = "".join(
    (
        _abstract(
            1,
            _level(0, "decimal", "%1.0"),
            _level(1, "lowerLetter", "%2."),
            _level(2, "lowerRoman", "%3."),
        ),
        _abstract(
            2,
            _level(0, "upperRoman", "Article %1", style="Article"),
            _level(1, "decimal", "Section %1.%2", legal=True, style="Section"),
            _level(2, "lowerLetter", "(%3)"),
        ),
        _abstract(3, _level(0, "lowerLetter", "(%1)"), _level(1, "decimal", "(%2)")),
        _abstract(4, _level(0, "bullet", "•"), _level(1, "bullet", "–")),
        _num(CLAUSES, 1),
        _num(ARTICLES, 2),
        _num(LETTERS, 3),
        _num(BULLETS, 4),
        _num(FROM_FOUR, 1, start=4),
        _num(LETTERS_AGAIN, 3, start=1),
    )
)


def _style(kind: str, name: str, inner: str = "", *, default: bool = False) -> str:
    first = ' w:default="1"' if default else ""
    return (
        f'<w:style w:type="{kind}"{first} w:styleId="{name}">'
        f'<w:name w:val="{name}"/>{inner}</w:style>'
    )


STYLES = "".join(
    (
        _style("paragraph", "Normal", default=True),
        _style("paragraph", "Title", "<w:rPr><w:b/></w:rPr>"),
        _style("paragraph", "Header"),
        _style("paragraph", "Footer"),
        _style("paragraph", "FootnoteText"),
        _style("paragraph", "Article", f"<w:pPr>{numbered(ARTICLES)}</w:pPr>"),
        _style("paragraph", "Section", f"<w:pPr>{numbered(ARTICLES, 1)}</w:pPr>"),
        _style(
            "character", "FootnoteReference", '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        ),
        _style("character", "Hyperlink", '<w:rPr><w:u w:val="single"/></w:rPr>'),
        _style("character", "Struck", "<w:rPr><w:strike/></w:rPr>"),
        _style("character", "Proposed", '<w:rPr><w:u w:val="single"/></w:rPr>'),
    )
)

_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r>'
    "</w:p></w:footnote>"
)


# The package.


def document(
    *blocks: str,
    numbering: str = NUMBERING,
    styles: str = STYLES,
    footnotes: str = "",
    comments: str = "",
    headers: Mapping[str, str] | None = None,
    footers: Mapping[str, str] | None = None,
    settings: str = "",
) -> bytes:
    """A .docx of these blocks.

    The other parts are given as what stands in their root element. Headers and footers are given
    by their kind: "default", "first", "even".
    """
    parts = {
        "styles": ("styles", "styles", styles),
        "numbering": ("numbering", "numbering", numbering),
        "settings": ("settings", "settings", settings),
    }
    if footnotes:
        parts["footnotes"] = ("footnotes", "footnotes", _SEPARATORS + footnotes)
    if comments:
        parts["comments"] = ("comments", "comments", comments)
    references = ""
    for margin, root, of_kind in (("header", "hdr", headers), ("footer", "ftr", footers)):
        for kind, inner in (of_kind or {}).items():
            parts[f"{margin}_{kind}"] = (margin, root, inner)
            references += f'<w:{margin}Reference w:type="{kind}" r:id="{margin}_{kind}"/>'
    title_page = "<w:titlePg/>" if "first" in {**(headers or {}), **(footers or {})} else ""
    section = (
        f'<w:sectPr>{references}<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1440"'
        ' w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720"'
        f' w:gutter="0"/>{title_page}</w:sectPr>'
    )
    body, links = _linked(f"<w:body>{''.join(blocks)}{section}</w:body>")
    counter, known = itertools.count(1_000), dict[str, int]()

    def number(found: re.Match[str]) -> str:
        key = found[1]
        return f'id="{known.setdefault(key, next(counter)) if key else next(counter)}"'

    def part(root: str, inner: str) -> str:
        filled = re.sub(r'\bid="@([^"@]*)@"', number, inner)
        return f'{_HEAD}<w:{root} {_NAMESPACES} mc:Ignorable="w14">{filled}</w:{root}>'

    files = {
        "[Content_Types].xml": _content_types({name: kind for name, (kind, _, _) in parts.items()}),
        "_rels/.rels": _relationships([("rId1", "officeDocument", "word/document.xml", False)]),
        "word/document.xml": part("document", body),
        "word/_rels/document.xml.rels": _relationships(
            [
                *((name, kind, f"{name}.xml", False) for name, (kind, _, _) in parts.items()),
                *((name, "hyperlink", url, True) for url, name in links.items()),
            ]
        ),
        **{f"word/{name}.xml": part(root, inner) for name, (_, root, inner) in parts.items()},
    }
    return package(files)


def sectioned(heads: Mapping[str, str], *sections: Mapping[str, str]) -> bytes:
    """A .docx of several sections.

    Args:
        heads: what stands in each header, by a name of its own.
        sections: the headers of each section by their kind, `"default"` or `"first"`.
    """
    last = len(sections) - 1

    def properties(section: Mapping[str, str]) -> str:
        references = "".join(
            f'<w:headerReference w:type="{kind}" r:id="{name}"/>' for kind, name in section.items()
        )
        return f'<w:sectPr>{references}<w:pgSz w:w="12240" w:h="15840"/><w:titlePg/></w:sectPr>'

    made = document(
        *(p(r(f"{n}.0 Bells ring in part {n}.")) for n in range(1, len(sections) + 1)),
        headers=dict.fromkeys(heads, "<w:p/>"),
    )
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, inner in heads.items():
        part = f"word/header_{name}.xml"
        files[part] = files[part].replace("<w:p/>", inner)
    links = "word/_rels/document.xml.rels"
    files[links] = files[links].replace('Id="header_', 'Id="')
    body = re.sub(r"<w:sectPr>.*?</w:sectPr>", "", files["word/document.xml"], flags=re.DOTALL)
    places = [found.start() for found in re.finditer(r"(?<=<w:p>)", body)]
    for n in reversed(range(last)):
        mark = f"<w:pPr>{properties(sections[n])}</w:pPr>"
        body = body[: places[n]] + mark + body[places[n] :]
    end = f"{properties(sections[last])}</w:body>"
    files["word/document.xml"] = body.replace("</w:body>", end)
    return package(files)


def package(files: Mapping[str, str]) -> bytes:
    """A ZIP of these files: the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _linked(body: str) -> tuple[str, dict[str, str]]:
    links: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        return f'r:id="{links.setdefault(found[1], f"link{len(links) + 1}")}"'

    return re.sub(r'r:id="@url:([^"@]*)@"', name, body), links


def _relationships(rows: Sequence[tuple[str, str, str, bool]]) -> str:
    outside = ' TargetMode="External"'
    inner = "".join(
        f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{target}"'
        f"{outside if external else ''}/>"
        for name, kind, target, external in rows
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(parts: Mapping[str, str]) -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    inner = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{word}.{kind}+xml"/>'
        for name, kind in {"document": "document.main", **parts}.items()
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inner}</Types>'
    )


# The catalogue.

DOCUMENTS: dict[str, Callable[[], bytes]] = {}


def _named(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def enter(build: Callable[[], bytes]) -> Callable[[], bytes]:
        DOCUMENTS[name] = build
        return build

    return enter


@_named("plain paragraphs")
def _plain() -> bytes:
    return document(
        p(r("Memorandum of Understanding"), style="Title"),
        p(r("Fernhollow Teachers Association & Fernhollow District")),
        p(),
        p(r("A teacher keeps one key per "), r("class"), r("room & returns it <signed> in June.")),
        p(r("It ends"), r(" "), r("in May.")),
    )


@_named("multilevel lists")
def _lists() -> bytes:
    return document(
        p(r("Keys"), num=(CLAUSES, 0)),
        p(r("A teacher keeps one key."), num=(CLAUSES, 1)),
        p(r("A lost key is told on the day."), num=(CLAUSES, 1)),
        p(r("By note."), num=(CLAUSES, 2)),
        p(r("By telephone."), num=(CLAUSES, 2)),
        p(r("This goes on without a number.")),
        p(num=(CLAUSES, 1)),
        p(r("A found key is handed in."), num=(CLAUSES, 1)),
        p(r("Gates"), num=(CLAUSES, 0)),
        p(r("Gates open at seven."), num=(CLAUSES, 1)),
        p(r("Parking"), style="Article"),
        p(r("Spaces are painted."), style="Section"),
        p(r("in white"), num=(ARTICLES, 2)),
        p(r("in the summer"), num=(ARTICLES, 2)),
        p(r("Spaces are lit."), style="Section"),
        p(r("Gardens"), style="Article"),
        p(r("Beds are raised."), style="Section"),
        p(r("the north bed"), num=(LETTERS, 0)),
        p(r("the south bed"), num=(LETTERS, 0)),
        p(r("Again from the first letter:")),
        p(r("the east bed"), num=(LETTERS_AGAIN, 0)),
        p(r("a rake"), num=(BULLETS, 0)),
        p(r("a short rake"), num=(BULLETS, 1)),
        p(r("Benches"), num=(FROM_FOUR, 0)),
        p(r("Benches are oak."), num=(FROM_FOUR, 1)),
    )


@_named("tables")
def _tables() -> bytes:
    nested = table([row(["Fall", "two hours"]), row(["Spring", "three hours"])])
    return document(
        p(r("Prep time by grade:")),
        table(
            [
                row(["Grade", "Minutes", "Room"]),
                row([cell(p(r("Kindergarten & first")), span=2), cell(p(r("Oak")))]),
                row(
                    [
                        cell(p(r("Second")), merge="restart"),
                        cell(p(r("forty")), p(r("as posted"))),
                        cell(
                            p(r("the aide"), num=(LETTERS, 0)), p(r("the lead"), num=(LETTERS, 0))
                        ),
                    ]
                ),
                row([cell(merge="continue"), "fifty", cell(p(r("Terms:")), nested, p())]),
            ],
            columns=3,
        ),
        p(r("Minutes are counted by the week.")),
        table([row(["One cell"])], columns=1),
        p(),
    )


@_named("footnotes")
def _footnotes() -> bytes:
    return document(
        p(r("A stipend"), footnote_ref(1), r(" is paid monthly.")),
        p(
            r("A bonus"),
            ins(*DISTRICT, footnote_ref(2)),
            deleted(*DISTRICT, footnote_ref(3)),
            r(" is paid once."),
        ),
        footnotes=footnote(
            1,
            note_p(
                r("Gross"),
                ins(*FTA, r(", before tax")),
                r(", as in Schedule "),
                deleted(*FTA, r("Q")),
                ins(*FTA, r("K")),
                r("."),
            ),
            p(r("Second paragraph of the note."), style="FootnoteText"),
        )
        + footnote(2, note_p(ins(*DISTRICT, r("In July."))))
        + footnote(3, note_p(deleted(*DISTRICT, r("In August.")))),
    )


@_named("characters")
def _characters() -> bytes:
    return document(
        p(r("Article\N{NO-BREAK SPACE}7\N{EM SPACE}Desks\N{EN SPACE}and chairs")),
        p(r("A co\N{NON-BREAKING HYPHEN}teacher has co\N{SOFT HYPHEN}operation time.")),
        p(r("Name:\tDate:\t")),
        p(r("First line\nsecond line\n\tindented")),
        p(r("\N{NO-BREAK SPACE}")),
        p(r("  two spaces  on  each side  ")),
        p(r("Before the page break\fafter it")),
        p(
            r("forty"),
            deleted(*FTA, r(" ")),
            ins(*FTA, r("\N{NO-BREAK SPACE}")),
            r("minutes"),
            deleted(*FTA, r("\tper day\nor")),
            ins(*FTA, r("\nor a co\N{NON-BREAKING HYPHEN}op")),
            r(" week"),
        ),
        p(r("“Curly” ‘quotes’ – dashes — § 9 … \N{LATIN SMALL LETTER E WITH ACUTE} e\u0301 😀")),
    )


@_named("emphasis inside changes")
def _emphasis() -> bytes:
    return document(
        p(
            r("The day "),
            r("shall", bold=True),
            deleted(*FTA, r(" end at "), r("three", bold=True), r(" sharp")),
            ins(*FTA, r(" close at "), r("half past", underline="single"), r(" two", bold=True)),
            r(" on Fridays"),
            r(".", bold=True),
        ),
        p(r("Half"), ins(*FTA, r("-time", bold=True)), r(" aides stay.")),
        p(r("Un"), deleted(*FTA, r("re", underline="double")), r("paid leave.")),
    )


@_named("split")
def _split() -> bytes:
    """One paragraph becomes two: the first carries an inserted mark."""
    return document(
        p(r("The garden")),
        p(r("Beds are watered daily. "), mark=ins(*FTA), num=(LETTERS, 0)),
        p(r("Tools are cleaned weekly."), num=(LETTERS, 0)),
        p(r("The shed is locked."), num=(LETTERS, 0)),
    )


@_named("joined")
def _joined() -> bytes:
    """Two paragraphs become one: the first carries a deleted mark."""
    return document(
        p(r("The garden")),
        p(r("Beds are watered daily. "), mark=deleted(*FTA), num=(LETTERS, 0)),
        p(r("Tools are cleaned weekly."), num=(LETTERS, 0)),
        p(r("Plain text, "), mark=deleted(*FTA)),
        p(r("and a letter."), num=(LETTERS, 0)),
        p(r("A letter, "), mark=deleted(*FTA), num=(LETTERS, 0)),
        p(r("and plain text.")),
    )


@_named("whole paragraphs")
def _whole() -> bytes:
    """Inserted and deleted at the start, in the middle, and at the end."""
    return document(
        p(deleted(*FTA, r("An old title.")), mark=deleted(*FTA)),
        p(ins(*FTA, r("A new title.")), mark=ins(*FTA)),
        p(r("Coats hang in the hall.")),
        p(ins(*DISTRICT, r("Boots stand below.")), mark=ins(*DISTRICT)),
        p(r("Umbrellas drip.")),
        p(deleted(*DISTRICT, r("Scarves are folded.")), mark=deleted(*DISTRICT)),
        p(deleted(*DISTRICT, r("Hats are stacked.")), mark=deleted(*DISTRICT)),
        p(r("Gloves are paired."), mark=ins(*FTA)),
        p(ins(*FTA, r("Lost gloves are sold."))),
    )


@_named("last paragraph deleted")
def _last() -> bytes:
    """As Word writes it: the last that stays has the deleted mark, the last of all has none."""
    return document(
        p(r("Lamps are dimmed at nine.")),
        p(r("Doors are shut at ten."), mark=deleted(*DISTRICT)),
        p(deleted(*DISTRICT, r("Bells are rung at eleven."))),
    )


@_named("list items")
def _items() -> bytes:
    return document(
        p(r("Recess"), num=(CLAUSES, 0)),
        p(r("Recess is daily."), num=(CLAUSES, 1)),
        p(ins(*FTA, r("Recess is outdoors.")), mark=ins(*FTA), num=(CLAUSES, 1)),
        p(r("Rain is an exception."), num=(CLAUSES, 1)),
        p(deleted(*FTA, r("Assembly")), mark=deleted(*FTA), num=(CLAUSES, 0)),
        p(deleted(*FTA, r("Assembly is weekly.")), mark=deleted(*FTA), num=(CLAUSES, 1)),
        p(r("Lunch"), num=(CLAUSES, 0)),
        p(deleted(*FTA, r("Lunch is cold.")), mark=deleted(*FTA), num=(CLAUSES, 1)),
        p(r("Lunch is warm."), num=(CLAUSES, 1)),
        p(ins(*FTA, r("Supper")), mark=ins(*FTA), num=(CLAUSES, 0)),
        p(ins(*FTA, r("Supper is late.")), mark=ins(*FTA), num=(CLAUSES, 1)),
        p(r("Signed below.")),
    )


def _changed_row(change: Callable[..., str], party: tuple[str, str], *texts: str) -> str:
    mark = change(*party)
    return row([cell(p(change(*party, r(text)), mark=mark)) for text in texts], mark=mark)


@_named("rows")
def _rows() -> bytes:
    return document(
        p(r("Stipends:")),
        table(
            [
                _changed_row(deleted, DISTRICT, "Chess", "100"),
                row(["Choir", cell(p(r("2"), deleted(*FTA, r("00")), ins(*FTA, r("50"))))]),
                _changed_row(ins, FTA, "Drama", "300"),
                row(["Band", "400"]),
                _changed_row(deleted, DISTRICT, "Debate", "500"),
                _changed_row(ins, FTA, "Robots", "600"),
            ]
        ),
        p(r("Paid in June.")),
    )


@_named("whole tables")
def _whole_tables() -> bytes:
    return document(
        p(r("Before.")),
        table([_changed_row(ins, FTA, "New", "one"), _changed_row(ins, FTA, "Newer", "two")]),
        p(r("Between.")),
        table([_changed_row(deleted, FTA, "Old", "one"), _changed_row(deleted, FTA, "Older", "2")]),
        p(r("After.")),
    )


def _moved_p(which: str, name: str, *runs: str) -> str:
    move = move_from if which == "moveFrom" else move_to
    begin = range_start(which, name, *FTA)
    return p(begin, move(*FTA, *runs), mark=move(*FTA)) + range_end(which, name)


@_named("moves")
def _moves() -> bytes:
    return document(
        p(
            r("Buses leave "),
            move_from(*FTA, r("at four "), name="time"),
            r("from the yard "),
            move_to(*FTA, r("at four "), name="time"),
            r("each day."),
        ),
        _moved_p("moveFrom", "clause", r("Drivers are trained.")),
        p(r("Seats are belted.")),
        p(r("Stops are marked.")),
        _moved_p("moveTo", "clause", r("Drivers are trained.")),
        p(r("Fares are free.")),
    )


@_named("three parties")
def _parties() -> bytes:
    """The association proposes, the district counters, a mediator and the association go on."""
    return document(
        p(
            r("Class size is "),
            deleted(*FTA, r("thirty")),
            ins(*FTA, deleted(*DISTRICT, r("twenty"))),
            ins(*DISTRICT, deleted(*MEDIATOR, r("twenty-eight"))),
            ins(*MEDIATOR, r("twenty-five")),
            r(" pupils"),
            ins(*FTA, r(", averaged"), deleted(*DISTRICT, r(" daily")), r(" by grade")),
            r("."),
        ),
        p(
            ins(*FTA, deleted(*DISTRICT, r("An aide joins at twenty."))),
            mark=ins(*FTA, deleted(*DISTRICT)),
        ),
        p(ins(*DISTRICT, r("An aide joins at thirty.")), mark=ins(*DISTRICT)),
        p(
            ins(*FTA, r("Aides ")),
            ins(*MEDIATOR, r("and tutors ")),
            ins(*FTA, r("are paid.")),
            mark=ins(*FTA),
        ),
        p(
            deleted(*DISTRICT, r("Overflow ")),
            deleted(*FTA_AGAIN, r("rooms are closed.")),
            mark=deleted(*FTA_AGAIN),
        ),
        p(r("Rooms are counted in October.")),
        settings="<w:trackRevisions/>",
    )


@_named("hyperlink")
def _hyperlink() -> bytes:
    return document(
        p(
            r("See "),
            hyperlink(
                "https://example.org/keys?a=1&b=2",
                r("the key ", style="Hyperlink"),
                deleted(*FTA, r("page", style="Hyperlink")),
                ins(*FTA, r("policy", style="Hyperlink")),
            ),
            r(" online."),
        ),
        p(hyperlink("https://example.org/new", ins(*FTA, r("A new link"))), r(" follows.")),
    )


@_named("fields")
def _fields() -> bytes:
    return document(
        p(r("Section "), bookmark("keys", r("Keys")), r(" is in force.")),
        p(r("As in "), field("REF keys \\h", r("Keys")), r(" above.")),
        p(r("Simple: "), simple_field("REF keys", r("Keys")), r(".")),
        p(r("Split: "), field("MERGEFIELD District", r("Fern"), r("hollow")), r(" it is.")),
        p(
            r("Tracked: "),
            deleted(*FTA, field("MERGEFIELD Old", r("old"))),
            ins(*FTA, r("new")),
            r("."),
        ),
        p(r("Inserted: "), ins(*FTA, field("MERGEFIELD New", r("fresh"))), r(".")),
    )


@_named("text box")
def _text_box() -> bytes:
    return document(
        p(
            r("Beside this"),
            text_box(
                p(r("TENTATIVE AGREEMENT")),
                p(r("Initials: "), deleted(*FTA, r("pending")), ins(*FTA, r("A.F.")), r(" here")),
            ),
            r(" stands a box."),
        ),
        p(r("And nothing else.")),
    )


@_named("headers and footers")
def _margins() -> bytes:
    ladder = "".join(
        p(r(label), style="Header")
        for label in ("FTA Proposal 9-12-24", "District Counter 10-10-24", "FTA Counter 1-16-25")
    )
    return document(
        p(r("Calendar"), num=(CLAUSES, 0)),
        p(r("School begins after the harvest."), num=(CLAUSES, 1)),
        headers={
            "first": ladder,
            "default": p(r("Calendar, "), deleted(*FTA, r("9-12-24")), ins(*FTA, r("1-16-25"))),
        },
        footers={
            "default": p(r("Page "), field("PAGE", r("1")), style="Footer"),
            "first": p(r("Side letter 12"), style="Footer"),
        },
    )


@_named("formatting-only marks")
def _marks() -> bytes:
    """No tracked change at all: struck and underlined words, as a legend says."""
    return document(
        p(
            r("Deletions are shown in "),
            r("strikethrough", strike=True),
            r(" and additions are "),
            r("underlined", underline="single"),
            r("."),
        ),
        p(r("Substitutes"), num=(CLAUSES, 0)),
        p(
            r("A substitute is called by "),
            r("six", strike=True),
            r("half past six", underline="single"),
            r(" in the morning."),
            num=(CLAUSES, 1),
        ),
        p(r("No one is called twice.", strike=True), num=(CLAUSES, 1)),
        p(r("Calls are logged.", underline="double", colour="0000FF"), num=(CLAUSES, 1)),
        p(
            r("Logs are ", style="Proposed"),
            r("burned", dstrike=True),
            r("kept.", style="Proposed"),
        ),
        p(r("Shown, "), r("hidden, ", vanish=True), r("marked.", highlight="yellow", bold=True)),
        p(r("old words", style="Struck"), r(" remain", colour="FF0000")),
    )


@_named("comments")
def _comments() -> bytes:
    return document(
        p(
            r("Leave is "),
            commented(0, r("ten "), deleted(*FTA, r("work")), ins(*FTA, r("school"))),
            r(" days."),
        ),
        p(commented(1, r("Unused leave lapses."))),
        comments=comment(0, *DISTRICT, p(r("Why not nine?")), p(r("Please cost this.")))
        + comment(1, *FTA, p(r("Strike this next round."))),
    )


@_named("tracked formatting")
def _formatting() -> bytes:
    old = paragraph_formatted(*DISTRICT, numbered(CLAUSES, 1))
    return document(
        p(r("Field trips"), num=(CLAUSES, 0)),
        p(
            r("Trips are "),
            r("planned", bold=True, was=formatted(*DISTRICT)),
            r(" early."),
            num=(CLAUSES, 1),
        ),
        p(r("Once a letter, now a number."), num=(CLAUSES, 0), was=old),
        p(r("Once a letter, now plain."), was=old),
        p(r("Once plain, now a letter."), num=(CLAUSES, 1), was=paragraph_formatted(*DISTRICT)),
        p(
            r("Struck by hand", strike=True, was=formatted(*FTA, rpr(underline="single"))),
            ins(*FTA, r(" and new", bold=True, was=formatted(*DISTRICT))),
            r("."),
        ),
    )


@_named("content controls")
def _controls() -> bytes:
    return document(
        content_control(
            p(r("Whole paragraphs in a control.")),
            p(r("And "), ins(*FTA, r("one ")), r("more.")),
        ),
        p(r("Inline: "), content_control(r("a chosen "), ins(*FTA, r("new ")), r("word")), r(".")),
        content_control(p(r("Numbered in a control."), num=(LETTERS, 0))),
        table([row([cell(content_control(p(r("In a cell."))))])], columns=1),
        p(r("Outside.")),
    )


@_named("everything replaced")
def _replaced() -> bytes:
    return document(
        p(deleted(*FTA, r("Old one.")), mark=deleted(*FTA)),
        p(deleted(*FTA, r("Old two.")), mark=deleted(*FTA)),
        p(ins(*FTA, r("New one.")), mark=ins(*FTA)),
        p(deleted(*FTA, r("Old three.")), ins(*FTA, r("New two."))),
    )


@_named("memorandum")
def _memorandum() -> bytes:
    """Much of the above in one paper."""
    return document(
        p(r("FTA Proposal 9-12-24")),
        p(r("District Counter 10-10-24")),
        p(r("Memorandum of Understanding on Playground Duty", bold=True), style="Title"),
        p(r("Duty"), num=(CLAUSES, 0)),
        p(
            r("A teacher has "),
            deleted(*FTA, r("two")),
            ins(*FTA, deleted(*DISTRICT, r("no"))),
            ins(*DISTRICT, r("one")),
            r(" duty each week."),
            footnote_ref(1),
            num=(CLAUSES, 1),
        ),
        p(ins(*FTA, r("Duty is paid.")), mark=ins(*FTA), num=(CLAUSES, 1)),
        p(r("Duty ends with the bell. "), mark=ins(*DISTRICT), num=(CLAUSES, 1)),
        p(r("The bell is rung by the office."), num=(CLAUSES, 1)),
        p(deleted(*DISTRICT, r("Whistles")), mark=deleted(*DISTRICT), num=(CLAUSES, 0)),
        p(deleted(*DISTRICT, r("Whistles are lent.")), mark=deleted(*DISTRICT), num=(CLAUSES, 1)),
        p(r("Schedule"), num=(CLAUSES, 0)),
        table(
            [
                row(["Day", "Minutes"]),
                _changed_row(ins, FTA, "Monday", "15"),
                row(["Friday", cell(p(deleted(*FTA, r("30")), ins(*FTA, r("20"))))]),
            ]
        ),
        p(ins(*DISTRICT, r("This memorandum ends in June.")), mark=ins(*DISTRICT)),
        p(r("Dated: ____")),
        footnotes=footnote(1, note_p(r("Or "), ins(*DISTRICT, r("part of ")), r("a week."))),
        headers={"default": p(r("Draft for discussion"), style="Header")},
    )
