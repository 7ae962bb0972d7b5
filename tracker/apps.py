"""The tracker as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as translated


class TrackerConfig(AppConfig):
    """Instruments, the commitments read in them, and what became of each."""

    name = "tracker"
    verbose_name = translated("Pacta")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """After every `migrate` and flush the triggers of the history are there, each follow-up reason has its rule,
        and an empty taxonomy its first themes; here and not in a migration, so that no flush loses them. Every
        connection says who acts.
        """
        from tracker.history.acting import install

        connection_created.connect(install, dispatch_uid="history")
        post_migrate.connect(_complete, sender=self)


def _complete(using: str, **kwargs: Any) -> None:
    from tracker.history import acting, installing  # models load only after the registry is ready
    from tracker.models.followups import seed_rules
    from tracker.models.reminders import seed_ladder
    from tracker.models.themes import seed_themes

    installing.bring_up_to_date(connections[using])
    if not _as_now(kwargs.get("apps", apps)):
        return
    with acting("migration"):
        seed_rules()
        seed_ladder()
        seed_themes()


def _as_now(then: Any) -> bool:
    """Whether what is seeded has its tables as the models of now know them; on the way to an older state it has not."""
    seeded = ("FollowUpRule", "EscalationRung", "Theme")
    fields = [
        {field.attname for field in registry.get_model("tracker", name)._meta.concrete_fields}
        for registry in (then, apps)
        for name in seeded
        if name.lower() in registry.all_models["tracker"]
    ]
    return fields[: len(seeded)] == fields[len(seeded) :]
