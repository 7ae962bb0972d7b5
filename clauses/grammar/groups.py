"""A verb group: a cue with its subject, and whether it speaks for the parties."""

from __future__ import annotations

from dataclasses import dataclass

from clauses.grammar.lexicon import Mark
from clauses.nodes import Mention


@dataclass(slots=True)
class Group:
    """A verb group: its cue, the word its clause begins with, its subject, and whether it counts."""

    mark: Mark
    begin: int
    actors: tuple[Mention, ...]
    counts: bool
    own: bool  # whether it has a subject of its own
    why: str
    sayer: Mark | None = None  # "agreed that", where that rules it
