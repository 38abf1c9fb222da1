"""The methods that are measured side by side: each says which revision brought each word.

Each takes texts (the base first) and returns, for the last text, a list of (start, end, candidates)
in reading order, together with the seconds that it took. `git` is handed one word a line; WikiWho's
limits against vandalism are lifted, because striking everything is a legitimate counter.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from negotiations import WORD

Found = list[tuple[int, int, tuple[int, ...]]]
Method = Callable[[Sequence[str | None]], tuple[Found, float]]


def label(rung: int) -> str:
    return f"{'Union' if rung % 2 else 'District'} Proposal {rung}"


def bargaining(texts: Sequence[str | None]) -> tuple[Found, float]:
    from bargaining import Chain  # noqa: PLC0415 - loading it is no part of what is measured

    start = time.perf_counter()
    rungs = [(label(n), text) for n, text in enumerate(texts) if n]
    annotation = Chain.from_texts(rungs, base=texts[0]).blame(len(texts) - 1)
    took = time.perf_counter() - start
    spans = [(s.start, s.end, tuple(r.rung for r in s.origin.candidates)) for s in annotation]
    return spans, took


def git_repository(texts: Sequence[str | None], folder: str, *, words: bool = True) -> None:
    """Commit each text, one word a line (or as it is), by `git fast-import`."""
    stream = []
    for number, text in enumerate(texts, start=1):
        data = (text or "").encode()
        if words:
            data = "".join(f"{word}\n" for word in WORD.findall(text or "")).encode()
        head = f"commit refs/heads/main\ncommitter A <a@example.org> {number} +0000\n"
        stream.append(f"{head}data 0\nM 644 inline text\ndata {len(data)}\n".encode() + data)
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    command = ["git", "-C", folder, "fast-import", "--quiet"]
    subprocess.run(command, input=b"\n".join(stream), check=True)


def git_blame(texts: Sequence[str | None], *options: str) -> tuple[Found, float]:
    with tempfile.TemporaryDirectory() as folder:
        git_repository(texts, folder)
        start = time.perf_counter()
        command = [
            "git",
            "-C",
            folder,
            "blame",
            "-t",
            "--porcelain",
            *options,
            "main",
            "--",
            "text",
        ]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        took = time.perf_counter() - start
    return list(_git_words(done.stdout, texts[-1] or "")), took


def _git_words(porcelain: str, text: str) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    time_of: dict[str, int] = {}
    commit = ""
    places = WORD.finditer(text)
    for line in porcelain.splitlines():
        head = line.split(" ", 1)
        if line.startswith("\t"):
            found = next(places)
            yield found.start(), found.end(), (time_of[commit] - 1,)
        elif len(head[0]) == 40:  # noqa: PLR2004 - the length of a commit's name
            commit = head[0]
        elif head[0] == "committer-time":
            time_of[commit] = int(head[1])


def wikiwho(texts: Sequence[str | None]) -> tuple[Found, float]:
    from WikiWho import wikiwho as module  # noqa: PLC0415 - a peer, installed for this only
    from WikiWho.utils import iter_rev_tokens  # noqa: PLC0415

    module.CHANGE_PERCENTAGE = -2.0  # no share struck is too much
    module.UNMATCHED_PARAGRAPH = 2.0
    start = time.perf_counter()
    article = module.Wikiwho("agreement")
    article.analyse_article([_page(n, text) for n, text in enumerate(texts)])
    tokens = list(iter_rev_tokens(article.revisions[len(texts) - 1]))
    took = time.perf_counter() - start
    return list(_wikiwho_words(tokens, texts[-1] or "")), took


def _page(number: int, text: str | None) -> dict[str, Any]:
    return {"revid": number, "*": text or "", "timestamp": str(number), "user": str(number)}


def _wikiwho_words(tokens: Sequence[Any], text: str) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Find each token in the text again: it is lower-cased, and in order."""
    at = 0
    lower = text.lower()
    for token in tokens:
        at = lower.index(token.value, at)
        yield at, at + len(token.value), (token.origin_rev_id,)
        at += len(token.value)


METHODS: Final[dict[str, Method]] = {
    "bargaining": bargaining,
    "git blame, one word a line": git_blame,
    "git blame -M, one word a line": lambda texts: git_blame(texts, "-M"),
    "WikiWho 1.0.3": wikiwho,
}
