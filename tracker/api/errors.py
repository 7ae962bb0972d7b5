"""What the API says where it refuses, in the caller's language: the framework's words are there for English only, or
name our models."""

from __future__ import annotations

import math
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

_WORDS = (
    (Http404, _("There is no such record, or it is with another unit.")),
    (exceptions.NotFound, _("There is no such page.")),
    (exceptions.AuthenticationFailed, _("The name, the password or the token is not valid.")),
    (exceptions.NotAuthenticated, _("Send a token: Authorization: Token …")),
    (PermissionDenied, _("You may not do this.")),
    (exceptions.PermissionDenied, _("You may not do this.")),
    (exceptions.MethodNotAllowed, _("This can't be done at this address.")),
)


def told(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error, in words; None for one that is a fault of ours, which is logged and answered with 500."""
    answer = exception_handler(error, context)
    if answer is None or not isinstance(answer.data, dict) or set(answer.data) != {"detail"}:
        return answer
    if isinstance(error, exceptions.Throttled):
        answer.data["detail"] = _wait(getattr(error, "wait", None))
    for kind, words in _WORDS:
        if isinstance(error, kind):
            answer.data["detail"] = words
    return answer


def _wait(seconds: float | None) -> str:
    n = math.ceil(seconds or 1)
    return ngettext("Too many requests. Wait %(n)s second.", "Too many requests. Wait %(n)s seconds.", n) % {"n": n}
