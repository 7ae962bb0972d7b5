"""How the admin looks: its name, its colours (those of the pages), its languages, its menu."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker import rights

_PETROL = {
    "50": "#f1f6f8",
    "100": "#dfeaef",
    "200": "#c2d7e0",
    "300": "#97bacb",
    "400": "#6496af",
    "500": "#447b96",
    "600": "#2f6480",
    "700": "#265169",
    "800": "#1d4355",
    "900": "#173442",
    "950": "#0e2230",
}

_MENU = (
    "Commitment",
    "FollowUp",
    "Submission",
    "Instrument",
    "Upload",
    "Text",
    "Party",
    "Theme",
    "Unit",
    "Person",
    "HandOver",
    "Job",
    "FollowUpRule",
    "EscalationRung",
    "CalendarDay",
    "Reminder",
    "Digest",
    "Sweep",
    "Operations",
    "OutboxItem",
    "WebhookEndpoint",
    "Feed",
)
_ORDER = {name: place for place, name in enumerate(_MENU)}
_MODELS = {"AuthToken": _("Tokens")}
_NAMES = {"knox": _("Tokens of the API"), "axes": _("Attempts to sign in")}


def _operations() -> dict[str, Any]:
    """The operators' page among the lists, in the shape that the admin gives those."""
    return {
        "name": _("Operations"),
        "object_name": "Operations",
        "admin_url": reverse("admin:tracker_operations"),
        "add_url": None,
        "perms": {"view": True},
        "view_only": True,
    }


def dress(context: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Unfold's context for every page of the admin, with what is ours."""
    apps = sorted(context.get("available_apps", []), key=lambda app: app["app_label"] != "tracker")
    for app in apps:
        app["name"] = _NAMES.get(app["app_label"], app["name"])
        for model in app["models"]:
            model["name"] = _MODELS.get(model["object_name"], model["name"])
        if app["app_label"] == "tracker" and rights.may_administer(request.user):
            app["models"].append(_operations())
        app["models"].sort(key=lambda model: _ORDER.get(model["object_name"], len(_ORDER)))
    ours = {
        "available_apps": apps,
        "site_title": "Pacta",
        "site_header": "Pacta",
        "site_url": reverse("dashboard"),
        "site_icon": static("tracker/pacta.svg"),
        "site_favicons": [],
        "show_languages": True,
        "languages_action": reverse("language"),
        "colors": {**context.get("colors", {}), "primary": _PETROL},
        "styles": [static("tracker/desk.css")],
        "show_history": False,
    }
    return {**context, **ours}


admin.site.extra_context = dress  # type: ignore[attr-defined]  # unfold's hook, for whoever keeps the default site
