"""The settings of what goes outside: the mail server, and where webhooks may go. What makes no sense is refused."""

from __future__ import annotations

import ipaddress
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


def mail(url: str, home: Path) -> dict[str, Any]:
    """Django's settings for the mail server that EMAIL_URL names; without one, mails are files in `home`/mail."""
    if not url:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": home / "mail"}
    remedy = "Give smtp+tls://USER:PASSWORD@HOST:587 or smtp+ssl://USER:PASSWORD@HOST:465."
    parts, ports = urlsplit(url), {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
    if parts.scheme not in ports or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(f"EMAIL_URL makes no sense. {remedy}")
    # What leaves this machine is never in clear: where the server offers no TLS, nothing is sent.
    if parts.scheme == "smtp" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ImproperlyConfigured(f"EMAIL_URL names another machine without TLS. {remedy}")
    given: dict[str, Any] = environ.Env.email_url_config(url)
    return {**given, "EMAIL_PORT": given["EMAIL_PORT"] or ports[parts.scheme]}


def sender(address: str, host: str | None) -> str:
    """The address that mails come from."""
    bare = parseaddr(address)[1] if address else f"pacta@{host}"
    if "@" not in bare or not (address or bare).isprintable():
        raise ImproperlyConfigured(f"DEFAULT_FROM_EMAIL is {address!r}. Give Pacta <pacta@example.gov>.")
    return address or bare


def hosts(name: str, given: list[str]) -> frozenset[str]:
    """A list of host names or addresses, in small letters."""
    found = frozenset(host.strip().lower() for host in given if host.strip())
    if strange := [host for host in found if "/" in host or "*" in host or "@" in host]:
        raise ImproperlyConfigured(f"{name} holds {strange[0]!r}. Give host names alone, separated by commas.")
    return found


def networks(name: str, given: list[str]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """A list of networks."""
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in given if each.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} makes no sense ({error}). Give networks such as 10.20.0.0/16.") from error
