"""The history of a record on its page in the admin: who changed what, when, from what to what, and why."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse

from tracker.history.timeline import timeline

_LATEST = 100
"""How many of the latest entries a page shows."""


class TellsHistory:
    """For a ModelAdmin: below the form stands what became of the record."""

    change_form_outer_after_template = "admin/tracker/told.html"

    def told_of(self, record: Any) -> models.Model:
        """Whose timeline is shown: the record's own, unless it is told as part of another."""
        assert isinstance(record, models.Model)  # noqa: S101  (for the type checker)
        return record

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form, with the history of what is there already."""
        record = context.get("original")
        context["history"] = timeline(self.told_of(record), _LATEST) if record else None
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return page
