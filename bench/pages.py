"""Put what a script measured into a page of docs/, between its own markers."""

import platform
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def machine() -> str:
    return f"Python {platform.python_version()}, {platform.machine()}."


def table(head: list[str], rows: list[list[str]]) -> str:
    """Write a table whose first column is text and whose others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(name: str, text: str, path: Path = PAGE) -> None:
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    page = path.read_text(encoding="utf-8")
    head, found, rest = page.partition(start)
    if not found or end not in rest:
        raise SystemExit(f"{path.name} has no place marked {start} … {end}")
    _, _, tail = rest.partition(end)
    path.write_text(f"{head}{start}\n\n{text}\n\n{end}{tail}", encoding="utf-8")
