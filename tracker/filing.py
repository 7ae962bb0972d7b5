"""How staff file a commitment: its title, themes, relations to others, notes. None of it changes reading or status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tracker import rights
from tracker.models import Commitment, CommitmentTheme, Note, Relation, Theme
from tracker.models.edits import RefusedError, keep, lock
from tracker.models.vocabulary import RelationKind


@dataclass(frozen=True, slots=True)
class Related:
    """A commitment at the other end of a relation, with how the relation reads from here."""

    relation: Relation
    label: str
    other: Commitment


@transaction.atomic
def rename(commitment_id: int, *, title: str, by: User, version: int) -> Commitment:
    """Give a commitment a better short name; its words stay those of the text, and its review stays.

    Raises StaleError, ForbiddenError, and RefusedError for a title that is empty or longer than 200 characters.
    """
    commitment = _locked(commitment_id, version, by)
    if not (title := " ".join(title.split())):
        raise RefusedError(_("A commitment has a title."))
    if len(title) > 200:
        raise RefusedError(_("A title has at most 200 characters."))
    commitment.title = title
    keep(commitment, ["title"])
    return commitment


@transaction.atomic
def set_themes(commitment_id: int, *, themes: Collection[Theme], by: User, version: int) -> Commitment:
    """File a commitment under these themes and no others; raises StaleError and ForbiddenError."""
    commitment = _locked(commitment_id, version, by)
    wanted = {theme.pk for theme in themes}
    commitment.filed_under.exclude(theme__in=wanted).delete()
    CommitmentTheme.objects.bulk_create(
        [CommitmentTheme(commitment=commitment, theme_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )
    keep(commitment, [])
    return commitment


@transaction.atomic
def relate(commitment_id: int, *, kind: str, target: Commitment, by: User, version: int, now: dt.datetime) -> Relation:
    """Say that a commitment restates, specifies, fulfils or supersedes another one.

    Raises StaleError, ForbiddenError, and RefusedError for a relation to itself, one that there is already in this or
    the other direction, or a commitment that the user may not know of.
    """
    commitment = _locked(commitment_id, version, by)
    if kind not in RelationKind.values:
        raise RefusedError(_("There is no relation %(kind)s.") % {"kind": kind})
    if target.pk == commitment.pk:
        raise RefusedError(_("A commitment isn't related to itself."))
    if not rights.may(by, rights.Action.SEE, target):
        raise RefusedError(_("There is no such commitment."))
    try:
        with transaction.atomic():
            relation = Relation.objects.create(source=commitment, kind=kind, target=target, by=by, at=now)
    except IntegrityError as error:
        raise RefusedError(_("These two are related so already, this way or the other way round.")) from error
    keep(commitment, [])
    return relation


@transaction.atomic
def unrelate(commitment_id: int, *, relation_id: int, by: User, version: int) -> Commitment:
    """Take a relation back, from either end; raises StaleError, ForbiddenError, RefusedError where there is none."""
    commitment = _locked(commitment_id, version, by)
    either_end = Q(source=commitment) | Q(target=commitment)
    gone, _rows = Relation.objects.filter(either_end, pk=relation_id).delete()
    if not gone:
        raise RefusedError(_("There is no such relation."))
    keep(commitment, [])
    return commitment


def related(commitment: Commitment, user: User) -> list[Related]:
    """What a commitment is related to, both ways, as far as the user may know of the other end; one query."""
    known = Commitment.objects.for_user(user).values("pk")
    seen = Relation.objects.of(commitment).filter(source__in=known, target__in=known)
    return [Related(relation, *relation.seen_from(commitment)) for relation in seen]


@transaction.atomic
def add_note(commitment_id: int, *, words: str, by: User, now: dt.datetime) -> Note:
    """Leave a note for colleagues. Notes are only added, so none overwrites another and no version is asked; raises
    ForbiddenError, and RefusedError for an empty one or where there is no such commitment."""
    if not words.strip():
        raise RefusedError(_("A note says something."))
    commitment = Commitment.objects.select_related("unit", "text__instrument__unit").filter(pk=commitment_id).first()
    if commitment is None:
        raise RefusedError(_("There is no such commitment."))
    rights.demand(by, rights.Action.FILE, commitment)
    return Note.objects.create(commitment=commitment, words=words.strip(), by=by, at=now)


def _locked(commitment_id: int, version: int, by: User) -> Commitment:
    commitment = lock(commitment_id, version)
    rights.demand(by, rights.Action.FILE, commitment)
    return commitment
