"""Many documents changed at random, each parsed: `bin/drill fuzz [--minutes N] [--only FORMAT] [--from NUMBER]`.

For each format (txt, html, docx, pdf) it goes on for N minutes (default 5) and for 10,000 documents at least, in forks
with a limit of memory, so that a crash ends one fork and names the document. A document is at fault where anything
but UnreadableError leaves `parse`, where it takes more than a second per 100 KB (unpacked) or 30 seconds (of processor
time), or where its fork dies. Each one at fault is printed as `tests.clauses.mutating.mutated(FORMAT, NUMBER)`. Pages
that are pictures are not read here. The exit status is 1 where any was at fault.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import clauses.text.docx
import clauses.text.html
import clauses.text.pdf
from clauses import UnreadableError, parse
from tests.clauses.mutating import FORMATS, mutated, unpacked_size

LEAST = 10_000
BATCH = 100
HUNG = 30
MEMORY = 1024 * 1024 * 1024
SECONDS_FOR_100_KB = 1.0


@dataclass
class Tally:
    """What became of the documents of one format."""

    ended: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds per 100 KB
    peak: int = 0  # kilobytes
    faults: list[tuple[int, str]] = field(default_factory=list)


def tried(kind: str, number: int) -> dict[str, object]:
    """Parse one document: how that ended, what was at fault, and seconds per 100 KB."""
    data = mutated(kind, number)
    size = max(1.0, unpacked_size(kind, data) / 100_000)
    began = time.process_time()
    ended, fault = "read", ""
    try:
        parse(data, name=f"{number}.{kind}")
    except UnreadableError:
        ended = "refused"
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        ended, fault = "failed", f"{type(error).__name__} in {last.filename.rpartition('/')[2]}:{last.lineno}"
    rate = (time.process_time() - began) / size
    if rate > SECONDS_FOR_100_KB:
        fault = fault or f"slow: {rate:.1f} s per 100 KB"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"number": number, "ended": ended, "fault": fault, "rate": rate, "peak": peak}


def batch(kind: str, numbers: range) -> Iterator[dict[str, object]]:
    """The documents of these numbers, tried in a fork; where it dies, the last line says over which."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _try_all(kind, numbers, writer)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as lines:
        yield from map(json.loads, lines)
    status = os.waitpid(child, 0)[1]
    if status:
        yield {"ended": "died", "fault": f"the fork died: {os.waitstatus_to_exitcode(status)}"}


def _try_all(kind: str, numbers: range, writer: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for number in numbers:
        signal.setitimer(signal.ITIMER_PROF, HUNG)
        os.write(writer, json.dumps({"number": number, "ended": "begun"}).encode() + b"\n")
        os.write(writer, json.dumps(tried(kind, number)).encode() + b"\n")


def drill(kind: str, minutes: float, first: int) -> Tally:
    """Try documents of one format until the time is over, 10,000 at least."""
    tally, at, until = Tally(), first, time.monotonic() + minutes * 60
    while at < first + LEAST or time.monotonic() < until:
        begun = at
        for line in batch(kind, range(at, at + BATCH)):
            if line["ended"] == "begun":
                begun = int(str(line["number"]))
                continue
            _count(tally, begun, line)
        at = begun + 1
    return tally


def _count(tally: Tally, number: int, line: dict[str, object]) -> None:
    tally.ended[str(line["ended"])] += 1
    tally.slowest = max(tally.slowest, float(str(line.get("rate", 0))))
    tally.peak = max(tally.peak, int(str(line.get("peak", 0))))
    if line["fault"]:
        tally.faults.append((number, str(line["fault"])))


def main() -> int:
    """Drill each format, and print what became of its documents."""
    ask = argparse.ArgumentParser(prog="bin/drill fuzz", description=__doc__.partition("\n")[0])
    ask.add_argument("--minutes", type=float, default=5.0, help="for each format (default 5)")
    ask.add_argument("--only", choices=FORMATS, help="this format alone")
    ask.add_argument("--from", type=int, default=0, dest="first", metavar="NUMBER", help="the first document's number")
    asked = ask.parse_args()
    clauses.text.pdf.read_picture = lambda *_: ""
    for words in ("The Parties will open a consulate.", "Стороны откроют консульство.", "Тараптар консулдық ашады."):
        parse(words)
    failed = False
    for kind in [asked.only] if asked.only else FORMATS:
        began = time.monotonic()
        tally = drill(kind, asked.minutes, asked.first)
        failed |= bool(tally.faults)
        ended = ", ".join(f"{number} {what}" for what, number in tally.ended.most_common())
        print(
            f"{kind}: {tally.ended.total()} documents in {(time.monotonic() - began) / 60:.1f} min: {ended}; "
            f"slowest {tally.slowest:.2f} s per 100 KB; peak {tally.peak / 1024:.0f} MB; {len(tally.faults)} at fault",
            flush=True,
        )
        for number, fault in tally.faults[:20]:
            print(f"    mutated({kind!r}, {number}): {fault}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
