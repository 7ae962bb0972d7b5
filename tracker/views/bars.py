"""Bars drawn by the server as SVG: whole numbers on a scale of a thousand, so that no language can spoil them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SCALE = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: where it begins, how long it is (of `SCALE`), what it stands for and how many."""

    x: int
    width: int
    kind: str
    count: int


def bar(counts: Sequence[tuple[str, int]], of: int) -> list[Part]:
    """The parts of a bar in which `of` would fill the whole; parts of nothing are left out."""
    parts: list[Part] = []
    x = 0
    for kind, count in counts:
        width = round(SCALE * count / of) if of else 0
        if width:
            parts.append(Part(x, width, kind, count))
        x += width
    return parts
