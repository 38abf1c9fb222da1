"""What a Word document would carry unseen does not go out with what is written of it."""

import io
import re
import zipfile

import pytest

from bargaining import Chain, read
from bargaining.docx.outbound import carried
from bargaining.docx.package import Package
from bargaining.writers.formats import is_instead, left_out, write, write_clean, write_coloured
from documents import document, p, r
from shell import Run

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "urn:schemas-microsoft-com:office:office"
V = "urn:schemas-microsoft-com:vml"
SECRET = b"SECRET WORKBOOK"


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tied(files: dict[str, bytes], rels: str, *relations: str) -> None:
    """Add relationships to a part."""
    empty = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        "</Relationships>"
    )
    text = files.get(rels, empty.encode()).decode()
    files[rels] = text.replace("</Relationships>", "".join(relations) + "</Relationships>").encode()


def typed(files: dict[str, bytes], *entries: str) -> None:
    text = files["[Content_Types].xml"].decode()
    files["[Content_Types].xml"] = text.replace("</Types>", "".join(entries) + "</Types>").encode()


def relation(name: str, kind: str, target: str, *, away: bool = False) -> str:
    mode = ' TargetMode="External"' if away else ""
    return f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{target}"{mode}/>'


def with_template(word: str = "eight") -> bytes:
    files = parts(paper(word))
    settings = (
        '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:r="{R}"><w:attachedTemplate r:id="rT"/></w:settings>'
    )
    files["word/settings.xml"] = settings.encode()
    away = relation("rT", "attachedTemplate", "file:///C:/Users/ana/secret.dotx", away=True)
    tied(files, "word/_rels/settings.xml.rels", away)
    tied(files, "word/_rels/document.xml.rels", relation("rS", "settings", "settings.xml"))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"
    typed(files, f'<Override PartName="/word/settings.xml" ContentType="{kind}"/>')
    return packed(files)


def with_object(word: str = "eight") -> bytes:
    files = parts(paper(word))
    held = (
        f'<w:r><w:object><v:shape xmlns:v="{V}" id="s1" style="width:20pt;height:20pt"/>'
        f'<o:OLEObject xmlns:o="{OFFICE}" xmlns:r="{R}" Type="Embed" ProgID="Excel.Sheet.12" '
        'ShapeID="s1" DrawAspect="Content" ObjectID="_1" r:id="rO"/></w:object></w:r>'
    )
    text = files["word/document.xml"].decode()
    files["word/document.xml"] = re.sub(r"</w:p>", f"{held}</w:p>", text, count=1).encode()
    files["word/embeddings/sheet.xlsx"] = SECRET
    tied(files, "word/_rels/document.xml.rels", relation("rO", "package", "embeddings/sheet.xlsx"))
    typed(files, '<Default Extension="xlsx" ContentType="application/vnd.ms-excel"/>')
    return packed(files)


def with_both(word: str = "eight") -> bytes:
    files = parts(with_object(word))
    other = parts(with_template(word))
    for name in ("word/settings.xml", "word/_rels/settings.xml.rels"):
        files[name] = other[name]
    tied(files, "word/_rels/document.xml.rels", relation("rS", "settings", "settings.xml"))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"
    typed(files, f'<Override PartName="/word/settings.xml" ContentType="{kind}"/>')
    return packed(files)


def paper(word: str) -> bytes:
    return document(p(r("Rooms")), p(r(f"The library opens at {word} on every day.")))


PAPERS = {"template": with_template, "object": with_object, "both": with_both}
TOLD = {
    "template": ("the link to its template",),
    "object": ("an embedded object (its picture stays)",),
    "both": ("an embedded object (its picture stays)", "the link to its template"),
}


def outputs(old: bytes, new: bytes) -> dict[str, bytes]:
    labels = ("RTA Proposal 1-5-25", "District Counter 2-5-25")
    read_ = [read(data, name="x.docx") for data in (old, new)]
    chain = Chain.from_papers(list(zip(labels, read_, strict=True)))
    redline = chain.redline(1, 2)
    return {
        "whole redline": write(redline, "x.docx", original=new, older=old),
        "redline": write(redline, "x.docx", original=new),
        "coloured": write_coloured(chain, 2, "x.docx", original=new),
        "clean": write_clean(chain.revision(2), chain.text(2), exact=True, original=new),
    }


@pytest.mark.parametrize("name", PAPERS)
def test_what_is_not_seen_is_told_and_does_not_go_out(name: str) -> None:
    new = PAPERS[name]("nine")
    assert sorted(left_out(new)) == sorted(TOLD[name])
    for which, data in outputs(PAPERS[name]("eight"), new).items():
        files = parts(data)
        assert not [part for part, held in files.items() if SECRET in held or b"dotx" in held], (
            which
        )
        assert not is_instead(data), which  # it has its own clothes still
        assert carried(Package.open(data)) == ()
        assert "word/embeddings/sheet.xlsx" not in files
        assert ("v:shape" in files["word/document.xml"].decode()) is (name != "template"), which


def test_a_plain_document_has_nothing_to_tell() -> None:
    assert left_out(paper("eight")) == ()


def test_the_command_line_says_once_what_does_not_go_out(run: Run) -> None:
    from pathlib import Path  # noqa: PLC0415

    Path("a.docx").write_bytes(with_both("eight"))
    Path("b.docx").write_bytes(with_both("nine"))
    done = run("redline", "a.docx", "b.docx", "-o", "c.docx")
    assert done.code == 0
    said = (
        "It leaves out what b.docx holds unseen: an embedded object (its picture stays); the link"
    )
    assert "".join(done.err.split()).count("".join(said.split())) == 1
    assert run("redline", "a.docx", "b.docx", "-o", "c.html").err.count("leaves out") == 0
