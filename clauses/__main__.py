"""`python -m clauses parse FILE…`: read documents from the command line, without Django or a database."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import signal
import sys
from pathlib import Path

from clauses import UnreadableError, parse
from clauses.printing import as_explained, as_json, as_table


def main(arguments: list[str] | None = None) -> int:
    """Parse the files named and print them; 1 where a file could not be read, after the others were."""
    ask = argparse.ArgumentParser(prog="python -m clauses", description=__doc__)
    command = ask.add_subparsers(required=True, metavar="parse").add_parser("parse", help="parse documents")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--format", choices=("table", "json", "jsonl", "explain"), default="table")
    command.add_argument(
        "--signed-on",
        type=_day_or_none,
        metavar="DATE|none",
        help="the day of signature where the text names none (ISO 8601)",
    )
    asked = ask.parse_args(arguments)
    failed = False
    for path in asked.files:
        try:
            instrument = parse(path.read_bytes(), name=path.name, signed_on=asked.signed_on)
        except (UnreadableError, OSError) as error:
            failed = True
            reason = error.strerror if isinstance(error, OSError) else str(error)
            print(f"{path}: {reason}", file=sys.stderr)
            if asked.format == "jsonl":  # one line a file, in order, also for one that could not be read
                print("null")
            continue
        match asked.format:
            case "json":
                print(as_json(instrument))
            case "jsonl":
                print(as_json(instrument, indent=None))
            case "explain":
                print(as_explained(instrument), end="\n\n")
            case _:
                print(as_table(instrument, width=shutil.get_terminal_size((110, 24)).columns), end="\n\n")
    return 1 if failed else 0


def _day_or_none(words: str) -> dt.date | None:
    if words == "none":
        return None
    try:
        return dt.date.fromisoformat(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{words!r} is no day: write it as 2024-05-31, or none") from error


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `… | head` ends it quietly
    sys.exit(main())
