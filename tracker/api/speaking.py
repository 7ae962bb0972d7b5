"""Whoever sends a token is answered in their own language."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from knox.auth import TokenAuthentication as ByToken
from rest_framework.request import Request

from tracker import rights


class TokenAuthentication(ByToken):
    """A token, and with it the language of its owner, for whatever the answer says in words. A request that asks for a
    language itself (`Accept-Language`) is answered in that one."""

    def authenticate(self, request: Request) -> Any:
        """The user and the token; None without a token."""
        found = super().authenticate(request)
        person = rights.person_of(found[0]) if found else None
        if person and "Accept-Language" not in request.headers:
            translation.activate(person.language)
        return found
