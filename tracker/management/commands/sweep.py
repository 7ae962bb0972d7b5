"""`manage.py sweep`: raise and clear follow-ups now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models.vocabulary import Reason
from tracker.tasks import run_sweep


class Command(BaseCommand):
    """Runs one sweep and prints what it raised and cleared, by reason."""

    help = "Raise the follow-ups that are due and close those that no longer hold, as Celery does every minute."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run it."""
        swept = run_sweep(timezone.now(), insist=True)
        if not swept.ran:
            self.stdout.write(_("Another sweep is at work; it does what this one would have done."))
            return
        for title, numbers in ((_("Follow-ups raised"), swept.raised), (_("Follow-ups cleared"), swept.cleared)):
            self.stdout.write(f"{title}: {sum(numbers.values())}{_by_reason(numbers)}")


def _by_reason(numbers: dict[Reason, int]) -> str:
    told = ", ".join(f"{reason.label} {numbers[reason]}" for reason in Reason if numbers.get(reason))
    return f" ({told})" if told else ""
