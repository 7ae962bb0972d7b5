"""Forms of the admin as a browser sends them back: everything that was there, with what somebody typed."""

from __future__ import annotations

from typing import Any

from django.test import Client


def filled(client: Client, address: str, **typed: Any) -> dict[str, Any]:
    """What the form at an address would send, with `typed` in place of what it showed; only that where this reader is
    shown no form."""
    answer = client.get(address)
    if answer.status_code != 200:
        return typed
    form = answer.context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    there = {name: _sent(value) for name, value in shown.items() if value not in (None, False)}
    return {**there, "seen": getattr(form, "seen", ""), **typed}


def _sent(value: Any) -> Any:
    return ",".join(map(str, value)) if isinstance(value, list) else value
