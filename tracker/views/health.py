"""Whether follow-up is alive: asked by a monitor that knows neither Redis nor Celery."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.models import Job
from tracker.watch import sweep_age


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The age in seconds of the last finished sweep; 503 where it is older than `HEALTH_SWEEP_SECONDS`, or unknown.

    "put off" says that it is late because somebody has stopped a full one.
    """
    now = timezone.now()
    try:
        age = sweep_age(now)
        put_off = Job.objects.sweep_put_off_until(now)
    except DatabaseError:
        return JsonResponse({"status": "down", "database": False, "sweep_age_seconds": None}, status=503)
    alive = age is not None and age <= settings.HEALTH_SWEEP_SECONDS
    answer = {"status": "ok" if alive else "put off" if put_off else "late", "database": True, "sweep_age_seconds": age}
    return JsonResponse(answer, status=200 if alive else 503)
