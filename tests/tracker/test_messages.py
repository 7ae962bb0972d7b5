"""Translations are whole, certain and compiled."""

from __future__ import annotations

import string

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.translation import ngettext

from tests.tracker import catalogues


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    ours = {(str(message.id), message.context) for message in catalogues.extracted() if message.id}
    theirs = {(str(message.id), message.context) for message in catalogues.read(language) if message.id}
    assert ours == theirs, "run bin/messages"
    assert catalogues.missing(language) == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_compiled_catalogues_match_their_sources(language: str) -> None:
    assert catalogues.path(language, "mo").read_bytes() == catalogues.as_mo(language), "run bin/messages"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_keep_every_placeholder(language: str) -> None:
    for message in catalogues.read(language):
        for translated in message.string if isinstance(message.string, tuple) else [message.string]:
            original = message.id[-1] if isinstance(message.id, tuple) else message.id
            assert _placeholders(translated) == _placeholders(original), original


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_cyrillic_words_hide_no_latin_letters(language: str) -> None:
    for message in catalogues.read(language):
        for translated in message.string if isinstance(message.string, tuple) else [message.string]:
            for word in str(translated).split():
                letters = [letter for letter in word.split("-")[0] if letter.isalpha()]
                kinds = {letter in string.ascii_letters for letter in letters}
                assert len(kinds) < 2 or not set("<>{}%«(/").isdisjoint(word), translated


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 договорённость"), (3, "3 договорённости"), (5, "5 договорённостей"), (21, "21 договорённость")],
)
def test_russian_counts_agree_in_number(number: int, words: str) -> None:
    with translation.override("ru"):
        assert ngettext("%(n)s commitment", "%(n)s commitments", number) % {"n": number} == words


def test_kazakh_counts_leave_the_noun_as_it_is() -> None:
    with translation.override("kk"):
        assert ngettext("%(n)s commitment", "%(n)s commitments", 5) % {"n": 5} == "5 уағдаластық"


@override_settings(FORMAT_MODULE_PATH=["tracker.formats"])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "31 December 2026"), ("kk", "2026 жылғы 31 желтоқсан"), ("ru", "31 декабря 2026 г.")]
)
def test_days_are_written_as_each_language_writes_them(language: str, words: str) -> None:
    import datetime as dt

    from django.utils.formats import date_format, reset_format_cache

    reset_format_cache()
    with translation.override(language):
        assert date_format(dt.date(2026, 12, 31), "DATE_FORMAT") == words
    reset_format_cache()


def _placeholders(text: str) -> set[str]:
    import re

    return set(re.findall(r"%\(\w+\)[sd]|%s|%%|\{\w+\}", text))
