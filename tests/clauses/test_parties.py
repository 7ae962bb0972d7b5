"""Who speaks: names, persons, terms and parties, by the cases in `cases/parties`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from clauses.folding import fold
from clauses.nodes import Kind, Mention, Outline
from clauses.outline import outline
from clauses.parties import cast, find_mentions, name_of

CASES = Path(__file__).parent / "cases" / "parties"
LANGUAGES = ("en", "ru", "kk")


@dataclass(frozen=True)
class Case:
    title: str
    language: str
    kind: Kind
    text: str
    checks: tuple[tuple[str, str], ...]


def read_cases(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*.txt")):
        for block in f"\n{path.read_text('utf-8')}".split("\n== ")[1:]:
            heading, rest = block.split("\n", 1)
            title, language, kind = (part.strip() for part in heading.split("|"))
            text, checks = rest.split("\n----\n")
            rows = (line.split(":", 1) for line in checks.strip().splitlines())
            yield Case(title, language, Kind(kind), text, tuple((key, value.strip()) for key, value in rows))


def said(text: str, mention: Mention) -> str:
    return " ".join(text[mention.start : mention.end].split())


@pytest.mark.parametrize("case", [*read_cases(CASES)], ids=lambda case: f"{case.language}: {case.title}")
def test_a_text_names_who_a_careful_reader_would_say(case: Case) -> None:
    found = cast(fold(case.text), case.language, outline(case.text, case.language), case.kind)
    have = {f"{said(case.text, m)} = {' '.join((m.sort, *m.codes))}" for m in found.mentions}
    for key, value in case.checks:
        if key == "parties":
            assert found.parties == tuple(value.split())
        elif key == "mention":
            assert value in have, have
        else:
            at = case.text.index(value)
            covering = [m for m in found.mentions if m.start < at + len(value) and at < m.end and m.codes]
            assert not covering, covering


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_name_that_is_found(language: str) -> None:
    for code in (
        "KAZ",
        "AZE",
        "TUR",
        "UZB",
        "KGZ",
        "TJK",
        "TKM",
        "RUS",
        "CHN",
        "USA",
        "GBR",
        "DEU",
        "QAT",
        "IRN",
        "JPN",
    ):
        name = name_of(code, language)
        assert name != code
        mention = find_mentions(fold(f"{name} "), language)[0]
        assert mention.codes == (code,), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_organisation_is_found_by_its_name(language: str) -> None:
    for code in ("UN", "EU", "OTS", "LAS", "SCO", "CIS", "CICA", "OSCE", "EBRD", "WTO", "GCC", "OIC"):
        assert find_mentions(fold(name_of(code, language)), language)[0].codes == (code,)


def test_an_unknown_code_is_its_own_name() -> None:
    assert name_of("XYZ", "en") == "XYZ"


@pytest.mark.parametrize("language", LANGUAGES)
def test_mentions_stand_in_order_and_never_overlap(language: str) -> None:
    text = "\n\n".join(case.text for case in read_cases(CASES) if case.language == language)
    mentions = find_mentions(fold(text), language)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "-", "the", "President", "Президент ", "Қазақстан-", '(hereinafter "")', "US" * 500]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_any_text_has_a_cast(text: str, language: str) -> None:
    found = cast(fold(text), language, Outline((), ()), Kind.READOUT)
    assert all(0 <= m.start < m.end <= len(text) for m in found.mentions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_times_the_text_takes_about_ten_times_as_long(language: str) -> None:
    text = "\n\n".join(case.text for case in read_cases(CASES) if case.language == language)
    small, large = text * 4, text * 40

    def seconds(words: str) -> float:
        folded, structure = fold(words), Outline((), ())
        begun = time.process_time()
        cast(folded, language, structure, Kind.TREATY)
        return time.process_time() - begun

    seconds(text)
    assert seconds(large) < 25 * max(min(seconds(small) for _ in range(3)), 0.01)
