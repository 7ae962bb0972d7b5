"""An instrument as JSON types and back, for a process that must not believe the one that parsed.

The far side has read a stranger's document and may have been taken over by it. So nothing is taken for granted on the
way back: every value has the type that its field declares, every span lies in the text, every index points at a clause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from clauses.nodes import Instrument, Placed

_PLAIN = (str, int, bool, NoneType)


def to_wire(instrument: Instrument) -> list[Any]:
    """An instrument as lists, strings, numbers and None: the fields of each node in their order, dates as ISO 8601."""
    packed: list[Any] = _packed(instrument)
    return packed


def from_wire(data: object) -> Instrument:
    """The instrument that `to_wire` packed. Raises ValueError for anything else."""
    instrument: Instrument = _unpacker(Instrument)(data)
    _check(instrument)
    return instrument


def _packed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_packed(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return [_packed(getattr(value, name)) for name in _names(type(value))]
    return value.isoformat() if isinstance(value, dt.date) else value


@cache
def _names(node: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(node))


@cache
def _unpacker(kind: Any) -> Callable[[object], Any]:
    """What turns JSON into a value of a declared type, or raises ValueError."""
    if kind in _PLAIN:
        return lambda value: value if type(value) is kind else _refuse(value, kind)
    if get_origin(kind) is tuple:
        return _list_of(get_args(kind)[0])
    if isinstance(kind, UnionType):
        return _optional(next(each for each in get_args(kind) if each is not NoneType))
    if is_dataclass(kind):
        return _node(kind)
    if kind is dt.date:
        return lambda value: dt.date.fromisoformat(value) if isinstance(value, str) else _refuse(value, kind)
    if issubclass(kind, StrEnum):
        return _member_of(kind)
    raise TypeError(f"no way to send {kind}")


def _list_of(kind: Any) -> Callable[[object], Any]:
    each = _unpacker(kind)
    return lambda value: tuple(map(each, value)) if isinstance(value, list) else _refuse(value, tuple)


def _member_of(kind: type[StrEnum]) -> Callable[[object], Any]:
    return lambda value: kind(value) if isinstance(value, str) else _refuse(value, kind)


def _optional(kind: Any) -> Callable[[object], Any]:
    some = _unpacker(kind)
    return lambda value: None if value is None else some(value)


def _node(kind: Any) -> Callable[[object], Any]:
    hints = get_type_hints(kind)
    parts = [_unpacker(hints[name]) for name in _names(kind)]

    def unpack(value: object) -> Any:
        if not isinstance(value, list) or len(value) != len(parts):
            return _refuse(value, kind)
        return kind(*(part(each) for part, each in zip(parts, value, strict=True)))

    return unpack


def _refuse(value: object, kind: Any) -> Any:
    raise ValueError(f"{type(value).__name__} where {getattr(kind, '__name__', kind)} was due")


def _check(found: Instrument) -> None:
    """That every span lies in the text, every clause follows its parent, and every index has its clause."""
    size = len(found.text)
    if not all(0 <= each.start <= each.end <= size for each in _places(found)):
        raise ValueError("a span lies outside the text")
    if any(each.parent is not None and not 0 <= each.parent < at for at, each in enumerate(found.clauses)):
        raise ValueError("a clause comes before its parent")
    owned = (each.clause for nodes in (found.sentences, found.commitments) for each in nodes)
    if any(clause is not None and not 0 <= clause < len(found.clauses) for clause in owned):
        raise ValueError("a clause is named that is not there")


def _places(found: Instrument) -> Iterator[Placed]:
    """Everything in an instrument that stands for a stretch of its text."""
    for placed in (found.clauses, found.mentions, found.references, found.commitments):
        yield from placed
    yield from (each.cue for each in found.commitments)
    for sentence in found.sentences:
        yield sentence
        if sentence.cue:
            yield sentence.cue
    for deadline in (*found.deadlines, *(each for owner in found.commitments for each in owner.deadlines)):
        yield deadline
        if deadline.rule:
            yield deadline.rule
