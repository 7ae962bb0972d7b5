"""Commitments go out as a spreadsheet and come back without loss; an import obeys the rules of every other step."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tracemalloc
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import Workbook, load_workbook

from tests.tracker import people
from tracker import spreadsheets
from tracker.models import Commitment, DeadlineStep, Note, StatusStep, Submission, Theme, Unit
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import Review, Status
from tracker.spreadsheets import writing
from tracker.spreadsheets.columns import rows

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def aigerim() -> User:
    """A desk officer of the Asia unit."""
    return people.person("aigerim")


@pytest.fixture
def made() -> Commitment:
    """A commitment of the Asia unit with a day that lies ahead."""
    text = people.instrument("1. Тараптар 2030 жылға дейін «Достық» мектебін ашады.", unit_code="asia")
    held = people.clause(text, "1", text.body)
    return people.commitment(
        text,
        "Тараптар 2030 жылға дейін «Достық» мектебін ашады",
        ("KAZ", "UZB"),
        clause=held,
        due_on=dt.date(2030, 12, 31),
        due_precision="year",
        due_text="2030 жылға дейін",
        addressees=("AZE",),
    )


def _csv(known: Any) -> bytes:
    return b"".join(spreadsheets.as_csv(known))


def _xlsx(known: Any) -> bytes:
    return b"".join(spreadsheets.as_xlsx(known))


def _sheet(*rows: dict[str, Any]) -> bytes:
    """A CSV file with these cells, as somebody else's program would write it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _tried(data: bytes, by: User) -> spreadsheets.Report:
    return spreadsheets.try_out(spreadsheets.read(data), by=by, now=NOW)


def _done(data: bytes, by: User) -> spreadsheets.Report:
    return spreadsheets.carry_out(_tried(data, by).orders, "sheet.csv", by=by, now=NOW)


def _row(made: Commitment, **cells: Any) -> dict[str, Any]:
    return {"id": made.pk, "version": made.version, **cells}


@pytest.mark.parametrize("write", [_csv, _xlsx])
def test_what_goes_out_comes_back_unchanged(write: Any, made: Commitment, aigerim: User) -> None:
    Theme.objects.create(code="roads", name_en="Roads").commitments.add(made)
    Note.objects.create(commitment=made, words="=HYPERLINK(1)\n- first\r\n- second", by=aigerim, at=NOW)
    Commitment.objects.filter(pk=made.pk).update(title="'=1+1; -2\t@x", due_text="\x01 _x0041_ \ufffe \u200b+7")
    report = _tried(write(Commitment.objects.all()), aigerim)
    assert (report.lines, report.unchanged, report.strange) == ((), 1, ())


def test_both_formats_hold_the_same_cells(aigerim: User) -> None:
    people.many(20)
    known = Commitment.objects.order_by("pk")
    assert spreadsheets.read(_csv(known)) == spreadsheets.read(_xlsx(known))


def test_days_are_days_in_xlsx_and_iso_8601_in_csv(made: Commitment) -> None:
    sheet = load_workbook(io.BytesIO(_xlsx(Commitment.objects.all())))["commitments"]
    names = [cell.value for cell in sheet[1]]
    due = sheet.cell(2, names.index("due_on") + 1)
    assert (due.is_date, due.value.date()) == (True, dt.date(2030, 12, 31))
    assert sheet.cell(2, names.index("words") + 1).value == made.quote
    data = _csv(Commitment.objects.all())
    assert data.startswith(b"\xef\xbb\xbf")
    assert '"2030-12-31"' in data.decode()
    assert "мектебін" in data.decode()


def test_the_second_sheet_tells_what_may_be_changed(made: Commitment) -> None:
    sheet = load_workbook(io.BytesIO(_xlsx(Commitment.objects.all())))["columns"]
    told = {row[0].value: row[2].value for row in sheet.iter_rows(min_row=2)}
    assert list(told) == [column.name for column in spreadsheets.COLUMNS]
    assert (told["title"], told["words"]) == ("may change it", "leaves it alone")


