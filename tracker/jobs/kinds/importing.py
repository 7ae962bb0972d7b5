"""Carrying out a spreadsheet whose trial was accepted; a portion is some rows, each of which stands or falls by itself.

`wanted`: `name` of the file, `orders` as lists of row, commitment, version, columns. `report`: `changed`, `refused`,
and `lines` as the page of an import shows them, with long words cut.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import Truncator

from tracker import spreadsheets
from tracker.jobs.kinds.portions import Portions

ROWS = 100
"""Rows of one portion: their commitments are locked together until it ends."""

_LONGEST = 200


class Importing(Portions):
    """Row by row, by the same steps as at once."""

    def begin(self) -> None:
        """Every order is known."""
        self.job.total = len(self.job.wanted["orders"])
        self.job.report = {"name": self.job.wanted["name"], "changed": 0, "refused": 0, "lines": []}

    def portion(self) -> None:
        """The next rows."""
        assert isinstance(self.job.asked_by, User)  # noqa: S101  (only people import)
        chosen = self.job.wanted["orders"][self.job.done : self.job.done + ROWS]
        orders = [spreadsheets.Order(*order) for order in chosen]
        came = spreadsheets.carry_out(orders, self.job.wanted["name"], by=self.job.asked_by, now=self.now())
        report = self.job.report
        report["changed"] += came.changed
        report["refused"] += came.refused
        report["lines"] += [kept(line) for line in came.lines]
        self.job.done += len(orders)


def kept(line: spreadsheets.Line) -> dict[str, Any]:
    """What a report keeps of a line, with long words cut."""
    changes = [[name, _cut(before), _cut(after)] for name, before, after in line.changes]
    return {**asdict(line), "title": _cut(line.title), "changes": changes, "left": list(line.left)}


def _cut(words: str) -> str:
    return Truncator(words).chars(_LONGEST)
