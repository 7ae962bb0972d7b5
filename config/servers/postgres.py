"""One embedded PostgreSQL: a cluster on 127.0.0.1 with a random password."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile

import psycopg
from psycopg import sql

from config.servers.parts import Part, PartError, as_user
from config.servers.programs import account

NAME = "pacta"
"""The role that owns the tables and changes them, and its database."""
RUNTIME = "pacta_runtime"
"""The role that the application runs as: it may change rows and nothing else (docs/history.md)."""
# A test's database is thrown away, so nothing need reach the disk.
HASTE = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


def url(port: int, password: str, database: str = NAME, *, role: str = NAME) -> str:
    """The address that Django, Celery and psql all take."""
    return f"postgres://{role}:{password}@127.0.0.1:{port}/{database}"


def start(
    tree: Path, data: Path, log: Path, *, port: int, password: str, runtime_password: str = "", durable: bool = True
) -> Part:
    """Start a server on the cluster in `data` (made if missing) with the database `pacta`; raises PartError.

    With a `runtime_password` the application's role may sign in by it.
    """
    if not data.exists():
        _initialise(tree, data, password)
    part = Part(
        name="PostgreSQL",
        argv=[
            str(tree / "bin/postgres"),
            *("-D", str(data), "-p", str(port), "-h", "127.0.0.1"),
            *("-c", "unix_socket_directories="),
            *(() if durable else HASTE),
        ],
        cwd=data,
        log=log,
        env=_environment(),
        stop_signal=signal.SIGINT,  # "fast": ends the sessions, keeps the data
        orphan_signal=signal.SIGINT,
        patience=20,
        user=account(),
        # PostgreSQL takes any living process with the number in here for a rival, also after the machine restarted.
        stale=data / "postmaster.pid",
    )
    part.start()
    part.wait_until(lambda: _answers(port, password), seconds=60)
    _create_database(port, password)
    if runtime_password:
        _let_the_application_sign_in(port, password, runtime_password)
    return part


def _initialise(tree: Path, data: Path, password: str) -> None:
    """Make the cluster beside its place and rename it when complete: a killed start leaves no half cluster."""
    half = data.with_name(data.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700, parents=True)
    user = account()
    if user:
        os.chown(half, *user)
    with NamedTemporaryFile("w", dir=half.parent, prefix="pw-") as secret:
        secret.write(password)
        secret.flush()
        if user:
            os.chown(secret.name, *user)
        # C.UTF-8 and not C: trigram similarity knows no Cyrillic letter in the locale C.
        done = subprocess.run(
            [
                str(tree / "bin/initdb"),
                *("-D", str(half), "-U", NAME, "--pwfile", secret.name, "-A", "scram-sha-256"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            cwd=half,
            env=_environment(),
            check=False,
            **as_user(user),
        )
    if done.returncode:
        raise PartError(f"initdb failed:\n{done.stderr.strip()[-2000:]}")
    half.rename(data)


def _environment() -> dict[str, str]:
    """Only what the server needs: PG* variables of the caller's shell would change what it does."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _answers(port: int, password: str) -> bool:
    try:
        psycopg.connect(url(port, password, "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _create_database(port: int, password: str) -> None:
    with psycopg.connect(url(port, password, "postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{NAME}"')


def _let_the_application_sign_in(port: int, password: str, runtime_password: str) -> None:
    with psycopg.connect(url(port, password, "postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [RUNTIME]).fetchone()
        change = sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
            sql.SQL("ALTER" if known else "CREATE"), sql.Identifier(RUNTIME), sql.Literal(runtime_password)
        )
        connection.execute(change)
