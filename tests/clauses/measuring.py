"""How a document ends when it is parsed, how long that takes and how much memory: `python -m tests.clauses.measuring`.

Reads the names of files from standard input, parses each in a fork, and prints a line of JSON for each.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clauses import UnreadableError, parse

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Measured:
    """How it ended ("" where the document was read, else the reason or the fault), what words were read and how many
    characters in all, in what seconds, with how many megabytes more than before."""

    ended: str
    words: str
    length: int
    seconds: float
    megabytes: float


def measured(paths: Iterable[Path]) -> list[Measured]:
    """Parse each file in a fork of another, warmed process."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.clauses.measuring"],
        input="\n".join(map(str, paths)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Measured(**json.loads(line)) for line in ran.stdout.splitlines()]


def _measure(data: bytes, name: str) -> Measured:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    words = ended = ""
    length = 0
    try:
        text = parse(data, name=name).text
        words, length = text[:1000] + text[-1000:], len(text)
    except UnreadableError as error:
        ended = str(error)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        ended = f"{type(error).__name__}: {error}"
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    return Measured(ended, words, length, time.process_time() - began, more / 1024)


def main() -> None:
    """Measure the files that standard input names."""
    import clauses.text.docx
    import clauses.text.html
    import clauses.text.pdf  # noqa: F401

    for words in ("The Parties will open a consulate.", "Стороны откроют консульство.", "Тараптар консулдық ашады."):
        parse(words)
    for line in sys.stdin.read().splitlines():
        path = Path(line)
        data = path.read_bytes()
        child = os.fork()
        if child == 0:
            os.write(1, json.dumps(vars(_measure(data, path.name))).encode() + b"\n")
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if status:
            os.write(1, json.dumps(vars(Measured(f"died of {status}", "", 0, 0.0, 0.0))).encode() + b"\n")


if __name__ == "__main__":
    main()
