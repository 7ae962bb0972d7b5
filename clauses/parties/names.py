"""The tables of names: states (Unicode CLDR, ISO 3166) and organisations, in every language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_STATE = 3  # letters of a state's code (ISO 3166-1 alpha-3)
_LANGUAGES = Path(__file__).resolve().parent.parent / "languages"


@cache
def states(language: str) -> dict[str, dict[str, str]]:
    """ISO 3166-1 alpha-3 code to `name` and, where known, `capital`; in English where the language has no table."""
    import json  # with the first text, not with the package

    path = _LANGUAGES / "names" / f"{language}.json"
    table: dict[str, dict[str, str]] = json.loads(
        (path if path.is_file() else path.with_name("en.json")).read_text("utf-8")
    )
    return table


@cache
def organisations() -> dict[str, dict[str, list[str]]]:
    """The usual English acronym of an organisation to its names in each language, the full name first."""
    import tomllib

    table: dict[str, dict[str, list[str]]] = tomllib.loads((_LANGUAGES / "organisations.toml").read_text("utf-8"))
    return table


@cache
def leaders() -> dict[str, tuple[str, ...]]:
    """The surname of a head of state or government, in small letters, to the code of the state."""
    import tomllib

    table: dict[str, list[str]] = tomllib.loads((_LANGUAGES / "leaders.toml").read_text("utf-8"))
    return {surname.lower(): (code,) for code, surnames in table.items() for surname in surnames}


def is_state(code: str) -> bool:
    """Whether a code stands for a state: three letters that no organisation has for its acronym ("LAS" has)."""
    return len(code) == _STATE and code not in organisations()


def name_of(code: str, language: str) -> str:
    """The display name of a state or organisation; the code itself where there is none."""
    if code in organisations():
        return next(iter(organisations()[code].get(language, ())), code)
    return states(language).get(code, {}).get("name", code)
