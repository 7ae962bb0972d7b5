"""No file harms its reader: each is refused with the reason in two seconds, or read right, at 128 MB at most."""

from __future__ import annotations

import re

import pytest

from tests.clauses.hostile import FILES, READ, WORDS, made
from tests.clauses.measuring import Measured, measured

SECONDS, MEGABYTES = 2.0, 128


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measured]:
    """How each file ended. They are made here, so that the process that reads them is small."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = [folder / name for name in FILES]
    for path in paths:
        path.write_bytes(made(path.name))
    ended = dict(zip(FILES, measured(paths), strict=True))
    for path in paths:
        path.unlink()
    return ended


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_right_or_refused_with_the_reason(name: str, endings: dict[str, Measured]) -> None:
    found, expected = endings[name], FILES[name][1]
    if expected == READ:
        assert found.ended == ""
        assert WORDS in found.words
        assert "root:" not in found.words
    else:
        assert re.search(expected, found.ended), found.ended


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_in_two_seconds_or_read_at_100_kb_a_second(
    name: str, endings: dict[str, Measured]
) -> None:
    assert endings[name].seconds <= max(SECONDS, endings[name].length / 100_000)
    assert endings[name].megabytes <= MEGABYTES
