"""What people bring in is kept at once, read once, and never lost, whatever happens to a worker or a message."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clauses import UnreadableError
from tests.tracker import people
from tests.tracker.makers import NOW, make_instrument, make_unit, make_user
from tests.tracker.readings import ENGLISH, reading
from tracker import intake, tasks
from tracker.intake import Choice
from tracker.models import Commitment, Instrument, Text, Upload
from tracker.models.edits import ForbiddenError, RefusedError
from tracker.models.uploads import UploadEnding, UploadState
from tracker.models.vocabulary import TextStanding
from tracker.templatetags.told import why_not

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rung() -> Iterator[list[int]]:
    """The doorbells that were rung; nobody answers."""
    heard: list[int] = []
    bell = mock.Mock(side_effect=tasks.read_upload.run)
    bell.apply_async = lambda ids, **_: heard.append(*ids)
    with mock.patch.object(tasks, "read_upload", bell):
        yield heard


def bring(data: bytes = b"words", name: str = "statement.txt", **fields: Any) -> Upload:
    return intake.bring(data, name, **{"by": fields.pop("by", None) or make_user(), "now": NOW, **fields})


def read(upload: Upload) -> Upload:
    intake.read(upload.pk, now=NOW)
    upload.refresh_from_db()
    return upload


def test_an_upload_is_kept_and_becomes_an_instrument(parsed: Any) -> None:
    officer = make_user()
    upload = bring(by=officer, standing=TextStanding.AUTHENTIC)
    assert (upload.state, bytes(upload.content or b""), Instrument.objects.count()) == ("waiting", b"words", 0)
    read(upload)
    text = Text.objects.get()
    assert (upload.state, upload.ending, upload.text) == (UploadState.DONE, UploadEnding.STORED, text)
    assert (text.standing, text.read_by, bytes(text.source.content)) == (TextStanding.AUTHENTIC, officer, b"words")
    assert upload.content is None  # the text holds them


def test_the_same_bytes_lead_to_the_instrument_that_is_there(parsed: Any) -> None:
    first = read(bring())
    again = bring(name="renamed.txt")
    assert (again.state, again.ending, again.text) == (UploadState.DONE, UploadEnding.KNOWN, first.text)
    assert Text.objects.count() == 1


def test_the_same_words_in_other_bytes_ask(parsed: Any) -> None:
    first = read(bring())
    again = read(bring(b"other bytes"))
    assert (again.state, again.text, again.reading is not None) == (UploadState.ASKS, first.text, True)
    assert Text.objects.count() == 1


def test_whoever_is_asked_may_keep_what_is_there(parsed: Any) -> None:
    first, officer = read(bring()), make_user()
    asks = read(bring(b"other bytes", by=officer))
    intake.answer(asks.pk, Choice.KEEP, by=officer, now=NOW)
    asks.refresh_from_db()
    assert (asks.state, asks.ending, asks.text) == (UploadState.DONE, UploadEnding.KEPT, first.text)
    assert bytes(asks.content or b"") == b"other bytes"


def test_whoever_is_asked_may_store_an_instrument_of_its_own(parsed: Any) -> None:
    first, officer = read(bring()), make_user()
    asks = read(bring(b"other bytes", by=officer))
    intake.answer(asks.pk, Choice.APART, by=officer, now=NOW)
    asks = read(asks)
    assert asks.ending == UploadEnding.STORED
    assert asks.text != first.text
    assert Instrument.objects.count() == 2


def test_whoever_is_asked_may_replace_the_text_and_sees_first_what_changes(parsed: Any) -> None:
    first, officer = read(bring()), make_user()
    asks = read(bring(b"other bytes", by=officer))
    intake.answer(asks.pk, Choice.REPLACE, by=officer, now=NOW)
    asks.refresh_from_db()
    assert (asks.state, asks.replaces) == (UploadState.ASKS, first.text)
    with pytest.raises(RefusedError, match="can't be answered"):
        intake.answer(asks.pk, Choice.APART, by=officer, now=NOW)


def test_another_text_of_an_instrument_is_attached_to_it(parsed: Any) -> None:
    instrument = make_instrument()
    upload = read(bring(instrument=instrument))
    assert (upload.ending, upload.text and upload.text.instrument) == (UploadEnding.ATTACHED, instrument)


def test_what_can_not_be_read_says_why_and_may_be_tried_again(parsed: Any) -> None:
    officer = make_user()
    parsed(UnreadableError("ocr_missing", page=1))
    upload = read(bring(by=officer, name="scan.pdf"))
    assert upload.state == UploadState.FAILED
    assert "Install tesseract" in upload.error
    parsed(reading())
    intake.retry(upload.pk, by=officer, now=NOW)
    assert (read(upload).state, upload.error, upload.fault) == (UploadState.DONE, "", None)


def test_errors_are_told_in_the_language_of_the_interface(parsed: Any) -> None:
    parsed(RuntimeError("deep"))
    with translation.override("ru"):
        upload = bring()
    assert "Сообщите" in read(upload).error


def test_why_not_is_kept_so_that_each_reader_is_told_in_their_language(parsed: Any) -> None:
    parsed(UnreadableError("pdf_pages", most=500))
    with translation.override("ru"):
        upload = read(bring())
    assert upload.fault == {"code": "pdf_pages", "values": {"most": 500}}
    with translation.override("en"):
        assert why_not(upload) == "The PDF has more than 500 pages. Give only the document itself."
    with translation.override("ru"):
        assert why_not(upload) == upload.error


def test_why_not_of_an_upload_from_before_is_shown_as_it_was_told(parsed: Any) -> None:
    parsed(UnreadableError("pdf_damaged"))
    upload = read(bring())
    Upload.objects.update(fault=None, error="Le PDF est abîmé.")
    upload.refresh_from_db()
    assert why_not(upload) == "Le PDF est abîmé."


def test_only_what_failed_is_tried_again(parsed: Any) -> None:
    officer = make_user()
    upload = read(bring(by=officer))
    with pytest.raises(RefusedError, match="done"):
        intake.retry(upload.pk, by=officer, now=NOW)


def test_a_file_too_large_is_refused_and_not_kept() -> None:
    with mock.patch.object(intake, "LARGEST", 10), pytest.raises(RefusedError, match="larger than"):
        bring(b"x" * 11)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_those_who_only_look_bring_nothing_in(role: str) -> None:
    with pytest.raises(ForbiddenError):
        bring(by=make_user(role))


def test_nobody_brings_in_a_text_of_another_units_instrument() -> None:
    theirs = make_instrument(unit=make_unit())
    with pytest.raises(ForbiddenError):
        bring(instrument=theirs, by=make_user(unit=make_unit()))


def test_uploads_are_seen_by_their_author_the_unit_and_those_who_see_all() -> None:
    unit = make_unit()
    author, colleague = make_user(unit=unit), make_user(unit=unit)
    upload = bring(by=author)
    for user, sees in (
        (author, True),
        (colleague, True),
        (make_user(unit=make_unit()), False),
        (make_user("auditor"), True),
        (make_user("reader", unit=unit), False),
    ):
        assert (upload in intake.uploads(user)) is sees, user
    with pytest.raises(RefusedError, match="no such upload"):
        intake.retry(upload.pk, by=make_user(unit=make_unit()), now=NOW)


def test_a_lost_message_loses_nothing(parsed: Any, rung: list[int]) -> None:
    upload = bring()
    assert rung == []
    tasks.sweep()
    assert rung == [upload.pk]
    tasks.read_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE


def test_a_doubled_message_does_nothing_twice(parsed: Any) -> None:
    upload = bring()
    tasks.read_upload(upload.pk)
    tasks.read_upload(upload.pk)
    assert (Instrument.objects.count(), Upload.objects.get().attempts) == (1, 1)


def test_a_broker_that_is_away_does_not_stop_anybody(parsed: Any) -> None:
    from kombu.exceptions import OperationalError

    with mock.patch.object(tasks, "read_upload", mock.Mock(**{"apply_async.side_effect": OperationalError})):
        tasks.ring([1, 2])


# The page


def _signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def aigerim() -> Client:
    """A desk officer of the Asia unit."""
    return _signed_in(people.person("aigerim"))


def _add(client: Client, *files: SimpleUploadedFile, query: str = "", **fields: str) -> Any:
    return client.post(reverse("admin:tracker_instrument_add") + query, {"documents": list(files), **fields})


def _page(client: Client) -> str:
    return str(client.get(reverse("admin:tracker_instrument_add")).content.decode())


def test_several_files_and_a_pasted_text_are_brought_in_at_once(aigerim: Client, rung: list[int]) -> None:
    answer = _add(
        aigerim,
        SimpleUploadedFile("one.txt", b"one"),
        SimpleUploadedFile("two.txt", b"two"),
        pasted=" Біз ашамыз.\n",
        called="Мәлімдеме",
    )
    assert answer.status_code == 302
    kept = list(Upload.objects.order_by("pk").values_list("name", "content"))
    assert [(name, bytes(content)) for name, content in kept] == [
        ("one.txt", b"one"),
        ("two.txt", b"two"),
        ("Мәлімдеме", " Біз ашамыз.\n".encode()),
    ]
    assert len(rung) == 3
    assert "3 documents are being read" in _page(aigerim)


def test_a_form_without_a_document_is_sent_back(aigerim: Client) -> None:
    answer = _add(aigerim)
    assert (answer.status_code, Upload.objects.count()) == (422, 0)


def test_a_file_too_large_is_named_and_the_others_are_kept(aigerim: Client) -> None:
    with mock.patch.object(intake, "LARGEST", 10):
        answer = _add(aigerim, SimpleUploadedFile("big.txt", b"x" * 11), SimpleUploadedFile("small.txt", b"x"))
    assert answer.status_code == 422
    assert "big.txt" in answer.context["refused"][0]
    assert Upload.objects.get().name == "small.txt"


def test_the_page_tells_what_came_of_it_and_offers_what_can_be_done(aigerim: Client, parsed: Any) -> None:
    _add(aigerim, SimpleUploadedFile("one.txt", b"one"))
    tasks.read_upload(Upload.objects.get().pk)
    _add(aigerim, SimpleUploadedFile("two.txt", b"two"))
    tasks.read_upload(Upload.objects.latest("pk").pk)
    parsed(UnreadableError("part_damaged", part="<b>.xml"))
    _add(aigerim, SimpleUploadedFile("three.txt", b"three"))
    tasks.read_upload(Upload.objects.latest("pk").pk)
    page = _page(aigerim)
    assert "stored as a new instrument" in page
    assert "Store as an instrument of its own" in page
    assert "Retry" in page
    assert "A part of the document is damaged (&lt;b&gt;.xml)" in page
    assert 'data-moving="0"' in page


def test_the_buttons_of_the_page_take_the_steps(aigerim: Client, parsed: Any, rung: list[int]) -> None:
    parsed(UnreadableError("pdf_damaged"))
    _add(aigerim, SimpleUploadedFile("one.txt", b"one"))
    upload = Upload.objects.get()
    tasks.read_upload(upload.pk)
    retry = reverse("admin:tracker_upload_retry", args=[upload.pk])
    assert aigerim.get(retry).status_code == 405
    assert aigerim.post(retry).status_code == 302
    upload.refresh_from_db()
    assert (upload.state, rung[-1]) == (UploadState.WAITING, upload.pk)
    answer = reverse("admin:tracker_upload_answer", args=[upload.pk])
    assert aigerim.post(answer, {"choice": "burn"}).status_code == 404


def test_a_text_of_another_unit_is_told_to_be_here_and_no_more(aigerim: Client) -> None:
    hidden = people.instrument("We will sing.", unit_code="europe")
    data = bytes(hidden.source.content)
    Text.objects.filter(pk=hidden.pk).update(sha256=intake.hashlib.sha256(data).hexdigest())
    _add(aigerim, SimpleUploadedFile("known.txt", data))
    page = _page(aigerim)
    assert "with another unit" in page
    assert hidden.instrument.title not in page


def test_a_better_text_is_asked_for_by_the_address(aigerim: Client) -> None:
    text = people.instrument("We will sing.")
    _add(aigerim, SimpleUploadedFile("better.txt", b"better"), query=f"?replaces={text.pk}")
    assert Upload.objects.get().replaces == text
    hidden = people.instrument("We will dance.", unit_code="europe")
    assert aigerim.get(reverse("admin:tracker_instrument_add") + f"?replaces={hidden.pk}").status_code == 404


def test_readers_bring_nothing_in() -> None:
    reader = _signed_in(people.person("reader", "reader"))
    assert reader.get(reverse("admin:tracker_instrument_add")).status_code == 403
    assert _add(reader, SimpleUploadedFile("a.txt", b"We will sing.")).status_code == 403


def test_the_list_of_uploads_costs_the_same_however_long(aigerim: Client, django_assert_max_num_queries: Any) -> None:
    officer = people.person("author")
    for number in range(60):
        bring(str(number).encode(), by=officer)
    for address in (reverse("admin:tracker_upload_changelist"), reverse("admin:tracker_instrument_add")):
        aigerim.get(address)
        with django_assert_max_num_queries(12):
            assert aigerim.get(address).status_code == 200


def test_a_real_statement_becomes_an_instrument(aigerim: Client) -> None:
    body = (
        "Joint Statement of the Republic of Kazakhstan and the Republic of Uzbekistan\n\n"
        "1. The Parties will open a school in Tashkent by the end of 2027.\n\n"
        "2. The Kazakh side undertakes to supply the books before 1 October 2027.\n\n"
        "Done at Astana on 5 May 2026.\n"
    )
    _add(aigerim, pasted=body, called="Statement")
    tasks.read_upload(Upload.objects.get().pk)
    assert Commitment.objects.filter(counted=True).count() >= 1


def test_what_was_read_is_packed_and_unpacked_whole(parsed: Any) -> None:
    found = intake.ingest.examine(b"words", "statement.txt")
    assert found.parsed.text == ENGLISH
    assert intake.ingest.unpack(intake.ingest.pack(found), b"words") == found


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_reads_what_no_message_announced(celery_processes: Any) -> None:
    upload = bring(b"1. The Republic of Kazakhstan and Georgia will open a direct air service by the end of 2026.")
    celery_processes(beat_seconds=1)
    until = time.monotonic() + 90
    while time.monotonic() < until and upload.state != UploadState.DONE:
        time.sleep(0.2)
        upload.refresh_from_db()
    assert (upload.state, upload.attempts, upload.error) == (UploadState.DONE, 1, "")
    assert Commitment.objects.get().quote.startswith("The Republic of Kazakhstan and Georgia will open")
