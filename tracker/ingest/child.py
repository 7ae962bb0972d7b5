"""The parser in a process of its own: no secret in its environment, a limit on its memory and time, no trust in it."""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from clauses import UnreadableError, nodes
from clauses.confined import MORE
from clauses.text import LARGEST_FILE
from clauses.text.errors import FAULTS, PLACES, needed_for
from clauses.wire import from_wire

SECONDS = 30.0
"""How long a document may take."""

SECONDS_OF_PDF = 300.0
"""How long a PDF may take, whose pages may have to be read as pictures; processor time is limited all the same."""

_LARGEST_ANSWER = 256 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]
_KEPT = 1
# what tesseract and Python need to start; everything else stays here
_PASSED_ON = ("PATH", "LANG", "TZ", "TESSDATA_PREFIX")
_LONGEST_VALUE = 300
_log = logging.getLogger(__name__)


class ParserFailedError(Exception):
    """A fault of the parser itself; the message is the name of the fault, `where` its traceback."""

    def __init__(self, fault: str, where: str = "") -> None:
        super().__init__(fault)
        self.where = where


def parse(data: bytes, *, name: str, signed_on: dt.date | None = None) -> nodes.Instrument:
    """What `clauses.parse` finds in a document, found by another process.

    Raises UnreadableError, with a remedy, where no text can be had, and also where the reading took too much time or
    memory or was killed; ParserFailedError for a fault of the parser.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableError("file_too_large", name=name, megabytes=LARGEST_FILE // 1024 // 1024)
    request = json.dumps({"name": name, "signed_on": signed_on.isoformat() if signed_on else None})
    seconds = SECONDS_OF_PDF if b"%PDF-" in data[:1024] else SECONDS
    with _reader() as reader:
        answer = reader.ask(request.encode("ascii"), data, seconds, name)
    return _instrument(answer, name)


def _instrument(answer: bytes, name: str) -> nodes.Instrument:
    try:
        match json.loads(answer):
            case {"read": packed}:
                return from_wire(packed)
            case {"unreadable": [str(code), dict(values)]}:
                raise _unreadable(code, values, name)
            case {"exceeded": _}:
                raise UnreadableError("takes_memory", name=name)
            case {"failed": [str(fault), str(where)]}:
                raise ParserFailedError(fault[:100], where[:5000])
    except (UnreadableError, ParserFailedError):
        raise
    except (ValueError, RecursionError, TypeError) as error:
        raise ParserFailedError("an answer that makes no sense") from error
    raise ParserFailedError("an answer that makes no sense")


def _unreadable(code: str, values: dict[str, object], name: str) -> UnreadableError:
    """The refusal that the other process tells of, its words cut short. Raises ValueError for what is none."""
    needed = needed_for(code) if code in FAULTS else frozenset({"a code that is known"})
    told = {key: _short(value) for key, value in values.items() if key in needed or key in PLACES}
    if not needed <= told.keys():
        raise ValueError(f"no refusal: {code[:50]!r}")
    return UnreadableError(code, **{**told, "name": name})


def _short(value: object) -> str | int:
    return value if isinstance(value, int) and abs(value) < _LARGEST_ANSWER else str(value)[:_LONGEST_VALUE]


class _Reader:
    """A process that reads documents, one after the other, each in a fork of its own (see `clauses.confined`)."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "clauses.confined"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={**environment, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OMP_THREAD_LIMIT": "1"},
            start_new_session=True,  # so that it can be ended with all that it has started
        )

    def ask(self, request: bytes, data: bytes, seconds: float, name: str) -> bytes:
        """Have a document read. Raises UnreadableError where that ended badly; the reader is of no more use then."""
        late = threading.Event()
        clock = threading.Timer(seconds, self._end_late, (late,))
        clock.start()
        try:
            return self._exchange(request, data)
        except OSError as error:
            self._process.wait(seconds)
            raise UnreadableError(self._fault(late.is_set()), name=name) from error
        finally:
            clock.cancel()

    def _exchange(self, request: bytes, data: bytes) -> bytes:
        writer, answers = self._process.stdin, self._process.stdout
        if writer is None or answers is None:
            raise BrokenPipeError
        writer.write(MORE + len(request).to_bytes(8, "big") + request + len(data).to_bytes(8, "big"))
        writer.write(data)
        writer.flush()
        size = int.from_bytes(answers.read(8), "big")
        answer = answers.read(size) if size <= _LARGEST_ANSWER else b""
        if not size or len(answer) < size:
            raise BrokenPipeError("the answer breaks off")
        return answer

    def _end_late(self, late: threading.Event) -> None:
        late.set()
        self.end()

    def _fault(self, late: bool) -> str:
        ended = self._process.returncode
        if late or ended == 128 + signal.SIGXCPU:
            return "takes_time"
        _log.warning("ingest_reader_died", extra={"status": ended})
        return "breaks_reader"

    def is_ready(self) -> bool:
        """Whether it lives and is ours, not one of the process that this one was forked from."""
        return self.owner == os.getpid() and self._process.poll() is None

    def end(self) -> None:
        """Kill it and all that it has started."""
        if self.owner != os.getpid():
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it and wait until it is gone."""
        self.end()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        if self.owner == os.getpid():
            self._process.wait()


_idle: deque[_Reader] = deque()


@contextlib.contextmanager
def _reader() -> Iterator[_Reader]:
    """A reader that nobody else uses. It is kept for the next document where all went well, and ended where not."""
    reader = _taken() or _Reader()
    try:
        yield reader
    except BaseException:
        reader.close()
        raise
    if len(_idle) < _KEPT:
        _idle.append(reader)
    else:
        reader.close()


def _taken() -> _Reader | None:
    while _idle:
        with contextlib.suppress(IndexError):  # another thread was faster
            reader = _idle.pop()
            if reader.is_ready():
                return reader
            reader.close()
    return None


@atexit.register
def _close() -> None:
    """End the readers that are kept."""
    while _idle:
        _idle.pop().close()
