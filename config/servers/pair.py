"""The two servers together: those given by DATABASE_URL and REDIS_URL, and embedded ones for what is not given."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.servers import postgres, redis
from config.servers.home import Home, free_port
from config.servers.parts import Part
from config.servers.programs import account, postgres_tree, redis_server


def kept(home: Home, given: Mapping[str, str]) -> tuple[dict[str, str], list[Part]]:
    """Start what `given` (the environment) does not name; (its URLs, the started parts). Data stay in `home`.

    An embedded PostgreSQL has two roles: the one of DATABASE_URL may change rows, that of DATABASE_OWNER_URL tables.
    """
    urls = {name: given[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL") if given.get(name)}
    parts: list[Part] = []
    logs = home.path / "logs"
    try:
        if "DATABASE_URL" not in urls:
            place, port, password = home.servers(), home.port("postgres_port"), home.secret("postgres_password")
            tree = postgres_tree(place / "programs")
            runtime, data, log = home.secret("postgres_runtime_password"), place / "postgres", logs / "postgres.log"
            parts.append(postgres.start(tree, data, log, port=port, password=password, runtime_password=runtime))
            urls["DATABASE_URL"] = postgres.url(port, runtime, role=postgres.RUNTIME)
            urls["DATABASE_OWNER_URL"] = postgres.url(port, password)
        if "REDIS_URL" not in urls:
            place, port, password = home.servers(), home.port("redis_port"), home.secret("redis_password")
            program = redis_server(place / "programs")
            parts.append(redis.start(program, place / "redis", logs / "redis.log", port=port, password=password))
            urls["REDIS_URL"] = redis.url(port, password)
    except BaseException:
        stop(parts)
        raise
    return urls, parts


@contextmanager
def throwaway(given: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The URLs of servers whose data are gone afterwards; a redis-server installed here comes before the wheel's.

    The role of their DATABASE_URL owns everything: tests make databases.
    """
    urls = {name: given[name] for name in ("DATABASE_URL", "REDIS_URL") if given.get(name)}
    parts: list[Part] = []
    with tempfile.TemporaryDirectory(prefix="pacta-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        if account():
            place.chmod(0o711)
        try:
            if "DATABASE_URL" not in urls:
                port, password = free_port(), secrets.token_urlsafe(16)
                tree, log = postgres_tree(place / "programs"), place / "postgres.log"
                data = place / "postgres"
                parts.append(postgres.start(tree, data, log, port=port, password=password, durable=False))
                urls["DATABASE_URL"] = postgres.url(port, password)
            if "REDIS_URL" not in urls:
                port, password = free_port(), secrets.token_urlsafe(16)
                program, log = redis_server(place / "programs", prefer_path=True), place / "redis.log"
                data = place / "redis"
                parts.append(redis.start(program, data, log, port=port, password=password, durable=False))
                urls["REDIS_URL"] = redis.url(port, password)
            yield urls
        finally:
            stop(parts)


def stop(parts: list[Part]) -> None:
    """Ask all to stop, then wait for each."""
    for part in parts:
        part.ask_to_stop()
    for part in parts:
        part.finish()


def environment(urls: Mapping[str, str]) -> dict[str, str]:
    """The variables of a Django process beside throw-away servers: plain HTTP, a key of its own."""
    return {"SECRET_KEY": secrets.token_urlsafe(50), "HTTPS": "false", **urls}
