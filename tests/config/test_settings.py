"""The settings refuse what is missing or makes no sense, by name and with a remedy."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).resolve().parents[2] / "config" / "settings.py"
GOOD = {
    "SECRET_KEY": "a-key-of-more-than-forty-characters-0123456789",
    "DATABASE_URL": "postgres://pacta:p%40ss@db.example.org:5432/pacta?sslmode=require",
    "REDIS_URL": "redis://:secret@cache.example.org:6379/3",
    "PACTA_HOME": "/nonexistent",
}
OWNER = "postgres://owner:secret@db.example.org:5432/pacta"
OURS = (
    *GOOD,
    "DATABASE_OWNER_URL",
    "DEBUG",
    "HTTPS",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "PROXIES",
    "MINISTRY_TIME_ZONE",
    "STATIC_ROOT",
    "LOG_LEVEL",
    "SWEEP_SECONDS",
)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Read the settings file under the good environment with these changes; None takes a variable away."""

    def settings(**changes: str | None) -> dict[str, Any]:
        for name in OURS:
            monkeypatch.setenv(name, "")  # so that what the file sets is taken back afterwards
            monkeypatch.delenv(name)
        for name, value in {**GOOD, **changes}.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return settings


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_missing_variable_is_named_with_its_remedy(read: Any, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} is not set\. Give "):
        read(**{name: None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "x" * 60),
        ("DATABASE_URL", "sqlite:///pacta.db"),
        ("REDIS_URL", "http://cache.example.org"),
        ("REDIS_URL", "redis://cache.example.org/queue"),
        ("DEBUG", "maybe"),
        ("HTTPS", "on please"),
        ("PROXIES", "-1"),
        ("PROXIES", "one"),
        ("SWEEP_SECONDS", "0"),
        ("MINISTRY_TIME_ZONE", "Almaty"),
        ("MINISTRY_TIME_ZONE", "../etc/passwd"),
        ("LOG_LEVEL", "loud"),
        ("SITE_URL", "pacta.example.gov"),
        ("SITE_URL", "ftp://pacta.example.gov"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "https://pacta.example.gov/?a=b"),
    ],
)
def test_nonsense_is_refused_by_name(read: Any, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"SITE_URL": "https://pacta.example.gov/"}, "https://pacta.example.gov"),
        ({"ALLOWED_HOSTS": "*,.example.gov,pacta.example.gov,other.example.gov"}, "https://pacta.example.gov"),
        ({"HTTPS": "false"}, "http://127.0.0.1:8000"),
    ],
)
def test_links_in_mails_begin_with_the_sites_address(read: Any, given: dict[str, str], url: str) -> None:
    assert read(**given)["SITE_URL"] == url


def test_production_is_what_you_get_by_default(read: Any) -> None:
    settings = read()
    assert settings["DEBUG"] is False
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")


def test_an_escaped_password_and_the_ssl_mode_reach_the_driver(read: Any) -> None:
    database = read()["DATABASES"]["default"]
    assert database["PASSWORD"] == "p@ss"
    assert database["OPTIONS"] == {"connect_timeout": 10, "sslmode": "require"}


@pytest.mark.parametrize(
    ("arguments", "owner", "user"),
    [
        (["manage.py", "migrate"], OWNER, "owner"),
        (["manage.py", "migrate"], None, "pacta"),
        (["manage.py", "sweep"], OWNER, "pacta"),
        (["/opt/pacta/.venv/bin/gunicorn", "migrate"], OWNER, "pacta"),
    ],
)
def test_only_what_changes_tables_runs_as_their_owner(
    read: Any, arguments: list[str], owner: str | None, user: str
) -> None:
    settings = read(DATABASE_OWNER_URL=owner)
    assert settings["database"](settings["database_name"](arguments))["USER"] == user


def test_the_cache_is_not_in_the_queues_database(read: Any) -> None:
    settings = read()
    assert settings["CELERY_BROKER_URL"].endswith("/3")
    assert settings["CACHES"]["default"]["LOCATION"] == "redis://:secret@cache.example.org:6379/4"


def test_the_file_that_bin_run_writes_yields_to_the_environment(read: Any, tmp_path: Path) -> None:
    (tmp_path / "env").write_text(f"SECRET_KEY={GOOD['SECRET_KEY']}\nMINISTRY_TIME_ZONE=Asia/Baku\nPROXIES=2\n")
    settings = read(PACTA_HOME=str(tmp_path), PROXIES="1", SECRET_KEY=None)
    assert settings["TIME_ZONE"] == "Asia/Baku"
    assert settings["PROXIES"] == 1


def test_the_file_that_bin_run_writes_never_mixes_with_a_given_key(read: Any, tmp_path: Path) -> None:
    (tmp_path / "env").write_text("HTTPS=false\n")
    assert read(PACTA_HOME=str(tmp_path))["HTTPS"] is True


def test_tasks_travel_as_json_and_leave_no_results(read: Any) -> None:
    settings = read()
    assert settings["CELERY_ACCEPT_CONTENT"] == ["json"]
    assert settings["CELERY_RESULT_BACKEND"] is None
    assert settings["CELERY_WORKER_ENABLE_REMOTE_CONTROL"] is False


def test_no_task_may_run_longer_than_redis_waits_for_it(read: Any) -> None:
    settings = read()
    assert settings["CELERY_TASK_TIME_LIMIT"] < settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]


def test_the_sweep_rings_every_minute(read: Any) -> None:
    assert read()["CELERY_BEAT_SCHEDULE"]["sweep"]["schedule"] == 60.0
