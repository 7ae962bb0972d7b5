"""The commands that people and `bin/run` type."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.tracker.makers import make_commitment
from tests.tracker.readings import reading
from tracker.ingest import reading as reading_step
from tracker.models import FollowUp, Instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(parsed: Any, tmp_path: Path) -> Path:
    """A file in which the parser finds what `reading()` holds."""
    path = tmp_path / "statement.txt"
    path.write_text("A statement.", "utf-8")
    return path


def run(*arguments: str | Path) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_ingest_prints_the_commitments_found(statement: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    printed = run("ingest", statement)
    assert "joint statement · en · KAZ, GEO · Almaty, 2025-05-14\n" in printed
    assert "1       commitment  KAZ, GEO  2026-12-31  The Parties will open a trade house b\n" in printed
    assert "3 commitments, 100% of the text accounted for" in printed


def test_the_table_fits_the_terminal(statement: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    rows = [line for line in run("ingest", statement).splitlines() if "KAZ, GEO  " in line]
    assert max(map(len, rows)) == 70
    assert rows[0].endswith("…")


def test_ingest_says_so_when_the_bytes_are_known(statement: Path) -> None:
    run("ingest", statement)
    assert "already known, as instrument" in run("ingest", statement)
    assert Instrument.objects.count() == 1


def test_a_file_that_can_not_be_read_does_not_stop_the_others(statement: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.txt").write_bytes(b"\xff\xfe\xfd\x00\x81")
    err, files = StringIO(), [tmp_path / "broken.txt", tmp_path / "none.txt", statement]
    with pytest.raises(CommandError, match="2 files could not be read") as error:
        call_command("ingest", *map(str, files), stdout=StringIO(), stderr=err)
    assert error.value.returncode == 1
    assert "broken.txt" in err.getvalue()
    assert "none.txt: No such file or directory" in err.getvalue()
    assert Instrument.objects.count() == 1


def test_the_day_of_signature_can_be_given_and_must_be_a_day(statement: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="is no day"):
        run("ingest", statement, "--signed-on", "yesterday")
    monkeypatch.setattr(reading_step, "parse", lambda *_, signed_on, **__: reading(signed_on=signed_on))
    run("ingest", statement, "--signed-on", "2019-06-03")
    assert str(Instrument.objects.get().signed_on) == "2019-06-03"


def test_sweep_prints_what_it_raised_and_cleared_by_reason() -> None:
    make_commitment(due_on="2020-03-01", read_on="2020-01-01", made_on="2020-01-01")
    assert run("sweep") == "Follow-ups raised: 2 (overdue 1, review waiting 1)\nFollow-ups cleared: 0\n"
    assert run("sweep") == "Follow-ups raised: 0\nFollow-ups cleared: 0\n"
    assert FollowUp.objects.count() == 2
