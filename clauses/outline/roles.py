"""What each paragraph does (preamble, operative, closing, boilerplate) and which clause it belongs to.

After this stage every paragraph has a role, and either lies in the clause of a label or stands by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from clauses.nodes import Role
from clauses.outline.paragraphs import Paragraph
from clauses.outline.sequences import Start
from clauses.outline.signs import Signs

_SITE_LINES = 2  # lines with the name of a site over its navigation
_FEW = 5  # numbers from which on their habits count
_LATE = 0.4  # the part of an unnumbered text before which nothing closes it
_LONG_PREAMBLE = 0.4  # more of a text than this before its first number is no preamble, unless it says so


@dataclass(slots=True)
class Place:
    """Where a paragraph belongs: the index of its start, its role, and whether it is a heading.

    `start` is None where a paragraph stands by itself, `inside` then the start around it, if any.
    """

    start: int | None
    role: Role
    heading: bool = False
    inside: int | None = None


class _Gap(NamedTuple):
    """The paragraphs behind the start `before` up to the start `after`; None at either end of the text."""

    first: int
    end: int
    before: int | None
    after: int | None


def assign(paragraphs: list[Paragraph], starts: list[Start], signs: Signs) -> list[Place]:
    """The place of each paragraph; linear in their number."""
    places = [Place(None, Role.OPERATIVE) for _ in paragraphs]
    labelled = [at for at, paragraph in enumerate(paragraphs) if paragraph.label]
    for index, at in enumerate(labelled):
        places[at].start = index
    if not labelled:
        _read_unnumbered(places, signs)
    else:
        reader = _Reader(paragraphs, starts, signs, places, labelled, _first_children(starts, labelled))
        edges: list[int | None] = [None, *range(len(starts)), None]
        for before, after in pairwise(edges):
            first = labelled[before] + 1 if before is not None else 0
            end = labelled[after] if after is not None else len(paragraphs)
            reader.read(_Gap(first, end, before, after))
    _mark_boilerplate(places, signs)
    return places


@dataclass(frozen=True, slots=True)
class _Reader:
    paragraphs: list[Paragraph]
    starts: list[Start]
    signs: Signs
    places: list[Place]
    labelled: list[int]
    first_child: dict[int, int]  # the paragraph of the first child of a start

    def read(self, gap: _Gap) -> None:
        """Place the paragraphs between two starts."""
        if gap.before is None:
            self._read_opening(gap)
            return
        closing = self._closing(gap)
        preamble = self._preamble(gap, closing) if self._is_part_end(gap) else gap.end
        holder = self._holder(gap)
        headings = self._headings(gap) if closing == gap.end else gap.end
        for at in range(gap.first, gap.end):
            if at >= preamble:
                self.places[at].role, self.places[at].heading = Role.PREAMBLE, self.signs.is_title(at)
            elif at >= closing:
                self.places[at].role = Role.CLOSING
            elif at >= headings:
                self.places[at].heading, self.places[at].inside = True, self._parent(gap.after)
            else:
                self.places[at].start = holder

    def _read_opening(self, gap: _Gap) -> None:
        """What stands before the first number: a preamble, unless most of the text stands there."""
        if gap.first == gap.end:
            return
        enacts = any(self.signs.is_enacting(at) for at in range(gap.first, gap.end))
        share = self.paragraphs[gap.end - 1].end / self.paragraphs[-1].end
        headings = self._headings(gap)
        for at in range(gap.first, gap.end):
            self.places[at].heading = self.signs.is_heading(at)
            if (enacts or share <= _LONG_PREAMBLE) and (at < headings or headings == gap.first):
                self.places[at].role = Role.PREAMBLE

    def _is_part_end(self, gap: _Gap) -> bool:
        return gap.after is None or self.starts[gap.after].part != self.starts[gap.before or 0].part

    def _parent(self, start: int | None) -> int | None:
        return None if start is None else self.starts[start].parent

    def _may_close(self, gap: _Gap) -> bool:
        """Whether an instrument may end in a gap: at the end of the text or its part, or before an annex."""
        if self._is_part_end(gap):
            return True
        label = self.paragraphs[gap.end].label
        return label is not None and label.rank == 1

    def _closing(self, gap: _Gap) -> int:
        """Where the closing part begins in a gap; its end where there is none."""
        if not self._may_close(gap):
            return gap.end
        for at in range(gap.first, gap.end):
            if _closes(at, self.signs) or (gap.after is None and self.signs.is_parting(at)):
                return at
            if gap.after is not None and self.signs.is_title(at):
                return at
        return gap.first if gap.after is None and self._is_first_pause(gap) else gap.end

    def _is_first_pause(self, gap: _Gap) -> bool:
        """Whether a text whose numbers all have one paragraph goes on behind the last, at the top, without one."""
        part = self.starts[-1].part
        same = [at for at, start in zip(self.labelled, self.starts, strict=True) if start.part == part]
        single = all(later - at == 1 for at, later in pairwise(same))
        return self.starts[-1].parent is None and len(same) >= _FEW and single

    def _preamble(self, gap: _Gap, closing: int) -> int:
        """Where the preamble of the next instrument begins in a gap between two."""
        if gap.after is None:
            return gap.end
        for at in range(closing, gap.end):
            if self.signs.is_title(at):
                return at
        for at in range(closing, gap.end):
            if not _closes(at, self.signs):
                return at
        return gap.end

    def _holder(self, gap: _Gap) -> int | None:
        """The clause of the unnumbered paragraphs in a gap: the one above, or the one whose list is at its end."""
        holder = gap.before or 0
        if self.signs.is_open(gap.first - 1):
            return holder
        while True:
            parent = self.starts[holder].parent
            if parent is None or self._goes_on(parent, holder, gap):
                return holder
            if not self.signs.is_open(self.first_child[parent] - 1):
                return holder
            holder = parent

    def _goes_on(self, parent: int, holder: int, gap: _Gap) -> bool:
        """Whether the list of `parent` has another item behind the gap."""
        return gap.after is not None and self.starts[gap.after].parent in (parent, holder)

    def _headings(self, gap: _Gap) -> int:
        """Where the headings over the next start begin in a gap."""
        if gap.after is None or self.starts[gap.after].parent == gap.before is not None:
            return gap.end
        at = gap.end
        while at > gap.first and self._is_heading_over(at - 1, gap):
            at -= 1
        return at

    def _is_heading_over(self, at: int, gap: _Gap) -> bool:
        """Whether a paragraph is a heading, and not the last words of a list above it."""
        if not self.signs.is_heading(at):
            return False
        return at == 0 or self.signs.is_ended(at - 1) or (at > gap.first and self.signs.is_heading(at - 1))


def _first_children(starts: list[Start], labelled: list[int]) -> dict[int, int]:
    first: dict[int, int] = {}
    for index, start in enumerate(starts):
        if start.parent is not None:
            first.setdefault(start.parent, labelled[index])
    return first


def _read_unnumbered(places: list[Place], signs: Signs) -> None:
    """Roles in a text without numbers: up to the enacting words a preamble, from the signature on a closing."""
    count = len(places)
    preamble = next((at + 1 for at in range(count // 2) if signs.is_enacting(at) and signs.is_open(at)), 0)
    closing = next((at for at in range(int(count * _LATE) + 1, count) if _closes(at, signs)), count)
    for at, place in enumerate(places):
        place.heading = signs.is_heading(at) and at + 1 < count
        if at < preamble or (at == 0 and place.heading):
            place.role = Role.PREAMBLE
        elif at >= closing:
            place.role, place.heading = Role.CLOSING, False


def _closes(at: int, signs: Signs) -> bool:
    return signs.is_closing(at) or signs.is_bare_date(at) or signs.is_office(at)


def _mark_boilerplate(places: list[Place], signs: Signs) -> None:
    """Lines of the page around the text; at its end also the names of sites beside them."""
    for at, place in enumerate(places):
        if signs.is_boilerplate(at):
            place.role = Role.BOILERPLATE
    _mark_site(places)
    for at, place in enumerate(places):
        if place.start is None and signs.is_bare_date(at):
            place.role = Role.BOILERPLATE
        elif place.role is not Role.BOILERPLATE and not signs.is_heading_like_title(at):
            break
    for at in range(len(places) - 1, 0, -1):
        beside = at + 1 < len(places) and places[at].role is not Role.OPERATIVE and signs.is_site_name(at)
        if places[at].role is not Role.BOILERPLATE and not beside:
            break
        places[at] = Place(None, Role.BOILERPLATE)


def _mark_site(places: list[Place]) -> None:
    """Mark the name of a site that stands over its navigation, where a heading follows below."""
    top = next((at for at, place in enumerate(places) if place.role is Role.BOILERPLATE), 0)
    below = next((at for at in range(top, len(places)) if places[at].role is not Role.BOILERPLATE), 0)
    if 0 < top <= _SITE_LINES and places[below].heading and all(place.heading for place in places[:top]):
        for place in places[:top]:
            place.role = Role.BOILERPLATE
