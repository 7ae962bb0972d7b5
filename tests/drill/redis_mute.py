"""A line to Redis that can go mute: what is sent is swallowed and nothing is closed, as when a firewall forgets it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator


class Line:
    """A proxy on 127.0.0.1 before a server of this machine. Connections that were muted stay so for good, also after
    `heal`: they are the half-open ones, which only a time-out can tell."""

    def __init__(self, to: int) -> None:
        self.port, self._to = 0, to
        self._muted = False
        self._cut: set[int] = set()
        self._open: set[int] = set()
        self._count = 0

    def mute(self) -> None:
        """Swallow everything on every connection there is, and on new ones until `heal`."""
        self._muted = True
        self._cut |= self._open

    def heal(self) -> None:
        """Serve new connections again."""
        self._muted = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        self._count += 1
        mine = self._count
        self._open.add(mine)
        if self._muted:
            self._cut.add(mine)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
            answers = asyncio.ensure_future(self._carry(mine, there, writer))
            await self._carry(mine, reader, back)
            answers.cancel()
            back.close()
        except OSError:
            if mine in self._cut:  # who is cut off hears not even that nobody is there
                await self._carry(mine, reader, None)
        finally:
            self._open.discard(mine)
            self._cut.discard(mine)
            writer.close()

    async def _carry(self, mine: int, source: asyncio.StreamReader, to: asyncio.StreamWriter | None) -> None:
        """Carry what comes until its sender ends; the end is told on unless the connection is cut."""
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if mine not in self._cut and to:
                    to.write(data)
                    await to.drain()
        if to and mine not in self._cut:
            to.close()


@contextlib.contextmanager
def line(to: int) -> Iterator[Line]:
    """A line to a port of this machine, served in a thread."""
    made, loop, started = Line(to), asyncio.new_event_loop(), threading.Event()
    ends: list[asyncio.Event] = []

    async def serve() -> None:
        ends.append(asyncio.Event())
        server = await asyncio.start_server(made.serve, "127.0.0.1", 0, backlog=512)
        made.port = server.sockets[0].getsockname()[1]
        started.set()
        await ends[0].wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not started.wait(10):
        raise RuntimeError("the line could not be laid")
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(ends[0].set)
        thread.join(10)
