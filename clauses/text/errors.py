"""What a reader of documents answers, and what it raises."""

from __future__ import annotations

from dataclasses import dataclass


class UnreadableError(ValueError):
    """A document from which no text can be had.

    `place` says where reading stopped (a page, a part of the file), or is None; `remedy` what its owner can do.
    """

    def __init__(self, reason: str, *, remedy: str, place: str | None = None) -> None:
        self.reason, self.place, self.remedy = reason, place, remedy
        super().__init__(f"{reason}{f' ({place})' if place else ''}. {remedy}")


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
