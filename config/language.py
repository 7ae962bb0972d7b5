"""The language of the screens: whoever has chosen one is spoken to in it, wherever they sign in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from config.headers import Handler
from tracker import rights


class Speaking:
    """What the person chose goes before what this browser was told or asks for (`LocaleMiddleware`, which comes
    first). The API learns who asks only in its view: see `tracker.api.speaking`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if person := rights.person_of(request.user):
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language  # as LocaleMiddleware does
        return self.get_response(request)
