"""The tracker as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as translated


class TrackerConfig(AppConfig):
    """Instruments, the commitments read in them, and what became of each."""

    name = "tracker"
    verbose_name = translated("Pacta")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give every follow-up reason its rule; here and not in a migration, so that no flush loses them."""
        post_migrate.connect(_seed_rules, sender=self)


def _seed_rules(**_: object) -> None:
    from tracker.models.followups import seed_rules  # models load only after the registry is ready

    seed_rules()
