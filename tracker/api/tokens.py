"""Tokens: one is issued for a name and a password, and is ended by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from knox.views import LoginView, LogoutAllView, LogoutView
from rest_framework.authentication import BasicAuthentication
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.serializers import TokenSerializer
from tracker.api.speaking import TokenAuthentication


class Issue(LoginView):
    """A new token for the user whose name and password are sent as HTTP basic authentication."""

    authentication_classes = [BasicAuthentication]
    # The count of failed attempts looks into the body, whatever its kind.
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    @extend_schema(request=None, responses=TokenSerializer, operation_id="token_issue")
    def post(self, request: Request, format: str | None = None) -> Any:  # noqa: A002  (knox names it so)
        """Issue a token. It is shown this once; send it as `Authorization: Token …`."""
        return super().post(request, format)


class End(LogoutView):
    """The token that is sent ends."""

    authentication_classes = [TokenAuthentication]

    @extend_schema(request=None, responses={204: None}, operation_id="token_end")
    def post(self, request: Request, format: str | None = None) -> Response:  # noqa: A002
        """End the token with which this is sent."""
        response: Response = super().post(request, format)
        return response


class EndAll(LogoutAllView):
    """Every token of the user ends."""

    authentication_classes = [TokenAuthentication]

    @extend_schema(request=None, responses={204: None}, operation_id="token_end_all")
    def post(self, request: Request, format: str | None = None) -> Response:  # noqa: A002
        """End every token of the user who sends this."""
        response: Response = super().post(request, format)
        return response
