"""The addresses of the tracker: pages, downloads, health and the API."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from tracker.views import dashboard, files, health, reading, signing

urlpatterns: list[URLPattern | URLResolver] = [
    path("", dashboard.pending, name="dashboard"),
    path("login/", signing.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="login"), name="logout"),
    path("language/", signing.choose_language, name="language"),
    path("instruments/<int:pk>/", reading.instrument, name="instrument"),
    path("commitments/<int:pk>/", reading.commitment, name="commitment"),
    path("texts/<int:pk>/original/", files.original, name="original"),
    path("healthz", health.healthz, name="healthz"),
    path("api/v1/", include("tracker.api.urls")),
]