def test_every_writable_column_is_taken_by_its_step(made: Commitment, aigerim: User) -> None:
    Theme.objects.create(code="roads", name_en="Roads")
    cells = {
        "title": "Open the school",
        "force": "obligation",
        "due_text": "by 2030",
        "recurrence": "annual",
        "status": "in_progress",
        "status_on": "01.11.2025",
        "status_note": "The site was chosen.",
        "add_evidence": "https://example.org/site",
        "extend_to": "2031-06-30",
        "extend_reason": "The winter was long.",
        "themes": "roads",
        "unit": "asia",
        "officer": "aigerim",
        "add_note": "Ask Dauren.",
    }
    report = _done(_sheet(_row(made, **cells)), aigerim)
    assert [line.refusal for line in report.lines] == [""]
    made.refresh_from_db()
    assert (made.title, made.force, made.due_text, made.recurrence) == (
        "Open the school",
        "obligation",
        "by 2030",
        "annual",
    )
    assert (made.review, made.status, made.status_on) == (Review.AMENDED, Status.IN_PROGRESS, dt.date(2025, 11, 1))
    assert (made.due_on, made.unit.code, made.officer.user) == (dt.date(2031, 6, 30), "asia", aigerim)
    assert [theme.code for theme in made.themes.all()] == ["roads"]
    step = StatusStep.objects.get()
    assert (step.note, step.evidence, step.by) == ("The site was chosen.", "https://example.org/site", aigerim)
    assert DeadlineStep.objects.get().from_day == dt.date(2030, 12, 31)
    assert Note.objects.get().words == "Ask Dauren."


def test_who_must_act_is_corrected_by_codes(made: Commitment, aigerim: User) -> None:
    (line,) = _done(_sheet(_row(made, obligors="UZB,AZE", addressees="")), aigerim).lines
    assert line.refusal == ""
    assert [side.party.code for side in made.obligors.order_by("position")] == ["UZB", "AZE"]
    assert not made.addressees.exists()
    (line,) = _tried(_sheet({"id": made.pk, "version": 2, "obligors": "Nowhere"}), aigerim).lines
    assert "Nowhere" in line.refusal


