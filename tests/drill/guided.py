"""Documents that grow towards code not yet reached, for as long as asked: `bin/drill guided READER [--minutes N]`.

Needs atheris, which is not among the requirements. READER is `txt`, `html`, `docx` (the bytes are its body part), `pdf`
or `parse` (the bytes are its text). Ends at the first input after which anything but UnreadableError comes out, or that
takes more than ten seconds or a gigabyte; atheris prints it.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.clauses.hostile import zipped
from tests.clauses.mutating import FORMATS, seeds


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
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    for number, seed in enumerate(seeds("txt" if asked.reader in ("parse", "docx") else asked.reader)):
        (folder / str(number)).write_bytes(seed)
    limits = [f"-max_total_time={int(asked.minutes * 60)}", "-timeout=10", "-rss_limit_mb=1024", "-max_len=20000"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}-", str(folder)], target)
    atheris.Fuzz()
    return 0


def _target(reader: str) -> Callable[[bytes], None]:
    """What takes the bytes of one try."""
    import clauses.text.docx
    import clauses.text.html
    import clauses.text.pdf
    from clauses import UnreadableError, parse
    from clauses.text import read

    clauses.text.pdf.read_picture = lambda *_: ""

    def attempt(data: bytes) -> None:
        try:
            if reader == "parse":
                parse(data.decode("utf-8", "replace"))
            elif reader == "docx":
                read(zipped([("word/document.xml", data), ("word/numbering.xml", data)]))
            else:
                read(data)
        except UnreadableError:
            pass

    return attempt


if __name__ == "__main__":
    sys.exit(main())
