"""`manage.py audit_verify [--anchor FILE]`: is the history as it was recorded?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from tracker.history import chain, installing


class Command(BaseCommand):
    """Seals what waits, computes the chain anew, and names every fault; exit status 1 if there is one."""

    help = "Verify that no entry of the history was changed, removed or slipped in, and that nothing is unrecorded."

    def add_arguments(self, parser: CommandParser) -> None:
        """The anchors."""
        parser.add_argument(
            "--anchor",
            type=Path,
            metavar="FILE",
            help="hold the history against the anchors in this file, and append one of now if all is well",
        )

    def handle(self, *_args: Any, anchor: Path | None, **_options: Any) -> None:
        """Print the head of the chain; raise CommandError with the faults if there are any."""
        anchors = _anchors(anchor)
        chain.seal()
        found = chain.verify(anchors)
        off = [
            f"nothing is recorded by {trigger}: the trigger is off" for trigger in installing.switched_off(connection)
        ]
        faults = [*found.faults, *off]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"The history is not as it was recorded: {len(faults)} faults.")
        now = chain.Anchor(timezone.now(), found.head)
        if anchor:
            with anchor.open("a", encoding="ascii") as file:
                file.write(f"{now}\n")
        self.stdout.write(f"{found.head.position} entries are as they were recorded, {len(anchors)} anchors hold.")
        self.stdout.write(str(now))
        if installing.owns_its_tables(connection):
            self.stdout.write(
                "Note: this role owns the tables, so whoever has its password can switch the recording off;"
                " docs/operate.md tells how to run Pacta as a role that can't."
            )


def _anchors(path: Path | None) -> list[chain.Anchor]:
    """The anchors in a file, none if it is not there yet; raises CommandError for a line that is no anchor."""
    if path is None or not path.exists():
        return []
    anchors = []
    for number, line in enumerate(path.read_text("ascii").splitlines(), 1):
        try:
            anchors.append(chain.Anchor.read(line))
        except ValueError as error:
            raise CommandError(f"{path}, line {number} is no anchor: {error}") from error
    return anchors
