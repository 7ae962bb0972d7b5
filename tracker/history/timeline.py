"""The history of one record as a page shows it, the records that are part of it included; at most `LONGEST` entries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.history.recorded import RECORDED, Recorded, recorded
from tracker.models import AuditEntry

LONGEST = 500
_NAMED = {
    "auth.group": (),
    "auth.user": (),
    "tracker.addressee": ("party",),
    "tracker.clause": (),
    "tracker.commitment": (),
    "tracker.commitmenttheme": ("theme",),
    "tracker.digest": ("person__user",),
    "tracker.escalation": ("followup",),
    "tracker.evidence": (),
    "tracker.evidencefile": (),
    "tracker.followup": (),
    "tracker.followupcomment": ("followup",),
    "tracker.instrument": (),
    "tracker.instrumentparty": ("party",),
    "tracker.obligor": ("party",),
    "tracker.party": (),
    "tracker.person": ("user",),
    "tracker.reminder": ("followup", "recipient__user"),
    "tracker.text": (),
    "tracker.theme": (),
    "tracker.unit": (),
}
"""Records that are called by their names, with what those are made of beside the record's own row. All others are told
by what they hold: their names would repeat it, at a query for each."""
_KEPT = {"tracker.reviewstep": frozenset({"before", "after", "others_before", "others_version", "undoes_id"})}
"""Columns that hold other columns, so that a step can be taken back: told field by field, or by the entries beside."""
_SAID_BY_THE_ENTRY = frozenset({"reviewed_by_id", "reviewed_at", "looks"})
"""Kept by a decision for taking it back; the entry, or that of the second look, says them already."""
_SIDES = {"obligors": gettext_lazy("obligors"), "addressees": gettext_lazy("addressees")}
_PARTY_CODE = "the code of a party"
"""Stands in `Names` for the model where a party is named by its code."""
_PARTS = """
    SELECT id FROM audit.entry WHERE part_of_model = %(model)s AND part_of_id = %(id)s
    UNION
    SELECT e.id FROM audit.entry e JOIN (
        SELECT DISTINCT model, object_id FROM audit.entry
        WHERE part_of_model = %(model)s AND part_of_id = %(id)s AND model = ANY(%(wholes)s)
    ) part ON e.part_of_model = part.model AND e.part_of_id = part.object_id
    ORDER BY id DESC LIMIT %(longest)s"""

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its column, what it is called, and its value before and after, in words ("–" for none)."""

    column: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one record, in words of the screen's language.

    `action` is insert, update, delete or truncate, `done` says it in words. `subject` names the record where it is not
    the one whose timeline this is ("obligor: KAZ"), else it is empty. Entries with the same `transaction` were made
    together.
    """

    id: int
    at: dt.datetime
    actor: str
    actor_id: int | None
    unit: str
    reason: str
    action: str
    done: str
    subject: str
    changes: tuple[Change, ...]
    transaction: int
    request: str
    address: str


def timeline(record: models.Model, longest: int = LONGEST) -> list[Entry]:
    """The newest `longest` entries about a record and what is part of it, newest first; constant in queries."""
    label = record._meta.label_lower
    rows = list(
        AuditEntry.objects.raw(
            f"SELECT * FROM audit.entry WHERE id IN ({_PARTS}) ORDER BY id DESC",  # noqa: S608  (no outside words)
            {"model": label, "id": str(record.pk), "wholes": list(_wholes()), "longest": longest},
        )
    )
    names = _names(rows)
    return [_entry(row, label, str(record.pk), names) for row in rows]


def entries(rows: list[AuditEntry]) -> list[Entry]:
    """The same for entries about several records, each told as on the timeline of the record that it is part of."""
    names = _names(rows)
    return [_entry(row, row.part_of_model or "", row.part_of_id or "", names) for row in rows]


def _wholes() -> set[str]:
    """The models that others are part of."""
    return {line.arguments[2] for line in RECORDED if line.part_of}


def _entry(row: AuditEntry, label: str, pk: str, names: Names) -> Entry:
    own = (row.model, row.object_id) == (label, pk)
    return Entry(
        id=row.pk,
        at=row.at,
        actor=row.actor,
        actor_id=row.actor_id,
        unit=row.unit or "",
        reason=row.reason or "",
        action=row.action,
        done=_done(row.action),
        subject="" if own else _subject(row, names),
        changes=tuple(_changes(row, names)),
        transaction=row.transaction,
        request=row.request or "",
        address=row.address or "",
    )


def _done(action: str) -> str:
    words = {"insert": _("added"), "update": _("changed"), "delete": _("removed"), "truncate": _("all removed")}
    return words[action]


def _subject(row: AuditEntry, names: Names) -> str:
    model = _model(row.model)
    kind = str(model._meta.verbose_name) if model else row.model
    name = names.get((row.model, row.object_id or ""), "") or _name_from_party(row, names)
    return f"{kind}: {name}" if name else kind


def _name_from_party(row: AuditEntry, names: Names) -> str:
    """A record that is gone is named by its party, if it has one: it was kept with the entry."""
    held = {**(row.before or {}), **(row.after or {})}
    return names.get(("tracker.party", str(held.get("party_id"))), "")


def _changes(row: AuditEntry, names: Names) -> Iterable[Change]:
    """The fields in the order of the model; of a record that was added or removed, those that held something. What a
    decision on a reading keeps of its commitment follows, field by field."""
    before, after = row.before or {}, row.after or {}
    model = _model(row.model)
    line = recorded(model) if model else None
    kept = _KEPT.get(row.model, frozenset())
    for column in _in_order(model, {**before, **after}):
        if column in kept:
            continue
        if row.action != "update" and (_says_nothing(before, after, column) or _known_anyway(model, line, column)):
            continue
        field = _field(model, column)
        told = [in_words(field, values.get(column), names) for values in (before, after)]
        yield Change(column, str(field.verbose_name) if field else column, *told)
    if kept:
        yield from _decided({**before, **after}, names)


def _decided(held: Mapping[str, Any], names: Names) -> Iterable[Change]:
    """What a decision changed on its commitment, in the commitment's own words; who decided and when, the entry
    itself says."""
    before, after = held.get("before") or {}, held.get("after") or {}
    commitment = _model("tracker.commitment")
    for name in _in_order(commitment, {**before, **after}):
        was, now_is = before.get(name), after.get(name)
        if was == now_is or name in _SAID_BY_THE_ENTRY:
            continue
        field = _field(commitment, name)
        label = str(field.verbose_name) if field else str(_SIDES.get(name, name))
        yield Change(name, label, *(_told_side(field, value, names) for value in (was, now_is)))


def _told_side(field: models.Field[Any, Any] | None, value: Any, names: Names) -> str:
    """A value of a decision: sides are kept as the codes of their parties."""
    if isinstance(value, list):
        return ", ".join(names.get((_PARTY_CODE, str(code)), str(code)) for code in value) or "–"
    return in_words(field, value, names)


def _says_nothing(before: Mapping[str, Any], after: Mapping[str, Any], column: str) -> bool:
    return before.get(column) in (None, "") and after.get(column) in (None, "")


def _known_anyway(model: type[models.Model] | None, line: Recorded | None, column: str) -> bool:
    """The record's number, and the record that it is part of: the page is about it."""
    if model is None or column == model._meta.pk.column:
        return True
    return bool(line and line.part_of and column == line.arguments[3])


