"""Reading a text again loses nothing that a person decided, and says beforehand what it gains, loses and moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from clauses import nodes
from tests.tracker import people
from tests.tracker.makers import NOW, TODAY, make_followup, make_unit, make_user
from tests.tracker.readings import commitment, reading
from tracker import ingest, intake, marking, rereading, review, undoing
from tracker.models import Clause, Commitment, Rereading, SecondLook, Text, Upload
from tracker.models.edits import ForbiddenError, RefusedError
from tracker.models.uploads import UploadState
from tracker.models.vocabulary import Reason, Review
from tracker.rereading import Plan, matching

pytestmark = pytest.mark.django_db

BODY = (
    "Joint Statement. 1. The Parties will open a trade house in Baku by 2030. 2. The Parties will build a bridge. "
    "(a) Georgia will host the forum of the regions. 2026."
)
HOUSE, BRIDGE, FORUM = (
    "The Parties will open a trade house in Baku by 2030",
    "The Parties will build a bridge",
    "Georgia will host the forum of the regions",
)
Use = Callable[[Any], None]


def found_in(body: str, *quotes: str, **fields: Any) -> nodes.Instrument:
    """A reading of a body with these commitments."""
    spans = [(body.index(quote), body.index(quote) + len(quote)) for quote in quotes]
    whole = reading(body) if "1." in body and "2." in body and "(a)" in body else replace(reading(), text=body)
    return replace(
        whole,
        clauses=(nodes.Clause("1", "1", None, nodes.Role.OPERATIVE, 0, len(body)),),
        sentences=(nodes.Sentence(0, len(body), 0, nodes.Act.COMMITMENT),),
        deadlines=(),
        commitments=tuple(commitment(start, end, 0, **fields) for start, end in spans),
    )


@pytest.fixture
def text(parsed: Use) -> Text:
    """A text with two commitments, the house and the bridge."""
    parsed(found_in(BODY, HOUSE, BRIDGE))
    return ingest.ingest(b"press copy", "press.txt", now=NOW).text


def again(text: Text, parsed: Use, found: nodes.Instrument, data: bytes = b"press copy") -> Plan:
    """The plan of reading the same bytes (or better ones) as this."""
    parsed(found)
    return rereading.plan(text, ingest.examine(data, "again.txt"), today=TODAY)


def row(text: Text, quote: str) -> Commitment:
    return next(each for each in Commitment.objects.filter(text=text) if each.quote == quote)


def confirmed(text: Text, quote: str) -> Commitment:
    held = row(text, quote)
    return review.confirm(held.pk, by=make_user(), version=held.version, now=NOW)


def counts(plan: Plan) -> dict[str, int]:
    return {fate: number for fate, number in plan.counts.items() if number}


def test_the_same_reading_keeps_everything(text: Text, parsed: Use) -> None:
    before = list(Commitment.objects.order_by("pk").values("pk", "start", "end", "version", "force", "read_on"))
    plan = again(text, parsed, found_in(BODY, HOUSE, BRIDGE))
    assert counts(plan) == {"kept": 2}
    rereading.apply(plan, now=NOW + dt.timedelta(days=9))
    assert list(Commitment.objects.order_by("pk").values(*before[0])) == before
    assert Clause.objects.filter(text=text).count() == 1
    assert all(each.clause_id for each in Commitment.objects.all())


def test_a_plan_saves_nothing(text: Text, parsed: Use) -> None:
    before = list(Commitment.objects.values())
    again(text, parsed, found_in(BODY, FORUM))
    assert list(Commitment.objects.values()) == before
    assert not Rereading.objects.exists()


def test_what_is_new_is_gained_and_what_nobody_had_decided_goes(text: Text, parsed: Use) -> None:
    plan = again(text, parsed, found_in(BODY, HOUSE, FORUM))
    assert counts(plan) == {"kept": 1, "gained": 1, "lost": 1}
    done = rereading.apply(plan, now=NOW)
    assert {each.quote for each in text.commitments.all()} == {HOUSE, FORUM}
    assert done.what["lost"][0]["before"] == BRIDGE
    assert (done.kept, done.gained, done.lost, SecondLook.objects.count()) == (1, 1, 1, 0)
    assert [side.party.code for side in row(text, FORUM).obligors.all()] == ["KAZ", "GEO"]


def test_what_nobody_decided_follows_the_new_reading(text: Text, parsed: Use) -> None:
    held = row(text, BRIDGE)
    better = found_in(BODY, HOUSE, BRIDGE, force=nodes.Force.INTENTION, obligors=("GEO",))
    rereading.apply(again(text, parsed, better), now=NOW)
    held.refresh_from_db()
    assert (held.force, held.version) == ("intention", 2)
    assert [side.party.code for side in held.obligors.all()] == ["GEO"]


def test_what_was_decided_keeps_its_values_and_its_id(text: Text, parsed: Use) -> None:
    held, officer = row(text, BRIDGE), make_user()
    review.amend(held.pk, changes={"force": "request"}, by=officer, version=1, now=NOW)
    other = found_in(BODY, HOUSE, BRIDGE, force=nodes.Force.OBLIGATION, obligors=("GEO",))
    rereading.apply(again(text, parsed, other), now=NOW)
    held.refresh_from_db()
    assert (held.force, held.review, held.reviewed_by, held.version) == ("request", Review.AMENDED, officer, 2)
    assert [side.party.code for side in held.obligors.all()] == ["KAZ", "GEO"]
    undoing.undo(held.pk, by=officer, version=2, now=NOW)  # and can still be taken back


def test_a_rejected_finding_does_not_come_back(text: Text, parsed: Use) -> None:
    held = row(text, BRIDGE)
    review.reject(held.pk, by=make_user(), version=1, now=NOW)
    longer = found_in(BODY, HOUSE, BRIDGE + ". (a)")
    plan = again(text, parsed, longer)
    assert counts(plan) == {"kept": 2}
    rereading.apply(plan, now=NOW)
    assert Commitment.objects.count() == 2
    held.refresh_from_db()
    assert (held.review, held.quote) == (Review.REJECTED, BRIDGE)


def test_where_a_person_drew_the_line_it_stays(text: Text, parsed: Use) -> None:
    held = row(text, HOUSE)
    marking.split(held.pk, at=BODY.index("in Baku"), by=make_user(), version=1, now=NOW)
    rereading.apply(again(text, parsed, found_in(BODY, HOUSE, BRIDGE)), now=NOW)
    assert {each.quote for each in text.commitments.all()} == {
        "The Parties will open a trade house",
        "in Baku by 2030",
        BRIDGE,
    }


def test_what_a_person_found_the_parser_need_not_find(text: Text, parsed: Use) -> None:
    start = BODY.index(FORUM)
    made = marking.add(text.pk, start=start, end=start + len(FORUM), words=FORUM, by=make_user(), now=NOW)
    rereading.apply(again(text, parsed, found_in(BODY, HOUSE, BRIDGE)), now=NOW)
    made.refresh_from_db()
    assert (made.quote, made.version, SecondLook.objects.count()) == (FORUM, 1, 0)


def test_a_confirmed_one_that_is_not_found_again_stays_and_is_marked_once(text: Text, parsed: Use) -> None:
    held = confirmed(text, BRIDGE)
    rereading.apply(again(text, parsed, found_in(BODY, HOUSE)), now=NOW)
    held.refresh_from_db()
    look = SecondLook.objects.get()
    assert (held.review, held.quote, look.commitment, look.reason) == (Review.CONFIRMED, BRIDGE, held, "lost")
    officer = make_user()
    review.confirm(held.pk, by=officer, version=held.version, now=NOW)
    look.refresh_from_db()
    assert (look.settled_by, look.settled_at) == (officer, NOW)
    rereading.apply(again(text, parsed, found_in(BODY, HOUSE)), now=NOW)
    assert SecondLook.objects.count() == 1


def test_confirming_after_a_second_look_is_taken_back_with_the_look(text: Text, parsed: Use) -> None:
    held, officer = confirmed(text, BRIDGE), make_user()
    rereading.apply(again(text, parsed, found_in(BODY, HOUSE)), now=NOW)
    held.refresh_from_db()
    looked = review.confirm(held.pk, by=officer, version=held.version, now=NOW)
    back = undoing.undo(held.pk, by=officer, version=looked.version, now=NOW)
    assert back.review == Review.CONFIRMED
    assert SecondLook.objects.open().count() == 1


BETTER = "Declaration.\n\n" + BODY.replace("will build a bridge", "will build a new bridge").replace(" ", "  ")
BETTER_HOUSE, BETTER_BRIDGE = (HOUSE.replace(" ", "  "), "The  Parties  will  build  a  new  bridge")


def test_a_better_text_takes_over_what_stands_in_it(text: Text, parsed: Use) -> None:
    house, bridge = confirmed(text, HOUSE), confirmed(text, BRIDGE)
    plan = again(text, parsed, found_in(BETTER, BETTER_HOUSE, BETTER_BRIDGE), b"signed copy")
    assert counts(plan) == {"moved": 1, "changed": 1}
    done = rereading.apply(plan, now=NOW, by=make_user(), standing_of_text="authentic")
    new = done.text
    text.refresh_from_db()
    assert (text.current, text.leading, new.current, new.leading) == (False, False, True, True)
    assert (new.standing, bytes(new.source.content), done.replaced) == ("authentic", b"signed copy", text)
    house.refresh_from_db()
    bridge.refresh_from_db()
    assert (house.text, house.counted, house.quote, house.review) == (new, True, BETTER_HOUSE, Review.CONFIRMED)
    assert (bridge.text, bridge.quote, bridge.review) == (new, BETTER_BRIDGE, Review.CONFIRMED)
    look = SecondLook.objects.get()
    assert (look.commitment, look.reason, look.words_before) == (bridge, "changed", BRIDGE)


def test_what_was_decided_and_has_no_place_in_a_better_text_stays_with_the_old_one(text: Text, parsed: Use) -> None:
    bridge = confirmed(text, BRIDGE)
    make_followup(bridge, Reason.QUIET)
    shorter = BODY.replace(BRIDGE, "They talked")
    done = rereading.apply(again(text, parsed, found_in(shorter, HOUSE), b"signed copy"), now=NOW)
    bridge.refresh_from_db()
    assert (bridge.text, bridge.counted, bridge.review) == (text, False, Review.CONFIRMED)
    assert SecondLook.objects.get().reason == "lost"
    client = Client()
    client.force_login(people.person("aigerim"))
    assert BRIDGE in client.get(reverse("review", args=[done.text_id])).content.decode()


def test_another_language_is_no_better_text(text: Text, parsed: Use) -> None:
    plan = again(text, parsed, replace(found_in(BETTER, BETTER_HOUSE), language="ru"), b"russian")
    with pytest.raises(RefusedError, match="another language"):
        rereading.apply(plan, now=NOW)


def test_a_new_reader_that_loses_decided_words_is_refused(text: Text, parsed: Use) -> None:
    confirmed(text, BRIDGE)
    plan = again(text, parsed, found_in(BODY.replace(BRIDGE, "They talked"), HOUSE))
    with pytest.raises(RefusedError, match="no place"):
        rereading.apply(plan, now=NOW)
    text.refresh_from_db()
    assert text.body == BODY


def test_a_plan_that_is_stale_is_refused(text: Text, parsed: Use) -> None:
    plan = again(text, parsed, found_in(BODY, FORUM))
    confirmed(text, BRIDGE)
    with pytest.raises(RefusedError, match="changed since"):
        rereading.apply(plan, now=NOW)
    assert Commitment.objects.count() == 2


def test_a_plan_is_applied_once(text: Text, parsed: Use) -> None:
    plan = again(text, parsed, found_in(BODY, HOUSE, FORUM))
    rereading.apply(plan, now=NOW)
    with pytest.raises(RefusedError, match="changed since"):
        rereading.apply(plan, now=NOW + dt.timedelta(seconds=1))


def test_only_those_who_may_review_read_again(text: Text, parsed: Use) -> None:
    text.instrument.unit = make_unit()
    text.instrument.save()
    for user in (make_user("reader"), make_user("auditor"), make_user(unit=make_unit())):
        with pytest.raises(ForbiddenError):
            intake.read_again(text, by=user, now=NOW)
        with pytest.raises(ForbiddenError):
            rereading.apply(again(text, parsed, found_in(BODY, FORUM)), now=NOW, by=user)


def test_spans_that_change_places_are_stored(text: Text, parsed: Use) -> None:
    swapped = BODY.replace(HOUSE, "#").replace(BRIDGE, HOUSE).replace("#", BRIDGE)
    house = row(text, HOUSE)
    plan = again(text, parsed, found_in(swapped, HOUSE, BRIDGE))
    rereading.apply(plan, now=NOW)
    house.refresh_from_db()
    assert (house.quote, counts(plan)) == (HOUSE, {"moved": 2})


@pytest.mark.parametrize("number", [2, 120])
def test_it_costs_the_same_however_many_commitments(
    parsed: Use, number: int, django_assert_max_num_queries: Any
) -> None:
    quotes = [f"The Parties will open line number {each:03} of the corridor" for each in range(number)]
    body = ". ".join(quotes)
    parsed(found_in(body, *quotes))
    held = ingest.ingest(b"lines", "lines.txt", now=NOW).text
    found = found_in("Once more. " + body.replace("open", "build"), *[each.replace("open", "build") for each in quotes])
    plan = again(held, parsed, found, b"lines")
    with django_assert_max_num_queries(45):
        rereading.apply(plan, now=NOW)
    assert held.commitments.count() == number


def test_wordings_are_alike_from_the_stated_ratio_on() -> None:
    one = matching.Wording(0, 9, "will open a trade house in Baku")
    near, far = "will open a large trade house in Ganja", "will close the old border post"
    pairs = list(matching.alike([one], [matching.Wording(0, 9, far), matching.Wording(0, 9, near)]))
    assert pairs == [(0, 1)]


# The pages and the command


@pytest.fixture
def aigerim() -> Client:
    client = Client()
    client.force_login(people.person("aigerim"))
    return client


def _asked_again(client: Client, text: Text, parsed: Use, found: nodes.Instrument) -> tuple[Upload, str]:
    parsed(found)
    answer = client.post(reverse("review-again", args=[text.pk]))
    upload = Upload.objects.get()
    assert answer["Location"] == reverse("reading-again", args=[upload.pk])
    intake.read(upload.pk, now=NOW)
    return upload, answer["Location"]


def test_the_page_shows_what_would_change_and_saves_it_when_told(aigerim: Client, text: Text, parsed: Use) -> None:
    _upload, address = _asked_again(aigerim, text, parsed, found_in(BODY, HOUSE, FORUM))
    page = aigerim.get(address)
    assert f'<ins lang="en">{FORUM}</ins>' in page.content.decode()
    assert f'<del lang="en">{BRIDGE}</del>' in page.content.decode()
    assert Commitment.objects.filter(start=BODY.index(FORUM)).count() == 0
    answer = aigerim.post(address, {"fingerprint": page.context["plan"].fingerprint})
    assert answer["Location"] == reverse("review", args=[text.pk])
    assert Commitment.objects.filter(start=BODY.index(FORUM)).count() == 1
    assert Upload.objects.get().state == UploadState.DONE


def test_the_page_refuses_what_it_did_not_show(aigerim: Client, text: Text, parsed: Use) -> None:
    _upload, address = _asked_again(aigerim, text, parsed, found_in(BODY, HOUSE, FORUM))
    seen = aigerim.get(address).context["plan"].fingerprint
    confirmed(text, BRIDGE)
    answer = aigerim.post(address, {"fingerprint": seen})
    assert answer.status_code == 409
    assert "Something was changed" in answer.content.decode()
    assert Commitment.objects.count() == 2


def test_the_reading_may_be_kept_as_it_is(aigerim: Client, text: Text, parsed: Use) -> None:
    _upload, address = _asked_again(aigerim, text, parsed, found_in(BODY, FORUM))
    aigerim.post(address, {"choice": "keep"})
    assert (Upload.objects.get().state, Commitment.objects.count()) == (UploadState.DONE, 2)


def test_the_command_tells_and_with_apply_does(text: Text, parsed: Use) -> None:
    parsed(found_in(BODY, HOUSE, FORUM))
    out = StringIO()
    call_command("reread", stdout=out)
    assert f"[1/1] {text.pk}: 1 kept, 0 moved, 0 changed, 1 gained, 1 lost" in out.getvalue()
    assert row(text, BRIDGE)
    call_command("reread", "--text", str(text.pk), "--apply", stdout=out)
    assert row(text, FORUM)
    with pytest.raises(CommandError, match="no current text 999"):
        call_command("reread", "--text", "999", stdout=out)


def test_the_command_goes_on_after_a_text_that_is_refused(text: Text, parsed: Use) -> None:
    parsed(found_in(BETTER, BETTER_HOUSE))
    ingest.ingest(b"another", "another.txt", now=NOW)
    confirmed(text, BRIDGE)
    parsed(found_in(BODY.replace(BRIDGE, "They talked"), HOUSE))
    out, errors = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 text"):
        call_command("reread", "--apply", stdout=out, stderr=errors)
    assert "no place" in errors.getvalue()
    assert "[2/2]" in out.getvalue()
