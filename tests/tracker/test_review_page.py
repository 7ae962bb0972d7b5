"""The review page: marks in place, decisions by form or by script, refusals that lose nothing, what a person draws."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.tracker import people
from tracker import marking, review, undoing
from tracker.ingest import ingest
from tracker.ingest.reasons import SENTENCES
from tracker.models import Commitment, ReviewStep, Text, Unit
from tracker.models.edits import RefusedError, StaleError
from tracker.models.vocabulary import Review

pytestmark = pytest.mark.django_db

BODY = (
    "Preamble.\n\n1. The Parties will open a school and will build a road by 2027.\n\n"
    "2. The Kazakh side will <b>supply</b> books\u202e and maps.\n\n3. They met in Astana."
)
OPEN, BUILD = "will open a school", "will build a road by 2027"
BOTH = f"{OPEN} and {BUILD}"


@pytest.fixture
def text() -> Text:
    return people.instrument(BODY)


@pytest.fixture
def aigerim() -> Client:
    """A desk officer of the Asia unit."""
    client = Client()
    client.force_login(people.person("aigerim"))
    return client


def _page(client: Client, text: Text) -> str:
    answer = client.get(reverse("review", args=[text.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def _post(client: Client, row: Commitment, act: str, *, script: bool = True, **fields: Any) -> Any:
    headers = {"X-Requested-With": "fetch"} if script else {}
    data = {"version": row.version, **fields}
    return client.post(reverse(f"review-{act}", args=[row.pk]), data, headers=headers)


def _amended(**fields: Any) -> dict[str, Any]:
    return {"force": "commitment", "obligors": "KAZ", **fields}


def test_every_commitment_is_marked_in_its_place_with_its_cue(aigerim: Client, text: Text) -> None:
    at = BODY.index(OPEN)
    row = people.commitment(text, OPEN, cue_start=at, cue_end=at + 4)
    page = _page(aigerim, text)
    assert f'<a class="mark commitment proposed" href="#n-{row.pk}" data-of="{row.pk}"' in page
    assert f'<span class=" cue" data-at="{at}">will</span>' in page
    assert "100% of the text accounted for" in page


def test_hostile_words_are_shown_and_never_run(aigerim: Client, text: Text) -> None:
    page = _page(aigerim, text)
    assert "&lt;b&gt;supply&lt;/b&gt;" in page
    assert '<span class="unseen" data-at=' in page
    assert "RIGHT-TO-LEFT OVERRIDE" in page


def test_the_offsets_of_the_page_are_those_of_the_text(aigerim: Client, text: Text) -> None:
    people.commitment(text, OPEN)
    for at, words in re.findall(r'data-at="(\d+)">([^<&]+)</span>', _page(aigerim, text)):
        assert BODY[int(at) : int(at) + len(words)] == words


def test_the_page_costs_the_same_however_many_commitments(aigerim: Client, django_assert_max_num_queries: Any) -> None:
    words = [f"will open line {number:03}" for number in range(60)]
    text = people.instrument("\n".join(words))
    for each in words:
        people.commitment(text, each, ("KAZ", "UZB"))
    _page(aigerim, text)
    with django_assert_max_num_queries(18):
        _page(aigerim, text)


@pytest.mark.parametrize(("act", "becomes"), [("confirm", Review.CONFIRMED), ("reject", Review.REJECTED)])
def test_a_reading_is_decided_by_script_and_the_page_stays(
    aigerim: Client, text: Text, act: str, becomes: Review
) -> None:
    row = people.commitment(text, OPEN)
    said = _post(aigerim, row, act).json()
    row.refresh_from_db()
    assert (row.review, said["review"], said["error"]) == (becomes, becomes, "")
    assert said["progress"] == {"decided": 1, "total": 1, "looks": 0}
    assert f'id="n-{row.pk}"' in said["card"]


def test_without_script_a_decision_leads_back_to_its_place(aigerim: Client, text: Text) -> None:
    row = people.commitment(text, OPEN)
    answer = _post(aigerim, row, "confirm", script=False)
    assert (answer.status_code, answer["Location"]) == (302, f"/texts/{text.pk}/review/#n-{row.pk}")


def test_a_correction_is_kept_with_its_sides(aigerim: Client, text: Text) -> None:
    row = people.commitment(text, OPEN)
    people.party("UZB")
    fields = _amended(obligors="kaz, uzb", force="obligation", due_on="2027-12-31", due_precision="year")
    assert _post(aigerim, row, "amend", **fields).status_code == 200
    row.refresh_from_db()
    assert (row.review, row.force, str(row.due_on), row.due_precision) == (
        Review.AMENDED,
        "obligation",
        "2027-12-31",
        "year",
    )
    assert [side.party.code for side in row.obligors.all()] == ["KAZ", "UZB"]


def test_an_unknown_party_is_refused_and_nothing_is_changed(aigerim: Client, text: Text) -> None:
    row = people.commitment(text, OPEN)
    answer = _post(aigerim, row, "amend", **_amended(obligors="XXX"))
    assert answer.status_code == 422
    assert "XXX" in answer.json()["error"]
    assert ReviewStep.objects.count() == 0


@pytest.mark.parametrize("script", [True, False])
def test_a_stale_correction_shows_both_versions_and_loses_nothing_typed(
    aigerim: Client, text: Text, script: bool
) -> None:
    row = people.commitment(text, OPEN)
    review.confirm(row.pk, by=people.person("dauren"), version=row.version, now=timezone.now())
    answer = _post(
        aigerim, row, "amend", script=script, seen_review="proposed", **_amended(due_text="by the spring fair")
    )
    assert answer.status_code == 409
    shown = answer.json()["card"] if script else answer.content.decode()
    assert "by the spring fair" in shown
    assert "<td>proposed</td><td>confirmed</td>" in shown
    assert 'name="version" value="2"' in shown
    row.refresh_from_db()
    assert row.due_text == ""


def test_words_that_were_missed_are_added(aigerim: Client, text: Text) -> None:
    start = BODY.index("will <b>")
    words = BODY[start : BODY.index(" and maps")]
    answer = aigerim.post(
        reverse("review-add", args=[text.pk]),
        {"start": start, "end": start + len(words), "words": words.replace("\u202e", "").replace("\n", " ")},
        headers={"X-Requested-With": "fetch"},
    )
    made = text.commitments.get()
    assert answer.json()["at"] == made.pk
    assert (made.quote, made.review, made.parser_version, made.counted) == (words, Review.CONFIRMED, "", True)
    assert [side.party.code for side in made.obligors.all()] == ["KAZ", "UZB"]


def test_without_script_words_copied_from_the_text_are_found(aigerim: Client, text: Text) -> None:
    answer = aigerim.post(reverse("review-add", args=[text.pk]), {"words": "will  open\na school"})
    assert answer.status_code == 302
    assert text.commitments.get().quote == OPEN


def test_words_that_do_not_stand_there_are_refused(aigerim: Client, text: Text) -> None:
    for fields in ({"words": "will open a bank"}, {"words": OPEN, "start": 1, "end": 9}, {"words": " "}):
        assert aigerim.post(reverse("review-add", args=[text.pk]), fields).status_code == 422
    assert not text.commitments.exists()


def test_one_becomes_two_and_two_become_one(text: Text) -> None:
    officer, now = people.person("aigerim"), timezone.now()
    row = people.commitment(text, BOTH, ("KAZ", "UZB"))
    first, second = marking.split(row.pk, at=BODY.index("will build"), by=officer, version=1, now=now)
    assert (first.pk, first.quote, second.quote) == (row.pk, f"{OPEN} and", BUILD)
    assert [side.party.code for side in second.obligors.all()] == ["KAZ", "UZB"]
    merged = marking.merge(
        first.pk, second.pk, by=officer, version=first.version, others_version=second.version, now=now
    )
    second.refresh_from_db()
    assert (merged.quote, second.review) == (BOTH, Review.REJECTED)
    # the part that was taken in may be drawn again
    again = marking.split(row.pk, at=BODY.index("will build"), by=officer, version=merged.version, now=now)
    assert again[1].pk == second.pk


@pytest.mark.parametrize("at", [0, BODY.index(OPEN), BODY.index(BUILD) + len(BUILD), len(BODY)])
def test_a_part_without_words_is_refused(text: Text, at: int) -> None:
    row = people.commitment(text, BOTH)
    with pytest.raises(RefusedError, match="between words"):
        marking.split(row.pk, at=at, by=people.person("aigerim"), version=1, now=timezone.now())


def test_a_merge_with_a_stale_second_is_refused(text: Text) -> None:
    officer, now = people.person("aigerim"), timezone.now()
    one, other = people.commitment(text, OPEN), people.commitment(text, BUILD)
    review.confirm(other.pk, by=officer, version=1, now=now)
    with pytest.raises(StaleError):
        marking.merge(one.pk, other.pk, by=officer, version=1, others_version=1, now=now)


def test_undo_restores_state_values_and_sides_step_by_step(text: Text) -> None:
    officer, now = people.person("aigerim"), timezone.now()
    row = people.commitment(text, OPEN)
    review.confirm(row.pk, by=officer, version=1, now=now)
    people.party("UZB")
    changes = {"force": "request", "obligors": ["UZB"], "due_text": "soon"}
    review.amend(row.pk, changes=changes, by=officer, version=2, now=now)
    back = undoing.undo(row.pk, by=officer, version=3, now=now)
    assert (back.review, back.force, back.due_text) == (Review.CONFIRMED, "commitment", "")
    assert [side.party.code for side in back.obligors.all()] == ["KAZ"]
    back = undoing.undo(row.pk, by=officer, version=4, now=now)
    row.refresh_from_db()
    assert (row.review, row.reviewed_by, row.reviewed_at, row.version) == (Review.PROPOSED, None, None, 5)
    with pytest.raises(RefusedError, match="nothing"):
        undoing.undo(row.pk, by=officer, version=5, now=now)


def test_undo_takes_a_split_a_merge_and_an_addition_back(text: Text) -> None:
    officer, now = people.person("aigerim"), timezone.now()
    row = people.commitment(text, BOTH)
    first, second = marking.split(row.pk, at=BODY.index("will build"), by=officer, version=1, now=now)
    whole = undoing.undo(first.pk, by=officer, version=first.version, now=now)
    second.refresh_from_db()
    assert (whole.quote, whole.review, second.review) == (BOTH, Review.PROPOSED, Review.REJECTED)
    start = BODY.index("They met")
    added = marking.add(text.pk, start=start, end=start + 8, words="They met", by=officer, now=now)
    assert undoing.undo(added.pk, by=officer, version=1, now=now).review == Review.REJECTED
    merged = marking.merge(
        whole.pk, added.pk, by=officer, version=whole.version, others_version=added.version + 1, now=now
    )
    back = undoing.undo(merged.pk, by=officer, version=merged.version, now=now)
    assert back.quote == BOTH


def test_undo_is_refused_where_something_else_happened_since(text: Text) -> None:
    officer, now = people.person("aigerim"), timezone.now()
    row = people.commitment(text, OPEN)
    review.confirm(row.pk, by=officer, version=1, now=now)
    Commitment.objects.filter(pk=row.pk).update(version=3)
    with pytest.raises(RefusedError, match="since"):
        undoing.undo(row.pk, by=officer, version=3, now=now)
    with pytest.raises(StaleError):
        undoing.undo(row.pk, by=officer, version=2, now=now)


def test_every_decision_is_on_record_with_who_and_from_what_to_what(text: Text) -> None:
    officer, now = people.person("aigerim"), timezone.now()
    row = people.commitment(text, OPEN)
    review.amend(row.pk, changes={"force": "request"}, by=officer, version=1, now=now)
    step = ReviewStep.objects.get()
    assert (step.act, step.by, step.version) == ("amended", officer, 2)
    assert (step.before["force"], step.after["force"], step.before["review"]) == ("commitment", "request", "proposed")


def test_readers_look_and_do_not_decide(text: Text) -> None:
    row = people.commitment(text, OPEN)
    reader = Client()
    reader.force_login(people.person("reader", "reader"))
    assert "Confirm" not in _page(reader, text)
    assert _post(reader, row, "confirm").status_code == 403
    assert reader.post(reverse("review-add", args=[text.pk]), {"words": OPEN}).status_code == 403
    assert reader.post(reverse("review-again", args=[text.pk])).status_code == 403
    row.refresh_from_db()
    assert row.review == Review.PROPOSED


def test_whose_commitment_it_is_may_decide_in_another_units_text(aigerim: Client) -> None:
    theirs = people.instrument(BODY, unit_code="europe")
    ours = people.commitment(theirs, OPEN, unit=people.unit("asia"))
    hidden = people.commitment(theirs, BUILD)
    page = _page(aigerim, theirs)
    assert (f"/commitments/{ours.pk}/review/confirm/" in page, f'id="n-{hidden.pk}"' in page) == (True, False)
    assert "/review/add/" not in page
    assert _post(aigerim, ours, "confirm").status_code == 200
    assert _post(aigerim, hidden, "confirm").status_code == 404


def test_another_units_text_is_not_there(aigerim: Client, text: Text) -> None:
    row = people.commitment(text, OPEN)
    text.instrument.unit = Unit.objects.create(code="europe", name_en="Europe")
    text.instrument.save()
    assert aigerim.get(reverse("review", args=[text.pk])).status_code == 404
    for act in ("confirm", "reject", "undo", "amend", "split", "merge"):
        assert _post(aigerim, row, act).status_code == 404
    assert aigerim.post(reverse("review-add", args=[text.pk]), {"words": OPEN}).status_code == 404


def test_strangers_sign_in_and_steps_take_a_post(client: Client, aigerim: Client, text: Text) -> None:
    row = people.commitment(text, OPEN)
    assert client.get(reverse("review", args=[text.pk])).status_code == 302
    assert _post(client, row, "confirm").status_code == 302
    assert aigerim.get(reverse("review-confirm", args=[row.pk])).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.person("dauren"))
    assert _post(strict, row, "confirm").status_code == 403


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_what_was_doubtful_in_reading_a_file_is_told_in_the_language_of_the_page(language: str) -> None:
    words = "Стороны договорились открыть школу в Астане до 1 мая 2027 года."
    text = ingest(words.encode("cp1251"), name="письмо.txt", now=timezone.now()).text
    client = Client()
    client.force_login(people.person("dana", language=language))
    with translation.override(language):
        doubt = str(SENTENCES["doubt_encoding"]) % {"encoding": "cp1251"}
    assert doubt in _page(client, text)
    assert doubt in client.get(reverse("instrument", args=[text.instrument_id])).content.decode()
