"""What leaves the building: which files are read and replaced, and what is in those for others."""

import io
import json
import os
import re
import socket
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from test_whole import picture, pictured

import office
from bargaining import Chain
from bargaining.errors import StorageError
from bargaining.readers import read_loose
from bargaining.record import files
from bargaining.word.file.package import Package
from bargaining.word.writer.carried import path_of
from bargaining.writers.formats import is_instead, left_out, write, write_clean
from documents import comment, commented, document, field, ins, p, r, simple_field
from shell import Run

# What is read: plain files alone.

POSIX: Final = pytest.mark.skipif(os.name == "nt", reason="of POSIX")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _to_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("a pipe"))
    path.symlink_to("a pipe")


STRANGE: Final[dict[str, Callable[[Path], None]]] = {
    "pipe": _pipe,
    "socket": _socket,
    "link to a pipe": _to_pipe,
    "link to a device": _to("/dev/zero"),
    "link to a terminal": _to("/dev/tty"),
}
READING: Final[dict[str, tuple[str, ...]]] = {
    "paper": ("add", "{}.md"),
    "papers": ("add", "base.md", "{}.md"),
    "paper of a folder": ("add", "in"),
    "Word paper": ("add", "{}.docx"),
    "amendment": ("add", "--amends", "{}.md"),
    "older": ("redline", "{}.md", "base.md"),
    "newer": ("redline", "base.md", "{}.docx"),
    "written": ("redline", "base.md", "{}.docx", "-o", "out.html"),
    "record": ("log", "--record", "{}.db"),
    "record to file into": ("add", "base.md", "--base", "--record", "{}.db"),
    "record to import into": ("import", "{}.zip", "--record", "new.db"),
    "zip": ("import", "{}.zip"),
    "signed": ("verify", "--signed", "{}.txt", "--signers", "base.md"),
    "signers": ("verify", "--signed", "signed.txt", "--signers", "{}.txt"),
    "key": ("sign", "--key", "{}"),
}


@POSIX
@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("command", READING)
def test_what_is_no_plain_file_is_refused_at_once(
    filed: Run, tmp_path: Path, kind: str, command: str
) -> None:
    arguments = [one.format("in/strange") for one in READING[command]]
    folder = tmp_path / "in"
    folder.mkdir()
    named = [one for one in arguments if one.startswith("in/")]
    STRANGE[kind](tmp_path / named[0] if named else folder / "strange.md")
    (tmp_path / "signed.txt").write_text("no head\n")
    before = sorted(tmp_path.rglob("*"))
    done = filed(*arguments)
    assert done.code not in {0, 70}, done
    assert done.out == ""
    assert len(done.err.splitlines()) <= 2
    if command != "signers":  # nobody asks for those of what is no head
        assert "plain file" in done.err or "is no file" in done.err
    assert sorted(tmp_path.rglob("*")) == before


@POSIX
def test_a_file_that_becomes_a_pipe_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "paper.md"
    os.mkfifo(path)
    plain = Path(__file__).stat()
    monkeypatch.setattr(Path, "stat", lambda *_, **__: plain)  # as it was a moment ago
    with pytest.raises(StorageError, match="no plain file"):
        files.read_plain(path, 9)


@POSIX
def test_a_link_that_leads_nowhere_in_a_folder_is_said_and_those_of_editors_are_not(
    run: Run, papers: Path
) -> None:
    (papers / ".#draft.md").symlink_to("somebody@somewhere.1")
    assert run("add", "base.md", "--base").code == 0
    assert run("add", "papers").code == 0
    (papers / "lost.md").symlink_to("nowhere.md")
    done = run("add", "papers")
    assert done.code != 0
    assert "lost.md: There is no such file." in done.err


# What is written: whole, private until then, and in nobody's place.

WRITING: Final[dict[str, tuple[str, ...]]] = {
    "redline": ("redline", "4", "5", "-o", "{}.html"),
    "Word redline": ("redline", "4", "5", "-o", "{}.docx"),
    "redline of files": ("redline", "base.md", "other.md", "-o", "{}.html"),
    "clean copy": ("show", "4", "-o", "{}.txt"),
    "zip": ("export", "{}.zip"),
}


def _rights(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@POSIX
@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077, 0o002])
def test_files_and_folders_have_the_rights_that_are_usual_here(
    filed: Run, tmp_path: Path, mask: int
) -> None:
    before = os.umask(mask)
    try:
        assert filed("redline", "4", "5", "-o", "out.html").code == 0
        assert filed("export", "out.zip").code == 0
        assert filed("export", "out").code == 0
        assert filed("export", "--git", "git").code == 0
    finally:
        os.umask(before)
    for path in (tmp_path / "out.html", tmp_path / "out.zip"):
        assert _rights(path) == 0o666 & ~mask
    for folder in (tmp_path / "out", tmp_path / "git"):
        assert _rights(folder) == 0o777 & ~mask
        for path in (one for one in folder.rglob("*") if ".git" not in one.parts):
            assert _rights(path) == (0o777 if path.is_dir() else 0o666) & ~mask


