"""Days of the calendar as texts write them: in digits, with the month's name, or wholly in words."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from clauses import languages


@dataclass(frozen=True, slots=True)
class Dates:
    """The forms of a date in a language: one pattern with groups d…, m…, y…, and the words for its numbers."""

    pattern: re.Pattern[str]
    months: dict[str, int]
    numbers: dict[str, int]

    @property
    def unnamed(self) -> str:
        """The pattern without its groups, to be put into others."""
        return re.sub(r"\?P<\w+>", "?:", self.pattern.pattern)

    def last_in(self, words: str) -> dt.date | None:
        """The last day that folded words name in full; None where they name none that the calendar has."""
        days = [day for found in self.pattern.finditer(words) if (day := self._day(found))]
        return days[-1] if days else None

    def _day(self, found: re.Match[str]) -> dt.date | None:
        parts = {name[0]: value for name, value in found.groupdict().items() if value}
        month = next((number for stem, number in self.months.items() if parts["m"].startswith(stem)), 0)
        try:
            return dt.date(self._number(parts["y"]), month, self._number(parts["d"]))
        except ValueError:
            return None

    def _number(self, words: str) -> int:
        """The number that digits or words mean: "seventh", "two thousand and four", "nineteen ninety-five"."""
        if words.isdigit():
            return int(words)
        total = part = 0
        for word in re.findall(r"[a-z]+", words):
            value = self.numbers.get(word, 0)
            if value == 1000:
                total, part = total + max(part, 1) * value, 0
            elif value == 100:
                part = max(part, 1) * value
            else:  # "nineteen ninety-five" counts hundreds
                part = part * 100 + value if 10 <= part < 20 <= value else part + value
        return total + part


@cache
def dates_of(language: str) -> Dates:
    """The dates of a language with data; KeyError for another."""
    data = languages.words(language, "facts")
    signing, numbers = data["signing"], data.get("numbers", {})
    any_number = "|".join(sorted(numbers, key=len, reverse=True)) or "(?!)"
    ordinal = rf"(?:(?:{any_number})[ -]?){{1,2}}"
    years = signing.get("yearwords", "(?!)").replace("{unit}", any_number)
    forms = [
        form.replace("{month}", signing["month"]).replace("{ordinal}", ordinal).replace("{yearwords}", years)
        for form in signing["dates"]
    ]
    return Dates(re.compile("|".join(forms)), data["months"], numbers)
