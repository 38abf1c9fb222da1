"""How long the command line takes to answer, beside its floor: an empty Python process.

    python bench/start.py            print the figures
    python bench/start.py --write    put them into docs/benchmarks.md, between its markers

Each command is a whole process, timed from outside, in turn with the others so that drift of the
machine falls on all of them alike; the median of the runs is what is quoted.
"""

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pages

RUNS = 21
FLOOR = "python -c 'import click, attrs'"
WORDING = "with a library aide on duty throughout the student lunch period"


def commands(record: str) -> dict[str, Sequence[str]]:
    bargain = [sys.executable, "-m", "bargaining"]
    return {
        "python -c pass (the floor)": [sys.executable, "-c", "pass"],
        FLOOR: [sys.executable, "-c", "import click, attrs"],
        "git --version (a peer, in C)": ["git", "--version"],
        "bargain --version": [*bargain, "--version"],
        "bargain --help": [*bargain, "--help"],
        "bargain log": [*bargain, "log", "--record", record],
        "bargain show": [*bargain, "show", "--record", record],
        "bargain diff": [*bargain, "diff", "--record", record],
        "bargain blame": [*bargain, "blame", "--record", record],
        "bargain who …": [*bargain, "who", WORDING, "--record", record],
        "bargain status": [*bargain, "status", "--record", record],
        "bargain check": [*bargain, "check", "2", "--record", record],
        "bargain verify": [*bargain, "verify", "--record", record],
    }


def seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measured() -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        record = str(Path(folder) / "demo.db")
        demo = [sys.executable, "-m", "bargaining", "demo", "--save", record]
        subprocess.run(demo, check=True, capture_output=True)
        rows = commands(record)
        times: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(RUNS + 1):
            for name, command in rows.items():
                times[name].append(seconds(command))
    return {name: values[1:] for name, values in times.items()}  # the first is a warm-up


def imports() -> list[tuple[int, str]]:
    """The slowest imports of `bargain who`, in microseconds of their own."""
    script = "import bargaining.cli, bargaining.record, diff_match_patch"
    command = [sys.executable, "-X", "importtime", "-c", script]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    rows = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines()]
    found = [(int(row[1]), row[2].strip()) for row in rows if row[1].strip().isdigit()]
    wanted = {"attrs", "click", "sqlite3", "diff_match_patch", "json", "difflib", "bargaining"}
    return sorted(((took, name) for took, name in found if name in wanted), reverse=True)


def table(times: dict[str, list[float]]) -> str:
    lines = ["| command | least ms | median ms | most ms | of click and attrs |"]
    lines.append("|---|---:|---:|---:|---:|")
    floor = statistics.median(times[FLOOR])
    for name, values in times.items():
        middle = statistics.median(values)
        shown = " | ".join(f"{v * 1000:.0f}" for v in (min(values), middle, max(values)))
        lines.append(f"| `{name}` | {shown} | {middle / floor:.2f} |")
    return "\n".join(lines)


def report() -> str:
    rows = "\n".join(f"| `{name}` | {took / 1000:.1f} |" for took, name in imports())
    machine = f"Python {platform.python_version()}, {platform.machine()}, {RUNS} runs each."
    return (
        f"{machine}\n\n{table(measured())}\n\n"
        f"What the imports cost, everything that they import included:\n\n"
        f"| import | ms |\n|---|---:|\n{rows}"
    )


def main() -> None:
    text = report()
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/start.py", text)


if __name__ == "__main__":
    main()
