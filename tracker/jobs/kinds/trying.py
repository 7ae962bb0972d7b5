"""Trying out a long spreadsheet: what each of its rows would change, tried by the steps themselves and rolled back.

`wanted`: `trial`, `name` of the file, `strange` columns, `rows` as JSON in a string: what somebody typed may hold
characters that PostgreSQL keeps in no JSON, and their rows are to be refused with the reason. `report`: `trial`,
`name`, `strange`, `changed`, `refused`, `unchanged`, `lines` as the page of an import shows them, and `orders` that can
be carried out (see `asking.carry_out`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User

from tracker import spreadsheets
from tracker.jobs.kinds.importing import ROWS, kept
from tracker.jobs.kinds.portions import Portions


def wanted(sheet: spreadsheets.Sheet, name: str) -> dict[str, Any]:
    """What a job is asked for that tries out a sheet."""
    rows: Sequence[Any] = [[row.number, row.cells] for row in sheet.rows]
    return {"trial": True, "name": name, "strange": sheet.strange, "rows": json.dumps(rows)}


class Trying(Portions):
    """Row by row; nothing is changed, so a trial may be stopped at any time."""

    @cached_property
    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """Number and cells of each row of the file."""
        return [(number, cells) for number, cells in json.loads(self.job.wanted["rows"])]

    def begin(self) -> None:
        """Every row is known."""
        wanted = self.job.wanted
        self.job.total = len(self.rows)
        self.job.report = {"trial": True, "name": wanted["name"], "strange": wanted["strange"]}
        self.job.report |= {"changed": 0, "refused": 0, "unchanged": 0, "lines": [], "orders": []}

    def portion(self) -> None:
        """The next rows."""
        assert isinstance(self.job.asked_by, User)  # noqa: S101  (only people import)
        report = self.job.report
        chosen = self.rows[self.job.done : self.job.done + ROWS]
        sheet = spreadsheets.Sheet([spreadsheets.Row(number, cells) for number, cells in chosen], [])
        tried = {order[1]: order[0] for order in report["orders"]}
        found = spreadsheets.try_out(sheet, by=self.job.asked_by, now=self.now(), tried=tried)
        for count in ("changed", "refused", "unchanged"):
            report[count] += getattr(found, count)
        report["lines"] += [kept(line) for line in found.lines]
        report["orders"] += [list(astuple(order)) for order in found.orders]
        self.job.done += len(chosen)
