"""People who upload the same file at the same moment, through the web server, for the drill of the intake."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.drill.ingest_comparing import expected, on_record, orphans
from tests.drill.rig import Rig

_ADD = "/admin/tracker/instrument/add/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Officers:
    """People of the installation; the first can bring files in without a browser (`ingest_bringing`)."""

    def __init__(self, process: subprocess.Popen[str], people: int) -> None:
        self._process, self.names = process, [f"officer{each}" for each in range(people)]
        self.password = secrets.token_urlsafe(16)
        self._say(json.dumps({"number": people, "password": self.password}))

    def bring(self, paths: list[Path]) -> None:
        """Bring these in; returns when all are kept."""
        for path in paths:
            self._say(str(path))

    def _say(self, line: str) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        if not self._process.stdout.readline():
            raise RuntimeError("whoever brings documents in has ended")


class Browser:
    """One person who has signed in, with the cookies of that; every request has a connection of its own."""

    def __init__(self, port: int, name: str, password: str) -> None:
        self._port, self._cookies = port, dict[str, str]()
        token = _TOKEN.search(self.ask("GET", "/login/")[1])
        assert token
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token[1]}
        status, _ = self.ask("POST", "/login/", urlencode(form).encode(), "application/x-www-form-urlencoded")
        if status != 302:
            raise RuntimeError(f"{name} could not sign in: {status}")

    def upload(self, path: Path) -> int:
        """Send the form on which documents are brought in; the status of the answer (302 where it was kept)."""
        edge = secrets.token_hex(16)
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._cookies["csrf"]}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="documents"; filename="{path.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + path.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        return self.ask("POST", _ADD, body, f"multipart/form-data; boundary={edge}")[0]

    def ask(self, method: str, address: str, body: bytes = b"", kind: str = "text/plain") -> tuple[int, str]:
        """The status and the words of an answer."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            connection.request(method, address, body, {"Cookie": cookies, "Content-Type": kind, "Connection": "close"})
            answer = connection.getresponse()
            words = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self._cookies.update({name: each.value for name, each in SimpleCookie(line).items()})
            return answer.status, words
        finally:
            connection.close()


@dataclass(frozen=True)
class Together:
    """What came of the uploads: how many answers of each status, and what is on record."""

    documents: int
    times: int
    answers: Counter[int]
    endings: Counter[str]
    whole: int
    surplus: int
    orphans: int
    slowest: float
    seconds: float

    @property
    def right(self) -> bool:
        """Whether each is on record once and everybody else was led to it."""
        others = self.documents * (self.times - 1)
        clean = self.whole == self.documents and not self.surplus and not self.orphans
        return (
            clean
            and self.answers == {302: others + self.documents}
            and self.endings
            == {
                "stored": self.documents,
                "known": others,
            }
        )

    def __str__(self) -> str:
        answers, endings = (
            ", ".join(f"{number} {name}" for name, number in sorted(counted.items()))
            for counted in (self.answers, self.endings)
        )
        return (
            f"{self.documents} documents uploaded {self.times} times in parallel (answers: {answers}; slowest"
            f" {self.slowest:.1f} s): {self.whole} whole, {self.surplus} too many, {self.orphans} orphans; uploads:"
            f" {endings} ({self.seconds:.0f} s in all)"
        )


def together(whole: Rig, officers: Officers, files: list[Path], settle: Callable[[], float]) -> Together:
    """Let everybody upload each file at the same moment; count when all are read."""
    began, port, times = time.monotonic(), whole.start_web(), len(officers.names)
    browsers = [Browser(port, name, officers.password) for name in officers.names]
    start, answers, slowest = threading.Barrier(times), list[int](), list[float]()

    def work(browser: Browser) -> None:
        for path in files:
            start.wait(120)
            asked = time.monotonic()
            try:
                answers.append(browser.upload(path))
            except OSError:
                answers.append(0)
            slowest.append(time.monotonic() - asked)

    threads = [threading.Thread(target=work, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle()
    wanted = expected(files)
    with whole.connect() as session:
        found, left = on_record(session), orphans(session)
        ended = session.execute("SELECT state, ending FROM tracker_upload").fetchall()
    return Together(
        documents=len(files),
        times=times,
        answers=Counter(answers),
        endings=Counter(ending or state for state, ending in ended),
        whole=sum(wanted.get(sha256) == kept for sha256, kept in found),
        surplus=int(whole.query("SELECT count(*) FROM tracker_instrument")) - len(files),
        orphans=left,
        slowest=max(slowest),
        seconds=time.monotonic() - began,
    )
