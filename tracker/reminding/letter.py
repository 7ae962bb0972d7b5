"""The words of the day's mail, in its reader's language: titles and days, never the words of a text."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.models import FollowUp, Person
from tracker.models.vocabulary import AHEAD_REASONS, Reason
from tracker.reminding.lines import ESCALATED, Group, groups

_MOST_PARTIES = 6

# What to do, the most urgent first.
_HEADINGS: dict[str, Promise] = {
    ESCALATED: gettext_lazy("Escalated to you: nobody has acknowledged these"),
    Reason.OVERDUE: gettext_lazy("Overdue: record what came of it, or move the last day"),
    Reason.DUE_SOON: gettext_lazy("Due soon: see that it is done in time"),
    Reason.EXTENSION_ASKED: gettext_lazy("More time is asked: decide"),
    Reason.RECURRENCE_DUE: gettext_lazy("Due again: record what was done this time"),
    Reason.REQUEST_UNANSWERED: gettext_lazy("Requests without an answer: ask again, or record the answer"),
    Reason.EVIDENCE_EXPIRING: gettext_lazy("Evidence that expires: renew it"),
    Reason.SOURCE_CHANGED: gettext_lazy("The text was read again: look at what changed"),
    Reason.REVIEW_WAITING: gettext_lazy("Readings to review"),
    Reason.AWAITING_DATE: gettext_lazy("Without a date: agree on one, and record it"),
    Reason.QUIET: gettext_lazy("Quiet: ask how it stands, and record the news"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A follow-up: the title of its commitment, what is to be known of it, and where it is."""

    title: str
    details: str
    link: str


@dataclass(frozen=True, slots=True)
class _Section:
    """A group: what to do, its lines, and in `more` how many others there are, if any, behind the link."""

    heading: str
    lines: tuple[_Line, ...]
    more: str
    link: str


def letter(person: Person, digest: int, on: dt.date) -> dict[str, str]:
    """The subject, text and HTML of a day's mail, in the person's language. Reads the ledger: what is in it is told."""
    told = groups(digest)
    with translation.override(person.language):
        sections = [_section(name, told[name], on) for name in _HEADINGS if name in told]
        subject = _subject(told, on)
        context = {"subject": subject, "sections": sections, "footer": _footer(), "language": person.language}
        return {
            "subject": subject,
            "text": _text(context),
            "html": render_to_string("tracker/digest.html", context),
        }


def one_line(words: str) -> str:
    """Words on one line, without control or invisible characters: what somebody typed must not end a header, start a
    line of its own, or turn the direction of what follows.
    """
    kinds = ((letter, unicodedata.category(letter)) for letter in words)
    kept = (" " if kind in ("Cc", "Zl", "Zp") else letter for letter, kind in kinds if kind != "Cf")
    return " ".join("".join(kept).split())


def _subject(told: dict[str, Group], on: dt.date) -> str:
    number = sum(group.number for group in told.values())
    if number == 1:
        followup = next(iter(told.values())).followups[0]
        return _("Pacta: %(reason)s: %(title)s") % {
            "reason": followup.get_reason_display(),
            "title": Truncator(one_line(followup.commitment.title)).chars(100),
        }
    many = ngettext("Pacta: %(n)s follow-up, %(day)s", "Pacta: %(n)s follow-ups, %(day)s", number)
    return many % {"n": number, "day": date_format(on, "DATE_FORMAT")}


def _section(name: str, group: Group, on: dt.date) -> _Section:
    lines = tuple(_line(followup, on, escalated=name == ESCALATED) for followup in group.followups)
    rest = group.number - len(lines)
    more = ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest} if rest else ""
    query = "?state__exact=open" if name == ESCALATED else f"?reason__exact={name}&state__exact=open"
    return _Section(str(_HEADINGS[name]), lines, more, _address("admin:tracker_followup_changelist") + query)


def _line(followup: FollowUp, on: dt.date, *, escalated: bool) -> _Line:
    commitment = followup.commitment
    details = [
        capfirst(followup.get_reason_display()) if escalated else "",
        _("due %(day)s") % {"day": date_format(commitment.due_on, "DATE_FORMAT")} if commitment.due_on else "",
        _parties([one_line(side.party.name) for side in commitment.obligors.all()]),
        _standing(followup, on),
    ]
    return _Line(
        one_line(commitment.title),
        " · ".join(filter(None, details)),
        _address("commitment", followup.commitment_id),
    )


def _parties(names: list[str]) -> str:
    return ", ".join(names[:_MOST_PARTIES]) + (" …" if len(names) > _MOST_PARTIES else "")


def _standing(followup: FollowUp, on: dt.date) -> str:
    """How near the occasion is, or how long ago."""
    days = (followup.occasion - on).days
    if followup.reason in AHEAD_REASONS and days >= 0:
        return _("today") if days == 0 else ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    late = followup.reason == Reason.OVERDUE or followup.reason in AHEAD_REASONS
    words = (
        ngettext("%(n)s day late", "%(n)s days late", -days)
        if late
        else ngettext("for %(n)s day", "for %(n)s days", -days)
    )
    return words % {"n": -days}


def _footer() -> str:
    return _("You get this because you answer for these commitments. What you have acted on is not told again.")


def _text(context: dict[str, Any]) -> str:
    blocks = []
    for section in context["sections"]:
        lines = [f"- {line.title}\n  {line.details}\n  {line.link}" for line in section.lines]
        more = [f"{section.more}: {section.link}"] if section.more else []
        blocks.append("\n".join([section.heading.upper(), "", *lines, *more]))
    return "\n\n".join([*blocks, f"-- \n{context['footer']}"]) + "\n"


def _address(name: str, *args: int) -> str:
    return settings.SITE_URL + reverse(name, args=args)
