"""One embedded Redis (or Valkey) on 127.0.0.1 with a random password."""

from __future__ import annotations

import os
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from config.servers.parts import Part
from config.servers.programs import account


def url(port: int, password: str) -> str:
    """The address; database 0 is Celery's."""
    return f"redis://:{password}@127.0.0.1:{port}/0"


def start(program: Path, data: Path, log: Path, *, port: int, password: str, durable: bool = True) -> Part:
    """Start a server whose files lie in `data`; raises PartError. `durable` keeps an append-only file."""
    user = account()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = Part(
        name="Redis",
        argv=[str(program), str(data / "redis.conf")],
        cwd=data,
        log=log,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        user=user,
    )
    settings = _settings(data, port, password, durable=durable)
    _write_private(data / "redis.conf", settings)
    if user:
        os.chown(data, *user)
        os.chown(data / "redis.conf", *user)
    part.start()
    part.wait_until(lambda: _answers(port, password), seconds=30)
    return part


def _settings(data: Path, port: int, password: str, *, durable: bool) -> str:
    """The configuration file. The password stands here and not in the arguments, which all may read.

    noeviction: any other policy drops queued tasks when memory is short.
    """
    lines = (
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{data}"',
        f"appendonly {'yes' if durable else 'no'}",
        'save ""',
        "maxmemory-policy noeviction",
        "daemonize no",
    )
    return "\n".join(lines) + "\n"


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text)


def _answers(port: int, password: str) -> bool:
    try:
        return bool(Redis.from_url(url(port, password), socket_connect_timeout=1, socket_timeout=2).ping())
    except RedisError:
        return False
