"""A reading that breaks off, by whatever kill, is begun anew soon; what breaks every reading is stopped and says so."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection

from clauses import UnreadableError
from tests.tracker.at_once import in_threads
from tests.tracker.makers import NOW, make_user
from tests.tracker.readings import reading
from tracker import ingest, intake
from tracker.ingest import holding
from tracker.models import Text, Upload
from tracker.models.uploads import ATTEMPTS, LEASE, MOST_ATTEMPTS, UploadEnding, UploadState

pytestmark = pytest.mark.django_db


def bring(data: bytes = b"words", **fields: Any) -> Upload:
    return intake.bring(data, "statement.txt", **{"by": fields.pop("by", None) or make_user(), "now": NOW, **fields})


def read(upload: Upload) -> Upload:
    intake.read(upload.pk, now=NOW)
    upload.refresh_from_db()
    return upload


def _dsn() -> dict[str, Any]:
    """Where this test's database is, for a session that is not Django's."""
    wanted = ("dbname", "user", "password", "host", "port")
    return {name: value for name, value in connection.get_connection_params().items() if name in wanted}


def begun(upload: Upload, times: int = 1, at: dt.datetime = NOW) -> Upload:
    """An upload that so many readers have begun; each was killed."""
    for _reader in range(times):
        upload = intake._claim(upload.pk, at, alone=True) or upload
    return upload


def test_an_upload_whose_reader_was_killed_is_read_again_at_the_next_ring(parsed: Any) -> None:
    upload = begun(bring())
    assert intake.waiting() == [upload.pk]
    read(upload)
    assert (upload.state, upload.attempts) == (UploadState.DONE, 2)


def test_a_reader_that_lives_keeps_its_upload_until_its_lease_is_over(parsed: Any) -> None:
    upload = begun(bring())
    assert intake._claim(upload.pk, NOW + LEASE, alone=False) is None
    assert intake._claim(upload.pk, NOW + LEASE + dt.timedelta(seconds=1), alone=False)
    assert intake._claim(upload.pk, NOW + LEASE + dt.timedelta(seconds=1), alone=False) is None


def test_an_upload_that_kills_its_readers_is_stopped(parsed: Any) -> None:
    officer = make_user()
    upload = read(begun(bring(by=officer), ATTEMPTS))
    assert upload.state == UploadState.FAILED
    assert "3" in upload.error
    assert upload.fault == {"code": "broke_off", "values": {"n": 3}}
    assert intake.waiting() == []
    intake.retry(upload.pk, by=officer, now=NOW)
    assert read(upload).state == UploadState.DONE


def test_where_readers_of_other_documents_are_killed_too_none_is_given_up_soon(parsed: Any) -> None:
    one, other = (begun(bring(data), ATTEMPTS) for data in (b"one", b"other"))
    assert read(one).state == UploadState.DONE
    begun(other, MOST_ATTEMPTS - ATTEMPTS)
    assert (read(other).state, other.fault) == (UploadState.FAILED, {"code": "broke_off", "values": {"n": 10}})


def test_trouble_of_long_ago_does_not_speak_for_a_document(parsed: Any) -> None:
    read(begun(bring(b"long ago"), 2, NOW - LEASE * 2))
    Upload.objects.update(started_at=NOW - LEASE * 2)
    assert read(begun(bring(), ATTEMPTS)).state == UploadState.FAILED


def test_a_document_that_was_stopped_does_not_speak_for_another(parsed: Any) -> None:
    read(begun(bring(b"one"), ATTEMPTS))
    assert read(begun(bring(b"other"), ATTEMPTS)).state == UploadState.FAILED


def test_a_parser_that_was_killed_from_outside_is_asked_again(parsed: Any) -> None:
    parsed(UnreadableError("breaks_reader", name="statement.txt"))
    upload = read(bring())
    assert (upload.state, upload.error, intake.waiting()) == (UploadState.READING, "", [upload.pk])
    parsed(reading())
    assert read(upload).state == UploadState.DONE


def test_a_document_that_breaks_the_parser_each_time_is_stopped_and_says_so(parsed: Any) -> None:
    parsed(UnreadableError("breaks_reader", name="statement.txt"))
    upload = bring()
    for _reader in range(ATTEMPTS):
        assert upload.state != UploadState.FAILED
        read(upload)
    assert upload.state == UploadState.FAILED
    assert "its reader broke down over it" in upload.error


@pytest.mark.parametrize(
    ("error", "state"), [(OperationalError, UploadState.READING), (IntegrityError, UploadState.FAILED)]
)
def test_a_database_that_is_ill_is_no_fault_of_the_document(
    parsed: Any, monkeypatch: pytest.MonkeyPatch, error: type[Exception], state: UploadState
) -> None:
    monkeypatch.setattr(ingest, "store", mock.Mock(side_effect=error("the server went away")))
    upload = read(bring())
    assert (upload.state, Text.objects.count()) == (state, 0)


def test_a_reader_that_comes_back_late_stores_nothing(parsed: Any) -> None:
    upload = bring()
    late = begun(upload)
    begun(upload, at=NOW + LEASE * 2)
    found = ingest.examine(b"words", "statement.txt")
    assert intake._take_in(late, found, NOW) is None
    assert not Text.objects.exists()


def test_a_reader_of_before_an_answer_is_not_the_one_that_counts_after_it(parsed: Any) -> None:
    upload = bring()
    late = begun(upload)
    Upload.objects.update(state=UploadState.WAITING, attempts=0)
    begun(upload, at=NOW + LEASE)
    assert not intake._still_ours(late)


@pytest.mark.django_db(transaction=True)
def test_of_two_readers_one_reads(parsed: Any) -> None:
    upload, reads = bring(), []
    slow = ingest.examine

    def examine(*arguments: Any, **named: Any) -> Any:
        reads.append(1)
        time.sleep(0.3)
        return slow(*arguments, **named)

    with mock.patch.object(ingest, "examine", examine):
        came_of_it = in_threads([lambda: intake.read(upload.pk, now=NOW)] * 4)
    assert [each for each in came_of_it if each is not None] == [upload]
    assert (len(reads), Upload.objects.get().attempts, Text.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_reader_holds_its_upload_as_long_as_its_session_lives(parsed: Any) -> None:
    upload = begun(bring())
    with psycopg.connect(**_dsn(), autocommit=True) as reader:
        reader.execute("SELECT pg_advisory_lock(%s::int, %s::int)", [holding._READING, upload.pk])
        assert intake.read(upload.pk, now=NOW) is None
    until = time.monotonic() + 30  # the session ends a moment after its client
    while read(upload).state != UploadState.DONE and time.monotonic() < until:
        time.sleep(0.01)
    assert upload.state == UploadState.DONE


@pytest.mark.django_db(transaction=True)
def test_bytes_that_came_many_times_at_once_are_read_once_and_the_others_find_them(parsed: Any) -> None:
    uploads = [bring() for _upload in range(5)]
    with mock.patch.object(ingest, "examine", side_effect=ingest.examine) as examined:
        for upload in uploads:
            read(upload)
    assert examined.call_count == 1
    assert [upload.ending for upload in uploads] == [UploadEnding.STORED] + [UploadEnding.KNOWN] * 4
