"""The page before Monday's meeting: what is late, what is next, with whom, and what nobody has looked at."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import reports, rights
from tracker.models.days import ministry_day
from tracker.models.vocabulary import OPEN_STATUSES, Reason
from tracker.views.bars import Part, bar

_PARTIES = 12
_FLAGS = (Reason.OVERDUE, Reason.DUE_SOON, Reason.AWAITING_DATE, Reason.QUIET, Reason.REVIEW_WAITING)


@login_required(login_url="login")
@require_safe
def pending(request: HttpRequest) -> HttpResponse:
    """The pending obligations that the user may know of, today."""
    picture = reports.picture(request.user, ministry_day(timezone.now()))
    total = sum(line.accepted + line.proposed for line in picture.by_status)
    context = {
        "picture": picture,
        "total": total,
        "parties": _party_rows(picture.by_party[:_PARTIES]),
        "more_parties": max(0, len(picture.by_party) - _PARTIES),
        "statuses": _status_rows(picture.by_status, total),
        "flags": [(reason, picture.followups.get(reason, 0)) for reason in _FLAGS],
        "may_act": rights.may_act(request.user),
    }
    return render(request, "tracker/dashboard.html", context)


def _party_rows(lines: list[reports.PartyLine]) -> list[tuple[reports.PartyLine, list[Part]]]:
    """Each party with its bar; the longest bar fills the width. What is overdue is drawn as part of what is open."""
    longest = max((line.accepted + line.proposed + line.closed for line in lines), default=0)
    rows = []
    for line in lines:
        waiting = line.accepted + line.proposed - line.overdue
        counts = [("overdue", line.overdue), ("open", max(0, waiting)), ("closed", line.closed)]
        rows.append((line, bar(counts, longest)))
    return rows


def _status_rows(lines: list[reports.StatusLine], total: int) -> list[dict[str, Any]]:
    """The statuses that something has, and those still open even at none, each with its bar."""
    return [
        {
            "status": line.status,
            "count": line.accepted + line.proposed,
            "proposed": line.proposed,
            "bar": bar([("accepted", line.accepted), ("proposed", line.proposed)], total),
        }
        for line in lines
        if line.accepted or line.proposed or line.status in OPEN_STATUSES
    ]