@POSIX
def test_what_is_begun_is_for_its_owner_alone(tmp_path: Path) -> None:
    with files.new_file(tmp_path / "out.md") as stream:
        stream.write(b"private")
        (beside,) = tmp_path.iterdir()
        assert _rights(beside) == 0o600
    with files.new_folder(tmp_path / "out") as folder:
        assert folder.parent == tmp_path
        assert _rights(folder) == 0o700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.md"]


def _plain(path: Path) -> None:
    path.write_bytes(b"mine")


def _hard(path: Path) -> None:
    (path.parent / "mine").write_bytes(b"mine")
    path.hardlink_to(path.parent / "mine")


def _linked(path: Path) -> None:
    (path.parent / "mine").write_bytes(b"mine")
    path.symlink_to("mine")


THERE: Final[dict[str, Callable[[Path], None]]] = {
    "file": _plain,
    "hard link": _hard,
    "link": _linked,
    "link to nowhere": _to("nowhere"),
    "folder": Path.mkdir,
    **STRANGE,
}


def _state(folder: Path) -> list[tuple[str, int, int, int, bytes]]:
    return [
        (
            path.name,
            one.st_mode,
            one.st_ino,
            one.st_size,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
        for one in [path.lstat()]
    ]


@POSIX
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("kind", THERE)
def test_nothing_that_is_there_or_appears_is_replaced_unasked(
    tmp_path: Path, kind: str, *, late: bool
) -> None:
    for name, made in (("out.md", files.new_file), ("out", files.new_folder)):
        folder = tmp_path / f"for {name}"
        folder.mkdir()
        seen: list[Any] = []

        def appear(path: Path = folder / name, seen: list[Any] = seen) -> None:
            THERE[kind](path)
            seen.append(_state(path.parent))

        if not late:
            appear()
        with pytest.raises(Exception, match="is there already"), made(folder / name):  # noqa: PT012
            if late:
                appear()
                seen[0] = [one for one in seen[0] if not str(one[0]).endswith(".tmp")]
        assert [_state(folder)] == seen


@POSIX
@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize(
    "kind", [kind for kind in THERE if kind not in {"file", "hard link", "link"}]
)
def test_force_replaces_plain_files_alone(
    filed: Run, tmp_path: Path, kind: str, command: str
) -> None:
    (tmp_path / "other.md").write_bytes((tmp_path / "base.md").read_bytes() + b"\nMore.\n")
    (tmp_path / "in").mkdir()
    arguments = [one.format("in/out") for one in WRITING[command]]
    THERE[kind](tmp_path / arguments[-1])
    before = _state(tmp_path)
    done = filed(*arguments, "--force")
    assert done.code != 0
    assert "plain file" in done.err
    assert _state(tmp_path) == before


def _via(link: Callable[[Path, Path], None]) -> Callable[[Path, Path], Path]:
    def made(path: Path, name: Path) -> Path:
        link(name, path)
        return name

    return made


NAMES: Final[dict[str, Callable[[Path, Path], Path]]] = {
    "itself": lambda path, _: path,
    "around": lambda path, _: path.parent / "papers" / ".." / path.name,
    "link": _via(lambda name, path: name.symlink_to(path)),
    "hard link": _via(lambda name, path: name.hardlink_to(path)),
}


@POSIX
@pytest.mark.parametrize("how", NAMES)
@pytest.mark.parametrize("command", WRITING)
def test_force_never_touches_the_record_or_what_is_read(
    filed: Run, tmp_path: Path, command: str, how: str
) -> None:
    ending = WRITING[command][-1].removeprefix("{}")
    (tmp_path / "other.md").write_bytes((tmp_path / "base.md").read_bytes() + b"\nMore.\n")
    spared: dict[str, tuple[str, ...]] = {f"record{ending}": ("--record", f"record{ending}")}
    (tmp_path / "bargaining.db").rename(tmp_path / f"record{ending}")
    if command == "redline of files":
        spared = {f"base{ending}": (), f"other{ending}": (), **spared}
        for name in ("base", "other"):
            (tmp_path / f"{name}.md").rename(tmp_path / f"{name}{ending}")
    for n, (name, options) in enumerate(spared.items()):
        target = NAMES[how](tmp_path / name, tmp_path / f"link{n}{ending}")
        arguments = [
            *(one.replace(".md", ending) for one in WRITING[command][:-1]),
            str(target),
            *options,
        ]
        before = _state(tmp_path)
        done = filed(*arguments, "--force")
        assert done.code != 0
        assert "is not replaced" in done.err, done
        assert _state(tmp_path) == before


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_nothing_is_written_where_it_would_be_taken_for_part_of_the_record(
    tmp_path: Path, ending: str
) -> None:
    with (
        pytest.raises(Exception, match="is not replaced"),
        files.new_file(tmp_path / f"bargaining.db{ending}", spared=[tmp_path / "bargaining.db"]),
    ):
        pass


@POSIX
def test_where_a_drive_knows_no_links_nothing_is_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    with files.new_file(tmp_path / "out.md") as stream:
        stream.write(b"whole")
    assert (tmp_path / "out.md").read_bytes() == b"whole"
    (tmp_path / "link.md").symlink_to("nowhere")
    with pytest.raises(Exception, match="is there already"), files.new_file(tmp_path / "new.md"):
        (tmp_path / "new.md").write_bytes(b"mine")
    assert (tmp_path / "new.md").read_bytes() == b"mine"
    assert len([*tmp_path.iterdir()]) == 3


# What is stopped leaves nothing behind.

_STOPPED: Final = """
import os, signal, sys
from bargaining.cli import main
from bargaining.record import files

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore them
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

def stop(*_, **__):
    print(*(p for p in os.listdir('.') if p.startswith('.')), flush=True)
    os.kill(os.getpid(), {number})
    os.kill(os.getpid(), {number})  # a person who is in a hurry

real = getattr(os, {when!r})
def hooked(*given, **named):
    stop()
    return real(*given, **named)
setattr(os, {when!r}, hooked)
main(sys.argv[1:])
"""


@POSIX
@pytest.mark.parametrize("number", ["signal.SIGINT", "signal.SIGTERM", "signal.SIGHUP"])
@pytest.mark.parametrize(
    ("arguments", "when"),
    [
        (("redline", "4", "5", "-o", "out.html"), "fsync"),
        (("redline", "4", "5", "-o", "out.html"), "fchmod"),
        (("export", "out.zip"), "fsync"),
        (("export", "out"), "rename"),
        (("import", "b.zip", "--record", "new.db"), "link"),
    ],
)
def test_what_is_stopped_is_taken_away(
    filed: Run, tmp_path: Path, arguments: Sequence[str], when: str, number: str
) -> None:
    filed("export", "b.zip")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED.format(number=number, when=when), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"BARGAIN_CACHE": ""},
    )
    assert ".tmp" in done.stdout  # there was something
    assert done.returncode > 128
    assert done.stderr.strip() == "bargain: Interrupted."
    assert sorted(path.name for path in tmp_path.iterdir()) == before


