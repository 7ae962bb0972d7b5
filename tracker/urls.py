"""The addresses of the tracker: pages, downloads, health and the API."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from tracker.views import dashboard, feeds, files, health, reading, reading_again, review, signing

urlpatterns: list[URLPattern | URLResolver] = [
    path("", dashboard.pending, name="dashboard"),
    path("login/", signing.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="login"), name="logout"),
    path("language/", signing.choose_language, name="language"),
    path("instruments/<int:pk>/", reading.instrument, name="instrument"),
    path("commitments/<int:pk>/", reading.commitment, name="commitment"),
    path("texts/<int:pk>/original/", files.original, name="original"),
    path("evidence/<int:pk>/", files.evidence, name="evidence"),
    path("texts/<int:pk>/review/", review.page, name="review"),
    path("texts/<int:pk>/review/add/", review.add, name="review-add"),
    path("texts/<int:pk>/review/again/", review.again, name="review-again"),
    *(
        path(f"commitments/<int:pk>/review/{act}/", review.step, {"act": act}, name=f"review-{act}")
        for act in review.ACTS
    ),
    path("uploads/<int:pk>/changes/", reading_again.changes, name="reading-again"),
    path("feeds/", feeds.mine, name="feeds"),
    path("feeds/<int:pk>/revoke/", feeds.revoke, name="feed-revoke"),
    path("feeds/<str:secret>/calendar.ics", feeds.deadlines, name="feed-calendar"),
    path("feeds/<str:secret>/changes.atom", feeds.what_changed, name="feed-changes"),
    path("healthz", health.healthz, name="healthz"),
    path("api/v1/", include("tracker.api.urls")),
]
