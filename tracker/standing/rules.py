"""A rule as SQL: its numbers and names written into the law, so that PostgreSQL plans each search by what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import sql

from tracker.models.vocabulary import AHEAD_REASONS, Reason
from tracker.standing.law import LAW, NARROWS

_ENTRIES = {entry.reason: entry for entry in LAW}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rules, as its columns say."""

    columns: dict[str, Any]

    @property
    def number(self) -> int:
        """Its primary key; 0 where it has none yet."""
        return int(self.columns["id"] or 0)

    @property
    def enabled(self) -> bool:
        """Whether it raises anything."""
        return bool(self.columns["enabled"])

    def holds(self) -> str:
        """The condition that it holds for a commitment `c` on the day `on`."""
        return f"{self._law(_ENTRIES[self._reason].holds)} AND {self._fits()}"

    def base(self) -> str:
        """The day that is the occasion."""
        return self._law(_ENTRIES[self._reason].base)

    def search(self, scope: str) -> str:
        """A SELECT of commitment_id, rule_id and occasion of what it holds for, within a scope that may speak of
        {began}.
        """
        entry = _ENTRIES[self._reason]
        scope = scope.replace("{began}", self._law(entry.began))
        return (
            f"SELECT c.id AS commitment_id, {self.number}::bigint AS rule_id, {self.base()} AS occasion"
            f" FROM {self._law(entry.among)} WHERE {self.holds()} AND {scope}"
        )

    @property
    def _reason(self) -> Reason:
        return Reason(self.columns["reason"])

    def _law(self, words: str) -> str:
        days = [int(day) for day in self.columns["days"]]
        first = max(days) if self._reason in AHEAD_REASONS else min(days)
        return words.format(first=first, months=int(self.columns["regular_months"]))

    def _fits(self) -> str:
        narrow = [
            asks.format(value=sql.Literal(self.columns[name]).as_string(None).replace("%", "%%"))
            for name, asks in NARROWS.items()
            if self.columns[name]
        ]
        return " AND ".join(narrow) or "TRUE"
