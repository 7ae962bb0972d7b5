"""When each reason holds: one entry a reason, in SQL over a commitment `c` and a rule `r`.

A reason has a base day (the occasion of the flag) and begins to hold when the ministry's day `on` comes near enough to
it, or far enough past it: when `base <= on + reach`. From that alone follow the three questions that the sweep asks:
does it hold today, has it begun to since the day of the last sweep, does an open flag still hold.

Sources of the rules: `domain.md`'s rules 2 to 5 in the words of the README: only what is counted and not rejected is
followed up; a continuing duty never goes red by date; whoever has acted is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.models.vocabulary import Reason

_OPEN = "c.counted AND c.review <> 'rejected' AND c.status IN ('not_started', 'in_progress')"
_HEARD = "COALESCE(c.last_evidence_on, c.made_on)"
_UNANSWERED = "c.force = 'request' AND c.last_evidence_on IS NULL"

_MONTHS = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12, "biennial": 24}
_PERIOD = "make_interval(months => CASE c.recurrence {known} ELSE {{months}} END)".format(
    known=" ".join(f"WHEN '{word}' THEN {months}" for word, months in _MONTHS.items())
)
# Rolling: so long after the last news of it. PostgreSQL ends in the month's last day where the day is not in the month
# (29 February and a year is 28 February), the usual reading of a period of months.
_NEXT = f"({_HEARD} + {_PERIOD})::date"
_PERIODS = "(VALUES {known}, ('regular', {{months}})) AS p (recurrence, months)".format(
    known=", ".join(f"('{word}', {months})" for word, months in _MONTHS.items())
)
_PERIOD_OF_P = "make_interval(months => p.months)"
# As wide as the shortening of a month's end can make it, so that an index can find them.
_RECURS_NEAR = (
    f"{_HEARD} > (%(since)s::date + {{first}} - {_PERIOD_OF_P})::date - 4"
    f" AND {_HEARD} < (%(on)s::date + {{first}} - {_PERIOD_OF_P})::date + 4"
)

LOOKED = """(SELECT l.commitment_id, max((g.at AT TIME ZONE %(zone)s)::date) AS day
    FROM tracker_secondlook l JOIN tracker_rereading g ON g.id = l.rereading_id
    WHERE l.settled_at IS NULL GROUP BY l.commitment_id) looked"""
ASKED = """(SELECT s.commitment_id, max((s.at AT TIME ZONE %(zone)s)::date) AS day
    FROM tracker_submission s WHERE s.state = 'pending' AND s.kind = 'extension' GROUP BY s.commitment_id) asked"""


@dataclass(frozen=True, slots=True)
class Entry:
    """When a reason holds.

    `base` is its day, `reach` what is added to the ministry's day to reach the last base at which it holds, `where`
    what else must be true, `among` the tables that a search begins with, `near` the condition by which a search for
    what began after the day `since` finds it in an index. Two holes stand for what a rule says: {first}, the first of
    its days to be reached, and {months}, its months of a regular duty.
    """

    reason: Reason
    base: str
    reach: str
    where: str
    among: str = "tracker_commitment c"
    near: str = ""

    @property
    def holds(self) -> str:
        """The condition that it holds on the day `on`."""
        return f"{self.where} AND {self.base} <= %(on)s::date {self.reach}"

    @property
    def began(self) -> str:
        """The condition that it began to hold after the day `since`; it may be true of some that began before."""
        return self.near or f"{self.base} > %(since)s::date {self.reach}"


LAW = (
    Entry(Reason.OVERDUE, "c.due_on", "- {first} - 1", _OPEN),
    Entry(Reason.DUE_SOON, "c.due_on", "+ {first}", f"{_OPEN} AND c.due_on >= %(on)s::date"),
    Entry(
        Reason.QUIET,
        _HEARD,
        "- {first}",
        f"{_OPEN} AND c.due_on IS NULL AND NOT c.awaiting_date AND c.recurrence = '' AND NOT ({_UNANSWERED})",
    ),
    Entry(Reason.AWAITING_DATE, _HEARD, "- {first}", f"{_OPEN} AND c.due_on IS NULL AND c.awaiting_date"),
    Entry(Reason.REQUEST_UNANSWERED, "c.made_on", "- {first}", f"{_OPEN} AND {_UNANSWERED} AND NOT c.awaiting_date"),
    Entry(
        Reason.RECURRENCE_DUE,
        _NEXT,
        "+ {first}",
        f"{_OPEN} AND c.recurrence <> '' AND (c.due_on IS NULL OR {_NEXT} <= c.due_on)",
        among=f"({_PERIODS} JOIN tracker_commitment c ON c.recurrence = p.recurrence)",
        near=_RECURS_NEAR,
    ),
    Entry(Reason.REVIEW_WAITING, "c.read_on", "- {first}", "c.counted AND c.review = 'proposed'"),
    Entry(
        Reason.SOURCE_CHANGED,
        "looked.day",
        "- {first}",
        "c.counted",
        among=f"({LOOKED} JOIN tracker_commitment c ON c.id = looked.commitment_id)",
    ),
    Entry(
        Reason.EVIDENCE_EXPIRING,
        "c.evidence_until",
        "+ {first}",
        "c.counted AND c.review <> 'rejected' AND c.evidence_until IS NOT NULL"
        " AND c.status NOT IN ('superseded', 'waived')",
    ),
    Entry(
        Reason.EXTENSION_ASKED,
        "asked.day",
        "- {first}",
        "c.counted",
        among=f"({ASKED} JOIN tracker_commitment c ON c.id = asked.commitment_id)",
    ),
)

_UNIT = """COALESCE(c.unit_id, (SELECT i.unit_id
    FROM tracker_text t JOIN tracker_instrument i ON i.id = t.instrument_id WHERE t.id = c.text_id))"""
NARROWS = {
    "force": "c.force = {value}",
    "unit_id": f"{_UNIT} = {{value}}",
    "party_id": """(EXISTS (SELECT FROM tracker_obligor o WHERE o.commitment_id = c.id AND o.party_id = {value})
        OR EXISTS (SELECT FROM tracker_addressee a WHERE a.commitment_id = c.id AND a.party_id = {value}))""",
    "theme_id": """EXISTS (
        SELECT FROM tracker_commitmenttheme h WHERE h.commitment_id = c.id AND h.theme_id = {value})""",
}
"""What each column of a rule that is not empty asks of a commitment."""

_NEXT_OF_R = _NEXT.format(months="r.regular_months")
WHY_CLOSED = f"""CASE
    WHEN NOT c.counted THEN 'another_text'
    WHEN c.review = 'rejected' THEN 'rejected'
    WHEN f.reason = 'review_waiting' AND c.review <> 'proposed' THEN 'reviewed'
    WHEN f.reason = 'source_changed' AND looked.day IS NULL THEN 'settled'
    WHEN f.reason = 'extension_asked' AND asked.day IS NULL THEN 'decided'
    WHEN f.reason NOT IN ('review_waiting', 'source_changed', 'evidence_expiring', 'extension_asked')
        AND c.status NOT IN ('not_started', 'in_progress') THEN 'status'
    WHEN f.reason = 'evidence_expiring' AND c.status IN ('superseded', 'waived') THEN 'status'
    WHEN f.reason IN ('overdue', 'due_soon') AND f.occasion IS DISTINCT FROM c.due_on THEN 'date_changed'
    WHEN f.reason = 'due_soon' AND c.due_on < %(on)s::date THEN 'day_passed'
    WHEN f.reason IN ('quiet', 'awaiting_date') AND (
        c.due_on IS NOT NULL OR c.awaiting_date <> (f.reason = 'awaiting_date')) THEN 'date_changed'
    WHEN f.reason = 'request_unanswered' AND c.last_evidence_on IS NOT NULL THEN 'evidence'
    WHEN f.reason IN ('quiet', 'awaiting_date') AND f.occasion <> {_HEARD} THEN 'evidence'
    WHEN f.reason = 'recurrence_due' AND c.recurrence <> '' AND f.occasion < {_NEXT_OF_R} THEN 'evidence'
    WHEN f.reason = 'evidence_expiring' AND f.occasion IS DISTINCT FROM c.evidence_until THEN 'evidence'
    ELSE 'rule_changed'
END"""
