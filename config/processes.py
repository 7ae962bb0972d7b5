"""Our own three processes beside the servers: the web server, the Celery worker, beat."""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from config.servers.home import PROJECT, Home
from config.servers.parts import Part

QUEUES = "sweep,ingest,outbox"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 -- looked at, not written to


def processes(home: Home, environment: dict[str, str], port: int) -> list[Part]:
    """The parts in the order of starting; not started yet."""
    environment = {**environment, "PYTHONPATH": str(PROJECT)}

    def part(name: str, arguments: list[str], patience: float) -> Part:
        return Part(
            name=f"The {name}",
            argv=[sys.executable, "-m", *arguments],
            cwd=home.path / "work" / name.replace(" ", "-"),
            log=home.path / "logs" / f"{name.replace(' ', '-')}.log",
            env=environment,
            patience=patience,
        )

    return [
        part("web server", web(f"127.0.0.1:{port}"), patience=15),
        # Warm: the worker finishes the task it has.
        part("worker", worker(), patience=60),
        part("beat", beat(), patience=10),
    ]


def web(address: str) -> list[str]:
    """gunicorn's arguments."""
    return [
        *("gunicorn", "config.wsgi:application", "--bind", address),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"),
        *("--graceful-timeout", "10", "--no-control-socket"),
    ]


def worker(concurrency: int = 3) -> list[str]:
    """The Celery worker's arguments. Processes need shared memory for their locks; where an account may not write
    there, threads do the work.
    """
    pool = "prefork" if os.access(SHARED_MEMORY, os.W_OK) else "threads"
    return [
        *("celery", "-A", "config", "worker", "--queues", QUEUES, "--loglevel", "INFO"),
        *("--pool", pool, "--concurrency", str(concurrency), "--without-gossip", "--without-mingle"),
    ]


def beat() -> list[str]:
    """Beat's arguments; its lock file lies in the working directory, so there is none."""
    return ["celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile", ""]


def answers(port: int) -> bool:
    """Whether a web server answers on the port, whatever it says."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
