"""Every change is recorded, however it is made: who, when, from what to what, why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from knox.models import AuthToken

from config.celery import app
from tests.tracker.makers import NOW, TODAY, YESTERDAY, make_commitment, make_followup, make_text, make_unit, make_user
from tracker import followup
from tracker.history import acting, because, installing
from tracker.history.recorded import LEFT_OUT, RECORDED
from tracker.models import AuditEntry, Commitment, Obligor, Party, TextSource
from tracker.tasks import sweep

pytestmark = pytest.mark.django_db


def newest() -> AuditEntry:
    entry = AuditEntry.objects.first()
    assert entry is not None
    return entry


def since(step: Callable[[], Any]) -> list[AuditEntry]:
    """The entries that a step leaves, in their order."""
    last = AuditEntry.objects.values_list("pk", flat=True).first() or 0
    step()
    return list(AuditEntry.objects.filter(pk__gt=last).order_by("pk"))


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_every_model_is_recorded_or_left_out_for_a_reason() -> None:
    ours = {model._meta.label for model in apps.get_app_config("tracker").get_models(include_auto_created=True)}
    assert ours == {line.label for line in RECORDED if line.label.startswith("tracker.")} | set(LEFT_OUT)
    assert all(LEFT_OUT.values())


def test_every_recorded_table_has_its_triggers_always_on() -> None:
    assert installing.switched_off(connection) == []


def test_a_save_records_only_what_changed() -> None:
    commitment = make_commitment(due_on=YESTERDAY)
    commitment.title = "Open two trade houses"
    with acting("test", reason="a slip of the pen", request_id="r1", address="10.0.0.1"):
        commitment.save()
    entry = newest()
    assert (entry.action, entry.model, entry.object_id) == ("update", "tracker.commitment", str(commitment.pk))
    assert (entry.before, entry.after) == ({"title": "Open a joint trade house"}, {"title": "Open two trade houses"})
    assert (entry.actor, entry.reason, entry.request, entry.address) == ("test", "a slip of the pen", "r1", "10.0.0.1")
    assert entry.database_role == connection.settings_dict["USER"]


WAYS: dict[str, Callable[[Commitment], Any]] = {
    "update()": lambda one: Commitment.objects.filter(pk=one.pk).update(title="New"),
    "bulk_update()": lambda one: Commitment.objects.bulk_update([_titled(one)], ["title"]),
    "raw SQL": lambda one: sql("UPDATE tracker_commitment SET title = 'New' WHERE id = %s", one.pk),
    "many": lambda one: _many("UPDATE tracker_commitment SET title = %s WHERE id = %s", [("New", one.pk)]),
    "WITH": lambda one: sql("WITH x AS (SELECT 1) UPDATE tracker_commitment SET title = 'New' WHERE id = %s", one.pk),
}


def _titled(one: Commitment) -> Commitment:
    one.title = "New"
    return one


def _many(statement: str, rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_way_of_changing_goes_round_the_record(way: Callable[[Commitment], Any]) -> None:
    commitment = make_commitment()
    with acting("test"):
        (entry,) = since(lambda: way(commitment))
    assert (entry.actor, entry.after) == ("test", {"title": "New"})


def test_rows_made_in_bulk_are_recorded_one_by_one() -> None:
    entries = since(
        lambda: Party.objects.bulk_create(Party(code=f"P{n}", sort="organisation", name_en="P") for n in range(5))
    )
    assert [entry.after["code"] for entry in entries] == ["P0", "P1", "P2", "P3", "P4"]
    assert {entry.action for entry in entries} == {"insert"}


def test_what_a_deletion_takes_with_it_is_recorded() -> None:
    commitment = make_commitment(obligors=("KAZ",))
    entries = since(commitment.delete)
    assert [(entry.model, entry.action) for entry in entries] == [
        ("tracker.obligor", "delete"),
        ("tracker.commitment", "delete"),
    ]
    assert entries[1].before["title"] == "Open a joint trade house"


def test_what_the_database_changes_by_itself_is_recorded() -> None:
    commitment = make_commitment()
    entries = since(lambda: sql('UPDATE tracker_text SET "leading" = false WHERE id = %s', commitment.text_id))
    assert {entry.model: entry.after for entry in entries} == {
        "tracker.text": {"leading": False},
        "tracker.commitment": {"counted": False},
    }


def test_a_change_that_changes_nothing_is_none() -> None:
    commitment = make_commitment()
    assert since(commitment.save) == []


def test_what_is_rolled_back_never_was() -> None:
    def fail() -> None:
        with transaction.atomic():
            make_unit("asia")
            transaction.set_rollback(True)

    assert since(fail) == []


def test_big_columns_are_kept_as_digests() -> None:
    text = make_text()
    (entry,) = since(lambda: TextSource.objects.create(text=text, content=b"bytes"))
    assert entry.after["content"] == "sha256:277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"
    (entry,) = since(lambda: sql("UPDATE tracker_text SET body = 'Other words.' WHERE id = %s", text.pk))
    assert entry.after["body"].startswith("sha256:")
    assert entry.after != entry.before


def test_secrets_are_recorded_as_changed_and_never_shown() -> None:
    user = make_user()
    user.set_password("correct horse battery staple")
    (entry,) = since(user.save)
    assert (entry.before, entry.after) == ({"password": "(secret)"}, {"password": "(secret)"})
    token, _ = AuthToken.objects.create(user)
    entry = newest()
    assert (entry.model, entry.object_id, entry.after["digest"]) == ("knox.authtoken", token.token_key, "(secret)")
    everything = str(list(AuditEntry.objects.values_list("before", "after")))
    assert token.digest not in everything
    assert user.password not in everything


def test_a_users_groups_are_recorded() -> None:
    user, group = make_user(), Group.objects.create(name="editors")
    (entry,) = since(lambda: user.groups.add(group))
    assert (entry.model, entry.part_of_model, entry.part_of_id) == ("auth.user_groups", "auth.user", str(user.pk))


def test_truncation_is_recorded() -> None:
    assert [entry.action for entry in since(lambda: sql("TRUNCATE tracker_note"))] == ["truncate"]


def test_a_change_without_an_actor_names_the_role_that_made_it() -> None:
    (entry,) = since(make_unit)
    assert entry.actor == f"unknown (database role {connection.settings_dict['USER']})"


@pytest.mark.parametrize("words", ["nonsense", "[]", '"x"', '{"actor": 5, "id": "x"}', '{"actor": "\\u0000"}'])
def test_nonsense_about_the_actor_stops_no_change(words: str) -> None:
    make_unit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pacta.acting', %s, true)", [words])
        cursor.cursor.execute("UPDATE tracker_unit SET name_en = 'B'")  # past our hook, as psql would
    assert newest().after == {"name_en": "B"}


def test_reasons_and_names_may_hold_any_characters() -> None:
    words = 'it\'s 100% \\ "quoted" ; -- Қазақ %s \x00 \ud800'
    with acting("test", reason=words):
        make_unit()
    assert newest().reason == 'it\'s 100% \\ "quoted" ; -- Қазақ %s  ?'


def test_a_user_is_recorded_with_name_and_unit_as_they_were() -> None:
    unit = make_unit("asia")
    user = make_user(unit=unit, first_name="Aigerim", last_name="Bekova")
    with acting(user), because("the note of 3 May"):
        make_unit()
    entry = newest()
    assert entry.actor == f"Aigerim Bekova ({user.username})"
    assert (entry.actor_id, entry.unit, entry.reason) == (user.pk, "asia", "the note of 3 May")
    user.person.delete()
    user.delete()
    entry.refresh_from_db()
    assert entry.actor.startswith("Aigerim Bekova")


def test_two_users_on_one_connection_never_answer_for_each_other() -> None:
    first, second = make_user(), make_user()
    with acting(first):
        with acting(second):
            make_unit("a")
        make_unit("b")
    make_unit("c")
    actors = AuditEntry.objects.filter(model="tracker.unit").values_list("after__code", "actor_id")
    assert dict(actors[:3]) == {"a": second.pk, "b": first.pk, "c": None}


def test_a_savepoint_rolled_back_leaves_the_right_actor() -> None:
    with acting("outer"):
        make_unit("a")
        with transaction.atomic(), acting("inner"):
            make_unit("b")
            transaction.set_rollback(True)
        make_unit("c")
    actors = AuditEntry.objects.filter(model="tracker.unit").values_list("after__code", "actor")
    assert dict(actors[:2]) == {"a": "outer", "c": "outer"}


@pytest.mark.django_db(transaction=True)
def test_nothing_said_outlives_its_transaction() -> None:
    with acting("test"):
        make_unit("a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('pacta.acting', true), '')")
        assert cursor.fetchone()[0] == ""
        cursor.cursor.execute("UPDATE tracker_unit SET name_en = 'B'")
    assert AuditEntry.objects.filter(model="tracker.unit")[0].actor.startswith("unknown")
    assert AuditEntry.objects.filter(model="tracker.unit")[1].actor == "test"


def test_a_task_acts_under_its_name() -> None:
    assert sweep.name in app.tasks  # with Celery's application there, as in web server and worker
    make_commitment(due_on="2020-03-01", read_on="2020-01-01", made_on="2020-01-01")
    sweep()
    entries = AuditEntry.objects.filter(model="tracker.followup")
    assert {entry.actor for entry in entries} == {"sweep"}


def test_the_sweep_is_recorded_flag_by_flag() -> None:
    for _ in range(3):
        make_commitment(due_on=YESTERDAY)
    raised = since(lambda: followup.sweep(TODAY, NOW))
    assert [(entry.action, entry.after["reason"]) for entry in raised] == [("insert", "overdue")] * 3
    Commitment.objects.update(status="fulfilled", status_on=TODAY)
    cleared = since(lambda: followup.sweep(TODAY, NOW))
    assert [entry.after["closed_because"] for entry in cleared] == ["status"] * 3


def test_a_request_acts_as_its_user(client: Any) -> None:
    user = make_user()
    client.force_login(user)
    entry = newest()
    assert entry.model == "auth.user"  # the moment of the last sign-in
    commitment = make_commitment()
    make_followup(commitment)
    client.post("/language/", {"language": "kk", "next": "/"})
    changed = AuditEntry.objects.filter(model="tracker.person", action="update").first()
    assert changed is not None
    assert (changed.actor_id, changed.after, len(changed.request)) == (user.pk, {"language": "kk"}, 16)
    assert changed.address == "127.0.0.1"


def test_nobody_is_lost_with_the_people_who_acted() -> None:
    user = User.objects.create_user("gone")
    with acting(user):
        make_unit("asia")
    user.delete()
    assert AuditEntry.objects.get(model="tracker.unit", after__code="asia").actor == "gone"


def test_an_obligor_that_moves_to_another_commitment_is_recorded_with_it() -> None:
    one, other = make_commitment(obligors=("KAZ",)), make_commitment()
    Obligor.objects.filter(commitment=one).update(commitment=other)
    assert newest().part_of_id == str(other.pk)
