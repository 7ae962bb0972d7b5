"""The API described for machines (OpenAPI) and for people (Swagger UI). Both are open: they hold no records."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

# Swagger UI writes inline styles; its scripts are files of ours.
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


class TokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """Our tokens are described as knox's, which they are."""

    target_class = "tracker.api.speaking.TokenAuthentication"


class Schema(SpectacularAPIView):
    """The OpenAPI document."""

    authentication_classes = ()
    permission_classes = [AllowAny]


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI, served from this server alone."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    url_name = "schema"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, with the one exception from the strict policy."""
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = _POLICY
        return response