# What a Word document holds beside what is seen.

_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata"
_MS = "http://schemas.microsoft.com/office"
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SECRET: Final = "S3CR3T"  # noqa: S105 - what must not be found
FILE: Final = f"file:///C:/Users/{SECRET}/x"


@attrs.frozen
class Hidden:
    """Where a secret stands in a document, and what is said of it when it is left out.

    Attributes:
        said: a part of what is said; nothing where the place is not worth a word.
        body: blocks behind the text.
        links: relationships by the part that they are of: type, target, whether that is outside.
        parts: parts by their names.
        types: the types of those that are no XML of another kind.
        settings: what stands in the settings.
        shows: what a reader still sees of it.
    """

    said: str
    body: str = ""
    links: Sequence[tuple[str, str, str, str, bool]] = ()
    parts: Mapping[str, str] = attrs.Factory(dict)
    types: Mapping[str, str] = attrs.Factory(dict)
    settings: str = ""
    shows: str = ""


def _main(
    number: str, kind: str, target: str, *, outside: bool = False
) -> tuple[str, str, str, str, bool]:
    return (
        "word/_rels/document.xml.rels",
        number,
        kind if ":" in kind else f"{_NS}/{kind}",
        target,
        outside,
    )


def _whole(number: str, kind: str, target: str) -> tuple[str, str, str, str, bool]:
    return "_rels/.rels", number, kind, target, False


_SHOWN: Final = (
    '<v:shape id="shape@@" style="width:10pt;height:10pt"><v:imagedata r:id="pic_one"/></v:shape>'
)
_BIN: Final = "application/vnd.openxmlformats-officedocument.oleObject"


def _object(kind: str, target: str, *, outside: bool = False, linked: str = "Embed") -> Hidden:
    ole = (
        f'<o:OLEObject Type="{linked}" ProgID="Excel.Sheet.12" ShapeID="shape1"'
        ' DrawAspect="Content" ObjectID="_1" r:id="hid"/>'
    )
    return Hidden(
        "embedded object",
        p(f'<w:r><w:object w:dxaOrig="200" w:dyaOrig="200">{_SHOWN}{ole}</w:object></w:r>'),
        [_main("hid", kind, target, outside=outside)],
        {} if outside else {f"word/{target}": SECRET},
        {} if outside else {f"word/{target}": _BIN},
    )


def _linked_picture(attributes: str) -> str:
    return p(picture("one").replace('r:embed="pic_one"', attributes))


def _xml(name: str) -> str:
    return f'<?xml version="1.0"?><x:{name} xmlns:x="urn:x" a="{SECRET}">{SECRET}</x:{name}>'


def _property(kind: str, name: str) -> Hidden:
    return Hidden("its properties", "", [_whole("hid", kind, name)], {name: _xml("p")})


