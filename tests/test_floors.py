"""Who may import whom: a file imports from lower floors of its own package, or inside its own sub-package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# A name is a file or a sub-package directly below the package.
FLOORS = {
    "clauses": {
        0: {"nodes", "folding", "languages", "literals"},
        1: {"parties", "deadlines", "references", "numbering", "sentences", "grammar", "reasons"},
        2: {"outline", "facts", "timing", "actors"},
        3: {"text", "commitments"},
        4: {"parse"},
        5: {"__init__", "printing", "wire"},
        6: {"__main__", "confined"},
    },
    "tracker": {
        0: {"__init__", "formats", "unseen", "bell", "broker"},
        1: {"models"},
        2: {"history", "standing", "stopped"},
        3: {"migrations", "rights", "pieces", "followup", "outbox", "reports"},
        4: {"ingest", "review", "assignment", "filing", "receivers", "attending", "reminding", "feeds"},
        5: {"progress", "marking", "intake", "watch"},
        6: {"bulk", "spreadsheets", "undoing", "rereading", "attending_many"},
        7: {"jobs"},
        8: {"tasks"},
        9: {"management", "admin", "api", "templatetags"},
        10: {"views"},  # a feed's filter is the API's
        11: {"urls", "apps"},
    },
}
# The parser knows nothing of Django; the tracker reaches the parser through one door; nobody reaches up to config.
OUTSIDE = {"clauses": {"tracker", "config", "django"}, "tracker": {"config"}}
THE_DOOR = "ingest"


def files(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*.py"))


def room(path: Path, package: str) -> str:
    """The file's or sub-package's name directly below the package."""
    return path.relative_to(ROOT / package).parts[0].removesuffix(".py")


def floor(package: str, name: str) -> int | None:
    return next((number for number, names in FLOORS[package].items() if name in names), None)


def imports(path: Path) -> Iterator[str]:
    """The dotted names that the file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = [".".join(path.relative_to(ROOT).parts[: -node.level])] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def faults(path: Path, package: str) -> list[str]:
    """What the file imports from its own package although it stands too high, or from a forbidden one."""
    mine = room(path, package)
    found = []
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top in OUTSIDE[package] or (top == "clauses" and package == "tracker" and mine != THE_DOOR):
            found.append(name)
        if top == package:
            other = rest.partition(".")[0]
            other = other if floor(package, other) is not None or (ROOT / package / other).exists() else "__init__"
            theirs = floor(package, other)
            if other != mine and (theirs is None or theirs >= (floor(package, mine) or 0)):
                found.append(name)
    return found


@pytest.mark.parametrize("package", FLOORS)
def test_every_file_stands_on_a_floor(package: str) -> None:
    homeless = {str(path.relative_to(ROOT)) for path in files(package) if floor(package, room(path, package)) is None}
    assert not homeless, f"give these a floor in {Path(__file__).name}: {homeless}"


@pytest.mark.parametrize("package", FLOORS)
def test_a_file_imports_only_from_lower_floors(package: str) -> None:
    wrong = {str(path.relative_to(ROOT)): found for path in files(package) if (found := faults(path, package))}
    assert not wrong


def test_a_file_that_reaches_up_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "clauses").mkdir()
    low = tmp_path / "clauses" / "nodes.py"
    low.write_text("from clauses.parse import parse\nimport django.db\nfrom .languages import words\n")
    assert faults(low, "clauses") == ["clauses.parse.parse", "django.db", "clauses.languages.words"]
