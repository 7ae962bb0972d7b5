"""English and Russian sentences and what they promise: the cases in cases/commitments/{en,ru}-*.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from clauses.commitments import read_commitments
from clauses.deadlines import find_deadlines
from clauses.folding import fold
from clauses.nodes import Cast, Commitment, Kind, Outline, Role, Sentence, Unit
from clauses.outline import outline as structure_of
from clauses.parties import cast

CASES = Path(__file__).parent / "cases" / "commitments"
LANGUAGES = ("en", "ru")


@dataclass(frozen=True)
class Case:
    """A sentence, the items of the list that it opens, and the lines that tell what it does."""

    language: str
    kind: Kind
    parties: tuple[str, ...]
    lines: tuple[str, ...]
    expected: tuple[str, ...]


def cases() -> Iterator[object]:
    for path in sorted(p for language in LANGUAGES for p in CASES.glob(f"{language}-*.txt")):
        for block in path.read_text("utf-8").split("\n\n"):
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            if lines:
                kind, *parties = lines[0].removeprefix("= ").split()
                said = tuple(line.removeprefix("- ") for line in lines[1:] if not line.startswith("> "))
                expected = tuple(line.removeprefix("> ") for line in lines if line.startswith("> "))
                case = Case(path.stem[:2], Kind(kind), tuple(parties), said, expected)
                yield pytest.param(case, id=f"{path.stem}: {said[0][:60]}")


def laid_out(case: Case) -> tuple[str, Outline]:
    """The text of a case and its outline: a paragraph, and the items that it opens."""
    units, at = [], 0
    for index, line in enumerate(case.lines):
        units.append(
            Unit(at, at + len(line), None, Role.OPERATIVE, "item" if index else "paragraph", 0 if index else None)
        )
        at += len(line) + 1
    return "\n".join(case.lines), Outline((), tuple(units))


def who(case: Case, text: str, outline: Outline) -> Cast:
    """The mentions as the reader of parties finds them, with the parties that the case names."""
    found = cast(fold(text), case.language, outline, case.kind)
    mentions = tuple(replace(m, codes=case.parties) if m.sort == "all" else m for m in found.mentions)
    return Cast(case.parties, mentions)


def read(case: Case) -> tuple[str, tuple[Commitment, ...], tuple[Sentence, ...]]:
    text, outline = laid_out(case)
    deadlines = find_deadlines(fold(text), case.language, None)
    found = read_commitments(fold(text), case.language, case.kind, outline, who(case, text, outline), deadlines)
    return text, *found


def agrees(expected: str, got: str) -> bool:
    return re.fullmatch(re.escape(expected).replace("…", ".*"), got) is not None


def sorted_parties(line: str) -> str:
    force, parties, words = line.split(" | ", 2)
    return f"{force} | {' '.join(sorted(parties.split()))} | {words}"


@pytest.mark.parametrize("case", list(cases()))
def test_a_sentence_promises_what_its_case_says(case: Case) -> None:
    text, commitments, sentences = read(case)
    got = [f"{c.force} | {' '.join(sorted(c.obligors))} | {text[c.start : c.end]}" for c in commitments]
    wanted = [sorted_parties(line) for line in case.expected if " | " in line]
    assert len(got) == len(wanted), got
    assert all(agrees(expected, one) for expected, one in zip(wanted, got, strict=True)), got
    acts = [line for line in case.expected if " | " not in line]
    assert not acts or sentences[0].act.value in acts, sentences[0]


def said(
    sentence: str, language: str = "en", *parties: str
) -> tuple[str, tuple[Commitment, ...], tuple[Sentence, ...]]:
    return read(Case(language, Kind.JOINT_STATEMENT, parties or ("KAZ", "TUR"), (sentence,), ()))


def test_a_time_said_once_before_two_verbs_dates_both() -> None:
    _, commitments, _ = said("The Parties will in 2027 hold a youth forum and open a joint library.")
    assert [str(commitment.due) for commitment in commitments] == ["2027-12-31", "2027-12-31"]


def test_a_year_behind_the_first_of_two_promises_dates_the_first_only() -> None:
    _, commitments, _ = said("The Parties will hold a youth forum in 2027 and will open a joint library.")
    assert [str(commitment.due) for commitment in commitments] == ["2027-12-31", "None"]


def test_a_time_of_what_is_only_noted_dates_no_promise() -> None:
    _, commitments, _ = said("The Parties noted the forum held in May 2025 and agreed to repeat it.")
    assert [commitment.due for commitment in commitments] == [None]


def test_a_pronoun_takes_up_the_subject_of_the_sentence_before() -> None:
    _, commitments, _ = said("The Turkish side shared its experience. It intends to train fifty doctors.")
    assert [commitment.obligors for commitment in commitments] == [("TUR",)]


def test_who_must_act_is_marked_as_inferred_where_the_words_do_not_say() -> None:
    _, commitments, _ = said("The dates of the visit will be agreed. The Parties will prepare it.")
    assert [commitment.inferred for commitment in commitments] == [True, False]


def test_every_sentence_is_accounted_for_with_the_cue_that_decided() -> None:
    text, _, sentences = said("The Parties met. They praised the hosts. The Parties agreed to meet again.")
    assert [sentence.act.value for sentence in sentences] == ["performed", "acknowledgement", "commitment"]
    assert all(sentence.cue and text[sentence.cue.start : sentence.cue.end] for sentence in sentences)


def test_a_text_in_a_language_without_cues_promises_nothing_and_keeps_its_sentences() -> None:
    text = "Tərəflər əməkdaşlığı davam etdirəcəklər. Sonra."
    outline = Outline((), (Unit(0, len(text), None, Role.OPERATIVE, "paragraph"),))
    commitments, sentences = read_commitments(fold(text), "az", Kind.JOINT_STATEMENT, outline, Cast((), ()), ())
    assert not commitments
    assert len(sentences) == 2


@pytest.mark.parametrize(
    ("language", "sentence", "addressees"),
    [
        ("en", "Peru and Norway met. Norway will provide boats to Peruvian border officers.", ("PER",)),
        ("en", "Peru and Norway met. Norway urged Peru to open its ports to Chile.", ("PER",)),
        ("en", "Peru and Norway met. Norway will buy Peruvian cotton.", ()),
        ("en", "Peru and Norway met. Norway will support the school in Peru.", ()),
        ("ru", "Чили и Норвегия провели встречу. Норвегия окажет чилийским фермерам помощь.", ("CHL",)),
        ("ru", "Чили и Норвегия провели встречу. Норвегия предложила чилийским вузам открыть филиал.", ("CHL",)),
        ("kk", "Чили мен Норвегия кездесті. Норвегия тарапы чилилік компанияларға көрмеге қатысуды ұсынды.", ("CHL",)),
    ],
)
def test_who_is_asked_or_helped_is_the_one_named_and_no_place(
    language: str, sentence: str, addressees: tuple[str, ...]
) -> None:
    folded, structure = fold(sentence), structure_of(sentence, language)
    found, _ = read_commitments(
        folded, language, Kind.READOUT, structure, cast(folded, language, structure, Kind.READOUT), ()
    )
    assert [commitment.addressees for commitment in found] == [addressees]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_to_be_filled_in_holds_no_word_and_promises_nothing(language: str) -> None:
    blank = "____ ____\n\n_______"
    folded, structure = fold(blank), structure_of(blank, language)
    found, sentences = read_commitments(folded, language, Kind.JOINT_STATEMENT, structure, Cast((), ()), ())
    assert not found
    assert all(blank[each.start : each.end].strip() for each in sentences)


@pytest.mark.parametrize("blank", ["____ shall be sent to ____.", "The sum_of shall be paid__ _"])
def test_blanks_among_the_words_move_no_word(blank: str) -> None:
    text = f"The Parties met. The Parties shall send the report to {blank}"
    folded, structure = fold(text), structure_of(text, "en")
    known = cast(folded, "en", structure, Kind.TREATY)
    found, _ = read_commitments(folded, "en", Kind.TREATY, structure, known, ())
    assert [text[each.cue.start : each.cue.end] for each in found][:1] == ["shall"]
