"""The chain finds whatever a superuser does to the history afterwards, and nothing where nothing was done."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.tracker.at_once import in_threads
from tests.tracker.makers import NOW, make_commitment, make_unit
from tracker.history import acting, chain
from tracker.models import AuditEntry, AuditSeal, Unit
from tracker.tasks import seal

pytestmark = pytest.mark.django_db
TAMPERINGS = 1_000
SEED = 20261121


@pytest.fixture
def history() -> chain.Anchor:
    """Some sealed history, and its anchor."""
    with acting("test", reason="a test"):
        for number in range(8):
            make_unit(f"office-{number}")
        make_commitment(obligors=("KAZ", "UZB"))
        Unit.objects.update(name_ru="Отдел")
    chain.seal()
    return chain.Anchor(NOW, chain.head())


def sql(statement: str, *parameters: Any) -> None:
    """As a superuser, past all triggers and hooks."""
    with connection.cursor() as cursor:
        cursor.cursor.execute(statement, parameters)


Draw = Callable[[random.Random], None]


def _two(draw: random.Random) -> list[Any]:
    return draw.sample(list(AuditSeal.objects.values_list("position", "entry_id", "hash")), 2)


def edit(draw: random.Random) -> None:
    """Another value in one column of one entry."""
    changes = {
        "actor": "actor || 'x'",
        "actor_id": "coalesce(actor_id, 0) + 1",
        "at": "at + interval '1 microsecond'",
        "transaction": "transaction + 1",
        "model": "model || 'x'",
        "object_id": "object_id || '1'",
        "part_of_id": "part_of_id || '1'",
        "action": "CASE action WHEN 'insert' THEN 'update' ELSE 'insert' END",
        "reason": "NULL",
        "after": 'after || \'{"name_en": "forged"}\'',
        "before": "coalesce(before, '{}') || '{\"x\": 1}'",
        "database_role": "'x'",
        "request": "'x'",
        "unit": "'x'",
        "address": "'x'",
    }
    ((_, entry, _), _) = _two(draw)
    column = draw.choice([*changes])
    if column == "reason":
        changes["reason"] = "coalesce(reason, '') || '.'"
    sql(f"UPDATE audit.entry SET {column} = {changes[column]} WHERE id = %s", entry)  # noqa: S608


def delete(draw: random.Random) -> None:
    """An entry gone; or its place in the chain too; or the places behind moved up and hashed anew from there."""
    ((place, entry, _), _) = _two(draw)
    sql("DELETE FROM audit.entry WHERE id = %s", entry)
    kind = draw.randrange(3)
    if kind:
        sql("DELETE FROM audit.seal WHERE position = %s", place)
    if kind == 2:
        _close_the_gap(place)


def _close_the_gap(place: int) -> None:
    sql("UPDATE audit.seal SET position = -position WHERE position > %s", place)
    sql("UPDATE audit.seal SET position = -position - 1 WHERE position < 0")
    _hash_anew()


def _hash_anew() -> None:
    """What a clever superuser does last: compute every hash again."""
    before = b""
    for position, _, _, words in list(chain._rows()):
        before = hashlib.sha256(before + (words or "").encode()).digest()
        sql("UPDATE audit.seal SET hash = %s WHERE position = %s", before, position)


def insert(draw: random.Random) -> None:
    """An entry that never was: outside the chain, or with a place in the middle of it, hashed anew or not."""
    ((place, entry, digest), _) = _two(draw)
    sql(
        "INSERT INTO audit.entry (at, transaction, model, object_id, action, actor, database_role)"
        " SELECT at, transaction, model, object_id, action, 'forged', database_role FROM audit.entry WHERE id = %s",
        entry,
    )
    kind = draw.randrange(3)
    if kind:
        sql("UPDATE audit.seal SET position = -position WHERE position >= %s", place)
        sql("UPDATE audit.seal SET position = -position + 1 WHERE position < 0")
        sql("INSERT INTO audit.seal SELECT %s, max(id), %s FROM audit.entry", place, bytes(digest))
    if kind == 2:
        _hash_anew()


def swap(draw: random.Random) -> None:
    """Two entries with each other's places, with each other's words, or with each other's hashes."""
    (one, first, first_hash), (other, second, second_hash) = _two(draw)
    kind = draw.randrange(4)
    if kind == 0:
        sql(
            "UPDATE audit.seal SET hash = CASE position WHEN %s THEN %s ELSE %s END WHERE position IN (%s, %s)",
            one,
            bytes(second_hash),
            bytes(first_hash),
            one,
            other,
        )
    elif kind == 1:
        sql(
            "UPDATE audit.entry e SET after = o.after, before = o.before, object_id = o.object_id,"
            " model = o.model FROM audit.entry o WHERE (e.id, o.id) IN ((%s, %s), (%s, %s))",
            first,
            second,
            second,
            first,
        )
        if not _differ(first, second):
            edit(draw)
    else:
        sql("UPDATE audit.seal SET position = -position WHERE position IN (%s, %s)", one, other)
        sql(
            "UPDATE audit.seal SET position = CASE position WHEN %s THEN %s ELSE %s END WHERE position < 0",
            -one,
            other,
            one,
        )
        if kind == 3:
            _hash_anew()


def _differ(first: int, second: int) -> bool:
    return len(set(AuditEntry.objects.filter(pk__in=(first, second)).values_list("object_id", "model"))) == 2


