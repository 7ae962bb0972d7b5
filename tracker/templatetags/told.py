"""What was kept as a code or as the parser said it, shown in the language of the page: `{% load told %}`."""

from __future__ import annotations

from django import template

from tracker.ingest import faults, reasons
from tracker.models import Upload

register = template.Library()


@register.filter
def reason(why: str) -> str:
    """Why something was read so: `{{ commitment.why|reason }}`."""
    return reasons.told(why)


@register.filter
def why_not(upload: Upload) -> str:
    """Why an upload could not be read: `{{ upload|why_not }}`; nothing where it could."""
    return faults.told_anew(upload.fault, upload.error)
