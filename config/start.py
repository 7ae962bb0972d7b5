"""What `bin/run` does: servers, tables, files, follow-ups; then web server, worker and beat, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.processes import answers, processes
from config.servers import pair
from config.servers.home import PROJECT, AlreadyRunningError, Home, HomeError, port_is_free
from config.servers.parts import Part, PartError
from config.servers.programs import MissingProgramError
from config.supervisor import StopAskedError, heed_signals, say, stop, watch

SAMPLES = PROJECT / "tracker" / "samples"
USUAL_PORT = 8000


class StepError(Exception):
    """A step failed; the message holds what it printed."""


def main(arguments: list[str]) -> int:
    """Exit status: 0; 1 if a file could not be read (`--once`); 2 if Pacta can't start; 130 if stopped on the way."""
    asked = _parser().parse_args(arguments)
    files = [Path(file).resolve() for file in asked.files]
    heed_signals()
    try:
        home = Home.from_environment()
        home.create()
        return _once(home, files) if asked.once else _serve(home, files)
    except (HomeError, PartError, MissingProgramError, StepError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except StopAskedError:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Start Pacta: read the FILEs (the samples at the very first start), show what was promised and "
        "what needs following up, and serve the dashboard until Ctrl-C.",
        epilog="Variables: PACTA_PORT, PACTA_HOME, DATABASE_URL, REDIS_URL and others; see docs/operate.md.",
    )
    parser.add_argument("--once", action="store_true", help="read, show, and end; no servers are left on")
    parser.add_argument("files", nargs="*", metavar="FILE", help="a statement, treaty or readout: txt, html, docx, pdf")
    return parser


def _once(home: Home, files: list[Path]) -> int:
    """Read the files and sweep, beside a running Pacta if there is one; 1 if a file could not be read."""
    try:
        home.lock()
    except AlreadyRunningError:
        return _read_and_sweep(home, {**home.variables(), **os.environ}, files)
    with _servers(home) as (environment, _):
        return _read_and_sweep(home, environment, files)


def _serve(home: Home, files: list[Path]) -> int:
    """Run everything until a signal asks to stop."""
    try:
        home.lock()
    except AlreadyRunningError as error:
        remedy = "Stop it first, or read files beside it with: bin/run --once FILE…"
        raise HomeError(f"{error}, at http://127.0.0.1:{home.kept('web_port', '?')}/\n{remedy}") from error
    port = _web_port(home)
    with _servers(home) as (environment, servers):
        environment.setdefault("SITE_URL", f"http://127.0.0.1:{port}")  # the links in mails and feeds
        parts = processes(home, _without_the_owner(environment), port)
        try:
            # They start up while the files are read.
            for part in parts:
                part.start()
            _read_and_sweep(home, environment, files)
            with _step("Waiting for the web server"):
                parts[0].wait_until(lambda: answers(port), seconds=60)
            _show_addresses(port)
            _manage(environment, "first_admin")
            say("\nCtrl-C stops everything.")
            watch([*servers, *parts])
        except StopAskedError:
            say("\nStopping …")
        finally:
            stop(parts)
    say(f"Stopped. The records are kept in {home.path}.")
    return 0


@contextmanager
def _servers(home: Home) -> Iterator[tuple[dict[str, str], list[Part]]]:
    """The environment of Django's processes with servers that run and tables that are up to date; and those servers."""
    with _step("Starting PostgreSQL and Redis"):
        urls, servers = pair.kept(home, os.environ)
    try:
        settings = {
            **{name: url for name, url in urls.items() if not os.environ.get(name)},
            "SECRET_KEY": home.secret("secret_key"),
            "HTTPS": "false",  # we serve on 127.0.0.1 only
        }
        home.write("env", "".join(f"{name}={value}\n" for name, value in settings.items()))
        environment = {**settings, **os.environ, "PACTA_HOME": str(home.path)}
        with _step("Bringing the tables up to date"):
            _manage_quietly(environment, "migrate", "--no-input")
        yield environment, servers
    finally:
        stop(servers)


def _without_the_owner(environment: dict[str, str]) -> dict[str, str]:
    """What serves people has no way to become the owner of the tables."""
    return {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}


def _read_and_sweep(home: Home, environment: dict[str, str], files: list[Path]) -> int:
    """Read the files, or the samples if this home never did; raise what needs following up. 1 if a file failed."""
    known = home.path / "samples-read"
    if not files and not known.exists():
        files = sorted(path for path in SAMPLES.iterdir() if path.is_file())
        say(f"No file was given: reading the {len(files)} samples in {SAMPLES.relative_to(PROJECT)}/")
    status = _manage(environment, "ingest", *map(str, files)) if files else 0
    known.touch()
    _manage(environment, "sweep")
    return min(status, 1)


def _show_addresses(port: int) -> None:
    rooms = (("Dashboard", ""), ("Admin", "admin/"), ("API", "api/v1/docs/"), ("Health", "healthz"))
    say("")
    for name, path in rooms:
        say(f"  {name:<10} http://127.0.0.1:{port}/{path}")


def _web_port(home: Home) -> int:
    """PACTA_PORT, else the port of the last start, else 8000, else a free one."""
    wish = os.environ.get("PACTA_PORT", "")
    if not wish:
        return home.port("web_port", USUAL_PORT)
    if not wish.isdecimal() or not 0 < int(wish) < 65536:
        raise HomeError(f"PACTA_PORT is {wish!r}. Give a number from 1 to 65535.")
    if not port_is_free(int(wish)):
        raise HomeError(f"PACTA_PORT is {wish}, where another program listens. Give another, or leave it out.")
    return home.port("web_port", int(wish), insist=True)


def _manage(environment: dict[str, str], *arguments: str) -> int:
    """Run a command of manage.py that speaks for itself; its exit status."""
    command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


def _manage_quietly(environment: dict[str, str], *arguments: str) -> None:
    """Run a command of manage.py that must succeed; what it printed is shown only if it fails."""
    command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise StepError(f"manage.py {arguments[0]} failed:\n{(done.stdout + done.stderr).strip()[-4000:]}")


@contextmanager
def _step(what: str) -> Iterator[None]:
    """One line: what is being done, and the seconds it took."""
    sys.stdout.write(f"{what} … ")
    sys.stdout.flush()
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
