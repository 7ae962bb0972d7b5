"""The settings of what goes outside: nothing in clear to another machine, nowhere that was not named."""

from __future__ import annotations

import ipaddress
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).resolve().parents[2] / "config" / "settings.py"
GOOD = {
    "SECRET_KEY": "a-key-of-more-than-forty-characters-0123456789",
    "DATABASE_URL": "postgres://pacta@db.example.org:5432/pacta",
    "REDIS_URL": "redis://cache.example.org:6379/3",
    "PACTA_HOME": "/nonexistent",
    "SITE_URL": "https://pacta.example.gov",
}
OURS = (
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "WEBHOOK_HOSTS",
    "WEBHOOK_NETWORKS",
    "OUTBOX_SECONDS",
    "SECRET_KEY_FALLBACKS",
)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Read the settings file under a good environment with these changes."""

    def settings(**changes: str) -> dict[str, Any]:
        for name in OURS:
            monkeypatch.setenv(name, "")
            monkeypatch.delenv(name)
        for name, value in {**GOOD, **changes}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return settings


def test_without_a_mail_server_mails_are_files_in_the_home(read: Any) -> None:
    settings = read()
    assert settings["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert settings["EMAIL_FILE_PATH"] == Path("/nonexistent/mail")
    assert settings["DEFAULT_FROM_EMAIL"] == "pacta@pacta.example.gov"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp+tls://pacta:p%40ss@mail.example.gov", (True, None, 587, "p@ss")),
        ("smtp+tls://pacta:p%40ss@mail.example.gov:2587", (True, None, 2587, "p@ss")),
        ("smtp+ssl://pacta:p%40ss@mail.example.gov", (None, True, 465, "p@ss")),
        ("smtp://localhost", (None, None, 25, None)),
    ],
)
def test_a_mail_server_is_reached_as_its_address_says(read: Any, url: str, expected: tuple[Any, ...]) -> None:
    settings = read(EMAIL_URL=url)
    assert settings["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    names = ("EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_PORT", "EMAIL_HOST_PASSWORD")
    assert tuple(settings.get(name) or None for name in names) == expected
    assert settings["EMAIL_TIMEOUT"] > 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "smtp://mail.example.gov:25"),
        ("EMAIL_URL", "smtps://mail.example.gov"),
        ("EMAIL_URL", "http://mail.example.gov"),
        ("EMAIL_URL", "mail.example.gov"),
        ("EMAIL_URL", "smtp+tls://mail.example.gov/?ssl=no"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("DEFAULT_FROM_EMAIL", "pacta@example.gov\nBcc: x@y.z"),
        ("WEBHOOK_HOSTS", "https://registry.example.gov"),
        ("WEBHOOK_HOSTS", "*.example.gov"),
        ("WEBHOOK_NETWORKS", "10.20.0.1/16"),
        ("WEBHOOK_NETWORKS", "inside"),
        ("OUTBOX_SECONDS", "0"),
    ],
)
def test_nonsense_is_refused_by_name(read: Any, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


def test_no_webhook_leaves_by_default(read: Any) -> None:
    settings = read()
    assert (settings["WEBHOOK_HOSTS"], settings["WEBHOOK_NETWORKS"]) == (frozenset(), ())


def test_hosts_and_networks_are_lists(read: Any) -> None:
    settings = read(WEBHOOK_HOSTS="Registry.example.gov, other.example.gov", WEBHOOK_NETWORKS="10.20.0.0/16,fd00::/8")
    assert settings["WEBHOOK_HOSTS"] == {"registry.example.gov", "other.example.gov"}
    assert ipaddress.ip_address("10.20.7.7") in settings["WEBHOOK_NETWORKS"][0]


def test_the_outbox_is_rung_on_a_queue_that_the_worker_serves(read: Any) -> None:
    from config.processes import QUEUES

    ring = read(OUTBOX_SECONDS="15")["CELERY_BEAT_SCHEDULE"]["deliver"]
    assert (ring["task"], ring["schedule"]) == ("tracker.tasks.deliver", 15.0)
    assert ring["options"]["queue"] in QUEUES.split(",")
