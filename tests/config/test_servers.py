"""The embedded servers: passwords hold, data survive kills, stale locks do not stop a start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from config.servers import pair
from config.servers.home import AlreadyRunningError, Home
from config.servers.parts import Part


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr("config.servers.home.FOR_ROOT", tmp_path / "for-root")
    for directory in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        directory.chmod(0o755)
    home = Home(tmp_path / "home")
    home.create()
    return home


@pytest.fixture
def servers(home: Home) -> Iterator[tuple[dict[str, str], list[Part]]]:
    urls, parts = pair.kept(home, {})
    yield urls, parts
    pair.stop(parts)


def test_data_survive_a_kill_of_both_servers(home: Home, servers: tuple[dict[str, str], list[Part]]) -> None:
    urls, parts = servers
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    for part in parts:
        assert part.process is not None
        os.kill(part.process.pid, 9)
        part.process.wait()
        part.start()
    parts[0].wait_until(lambda: _rows(urls["DATABASE_OWNER_URL"]) == 1000, seconds=30)


def _rows(url: str) -> int:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute("SELECT count(*) FROM kept").fetchone()
            return row[0] if row else -1
    except psycopg.OperationalError:
        return -1


def test_a_lock_file_with_a_living_strangers_number_does_not_stop_a_start(home: Home) -> None:
    urls, parts = pair.kept(home, {})
    pair.stop(parts)
    stale = parts[0].cwd / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{parts[0].cwd}\n")
    urls, parts = pair.kept(home, {})
    try:
        psycopg.connect(urls["DATABASE_URL"]).close()
    finally:
        pair.stop(parts)


def test_trigrams_know_cyrillic_letters(servers: tuple[dict[str, str], list[Part]]) -> None:
    with psycopg.connect(servers[0]["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT similarity('Қазақстан', 'Қазақстанға')").fetchone()
    assert row is not None
    assert row[0] > 0.5


def test_a_wrong_password_is_refused_by_both(servers: tuple[dict[str, str], list[Part]]) -> None:
    database, queue = servers[0]["DATABASE_URL"], servers[0]["REDIS_URL"]
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(database.replace("pacta_runtime:", "pacta_runtime:x"))
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(servers[0]["DATABASE_OWNER_URL"].replace("pacta:", "pacta:x"))
    with pytest.raises(AuthenticationError):
        Redis.from_url(queue.replace("redis://:", "redis://:x")).ping()


def test_the_application_signs_in_as_a_role_that_owns_nothing(servers: tuple[dict[str, str], list[Part]]) -> None:
    with psycopg.connect(servers[0]["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT session_user, rolsuper FROM pg_roles WHERE rolname = session_user").fetchone()
        assert row == ("pacta_runtime", False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (n int)")


def test_redis_never_drops_a_task_for_want_of_memory(servers: tuple[dict[str, str], list[Part]]) -> None:
    queue = Redis.from_url(servers[0]["REDIS_URL"], decode_responses=True)
    assert queue.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_secrets_are_made_once_and_only_their_owner_may_read_them(home: Home) -> None:
    secret = home.secret("secret_key")
    assert Home(home.path).secret("secret_key") == secret
    assert len(secret) >= 40
    assert (home.path / "secrets.json").stat().st_mode & 0o077 == 0


def test_given_servers_are_used_and_none_is_started(home: Home) -> None:
    given = {"DATABASE_URL": "postgres://a@b/c", "REDIS_URL": "redis://d/0"}
    assert pair.kept(home, given) == (given, [])


def test_a_home_has_one_user_at_a_time(home: Home) -> None:
    home.lock()
    with pytest.raises(AlreadyRunningError, match="already running"):
        Home(home.path).lock()
