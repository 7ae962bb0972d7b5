"""Every setting, read from the environment. What is missing or makes no sense stops the start and says the remedy.

`docs/operate.md` lists the variables. Where SECRET_KEY is not given, `.pacta/env` is read, which `bin/run` writes.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from config import logs, outside, patience

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# An operator who gives SECRET_KEY gives the rest too: a file left by an earlier `bin/run` must not mix with it.
if not env.str("SECRET_KEY", default=""):
    env.read_env(Path(env.str("PACTA_HOME", default="") or BASE_DIR / ".pacta") / "env")
HOME_DIR = Path(env.str("PACTA_HOME", default="") or BASE_DIR / ".pacta")


# Commands of manage.py that change tables and not only rows.
OWNERS = ("migrate", "flush", "makemigrations", "createcachetable")


def required(name: str, remedy: str) -> str:
    """The value of a variable that has no default."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {remedy}")
    return value


def switch(name: str, *, default: bool) -> bool:
    """A yes-or-no variable; anything else is refused (a mistyped DEBUG must not count as true or false)."""
    value = env.str(name, default="").strip().lower()
    known = {"": default, "1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value not in known:
        raise ImproperlyConfigured(f"{name} is {value!r}. Give true or false.")
    return known[value]


def number(name: str, *, default: int, at_least: int = 0) -> int:
    """A whole number."""
    value = env.str(name, default=str(default))
    if not value.isdecimal() or int(value) < at_least:
        raise ImproperlyConfigured(f"{name} is {value!r}. Give a whole number from {at_least} up.")
    return int(value)


def database_name(arguments: list[str]) -> str:
    """The variable that names the database for this process: commands that change tables need the tables' owner,
    everything else runs as a role that may change rows only.
    """
    command = arguments[1] if len(arguments) > 1 and Path(arguments[0]).name == "manage.py" else ""
    return "DATABASE_OWNER_URL" if command in OWNERS and env.str("DATABASE_OWNER_URL", default="") else "DATABASE_URL"


def database(name: str) -> dict[str, Any]:
    """The connection that a postgres:// URL describes."""
    url = required(name, "Give postgres://USER:PASSWORD@HOST:5432/DATABASE, or start with bin/run, which has its own.")
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{name} must begin with postgres:// (Pacta keeps its records in PostgreSQL 14 or later)."
        )
    given = environ.Env.db_url_config(url)
    return {
        **given,
        # A server that takes the connection and never answers is away like one that is not there.
        "OPTIONS": {"connect_timeout": 10, **given.get("OPTIONS", {})},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


def redis_url(name: str) -> str:
    """The address of the broker."""
    url = required(name, "Give redis://:PASSWORD@HOST:6379/0, or start with bin/run, which has its own.")
    if urlsplit(url).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured(f"{name} must begin with redis:// or rediss://.")
    return url


def next_redis_database(url: str) -> str:
    """The same server's next database: clearing a cache empties its database, and the queue must not be in it."""
    parts = urlsplit(url)
    path = parts.path.strip("/") or "0"
    if not path.isdecimal():
        raise ImproperlyConfigured("REDIS_URL must end with a database number, as in redis://…:6379/0.")
    return urlunsplit(parts._replace(path=f"/{int(path) + 1}"))


def secret_key() -> str:
    """Django's key; a short one is refused."""
    remedy = "Give 50 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    key = required("SECRET_KEY", remedy)
    if len(key) < 40 or len(set(key)) < 8:
        raise ImproperlyConfigured(f"SECRET_KEY is too short or too plain. {remedy}")
    return key


def time_zone() -> str:
    """The zone in which a deadline's day ends."""
    name: str = env.str("MINISTRY_TIME_ZONE", default="Asia/Almaty")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ImproperlyConfigured(f"MINISTRY_TIME_ZONE is {name!r}. Give an IANA name such as Asia/Almaty.") from error
    return name


def site_url(hosts: list[str], *, https: bool) -> str:
    """Where people reach this site, without a slash at the end: links in mails and feeds begin with it."""
    plain = next((host for host in hosts if host[:1] not in {"", "*", "."}), "127.0.0.1")
    url = env.str("SITE_URL", default="").rstrip("/") or (f"https://{plain}" if https else f"http://{plain}:8000")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"SITE_URL is {url!r}. Give the site's address, as in https://pacta.example.gov.")
    return url


# --- What this installation is -------------------------------------------------------------------------------------

DEBUG = switch("DEBUG", default=False)
SECRET_KEY = secret_key()
# Keys of before: what was made with them is still good. See docs/operate.md.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = switch("HTTPS", default=True)
PROXIES = number("PROXIES", default=0)
SITE_URL = site_url(ALLOWED_HOSTS, https=HTTPS)

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "tracker",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.headers.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.headers.SignedIn",
    "config.language.Speaking",
    "config.acting.Acting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "tracker.unseen.NothingHides",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Where the records are -----------------------------------------------------------------------------------------

DATABASES = {"default": database(database_name(sys.argv))}
REDIS_URL = redis_url("REDIS_URL")
CACHES = {"default": patience.cache(env.str("REDIS_CACHE_URL", default="") or next_redis_database(REDIS_URL))}

# --- Languages and time --------------------------------------------------------------------------------------------

USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("kk", "Қазақша"), ("ru", "Русский")]
FORMAT_MODULE_PATH = ["tracker.formats"]
LOCALE_PATHS = [BASE_DIR / "tracker" / "locale"]
USE_TZ = True
TIME_ZONE = time_zone()

# --- Static files --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# Where STATIC_ROOT is given, collectstatic has filled it: names carry a hash and files are compressed. Elsewhere
# whitenoise serves the packages' own files.
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Signing in ----------------------------------------------------------------------------------------------------

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # older passwords; replaced at the next sign-in
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a stranger elsewhere can't lock an officer out
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "config.headers.client_address"

# --- Sessions, cookies, headers ------------------------------------------------------------------------------------

SESSION_COOKIE_AGE = 30 * 60  # of idleness: each request starts it again
SESSION_SAVE_EVERY_REQUEST = True
SESSION_LONGEST = timedelta(hours=12)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = False  # unfold's admin reads it

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # watchers on this machine ask without TLS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# --- The API -------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tracker.api.speaking.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "tracker.api.errors.told",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "tracker.api.throttling.Anonymous",
        "tracker.api.throttling.Known",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="60/minute"),
        "user": env.str("API_RATE", default="600/minute"),
    },
    "NUM_PROXIES": PROXIES,
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=number("API_TOKEN_DAYS", default=90, at_least=1)), "TOKEN_LIMIT_PER_USER": 20}
SPECTACULAR_SETTINGS = {
    "TITLE": "Pacta",
    "DESCRIPTION": "Commitments that states and organisations made to each other, and what became of them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Two fields with one set of choices would else get a name made from both.
    "ENUM_NAME_OVERRIDES": {"StatusEnum": "tracker.models.vocabulary.Status"},
}

# --- Work in the background: see docs/operate.md -------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"  # beat only rings; which local day it is, the sweep decides
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # whoever can write to Redis could shut workers down
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB
CELERY_TASK_TIME_LIMIT = 300  # hard: a soft limit may strike between a commit and what follows it
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # safe because every task may run twice
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the default gives up after 100
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 10
CELERY_VISIBILITY_TIMEOUT = 900
CELERY_BROKER_TRANSPORT_OPTIONS = patience.BROKER
CELERY_TASK_DEFAULT_QUEUE = "sweep"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: the schedule is here, so there is no file to damage
SWEEP_SECONDS = number("SWEEP_SECONDS", default=60, at_least=1)
# /healthz calls a sweep late that finished longer ago than this.
HEALTH_SWEEP_SECONDS = number("HEALTH_SWEEP_SECONDS", default=max(300, 5 * SWEEP_SECONDS), at_least=1)
OUTBOX_SECONDS = number("OUTBOX_SECONDS", default=10, at_least=1)
# `manage.py follow_up_health` calls it an alarm when something has waited so long, or less room than this is free.
HEALTH_WAITING_SECONDS = number("HEALTH_WAITING_SECONDS", default=1800, at_least=1)
HEALTH_FREE_MEGABYTES = number("HEALTH_FREE_MEGABYTES", default=1000)
CELERY_BEAT_SCHEDULE = {
    # Two rings that nobody heard are as good as one, so a ring is worth nothing when the next is due.
    "sweep": {
        "task": "tracker.tasks.sweep",
        "schedule": float(SWEEP_SECONDS),
        "options": {"queue": "sweep", "expires": SWEEP_SECONDS},
    },
    # Its own queue, so that whoever likes gives it a worker of its own.
    "deliver": {
        "task": "tracker.tasks.deliver",
        "schedule": float(OUTBOX_SECONDS),
        "options": {"queue": "outbox", "expires": OUTBOX_SECONDS},
    },
    "remind": {"task": "tracker.tasks.remind", "schedule": 300.0, "options": {"queue": "sweep", "expires": 300}},
    # In UTC: when it is night where the ministry most likely is.
    "forget": {
        "task": "tracker.tasks.forget",
        "schedule": crontab(hour=21, minute=40),
        "options": {"queue": "sweep", "expires": 3600},
    },
    "seal": {"task": "tracker.tasks.seal", "schedule": 60.0, "options": {"queue": "sweep", "expires": 60}},
}

# --- What goes outside: mail and webhooks --------------------------------------------------------------------------

globals().update(outside.mail(env.str("EMAIL_URL", default=""), HOME_DIR))
EMAIL_TIMEOUT = 8  # seconds, for each answer of the mail server: a whole conversation stays within a lease
DEFAULT_FROM_EMAIL = SERVER_EMAIL = outside.sender(
    env.str("DEFAULT_FROM_EMAIL", default=""), urlsplit(SITE_URL).hostname
)
# Webhooks go to these hosts and no others; to addresses that are not public only inside these networks.
WEBHOOK_HOSTS = outside.hosts("WEBHOOK_HOSTS", env.list("WEBHOOK_HOSTS", default=[]))
WEBHOOK_NETWORKS = outside.networks("WEBHOOK_NETWORKS", env.list("WEBHOOK_NETWORKS", default=[]))

# --- Logs ----------------------------------------------------------------------------------------------------------

LOGGING_CONFIG = "config.logs.configure"
LOGGING = logs.to_one_line_each(plain=DEBUG, level=env.str("LOG_LEVEL", default="INFO").upper())
