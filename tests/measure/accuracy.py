"""How well the parser reads the hand-labelled documents in ../shared/gold: `bin/bench accuracy [--keep]`.

Prints the figures by language, for the halves of the documents, for the documents that we wrote and had labelled by
readers who did not know the parser ("own", `tests/clauses/labelled`), and what was gained and lost since
`accuracy.json` was kept. That file holds figures and hashes of the labelled commitments that were found, never the
documents' words. `--keep` writes it anew.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from clauses import parse
from clauses.printing import as_data

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
GOLD = SHARED / "gold"
OWN = ROOT / "tests" / "clauses" / "labelled"
KEPT = Path(__file__).with_name("accuracy.json")

# rows of the scorer's report that are held, by the name they have there; the last figure of a row counts
HELD = (
    "commitments found (P R F1)",
    "whole record right (P R F1)",
    "force right, of the matched",
    "obligors right, of the matched",
    "recurrence right, of the matched",
    "due right, of those dated",
    "clauses, exact bounds (P R F1)",
    "document language",
    "document kind",
    "document signed_on",
    "document parties",
)


@dataclass
class Measured:
    """Figures by group ("all", "en", "even" …) and, by hash, the words of each labelled commitment that was found."""

    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    matched: dict[str, str] = field(default_factory=dict)
    labelled: dict[str, str] = field(default_factory=dict)


def measure() -> Measured:
    """Parse every labelled document once and score it."""
    score = _scorer()
    tallies: dict[str, Counter[str]] = {}
    measured = Measured()
    for index, path in enumerate(sorted((GOLD / "dev").glob("*.json"))):
        gold, tally = _read(score, path, SHARED, measured)
        for group in ("all", gold["language"], "odd" if index % 2 else "even"):
            tallies.setdefault(group, Counter()).update(tally)
    for path in sorted(OWN.glob("*.json")):
        _, tally = _read(score, path, OWN, measured)
        tallies.setdefault("own", Counter()).update(tally)
    for group, tally in tallies.items():
        rows = score.report(tally)
        measured.figures[group] = {row: round(rows[row][-1], 4) for row in HELD if row in rows}
    measured.figures["all"]["articles of treaties"] = _structure()
    measured.figures["all"]["deadline cases"] = _deadlines()
    return measured


def _read(score: ModuleType, path: Path, root: Path, measured: Measured) -> tuple[dict[str, Any], Counter[str]]:
    """The labels of a document and how its reading scores against them."""
    gold = json.loads(path.read_text("utf-8"))
    source = root / gold["file"]
    guess = as_data(parse(source.read_bytes(), name=source.name))
    document = score.squeeze(source.read_text("utf-8"))
    tally, _ = score.score_document(gold, guess, document)
    _note_matches(score, gold, guess, document, measured)
    return gold, tally


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _note_matches(
    score: ModuleType, gold: dict[str, Any], guess: dict[str, Any], document: str, measured: Measured
) -> None:
    wanted = score.spans(document, [row["quote"] for row in gold["commitments"]])
    found = score.spans(document, [row["text"] for row in guess["commitments"]])
    hit = {index for index, _ in score.pair(wanted, found)}
    for index, row in enumerate(gold["commitments"]):
        key = hashlib.sha256(f"{gold['slug']}|{wanted[index]}|{row['quote']}".encode()).hexdigest()[:16]
        measured.labelled[key] = f"{gold['slug']}: {row['quote'][:90]}"
        if index in hit:
            measured.matched[key] = measured.labelled[key]


def _structure() -> float:
    printed = _run("score_structure.py", "{python} -m clauses parse {{file}} --format json", "structure")
    return _ratio(re.search(r"articles right \d+/\d+ = ([\d.]+)", printed))


def _deadlines() -> float:
    command = "{python} -m clauses parse --format jsonl --signed-on {{signed_on}} {{files}}"
    printed = _run("score_deadlines.py", command, "deadlines/dev.jsonl")
    return _ratio(re.search(r"all \d+/\d+ = ([\d.]+)", printed))


def _run(scorer: str, command: str, gold: str) -> str:
    command = command.format(python=sys.executable)
    ran = subprocess.run(
        [sys.executable, str(GOLD / scorer), "--run", command, gold],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return ran.stdout


def _ratio(found: re.Match[str] | None) -> float:
    assert found is not None, "the scorer printed no figure"
    return float(found[1])


def kept() -> dict[str, Any]:
    """The figures and hashes committed with the project."""
    data: dict[str, Any] = json.loads(KEPT.read_text("utf-8"))
    return data


def dropped(measured: Measured, before: dict[str, Any]) -> list[str]:
    """A line for each held figure that is lower than it was; groups "even" and "odd" are for looking at only."""
    return [
        f"{group}: {row} was {was:.4f}, is {measured.figures.get(group, {}).get(row, 0.0):.4f}"
        for group, rows in before["figures"].items()
        if group not in ("even", "odd")
        for row, was in rows.items()
        if measured.figures.get(group, {}).get(row, 0.0) < was - 1e-9
    ]


def changed(measured: Measured, before: dict[str, Any]) -> list[str]:
    """The labelled commitments gained and lost since the figures were kept."""
    was = set(before["matched"])
    gained = [f"+ {words}" for key, words in measured.matched.items() if key not in was]
    lost = [f"- {words}" for key, words in measured.labelled.items() if key in was and key not in measured.matched]
    return gained + lost


def main() -> int:
    """Print the figures, then what changed; write them down with --keep."""
    ask = argparse.ArgumentParser(prog="bin/bench accuracy", description=__doc__)
    ask.add_argument("--keep", action="store_true", help="write accuracy.json anew")
    asked = ask.parse_args()
    if not GOLD.is_dir():
        print("skipped: ../shared not here")
        return 0
    measured = measure()
    groups = sorted(measured.figures, key=["all", "en", "ru", "kk", "even", "odd", "own"].index)
    print(f"{'':34}" + "".join(f"{group:>8}" for group in groups))
    for row in measured.figures["all"]:
        cells = [measured.figures[group].get(row) for group in groups]
        print(f"{row:34}" + "".join(f"{'':>8}" if cell is None else f"{cell:8.3f}" for cell in cells))
    if KEPT.is_file():
        print("\n".join(changed(measured, kept())))
    if asked.keep:
        data = {"figures": measured.figures, "matched": sorted(measured.matched)}
        KEPT.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