HIDDEN: Final[dict[str, Hidden]] = {
    "macros under another name": Hidden(
        "macros",
        "",
        [_main("hid", f"{_MS}/2006/relationships/vbaProject", "m.bin")],
        {"word/m.bin": SECRET},
        {"word/m.bin": "application/vnd.ms-office.vbaProject"},
    ),
    "key maps": Hidden(
        "macros",
        "",
        [
            _main(
                "hid",
                f"{_MS}/2006/relationships/keyMapCustomizations",
                "customizations.xml",
            )
        ],
        {"word/customizations.xml": _xml("k")},
    ),
    "buttons": Hidden(
        "macros",
        "",
        [
            _whole(
                "hid",
                f"{_MS}/2006/relationships/ui/extensibility",
                "customUI/customUI.xml",
            )
        ],
        {"customUI/customUI.xml": _xml("c")},
    ),
    "embedded object": _object("oleObject", "embeddings/o.bin"),
    "embedded workbook": _object("package", "embeddings/o.xlsx"),
    "linked object": _object("oleObject", FILE, outside=True, linked="Link"),
    "linked object on a share": _object("oleObject", rf"\\{SECRET}\o", outside=True, linked="Link"),
    "control": Hidden(
        "a control",
        p(f'<w:r><w:object>{_SHOWN}<w:control r:id="hid" w:name="b"/></w:object></w:r>'),
        [_main("hid", "control", "activeX/a.xml")],
        {"word/activeX/a.xml": _xml("a")},
    ),
    "template": Hidden(
        "template",
        "",
        [("word/_rels/settings.xml.rels", "hid", f"{_NS}/attachedTemplate", FILE, True)],
        settings='<w:attachedTemplate r:id="hid"/>',
    ),
    "linked picture": Hidden(
        "a link to a picture",
        _linked_picture('r:link="hid"'),
        [_main("hid", "image", FILE, outside=True)],
    ),
    "linked picture that is held": Hidden(
        "a link to a picture",
        _linked_picture('r:embed="pic_one" r:link="hid"'),
        [_main("hid", "image", f"https://example.org/{SECRET}.png", outside=True)],
        shows="r:embed",
    ),
    "linked picture of old": Hidden(
        "a link to a picture",
        p(f"<w:r><w:pict>{_SHOWN.replace('pic_one', 'hid')}</w:pict></w:r>"),
        [_main("hid", "image", FILE, outside=True)],
    ),
    "link to a file": Hidden(
        "a link to a file",
        p('<w:hyperlink r:id="hid"><w:r><w:t>the other file</w:t></w:r></w:hyperlink>'),
        [_main("hid", "hyperlink", FILE, outside=True)],
        shows="the other file",
    ),
    "link to a share": Hidden(
        "a link to a file",
        p('<w:hyperlink r:id="hid"><w:r><w:t>the other file</w:t></w:r></w:hyperlink>'),
        [_main("hid", "hyperlink", rf"\\{SECRET}\x", outside=True)],
        shows="the other file",
    ),
    "link to a computer": Hidden(
        "a link to a file",
        p('<w:hyperlink r:id="hid"><w:r><w:t>the other file</w:t></w:r></w:hyperlink>'),
        [_main("hid", "hyperlink", f"smb://{SECRET}/x", outside=True)],
        shows="the other file",
    ),
    "address that is said to be inside": Hidden(
        "", _linked_picture('r:embed="hid"'), [_main("hid", "image", f"https://{SECRET}.example/x")]
    ),
    "source of an old picture": Hidden(
        "",
        p("<w:r><w:pict>", _SHOWN.replace("r:id", f'src="{FILE}" r:id'), "</w:pict></w:r>"),
        shows="imagedata",
    ),
    "linked document": Hidden(
        "a linked document",
        '<w:p><w:subDoc r:id="hid"/></w:p>',
        [_main("hid", "subDocument", FILE, outside=True)],
    ),
    "printer": Hidden(
        "printer",
        "",
        [_main("hid", "printerSettings", "printerSettings/p.bin")],
        {"word/printerSettings/p.bin": SECRET},
        {"word/printerSettings/p.bin": f"{_WML}.printerSettings"},
    ),
    "accounts": Hidden(
        "accounts",
        "",
        [_main("hid", f"{_MS}/2011/relationships/people", "people.xml")],
        {"word/people.xml": _xml("people")},
    ),
    "forms": Hidden(
        "data of forms",
        f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/{SECRET}" w:storeItemID="{{A}}"/></w:sdtPr>'
        "<w:sdtContent><w:p><w:r><w:t>bound</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        [_main("hid", "customXml", "../customXml/item1.xml")],
        {"customXml/item1.xml": _xml("f")},
        shows="bound",
    ),
    "building blocks": Hidden(
        "building blocks",
        "",
        [_main("hid", "glossaryDocument", "glossary/document.xml")],
        {"word/glossary/document.xml": _xml("g")},
    ),
    "core": _property(f"{_OFFICE}/core-properties", "docProps/core.xml"),
    "app": _property(f"{_NS}/extended-properties", "docProps/app.xml"),
    "custom": _property(f"{_NS}/custom-properties", "docProps/custom.xml"),
    "thumbnail": _property(f"{_OFFICE}/thumbnail", "docProps/thumbnail.xml"),
    "unknown": Hidden(
        "hidden data", "", [_main("hid", "urn:x:/whoKnows", "x.xml")], {"word/x.xml": _xml("x")}
    ),
    "part that nothing leads to": Hidden("", parts={"word/stray.xml": _xml("s")}),
    "variables": Hidden(
        "its properties",
        settings=f'<w:docVars><w:docVar w:name="n" w:val="{SECRET}"/></w:docVars>',
    ),
    "mail merge": Hidden(
        "",
        settings='<w:mailMerge><w:mainDocumentType w:val="formLetters"/>'
        f'<w:query w:val="{SECRET}"/></w:mailMerge>',
    ),
    "sessions": Hidden(
        "",
        f'<w:p w:rsidR="{SECRET}"><w:r w:rsidRPr="{SECRET}"><w:t>said</w:t></w:r></w:p>',
        settings=f'<w:rsids><w:rsid w:val="{SECRET}"/></w:rsids>',
        shows="said",
    ),
    "who may edit": Hidden(
        "",
        f'<w:p><w:permStart w:id="7" w:ed="{SECRET}"/><w:r><w:t>said</w:t></w:r>'
        '<w:permEnd w:id="7"/></w:p>',
        shows="said",
    ),
    "described picture": Hidden(
        "",
        p(picture("one").replace(' name="P"', f' name="P" descr="C:\\Users\\{SECRET}\\a.png"')),
        shows="r:embed",
    ),
    "named picture": Hidden(
        "", p(picture("one").replace(' name="P"', f' name="/home/{SECRET}/a.png"')), shows="r:embed"
    ),
    **{
        f"field {code.split()[0]} {form}": Hidden(
            "a field filled from elsewhere",
            p(made(f" {code} ", r("what it shows"))),
            shows="what it shows",
        )
        for form, made in (("simple", simple_field), ("whole", field))
        for code in (
            f'INCLUDETEXT "C:\\\\{SECRET}.docx"',
            f'LINK Excel.Sheet.12 "\\\\{SECRET}" a',
            f"DDEAUTO {SECRET}",
            f"DOCPROPERTY {SECRET}",
            f'HYPERLINK "{FILE}"',
        )
    },
}


