"""`manage.py ingest FILE…`: read documents and keep what they promise."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.ingest import Ending, Outcome, RefusedError, ingest
from tracker.models import Commitment


class Command(BaseCommand):
    """Reads each file, prints the commitments found in it, and goes on where one can't be read."""

    help = "Read documents, keep their commitments, and print them. The same file twice adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files, and the day of signature."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--signed-on", type=_day, metavar="DATE", help="the day of signature, for texts that name none (2024-05-31)"
        )

    def handle(self, *_args: Any, files: list[Path], signed_on: dt.date | None, **_options: Any) -> None:
        """Read them in order; exit with 1 after the last if any could not be read."""
        failed = 0
        for path in files:
            try:
                outcome = ingest(path.read_bytes(), path.name, now=timezone.now(), signed_on=signed_on)
            except (RefusedError, OSError) as error:
                failed += 1
                reason = error.strerror or type(error).__name__ if isinstance(error, OSError) else error
                self.stderr.write(f"{path}: {reason}")
            else:
                self._print(path, outcome)
        if failed:
            raise CommandError(
                ngettext("%(n)d file could not be read.", "%(n)d files could not be read.", failed) % {"n": failed}
            )

    def _print(self, path: Path, outcome: Outcome) -> None:
        instrument, text = outcome.instrument, outcome.text
        self.stdout.write(self.style.MIGRATE_HEADING(f"{path} – {_told(outcome)}"))
        place = ", ".join(filter(None, [instrument.signed_at, str(instrument.signed_on or "")]))
        codes = ", ".join(standing.party.code for standing in instrument.standings.select_related("party"))
        facts = [instrument.get_kind_display(), text.language, codes, place]
        self.stdout.write(" · ".join(fact for fact in facts if fact))
        found = list(text.commitments.for_lists().order_by("start"))
        for line in _table(found, shutil.get_terminal_size((110, 24)).columns):
            self.stdout.write(line)
        number = ngettext("%(n)d commitment", "%(n)d commitments", len(found)) % {"n": len(found)}
        covered = _("%(share)d%% of the text accounted for") % {"share": int(text.coverage * 100)}
        self.stdout.write(f"{number}, {covered}\n\n")


def _day(words: str) -> dt.date:
    try:
        return dt.date.fromisoformat(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{words!r} is no day: write it as 2024-05-31") from error


def _told(outcome: Outcome) -> str:
    """How it ended, in words."""
    words = {
        Ending.STORED: _("stored as instrument %(id)d"),
        Ending.ATTACHED: _("stored as another text of instrument %(id)d"),
        Ending.KNOWN: _("already known, as instrument %(id)d"),
        Ending.SAME_WORDS: _("the same words are already known, as instrument %(id)d"),
    }
    return words[outcome.ending] % {"id": outcome.instrument.pk}


def _table(found: list[Commitment], width: int) -> list[str]:
    """The commitments as aligned columns; the last, the quote, takes what room is left and is cut there."""
    if not found:
        return []
    head = (_("clause"), _("force"), _("obligors"), _("due"), _("quote"))
    rows = [head, *map(_row, found)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    room = max(20, width - sum(widths) - 2 * len(widths))
    return [
        "  ".join([*(cell.ljust(wide) for cell, wide in zip(row, widths, strict=False)), _cut(row[4], room)])
        for row in rows
    ]


def _row(commitment: Commitment) -> tuple[str, str, str, str, str]:
    codes = ", ".join(obligor.party.code for obligor in commitment.obligors.all())
    due = (
        str(commitment.due_on or "")
        or commitment.get_recurrence_display()
        or ("?" if commitment.awaiting_date else "–")
    )
    path = commitment.clause.path if commitment.clause else ""
    return path, commitment.get_force_display(), codes, due, " ".join(commitment.words.split())


def _cut(words: str, room: int) -> str:
    return words if len(words) <= room else words[: room - 1] + "…"
