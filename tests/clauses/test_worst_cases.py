"""Texts made to be slow: a hundred thousand characters take a second at most, and twice the text twice the time.

Each family is a few words repeated without end, such as break patterns that look far ahead or back. Time is that of
the processor; the shortest of some runs counts, and twice the text may take a little more than twice as long, since the
machine does other things too.
"""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from clauses import UnreadableError, parse

SIZE = 50_000
LONGEST = 1.5  # seconds for twice the size: about half a second on a quiet machine, one on a busy one
STEEPEST = 2.5
MORE_RUNS = 4
TOO_SHORT = 0.15  # seconds that say nothing of how the time grows

FAMILIES = {
    "initials or sections": "I.\n",
    "numbers without words": "1.\n",
    "numbers in one line": "1. ",
    "letters without words": "(a)\n",
    "articles without words": "Article 1\n",
    "items that are cut short": "(a) shall;\n",
    "lists without items": "The Parties shall:\n",
    "deep numbers": "1.1.1.1 ",
    "one letter": "a",
    "one Kazakh letter": "қ",
    "letters of both alphabets": "Кaзахстaн ",
    "opening brackets": "(",
    "digits": "7",
    "spaces between letters": "x" + " " * 999,
    "invisible characters": "\u200b\u00ad",
    "hyphens of a page": "еже-",
    "quotation marks": '"',
    "full stops": ".",
    "commas": ", ",
    "links": "home > ",
    "questions": "Is it? ",
    "words and no stop": "word ",
    "closing formulas": "done at ",
    "definitions": "(hereinafter the Parties) ",
    "names in a list": "Kazakhstan, ",
    "titles": "President of the Republic of ",
    "titles of agreements": "Agreement between the ",
    "dates": "1 May 2027, ",
    "periods": "within thirty days of ",
    "years": "2022-2026 ",
    "an English sentence of cues": "The Parties shall by 1 May 2027 and within 30 days of the entry into force have "
    "agreed to cooperate, including promoting trade, ",
    "an English sentence of modals": "will be ",
    "a Russian sentence of cues": "Стороны обязуются не позднее 1 мая 2027 года и в течение 30 дней с даты вступления "
    "в силу договорились развивать сотрудничество, которое будет, ",
    "a Kazakh sentence of cues": "Тараптар 2027 жылғы 1 мамырға дейін ынтымақтастықты дамытуға және қамтамасыз етуге "
    "уағдаласты, күшіне енген күннен бастап 30 күн ішінде міндеттенеді, ",
}


@pytest.fixture(scope="module", autouse=True)
def _tables_are_built() -> None:
    for words in ("The Parties agreed.", "Стороны договорились.", "Тараптар келісті, қабылдады."):
        parse(words)


@pytest.mark.usefixtures("quiet_memory")
@pytest.mark.parametrize("family", FAMILIES)
def test_no_text_is_slow(family: str) -> None:
    once, twice = (_seconds(FAMILIES[family], size) for size in (SIZE, 2 * SIZE))
    for _ in range(MORE_RUNS):  # another process may have had the machine's memory to itself: the shortest run counts
        if twice < LONGEST and (twice < TOO_SHORT or twice / once < STEEPEST):
            break
        twice = min(twice, _seconds(FAMILIES[family], 2 * SIZE))
    assert twice < LONGEST
    assert twice < TOO_SHORT or twice / once < STEEPEST


def _seconds(words: str, size: int) -> float:
    text = (words * (size // len(words) + 1))[:size]
    return min(_once(text) for _ in range(2))


def _once(text: str) -> float:
    began = time.process_time()
    with suppress(UnreadableError):
        parse(text)
    return time.process_time() - began
