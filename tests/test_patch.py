"""Exact patches: they give back the text, or say why not."""

from contextlib import suppress

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import patch
from bargaining.errors import DigestError, PaperError


@given(st.text(), st.text(), st.text(), st.text())
def test_a_patch_gives_back_its_text(a: str, b: str, c: str, d: str) -> None:
    for old, new in ((a, b), (a + b + d, a + c + d), (a, ""), ("", a)):
        made = patch.make(old, new)
        assert patch.apply(made, old) == new
        assert made.delta.isascii()


@given(st.text(), st.text(), st.text())
def test_a_patch_refuses_another_base(old: str, new: str, other: str) -> None:
    made = patch.make(old, new)
    if other != old:
        with pytest.raises(DigestError):
            patch.apply(made, other)


@given(st.text(min_size=1), st.text(), st.text())
def test_a_damaged_delta_never_passes(old: str, new: str, delta: str) -> None:
    made = patch.make(old, new)
    damaged = attrs.evolve(made, delta=delta)
    with suppress(DigestError):
        assert patch.apply(damaged, old) == new


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_lone_surrogates_are_refused(text: str) -> None:
    with pytest.raises(PaperError, match="lone surrogate"):
        patch.make(text, "")
    with pytest.raises(PaperError, match="lone surrogate"):
        patch.make("", text)


def test_a_patch_costs_what_changed() -> None:
    words = [f"word{n}" for n in range(10_000)]
    new = words.copy()
    new[5_000] = "other"
    made = patch.make(" ".join(words), " ".join(new))
    assert len(made.delta) < 60


@pytest.mark.parametrize("delta", ["=0", "-0\t=3", "=3\t+", "=-3", "+x" * 3, "=3\t=0"])
def test_edits_of_nothing_are_refused(delta: str) -> None:
    made = attrs.evolve(patch.make("abc", "abc"), delta=delta)
    with pytest.raises(DigestError):
        patch.apply(made, "abc")


def test_a_delta_that_grows_beyond_any_paper_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = patch.make("", "abcd")
    monkeypatch.setattr(patch, "MAX_BYTES", 3)
    with pytest.raises(DigestError, match="damaged"):
        patch.apply(made, "")
