"""What commitments are about: a taxonomy of two levels that staff keep."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import translation

from tests.tracker.makers import make_commitment, make_unit, make_user
from tracker import filing
from tracker.models import Commitment, CommitmentTheme, Theme
from tracker.models.edits import ForbiddenError, StaleError
from tracker.models.themes import seed_themes

pytestmark = pytest.mark.django_db


def test_the_first_themes_are_there_in_three_languages() -> None:
    themes = Theme.objects.all()
    assert themes.count() == 18
    assert all(theme.name_en and theme.name_kk and theme.name_ru for theme in themes)
    with translation.override("kk"):
        assert str(Theme.objects.get(code="trade")) == "Сауда және кеден"


def test_themes_that_staff_have_changed_or_removed_stay_so() -> None:
    Theme.objects.filter(code="trade").update(name_en="Commerce")
    Theme.objects.get(code="water").delete()
    seed_themes()
    assert Theme.objects.get(code="trade").name_en == "Commerce"
    assert not Theme.objects.filter(code="water").exists()


def test_an_empty_taxonomy_is_given_the_first_themes_again() -> None:
    Theme.objects.filter(parent__isnull=False).delete()
    Theme.objects.all().delete()
    seed_themes()
    assert Theme.objects.count() == 18


def test_there_are_two_levels_and_the_database_holds_it() -> None:
    trade, economy, energy = (Theme.objects.get(code=code) for code in ("trade", "economy", "energy"))
    with pytest.raises(IntegrityError, match="theme_has_two_levels"), transaction.atomic():
        _put_below("energy", trade)
    with pytest.raises(IntegrityError, match="theme_has_two_levels"), transaction.atomic():
        _put_below("economy", energy)
    _put_below("energy", economy)
    with pytest.raises(IntegrityError, match="theme_not_its_own_parent"), transaction.atomic():
        _put_below("energy", energy)


def _put_below(code: str, parent: Theme) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracker_theme SET parent_id = %s WHERE code = %s", [parent.pk, code])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_form_is_told_of_the_two_levels_in_words() -> None:
    with pytest.raises(ValidationError, match="two levels"):
        Theme(code="quotas", name_en="Quotas", parent=Theme.objects.get(code="trade")).full_clean()
    economy = Theme.objects.get(code="economy")
    economy.parent = Theme.objects.get(code="energy")
    with pytest.raises(ValidationError, match="two levels"):
        economy.full_clean()
    Theme(code="quotas", name_en="Quotas", parent=Theme.objects.get(code="economy")).full_clean()


@pytest.mark.parametrize("goal", [0, 18])
def test_there_are_seventeen_goals(goal: int) -> None:
    with pytest.raises(IntegrityError, match="theme_sdg_is_one_of_17"):
        Theme.objects.create(code="new", name_en="New", sdg=goal)


def test_a_commitment_is_filed_under_exactly_the_themes_given() -> None:
    commitment = make_commitment()
    trade, water, energy = (Theme.objects.get(code=code) for code in ("trade", "water", "energy"))
    said = {"by": make_user()}
    after = filing.set_themes(commitment.pk, themes=[trade, water], version=1, **said)
    after = filing.set_themes(commitment.pk, themes=[water, energy], version=after.version, **said)
    assert set(after.themes.all()) == {water, energy}
    assert (after.version, after.review) == (3, "proposed")
    assert list(energy.commitments.all()) == [commitment]


def test_a_stale_page_files_nothing() -> None:
    commitment = make_commitment()
    filing.set_themes(commitment.pk, themes=[Theme.objects.get(code="trade")], by=make_user(), version=1)
    with pytest.raises(StaleError):
        filing.set_themes(commitment.pk, themes=[], by=make_user(), version=1)
    assert commitment.themes.count() == 1


def test_those_who_only_look_and_other_units_file_nothing() -> None:
    desk = make_unit()
    commitment = make_commitment(unit=desk)
    for stranger in (make_user("reader", unit=desk), make_user("auditor"), make_user(unit=make_unit())):
        with pytest.raises(ForbiddenError):
            filing.set_themes(commitment.pk, themes=[], by=stranger, version=1)
        with pytest.raises(ForbiddenError):
            filing.rename(commitment.pk, title="Mine", by=stranger, version=1)


def test_a_theme_in_use_is_not_deleted_and_a_commitment_is_filed_under_it_once() -> None:
    commitment, trade = make_commitment(), Theme.objects.get(code="trade")
    CommitmentTheme.objects.create(commitment=commitment, theme=trade)
    with pytest.raises(ProtectedError):
        trade.delete()
    with pytest.raises(IntegrityError, match="commitmenttheme_once"):
        CommitmentTheme.objects.create(commitment=commitment, theme=trade)


def test_a_title_is_edited_and_the_words_and_the_review_stay() -> None:
    commitment = make_commitment(review="confirmed")
    words = commitment.quote
    filing.rename(commitment.pk, title="  Trade house \n in Baku ", by=make_user(), version=1)
    kept = Commitment.objects.get()
    assert (kept.title, kept.review, kept.quote, kept.version) == ("Trade house in Baku", "confirmed", words, 2)


@pytest.mark.parametrize("title", ["", "  ", "x" * 201])
def test_a_title_that_is_none_is_refused(title: str) -> None:
    commitment = make_commitment()
    with pytest.raises(filing.RefusedError, match="title"):
        filing.rename(commitment.pk, title=title, by=make_user(), version=1)
