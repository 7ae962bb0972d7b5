"""The Celery application. Its settings are Django's, under CELERY_; its tasks are the `tasks.py` of the apps."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pacta", task_cls="tracker.history.tasks:Acting")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logs(**_: Any) -> None:
    """Leave the logs as the settings made them: that this receiver exists keeps Celery from making its own."""
