"""Receivers on this machine: of webhooks, kind and unkind, and of mail. They note everything that reaches them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.servers.home import free_port

FAILURES = ("500", "429", "reset", "hang", "drip")


@dataclass(frozen=True)
class Received:
    """One webhook as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    mode: str

    @property
    def event(self) -> str:
        return self.headers.get("webhook-id", "")


@dataclass
class Receiver:
    """A server that answers each request in the way that `mode(path, id, times seen)` says."""

    mode: Callable[[str, str, int], str] = lambda path, event, seen: "200"
    got: list[Received] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    port: int = 0

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def taken(self) -> Counter[str]:
        """How often each event was answered with success."""
        return Counter(each.event for each in self.got if each.mode == "200")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            path, event = first.split(" ")[1], headers.get("webhook-id", "")
            mode = self.mode(path, event, self.seen[event])
            self.seen[event] += 1
            self.got.append(Received(path, headers, body, mode))
            await self._answer(mode, reader, writer)
        writer.close()

    async def _answer(self, mode: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if mode == "hang":
            await reader.read()
        elif mode == "reset":
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        elif mode == "drip":
            for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"." * 10_000:
                writer.write(bytes([letter]))
                await writer.drain()
                await asyncio.sleep(0.05)
        elif mode == "endless":
            writer.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(1000):
                writer.write(b"X-More: " + b"." * 8000 + b"\r\n")
                await writer.drain()
        elif mode == "nonsense":
            writer.write(b"\x00\xff nothing that HTTP knows\r\n\r\n")
        else:
            more = "Location: http://127.0.0.1:1/\r\n" if mode.startswith("3") else ""
            writer.write(f"HTTP/1.1 {mode} -\r\n{more}Content-Length: 2\r\n\r\nok".encode())


@contextmanager
def receiver(mode: Callable[[str, str, int], str] | None = None) -> Iterator[Receiver]:
    """A receiver of webhooks on a free port of 127.0.0.1, served in a thread."""
    served = Receiver(mode) if mode else Receiver()
    loop = asyncio.new_event_loop()
    started = threading.Event()
    ends: list[asyncio.Event] = []

    async def serve() -> None:
        ends.append(asyncio.Event())
        server = await asyncio.start_server(served._serve, "127.0.0.1", 0, backlog=512)
        served.port = server.sockets[0].getsockname()[1]
        started.set()
        await ends[0].wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(ends[0].set)
        thread.join(10)
        loop.close()


@dataclass
class Sink:
    """A mail server. `refuse` says how a recipient is answered, given the times it was tried; None takes it."""

    refuse: Callable[[str, int], str | None] = lambda address, tried: None
    got: list[tuple[list[str], Message]] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    port: int = 0

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self.refuse(address, self.tried[address])
        self.tried[address] += 1
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.got.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content or b"")))  # type: ignore[arg-type]
        return "250 taken"

    def ids(self) -> Counter[str]:
        """How often each mail came, by its Message-ID."""
        return Counter(str(mail["Message-ID"]) for _to, mail in self.got)


@contextmanager
def sink(refuse: Callable[[str, int], str | None] | None = None, **options: Any) -> Iterator[Sink]:
    """A mail server on a free port of 127.0.0.1."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every line of a conversation
    served = Sink(refuse) if refuse else Sink()
    served.port = free_port()
    controller = Controller(served, hostname="127.0.0.1", port=served.port, **options)
    controller.start()
    try:
        yield served
    finally:
        controller.stop()


def event_of(received: Received) -> dict[str, Any]:
    """The message in a webhook."""
    told: dict[str, Any] = json.loads(received.body)
    return told
