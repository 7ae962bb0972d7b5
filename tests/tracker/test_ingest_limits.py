"""A document is parsed in a process of its own: with limits, without secrets, and without being believed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clauses import UnreadableError, nodes, parse
from clauses.wire import from_wire, to_wire
from tests.clauses.hostile import docx, doubling_forms, pdf
from tests.tracker.readings import reading
from tracker.ingest import child
from tracker.ingest.reading import RefusedError, read

STATEMENT = "1. The Republic of Kazakhstan and Georgia (the Parties) will open a ferry by 1 March 2027."


@pytest.fixture(autouse=True)
def _no_reader_of_another_test() -> Iterator[None]:
    child._close()
    yield
    child._close()


def pids() -> list[int]:
    return [each._process.pid for each in child._idle]


def test_another_process_finds_what_this_one_would() -> None:
    data = STATEMENT.encode()
    assert child.parse(data, name="a.txt") == parse(data, name="a.txt")


def test_one_process_serves_many_documents_and_each_has_a_fork_of_its_own() -> None:
    child.parse(STATEMENT.encode(), name="a.txt")
    first = pids()
    for number in range(20):
        child.parse(f"{STATEMENT} {number}".encode(), name="a.txt")
    assert pids() == first


def test_a_refused_document_says_why_and_its_process_goes_on() -> None:
    child.parse(STATEMENT.encode(), name="a.txt")
    first = pids()
    with pytest.raises(UnreadableError, match="has no text") as refused:
        child.parse(b"\xef\xbb\xbf", name="a.txt")
    assert refused.value.remedy
    assert pids() == first


def test_a_process_that_parses_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    child.parse(STATEMENT.encode(), name="a.txt")
    environment = Path(f"/proc/{pids()[0]}/environ").read_bytes()
    names = {each.partition(b"=")[0].decode() for each in environment.split(b"\0") if each}
    assert names <= {"PATH", "LANG", "TZ", "TESSDATA_PREFIX", "PYTHONPATH", "PYTHONUTF8", "OMP_THREAD_LIMIT"}
    assert b"canary" not in environment


def test_a_document_that_takes_too_long_is_ended_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS_OF_PDF", 1.5)
    began = time.monotonic()
    with pytest.raises(UnreadableError, match=r"'loop\.pdf' takes too long"):
        child.parse(doubling_forms(), name="loop.pdf")
    assert time.monotonic() - began < 10
    assert pids() == []
    assert child.parse(STATEMENT.encode(), name="a.txt").commitments


def test_a_document_that_takes_too_much_memory_is_refused() -> None:
    content = b"BT /F1 9 Tf " + b"(a)Tj\n" * 4_000_000
    with pytest.raises(UnreadableError, match="memory"):
        child.parse(pdf(content, filters=b""), name="large.pdf")
    assert child.parse(docx(), name="a.docx").text


def test_a_killed_reader_refuses_its_document_and_the_next_has_another(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = child._Reader._exchange

    def killed_first(self: child._Reader, request: bytes, data: bytes) -> bytes:
        os.killpg(self._process.pid, signal.SIGKILL)
        return exchange(self, request, data)

    monkeypatch.setattr(child._Reader, "_exchange", killed_first)
    with pytest.raises(UnreadableError, match="broke down"):
        child.parse(STATEMENT.encode(), name="a.txt")
    monkeypatch.undo()
    assert child.parse(STATEMENT.encode(), name="a.txt").commitments


def test_a_reader_that_died_while_nobody_asked_is_replaced() -> None:
    child.parse(STATEMENT.encode(), name="a.txt")
    died = child._idle[0]
    os.killpg(died._process.pid, signal.SIGKILL)
    died._process.wait()
    assert child.parse(STATEMENT.encode(), name="a.txt").commitments


def test_a_fork_may_not_write_files_and_has_its_limits() -> None:
    script = (
        "import resource, clauses.confined as c; c._limit();"
        "print([resource.getrlimit(x)[1] for x in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [768 * 1024 * 1024, 20, 0]


def test_a_fault_of_the_parser_is_told_from_a_fault_of_the_file() -> None:
    answer = json.dumps({"failed": ["KeyError", "line 1"]}).encode()
    with pytest.raises(child.ParserFailedError, match="KeyError"):
        child._instrument(answer, "a.txt")


def test_a_document_too_large_is_refused_before_a_process_is_asked() -> None:
    with pytest.raises(RefusedError, match="larger than 25 MB"):
        read(b"a" * (25 * 1024 * 1024 + 1), "a.txt", sha256="", signed_on=None)
    assert pids() == []


def test_a_reading_comes_back_as_it_was_sent() -> None:
    found = replace(reading(), warnings=("One.", "Two."), media_type="text/html")
    assert from_wire(json.loads(json.dumps(to_wire(found)))) == found


@pytest.mark.parametrize(
    "broken",
    [
        {"sentences": (nodes.Sentence(0, 10_000, None, nodes.Act.RECITAL),)},
        {"sentences": (nodes.Sentence(-5, 3, None, nodes.Act.RECITAL),)},
        {"sentences": (nodes.Sentence(0, 3, 99, nodes.Act.RECITAL),)},
        {"sentences": (nodes.Sentence(0, 3, None, nodes.Act.RECITAL, nodes.Span(2, 1)),)},
        {"clauses": (nodes.Clause("1", "1", 0, nodes.Role.CLOSING, 0, 1),), "commitments": (), "sentences": ()},
        {"title": None},
        {"parties": ("KAZ", 5)},
        {"kind": "poem"},
        {"signed_on": "yesterday"},
        {"text": ["a"]},
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(broken: dict[str, object]) -> None:
    sent = to_wire(replace(reading(), **broken))
    with pytest.raises(ValueError):  # noqa: PT011 - whatever its words, it is refused
        from_wire(sent)
    with pytest.raises(child.ParserFailedError):
        child._instrument(json.dumps({"read": sent}).encode(), "a.txt")


@pytest.mark.parametrize("answer", [b"", b"{", b"null", b"[" * 100_000, b'{"read": 1}', b'{"unreadable": [1, 2, 3]}'])
def test_noise_for_an_answer_is_not_believed(answer: bytes) -> None:
    with pytest.raises(child.ParserFailedError):
        child._instrument(answer, "a.txt")
