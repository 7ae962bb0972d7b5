"""Writing commitments into an XLSX file that is too long to wait for; a portion is some hundreds of its rows.

`wanted`: `keys`, the commitments in the order of the list. What the person may not see (any more) is left out.
"""

from __future__ import annotations

from itertools import islice

from django.contrib.auth.models import User

from tracker import spreadsheets
from tracker.jobs.kinds.portions import Portions
from tracker.models import Commitment
from tracker.models.days import ministry_day
from tracker.spreadsheets.book import PIECE

PIECES = 20
"""Pieces of the file, of `PIECE` rows each, between two looks at whether to stop."""


class Exporting(Portions):
    """A file is written in one go: half of one is worth nothing to another worker."""

    resumes = False

    def begin(self) -> None:
        """Every row is known."""
        assert isinstance(self.job.asked_by, User)  # noqa: S101  (only people export)
        keys = self.job.wanted["keys"]
        self.job.total, self.job.report = len(keys), {"rows": len(keys)}
        self._pieces = spreadsheets.as_xlsx(Commitment.objects.for_user(self.job.asked_by), keys)
        self._written: list[bytes] = []
        self._over = False

    def more(self) -> bool:
        """Whether the file's end is not written yet."""
        return not self._over

    def portion(self) -> None:
        """The next rows."""
        came = list(islice(self._pieces, PIECES))
        self._written += came
        self._over = len(came) < PIECES
        rows = self.job.done + len(came) * PIECE
        self.job.done = (self.job.total or 0) if self._over else min(rows, self.job.total or 0)

    def finish(self) -> None:
        """The file, under the name that it is downloaded by."""
        self.job.file = b"".join(self._written)
        self.job.file_name = f"commitments-{ministry_day(self.now()).isoformat()}.xlsx"
