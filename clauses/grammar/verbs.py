"""Which words are verbs, and in what form: made from a list of base forms (English) or read off endings (Russian)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from functools import cache
from typing import Any

from clauses.languages import words as data_of

_REMEMBERED = 200_000  # words; more would be memory without speed


class Form(IntEnum):
    """The form of a verb, as far as the splitting of actions needs it."""

    NONE = 0
    PLAIN = 1  # develop; развивать
    DOING = 2  # developing; развивая
    FINITE = 3  # develops; развивают, разовьет
    PAST = 4  # developed; развили


class _Forms(dict[str, Form]):
    """The form of every word; NONE for one that is no verb. A word not seen before is worked out and remembered."""

    def __init__(self, work_out: Callable[[str], Form]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, word: str) -> Form:
        if len(self) > _REMEMBERED:
            return self._work_out(word)
        form = self[word] = self._work_out(word)
        return form


class Verbs:
    """The verbs of one language; forms once worked out are remembered, so that a word costs one look-up."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Compile `verbs.toml` of a language."""
        self.doubling = frozenset(data.get("forms", {}).get("doubling", ()))
        self.irregular: dict[str, list[str]] = data.get("irregular", {})
        nouns = data.get("also_nouns", "").split()
        self.also_nouns = frozenset([*nouns, *map(_third, nouns)])
        self.forms = _Forms(self._by_ending)
        for base in data.get("plain", "").split():
            self._learn(base)
        for word in data.get("forms", {}).get("not_gerunds", ()):
            self.forms[word] = Form.NONE
        exceptions = data.get("not", {})
        self._endings = [
            (Form[name.upper()], re.compile(ending), frozenset(exceptions.get(name, "").split()))
            for name, ending in data.get("endings", {}).items()
        ]
        self.by_ending = bool(self._endings)

    def all_forms(self, base: str) -> tuple[str, ...]:
        """Every form of an English verb."""
        past = self.irregular.get(base, [_with(base, "ed", self.doubling)])
        return (base, _third(base), _with(base, "ing", self.doubling), *past)

    def _learn(self, base: str) -> None:
        _, third, doing, *past = self.all_forms(base)
        for word, form in ((third, Form.FINITE), (doing, Form.DOING), *((word, Form.PAST) for word in past)):
            self.forms.setdefault(word, form)
        self.forms[base] = Form.PLAIN

    def _by_ending(self, word: str) -> Form:
        for form, ending, exceptions in self._endings:
            if ending.search(word) and word not in exceptions:
                return form
        return Form.NONE


@cache
def verbs_of(language: str) -> Verbs:
    """The verbs of a language."""
    return Verbs(data_of(language, "verbs"))


def _third(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def _with(base: str, ending: str, doubling: frozenset[str]) -> str:
    if base in doubling:
        return base + base[-1] + ending
    if base.endswith("e") and not base.endswith(("ee", "oe")):
        return base[:-1] + ending
    if ending == "ed" and base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + ending
