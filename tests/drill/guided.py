"""Documents that grow towards code not yet reached, for as long as asked: `bin/drill guided READER [--minutes N]`.

Needs atheris, which is not among the requirements. READER is `txt`, `html`, `docx`, `pdf` or `parse` (the bytes are
its text). Half of the changes are made inside the packing of a format, so that it stays well-formed. Ends at the first
input after which anything but UnreadableError comes out, or that takes more than ten seconds of processor time, five
minutes in all, or a gigabyte; atheris prints it.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.clauses.mutating import FORMATS, WITHIN, seeds

LONGEST = 60_000  # bytes of one input
SECONDS = 10.0  # of processor time; on the clock a busy machine may take many times as long
HUNG = 300


def main() -> int:
    """Drill one reader."""
    ask = argparse.ArgumentParser(prog="bin/drill guided", description=__doc__.partition("\n")[0])
    ask.add_argument("reader", choices=(*FORMATS, "parse"))
    ask.add_argument("--minutes", type=float, default=5.0)
    asked = ask.parse_args()
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        print("atheris is not installed: pip install atheris", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["clauses"]):
        target = _target(asked.reader)
    kind = "txt" if asked.reader == "parse" else asked.reader
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    for number, seed in enumerate(seeds(kind)):
        (folder / str(number)).write_bytes(seed)
    limits = [f"-max_total_time={int(asked.minutes * 60)}", f"-timeout={HUNG}", "-rss_limit_mb=1024"]
    told = [f"-max_len={LONGEST}", "-print_final_stats=1", f"-artifact_prefix={folder}-"]
    arguments = [sys.argv[0], *limits, *told, str(folder)]
    atheris.Setup(arguments, target, custom_mutator=_mutator(atheris, kind))
    atheris.Fuzz()
    return 0


def _target(reader: str) -> Callable[[bytes], None]:
    """What takes the bytes of one try."""
    import clauses.text.docx
    import clauses.text.html
    import clauses.text.pdf
    import clauses.text.plain
    from clauses import UnreadableError, parse
    from clauses.text import read

    clauses.text.pdf.read_picture = lambda *_: ""
    # a text that happens to begin as a page would be read as one, and the drill would soon be about pages
    readers = {"txt": clauses.text.plain.read_plain, "parse": lambda data: parse(data.decode("utf-8", "replace"))}
    take: Callable[[bytes], object] = readers.get(reader, read)

    def attempt(data: bytes) -> None:
        began = time.process_time()
        with contextlib.suppress(UnreadableError):
            take(data)
        taken = time.process_time() - began
        assert taken < SECONDS, f"{taken:.1f} seconds of processor time"

    return attempt


def _mutator(atheris: Any, kind: str) -> Callable[[bytes, int, int], bytes]:
    """What changes an input: inside its packing, or any of its bytes."""
    within = WITHIN.get(kind)

    def change(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - it must come again
        changed = within(data, chance) if within and chance.random() < 0.5 else b""
        return changed if 0 < len(changed) <= longest else bytes(atheris.Mutate(data, longest))

    return change


if __name__ == "__main__":
    sys.exit(main())
