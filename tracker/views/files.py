"""The bytes that a text was read from, as they came."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tracker import rights


@login_required(login_url="login")
@require_safe
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The original file of a text: always to be saved, never shown, so that nothing in it runs in our origin."""
    text = get_object_or_404(rights.texts(request.user).select_related("source").defer("body"), pk=pk)
    name = text.file_name or f"{text.sha256[:12]}.{text.language}"
    response = HttpResponse(bytes(text.source.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
