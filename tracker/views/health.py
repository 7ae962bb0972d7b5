"""Whether follow-up is alive: asked by a monitor that knows neither Redis nor Celery."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.models import Sweep


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The age in seconds of the last finished sweep; 503 where it is older than `HEALTH_SWEEP_SECONDS`, or unknown."""
    try:
        finished = Sweep.objects.order_by("-finished_at").values_list("finished_at", flat=True).first()
    except DatabaseError:
        return JsonResponse({"status": "down", "database": False, "sweep_age_seconds": None}, status=503)
    age = max(0, int((timezone.now() - finished).total_seconds())) if finished else None
    alive = age is not None and age <= int(getattr(settings, "HEALTH_SWEEP_SECONDS", 300))
    answer = {"status": "ok" if alive else "late", "database": True, "sweep_age_seconds": age}
    return JsonResponse(answer, status=200 if alive else 503)
