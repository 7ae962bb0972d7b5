"""Texts made to be slow: a hundred thousand characters take a second at most, and four times the text four times that.

Each family is a few words repeated without end, such as break patterns that look far ahead or back. Time is that of
the processor, the shortest of some runs. A second is one on a machine that reads an ordinary text at a million
characters a second; on a slower or busier one it is as much longer as the same reader takes there for such a text.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from clauses import UnreadableError, parse

SPECIMENS = Path(__file__).resolve().parents[2] / "tracker" / "samples"
SIZE = 100_000
LONGEST = 1.0  # seconds for the size, where ORDINARY text of that size takes a tenth of a second
ORDINARY = 0.1
TIMES = 4  # as much text, which a pattern that looks back over all of it would take sixteen times as long for
STEEPEST = 8
MORE_RUNS = 4
TOO_SHORT = 0.05  # seconds that say nothing of how the time grows

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


@pytest.fixture(scope="module")
def second() -> float:
    """How long a second of a machine that reads ordinary text at a million characters a second is on this one."""
    for words in ("The Parties agreed.", "Стороны договорились.", "Тараптар келісті, қабылдады."):
        parse(words)  # the tables of a language are built on first use
    return max(1.0, _seconds(_specimen(), SIZE) / ORDINARY)


@pytest.mark.usefixtures("quiet_memory")
@pytest.mark.parametrize("family", FAMILIES)
def test_no_text_is_slow(family: str, second: float) -> None:
    quarter, took = (_seconds(FAMILIES[family], size) for size in (SIZE // TIMES, SIZE))
    for _ in range(MORE_RUNS):  # another process may have had the machine's memory to itself: the shortest run counts
        if took < LONGEST * second and (took < TOO_SHORT or took / quarter < STEEPEST):
            break
        took = min(took, _seconds(FAMILIES[family], SIZE))
    assert took < LONGEST * second
    assert took < TOO_SHORT or took / quarter < STEEPEST


def _specimen() -> str:
    return "\n\n".join(path.read_text("utf-8") for path in sorted(SPECIMENS.glob("*-en.txt"))) + "\n\n"


def _seconds(words: str, size: int) -> float:
    text = (words * (size // len(words) + 1))[:size]
    return min(_once(text) for _ in range(2))


def _once(text: str) -> float:
    began = time.process_time()
    with suppress(UnreadableError):
        parse(text)
    return time.process_time() - began
