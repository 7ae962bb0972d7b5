"""What came of one try to send something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

LONGEST = 300
"""Characters of an answer that the delivery log keeps."""


class Ended(Enum):
    """How a try ended."""

    DELIVERED = auto()
    FAILED = auto()  # the receiver is at fault: what else is for it will hardly fare better now
    REFUSED = auto()  # this item was not taken; the next may be
    NOBODY = auto()  # there is nobody to send it to: another try is of no use


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended, and the receiver's answer or what went wrong, on one line."""

    ended: Ended
    answer: str

    @property
    def delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.ended is Ended.DELIVERED


def one_line(words: str, longest: int = LONGEST) -> str:
    """Words from outside on one line of printable characters: nothing in them can end a header or a line of a log."""
    printable = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(printable.split())[:longest]
