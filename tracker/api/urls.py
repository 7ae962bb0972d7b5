"""The addresses of the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from tracker.api import schema, tokens, views

router = SimpleRouter()
router.register("commitments", views.Commitments, basename="api-commitment")
router.register("instruments", views.Instruments, basename="api-instrument")
router.register("follow-ups", views.FollowUps, basename="api-followup")
router.register("parties", views.Parties, basename="api-party")

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", tokens.Issue.as_view(), name="api-login"),
    path("logout/", tokens.End.as_view(), name="api-logout"),
    path("logout-all/", tokens.EndAll.as_view(), name="api-logout-all"),
    path("schema/", schema.Schema.as_view(), name="schema"),
    path("docs/", schema.Docs.as_view(), name="api-docs"),
    *router.urls,
]
