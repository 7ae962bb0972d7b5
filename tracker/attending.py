"""What people do about a follow-up: acknowledge it, put it off, give it to somebody, say something to it.

None of it says what became of the promise: a flag closes when its reason no longer holds (`tracker.standing`), and that
is reached by recording, extending or reviewing. Everything here changes only the flag, so a page of the commitment
does not become stale by it; each change is in the commitment's history.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import rights
from tracker.models import FollowUp, FollowUpComment, Person
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import FollowUpState

LONGEST = dt.timedelta(days=366)
"""How far ahead a follow-up may be put off: a year, whichever it is. What is not to be looked at for longer is no
follow-up, but an extension or a waiver."""

LONGEST_WORDS = 4000


class StaleFollowUpError(RefusedError):
    """Somebody else did something about the follow-up meanwhile. Bears it as it is now; the message tells it, too."""

    def __init__(self, seen: int, current: FollowUp) -> None:
        super().__init__(
            _("This follow-up was changed meanwhile (you saw version %(seen)s, it is now %(current)s). Now: %(how)s.")
            % {"seen": seen, "current": current.version, "how": in_words(current)}
        )
        self.seen = seen
        self.current = current


@transaction.atomic
def acknowledge(followup_id: int, *, by: User, version: int, now: dt.datetime) -> FollowUp:
    """Say that one has seen it and acts; the ladder of escalation ends here.

    Raises StaleFollowUpError, ForbiddenError, and RefusedError where it is closed, acknowledged already, or not there.
    """
    followup = _locked(followup_id, by, version)
    if followup.acknowledged_by:
        raise RefusedError(_("It is acknowledged already, by %(who)s.") % {"who": _name(followup.acknowledged_by)})
    followup.acknowledged_at, followup.acknowledged_by = now, by
    _keep(followup, "acknowledged_at", "acknowledged_by")
    return followup


@transaction.atomic
def snooze(followup_id: int, *, until: dt.date, reason: str, by: User, version: int, now: dt.datetime) -> FollowUp:
    """Put it off until a day, on which it is to be looked at again; the reason is kept as a comment.

    Raises StaleFollowUpError, ForbiddenError, and RefusedError where it is closed or not there, without a reason, or
    for a day that is not after today in the ministry's zone or lies more than a year ahead.
    """
    followup = _locked(followup_id, by, version)
    today = ministry_day(now)
    if until <= today:
        raise RefusedError(_("A follow-up is put off until a day to come."))
    if until > today + LONGEST:
        raise RefusedError(_("A follow-up is put off for a year at most."))
    if followup.snoozed_until == until:
        raise RefusedError(_("It is put off until that day already."))
    _say(followup, _checked(reason, _("Say why it is put off.")), by, now)
    followup.snoozed_until = until
    _keep(followup, "snoozed_until")
    return followup


@transaction.atomic
def wake(followup_id: int, *, by: User, version: int, now: dt.datetime) -> FollowUp:
    """Let it be looked at again today, although it was put off. Raises StaleFollowUpError, ForbiddenError, and
    RefusedError where it is closed, not put off (any more), or not there."""
    followup = _locked(followup_id, by, version)
    if followup.snoozed_until is None or followup.snoozed_until <= ministry_day(now):
        raise RefusedError(_("It is not put off."))
    followup.snoozed_until = None
    _keep(followup, "snoozed_until")
    return followup


@transaction.atomic
def assign(followup_id: int, *, to: Person | None, by: User, version: int, now: dt.datetime) -> FollowUp:
    """Give it to somebody, who is told from now on; with None, back to whom its rule tells. The commitment's officer
    stays.

    Raises StaleFollowUpError, ForbiddenError, and RefusedError where it is closed, with that person already or not
    there, or for somebody who is not at work or may not act on the commitment.
    """
    followup = _locked(followup_id, by, version)
    if to and not rights.may(to.user, rights.Action.ATTEND, followup.commitment):
        raise RefusedError(
            _("%(person)s can't take it: the role only looks, it is with another unit, or the account is closed.")
            % {"person": to}
        )
    if followup.assigned_to_id == (to.pk if to else None):
        raise RefusedError(_("It is so already."))
    followup.assigned_to = to
    _keep(followup, "assigned_to")
    return followup


@transaction.atomic
def comment(followup_id: int, *, words: str, by: User, now: dt.datetime) -> FollowUpComment:
    """Say something to it. Comments are internal, and only added, so none overwrites another and no version is asked.
    Raises ForbiddenError, and RefusedError where it is closed or not there, or for words that are none or too many."""
    followup = _locked(followup_id, by, None)
    return _say(followup, _checked(words, _("A comment says something.")), by, now)


def in_words(followup: FollowUp) -> str:
    """What people have done about it, as one phrase."""
    if followup.state == FollowUpState.CLOSED:
        return _("closed: %(why)s") % {"why": followup.get_closed_because_display()}
    who, until, to = followup.acknowledged_by, followup.snoozed_until, followup.assigned_to
    done = [_("acknowledged by %(who)s") % {"who": _name(who)} if who else _("not acknowledged")]
    if until:
        done.append(_("put off until %(day)s") % {"day": date_format(until, "DATE_FORMAT")})
    if to:
        done.append(_("given to %(person)s") % {"person": to})
    return ", ".join(done)


def _locked(followup_id: int, by: User, version: int | None) -> FollowUp:
    """The follow-up, its row locked until the transaction ends, where this person may attend to it and it is as the
    person saw it (`version`; None where that does not matter). One that may not be known of is not there."""
    about = ("commitment__unit", "commitment__text__instrument__unit", "acknowledged_by", "assigned_to__user")
    known = FollowUp.objects.select_related(*about).defer("commitment__text__body")
    followup = known.select_for_update(of=("self",)).filter(pk=followup_id).first()
    if followup is None or not rights.may(by, rights.Action.SEE, followup.commitment):
        raise RefusedError(_("There is no such follow-up."))
    rights.demand(by, rights.Action.ATTEND, followup.commitment)
    if followup.state == FollowUpState.CLOSED:
        raise RefusedError(
            _("This follow-up is closed: %(why)s. There is nothing left to do about it.")
            % {"why": followup.get_closed_because_display()}
        )
    if version is not None and followup.version != version:
        raise StaleFollowUpError(version, followup)
    return followup


def _keep(followup: FollowUp, *fields: str) -> None:
    """Write these columns of a locked follow-up, and no others, and raise its version; the sweep writes the rest."""
    followup.version += 1
    followup.save(update_fields=[*fields, "version"])


def _say(followup: FollowUp, words: str, by: User, now: dt.datetime) -> FollowUpComment:
    return FollowUpComment.objects.create(followup=followup, words=words, by=by, at=now)


def _checked(words: str, empty: str) -> str:
    if not (words := words.strip()):
        raise RefusedError(empty)
    if len(words) > LONGEST_WORDS:
        raise RefusedError(_("A comment has at most %(most)s characters.") % {"most": LONGEST_WORDS})
    return words


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
