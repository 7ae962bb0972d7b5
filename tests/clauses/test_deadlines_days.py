"""The calendar behind deadlines: last days of months, quarters, halves and years, and a day so much later."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses.deadlines import days
from clauses.nodes import Precision

DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2150, 12, 31))


def test_a_year_names_its_last_day() -> None:
    year = days.stretch(2023, Precision.YEAR)
    assert year is not None
    assert (year.first, year.last) == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))


@pytest.mark.parametrize(
    ("precision", "number", "last"),
    [
        (Precision.MONTH, 2, dt.date(2024, 2, 29)),
        (Precision.MONTH, 12, dt.date(2024, 12, 31)),
        (Precision.QUARTER, 1, dt.date(2024, 3, 31)),
        (Precision.QUARTER, 4, dt.date(2024, 12, 31)),
        (Precision.HALF, 1, dt.date(2024, 6, 30)),
    ],
)
def test_a_part_of_a_year_names_its_last_day(precision: Precision, number: int, last: dt.date) -> None:
    part = days.stretch(2024, precision, number)
    assert part is not None
    assert part.last == last


def test_a_fifth_quarter_is_no_time() -> None:
    assert days.stretch(2024, Precision.QUARTER, 5) is None


def test_the_thirty_first_of_june_is_no_day() -> None:
    assert days.day(2024, 6, 31) is None


def test_years_that_run_backwards_are_no_period() -> None:
    assert days.years(2026, 2022) is None


@pytest.mark.parametrize(
    ("number", "unit", "day"),
    [
        (60, "day", dt.date(2025, 4, 1)),
        (2, "week", dt.date(2025, 2, 14)),
        (1, "month", dt.date(2025, 2, 28)),
        (3, "month", dt.date(2025, 4, 30)),
        (2, "year", dt.date(2027, 1, 31)),
    ],
)
def test_a_period_of_months_ends_on_the_same_day_or_the_last_of_the_month(number: int, unit: str, day: dt.date) -> None:
    assert days.add_period(dt.date(2025, 1, 31), number, unit) == day


def test_a_leap_day_is_kept_in_february() -> None:
    assert days.add_period(dt.date(2024, 2, 29), 1, "year") == dt.date(2025, 2, 28)


def test_a_period_past_the_end_of_the_calendar_has_no_last_day() -> None:
    assert days.add_period(dt.date(2024, 1, 1), 9000, "year") is None


@given(DAYS, st.integers(1, 400), st.sampled_from(["day", "week", "month", "year"]))
def test_a_period_never_ends_before_it_begins(start: dt.date, number: int, unit: str) -> None:
    end = days.add_period(start, number, unit)
    assert end is not None
    assert end > start


@given(DAYS, st.integers(1, 60), st.integers(1, 60))
def test_a_longer_period_never_ends_sooner(start: dt.date, shorter: int, more: int) -> None:
    sooner, later = days.add_period(start, shorter, "month"), days.add_period(start, shorter + more, "month")
    assert sooner is not None
    assert later is not None
    assert sooner < later
