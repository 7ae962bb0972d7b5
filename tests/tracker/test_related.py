"""Commitments that restate, specify, fulfil or supersede others; each relation reads both ways."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.tracker.makers import NOW, make_commitment, make_unit, make_user
from tracker import filing
from tracker.models import Commitment, Relation
from tracker.models.edits import ForbiddenError, RefusedError, StaleError
from tracker.models.vocabulary import INVERSE_RELATIONS, RelationKind

pytestmark = pytest.mark.django_db


def relate(source: Commitment, kind: str, target: Commitment, **fields: Any) -> Relation:
    said = {"by": make_user(), "version": Commitment.objects.get(pk=source.pk).version, "now": NOW, **fields}
    return filing.relate(source.pk, kind=kind, target=target, **said)


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("restates", "restates", "restated by"),
        ("specifies", "specifies", "specified by"),
        ("fulfils", "fulfils", "fulfilled by"),
        ("supersedes", "supersedes", "superseded by"),
    ],
)
def test_a_relation_reads_from_both_ends(kind: str, here: str, there: str) -> None:
    newer, older = make_commitment(), make_commitment()
    relate(newer, kind, older)
    user = make_user()
    assert [(each.label, each.other) for each in filing.related(newer, user)] == [(here, older)]
    assert [(each.label, each.other) for each in filing.related(older, user)] == [(there, newer)]


def test_every_relation_has_an_inverse() -> None:
    assert set(INVERSE_RELATIONS) == set(RelationKind)


def test_a_relation_is_said_once_this_way_or_the_other() -> None:
    one, other = make_commitment(), make_commitment()
    relate(one, "supersedes", other)
    for source, target in ((one, other), (other, one)):
        with pytest.raises(RefusedError, match="related so already"):
            relate(source, "supersedes", target)
    relate(one, "specifies", other)
    assert Commitment.objects.get(pk=one.pk).version == 3


def test_the_database_holds_it_too() -> None:
    one, other = make_commitment(), make_commitment()
    said = {"by": make_user(), "at": NOW}
    Relation.objects.create(source=one, kind="restates", target=other, **said)
    with pytest.raises(IntegrityError, match="relation_once"), transaction.atomic():
        Relation.objects.create(source=other, kind="restates", target=one, **said)
    with pytest.raises(IntegrityError, match="relation_not_to_itself"), transaction.atomic():
        Relation.objects.create(source=one, kind="fulfils", target=one, **said)
    with pytest.raises(IntegrityError, match="relation_kind_known"), connection.cursor() as cursor:
        cursor.execute("UPDATE tracker_relation SET kind = 'likes'")


def test_nonsense_is_refused() -> None:
    one, other = make_commitment(), make_commitment()
    with pytest.raises(RefusedError, match="itself"):
        relate(one, "restates", one)
    with pytest.raises(RefusedError, match="no relation"):
        relate(one, "likes", other)
    with pytest.raises(StaleError):
        relate(one, "restates", other, version=7)


def test_what_the_person_may_not_know_of_is_neither_related_nor_shown() -> None:
    desk = make_unit()
    officer = make_user(unit=desk)
    ours, theirs = make_commitment(unit=desk), make_commitment(unit=make_unit())
    with pytest.raises(RefusedError, match="no such commitment"):
        relate(ours, "restates", theirs, by=officer)
    with pytest.raises(ForbiddenError):
        relate(theirs, "restates", ours, by=officer)
    relate(ours, "restates", theirs, by=make_user("administrator"))
    assert filing.related(ours, officer) == []
    assert len(filing.related(ours, make_user("auditor"))) == 1


def test_a_relation_is_taken_back_from_either_end() -> None:
    one, other, third = make_commitment(), make_commitment(), make_commitment()
    relation = relate(one, "restates", other)
    with pytest.raises(RefusedError, match="no such relation"):
        filing.unrelate(third.pk, relation_id=relation.pk, by=make_user(), version=1)
    filing.unrelate(other.pk, relation_id=relation.pk, by=make_user(), version=1)
    assert not Relation.objects.exists()


def test_related_commitments_are_read_in_one_query(django_assert_num_queries: Any) -> None:
    one, user = make_commitment(), make_user()
    for _ in range(3):
        relate(one, "restates", make_commitment())
    with django_assert_num_queries(1):
        assert len({each.other.title for each in filing.related(one, user)}) == 1
