"""`python -m clauses parse` works without Django, a database or settings, and says what it could not read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPECIMENS = ROOT / "tracker" / "samples"
STATEMENT = SPECIMENS / "specimen-statement-en.txt"


def clauses(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clauses", "parse", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_json_holds_the_facts_and_every_span_is_sliced_from_the_text() -> None:
    ran = clauses(str(STATEMENT), "--format", "json")
    document = json.loads(ran.stdout)
    assert (document["language"], document["kind"]) == ("en", "joint_statement")
    assert (document["signed_on"], document["signed_at"]) == ("2025-05-14", "Almaty")
    assert document["parties"] == ["KAZ", "GEO"]
    for row in document["clauses"] + document["commitments"] + document["deadlines"]:
        assert row["text"] == document["text"][row["start"] : row["end"]]
    assert all(row["why"] for row in document["commitments"])


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_three_versions_of_the_specimen_make_the_same_dated_promises(language: str) -> None:
    document = json.loads(clauses(str(SPECIMENS / f"specimen-statement-{language}.txt"), "--format", "json").stdout)
    due = {row["due"] for row in document["commitments"] if row["due"]}
    # English "before" ends the day before; a programme still to be drafted sets no time by its own years
    assert due == {"2026-03-01", "2026-12-31", "2025-09-30" if language == "en" else "2025-10-01", "2025-07-13"}


def test_what_was_doubtful_in_reading_is_printed_in_every_format(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("Стороны откроют консульство в Алматы до 1 мая 2026 года.".encode("cp1251"))
    warning = "The encoding is not stated; it was read as cp1251."
    assert json.loads(clauses("--format", "json", str(file)).stdout)["warnings"] == [warning]
    for form in ("table", "explain"):
        assert f"! {warning}\n" in clauses("--format", form, str(file)).stdout


def test_jsonl_has_a_line_for_every_file_in_order(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    ran = clauses("--format", "jsonl", str(empty), str(STATEMENT))
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert lines[0] is None
    assert lines[1]["language"] == "en"


def test_a_file_that_cannot_be_read_is_named_and_does_not_stop_the_others(tmp_path: Path) -> None:
    ran = clauses(str(tmp_path / "missing.txt"), str(STATEMENT))
    assert ran.returncode == 1
    assert "missing.txt" in ran.stderr
    assert "commitments in" in ran.stdout


def test_the_day_of_signature_is_taken_from_the_caller_where_the_text_has_none(tmp_path: Path) -> None:
    file = tmp_path / "undated.txt"
    file.write_text("Kazakhstan and Georgia will open a consulate within two years.")
    assert json.loads(clauses("--format", "json", str(file)).stdout)["deadlines"][0]["due"] is None
    dated = clauses("--format", "json", "--signed-on", "2024-02-29", str(file))
    assert json.loads(dated.stdout)["deadlines"][0]["due"] == "2026-02-28"


def test_a_day_that_is_none_is_refused_with_the_form_it_wants() -> None:
    ran = clauses("--signed-on", "31.05.2024", str(STATEMENT))
    assert ran.returncode == 2
    assert "2024-05-31" in ran.stderr
