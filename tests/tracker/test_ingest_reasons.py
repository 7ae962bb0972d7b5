"""Why something was read so is told in the language of the page, whatever the language of the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from clauses.reasons import TEMPLATES
from tracker.ingest.reasons import SENTENCES, told

TEMPLATE_FOLDER = Path(__file__).resolve().parents[2] / "tracker" / "templates"
SHOWN = ("admin/tracker/commitment/facts.html", "tracker/reading.html", "tracker/review_card.html")
"""The pages that show why a commitment was read so."""
VALUES = {
    "cue": "agree~ to",
    "reason": "shall (modal)",
    "precision": "year",
    "recurrence": "annual",
    "encoding": "cp1251",
    "number": "3",
    "pages": "12",
}


def _names(sentence: object) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", str(sentence)))


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_every_reason_of_the_parser_has_a_sentence_with_the_same_values(language: str) -> None:
    assert SENTENCES.keys() == TEMPLATES.keys()
    with translation.override(language):
        assert {code: _names(words) for code, words in SENTENCES.items()} == {
            code: _names(words) for code, words in TEMPLATES.items()
        }


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
@pytest.mark.parametrize("code", TEMPLATES)
def test_every_reason_is_told_and_its_values_are_kept(code: str, language: str) -> None:
    with translation.override(language):
        words = told(TEMPLATES[code] % VALUES)
        assert words == SENTENCES[code] % {
            "cue": "agree~ to",
            "reason": told("shall (modal)"),
            "precision": told_term("in a year"),
            "recurrence": told_term("how often: annual"),
            "encoding": "cp1251",
            "number": "3",
            "pages": "12",
        }


def told_term(why: str) -> str:
    """The term in a sentence that has one."""
    return told(why).rpartition("(")[2].rstrip(")")


def test_the_terms_of_a_reason_are_those_of_the_pages() -> None:
    with translation.override("en"):
        assert told("by a half") == "the words name the last moment (half year)"
    with translation.override("ru"):
        assert told_term("by a half") == "полугодие"


def test_a_point_of_a_list_tells_what_opens_it() -> None:
    with translation.override("en"):
        assert (
            told("point of a list; cue: {уға} келіс-") == "a point of a list: “{уға} келіс-” at the end of the clause"
        )


@pytest.mark.parametrize("why", ["", "a reason of another parser", "100% (sure)"])
def test_a_reason_that_is_not_known_is_shown_as_it_was_kept(why: str) -> None:
    assert told(why) == why


def test_a_page_tells_a_reason_through_a_filter() -> None:
    page = Template("{% load told %}{{ why|reason }}")
    with translation.override("en"):
        assert page.render(Context({"why": "<b> (modal)"})) == "“&lt;b&gt;” with a verb"


@pytest.mark.parametrize("page", SHOWN)
def test_no_page_shows_a_reason_as_the_parser_said_it(page: str) -> None:
    shown = re.findall(r"{{ \w+\.(?:due_)?why\b([^ }]*)", (TEMPLATE_FOLDER / page).read_text("utf-8"))
    assert len(shown) == 2
    assert all(filters.startswith("|reason") for filters in shown)
