"""Places into the nodes of an outline: clauses as a tree, and the units that hold the words."""

from __future__ import annotations

from dataclasses import dataclass, field

from clauses.nodes import Clause, Outline, Role, Unit
from clauses.outline.paragraphs import Paragraph
from clauses.outline.roles import Place
from clauses.outline.sequences import Start
from clauses.outline.signs import Signs


def build(text: str, paragraphs: list[Paragraph], starts: list[Start], places: list[Place], signs: Signs) -> Outline:
    """The outline of a text from its paragraphs and their places; linear in their number."""
    clauses, owner = _clauses(paragraphs, starts, places)
    return Outline(tuple(clauses), tuple(_Units(text, paragraphs, starts, places, signs, owner).read()))


def _clauses(paragraphs: list[Paragraph], starts: list[Start], places: list[Place]) -> tuple[list[Clause], list[int]]:
    """The clauses in the order of the text, and for each paragraph the index of the innermost around it."""
    ends = _ends(paragraphs, starts, places)
    paths = _paths(paragraphs, starts)
    number_of: dict[int | None, int] = {}  # the clause of each start
    clauses: list[Clause] = []
    owner: list[int] = []
    for paragraph, place in zip(paragraphs, places, strict=True):
        if place.start is not None and not paragraph.label:
            owner.append(number_of[place.start])
            continue
        owner.append(len(clauses))
        if paragraph.label and place.start is not None:
            number_of[place.start] = len(clauses)
            parent, path = number_of.get(starts[place.start].parent), paths[place.start]
            printed, end = paragraph.label.printed, ends[place.start]
            clauses.append(Clause(printed, path, parent, place.role, paragraph.start, end))
        else:
            parent = number_of.get(place.inside)
            clauses.append(Clause(None, None, parent, place.role, paragraph.start, paragraph.end))
    return clauses, owner


def _ends(paragraphs: list[Paragraph], starts: list[Start], places: list[Place]) -> list[int]:
    """Where each start's clause ends: with the last paragraph of its own or of a clause inside it."""
    ends = [0] * len(starts)
    for paragraph, place in zip(paragraphs, places, strict=True):
        around = place.start if place.start is not None else place.inside
        while around is not None:
            ends[around] = paragraph.end
            around = starts[around].parent
    return ends


def _paths(paragraphs: list[Paragraph], starts: list[Start]) -> list[str]:
    """The path of each start: labels from the outermost in; a word ("Article 5") begins a path of its own."""
    labels = [paragraph.label for paragraph in paragraphs if paragraph.label]
    paths: list[str] = []
    for label, start in zip(labels, starts, strict=True):
        if label.rank or start.parent is None:
            paths.append(label.printed)
            continue
        parent = starts[start.parent]
        repeats = len(start.value) > 1 and start.value[: len(parent.value)] == parent.value
        tail = ".".join(map(str, start.value[len(parent.value) :])) if repeats else label.citation(start.kind)
        paths.append(paths[start.parent] + ("" if tail.startswith("(") else ".") + tail)
    return paths


@dataclass(slots=True)
class _Units:
    """Reads the units off the paragraphs in order, remembering which of them opens the list at hand."""

    text: str
    paragraphs: list[Paragraph]
    starts: list[Start]
    places: list[Place]
    signs: Signs
    owner: list[int]
    units: list[Unit] = field(default_factory=list)
    opener: int | None = None  # the unit that opens the list at hand
    last_own: dict[int, int] = field(default_factory=dict)  # the last unit of a start before its children

    def read(self) -> list[Unit]:
        """The units of the text."""
        for at, (paragraph, place) in enumerate(zip(self.paragraphs, self.places, strict=True)):
            if paragraph.body < paragraph.end:
                self._add(at, paragraph, place)
        return self.units

    def _add(self, at: int, paragraph: Paragraph, place: Place) -> None:
        opening, sort = self._opening(at, paragraph, place)
        told = place.role is not Role.BOILERPLATE and sort == "paragraph"
        if told and (place.heading or self._is_heading(at, paragraph, place)):
            sort = "heading"
        unit = Unit(paragraph.body, paragraph.end, self.owner[at], place.role, sort, opening)
        if sort != "item" or paragraph.label:
            self.opener = len(self.units) if self.signs.opens_list(at) and sort != "heading" else None
        if place.start is not None and (paragraph.label or sort == "paragraph"):
            self.last_own[place.start] = len(self.units)
        self.units.append(unit)

    def _opening(self, at: int, paragraph: Paragraph, place: Place) -> tuple[int | None, str]:
        """The unit whose words open this one, and whether it is an item or a paragraph."""
        if place.role is Role.BOILERPLATE:
            return None, "paragraph"
        if paragraph.label and place.start is not None:
            opening = self._opening_of_start(paragraph, self.starts[place.start])
            return opening, "paragraph" if opening is None else "item"
        if paragraph.bullet:
            return self.opener, "item"
        if self.opener is not None and self._is_plain_item(paragraph):
            return self.opener, "item"
        return None, "paragraph"

    def _opening_of_start(self, paragraph: Paragraph, start: Start) -> int | None:
        """The unit that opens a numbered item: the words of the clause above, where they are unfinished."""
        small = self.text[paragraph.body].islower()
        if start.parent is None:
            return self.opener if small else None
        opening = self.last_own.get(start.parent)
        if opening is None or self.units[opening].sort == "heading":
            return None
        end = self.text[self.units[opening].end - 1]
        return opening if end in ":,-–—─" or (small and end not in ".;!?") else None

    def _is_plain_item(self, paragraph: Paragraph) -> bool:
        """Whether an unnumbered paragraph is an item: each ends with a semicolon, the last with a full stop."""
        ends = self.text[paragraph.end - 1] == ";"
        inside = self.units[-1].sort == "item" and self.text[self.units[-1].end - 1] in ";,"
        small = self.text[paragraph.body].islower()
        return ends or inside or (small and len(self.units) - 1 == self.opener)

    def _is_heading(self, at: int, paragraph: Paragraph, place: Place) -> bool:
        """Whether a labelled line is the heading of its clause, or a line is the heading under its label."""
        if not self.signs.is_heading(at) or at + 1 == len(self.paragraphs):
            return False
        follower = self.places[at + 1].start
        if paragraph.label:
            child = follower is not None and self.starts[follower].parent == place.start
            return follower is not None and (child or follower == place.start)
        above = self.paragraphs[at - 1] if at else None
        return above is not None and above.label is not None and above.body >= above.end and follower is not None
