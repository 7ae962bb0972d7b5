"""The page that shows what reading a text again would gain, lose and move, before anything is saved."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tracker import intake, rereading, rights
from tracker.models.edits import ForbiddenError, RefusedError
from tracker.models.uploads import UploadState
from tracker.rereading import Fate


@login_required(login_url="login")
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What would change; a POST with the fingerprint of what was shown does it."""
    upload = get_object_or_404(intake.uploads(request.user).filter(replaces__isnull=False), pk=pk)
    text = get_object_or_404(rights.texts(request.user).select_related("instrument__unit"), pk=upload.replaces_id)
    refusal, status, by = "", 200, request.user
    if request.method == "POST" and isinstance(by, User):
        try:
            if request.POST.get("choice") == "keep":
                intake.answer(upload.pk, intake.Choice.KEEP, by=by, now=timezone.now())
                return redirect("review", text.pk)
            done = rereading.approve(
                upload.pk,
                request.POST.get("fingerprint", ""),
                by=by,
                now=timezone.now(),
            )
            return redirect("review", done.text_id)
        except RefusedError as error:
            refusal, status = str(error), 403 if isinstance(error, ForbiddenError) else 409
    asks = upload.state == UploadState.ASKS
    planned = rereading.planned(upload.pk, now=timezone.now()) if asks else None
    lists = [(fate.value, planned.of(fate)) for fate in Fate] if planned else []
    context = {
        "upload": upload,
        "text": text,
        "instrument": text.instrument,
        "plan": planned,
        "lists": lists,
        "unread": upload.is_moving,
        "refusal": refusal,
        "may_act": rights.may(request.user, rights.Action.REVIEW, text.instrument),
    }
    return render(request, "tracker/reading_again.html", context, status=status)
