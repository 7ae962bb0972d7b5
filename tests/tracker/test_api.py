"""The API: what it tells, to whom, and what it refuses."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from tests.tracker import people
from tracker.models import Commitment, Escalation, Evidence, FollowUp, FollowUpComment, StatusStep
from tracker.models.days import ministry_day
from tracker.models.vocabulary import Force, Review, Status

pytestmark = pytest.mark.django_db

COMMITMENTS = "/api/v1/commitments/"


class Caller:
    """Somebody with a token."""

    def __init__(self, user) -> None:
        _, token = AuthToken.objects.create(user)
        self.headers = {"Authorization": f"Token {token}"}

    def get(self, address: str, **filters):
        """GET with the token; lists repeat a parameter."""
        return Client().get(address, filters, headers=self.headers)


@pytest.fixture
def aigerim() -> Caller:
    """A desk officer of the Asia unit."""
    return Caller(people.person("aigerim"))


def _some():
    text = people.instrument(
        "KAZ will open a school. UZB shall build a road. Both intend to plant trees. They invite AZE."
    )
    school = people.commitment(text, "KAZ will open a school", ("KAZ",), due_on=dt.date(2024, 12, 31))
    road = people.commitment(
        text, "UZB shall build a road", ("UZB",), force=Force.OBLIGATION, due_on=dt.date(2099, 6, 30)
    )
    trees = people.commitment(
        text,
        "Both intend to plant trees",
        ("KAZ", "UZB"),
        force=Force.INTENTION,
        status=Status.FULFILLED,
        status_on=dt.date(2025, 5, 5),
    )
    invited = people.commitment(
        text, "They invite AZE", ("KAZ",), force=Force.REQUEST, addressees=("AZE",), awaiting_date=True
    )
    return text, school, road, trees, invited


def _ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_without_a_token_nothing_is_told(client: Client) -> None:
    for address in (COMMITMENTS, "/api/v1/instruments/", "/api/v1/follow-ups/", "/api/v1/parties/"):
        assert client.get(address).status_code == 401


def test_a_session_opens_no_api(client: Client) -> None:
    client.force_login(people.person("aigerim"))
    assert client.get(COMMITMENTS).status_code == 401


def test_a_name_and_a_password_give_a_token_and_logging_out_ends_it(client: Client) -> None:
    people.person("aigerim")
    secret = base64.b64encode(f"aigerim:{people.PASSWORD}".encode()).decode()
    answer = client.post("/api/v1/login/", headers={"Authorization": f"Basic {secret}"})
    assert set(answer.json()) == {"token", "expiry"}
    headers = {"Authorization": f"Token {answer.json()['token']}"}
    assert client.get(COMMITMENTS, headers=headers).status_code == 200
    assert client.post("/api/v1/logout/", headers=headers).status_code == 204
    assert client.get(COMMITMENTS, headers=headers).status_code == 401


def test_a_wrong_password_gives_no_token(client: Client) -> None:
    people.person("aigerim")
    secret = base64.b64encode(b"aigerim:wrong").decode()
    assert client.post("/api/v1/login/", headers={"Authorization": f"Basic {secret}"}).status_code == 401


def test_a_deactivated_user_has_no_token(aigerim: Caller) -> None:
    user = AuthToken.objects.get().user
    user.is_active = False
    user.save()
    assert aigerim.get(COMMITMENTS).status_code == 401


def test_a_commitment_is_told_with_its_words_its_parties_and_its_day(aigerim: Caller) -> None:
    text, school, *_ = _some()
    row = next(row for row in aigerim.get(COMMITMENTS).json()["results"] if row["id"] == school.pk)
    assert row["quote"] == "KAZ will open a school" == text.body[row["start"] : row["end"]]
    assert row["obligors"] == [{"party": "KAZ", "status": "not_started"}]
    assert (row["due_on"], row["due_precision"], row["overdue"]) == ("2024-12-31", "day", True)
    assert (row["force"], row["status"], row["review"]) == ("commitment", "not_started", "proposed")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"party": "AZE"}, [3]),
        ({"party": "KAZ"}, [0, 2, 3]),
        ({"obligor": "UZB"}, [1, 2]),
        ({"obligor": "AZE"}, []),
        ({"force": "obligation"}, [1]),
        ({"force": ["obligation", "request"]}, [1, 3]),
        ({"status": "fulfilled"}, [2]),
        ({"review": "proposed"}, [0, 1, 2, 3]),
        ({"review": "confirmed"}, []),
        ({"due_after": "2024-12-31"}, [0, 1]),
        ({"due_after": "2025-01-01"}, [1]),
        ({"due_before": "2024-12-31"}, [0]),
        ({"overdue": "true"}, [0]),
        ({"overdue": "false"}, [1, 2, 3]),
        ({"party": "KAZ", "force": "request"}, [3]),
    ],
)
def test_each_filter_keeps_what_it_names(aigerim: Caller, filters: dict, expected: list[int]) -> None:
    _, *made = _some()
    assert _ids(aigerim.get(COMMITMENTS, **filters)) == [made[n].pk for n in expected]


def test_an_instrument_filters_its_own(aigerim: Caller) -> None:
    text, *made = _some()
    people.commitment(people.instrument("We will sing."), "We will sing")
    assert _ids(aigerim.get(COMMITMENTS, instrument=text.instrument_id)) == [each.pk for each in made]


@pytest.mark.parametrize(
    ("filters", "remedy"),
    [
        ({"party": "ATLANTIS"}, "/api/v1/parties/"),
        ({"status": "done"}, "not_started"),
        ({"review": "accepted"}, "confirmed"),
        ({"force": "strong"}, "obligation"),
        ({"due_after": "next week"}, "YYYY-MM-DD"),
        ({"due_before": "31/12/2024"}, "YYYY-MM-DD"),
        ({"overdue": "perhaps"}, "true or false"),
        ({"ordering": "colour"}, "due_on"),
        ({"instrument": "abc"}, "number"),
        ({"instrument": "99999999999999999999999"}, "less than"),
        ({"statsu": "fulfilled"}, "status"),
    ],
)
def test_what_a_filter_does_not_know_is_refused_with_the_remedy(aigerim: Caller, filters: dict, remedy: str) -> None:
    _some()
    answer = aigerim.get(COMMITMENTS, **filters)
    assert answer.status_code == 400
    assert remedy in str(answer.json())


def test_rejected_readings_are_told_only_when_asked_for(aigerim: Caller) -> None:
    text = people.instrument("We will sing.")
    user = people.person("dauren")
    made = people.commitment(text, "We will sing", review=Review.REJECTED, reviewed_by=user, reviewed_at=timezone.now())
    assert _ids(aigerim.get(COMMITMENTS)) == []
    assert _ids(aigerim.get(COMMITMENTS, review="rejected")) == [made.pk]


def test_the_order_can_be_asked_for(aigerim: Caller) -> None:
    _, school, road, *_ = _some()
    assert _ids(aigerim.get(COMMITMENTS, ordering="-due_on", due_after="2000-01-01")) == [road.pk, school.pk]


def test_pages_hold_what_is_asked_for(aigerim: Caller) -> None:
    people.many(30)
    answer = aigerim.get(COMMITMENTS, page_size=7).json()
    assert (answer["count"], len(answer["results"])) == (30, 7)
    assert "page=2" in answer["next"]


def test_notes_and_names_of_staff_stay_inside(aigerim: Caller) -> None:
    _, school, *_ = _some()
    dauren = people.person("dauren")
    step = StatusStep.objects.create(
        commitment=school,
        from_status="not_started",
        to_status="in_progress",
        on=dt.date(2025, 1, 1),
        note="told us over dinner",
        by=dauren,
        at=timezone.now(),
    )
    Evidence.objects.create(step=step, link="https://example.org/news")
    answer = aigerim.get(f"{COMMITMENTS}{school.pk}/")
    assert answer.json()["steps"] == [
        {
            "on": "2025-01-01",
            "obligor": None,
            "from_status": "not_started",
            "to_status": "in_progress",
            "evidence": "https://example.org/news",
        }
    ]
    assert "dinner" not in answer.content.decode()
    assert "dauren" not in answer.content.decode()


def test_another_units_records_are_not_there() -> None:
    text = people.instrument("We will sing.", unit_code="europe")
    made = people.commitment(text, "We will sing", due_on=dt.date(2024, 1, 1))
    people.flag(made)
    ours, theirs = Caller(people.person("aigerim")), Caller(people.person("bolat", unit_code="europe"))
    auditor = Caller(people.person("saule", "auditor", None))
    for address in (COMMITMENTS, "/api/v1/instruments/", "/api/v1/follow-ups/"):
        assert ours.get(address).json()["count"] == 0
        assert theirs.get(address).json()["count"] == 1
        assert auditor.get(address).json()["count"] == 1
    for address in (f"{COMMITMENTS}{made.pk}/", f"/api/v1/instruments/{text.instrument_id}/"):
        assert ours.get(address).status_code == 404
        assert theirs.get(address).status_code == 200


def test_instruments_count_only_what_the_caller_may_know_of() -> None:
    text = people.instrument("We will sing. We will dance.", unit_code="asia")
    people.commitment(text, "We will sing")
    people.commitment(text, "We will dance", unit=people.unit("europe"))
    (row,) = Caller(people.person("aigerim")).get("/api/v1/instruments/", party="KAZ").json()["results"]
    assert row["commitments"] == 1
    assert [party["party"] for party in row["parties"]] == ["KAZ", "UZB"]


def test_follow_ups_are_filtered_by_reason_and_state(aigerim: Caller) -> None:
    _, school, *_ = _some()
    people.flag(school)
    assert len(aigerim.get("/api/v1/follow-ups/", reason="overdue", state="open").json()["results"]) == 1
    assert aigerim.get("/api/v1/follow-ups/", reason="quiet").json()["results"] == []
    assert aigerim.get("/api/v1/follow-ups/", reason="boredom").status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_changes_nothing(aigerim: Caller, method: str) -> None:
    _, school, *_ = _some()
    for address in (COMMITMENTS, f"{COMMITMENTS}{school.pk}/"):
        answer = getattr(Client(), method)(
            address, {"status": "fulfilled"}, content_type="application/json", headers=aigerim.headers
        )
        assert answer.status_code == 405


@pytest.mark.parametrize(
    ("address", "most"),
    [(COMMITMENTS, 9), ("/api/v1/instruments/", 8), ("/api/v1/follow-ups/", 6), ("/api/v1/parties/", 6)],
)
def test_lists_ask_the_database_as_often_for_many_as_for_few(
    aigerim: Caller, address: str, most: int, django_assert_max_num_queries
) -> None:
    people.many(60)
    with django_assert_max_num_queries(most):
        assert len(aigerim.get(address).json()["results"]) >= 3


def test_the_schema_describes_every_address_and_filter(client: Client) -> None:
    answer = client.get("/api/v1/schema/?format=json")
    described = answer.json()
    names = {parameter["name"] for parameter in described["paths"][COMMITMENTS]["get"]["parameters"]}
    assert {
        "party",
        "obligor",
        "status",
        "review",
        "force",
        "due_after",
        "due_before",
        "overdue",
        "instrument",
    } <= names
    assert {"/api/v1/login/", "/api/v1/instruments/", "/api/v1/follow-ups/", "/api/v1/parties/"} <= set(
        described["paths"]
    )


def test_the_documentation_loads_nothing_from_elsewhere(client: Client) -> None:
    answer = client.get("/api/v1/docs/")
    assert answer.status_code == 200
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert "https://" not in answer.content.decode()
    assert "'unsafe" not in client.get("/healthz")["Content-Security-Policy"]


def test_callers_are_slowed_down(aigerim: Caller, monkeypatch) -> None:
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/minute", "anon": "2/minute"})
    assert [aigerim.get("/api/v1/parties/").status_code for _ in range(3)] == [200, 200, 429]


FOLLOWUPS = "/api/v1/follow-ups/"


def _attended() -> tuple:
    """Four flags: untouched, acknowledged and on the second rung, put off, and put off until a day that has come."""
    made = [people.flag(each, reason="overdue") for each in _some()[1:]]
    aigerim, today = people.person("sayan"), ministry_day(timezone.now())
    FollowUp.objects.filter(pk=made[1].pk).update(acknowledged_at=timezone.now(), acknowledged_by=aigerim)
    FollowUp.objects.filter(pk=made[2].pk).update(
        snoozed_until=today + dt.timedelta(3), assigned_to=aigerim.person, raised_on=today
    )
    FollowUp.objects.filter(pk=made[3].pk).update(snoozed_until=today)
    for level in (1, 2):
        Escalation.objects.create(followup=made[1], level=level, tells="head", on=today)
    FollowUpComment.objects.create(followup=made[1], words="over dinner", by=aigerim, at=timezone.now())
    return made, aigerim.person, today


def test_a_follow_up_tells_what_was_done_about_it_and_not_what_was_said(aigerim: Caller) -> None:
    made, person, today = _attended()
    answer = aigerim.get(FOLLOWUPS)
    told = {row["id"]: row for row in answer.json()["results"]}
    keys = ("rule", "snoozed_until", "assigned_to", "escalation_level")
    assert [tuple(told[each.pk][key] for key in keys) for each in made] == [
        (made[0].rule_id, None, None, 0),
        (made[0].rule_id, None, None, 2),
        (made[0].rule_id, str(today + dt.timedelta(3)), person.pk, 0),
        (made[0].rule_id, str(today), None, 0),
    ]
    assert [told[each.pk]["acknowledged_at"] is not None for each in made] == [False, True, False, False]
    for inside in ("dinner", "sayan"):
        assert inside not in answer.content.decode()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"acknowledged": "true"}, {1}),
        ({"acknowledged": "false"}, {0, 2, 3}),
        ({"snoozed": "true"}, {2}),
        ({"snoozed": "false"}, {0, 1, 3}),
        ({"raised_before": "2025-01-02"}, {0, 1, 3}),
        ({"raised_after": "2025-01-03"}, {2}),
        ({"acknowledged": "false", "snoozed": "false"}, {0, 3}),
    ],
)
def test_follow_ups_are_filtered_by_what_was_done_about_them(
    aigerim: Caller, filters: dict, expected: set[int]
) -> None:
    made, *_ = _attended()
    assert set(_ids(aigerim.get(FOLLOWUPS, **filters))) == {made[n].pk for n in expected}


def test_follow_ups_are_filtered_by_rule_and_by_person(aigerim: Caller) -> None:
    made, person, _today = _attended()
    assert _ids(aigerim.get(FOLLOWUPS, assigned_to=person.pk)) == [made[2].pk]
    assert len(_ids(aigerim.get(FOLLOWUPS, rule=made[0].rule_id))) == 4
    assert _ids(aigerim.get(FOLLOWUPS, rule=made[0].rule_id + 1000)) == []
    for wrong in ({"acknowledged": "yes"}, {"snoozed": "1"}, {"rule": "overdue"}, {"assigned": "1"}):
        assert aigerim.get(FOLLOWUPS, **wrong).status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_follow_ups_are_only_read(aigerim: Caller, method: str) -> None:
    made, *_ = _attended()
    for address, status in ((FOLLOWUPS, 405), (f"{FOLLOWUPS}{made[0].pk}/acknowledge/", 404)):
        answer = getattr(Client(), method)(address, {}, content_type="application/json", headers=aigerim.headers)
        assert answer.status_code == status


def test_the_schema_describes_what_is_told_of_a_follow_up(client: Client) -> None:
    described = client.get("/api/v1/schema/?format=json").json()
    told = described["components"]["schemas"]["FollowUp"]["properties"]
    assert {"rule", "occasion", "acknowledged_at", "snoozed_until", "assigned_to", "escalation_level"} <= set(told)
    assert (told["assigned_to"]["type"], told["assigned_to"]["nullable"]) == ("integer", True)
    assert not {"comments", "acknowledged_by"} & set(told)
    names = {parameter["name"] for parameter in described["paths"][FOLLOWUPS]["get"]["parameters"]}
    assert {"rule", "assigned_to", "acknowledged", "snoozed", "raised_after", "raised_before"} <= names


def test_why_something_was_read_so_is_told_as_it_was_said_as_a_code_and_in_the_language_asked_for(
    aigerim: Caller,
) -> None:
    text = people.instrument("The Parties will open a road.")
    one = people.commitment(text, "will open a road", why="will (modal)", due_why="in a year", due_on="2026-12-31")
    address = f"{COMMITMENTS}{one.pk}/"
    told = aigerim.get(address).json()
    assert (told["why"], told["why_code"], told["due_why_code"]) == ("will (modal)", "modal", "in")
    assert told["why_told"] == "“will” with a verb"
    russian = Client().get(address, headers={**aigerim.headers, "Accept-Language": "ru"}).json()
    assert russian["why"] == "will (modal)"
    assert russian["why_told"] != told["why_told"]
    Commitment.objects.update(why="something else", due_why="")
    bare = aigerim.get(address).json()
    assert (bare["why_code"], bare["why_told"], bare["due_why_code"]) == (None, "something else", None)
