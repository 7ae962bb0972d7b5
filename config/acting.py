"""Who acts in a request: said to the history, and to the logs, for as long as the request lasts."""

from __future__ import annotations

import secrets

import structlog
from django.http import HttpRequest, HttpResponse

from config.headers import Handler, client_address
from tracker.history import acting


class Acting:
    """Everything that a request changes is recorded as done by its user, with an id that the logs bear too.

    The user is asked for when something is changed, not before: the API learns it only in its view.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            acting(lambda: request.user, request_id=request_id, address=client_address(request)),
        ):
            return self.get_response(request)
