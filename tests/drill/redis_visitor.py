"""A visitor of an installation: signs in and touches, again and again, every page that may have to do with Redis."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_FORM = "application/x-www-form-urlencoded"
_EDGE = "a-line-that-no-document-has"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Measured:
    """How long requests took (seconds, by what was asked), and what was no answer: a server's fault, silence."""

    longest: dict[str, float] = field(default_factory=dict)
    number: Counter[str] = field(default_factory=Counter)
    slow: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float, status: int, bound: float) -> None:
        """One request; `status` 0 is no answer at all."""
        with self.lock:
            self.number[what] += 1
            self.longest[what] = max(seconds, self.longest.get(what, 0.0))
            self.slow[what] += seconds > bound
            if status == 0 or (status >= 500 and what != "/healthz"):
                self.bad[f"{what} {status}"] += 1

    def begin_anew(self) -> float:
        """Forget all so far; the longest of it."""
        with self.lock:
            longest = max(self.longest.values(), default=0.0)
            for each in (self.longest, self.number, self.slow):
                each.clear()
        return longest

    @property
    def worst(self) -> float:
        """The longest request of all."""
        return max(self.longest.values(), default=0.0)


class Visitor:
    """One person with cookies; each request has a connection of its own and is measured."""

    def __init__(self, port: int, password: str, measured: Measured, bound: float = 2.0) -> None:
        self._port, self._password, self._measured, self._bound = port, password, measured, bound
        self._cookies: dict[str, str] = {}
        self._token = ""

    def sign_in(self) -> bool:
        """By the page, with a new session."""
        self._cookies.clear()
        found = _TOKEN.search(self.ask("GET", "/login/")[1])
        if not found:
            return False
        form = {"username": "visitor", "password": self._password, "csrfmiddlewaretoken": found[1]}
        return self.ask("POST", "/login/", urlencode(form).encode(), _FORM)[0] == 302

    def take_token(self) -> bool:
        """Of the API."""
        basic = base64.b64encode(f"visitor:{self._password}".encode()).decode()
        status, words = self.ask("POST", "/api/v1/login/", b"", "application/json", f"Basic {basic}")
        self._token = json.loads(words)["token"] if status == 200 else ""
        return bool(self._token)

    def read(self, address: str) -> int:
        """A page; of the API, with the token."""
        authority = f"Token {self._token}" if address.startswith("/api/") else ""
        return self.ask("GET", address, authority=authority)[0]

    def upload(self, name: str, words: str) -> int:
        """Bring a document in; the status of the answer (302 where it was kept)."""
        parts = [("csrfmiddlewaretoken", "", self._cookies.get("csrf", "")), ("documents", name, words)]
        body = "".join(
            f'--{_EDGE}\r\nContent-Disposition: form-data; name="{field}"'
            + (f'; filename="{file}"\r\nContent-Type: text/plain' if file else "")
            + f"\r\n\r\n{value}\r\n"
            for field, file, value in parts
        )
        kind = f"multipart/form-data; boundary={_EDGE}"
        return self.ask("POST", "/admin/tracker/instrument/add/", f"{body}--{_EDGE}--\r\n".encode(), kind)[0]

    def record(self, commitment: int, on: str) -> bool:
        """Record that a commitment is in progress; whether it was."""
        form = {"csrfmiddlewaretoken": self._cookies.get("csrf", ""), "version": "1", "to": "in_progress"}
        form |= {"on": on, "note": "It was begun.", "evidence": "", "obligor": ""}
        address = f"/admin/tracker/commitment/{commitment}/status/"
        return self.ask("POST", address, urlencode(form).encode(), _FORM)[0] == 302

    def ask(
        self, method: str, address: str, body: bytes = b"", kind: str = "text/plain", authority: str = ""
    ) -> tuple[int, str]:
        """The status and the words of an answer; (0, "") where none came within half a minute."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": kind, "Connection": "close"}
        headers |= {"Authorization": authority} if authority else {}
        began, status, words = time.monotonic(), 0, ""
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            status, words = answer.status, answer.read().decode()
            for each in answer.headers.get_all("Set-Cookie") or []:
                self._cookies.update({name: cookie.value for name, cookie in SimpleCookie(each).items()})
        except (OSError, HTTPException):
            status = 0
        finally:
            connection.close()
        what = re.sub(r"\d+", "N", address if method == "GET" else f"{method} {address}")
        self._measured.note(what, time.monotonic() - began, status, self._bound)
        return status, words
