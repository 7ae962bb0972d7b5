"""Why a follow-up is there, in words: what its reason means, what its occasion is, and what its rule says."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.models import FollowUpRule
from tracker.models.vocabulary import Reason, Recurrence

WHY = {
    Reason.OVERDUE: gettext_lazy("The last day has passed, and the promise is still open."),
    Reason.DUE_SOON: gettext_lazy("The last day comes near, and the promise is still open."),
    Reason.QUIET: gettext_lazy("It has no last day, and nothing has been heard of it for long."),
    Reason.AWAITING_DATE: gettext_lazy("Its day was left to be agreed, and none has been set."),
    Reason.REQUEST_UNANSWERED: gettext_lazy("It asks somebody to act, and no answer has been recorded."),
    Reason.RECURRENCE_DUE: gettext_lazy("It recurs, and it is nearly time again or past it."),
    Reason.REVIEW_WAITING: gettext_lazy("Nobody has reviewed this reading yet."),
    Reason.SOURCE_CHANGED: gettext_lazy("The text was read again and says it otherwise; somebody must look again."),
    Reason.EVIDENCE_EXPIRING: gettext_lazy("The evidence that was recorded last ceases to be valid."),
    Reason.EXTENSION_ASKED: gettext_lazy("An extension was asked for, and nobody has decided."),
}
"""What each reason means."""

OCCASION = {
    Reason.OVERDUE: gettext_lazy("its last day"),
    Reason.DUE_SOON: gettext_lazy("its last day"),
    Reason.QUIET: gettext_lazy("the day of the last news of it"),
    Reason.AWAITING_DATE: gettext_lazy("the day of the last news of it"),
    Reason.REQUEST_UNANSWERED: gettext_lazy("the day of the request"),
    Reason.RECURRENCE_DUE: gettext_lazy("the day on which it is due again"),
    Reason.REVIEW_WAITING: gettext_lazy("the day on which it was read"),
    Reason.SOURCE_CHANGED: gettext_lazy("the day on which the text was read again"),
    Reason.EVIDENCE_EXPIRING: gettext_lazy("the last day of its evidence"),
    Reason.EXTENSION_ASKED: gettext_lazy("the day on which it was asked for"),
}
"""What the day is that each reason counts from."""


def days(rule: FollowUpRule) -> str:
    """The days of a rule, in the order in which they come: "30 days before, 7 days before, on the day itself"."""
    coming = sorted(set(rule.days), reverse=rule.looks_ahead)
    return ", ".join(_day(day, ahead=rule.looks_ahead) for day in coming)


def narrowed(rule: FollowUpRule) -> str:
    """What a rule is limited to, or that it is for everything; `unit`, `party` and `theme` come along with the row."""
    limits = [
        (_("force"), rule.get_force_display() if rule.force else ""),
        (_("unit"), rule.unit),
        (_("party"), rule.party),
        (_("theme"), rule.theme),
    ]
    told = [f"{name}: {value}" for name, value in limits if value]
    if rule.reason == Reason.RECURRENCE_DUE:
        told.append(f"{Recurrence.REGULAR.label}: {_months(rule.regular_months)}")
    return ", ".join(told) or _("every commitment")


def _day(day: int, *, ahead: bool) -> str:
    if day == 0:
        return _("on the day itself")
    if ahead:
        return ngettext("%(n)s day before", "%(n)s days before", day) % {"n": day}
    return ngettext("%(n)s day after", "%(n)s days after", day) % {"n": day}


def _months(number: int) -> str:
    return ngettext("every %(n)s month", "every %(n)s months", number) % {"n": number}
