"""Every page worth a look: all lists, forms and records of the admin, and all pages beside it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import reverse

from tracker.models import Commitment, Instrument, Text, Upload

ALONE = {"dashboard": "/", "api": "/api/v1/docs/", "admin": "/admin/", "import": "/admin/tracker/commitment/import/"}


def places(user: User) -> dict[str, str]:
    """The addresses of the pages that this user is shown, by short names; of each kind of record the first."""
    every = {**ALONE, **_pages(), **_admin()}
    client = Client()
    client.force_login(user)
    with override_settings(SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=["*"]):
        return {name: address for name, address in every.items() if client.get(address).status_code == 200}


def _pages() -> dict[str, str]:
    instrument, text = Instrument.objects.first(), Text.objects.filter(leading=True).first()
    again = Upload.objects.filter(replaces__isnull=False).first()
    found = {
        "reading": instrument and reverse("instrument", args=[instrument.pk]),
        "review": text and reverse("review", args=[text.pk]),
        "reading-again": again and reverse("reading-again", args=[again.pk]),
    }
    return {name: address for name, address in found.items() if address}


def _admin() -> dict[str, str]:
    """A list, a form and a record of each model; the record of a commitment is one that has a history."""
    found = {}
    for model in admin.site._registry:
        meta = model._meta
        base = f"admin:{meta.app_label}_{meta.model_name}"
        rows = model._default_manager.all()
        first = rows.order_by("-version").first() if model is Commitment else rows.first()
        found[f"{meta.model_name}-list"] = reverse(f"{base}_changelist")
        found[f"{meta.model_name}-add"] = reverse(f"{base}_add")
        if first is not None:
            found[f"{meta.model_name}-page"] = reverse(f"{base}_change", args=[first.pk])
    return found
