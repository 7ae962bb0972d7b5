"""What a reader of documents answers, and what it raises: every fault by a code, in one table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_SAVE_AS_DOCX = "Open it in a word processor and save it again as .docx."
_PRINT_ANEW = "Open it in a viewer and print it to a new PDF."
_GIVE_OTHER = "Give a PDF, DOCX, HTML or text file."
_NO_PASSWORD = "Save it without a password."  # noqa: S105
_DIVIDE = "Divide it into its instruments."
_ONLY_ITSELF = "Give only the document itself."
_UNPACK = "Unpack it and give the document itself."
_AS_ONE_PDF = "Save the pages as one PDF."
_TESSERACT = "Install tesseract with its English, Russian and Kazakh data (tesseract-ocr, -eng, -rus, -kaz)."
_RIGHT_ONE = "Check that it is the right document; open it in a word processor and save it again as .docx or text."

_VALUE = re.compile(r"%\((\w+)\)s")


class Fault(NamedTuple):
    """Why no text can be had, and what the owner of the document can do; `%(name)s` stands for a value."""

    reason: str
    remedy: str


FAULTS: dict[str, Fault] = {
    # of any file
    "empty": Fault("%(file)s is empty", "Check that the upload was complete."),
    "file_too_large": Fault("%(file)s is larger than %(megabytes)s MB", _ONLY_ITSELF),
    "no_text": Fault("%(file)s has no text in it", "Check that it is the right document."),
    "text_too_long": Fault("%(file)s has more than %(millions)s million characters", _DIVIDE),
    # of files that hold no text for us
    "old_office": Fault("%(file)s is an old or encrypted Office file", "Save it as .docx without a password."),
    "rich_text": Fault("%(file)s is a rich text (RTF) file", "Save it as .docx or .txt."),
    "picture": Fault("%(file)s is a picture", _AS_ONE_PDF),
    "compressed": Fault("%(file)s is a compressed archive", _UNPACK),
    "program": Fault("%(file)s is a program", "Give a document."),
    # of plain text and pages
    "binary": Fault("The file is no text: it holds binary data", _GIVE_OTHER),
    "encoding_damaged": Fault("The file says that it is %(encoding)s, but is damaged", "Save it again as UTF-8."),
    "page_entities": Fault("The page declares entities of its own", "Save it as plain HTML or text."),
    "page_damaged": Fault("The page cannot be parsed", "Save it as text."),
    # of DOCX
    "archive_damaged": Fault("The file is a damaged archive", _SAVE_AS_DOCX),
    "archive_foreign": Fault("The archive is not one of a document", _SAVE_AS_DOCX),
    "archive_other": Fault("The file is an archive, not a document", _GIVE_OTHER),
    "part_damaged": Fault("A part of the document is damaged", _SAVE_AS_DOCX),
    "part_entities": Fault("The document declares entities of its own", _SAVE_AS_DOCX),
    "docx_encrypted": Fault("The document is encrypted", _NO_PASSWORD),
    "docx_too_large": Fault(
        "The document unpacks to more than a document may be", "Remove its pictures, or save it as PDF or text."
    ),
    # of PDF
    "pdf_encrypted": Fault("The PDF is encrypted", _NO_PASSWORD),
    "pdf_damaged": Fault("The PDF is damaged", _PRINT_ANEW),
    "pdf_unpacks": Fault("The PDF unpacks to more than a document may", _PRINT_ANEW),
    "pdf_pages": Fault("The PDF has more than %(most)s pages", _ONLY_ITSELF),
    "pdf_text": Fault("The PDF has too much text", _DIVIDE),
    "pdf_pictures": Fault("The PDF has more than %(most)s pages that are pictures", "Divide it, or give it as text."),
    "ocr_missing": Fault(
        "The pages have no readable text, and tesseract, which reads pictures of pages, is not installed", _TESSERACT
    ),
    "ocr_slow": Fault("tesseract took more than %(seconds)s seconds over a page", "Give the document as text."),
    "ocr_failed": Fault("tesseract could not read a page", _TESSERACT),
    # of a reading with limits of time and memory
    "takes_time": Fault("%(file)s takes too long to read", _RIGHT_ONE),
    "takes_memory": Fault("%(file)s takes too much memory to read", _RIGHT_ONE),
    "breaks_reader": Fault(
        "%(file)s can't be read: its reader broke down over it, for want of memory or through a fault in the file",
        _RIGHT_ONE,
    ),
}
"""Every fault that a reading may end with. `%(file)s` is the file, named where its name is known."""

PLACES: dict[str, str] = {"page": "page %(page)s", "byte": "byte %(byte)s", "part": "%(part)s"}
"""Where a reading stopped, by the value that says so."""


def needed_for(code: str) -> frozenset[str]:
    """The values that the sentences of a fault name, but for the file. Raises KeyError for a code that there is not."""
    return frozenset(_VALUE.findall(" ".join(FAULTS[code]))) - {"file"}


class UnreadableError(ValueError):
    """A document from which no text can be had.

    `code` is its fault in `FAULTS` and `values` what is to be filled in there, so that a program can tell it in other
    languages: `name` the file's name, one of `PLACES`, figures. In English `reason` says why, `place` where reading
    stopped (a page, a part of the file), or None, and `remedy` what the document's owner can do.
    """

    def __init__(self, code: str, **values: str | int) -> None:
        self.code, self.values = code, values
        name = values.get("name")
        filled = {"file": f"The file {name!r}" if name else "The file", **values}
        self.reason, self.remedy = FAULTS[code].reason % filled, FAULTS[code].remedy
        self.place = next((place % values for value, place in PLACES.items() if value in values), None)
        super().__init__(f"{self.reason}{f' ({self.place})' if self.place else ''}. {self.remedy}")


@dataclass(frozen=True, slots=True)
class ReadText:
    """The text of a document as all later offsets count it, its media type by content, and what was doubtful."""

    text: str
    media_type: str
    warnings: tuple[str, ...] = ()


LARGEST_FILE = 25 * 1024 * 1024
"""Bytes that a document may have."""

LARGEST_TEXT = 5_000_000
"""Characters that its text may have."""
