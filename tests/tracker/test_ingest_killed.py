"""The intake while its parts are killed, in small; `bin/drill ingest` does the same at its full size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.drill.ingest import Faults, Place, place, poisoned, run, upload
from tracker.models.uploads import ATTEMPTS


@pytest.fixture(scope="module")
def where() -> Iterator[Place]:
    """One installation for all, in this order: each empties it, and the last takes a key away."""
    with place(people=8, ring=3) as made:
        yield made


def test_whatever_is_killed_every_document_is_read_wholly_and_once(where: Place) -> None:
    outcome = run(where, 24, Faults(workers=6, databases=1), seed=7)
    print(outcome)  # noqa: T201
    assert outcome.right, str(outcome)
    assert outcome.broken_off > 0
    assert outcome.storing > 0
    assert outcome.seconds_after < 60


def test_what_many_people_upload_at_once_is_on_record_once(where: Place) -> None:
    outcome = upload(where, 3)
    print(outcome)  # noqa: T201
    assert outcome.right, str(outcome)


def test_a_document_that_kills_every_worker_is_stopped_and_holds_up_no_other(where: Place) -> None:
    first, *others = poisoned(where, 6)
    assert first == ("failed", "broke_off", ATTEMPTS)
    assert {state for state, _, _ in others} == {"done"}


def test_without_the_one_transaction_some_are_stored_in_part(where: Place) -> None:
    """The control."""
    outcome = run(where, 12, Faults(workers=4, databases=0), seed=7, careless=True)
    print(outcome)  # noqa: T201
    assert outcome.partial > 0


def test_looking_first_and_storing_then_doubles_what_many_people_upload_at_once(where: Place) -> None:
    """The control."""
    outcome = upload(where, 2, careless=True)
    print(outcome)  # noqa: T201
    assert outcome.surplus > 0
