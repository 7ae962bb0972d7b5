"""The Celery application. Its settings are Django's, under CELERY_; its tasks are the `tasks.py` of the apps."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init, worker_ready

from config import listening, slots

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

slots.keep_places()
app = Celery("pacta", task_cls="tracker.history.tasks:Acting")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()


@worker_init.connect  # type: ignore[untyped-decorator]
def name_the_worker(**_: Any) -> None:
    """Let its connections tell who they are: `follow_up_health` says who is missing."""
    _call_ourselves("pacta-worker")


@worker_ready.connect  # type: ignore[untyped-decorator]
def watch_the_worker(**_: Any) -> None:
    """See that it goes on hearing."""
    listening.watch_over(app)


@beat_init.connect  # type: ignore[untyped-decorator]
def name_the_beat(**_: Any) -> None:
    """The same for beat."""
    _call_ourselves("pacta-beat")


def _call_ourselves(name: str) -> None:
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "client_name": name}


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logs(**_: Any) -> None:
    """Leave the logs as the settings made them: that this receiver exists keeps Celery from making its own."""
