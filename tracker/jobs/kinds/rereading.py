"""Reading all texts again that an older parser has read; a portion is one text.

`wanted`: `apply`, whether what was read is saved; without it the report says what would change. `report`: `counts` of
what became of the commitments, `lines` for the texts in which something changes or that were refused (the first few
hundred of them; `left` is how many more there are), `refused`, and `after`, the last text that was done.
"""

from __future__ import annotations

from tracker import ingest, rereading
from tracker.jobs.kinds.portions import Portions
from tracker.models.edits import RefusedError
from tracker.rereading import Fate, Plan

LINES = 500
"""Texts that a report names: it is written anew with every portion."""


class Rereading(Portions):
    """Text by text, in the order of their ids."""

    def begin(self) -> None:
        """Count them."""
        self.job.total = rereading.outdated().count()
        empty = dict.fromkeys(map(str, Fate), 0)
        self.job.report = {"after": 0, "counts": empty, "lines": [], "left": 0, "refused": 0}

    def more(self) -> bool:
        """Whether there is a text behind the last one; one that came in meanwhile was read by today's parser."""
        behind = rereading.outdated().filter(pk__gt=self.job.report["after"])
        self._text = behind.values_list("pk", flat=True).first()
        return self._text is not None

    def prepare(self) -> None:
        """Read it, which may take minutes."""
        self._plan: Plan | None = None
        self._refusal = ""
        assert self._text is not None  # noqa: S101  (`more` was asked)
        try:
            self._plan = rereading.plan_anew(self._text, self.now())
        except (ingest.RefusedError, RefusedError) as error:
            self._refusal = str(error)

    def portion(self) -> None:
        """Save what was read, where that is wanted, and put down what became of it."""
        if self._plan and self.job.wanted.get("apply"):
            try:
                rereading.apply(self._plan, now=self.now(), by=self.job.asked_by)
            except RefusedError as error:
                self._refusal = str(error)
        self._tell({} if self._refusal or not self._plan else self._plan.counts)
        self.job.report["after"] = self._text
        self.job.done += 1

    def _tell(self, counts: dict[str, int]) -> None:
        report = self.job.report
        report["counts"] = {fate: number + counts.get(fate, 0) for fate, number in report["counts"].items()}
        report["refused"] += bool(self._refusal)
        if not self._refusal and not any(counts[fate] for fate in Fate if fate != Fate.KEPT):
            return
        if len(report["lines"]) < LINES:
            report["lines"].append({"text": self._text, "counts": counts, "refusal": self._refusal})
        else:
            report["left"] += 1
