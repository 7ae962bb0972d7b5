"""Who acts and why: said once around a request, a task or a command, and sent with every statement that changes rows.

The statement and the words about it go to PostgreSQL as one string: `SELECT set_config('pacta.acting', …, true); UPDATE
…`. The setting ends with the transaction, so nothing leaks from one request to the next on a connection that lives on;
it is there in autocommit too, where the string is a transaction of its own; and a savepoint that is rolled back can't
leave words of another behind. A change that nobody answers for is sent with empty words, and recorded as such.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql as composing

_LONGEST = 2_000
_CHANGES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|WITH|DO)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: a user, something that answers with the user at the time, or the name of a part of the system."""

    by: Any
    reason: str = ""
    request_id: str = ""
    address: str = ""

    def words(self) -> dict[str, Any]:
        """What PostgreSQL is told; values as the trigger function reads them."""
        who = self.by() if callable(self.by) else self.by
        named = {"reason": self.reason, "request": self.request_id, "address": self.address}
        known = {name: _clean(value) for name, value in named.items() if value}
        if isinstance(who, str):
            return {"actor": _clean(who), **known}
        if who is None or not who.is_authenticated:
            return {"actor": "not signed in", **known}
        return {**_user(who), **known}


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


@contextmanager
def acting(by: Any, *, reason: str = "", request_id: str = "", address: str = "") -> Iterator[None]:
    """Let every change inside be recorded as done by this user, or by this named part of the system ("sweep")."""
    token = _acting.set(Acting(by, reason, request_id, address))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Let every change inside bear this reason, whoever acts."""
    token = _acting.set(replace(_acting.get() or Acting(command() or ""), reason=reason))
    try:
        yield
    finally:
        _acting.reset(token)


def command() -> str | None:
    """What a process started by manage.py acts as where nothing else was said: `command NAME`."""
    started_by, *arguments = sys.argv or [""]
    return f"command {arguments[0]}" if Path(started_by).name == "manage.py" and arguments else None


def said() -> str:
    """The words of now as JSON, or nothing."""
    now = _acting.get() or (Acting(command()) if command() else None)
    words = now.words() if now else {}
    return json.dumps(words) if words.get("actor") or words.get("reason") else ""


def name_the_actor(
    execute: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Django's hook around every statement: what changes rows is sent together with who acts."""
    # Composed by psycopg.sql, as the sweep's statements are.
    plain = statement.as_string(None) if isinstance(statement, composing.Composable) else statement
    if not _CHANGES.match(plain):
        return execute(statement, parameters, many, context)
    words = composing.Literal(said()).as_string(None)
    setting = f"SELECT set_config('pacta.acting', {words}, true); "
    if many:
        return _each(execute, setting, plain, parameters, context)
    if parameters is not None:
        setting = setting.replace("%", "%%")
    answer = execute(setting + plain, parameters, many, context)
    context["cursor"].cursor.nextset()  # past the setting's own answer
    return answer


def install(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give a connection the hook; the receiver of `connection_created`."""
    if name_the_actor not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, name_the_actor)


def _each(execute: Callable[..., Any], setting: str, plain: str, parameters: Any, context: dict[str, Any]) -> Any:
    with transaction.atomic(using=context["connection"].alias, savepoint=False):
        context["cursor"].cursor.execute(setting)
        return execute(plain, parameters, True, context)


def _user(user: Any) -> dict[str, Any]:
    """The user's name and unit as they are now: they are kept as words, whatever becomes of the user."""
    full, login = user.get_full_name(), user.get_username()
    person = getattr(user, "person", None)
    unit = person.unit.code if person and person.unit_id else None
    return {
        "actor": _clean(f"{full} ({login})" if full else login),
        "id": user.pk,
        **({"unit": unit} if unit else {}),
    }


def _clean(words: str) -> str:
    """Without what JSON in PostgreSQL can't hold, and not without end."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()[:_LONGEST]
