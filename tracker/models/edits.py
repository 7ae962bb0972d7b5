"""How one commitment is changed by a person: under its row lock, against the version that the person saw."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tracker.models.commitments import Commitment


class RefusedError(Exception):
    """What was asked may not be done; the message says why, in words for the person who asked."""


class ForbiddenError(RefusedError):
    """This person may not do it; another may."""


class StaleError(RefusedError):
    """Somebody else changed the commitment meanwhile. Bears both versions, so that a page can show them."""

    def __init__(self, seen: int, current: Commitment) -> None:
        super().__init__(
            _("This commitment was changed meanwhile (you saw version %(seen)s, it is now %(current)s).")
            % {"seen": seen, "current": current.version}
        )
        self.seen = seen
        self.current = current


def lock(commitment_id: int, version: int) -> Commitment:
    """The commitment, its row locked until the transaction ends.

    Raises StaleError where `version` is not the current one, RefusedError where there is no such commitment.
    """
    # The unit that answers for it comes along: every step asks whose record it is.
    known = Commitment.objects.select_related("unit", "text__instrument__unit").defer("text__body")
    commitment = known.select_for_update(of=("self",)).filter(pk=commitment_id).first()
    if commitment is None:
        raise RefusedError(_("There is no such commitment."))
    if commitment.version != version:
        raise StaleError(version, commitment)
    return commitment


def keep(commitment: Commitment, fields: list[str]) -> None:
    """Write these columns of a locked commitment, and no others, and raise its version."""
    commitment.version += 1
    commitment.save(update_fields=[*fields, "version"])
