"""Files as they came: what a text was read from, and evidence. Always to be saved, never shown in our origin."""

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
    """The original file of a text."""
    text = get_object_or_404(rights.texts(request.user).select_related("source").defer("body"), pk=pk)
    return _to_save(bytes(text.source.content), text.file_name or f"{text.sha256[:12]}.{text.language}")


@login_required(login_url="login")
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of evidence, in the record or submitted, of a commitment that the user may know of."""
    known = rights.evidence(request.user).filter(file__isnull=False).select_related("file")
    found = get_object_or_404(known, pk=pk)
    assert found.file is not None  # noqa: S101  (for the type checker)
    return _to_save(bytes(found.file.content), found.file_name)


def _to_save(content: bytes, name: str) -> HttpResponse:
    """Bytes that a browser saves and runs nothing of, whatever they are."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