def held(one: Hidden, text: str = "The day ends at four.") -> bytes:
    """A document that holds it."""
    plain = pictured(
        document(
            p(r(f"1. {text}")), one.body, p(r("2. It begins at nine.")), settings=one.settings
        ),
        "one",
    )
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for source, number, kind, target, outside in one.links:
        empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        mode = ' TargetMode="External"' if outside else ""
        link = (
            f'<Relationship Id="{number}" Type="{kind}" Target="{target}"{mode}/></Relationships>'
        )
        before = parts.get(source, empty.encode())
        parts[source] = before.replace(b"</Relationships>", link.encode())
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in one.types.items()
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", f"{types}</Types>".encode()
    )
    parts |= {name: content.encode() for name, content in one.parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _tells(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(SECRET.encode() in archive.read(name) for name in archive.namelist())


def _dangling(data: bytes) -> list[str]:
    """What is named in a package and not there, or there and not named."""
    package = Package.open(data)
    wrong = []
    for name in package.parts:
        folder, _, last = name.rpartition("/")
        if not last.endswith(".rels") or last == "":
            continue
        source = f"{folder.removesuffix('_rels')}{last.removesuffix('.rels')}"
        known = {relation.get("Id") for relation in package.tree(name)}
        for relation in package.tree(name):
            target = path_of(source, relation.get("Target") or "")
            if relation.get("TargetMode") != "External" and target not in package.parts:
                wrong.append(target)
        if source in package.parts and source.endswith(".xml"):
            named = re.findall(rb'\br:\w+="([^"]*)"', package.parts[source])
            wrong += [one.decode() for one in named if one.decode() not in known]
    overrides = re.findall(rb'PartName="/([^"]*)"', package.parts["[Content_Types].xml"])
    return wrong + [name.decode() for name in overrides if name.decode() not in package.parts]


def _outputs(old: bytes, new: bytes, *, as_filed: bool) -> Iterator[tuple[str, bytes]]:
    papers = [read_loose(data, name="x.docx") for data in (old, new)]
    labels = ("FTA Proposal 9-12-24", "District Counter 10-10-24")
    chain = Chain.from_papers(zip(labels, papers, strict=True))
    redline = chain.redline(*labels)
    yield "redline", write(redline, "x.docx", original=new, older=old, as_filed=as_filed)
    yield "of text", write(redline, "x.docx", original=new, as_filed=as_filed)
    last = chain.revision(labels[1])
    for only_standing in () if as_filed else (False, True):
        yield (
            f"clean {only_standing}",
            write_clean(
                last,
                chain.text(labels[1]),
                exact=True,
                original=new,
                only_standing=only_standing,
            ),
        )


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_seen_in_a_word_document_is_not_handed_on(name: str) -> None:
    one = HIDDEN[name]
    other = held(Hidden(""), "The day ends at three.")
    for old, new in ((other, held(one)), (held(one), other), (held(one, "It ends."), held(one))):
        assert _tells(old) or _tells(new)
        for what, data in _outputs(old, new, as_filed=False):
            assert not _tells(data), what
            assert not is_instead(data), what
            assert _dangling(data) == [], what
            if new is not other or what == "redline":
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    assert one.shows in archive.read("word/document.xml").decode(), what
    said = left_out(held(one))
    assert not one.said or any(one.said in words for words in said)


@pytest.mark.parametrize("name", HIDDEN)
def test_it_is_handed_on_when_that_is_asked_for(name: str) -> None:
    other = held(Hidden(""), "The day ends at three.")
    for what, data in _outputs(other, held(HIDDEN[name]), as_filed=True):
        assert _tells(data), what


@pytest.mark.parametrize("name", ["described picture", "embedded object"])
def test_a_picture_stays_where_its_data_goes(name: str) -> None:
    other = held(Hidden(""), "The day ends at three.")
    for what, data in _outputs(other, held(HIDDEN[name]), as_filed=False):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert 'pic_one"' in archive.read("word/document.xml").decode(), what
            assert any(one.endswith("one.png") for one in archive.namelist()), what


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ("media/a%20b.png", "word/media/a b.png"),
        ("/word/media/a%20b.png", "word/media/a b.png"),
        ("media/a b.png", "word/media/a b.png"),
        ("media/a%20b.png", "word/media/a%20b.png"),
        ("/word/media/a%20b.png", "word/media/a%20b.png"),
    ],
)
def test_a_part_that_is_led_to_by_another_spelling_stays(target: str, part: str) -> None:
    body = p(picture("one").replace("pic_one", "hid"))
    data = held(Hidden("", body, [_main("hid", "image", target)], {part: "picture"}))
    for what, out in _outputs(held(Hidden(""), "It ends."), data, as_filed=False):
        with zipfile.ZipFile(io.BytesIO(out)) as archive:
            assert part in archive.namelist(), what
            assert 'r:embed="hid"' in archive.read("word/document.xml").decode(), what


