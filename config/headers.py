"""Headers on every answer, and the longest life of a session."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

Handler = Callable[[HttpRequest], HttpResponse]

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# unfold's admin runs on Alpine, which evaluates expressions in attributes, and writes inline styles.
ADMIN = STRICT | {"script-src": "'self' 'unsafe-eval'", "style-src": "'self' 'unsafe-inline'"}
POLICIES = (("/admin/", ADMIN), ("/", STRICT))

UNUSED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
BEGAN = "signed_in_at"


class SecurityHeaders:
    """Content-Security-Policy by address (the first prefix that fits), and what the browser may not use at all."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = next(policy for prefix, policy in POLICIES if request.path_info.startswith(prefix))
        response.headers.setdefault("Content-Security-Policy", in_words(policy))
        response.headers.setdefault("Permissions-Policy", UNUSED)
        return response


class SignedIn:
    """Pages of people who signed in are never stored, and a session ends `SESSION_LONGEST` after it began."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            began = request.session.setdefault(BEGAN, int(time.time()))
            if time.time() - began > settings.SESSION_LONGEST.total_seconds():
                logout(request)
        response = self.get_response(request)
        if request.user.is_authenticated or "Authorization" in request.headers:
            add_never_cache_headers(response)
        return response


def in_words(policy: dict[str, str]) -> str:
    """The policy as the header says it."""
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def client_address(request: HttpRequest) -> str:
    """Who asks: with PROXIES=n the n-th address from the right, written by our proxies; the rest can be forged."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.PROXIES and len(forwarded) >= settings.PROXIES:
        return str(forwarded[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))
