"""The documents say what is so: examples run, tables match, links lead somewhere."""

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import click
import pytest

import bargaining
from bargaining.errors import EXIT_CODES
from bargaining.record import Filed, Record
from bargaining.writers.authors import Reveals
from bargaining.writers.json import plain

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _script(name: str) -> ModuleType:
    """Load a script of docs/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


examples = _script("run_examples")
generate_cli = _script("generate_cli")
DOCUMENTS: list[Path] = examples.documents()
NAMES = [str(document.relative_to(ROOT)) for document in DOCUMENTS]


def _prose(document: Path) -> str:
    """The text of a document without its fenced blocks."""
    text = document.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _section(document: Path, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = heading.split(maxsplit=1)[0]
    _, _, after = f"\n{_prose(document)}".partition(f"\n{heading}\n")
    assert after, f"{document.name} has no section {heading!r}"
    return re.split(rf"\n#{{1,{len(level)}}} ", after)[0]


def _tables(text: str) -> Iterator[list[list[str]]]:
    """The rows of every table, its heading and rule left out."""
    for table in re.findall(r"(?:^\|.*\|\n?)+", text, flags=re.MULTILINE):
        rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines()]
        yield [[cell.strip() for cell in row] for row in rows[2:]]


def _keys(rows: list[list[str]]) -> list[str]:
    return [row[0].strip("`") for row in rows]


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_examples_print_what_the_documents_show(document: Path) -> None:
    wrong = [str(mismatch) for mismatch in examples.mismatches(document)]
    assert not wrong, "\n\n".join([*wrong, "python docs/run_examples.py --update mends it"])


def test_the_main_documents_hold_examples() -> None:
    for name in ("tutorial.md", "how-to.md", "api.md", "json.md"):
        assert len(list(examples.steps((DOCS / name).read_text("utf-8").splitlines()))) > 5, name


# The command line.


def test_the_cli_reference_is_fresh() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert page == generate_cli.reference(), "python docs/generate_cli.py writes it anew"


def test_an_undocumented_command_or_option_fails() -> None:
    silent = click.Group("cli", help="All.", commands=[click.Command("add", help="")])
    with pytest.raises(generate_cli.UndocumentedError, match="add"):
        generate_cli.reference(silent)
    option = click.Option(["--quiet"])
    silent = click.Group("cli", help="All.", commands=[click.Command("add", help="A.")])
    silent.add_command(click.Command("log", help="L.", params=[option]))
    with pytest.raises(generate_cli.UndocumentedError, match="--quiet"):
        generate_cli.reference(silent)


def test_every_command_shows_an_example() -> None:
    for name, command in bargaining_cli().commands.items():
        assert "Example:" in (command.help or ""), name


def bargaining_cli() -> click.Group:
    cli = generate_cli.cli
    assert isinstance(cli, click.Group)
    return cli


def test_the_exit_codes_are_those_of_the_code() -> None:
    (rows,) = _tables(_section(DOCS / "cli.md", "## Exit codes"))
    told = {row[1].strip("`"): int(row[0]) for row in rows if row[1]}
    assert told == {error.__name__: code for error, code in EXIT_CODES.items()}


# The Python API.


def test_every_public_name_is_explained() -> None:
    (rows,) = _tables(_section(DOCS / "api.md", "## Every public name"))
    assert _keys(rows) == bargaining.__all__


@pytest.mark.parametrize("kind", [bargaining.Chain, Record])
def test_every_public_member_is_explained(kind: type) -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    members = [name for name in vars(kind) if not name.startswith("_")]
    assert [name for name in members if not re.search(rf"`[^`\n]*\b{name}\b", page)] == []


def test_every_error_is_explained() -> None:
    (rows,) = _tables(_section(DOCS / "api.md", "## Errors"))
    names = [name for name in bargaining.__all__ if name.endswith("Error")]
    assert sorted([*_keys(rows), "BargainingError"]) == sorted(names)


# JSON.

VALUES = [
    bargaining.Revision,
    bargaining.MadeOf,
    bargaining.Span,
    bargaining.Origin,
    bargaining.Event,
    bargaining.Explanation,
    bargaining.Evidence,
    bargaining.DiffRun,
    bargaining.RedlinePart,
    bargaining.RedlineRun,
    bargaining.ClauseStatus,
    bargaining.Movement,
    bargaining.Turn,
    bargaining.Gone,
    bargaining.Finding,
    bargaining.Hunk,
    bargaining.Passage,
    bargaining.Place,
    bargaining.Near,
    bargaining.Offer,
    bargaining.Paper,
    bargaining.Run,
    bargaining.Part,
    bargaining.Doubt,
    Reveals,
    Filed,
]


@pytest.mark.parametrize("kind", VALUES)
def test_the_keys_of_values_are_those_of_the_code(kind: type[attrs.AttrsInstance]) -> None:
    (rows,) = _tables(_section(DOCS / "json.md", f"### {kind.__name__}"))
    assert _keys(rows) == list(plain(_blank(kind)))


def _blank(kind: type[attrs.AttrsInstance]) -> object:
    """A value without content: enough to see under which names it is written."""
    value: object = kind(**{field.alias: () for field in attrs.fields(kind)})
    return value


@pytest.mark.parametrize("name", list(generate_cli.commands()))
def test_the_keys_of_answers_are_those_of_the_code(name: str) -> None:
    answer = _answer(name)
    tables = list(_tables(_section(DOCS / "json.md", f"## bargain {name}")))
    assert _keys(tables[0]) == list(answer)
    if name == "log":
        assert _keys(tables[1]) == list(answer["filings"][0])


def test_the_keys_of_the_journal_are_those_of_the_code() -> None:
    with examples.scratch():
        session = examples.Session()
        session.run(_step("bargain demo --save bargaining.db"))
        session.run(_step("bargain add --no-paper --label Counter -c Keys"))
        session.run(_step("bargain add --no-paper --label Reply -c Keys"))
        session.run(_step("bargain add --retract 9 --because slip"))
        *_, log = json.loads(session.run(_step("bargain log --json")))
        journal = json.loads(session.run(_step("bargain log --journal --json")))
    tables = list(_tables(_section(DOCS / "json.md", "## bargain log")))
    assert _keys(tables[2]) == list(log["without_paper"][0])
    assert _keys(tables[3]) == list(log["counts_no_more"][0])
    assert _keys(tables[4]) == list(journal[0])


def _answer(name: str) -> dict[str, Any]:
    """One answer of a command, asked of the example."""
    arguments = {
        "who": " staff",
        "exhibit": " --clause 1.0",
        "add": " examples/library-hours/1-rta-proposal-9-12-24.md",
        "export": " bundle.zip",
        "import": " bundle.zip --record again.db",
        "sign": " --key key",
    }
    with examples.scratch():
        session = examples.Session()
        session.run(_step("bargain demo --save bargaining.db"))
        if name == "import":
            session.run(_step("bargain export bundle.zip"))
        if name == "sign":
            _make_key()
        asked = f"bargain {name}{arguments.get(name, '')} --json"
        found = json.loads(session.run(_step(asked)))
    answer: dict[str, Any] = found[0] if isinstance(found, list) else found
    return answer


def _make_key() -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed.")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key"], check=True)


def _step(command: str) -> object:
    (step,) = examples.steps(["```console", f"$ {command}", "```"])
    return step


# Words and links.


def test_every_kind_of_doubt_is_explained() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]
    kinds = {kind for text in sources for kind in re.findall(r'Doubt\(\s*"([a-z-]+)"', text)}
    (rows,) = _tables(_section(DOCS / "how-to.md", "## Read a doubt"))
    assert set(_keys(rows)) == kinds


def _anchors(document: Path) -> set[str]:
    """The anchors of the headings, as they are made on the usual pages."""
    headings = re.findall(r"^#{1,6} (.+)$", _prose(document), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", _prose(document))):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if re.match(r"[a-z]+:", link):
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


# The checks themselves.


def _document(tmp_path: Path, *lines: str) -> Path:
    document = tmp_path / "document.md"
    document.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return document


def test_a_wrong_output_is_noticed_and_mended(tmp_path: Path) -> None:
    document = _document(tmp_path, "```console", "$ bargain log", "nothing", "```")
    (wrong,) = examples.mismatches(document)
    assert "+bargain: There is no record" in str(wrong)
    assert examples.update(document) == []
    assert list(examples.mismatches(document)) == []


def test_output_of_python_that_is_not_shown_is_noticed(tmp_path: Path) -> None:
    document = _document(tmp_path, "```python", "print(1)", "```")
    assert len(examples.update(document)) == 1


def test_a_command_that_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    document = _document(tmp_path, "```console", "$ rm -rf .", "```")
    with pytest.raises(examples.ExampleError, match="fence what is not to be run as sh"):
        list(examples.mismatches(document))


@pytest.mark.parametrize(
    ("shown", "printed", "agree"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a", "b", "c"], False),
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["a", "...", "c", "…"], ["a", "b", "d"], False),
        (["...", "b", "..."], ["a", "b", "c"], True),
        (["a", "...", "a"], ["a"], False),
    ],
)
def test_three_dots_stand_for_any_lines(shown: list[str], printed: list[str], agree: bool) -> None:
    assert examples.agrees(shown, printed) is agree


# The words are those of the glossary.

RETIRED = {  # what they are called now
    "fabric": "woven", "shelf": "cache", "vault": "blobs", "book": "catalogue", "parcel": "bundle",
    "register": "entry index", "hands": "letters", "session": "transaction",
}  # fmt: skip
OLD_NAMES = {"shelf", "FolderShelf", "session_user"}  # kept for those who used them


def _terms() -> set[str]:
    page = (DOCS / "glossary.md").read_text(encoding="utf-8")
    defined = re.findall(r"^\*\*(.+?)\.\*\*", page, flags=re.MULTILINE)
    return {term.lower() for term in (*defined, *re.findall(r"(?<!\*)\*([a-z ]+)\*(?!\*)", page))}


@pytest.mark.parametrize(
    "name", [n for n in bargaining.__all__ if n[0].isupper() and not n.endswith("Error")]
)
def test_every_public_class_is_a_word_of_the_glossary(name: str) -> None:
    words = re.sub(r"(?<!^)([A-Z])", r" \1", name).lower()
    assert {words, f"{words}s"} & _terms()


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    page = (DOCS / "glossary.md").read_text(encoding="utf-8")
    terms = [term.lower() for term in re.findall(r"^\*\*(.+?)\.\*\*", page, flags=re.MULTILINE)]
    assert terms == sorted(set(terms))


def test_no_name_of_the_code_is_a_word_that_was_given_up() -> None:
    wrong = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "name", None) or getattr(node, "id", None)
            name = name or getattr(node, "arg", None) or getattr(node, "attr", None)
            if not isinstance(name, str) or name in OLD_NAMES:
                continue
            words = set(re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower().strip("_").split("_"))
            wrong += [f"{path.name}: {name}"] * bool(words & RETIRED.keys())
    assert wrong == []
