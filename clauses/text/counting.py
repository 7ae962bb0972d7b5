"""Numbers as word processors and browsers write them before the items of a list."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\s*(-?[0-9]{1,9})\s*")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"


def whole(words: str | None, otherwise: int) -> int:
    """The whole number that an attribute holds, of up to nine digits; `otherwise` where it holds none."""
    found = _NUMBER.fullmatch(words or "")
    return int(found[1]) if found else otherwise


def decimal(number: int) -> str:
    """3 → 3."""
    return str(number)


def padded(number: int) -> str:
    """3 → 03."""
    return f"{number:02}"


def roman(number: int) -> str:
    """4 → iv; plain digits where there is no Roman numeral."""
    if not 0 < number < 4000:
        return str(number)
    letters = []
    for value, letter in _ROMAN:
        times, number = divmod(number, value)
        letters.append(letter * times)
    return "".join(letters)


def latin(number: int) -> str:
    """3 → c, 28 → bb, as word processors go on after z."""
    return _lettered(number, _LATIN)


def russian(number: int) -> str:
    """3 → в; ё, й and the signs are left out."""
    return _lettered(number, _RUSSIAN)


def _lettered(number: int, alphabet: str) -> str:
    if not 0 < number <= 10 * len(alphabet):
        return str(number)
    times, place = divmod(number - 1, len(alphabet))
    return alphabet[place] * (times + 1)