def cut(draw: random.Random) -> None:
    """The tail cut off: the last places, with their entries or without; perhaps other entries put in their place."""
    last = chain.head().position
    keep = draw.randrange(0, last)
    entries = draw.random() < 0.7
    if entries:
        sql("DELETE FROM audit.entry WHERE id IN (SELECT entry_id FROM audit.seal WHERE position > %s)", keep)
    sql("DELETE FROM audit.seal WHERE position > %s", keep)
    if draw.random() < 0.5:
        for _ in range(last - keep):
            make_unit()
        chain.seal()


WAYS = (edit, delete, insert, swap, cut)


def test_a_thousand_tamperings_of_a_thousand_are_found(history: chain.Anchor) -> None:
    draw = random.Random(SEED)  # noqa: S311
    missed = []
    for number in range(TAMPERINGS):
        way = WAYS[number % len(WAYS)]
        with transaction.atomic():
            way(draw)
            found = chain.verify([history])
            if not found.faults:
                missed.append((number, way.__name__))
            transaction.set_rollback(True)
    assert missed == []
    assert chain.verify([history]).faults == []


def test_without_an_anchor_a_tail_can_be_cut_and_the_chain_hashed_anew(history: chain.Anchor) -> None:
    last = history.head.position
    sql("DELETE FROM audit.entry WHERE id = (SELECT entry_id FROM audit.seal WHERE position = %s)", last)
    sql("DELETE FROM audit.seal WHERE position = %s", last)
    assert chain.verify().faults == []
    assert chain.verify([history]).faults == [f"place {last}, anchored on 2026-11-21 08:00, is cut off"]


def test_each_fault_is_named_with_its_place(history: chain.Anchor) -> None:
    place, entry = AuditSeal.objects.values_list("position", "entry_id")[3]
    with transaction.atomic():
        sql("UPDATE audit.entry SET actor = 'x' WHERE id = %s", entry)
        assert chain.verify().faults == [f"place {place}: entry {entry} or the chain before it was changed"]
        transaction.set_rollback(True)
    sql("DELETE FROM audit.entry WHERE id = %s", entry)
    assert chain.verify().faults == [f"place {place}: entry {entry} was deleted"]


def test_numbers_lost_to_rollbacks_are_no_gap(history: chain.Anchor) -> None:
    with transaction.atomic():
        make_unit()
        transaction.set_rollback(True)
    make_unit()
    assert chain.seal() == 1
    assert chain.verify([history]).faults == []


def test_an_entry_that_waits_is_no_fault_and_is_sealed_once(history: chain.Anchor) -> None:
    make_unit()
    assert (chain.verify().faults, chain.verify().waiting) == ([], 1)
    seal()
    seal()
    assert (chain.verify().faults, chain.verify().waiting) == ([], 0)
    assert chain.head().position == history.head.position + 1


def test_an_entry_deleted_while_it_waited_is_missed(history: chain.Anchor) -> None:
    make_unit()
    number = AuditEntry.objects.values_list("pk", flat=True)[0]
    sql("DELETE FROM audit.entry WHERE id = %s", number)
    assert chain.seal() == 0
    assert chain.verify().faults == [f"entry {number}, which waited for its place, is gone or was moved"]


def test_the_hash_is_that_of_the_hash_before_and_the_words(history: chain.Anchor) -> None:
    rows = list(chain._rows())
    (_, _, before, _), (_, _, after, words) = rows[-2:]
    assert words is not None
    assert bytes(after) == hashlib.sha256(bytes(before) + words.encode()).digest()
    assert '"reason": "a test"' in words


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_sealers_make_one_chain_without_a_fork() -> None:
    before = AuditEntry.objects.count()

    def write(writer: int) -> None:
        for number in range(20):
            make_unit(f"office-{writer}-{number}")

    steps: list[Callable[[], Any]] = [*(lambda n=n: write(n) for n in range(6)), chain.seal, chain.seal]
    assert [each for each in in_threads(steps) if isinstance(each, Exception)] == []
    chain.seal()
    found = chain.verify()
    assert (found.faults, found.waiting) == ([], 0)
    assert AuditEntry.objects.count() - before >= 120
    assert AuditSeal.objects.count() == AuditEntry.objects.count()


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


def run(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("audit_verify", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_anchors_what_it_verified(history: chain.Anchor, anchors: Path) -> None:
    assert "entries are as they were recorded, 0 anchors hold." in run("--anchor", anchors)
    make_unit()
    assert "1 anchors hold." in run("--anchor", anchors)
    first, second = (chain.Anchor.read(line) for line in anchors.read_text().splitlines())
    assert (first.head.hash, second.head.position) == (history.head.hash, history.head.position + 1)
    assert first.at.tzinfo == dt.UTC


def test_the_command_fails_and_anchors_nothing_where_the_history_was_changed(
    history: chain.Anchor, anchors: Path
) -> None:
    run("--anchor", anchors)
    sql("UPDATE audit.entry SET actor = 'x' WHERE id = (SELECT max(id) FROM audit.entry)")
    with pytest.raises(CommandError, match="not as it was recorded: 1 faults"):
        run("--anchor", anchors)
    assert len(anchors.read_text().splitlines()) == 1


def test_the_command_finds_a_trigger_that_is_off(history: chain.Anchor) -> None:
    sql("ALTER TABLE tracker_unit DISABLE TRIGGER history_update")
    with pytest.raises(CommandError, match="1 faults"):
        run()


def test_a_damaged_anchor_file_is_named_by_its_line(anchors: Path) -> None:
    anchors.write_text("2026-11-21T00:00:00Z 1 abc\n")
    with pytest.raises(CommandError, match="line 1 is no anchor"):
        run("--anchor", anchors)