@pytest.mark.parametrize(
    "name", ["embedded object", "linked object", "link to a file", "forms", "field LINK whole"]
)
def test_libreoffice_opens_what_is_left_and_reads_the_same(name: str) -> None:
    libreoffice = office.session()
    other = held(Hidden(""), "The day ends at three.")
    for _, data in _outputs(other, held(HIDDEN[name]), as_filed=False):
        wanted = libreoffice.texts(held(HIDDEN[name])).accepted
        assert libreoffice.texts(data).accepted == wanted


# What a file says that it tells, and what is left of it without the rest.

LABELS: Final = ("FTA Proposal 9-12-24", "District Counter 10-10-24")
JANE: Final = ("Jane Quillfeather", "2024-10-09T08:00:00Z")


@pytest.fixture(name="words")
def _words(run: Run, tmp_path: Path) -> Run:
    """Two Word papers that are files, and on file: with a comment, a change of one's own, more."""
    for name, number, text in (("ours.docx", "three", ""), ("theirs.docx", "four", "late")):
        (tmp_path / name).write_bytes(
            document(
                p(r("School Doors"), style="Title"),
                p(r("1. The day ends at "), commented(1, r(number)), r(f" {text}o'clock.")),
                p(r("2. It begins at nine."), ins(*JANE, r(" Bells ring."))),
                comments=comment(1, *JANE, p(r("Between us: we can live with five."))),
                settings=f'<w:docVars><w:docVar w:name="n" w:val="{SECRET}"/></w:docVars>',
            )
        )
    for name, label in zip(("ours.docx", "theirs.docx"), LABELS, strict=True):
        assert run("add", name, "--label", label, "-c", "Doors").code == 0
    return run


FORMATS: Final = ("docx", "html", "md", "critic.md", "json")


def _all(path: Path) -> str:
    """All that a file holds, as text."""
    if not zipfile.is_zipfile(path):
        return path.read_text()
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("files_", [False, True])
@pytest.mark.parametrize("ending", FORMATS)
def test_every_redline_says_what_it_tells(
    words: Run, tmp_path: Path, ending: str, *, files_: bool
) -> None:
    named = ("ours.docx", "theirs.docx") if files_ else LABELS
    done = words("redline", *named, "-o", f"x.{ending}", "--json")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    done = words("redline", *named, "-o", f"x.{ending}", "--force")
    assert told["written"] == f"x.{ending}"
    assert told["reveals"]["marks"] > 0
    assert told["reveals"]["shows"] == ["struck words", "parties", "dates"]
    (author,) = told["reveals"]["authors"]
    assert author == ("theirs.docx" if files_ else "District")
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith(f"Wrote x.{ending}: {told['reveals']['marks']} marks, by {author}.")
    is_word = ending == "docx"
    assert (told["reveals"]["comments"], told["reveals"]["commenters"]) == (
        (1, [JANE[0]]) if is_word else (0, [])
    )
    assert told["reveals"]["left_out"] == (["its properties"] if is_word else [])
    assert ("Left out: its properties." in done.err) == is_word
    held = _all(tmp_path / f"x.{ending}")
    assert (JANE[0] in held) == is_word
    assert SECRET not in held
    assert str(tmp_path) not in held