def test_trying_out_tells_every_change_and_keeps_none(made: Commitment, aigerim: User) -> None:
    report = _tried(_sheet(_row(made, title="School", review="confirmed", words="other words", colour="red")), aigerim)
    (line,) = report.lines
    assert line.changes == (("title", made.title, "School"), ("review", "proposed", "confirmed"))
    assert (line.left, report.strange, line.refusal) == (("words",), ("colour",), "")
    made.refresh_from_db()
    assert (made.version, made.title, made.review) == (1, made.quote, Review.PROPOSED)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"due_on": "soon"}, "is no day"),
        ({"due_on": "2030-02-30"}, "is no day"),
        ({"status": "fulfilled", "status_note": "Done."}, "evidence"),
        ({"status": "in_progress"}, "note"),
        ({"status": "forgotten", "status_note": "x"}, "no status"),
        ({"status": "in_progress", "status_note": "x", "status_on": "2999-01-01"}, "lie ahead"),
        ({"status_on": "2025-01-01"}, "day of the status"),
        ({"add_evidence": "javascript:alert(1)", "status_note": "x"}, "web address"),
        ({"extend_to": "2031-01-01"}, "why"),
        ({"extend_to": "2029-01-01", "extend_reason": "x"}, "beyond"),
        ({"extend_reason": "x"}, "extend_to"),
        ({"review": "amended"}, "confirmed or rejected"),
        ({"force": "wish"}, "wish"),
        ({"title": " "}, "title"),
        ({"title": "a\0b"}, "can't be kept"),
        ({"awaiting_date": "perhaps"}, "true or false"),
        ({"themes": "nonsense"}, "nonsense"),
        ({"unit": "nowhere"}, "nowhere"),
        ({"officer": "nobody"}, "nobody"),
        ({"officer": "bolat", "unit": "asia"}, "not of this unit"),
        ({"version": "7", "title": "x"}, "you saw version 7"),
        ({"version": "", "title": "x"}, "changed meanwhile"),
        ({"id": "999999", "title": "x"}, "no such commitment"),
        ({"id": "one", "title": "x"}, "no such commitment"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_whole(
    made: Commitment, aigerim: User, cells: dict[str, str], why: str
) -> None:
    people.person("bolat", unit_code="europe")
    data = _sheet({**_row(made, add_note="A note of the same row."), **cells})
    (line,) = _tried(data, aigerim).lines
    assert why in line.refusal
    assert _done(data, aigerim).lines == ()
    made.refresh_from_db()
    assert (made.version, Note.objects.count(), StatusStep.objects.count()) == (1, 0, 0)


def test_rows_of_another_unit_are_refused_as_if_they_were_not_there(made: Commitment) -> None:
    bolat = people.person("bolat", unit_code="europe")
    (line,) = _tried(_sheet(_row(made, title="Mine now")), bolat).lines
    assert (line.refusal, line.title, line.commitment_id) == ("There is no such commitment.", "", None)


def test_who_may_only_look_changes_nothing(made: Commitment) -> None:
    saule = people.person("saule", "auditor", None)
    assert all(line.refusal for line in _tried(_sheet(_row(made, title="Mine now")), saule).lines)


def test_a_row_that_was_changed_since_the_trial_is_refused(made: Commitment, aigerim: User) -> None:
    report = _tried(_sheet(_row(made, title="School")), aigerim)
    Commitment.objects.filter(pk=made.pk).update(version=2)
    (line,) = spreadsheets.carry_out(report.orders, "sheet.csv", by=aigerim, now=NOW).lines
    assert "you saw version 1, it is now 2" in line.refusal


def test_one_refused_row_does_not_stop_the_others(aigerim: User) -> None:
    first, second, *_rest = people.many(10)
    report = _done(_sheet(_row(first, title=""), _row(second, title="Second")), aigerim)
    assert report.changed == 1
    second.refresh_from_db()
    assert second.title == "Second"


def test_a_commitment_that_is_in_the_file_twice_is_changed_once(made: Commitment, aigerim: User) -> None:
    report = _tried(_sheet(_row(made, title="One"), _row(made, title="Two")), aigerim)
    assert [line.refusal for line in report.lines] == ["", "This commitment is in row 2 already."]
    assert len(report.orders) == 1


def test_where_a_second_person_accepts_the_step_waits(made: Commitment, aigerim: User) -> None:
    Unit.objects.update(second_person=True)
    data = _sheet(_row(made, status="in_progress", status_note="Begun."))
    assert [line.waits for line in _tried(data, aigerim).lines] == [True]
    _done(data, aigerim)
    made.refresh_from_db()
    assert (made.status, Submission.objects.get().to_status) == (Status.NOT_STARTED, "in_progress")


def test_a_new_day_is_exact_unless_the_file_says_otherwise(aigerim: User) -> None:
    text = people.instrument("We will build a road.", unit_code="asia")
    made = people.commitment(text, "We will build a road")
    _done(_sheet(_row(made, due_on="2031-05-01")), aigerim)
    made.refresh_from_db()
    assert (made.due_on, made.due_precision) == (dt.date(2031, 5, 1), "day")
    _done(_sheet(_row(made, due_on="")), aigerim)
    made.refresh_from_db()
    assert (made.due_on, made.due_precision) == (None, "")


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_as_excel_saves_it(separator: str, encoding: str, made: Commitment, aigerim: User) -> None:
    lines = [["ID ", "Version", "title", ""], [str(made.pk), "1", "Мектеп; ашу, иә", ""], [], ["", "", "", ""]]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(lines)
    (line,) = _tried(out.getvalue().encode(encoding), aigerim).lines
    assert line.changes == (("title", made.title, "Мектеп; ашу, иә"),)


def test_numbers_days_and_yes_are_read_from_the_cells_of_xlsx(made: Commitment, aigerim: User) -> None:
    book = Workbook()
    book.active.append(["id", "version", "title", "starts_on", "awaiting_date"])
    book.active.append([float(made.pk), 1, 2027, dt.date(2026, 1, 5), False])
    file = io.BytesIO()
    book.save(file)
    (line,) = _tried(file.getvalue(), aigerim).lines
    assert line.changes == (("title", made.title, "2027"), ("starts_on", "", "2026-01-05"))


def test_a_formula_in_an_imported_cell_is_refused(made: Commitment, aigerim: User) -> None:
    book = Workbook()
    book.active.append(["id", "version", "title"])
    book.active.append([made.pk, 1, "=1+1"])
    file = io.BytesIO()
    book.save(file)
    (line,) = _tried(file.getvalue(), aigerim).lines
    assert "a formula in title" in line.refusal


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no column"),
        (b"title\nx\n", "no column"),
        (b"id,version,title,title\n1,1,a,b\n", "two columns"),
        ("id,version,title\n1,1,Школа\n".encode("cp1251"), "UTF-8"),
        (b'id,version\n1,"1\n', "no CSV"),
        (b"id,version\n" + b"1,1\n" * 5_001, "more than 5000"),
        (b"PK\x03\x04 and no more", "can't be read"),
        (_zip(nothing=b"here"), "can't be read"),
        (_zip(x=b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'), "can't be read"),
        (_zip(bomb=b"\0" * 160_000_000), "unpacked"),
        (b"x" * (spreadsheets.LARGEST + 1), "larger"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        spreadsheets.read(data)


@pytest.mark.parametrize("write", [_csv, _xlsx])
def test_an_export_asks_the_same_number_of_queries_for_each_chunk(
    write: Any, monkeypatch: pytest.MonkeyPatch, aigerim: User
) -> None:
    people.many(40, "asia")
    monkeypatch.setattr(writing, "CHUNK", 20)
    known = Commitment.objects.for_user(aigerim).order_by("pk")
    with CaptureQueriesContext(connection) as captured:
        write(known)
    # The keys; for each chunk: rows, obligors, addressees, themes, notes.
    assert len([each for each in captured if "SAVEPOINT" not in each["sql"]]) <= 1 + 5 * 2


def test_trying_out_rows_that_change_nothing_asks_a_constant_number_of_queries(aigerim: User) -> None:
    people.many(60, "asia")
    sheet = spreadsheets.read(_csv(Commitment.objects.all()))
    with CaptureQueriesContext(connection) as captured:
        assert spreadsheets.try_out(sheet, by=aigerim, now=NOW).unchanged == 60
    assert len(captured) <= 6


@pytest.mark.parametrize(("write", "least"), [(spreadsheets.as_csv, 3_000_000), (spreadsheets.as_xlsx, 100_000)])
def test_the_memory_of_an_export_is_that_of_a_chunk(
    write: Any, least: int, monkeypatch: pytest.MonkeyPatch, made: Commitment
) -> None:
    """As many rows as one likes: the pieces are taken one after another."""
    row = rows(Commitment.objects.all()).get()
    monkeypatch.setattr(writing, "_each", lambda *_: (row for _ in range(8_000)))
    monkeypatch.setattr(writing, "CHUNK", 100)
    tracemalloc.start()
    size = sum(len(piece) for piece in write(Commitment.objects.none()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > least
    assert peak < 2_000_000


@pytest.mark.parametrize("export", [_csv, _xlsx])
def test_why_this_date_is_told_in_the_persons_language_and_comes_back_in_any(
    aigerim: User, made: Commitment, export: Any
) -> None:
    Commitment.objects.update(due_why="in a year")
    with translation.override("ru"):
        data = export(Commitment.objects.filter(pk=made.pk))
    (row,) = spreadsheets.read(data).rows
    assert row.cells["due_why"] not in ("in a year", "")
    for language in ("en", "kk", "ru"):
        with translation.override(language):
            assert _tried(data, aigerim).unchanged == 1


def test_why_this_date_is_changed_by_no_import(aigerim: User, made: Commitment) -> None:
    row = {"id": made.pk, "version": made.version, "due_why": "because"}
    assert _tried(_sheet(row), aigerim).lines[0].left == ("due_why",)
