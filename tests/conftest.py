"""What every test may use. `bin/test` has started PostgreSQL and Redis and names them in the environment."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """A test that reaches the database starts with no throttle counts of the test before."""
    if "django_db_setup" in request.fixturenames:
        from django.core.cache import cache

        cache.clear()


@pytest.fixture(scope="session")
def runtime_url(django_db_setup: None) -> Iterator[str]:
    """The address of the tests' database for a role that may do what the application's role may, and no more."""
    from django.conf import settings

    role, password = f"pacta_test_{secrets.token_hex(6)}", secrets.token_hex(16)
    parts = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}' IN ROLE pacta_runtime")
        place = parts.netloc.rpartition("@")[2]
        yield urlunsplit(
            parts._replace(netloc=f"{role}:{password}@{place}", path=f"/{settings.DATABASES['default']['NAME']}")
        )
        owner.execute(f"DROP ROLE {role}")


@pytest.fixture
def celery_environment(transactional_db: None, runtime_url: str) -> dict[str, str]:
    """The environment in which another process, as the application's role, sees this test's database (rows must be
    committed: no rollback here)."""
    from django.conf import settings

    return {
        **os.environ,
        "DATABASE_URL": runtime_url,
        "SECRET_KEY": settings.SECRET_KEY,
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def celery_processes(
    celery_environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., list[subprocess.Popen[bytes]]]]:
    """Start a real worker and a real beat: `worker, beat = celery_processes(beat_seconds=1)`; ended after the test.

    `beat_seconds` rings the sweep more often than each minute. The queue is emptied first. Logs lie in tmp_path.
    """
    from config.celery import app
    from config.processes import beat, worker

    started: list[subprocess.Popen[bytes]] = []

    def start(beat_seconds: float = 1.0) -> list[subprocess.Popen[bytes]]:
        app.control.purge()
        environment = {**celery_environment, "SWEEP_SECONDS": str(beat_seconds)}
        for name, arguments in (("worker", worker(concurrency=1)), ("beat", beat())):
            with (tmp_path / f"{name}.log").open("wb") as log:
                command = [sys.executable, "-m", *arguments]
                started.append(
                    subprocess.Popen(
                        command, env=environment, cwd=tmp_path, stdout=log, stderr=log, start_new_session=True
                    )
                )
        return started

    yield start
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
