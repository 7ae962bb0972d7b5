"""`manage.py follow_up_health`: is everything done that must happen by itself? For a timer that alarms a human."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from tracker.watch import watch


class Command(BaseCommand):
    """Asks PostgreSQL alone; a line for each question. Exit 0: all is well; 1: something stopped; 2: no database."""

    help = "Tells whether sweeps, outbox, history and uploads go on, without Redis or Celery. Exit 1 where one stopped."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found, the alarms to standard error as well, for the timer's mail."""
        try:
            found = watch(timezone.now())
        except DatabaseError as error:
            self.stderr.write(f"ALARM database: PostgreSQL does not answer: {error}".strip())
            raise SystemExit(2) from error
        for each in found:
            stream = self.stdout if each.well else self.stderr
            stream.write(f"{'ok   ' if each.well else 'ALARM'} {each.name}: {each.told}")
        if not all(each.well for each in found):
            raise SystemExit(1)
