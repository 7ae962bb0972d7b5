"""How one knows: what counts as evidence, when it is needed, and that its bytes are kept as they came."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction

from tests.tracker.makers import NOW, TODAY, make_commitment, make_instrument, make_unit, make_user
from tracker import rights
from tracker.models import Commitment, Evidence, EvidenceFile, Relation, StatusStep
from tracker.models.vocabulary import JUDGED_STATUSES, Status
from tracker.progress import File, RefusedError, proof, record_status

pytestmark = pytest.mark.django_db

LINK = "https://www.gov.kz/news/1"
PDF = File("Акт приёмки.pdf", b"%PDF-1.7 signed")


def record(commitment: Commitment, to: str = Status.FULFILLED, **fields: Any) -> Commitment:
    said = {"on": TODAY, "note": "Opened.", "version": commitment.version, "now": NOW, "by": make_user(), **fields}
    return record_status(commitment.pk, to=to, **said)


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize("to", JUDGED_STATUSES)
def test_a_verdict_needs_evidence(to: Status) -> None:
    commitment = make_commitment()
    with pytest.raises(RefusedError, match="evidence"):
        record(commitment, to)
    assert record(commitment, to, evidence=LINK).status == to


def test_news_need_no_evidence_and_may_have_some() -> None:
    commitment = record(make_commitment(), Status.IN_PROGRESS)
    record(commitment, Status.IN_PROGRESS, evidence=[PDF])
    assert [step.proofs.count() for step in StatusStep.objects.order_by("pk")] == [0, 1]


def test_the_database_refuses_a_verdict_without_evidence() -> None:
    step = {"commitment": make_commitment(), "on": TODAY, "note": "-", "by": make_user(), "at": NOW}
    with transaction.atomic():
        StatusStep.objects.create(from_status="in_progress", to_status="fulfilled", **step)
        with pytest.raises(IntegrityError, match="statusstep_verdict_has_evidence"):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_a_file_is_kept_byte_by_byte_with_its_sum_size_and_kind() -> None:
    record(make_commitment(), evidence=PDF)
    proof_kept = Evidence.objects.get()
    kept = proof_kept.file
    assert kept is not None
    assert (bytes(kept.content), kept.sha256) == (PDF.data, hashlib.sha256(PDF.data).hexdigest())
    assert (kept.size, kept.media_type, proof_kept.file_name) == (len(PDF.data), "application/pdf", "Акт приёмки.pdf")


def test_the_same_file_twice_is_one_blob_with_two_uses() -> None:
    record(make_commitment(), evidence=PDF)
    record(make_commitment(), evidence=[File("copy.pdf", PDF.data), File("again.pdf", PDF.data), LINK, LINK])
    assert EvidenceFile.objects.get().uses.count() == 2
    assert list(Evidence.objects.values_list("file_name", "link")) == [(PDF.name, ""), ("copy.pdf", ""), ("", LINK)]


def test_the_first_link_is_what_lists_show() -> None:
    record(make_commitment(), evidence=[PDF, LINK])
    assert StatusStep.objects.get().evidence == LINK


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("javascript:alert(1)", "web address"),
        ("ftp://gov.kz/a", "web address"),
        ("https://gov.kz/" + "a" * 1000, "1,000 characters"),
        (File("empty.pdf", b""), "empty.pdf is empty"),
        ([LINK, "no address"], "web address"),
    ],
)
def test_what_is_no_evidence_is_refused_and_nothing_is_kept(given: proof.Given, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        record(make_commitment(), evidence=given)
    assert not StatusStep.objects.exists()
    assert not EvidenceFile.objects.exists()


def test_a_file_that_is_too_large_is_refused() -> None:
    with mock.patch.object(proof, "LARGEST_FILE", 4), pytest.raises(RefusedError, match="larger than"):
        record(make_commitment(), evidence=PDF)
    with pytest.raises(IntegrityError, match="evidencefile_size_is_kept_small"), transaction.atomic():
        _insert_file(b"x" * 25_000_001)


def test_the_database_refuses_bytes_that_are_not_those_of_the_sum() -> None:
    with pytest.raises(IntegrityError, match="evidencefile_sum_and_size_are_of_the_bytes"), transaction.atomic():
        _insert_file(b"forged", sum_of=b"true")
    record(make_commitment(), evidence=PDF)
    with pytest.raises(IntegrityError, match="evidencefile_sum_and_size_are_of_the_bytes"), transaction.atomic():
        EvidenceFile.objects.update(content=b"forged")


def _insert_file(data: bytes, sum_of: bytes | None = None) -> None:
    sha256 = hashlib.sha256(sum_of or data).hexdigest()
    EvidenceFile.objects.create(sha256=sha256, size=len(data), media_type="text/plain", content=data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("Хабарлама".encode(), "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"\xfe\xff", "application/octet-stream"),
        (b"PK\x03\x04 broken", "application/octet-stream"),
        (archive("[Content_Types].xml", "word/document.xml"), f"{proof._OFFICE}.wordprocessingml.document"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), f"{proof._OFFICE}.spreadsheetml.sheet"),
        (archive("holiday.jpg"), "application/zip"),
    ],
)
def test_a_file_is_what_its_content_says_whatever_its_name(data: bytes, kind: str) -> None:
    assert proof.media_type(data) == kind


def test_a_file_name_is_data_and_no_path() -> None:
    record(make_commitment(), evidence=[File("C:\\temp\\..\\акт\x00.pdf", b"%PDF-1"), File("../../", b"x")])
    names = list(Evidence.objects.values_list("file_name", flat=True))
    assert names[0] == "акт.pdf"
    assert "/" not in names[1]


def test_evidence_is_seen_by_those_who_see_the_commitment() -> None:
    desk, other = make_unit(), make_unit()
    officer = make_user(unit=desk)
    record(make_commitment(unit=desk), evidence=LINK, by=officer)
    assert rights.evidence(officer).count() == 1
    assert rights.evidence(make_user("auditor")).count() == 1
    assert rights.evidence(make_user("reader", unit=desk)).count() == 1
    assert rights.evidence(make_user(unit=other)).count() == 0


def test_superseded_names_what_took_its_place() -> None:
    commitment, newer = make_commitment(), make_commitment()
    with pytest.raises(RefusedError, match="superseded it"):
        record(commitment, Status.SUPERSEDED)
    with pytest.raises(RefusedError, match="its own place"):
        record(commitment, Status.SUPERSEDED, by_commitment=commitment)
    after = record(commitment, Status.SUPERSEDED, by_commitment=newer)
    assert after.status == Status.SUPERSEDED
    relation = Relation.objects.get()
    assert (relation.source, relation.kind, relation.target) == (newer, "supersedes", commitment)


def test_a_waiver_may_name_its_instrument_or_have_its_note_alone() -> None:
    treaty = make_instrument(title="Protocol of 2026")
    record(make_commitment(), Status.WAIVED, by_instrument=treaty)
    record(make_commitment(), Status.WAIVED, note="Let go at the joint commission, by word of mouth.")
    named = StatusStep.objects.order_by("pk").values_list("by_instrument__title", flat=True)
    assert list(named) == [treaty.title, None]


def test_what_the_person_may_not_know_of_is_no_cause() -> None:
    desk, other = make_unit(), make_unit()
    officer = make_user(unit=desk)
    with pytest.raises(RefusedError, match="no such commitment"):
        record(make_commitment(), Status.SUPERSEDED, by=officer, by_commitment=make_commitment(unit=other))
    with pytest.raises(RefusedError, match="no such instrument"):
        record(make_commitment(), Status.SUPERSEDED, by=officer, by_instrument=make_instrument(unit=other))


def test_the_database_holds_what_superseded_means() -> None:
    commitment = make_commitment()
    step = {"commitment": commitment, "from_status": "in_progress", "to_status": "superseded", "on": TODAY, "note": "-"}
    with pytest.raises(IntegrityError, match="statusstep_superseded_by_something"), transaction.atomic():
        StatusStep.objects.create(by=make_user(), at=NOW, **step)
    with pytest.raises(IntegrityError, match="statusstep_not_by_itself"), transaction.atomic():
        StatusStep.objects.create(by=make_user(), at=NOW, by_commitment=commitment, **step)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({}, "evidence_is_a_file_or_a_link"),
        ({"file_name": "a.pdf"}, "evidence_is_a_file_or_a_link"),
        ({"link": LINK, "file_name": "a.pdf"}, "evidence_is_a_file_or_a_link"),
        ({"link": "javascript:alert(1)"}, "evidence_link_is_a_web_address"),
        ({"link": LINK, "step": None}, "evidence_bears_something_out"),
    ],
)
def test_evidence_that_can_not_be_is_refused(fields: dict[str, Any], constraint: str) -> None:
    record(make_commitment(), Status.IN_PROGRESS)
    with pytest.raises(IntegrityError, match=constraint):
        Evidence.objects.create(**{"step": StatusStep.objects.get(), **fields})


def test_a_day_is_still_asked() -> None:
    with pytest.raises(RefusedError, match="lie ahead"):
        record(make_commitment(), evidence=LINK, on=TODAY + dt.timedelta(days=1))
