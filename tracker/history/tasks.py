"""The base of every Celery task: what a task changes is recorded as done by it, under its name."""

from __future__ import annotations

from typing import Any

from celery import Task

from tracker.history.acting import acting


class Acting(Task):  # type: ignore[misc]
    """A task that acts under the last part of its name ("sweep"), with its id."""

    abstract = True

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run it; also where it is called as a plain function."""
        with acting(self.name.rpartition(".")[2], request_id=self.request.id or ""):
            return super().__call__(*arguments, **named)
