"""Role × action × whose record it is: every cell tried by the step itself, refusals beside successes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User

from tests.tracker.makers import NOW, TODAY, make_commitment, make_instrument, make_text, make_unit, make_user
from tracker import assignment, filing, marking, progress, review, rights
from tracker.models import Commitment, Submission, Unit
from tracker.models.edits import ForbiddenError
from tracker.rights import Action, Whose

pytestmark = pytest.mark.django_db

# o: of the own unit, n: of no unit, x: of another unit; "-": never. Written out here, apart from the table it tests.
EXPECTED = """
              reader  desk_officer  head_of_unit  auditor  administrator
see           on      on            on            onx      onx
review        -       on            on            -        onx
record        -       on            on            -        onx
accept        -       on            on            -        onx
extend        -       on            on            -        onx
assign        -       on            on            -        onx
hand_over     -       -             on            -        onx
file          -       on            on            -        onx
attend        -       on            on            -        onx
ingest        -       on            on            -        onx
manage        -       -             -             -        onx
"""
_LETTERS = {Whose.OWN: "o", Whose.NOBODYS: "n", Whose.OTHERS: "x"}


def _cells() -> dict[tuple[str, str, Whose], bool]:
    header, *lines = EXPECTED.strip().splitlines()
    roles = header.split()
    return {
        (role, line.split()[0], whose): _LETTERS[whose] in cell
        for line in lines
        for role, cell in zip(roles, line.split()[1:], strict=True)
        for whose in Whose
    }


CELLS = _cells()


def _confirm(user: User, made: Commitment) -> Any:
    return review.confirm(made.pk, by=user, version=made.version, now=NOW)


def _record(user: User, made: Commitment) -> Any:
    return progress.record_status(made.pk, to="in_progress", on=TODAY, note="-", by=user, version=made.version, now=NOW)


def _accept(user: User, made: Commitment) -> Any:
    submission = Submission.objects.create(
        commitment=made, kind="status", to_status="in_progress", on=TODAY, note="-", by=make_user(), at=NOW
    )
    return progress.accept(submission.pk, by=user, version=made.version, now=NOW)


def _extend(user: User, made: Commitment) -> Any:
    to = dt.date(2027, 12, 31)
    return progress.extend_deadline(made.pk, to=to, reason="-", by=user, version=made.version, now=NOW)


def _assign(user: User, made: Commitment) -> Any:
    return assignment.assign(made.pk, unit=make_unit(), officer=None, by=user, version=made.version)


def _hand_over(user: User, made: Commitment) -> Any:
    """What a third person answers for, to a colleague of that person's."""
    giver, taker = make_user(unit=made.unit).person, make_user(unit=made.unit).person
    Commitment.objects.filter(pk=made.pk).update(officer=giver)
    return assignment.hand_over(giver, taker, by=user, reason="-", now=NOW)


def _file(user: User, made: Commitment) -> Any:
    return filing.set_themes(made.pk, themes=[], by=user, version=made.version)


def _split(user: User, made: Commitment) -> Any:
    return marking.split(made.pk, at=made.start + 20, by=user, version=made.version, now=NOW)


def _merge(user: User, made: Commitment) -> Any:
    after = make_commitment(text=made.text, unit=made.unit, start=made.end, end=made.end + 9)
    return marking.merge(made.pk, after.pk, by=user, version=made.version, others_version=1, now=NOW)


STEPS: dict[str, Callable[[User, Commitment], Any]] = {
    "review": _confirm,
    "record": _record,
    "accept": _accept,
    "extend": _extend,
    "assign": _assign,
    "hand_over": _hand_over,
    "file": _file,
}


def _record_of(whose: Whose, own: Unit) -> Commitment:
    unit = {Whose.OWN: own, Whose.NOBODYS: None, Whose.OTHERS: make_unit()}[whose]
    return make_commitment(unit=unit, due_on=TODAY)


def test_the_matrix_has_every_role_and_every_action() -> None:
    assert {(role, action) for role, action, _ in CELLS} == set(product(rights.TABLE, Action))


@pytest.mark.parametrize(("role", "action", "whose"), [key for key in CELLS if key[1] in STEPS])
def test_a_step_is_taken_or_refused_as_the_matrix_says(role: str, action: str, whose: Whose) -> None:
    own = make_unit()
    user, made = make_user(role, unit=own), _record_of(whose, own)
    if CELLS[role, action, whose]:
        STEPS[action](user, made)
        made.refresh_from_db()
        assert made.version == 2
    else:
        with pytest.raises(ForbiddenError):
            STEPS[action](user, made)
        made.refresh_from_db()
        assert made.version == 1
    assert rights.may(user, Action(action), _record_of(whose, own)) == CELLS[role, action, whose]


@pytest.mark.parametrize("step", [_confirm, _split, _merge])
@pytest.mark.parametrize(("role", "whose"), list(product(rights.TABLE, (Whose.OWN, Whose.OTHERS))))
def test_who_answers_for_a_commitment_reviews_it_whosever_the_instrument_is(
    role: str, whose: Whose, step: Callable[[User, Commitment], Any]
) -> None:
    own, other = make_unit(), make_unit()
    mine, theirs = (own, other) if whose is Whose.OWN else (other, own)
    user = make_user(role, unit=own)
    made = make_commitment(unit=mine, text=make_text(make_instrument(unit=theirs)))
    if CELLS[role, "review", whose]:
        step(user, made)
        made.refresh_from_db()
        assert made.version == 2
        assert set(made.text.commitments.values_list("unit", flat=True)) == {mine.pk}
    else:
        with pytest.raises(ForbiddenError):
            step(user, made)
        made.refresh_from_db()
        assert made.version == 1


