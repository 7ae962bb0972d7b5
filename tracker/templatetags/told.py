"""What was kept as a code or as the parser said it, shown in the language of the page: `{% load told %}`."""

from __future__ import annotations

from django import template

from tracker.history.timeline import Change
from tracker.ingest import faults, reasons
from tracker.models import Upload

register = template.Library()
_REASONS = ("why", "due_why")


@register.filter
def reason(why: str) -> str:
    """Why something was read so: `{{ commitment.why|reason }}`."""
    return reasons.told(why)


@register.filter
def before(change: Change) -> str:
    """What a field of the history was: `{{ change|before }}`; a reason of the parser in the language of the page."""
    return reasons.told(change.before) if change.column in _REASONS else change.before


@register.filter
def after(change: Change) -> str:
    """The same for what it became."""
    return reasons.told(change.after) if change.column in _REASONS else change.after


@register.filter
def why_not(upload: Upload) -> str:
    """Why an upload could not be read: `{{ upload|why_not }}`; nothing where it could."""
    return faults.told_anew(upload.fault, upload.error)
