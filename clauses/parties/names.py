"""The tables of names: states (Unicode CLDR, ISO 3166) and organisations, in every language."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

_LANGUAGES = Path(__file__).resolve().parent.parent / "languages"


@cache
def states(language: str) -> dict[str, dict[str, str]]:
    """ISO 3166-1 alpha-3 code to `name` and, where known, `capital`; in English where the language has no table."""
    path = _LANGUAGES / "names" / f"{language}.json"
    table: dict[str, dict[str, str]] = json.loads(
        (path if path.is_file() else path.with_name("en.json")).read_text("utf-8")
    )
    return table


@cache
def organisations() -> dict[str, dict[str, list[str]]]:
    """The usual English acronym of an organisation to its names in each language, the full name first."""
    table: dict[str, dict[str, list[str]]] = tomllib.loads((_LANGUAGES / "organisations.toml").read_text("utf-8"))
    return table


def name_of(code: str, language: str) -> str:
    """The display name of a state or organisation; the code itself where there is none."""
    if code in organisations():
        return next(iter(organisations()[code].get(language, ())), code)
    return states(language).get(code, {}).get("name", code)