@pytest.mark.parametrize("files_", [False, True])
@pytest.mark.parametrize("ending", FORMATS)
def test_only_the_text_that_stands_is_left(
    words: Run, tmp_path: Path, ending: str, *, files_: bool
) -> None:
    named = ("ours.docx", "theirs.docx") if files_ else LABELS
    done = words("redline", *named, "-o", f"x.{ending}", "--only-standing")
    if ending == "json":
        assert done.code == 3
        assert not (tmp_path / "x.json").exists()
        return
    assert done.code == 0, done
    assert done.err.startswith(f"Wrote x.{ending}: no marks, names or dates beside its text.")
    held = _all(tmp_path / f"x.{ending}")
    assert "four" in held
    told = ("three", "Quill", "Between us", "FTA", "District", "10-10-24", "2024", SECRET, "theirs")
    assert [
        one for one in (*told, "comment", ".docx") if one in re.sub("<!--.*?-->", "", held)
    ] == []
    assert [one for one in told if one in held] == []
    paper = (
        read_loose((tmp_path / f"x.{ending}").read_bytes(), name=f"x.{ending}")
        if (ending != "html")
        else None
    )
    if paper is not None:
        assert "four lateo'clock." in paper.text.replace("\n", " ")
        assert not paper.is_marked


@pytest.mark.parametrize(
    "options",
    [
        ("--only-standing",),
        ("-o", "x.docx", "--only-standing", "--moves"),
        ("-o", "x.docx", "--only-standing", "--as-filed"),
        ("-o", "x.html", "--only-standing", "--all-rounds"),
        ("-o", "x.html", "--as-filed"),
    ],
)
def test_what_makes_no_sense_together_is_refused(
    words: Run, tmp_path: Path, options: Sequence[str]
) -> None:
    assert words("redline", *LABELS, *options).code == 2
    assert not [*tmp_path.glob("x.*")]


def test_a_redline_goes_out_as_filed_when_that_is_asked_for(words: Run, tmp_path: Path) -> None:
    done = words("redline", *LABELS, "-o", "x.docx", "--as-filed")
    assert SECRET in _all(tmp_path / "x.docx")
    assert "Left out" not in done.err


def test_a_clean_copy_says_what_it_tells(words: Run, tmp_path: Path) -> None:
    done = words("show", LABELS[1], "-o", "x.docx", "--json")
    told = json.loads(done.out)["reveals"]
    assert (told["marks"], told["comments"], told["commenters"]) == (None, 1, [JANE[0]])
    assert told["left_out"] == ["its properties"]
    done = words("show", LABELS[1], "-o", "y.docx")
    assert "1 comment of the filed document, by Jane Quillfeather." in done.err
    assert SECRET not in _all(tmp_path / "x.docx")
    done = words("show", LABELS[1], "-o", "original.docx", "--original")
    assert "as it was filed" in done.err


def test_a_plain_clean_copy_says_that_it_names_its_revision(filed: Run, tmp_path: Path) -> None:
    for name, which in (("x.docx", ["which revision it is"]), ("x.txt", [])):
        told = json.loads(filed("show", "4", "-o", name, "--json").out)["reveals"]
        assert told["shows"] == which
    assert "District Counter 11-21-24" in _all(tmp_path / "x.docx")


@pytest.mark.parametrize(("name", "options"), [("b.zip", ()), ("b", ()), ("g", ("--git",))])
def test_what_is_exported_says_what_it_tells(words: Run, name: str, options: Sequence[str]) -> None:
    done = words("export", name, *options, "--json")
    told = json.loads(done.out)["reveals"]["shows"]
    assert {"parties", "dates"} <= set(told)
    assert ("who entered it: tester" in told) == (not options)
    assert done.err == ""
    done = words("export", f"again {name}", *options)
    assert done.err.startswith("It shows ")
    assert len(done.err.splitlines()) == 1


def test_no_output_names_a_folder_an_account_or_a_computer(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, computer = "an_account_of_mine", "a-computer-of-mine"
    monkeypatch.setattr("getpass.getuser", lambda: account)
    monkeypatch.setattr("socket.gethostname", lambda: computer)
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, account)
    monkeypatch.setenv("HOSTNAME", computer)
    for folder, number in (("mine", "three"), ("yours", "four")):
        (tmp_path / folder).mkdir()
        text = f"1. The day ends at {number}.\n"
        (tmp_path / folder / "a.md").write_text(text)
        (tmp_path / folder / "a.docx").write_bytes(document(p(r(text.strip()))))
    for kind in ("md", "docx"):
        run("add", f"mine/a.{kind}", "--label", LABELS[0], "-c", kind)
        run("add", f"yours/a.{kind}", "--label", LABELS[1], "-c", kind)
        old, new = (str(tmp_path / folder / f"a.{kind}") for folder in ("mine", "yours"))
        for ending in FORMATS:
            assert run("redline", *LABELS, "-c", kind, "-o", f"r.{kind}.{ending}").code == 0
            done = run("redline", old, new, "-o", f"f.{kind}.{ending}")
            assert (done.code, str(tmp_path) in done.err) == (0, False), done
        assert run("show", "1", "-c", kind, "-o", f"c.{kind}.docx").code == 0
        assert run("export", "--git", f"g.{kind}", "-c", kind).code == 0
    assert run("export", "b").code == 0
    real = os.uname().nodename if hasattr(os, "uname") else computer
    for path in (one for one in tmp_path.rglob("*") if one.is_file() and one.suffix != ".db"):
        data = path.read_bytes() + (_all(path).encode() if path.suffix == ".docx" else b"")
        for said in (str(tmp_path), str(Path.home()), computer, f"@{real}"):
            assert said == "/" or said.encode() not in data, path
        if path.parent.name != "b":  # a journal says who entered it, and `export` says so
            assert account.encode() not in data, path


