"""What the application's role may and may not do to the history, and what a migration needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from tracker.history import installing

pytestmark = pytest.mark.django_db

REFUSED = {
    "change an entry": "UPDATE audit.entry SET actor = 'somebody else'",
    "delete an entry": "DELETE FROM audit.entry",
    "empty the history": "TRUNCATE audit.entry",
    "insert an entry": (
        "INSERT INTO audit.entry (at, transaction, model, action, actor, database_role)"
        " VALUES (now(), 1, 'tracker.unit', 'insert', 'x', 'x')"
    ),
    "insert an entry with an id": (
        "INSERT INTO audit.entry (id, at, transaction, model, action, actor, database_role) OVERRIDING SYSTEM VALUE"
        " VALUES (1, now(), 1, 'tracker.unit', 'insert', 'x', 'x')"
    ),
    "drop the history": "DROP TABLE audit.entry",
    "drop the schema": "DROP SCHEMA audit CASCADE",
    "drop a column": "ALTER TABLE audit.entry DROP COLUMN actor",
    "take the table": "ALTER TABLE audit.entry OWNER TO CURRENT_USER",
    "rewrite by rule": "CREATE RULE nothing AS ON INSERT TO audit.entry DO INSTEAD NOTHING",
    "trigger on the history": (
        "CREATE TRIGGER t BEFORE INSERT ON audit.entry FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    ),
    "change the chain": "UPDATE audit.seal SET hash = ''",
    "insert into the chain": "INSERT INTO audit.seal (position, entry_id, hash) VALUES (0, 0, '')",
    "forget what waits": "DELETE FROM audit.waiting",
    "replace the function": (
        "CREATE OR REPLACE FUNCTION audit.record() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    ),
    "switch the recording off": "ALTER TABLE tracker_commitment DISABLE TRIGGER history_update",
    "switch all triggers off": "ALTER TABLE tracker_commitment DISABLE TRIGGER ALL",
    "drop the trigger": "DROP TRIGGER history_update ON tracker_commitment",
    "work as a replica": "SET session_replication_role = replica",
    "empty a table": "TRUNCATE tracker_commitment CASCADE",
    "drop a table": "DROP TABLE tracker_commitment CASCADE",
    "rename a table": "ALTER TABLE tracker_commitment RENAME TO gone",
    "change the rows by rule": "CREATE RULE nothing AS ON UPDATE TO tracker_commitment DO INSTEAD NOTHING",
    "become the owner": "SET ROLE pacta_audit",
    "own a role": "GRANT pacta_audit TO CURRENT_USER",
    "forge by a table of its own": (
        "CREATE TEMP TABLE forged (id int); CREATE TRIGGER t AFTER INSERT ON forged REFERENCING NEW TABLE AS new_rows"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit.record('tracker.unit', 'id', 'tracker.unit', 'id', '', '')"
    ),
    "forget a migration": "DELETE FROM django_migrations",
}
ALLOWED = {
    "read the history": "SELECT count(*) FROM audit.entry",
    "read the chain": "SELECT count(*) FROM audit.seal, audit.waiting",
    "seal": "SELECT audit.seal_waiting(10)",
    "add a party": (
        "INSERT INTO tracker_party (code, sort, name_en, name_kk, name_ru) VALUES ('X', 'organisation', 'X', '', '')"
    ),
    "change rows": "UPDATE tracker_followuprule SET days = days",
    "delete rows": "DELETE FROM tracker_followup",
    "number rows": "SELECT nextval(pg_get_serial_sequence('tracker_clause', 'id'))",
    "look at the flags again": "SELECT tracker_analyze_followups()",
}


@pytest.fixture
def application(runtime_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A session of the application's role; nothing that it does is kept."""
    with psycopg.connect(runtime_url) as session:
        yield session
        session.rollback()


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_the_application_is_refused(application: psycopg.Connection[Any], statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize("statement", ALLOWED.values(), ids=ALLOWED)
def test_the_application_may(application: psycopg.Connection[Any], statement: str) -> None:
    application.execute(statement)  # type: ignore[arg-type]


def test_what_the_application_changes_is_recorded_with_its_role(application: psycopg.Connection[Any]) -> None:
    application.execute("UPDATE tracker_followuprule SET days = days || 200::smallint WHERE reason = 'quiet'")
    row = application.execute("SELECT actor, database_role FROM audit.entry ORDER BY id DESC LIMIT 1").fetchone()
    assert row is not None
    assert row[0] == f"unknown (database role {row[1]})"
    assert row[1].startswith("pacta_test_")


def test_the_application_could_not_switch_the_recording_off() -> None:
    assert installing.owns_its_tables(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE pacta_runtime")
    assert not installing.owns_its_tables(connection)


def test_a_role_that_may_not_make_roles_is_told_what_a_superuser_must_do() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE pacta_test_poor NOLOGIN")
        cursor.execute("SET LOCAL ROLE pacta_test_poor")
    with pytest.raises(
        installing.RightsMissingError, match=r"(?s)pacta_test_poor may not.*GRANT pacta_audit TO pacta_test_poor;"
    ):
        installing.create(connection)


def test_a_role_that_may_make_roles_installs_the_history_and_keeps_no_way_in() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA audit CASCADE")
        cursor.execute("DROP FUNCTION tracker_analyze_followups()")
        cursor.execute("CREATE ROLE pacta_test_owner NOLOGIN CREATEROLE")
        cursor.execute("GRANT pacta_audit TO pacta_test_owner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
        cursor.execute("SELECT format('GRANT CREATE ON DATABASE %I TO pacta_test_owner', current_database())")
        cursor.execute(cursor.fetchone()[0])
        cursor.execute("GRANT CREATE ON SCHEMA public TO pacta_test_owner")
        cursor.execute("SET LOCAL ROLE pacta_test_owner")
        installing.create(connection)
        cursor.execute("SELECT pg_has_role('pacta_audit', 'USAGE')")
        assert cursor.fetchone()[0] is False
        cursor.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'audit'")
        assert cursor.fetchone()[0] == "pacta_audit"
