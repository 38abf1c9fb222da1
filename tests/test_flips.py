"""Whatever is changed in the file of a record is refused, or changes nothing that it says."""

from pathlib import Path

import flips


def test_every_byte_that_is_changed_is_found_or_changes_nothing(tmp_path: Path) -> None:
    data = flips.small(tmp_path / "record.db")
    found = flips.held_against(tmp_path / "other.db", data, flips.with_bits_flipped(data, 1))
    assert found.wrong == []
    assert found.tried == len(data)
    assert found.refused > 2000


def test_a_file_that_is_shorter_or_longer_is_refused_or_says_the_same(tmp_path: Path) -> None:
    data = flips.small(tmp_path / "record.db")
    found = flips.held_against(tmp_path / "other.db", data, flips.of_other_length(data))
    assert found.wrong == []
    assert found.refused > found.tried // 2


def test_every_byte_of_every_value_is_held_against_a_digest(tmp_path: Path) -> None:
    data = flips.small(tmp_path / "record.db")
    found = flips.by_value(tmp_path / "other.db", data)
    assert found.wrong == []
    assert found.refused > 1600
    assert found.same < 4  # of a zlib stream
