"""`python -m clauses.confined`: documents from standard input, each parsed in a process of its own with limits.

For a program that must not parse a stranger's file itself. This process never looks at a document. It loads the
parser once; for each document it forks, and the fork has a limit of memory and of processor time, may write no file,
parses, answers and ends. A fork that is killed takes this process with it: its exit status says how
(128 + the signal's number).

What comes in, for each document: the byte `MORE`, then two frames (a request as JSON, the document); what goes out:
one frame of JSON. A frame is its length as eight bytes, big-endian, and its bytes.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import resource
import sys
import tempfile
import traceback
from typing import Any

from clauses.parse import parse
from clauses.text import LARGEST_FILE, UnreadableError
from clauses.wire import to_wire

MEMORY = 768 * 1024 * 1024
"""Bytes of address space that the parsing of one document may take."""

PROCESSOR_SECONDS = 20
"""Processor time that it may take; each program that reads a picture of a page has as much of its own."""

MORE = b"+"
"""Says that a document follows."""

_LARGEST_REQUEST = 64 * 1024
# One sentence a language, so that its tables are in memory before most documents come. A language that has none here
# is read as well, only more slowly each time.
_EXAMPLES = (
    "The Parties will open a consulate in Almaty by 1 May 2026.",
    "Стороны откроют консульство в Алматы до 1 мая 2026 года.",
    "Тараптар 2026 жылғы 1 мамырға дейін Алматыда консулдық ашады.",
    "Les Parties ouvriront un consulat.",  # asks the model for the language
)


def main() -> int:
    """Serve until standard input ends; the exit status of the fork where one did not end well."""
    tempfile.tempdir = os.sep  # a library asks for one when it is loaded, and none of ours may be written to
    warm = False
    while os.read(0, 1) == MORE:
        status = _in_a_fork()
        if status:
            return status
        if not warm:  # after the first answer: whoever has one document does not wait for it
            warm = True
            for example in _EXAMPLES:
                parse(example)
            gc.freeze()  # what is loaded by now is shared with every fork, and not copied
    return 0


def _in_a_fork() -> int:
    """Let a fork serve one document; how it ended, 0 where it answered."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _limit()
            _serve()
            code = 0
        finally:
            os._exit(code)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return 128 - ended if ended < 0 else ended


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _serve() -> None:
    request = json.loads(_frame(_LARGEST_REQUEST))
    answer = _answer(_frame(LARGEST_FILE + 1), **request)
    words = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    _write(len(words).to_bytes(8, "big"))
    _write(words)


def _answer(data: bytes, name: str, signed_on: str | None) -> dict[str, Any]:
    """What became of a document: it was `read`, or is `unreadable`, or was too much, or the parser `failed`."""
    try:
        day = dt.date.fromisoformat(signed_on) if signed_on else None
        return {"read": to_wire(parse(data, name=name, signed_on=day))}
    except UnreadableError as error:
        return {"unreadable": [error.code, error.values]}
    except MemoryError:
        return {"exceeded": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever it is, the other side must hear of it
        return {"failed": [type(error).__name__, "".join(traceback.format_tb(error.__traceback__)[-8:])]}


def _frame(most: int) -> bytes:
    size = int.from_bytes(_exactly(8), "big")
    if size > most:
        raise ValueError(f"a frame of {size} bytes")
    return _exactly(size)


def _exactly(size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        some = os.read(0, min(size - len(data), 1 << 20))
        if not some:
            raise EOFError
        data += some
    return bytes(data)


def _write(data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(1, left) :]


if __name__ == "__main__":
    sys.exit(main())