def _in_order(model: type[models.Model] | None, columns: Iterable[str]) -> list[str]:
    order = [field.column for field in model._meta.concrete_fields] if model else []
    return sorted(columns, key=lambda column: (order.index(column) if column in order else len(order), column))


def in_words(field: models.Field[Any, Any] | None, value: Any, names: Names) -> str:
    """A value in words, as it was kept: a choice by its label, a record by its name, a day as days are written.

    `names` are the names of records by the label of their model and their number.
    """
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if field is not None and field.is_relation and field.related_model:
        key = (field.related_model._meta.label_lower, str(value))
        return names.get(key, f"#{value}")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _day(field, str(value))


def _day(field: models.Field[Any, Any] | None, value: str) -> str:
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(value)):
        return date_format(localtime(moment), "DATETIME_FORMAT")
    if isinstance(field, models.DateField) and (day := parse_date(value)):
        return date_format(day, "DATE_FORMAT")
    return value


def _names(rows: Iterable[AuditEntry]) -> Names:
    """The names of all records that the entries speak of, with one query for each model."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for row in rows:
        model = _model(row.model)
        if model is None:
            continue
        if row.object_id:
            wanted[model].add(row.object_id)
        for column, value in _references(row):
            field = _field(model, column)
            if field is not None and field.is_relation and field.related_model:
                wanted[field.related_model].add(value)
    named = {(model._meta.label_lower, pk): name for model, pks in wanted.items() for pk, name in _called(model, pks)}
    return {**named, **_parties(rows)}


def _parties(rows: Iterable[AuditEntry]) -> Names:
    """The names of the parties that decisions name by their codes."""
    kept = [(row.after or {}).get(half) or {} for row in rows if row.model in _KEPT for half in ("before", "after")]
    codes = {str(code) for values in kept for side in _SIDES for code in values.get(side) or ()}
    party = _model("tracker.party")
    if not codes or party is None:
        return {}
    return {(_PARTY_CODE, str(each.code)): str(each) for each in party._base_manager.filter(code__in=codes)}  # type: ignore[attr-defined]


def _references(row: AuditEntry) -> Iterable[tuple[str, str]]:
    for values in (row.before, row.after):
        yield from ((column, str(value)) for column, value in (values or {}).items() if value is not None)


def _called(model: type[models.Model], pks: set[str]) -> Iterable[tuple[str, str]]:
    line, beside = recorded(model), _NAMED.get(model._meta.label_lower)
    if beside is None:
        return
    query = model._base_manager.filter(pk__in=pks)
    query = query.select_related(*beside) if beside else query
    for found in query.defer(*line.digested) if line and line.digested else query:
        yield str(found.pk), str(found)


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None  # a model of an earlier release


def _field(model: type[models.Model] | None, column: str) -> models.Field[Any, Any] | None:
    if model is None:
        return None
    return next((field for field in model._meta.concrete_fields if field.column == column), None)
