"""The words of the field, one folder a language, one TOML file for each reader: data that a lawyer can read.

Adding a language is adding a folder; adding a phrase is adding a line to one of its files.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent

CODES: tuple[str, ...] = tuple(sorted(path.name for path in _HERE.iterdir() if (path / "cues.toml").is_file()))
"""BCP 47 tags of the languages that can be read."""


@cache
def words(language: str, room: str) -> dict[str, Any]:
    """The data that one reader (`room`: "cues", "deadlines", …) has for a language.

    Raises KeyError for a language that has no such file, naming both.
    """
    import tomllib  # with the first language, not with the package

    path = _HERE / language / f"{room}.toml"
    if not path.is_file():
        raise KeyError(f"no {room}.toml for language {language!r}")
    return tomllib.loads(path.read_text("utf-8"))