def test_two_commitments_are_made_one_only_by_who_answers_for_both() -> None:
    own, other = make_unit(), make_unit()
    made = make_commitment(unit=own, text=make_text(make_instrument(unit=other)))
    after = make_commitment(text=made.text, start=made.end, end=made.end + 9)  # with the instrument's unit
    sent = {"version": 1, "others_version": 1, "now": NOW}
    with pytest.raises(ForbiddenError):
        marking.merge(made.pk, after.pk, by=make_user(unit=own), **sent)
    with pytest.raises(ForbiddenError):
        marking.merge(made.pk, after.pk, by=make_user(unit=other), **sent)
    assert marking.merge(made.pk, after.pk, by=make_user("administrator"), **sent).version == 2


def test_words_that_another_unit_rejected_are_not_taken_up_by_a_split() -> None:
    own, other = make_unit(), make_unit()
    made = make_commitment(unit=own, text=make_text(make_instrument(unit=other)))
    second = make_commitment(text=made.text, start=made.start + 12, end=made.end, review="rejected")
    words = made.text.body[second.start : second.end]
    assert words == words.strip()
    with pytest.raises(ForbiddenError):
        marking.split(made.pk, at=second.start, by=make_user(unit=own), version=1, now=NOW)


@pytest.mark.parametrize("role", rights.TABLE)
def test_a_missed_commitment_is_added_by_who_answers_for_the_instrument(role: str) -> None:
    own = make_unit()
    user = make_user(role, unit=own)
    for whose, unit in ((Whose.OWN, own), (Whose.NOBODYS, None), (Whose.OTHERS, make_unit())):
        text = make_text(make_instrument(unit=unit))
        words = {"start": 0, "end": 25, "words": text.body[:25]}
        if CELLS[role, "review", whose]:
            assert marking.add(text.pk, **words, by=user, now=NOW).review == "confirmed"
        else:
            with pytest.raises(ForbiddenError):
                marking.add(text.pk, **words, by=user, now=NOW)


@pytest.mark.parametrize(("role", "whose"), list(product(rights.TABLE, Whose)))
def test_lists_show_what_the_matrix_lets_see(role: str, whose: Whose) -> None:
    own = make_unit()
    user, made = make_user(role, unit=own), _record_of(whose, own)
    allowed = CELLS[role, "see", whose]
    assert Commitment.objects.for_user(user).filter(pk=made.pk).exists() == allowed
    assert rights.may(user, Action.SEE, made) == allowed
    instrument = make_instrument(unit=made.unit)
    assert rights.instruments(user).filter(pk=instrument.pk).exists() == allowed
    assert rights.may(user, Action.SEE, instrument) == allowed


@pytest.mark.parametrize(("role", "action"), list(product(rights.TABLE, ("ingest", "manage"))))
def test_what_is_done_to_no_record_in_particular_goes_by_the_role(role: str, action: str) -> None:
    allowed = any(CELLS[role, action, whose] for whose in Whose)
    assert rights.may(make_user(role), Action(action)) == allowed


@pytest.mark.parametrize(("action", "whose"), list(product(Action, Whose)))
def test_a_superuser_is_an_administrator_also_without_a_person(action: Action, whose: Whose) -> None:
    chief = User.objects.create_superuser("chief")
    assert rights.may(chief, action, _record_of(whose, make_unit()))


@pytest.mark.parametrize(("action", "whose"), list(product(Action, Whose)))
def test_a_user_who_is_nobody_here_sees_what_is_nobodys_and_does_nothing(action: Action, whose: Whose) -> None:
    nobody = User.objects.create_user("nobody")
    allowed = action is Action.SEE and whose is Whose.NOBODYS
    assert rights.may(nobody, action, _record_of(whose, make_unit())) == allowed


@pytest.mark.parametrize("action", Action)
def test_who_is_not_signed_in_or_deactivated_may_nothing(action: Action) -> None:
    gone = make_user("administrator")
    gone.is_active = False
    for user in (AnonymousUser(), gone):
        assert not rights.may(user, action)
        assert not rights.may(user, action, make_commitment())


@pytest.mark.parametrize("role", rights.TABLE)
def test_the_instruments_unit_answers_for_commitments_without_one(role: str) -> None:
    own = make_unit()
    user = make_user(role, unit=own)
    ours = make_commitment(text=make_text(make_instrument(unit=own)))
    theirs = make_commitment(text=make_text(make_instrument(unit=make_unit())))
    for made, whose in ((ours, Whose.OWN), (theirs, Whose.OTHERS)):
        assert rights.may(user, Action.RECORD, made) == CELLS[role, "record", whose]
        assert Commitment.objects.for_user(user).filter(pk=made.pk).exists() == CELLS[role, "see", whose]


@pytest.mark.parametrize("role", rights.TABLE)
def test_the_text_that_leads_is_chosen_by_those_who_review(role: str) -> None:
    own = make_unit()
    user = make_user(role, unit=own)
    for whose, unit in ((Whose.OWN, own), (Whose.NOBODYS, None), (Whose.OTHERS, make_unit())):
        english = make_text(make_instrument(unit=unit))
        kazakh = make_text(english.instrument, language="kk", leading=False)
        if CELLS[role, "review", whose]:
            assert review.lead_with(kazakh.pk, by=user, now=NOW).leading
        else:
            with pytest.raises(ForbiddenError):
                review.lead_with(kazakh.pk, by=user, now=NOW)


def test_the_words_for_pages_follow_the_table() -> None:
    for role in rights.TABLE:
        user = make_user(role)
        assert rights.may_act(user) == CELLS[role, "record", Whose.OWN]
        assert rights.may_administer(user) == CELLS[role, "manage", Whose.OWN]
        assert rights.sees_all(user) == CELLS[role, "see", Whose.OTHERS]
