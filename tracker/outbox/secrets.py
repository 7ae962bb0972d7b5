"""What webhooks are signed with: made at random, kept encrypted, with a key that is not in the database.

The key follows from Django's SECRET_KEY (HKDF with SHA-256, RFC 5869), so a copy of the database alone signs nothing.
Where SECRET_KEY is changed, the one before belongs into SECRET_KEY_FALLBACKS until every receiver's secret was rotated:
without it those secrets can't be opened any more, and what is signed with them waits until they are rotated.
"""

from __future__ import annotations

import base64
import functools
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX = "whsec_"
_BYTES = 32
_PURPOSE = b"pacta: secrets of webhooks, version 1"


class SealedError(Exception):
    """A secret can't be opened: it was kept under another SECRET_KEY."""


def new() -> str:
    """A new secret as Standard Webhooks writes it: 256 random bits in base64 behind "whsec_"."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sealed(secret: str) -> str:
    """The secret as the database keeps it."""
    return _keys(_all_keys()).encrypt(secret.encode()).decode()


def opened(kept: str) -> str:
    """The secret as it was made; raises SealedError where no key fits."""
    try:
        return _keys(_all_keys()).decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise SealedError("the secret was kept under another SECRET_KEY; rotate it") from error


def _all_keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@functools.lru_cache(maxsize=4)
def _keys(known: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in known])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=_PURPOSE).derive(key.encode())
