"""The home of one installation: `.pacta/` beside the project or PACTA_HOME. Secrets, ports, logs and the lock lie here.

.pacta/lock            held while a supervisor runs
.pacta/secrets.json    made at the first start, mode 600: passwords, ports, where the servers' data are
.pacta/env             the variables that Django reads, mode 600, so that `manage.py` works beside a running Pacta
.pacta/logs/  work/    one log, one working directory a part
.pacta/servers/        the data of PostgreSQL and Redis
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.servers.parts import as_user
from config.servers.programs import account

PROJECT = Path(__file__).resolve().parents[2]
FOR_ROOT = Path("/var/lib/pacta")


class HomeError(Exception):
    """The home can't be used; the message says why and what to do."""


class AlreadyRunningError(HomeError):
    """Another process holds the home's lock."""


@dataclass(frozen=True)
class Home:
    """A directory that is ours."""

    path: Path

    @classmethod
    def from_environment(cls) -> Home:
        """PACTA_HOME, else `.pacta` in the project."""
        return cls(Path(os.environ.get("PACTA_HOME") or PROJECT / ".pacta").resolve())

    def create(self) -> None:
        """Make the directory; raises HomeError where that is not allowed."""
        try:
            # 711 for root: the servers run as `nobody` and pass through; the secrets inside are mode 600.
            self.path.mkdir(mode=0o711 if account() else 0o700, parents=True, exist_ok=True)
            for name in ("logs", "work", "mail"):
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise HomeError(f"can't write {self.path}: {error.strerror}; set PACTA_HOME to another place") from error

    def lock(self) -> None:
        """Take the lock for as long as this process lives; raises AlreadyRunningError if another has it."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise AlreadyRunningError(f"Pacta is already running from {self.path}") from error

    def kept(self, name: str, new: str) -> str:
        """The value kept under `name`, which is `new` if there was none."""
        values = self._values()
        if name not in values:
            values[name] = new
            self.write("secrets.json", json.dumps(values, indent=1))
        return values[name]

    def secret(self, name: str) -> str:
        """A random secret of 256 bits, made once."""
        return self.kept(name, secrets.token_urlsafe(32))

    def port(self, name: str, wish: int = 0, *, insist: bool = False) -> int:
        """The port of the last start, or `wish` (first with `insist`), if free; else a free one. Kept for next time."""
        values = self._values()
        before = wish if insist else int(values.get(name, wish))
        port = before if before and port_is_free(before) else free_port()
        self.write("secrets.json", json.dumps(values | {name: str(port)}, indent=1))
        return port

    def write(self, name: str, text: str) -> None:
        """Write a private file whole or not at all."""
        with tempfile.NamedTemporaryFile("w", dir=self.path, prefix=f"{name}.", delete=False) as file:
            file.write(text)
        Path(file.name).replace(self.path / name)

    def variables(self) -> dict[str, str]:
        """What `env` holds: the variables of the Pacta that runs from here."""
        lines = (self.path / "env").read_text().splitlines() if (self.path / "env").exists() else []
        return dict(line.split("=", 1) for line in lines)

    def servers(self) -> Path:
        """Where the servers' data are: in the home, but for root where `nobody` can't pass, below /var/lib/pacta.

        The choice is made at the first start and kept, so that a later change of modes never hides the data.
        """
        inside = self.path / "servers"
        if account() is None or "servers" in self._values() or _nobody_may_pass(self.path):
            chosen = Path(self.kept("servers", str(inside)))
        else:
            mark = hashlib.sha256(str(self.path).encode()).hexdigest()[:8]
            chosen = Path(self.kept("servers", str(FOR_ROOT / f"{PROJECT.name}-{mark}")))
        chosen.mkdir(mode=0o711 if account() else 0o700, parents=True, exist_ok=True)
        return chosen

    def _values(self) -> dict[str, str]:
        try:
            values: dict[str, str] = json.loads((self.path / "secrets.json").read_text())
        except FileNotFoundError:
            return {}
        except json.JSONDecodeError as error:
            raise HomeError(f"{self.path / 'secrets.json'} is damaged ({error}); restore it from a copy") from error
        return values


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether a server could listen on the port of 127.0.0.1."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _nobody_may_pass(directory: Path) -> bool:
    asked = ["/usr/bin/env", "-C", str(directory), "true"]
    status: int = subprocess.run(asked, capture_output=True, check=False, cwd="/", **as_user(account())).returncode
    return status == 0
