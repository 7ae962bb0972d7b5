"""Evidence as a person gives it: looked at, and kept once."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Min
from django.utils.translation import gettext as _

from tracker.models import Commitment, Evidence, EvidenceFile, StatusStep, Submission
from tracker.models.edits import RefusedError
from tracker.models.evidence import LARGEST_FILE

_is_web_address = URLValidator(schemes=["http", "https"])

_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PARTS = (
    ("word/", f"{_OFFICE}.wordprocessingml.document"),
    ("xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    ("ppt/", f"{_OFFICE}.presentationml.presentation"),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came: its name, kept as data only, its bytes, and their SHA-256, which is computed once."""

    name: str
    data: bytes
    sha256: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.data).hexdigest())


Given = str | File | Sequence[str | File]
"""One web address, one file, or several of both; the empty string and the empty list are no evidence."""


def checked(given: Given) -> list[str | File]:
    """The pieces of evidence, each once; raises RefusedError for an address that is none, and for a file that is
    empty or too large."""
    pieces = [given] if isinstance(given, str | File) else list(given)
    once = list(dict.fromkeys(piece for piece in pieces if piece))
    for piece in once:
        if isinstance(piece, File):
            _check_the_size(piece)
        else:
            _check_the_address(piece)
    return once


def check_the_last_day(until: dt.date | None, on: dt.date, pieces: Sequence[str | File]) -> None:
    """Raise RefusedError where evidence is said to be valid until a day, and there is none, or it had expired by the
    day `on` of the step."""
    if until is None:
        return
    if not pieces:
        raise RefusedError(_("There is no evidence that could be valid until a day."))
    if until < on:
        raise RefusedError(_("Evidence can't have expired before the day of the step."))


def valid_until(commitment: Commitment) -> dt.date | None:
    """The last day on which all evidence of the latest entry that has any is valid; None where none of it expires.

    The latest is that about the latest day: an older event that is recorded afterwards replaces nothing.
    """
    latest = commitment.steps.filter(proofs__isnull=False).order_by("-on", "-at", "-pk").values("pk")[:1]
    found = Evidence.objects.filter(step__in=latest).aggregate(first=Min("valid_until"))
    day: dt.date | None = found["first"]
    return day


def keep(
    pieces: Sequence[str | File],
    until: dt.date | None = None,
    *,
    step: StatusStep | None = None,
    submission: Submission | None = None,
) -> None:
    """Write what `checked` answered, for a step or for a submission, with the last day on which it is valid, where it
    expires; the same bytes are one row for ever."""
    held: set[str] = set()
    for piece in pieces:
        kept = Evidence(step=step, submission=submission, valid_until=until)
        if isinstance(piece, File):
            if piece.sha256 in held:
                continue
            held.add(store(piece))
            kept.file_id, kept.file_name = piece.sha256, _plain_name(piece.name) or piece.sha256[:12]
        else:
            kept.link = piece
        kept.save()


def store(file: File) -> str:
    """Keep the bytes of a file, once; answers their SHA-256."""
    if not EvidenceFile.objects.filter(pk=file.sha256).exists():
        data = file.data
        row = EvidenceFile(sha256=file.sha256, size=len(data), media_type=media_type(data), content=data)
        EvidenceFile.objects.bulk_create([row], ignore_conflicts=True)  # somebody else may be storing it right now
    return file.sha256


def media_type(data: bytes) -> str:
    """What a file is, by its first bytes (for archives: by what is inside); its name is not asked."""
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning):
            return name
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    try:
        plain = "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        plain = False
    return "text/plain" if plain else "application/octet-stream"


def _archive(data: bytes) -> str:
    """Only the directory of the archive is read: nothing in it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return "application/octet-stream"
    if "[Content_Types].xml" in names:
        for part, name in _PARTS:
            if any(each.startswith(part) for each in names):
                return name
    return "application/zip"


def _plain_name(name: str) -> str:
    return PurePath(name.replace("\x00", "").replace("\\", "/")).name[-255:]


def _check_the_size(file: File) -> None:
    if not file.data:
        raise RefusedError(_("%(name)s is empty.") % {"name": _plain_name(file.name)})
    if len(file.data) > LARGEST_FILE:
        raise RefusedError(
            _("%(name)s is larger than %(megabytes)s MB.")
            % {"name": _plain_name(file.name), "megabytes": LARGEST_FILE // 1_000_000}
        )


def _check_the_address(address: str) -> None:
    try:
        _is_web_address(address)
    except ValidationError as error:
        raise RefusedError(_("Evidence is a web address that begins with http:// or https://.")) from error
    if len(address) > 1000:
        raise RefusedError(_("The web address is longer than 1,000 characters."))
