"""A file that was chosen for an order, kept between its preview and its carrying out: a browser does not send it twice.

It lies in the cache, one for each person and for half an hour. What is lost there is asked for again; nothing reaches
the record before the order is carried out.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils.translation import gettext as _
from redis import RedisError

from tracker.models.edits import RefusedError
from tracker.progress import File

_SECONDS = 1800


def keep(file: File, by: User) -> str:
    """Keep a file in place of the one that the person chose before; answers the sum by which `kept` gives it back.

    Raises RefusedError where there is no room for it now.
    """
    try:
        cache.set(_key(by), (file.name, file.data), _SECONDS)
    except RedisError as error:
        raise RefusedError(_("The file can't be kept just now. Try again, or give a web address.")) from error
    return file.sha256


def kept(sha256: str, by: User) -> File | None:
    """The file with this SHA-256 that the person chose last; None where it is not kept any more."""
    try:
        held = cache.get(_key(by))
    except RedisError:
        return None
    file = File(*held) if held else None
    return file if file and file.sha256 == sha256 else None


def _key(by: User) -> str:
    return f"order-evidence:{by.pk}"
