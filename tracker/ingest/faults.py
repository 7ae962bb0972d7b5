"""Why a document could not be read, in the language of whoever asks: a code and values are kept, and told anew.

The sentences of the parser's own faults are those of `clauses.text.errors`, word for word; a test holds that. They
stand here once more so that they are found by `bin/messages`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clauses import UnreadableError

_SAVE_AS_DOCX = gettext_lazy("Open it in a word processor and save it again as .docx.")
_PRINT_ANEW = gettext_lazy("Open it in a viewer and print it to a new PDF.")
_GIVE_OTHER = gettext_lazy("Give a PDF, DOCX, HTML or text file.")
_NO_PASSWORD = gettext_lazy("Save it without a password.")
_DIVIDE = gettext_lazy("Divide it into its instruments.")
_ONLY_ITSELF = gettext_lazy("Give only the document itself.")
_TESSERACT = gettext_lazy(
    "Install tesseract with its English, Russian and Kazakh data (tesseract-ocr, -eng, -rus, -kaz)."
)
_RIGHT_ONE = gettext_lazy(
    "Check that it is the right document; open it in a word processor and save it again as .docx or text."
)

READING: dict[str, tuple[Promise, Promise]] = {
    "empty": (gettext_lazy("%(file)s is empty"), gettext_lazy("Check that the upload was complete.")),
    "file_too_large": (gettext_lazy("%(file)s is larger than %(megabytes)s MB"), _ONLY_ITSELF),
    "no_text": (gettext_lazy("%(file)s has no text in it"), gettext_lazy("Check that it is the right document.")),
    "text_too_long": (gettext_lazy("%(file)s has more than %(millions)s million characters"), _DIVIDE),
    "old_office": (
        gettext_lazy("%(file)s is an old or encrypted Office file"),
        gettext_lazy("Save it as .docx without a password."),
    ),
    "rich_text": (gettext_lazy("%(file)s is a rich text (RTF) file"), gettext_lazy("Save it as .docx or .txt.")),
    "picture": (gettext_lazy("%(file)s is a picture"), gettext_lazy("Save the pages as one PDF.")),
    "compressed": (
        gettext_lazy("%(file)s is a compressed archive"),
        gettext_lazy("Unpack it and give the document itself."),
    ),
    "program": (gettext_lazy("%(file)s is a program"), gettext_lazy("Give a document.")),
    "binary": (gettext_lazy("The file is no text: it holds binary data"), _GIVE_OTHER),
    "encoding_damaged": (
        gettext_lazy("The file says that it is %(encoding)s, but is damaged"),
        gettext_lazy("Save it again as UTF-8."),
    ),
    "page_entities": (
        gettext_lazy("The page declares entities of its own"),
        gettext_lazy("Save it as plain HTML or text."),
    ),
    "page_damaged": (gettext_lazy("The page cannot be parsed"), gettext_lazy("Save it as text.")),
    "archive_damaged": (gettext_lazy("The file is a damaged archive"), _SAVE_AS_DOCX),
    "archive_foreign": (gettext_lazy("The archive is not one of a document"), _SAVE_AS_DOCX),
    "archive_other": (gettext_lazy("The file is an archive, not a document"), _GIVE_OTHER),
    "part_damaged": (gettext_lazy("A part of the document is damaged"), _SAVE_AS_DOCX),
    "part_entities": (gettext_lazy("The document declares entities of its own"), _SAVE_AS_DOCX),
    "docx_encrypted": (gettext_lazy("The document is encrypted"), _NO_PASSWORD),
    "docx_too_large": (
        gettext_lazy("The document unpacks to more than a document may be"),
        gettext_lazy("Remove its pictures, or save it as PDF or text."),
    ),
    "pdf_encrypted": (gettext_lazy("The PDF is encrypted"), _NO_PASSWORD),
    "pdf_damaged": (gettext_lazy("The PDF is damaged"), _PRINT_ANEW),
    "pdf_unpacks": (gettext_lazy("The PDF unpacks to more than a document may"), _PRINT_ANEW),
    "pdf_pages": (gettext_lazy("The PDF has more than %(most)s pages"), _ONLY_ITSELF),
    "pdf_text": (gettext_lazy("The PDF has too much text"), _DIVIDE),
    "pdf_pictures": (
        gettext_lazy("The PDF has more than %(most)s pages that are pictures"),
        gettext_lazy("Divide it, or give it as text."),
    ),
    "ocr_missing": (
        gettext_lazy("The pages have no readable text, and tesseract, which reads pictures of pages, is not installed"),
        _TESSERACT,
    ),
    "ocr_slow": (
        gettext_lazy("tesseract took more than %(seconds)s seconds over a page"),
        gettext_lazy("Give the document as text."),
    ),
    "ocr_failed": (gettext_lazy("tesseract could not read a page"), _TESSERACT),
    "takes_time": (gettext_lazy("%(file)s takes too long to read"), _RIGHT_ONE),
    "takes_memory": (gettext_lazy("%(file)s takes too much memory to read"), _RIGHT_ONE),
    "breaks_reader": (
        gettext_lazy(
            "%(file)s can't be read: its reader broke down over it, for want of memory or through a fault in the file"
        ),
        _RIGHT_ONE,
    ),
}
"""What the parser refuses, by its code: why, and what to do about it."""

PLACES: dict[str, Promise | str] = {
    "page": gettext_lazy("page %(page)s"),
    "byte": gettext_lazy("byte %(byte)s"),
    "part": "%(part)s",
}
"""Where the parser stopped, by the value that says so."""

KEEPING: dict[str, Promise] = {
    "parser_failed": gettext_lazy(
        "%(name)s could not be read: the parser failed (%(error)s). Please report it with the file."
    ),
    "nothing_to_keep": gettext_lazy("%(name)s has no text that can be kept. Save it as text and try again."),
    "broke_off": gettext_lazy("Reading it broke off %(n)d times. Save it in another format and try again."),
}
"""What fails on our own side of the parser, by its code: a whole message."""

_UNKEPT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a document could not be read: the code of a sentence, and the values to fill in."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    @classmethod
    def of(cls, error: UnreadableError) -> Fault:
        """The parser's own refusal."""
        return cls(error.code, error.values)

    def kept(self) -> dict[str, Any]:
        """As it is stored, without characters that the database does not hold."""
        return {"code": self.code, "values": {name: _keepable(value) for name, value in self.values.items()}}


def _keepable(value: str | int) -> str | int:
    return _UNKEPT.sub("\ufffd", value) if isinstance(value, str) else value


def told(fault: Fault) -> str:
    """A fault in the language that is active now. Raises KeyError for a code or value that is not known."""
    values = fault.values
    if fault.code in KEEPING:
        return str(KEEPING[fault.code]) % values
    reason, remedy = READING[fault.code]
    name = values.get("name")
    file = _("The file “%(name)s”") % {"name": name} if name else _("The file")
    place = next((str(words) % values for value, words in PLACES.items() if value in values), "")
    why = str(reason) % {"file": file, **values}
    return f"{why} ({place}). {remedy}" if place else f"{why}. {remedy}"


def told_anew(kept: Any, words: str) -> str:
    """A stored fault in the language that is active now; `words`, as they were told first, where it can't be."""
    try:
        return told(Fault(kept["code"], kept["values"])) if kept else words
    except (KeyError, TypeError, ValueError):
        return words