# Names that act, or that lead elsewhere, are only names.

ACTING: Final = {
    "steps up": "../../up",
    "rooted": "/etc/passwd",
    "of Windows": "C:\\nul",
    "reserved": "CON",
    "reserved with a number": "lpt1",
    "control": "a\x07b\x1b[31mred\x1b[0m",
    "title": "a\x1b]0;owned\x07b",
    "turned": "a\u202etxt.exe\u2066b",
    "lines": "a\nhead: 9 x\r\nb",
    "separators": "a\u2028b\u2029c\x85d",
    "markup": "<script>alert(1)</script>&\"'",
    "git": "a <b@c> 0 +0000\nM 100644 inline .git/hooks/x",
    "dots": "..",
    "long": "x" * 400,
}
_ACTS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9.][A-Za-z0-9._-]*")


@POSIX
@pytest.mark.parametrize("which", ["party", "label", "chain", "file", "by"])
@pytest.mark.parametrize("name", ACTING)
def test_no_name_acts_or_leads_elsewhere(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, which: str
) -> None:
    said = ACTING[name]
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BARGAIN_USER", said if which == "by" else "tester")
    labels = [said if which == "label" else one for one in ("Counter 9-12-24", "Counter 10-10-24")]
    file = said.replace("/", "∕")[:200] + ".md" if which == "file" else "a.md"
    for number, label in zip(("three", "four"), labels, strict=True):
        (folder / file).write_text(f"1. The day ends at {number}.\n")
        options = ["--party", said] if which == "party" else []
        date = ["--date", f"2024-10-{len(number)}"] if which == "label" else []
        chain = said if which == "chain" else "Doors"
        done = run("add", "--label", label, "-c", chain, *options, *date, "--", file)
        assert not _ACTS.search(done.err + done.out), done
        if done.code:
            assert done.code not in {1, 70}
            return  # no such name is filed
        if which == "label":
            break
    outputs = [
        ("log",),
        ("verify",),
        ("export", "b"),
        ("export", "b.zip"),
        ("export", "--git", "g"),
    ]
    outputs += [("show", "1", "-o", "c.docx"), ("import", "b.zip", "--record", "new.db")]
    outputs += [("log", "--record", "new.db"), ("blame", "1"), ("who", "three")]
    outputs += [("redline", "1", "2", "-o", f"r.{ending}") for ending in FORMATS[:2]]
    for arguments in outputs:
        done = run(*arguments)
        assert not _ACTS.search(done.err + done.out), arguments
        if which != "label":
            assert done.code == 0, done
    for path in (one for one in folder.rglob("*") if ".git" not in one.parts):
        assert path.name == file or _PLAIN_NAME.fullmatch(path.name), path
        assert path.name == file or path.stem.lower() not in {"con", "lpt1"}
    for path in (folder / "b" / "README.txt", folder / "r.html"):
        if path.exists():
            assert not _ACTS.search(path.read_text())
            assert "<script>" not in path.read_text() or path.suffix != ".html"
    assert sorted(tmp_path.iterdir()) == [folder]
    hooks = [one for one in (folder / "g").rglob("*") if "hooks" in one.parts]
    assert hooks == []


@POSIX
@pytest.mark.parametrize("name", ["control", "title", "turned", "lines", "separators"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "{}"),
        ("import", "{}.zip"),
        ("export", "{}/none/x"),
        ("export", "{}/none/x.zip"),
        ("add", "{}.md"),
        ("redline", "{}.md", "a.md"),
        ("redline", "a.md", "b.md", "-o", "{}.html"),
        ("redline", "a.md", "b.md", "-o", "{}/none/x.html"),
        ("show", "1", "-o", "{}/none/x.txt"),
        ("log", "--record", "{}.db"),
        ("verify", "--signed", "{}", "--signers", "a.md"),
        ("sign", "--key", "{}"),
        ("demo", "--save", "{}/none/x.db"),
    ],
)
def test_no_name_that_a_person_gives_acts_in_what_is_said_of_it(
    filed: Run, tmp_path: Path, name: str, arguments: Sequence[str]
) -> None:
    for other, number in (("a.md", "three"), ("b.md", "four")):
        (tmp_path / other).write_text(f"1. The day ends at {number}.\n")
    done = filed(*(one.format(ACTING[name].replace("/", "∕")) for one in arguments))
    assert not _ACTS.search(done.err + done.out), done
    assert len(done.err.splitlines()) <= 3
