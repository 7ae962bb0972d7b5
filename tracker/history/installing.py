"""Brings the database's part of the history up to date: roles, the schema `audit`, triggers, the application's rights.

`create` runs once, in migration 0003, `renew` in 0006; `bring_up_to_date` after every `migrate`, so that the tables of
later migrations are recorded and open to the application without a word in those migrations.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from tracker.history.recorded import RECORDED, Recorded

AUDIT, RUNTIME = "pacta_audit", "pacta_runtime"
_SQL = Path(__file__).parent / "sql"
_TABLES = {"insert": "NEW TABLE AS new_rows", "delete": "OLD TABLE AS old_rows"}
_TABLES["update"] = f"{_TABLES['delete']} {_TABLES['insert']}"


class RightsMissingError(Exception):
    """The role that migrates may not do what the history needs; the message holds the SQL for a superuser."""


def canonical() -> str:
    """The SQL expression of the words of an entry `e` that its hash is made of."""
    return (_SQL / "canonical.sql").read_text("utf-8")


def create(connection: BaseDatabaseWrapper) -> None:
    """Make the two roles, the schema and its functions; raises RightsMissingError."""
    owner = _value(connection, "SELECT quote_ident(current_user)")
    schema = _value(connection, "SELECT quote_ident(current_schema())")
    joined = _ensure_roles(connection)
    audit = (_SQL / "audit.sql").read_text("utf-8").replace("{canonical}", canonical()).replace("{owner}", owner)
    audit = audit.replace("{record}", (_SQL / "record.sql").read_text("utf-8"))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA audit AUTHORIZATION {AUDIT}")
        cursor.execute(f"SET LOCAL ROLE {AUDIT}")
        cursor.execute(audit)
        cursor.execute(f"SET LOCAL ROLE {owner}")
        cursor.execute((_SQL / "analyze.sql").read_text("utf-8").replace("{schema}", schema))
    _leave(connection, owner, joined)


def renew(connection: BaseDatabaseWrapper) -> None:
    """Bring the trigger function of an older installation up to date; raises RightsMissingError."""
    owner = _value(connection, "SELECT quote_ident(current_user)")
    joined = _ensure_roles(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {AUDIT}")
        cursor.execute((_SQL / "record.sql").read_text("utf-8"))
        cursor.execute(f"SET LOCAL ROLE {owner}")
    _leave(connection, owner, joined)


def _leave(connection: BaseDatabaseWrapper, owner: str, joined: bool) -> None:
    """End the membership that `_ensure_roles` began."""
    if joined:
        with connection.cursor() as cursor:
            cursor.execute(f"REVOKE {AUDIT} FROM {owner} GRANTED BY CURRENT_USER")


def bring_up_to_date(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers that are missing or of an earlier form; let the application use tables that are new."""
    if not _value(connection, "SELECT to_regprocedure('audit.record()') IS NOT NULL"):
        return  # before migration 0003
    present = triggers(connection)
    tables = connection.introspection.table_names()
    for line in RECORDED:
        table = line.model._meta.db_table
        for name, statement in _wanted(line):
            if present.get((table, name)) != statement and table in tables:
                _make(connection, table, name, statement)
    _let_the_application_in(connection)


def triggers(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """The statement that made each trigger of the history that is always on, by table and name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, coalesce(obj_description(t.oid, 'pg_trigger'), '')"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgfoid = 'audit.record()'::regprocedure AND t.tgenabled = 'A'"
            " AND c.relnamespace = current_schema()::regnamespace"
        )
        return {(table, name): made_by for table, name, made_by in cursor.fetchall()}


def switched_off(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that should be there and always on, and are not, as `table: trigger`."""
    present = triggers(connection)
    wanted = ((line.model._meta.db_table, name) for line in RECORDED for name, _ in _wanted(line))
    return [f"{table}: {name}" for table, name in wanted if (table, name) not in present]


def owns_its_tables(connection: BaseDatabaseWrapper) -> bool:
    """Whether this connection's role could switch the recording off: it owns the tables, or is a superuser."""
    return bool(
        _value(
            connection,
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class"
            " WHERE oid = 'tracker_commitment'::regclass",
        )
    )


def _ensure_roles(connection: BaseDatabaseWrapper) -> bool:
    """Make the roles that are missing; True if the migrating role became a member of the audit role for this."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for role in (AUDIT, RUNTIME):
                if not _value(connection, f"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"):  # noqa: S608
                    cursor.execute(f"CREATE ROLE {role} NOLOGIN")
            if _value(connection, f"SELECT pg_has_role(current_user, '{AUDIT}', 'USAGE')"):
                return False
            cursor.execute(f"GRANT {AUDIT} TO CURRENT_USER GRANTED BY CURRENT_USER")
            return True
    except DatabaseError as error:
        role = _value(connection, "SELECT quote_ident(current_user)")
        raise RightsMissingError(
            f"The history must belong to a role of its own, and {role} may not make it ({str(error).strip()}).\n"
            "Let a superuser run deploy/roles.sql (docs/operate.md tells how), or these lines, then migrate again:\n\n"
            f"    CREATE ROLE {AUDIT} NOLOGIN;\n    CREATE ROLE {RUNTIME} NOLOGIN;\n    GRANT {AUDIT} TO {role};\n"
        ) from error


def _wanted(line: Recorded) -> Iterator[tuple[str, str]]:
    """The names of a table's triggers, each with the statement that makes it."""
    table = line.model._meta.db_table
    arguments = ", ".join(sql.Literal(each).as_string(None) for each in line.arguments)
    for change in (*line.changes, "truncate"):
        rows = f" REFERENCING {_TABLES[change]}" if change in _TABLES else ""
        name = f"history_{change}"
        yield (
            name,
            f'CREATE OR REPLACE TRIGGER {name} AFTER {change.upper()} ON "{table}"{rows}'
            f" FOR EACH STATEMENT EXECUTE FUNCTION audit.record({arguments})",
        )


def _make(connection: BaseDatabaseWrapper, table: str, name: str, statement: str) -> None:
    """Make one trigger; one transaction for each, so that a busy table never waits for another."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {name}')
        cursor.execute(f'COMMENT ON TRIGGER {name} ON "{table}" IS {sql.Literal(statement).as_string(None)}')


def _let_the_application_in(connection: BaseDatabaseWrapper) -> None:
    """Grant the application's role the rows of every table, and of none the shape."""
    closed = (  # no outside words
        "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND ("  # noqa: S608
        f"relkind = 'r' AND relname <> 'django_migrations' AND NOT has_table_privilege('{RUNTIME}', oid, 'DELETE')"
        f" OR relkind = 'S' AND NOT has_sequence_privilege('{RUNTIME}', oid, 'USAGE')))"
    )
    if not _value(connection, closed):
        return
    schema = _value(connection, "SELECT quote_ident(current_schema())")
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {RUNTIME}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {RUNTIME}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {RUNTIME}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {RUNTIME}")


def _value(connection: BaseDatabaseWrapper, query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
