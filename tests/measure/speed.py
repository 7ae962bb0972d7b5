"""How fast the parser reads, on one core: `bin/bench parse`.

Prints, for each language, millions of characters a second with everything found, beside two yardsticks timed in the
same run on the same text (four plain `re` passes; party names alone), the cost of ten times the text, the time that
importing `clauses` takes and the peak memory of a five-megabyte text. Reads ../shared/corpus where it is, else the
specimens.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from clauses import parse
from clauses.folding import fold
from clauses.parties import find_mentions

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
SPECIMENS = ROOT / "tracker" / "samples"
LANGUAGES = ("en", "ru", "kk")
MEGABYTE = 1_000_000

# what a quick script would do: numbers, dates, modal words, names in capitals
FOUR_PASSES = tuple(
    map(
        re.compile,
        (
            r"(?m)^\s*(?:\d+\.|\([a-zа-я]\)|(?:Article|Статья)\s+\d+)",
            r"\b\d{1,2}\s+\w+\s+\d{4}\b|\b\d{4}\b",
            r"\b(?:shall|will|agreed|intend|обязуются|будут|договорились|міндеттенеді|келісті)\b",
            r"\b[A-ZА-ЯӘҒҚҢӨҰҮҺІ]\w+(?:\s+[A-ZА-ЯӘҒҚҢӨҰҮҺІ]\w+)*",
        ),
    )
)


def text_of(language: str, size: int) -> str:
    """At least `size` characters of real text in a language: whole documents, repeated as often as needed."""
    folder = CORPUS / language
    files = sorted(folder.glob("*.txt")) if folder.is_dir() else sorted(SPECIMENS.glob(f"*-{language}.txt"))
    once = "\n\n".join(path.read_text("utf-8") for path in files)
    return "\n\n".join([once] * (size // len(once) + 1))


def seconds(work: Callable[[], object], *, times: int = 5) -> float:
    """The processor time of the shortest of some runs: other programs on the machine count as little as may be."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def million_a_second(language: str) -> dict[str, float]:
    """Speed of `parse` and of the yardsticks on a megabyte of a language, in millions of characters a second."""
    text = text_of(language, MEGABYTE)
    parse(text[:20_000])  # the tables of the language are built once, on first use
    folded = fold(text)
    work: dict[str, Callable[[], object]] = {
        "parse": lambda: parse(text),
        "four re passes": lambda: [pattern.findall(text) for pattern in FOUR_PASSES],
        "party names alone": lambda: find_mentions(folded, language),
    }
    return {name: len(text) / MEGABYTE / seconds(run) for name, run in work.items()}


def ten_times_costs() -> float:
    """How many times longer ten times the text takes; ten is linear."""
    short, long = text_of("en", MEGABYTE // 10), text_of("en", MEGABYTE)
    took_short, took_long = seconds(lambda: parse(short)), seconds(lambda: parse(long))
    return took_long / took_short * (10 * len(short) / len(long))


def import_seconds() -> float:
    """The processor time that `import clauses` takes in a fresh interpreter."""
    script = "import time; t = time.process_time(); import clauses; print(time.process_time() - t)"
    return min(float(_python(script)) for _ in range(7))


def peak_megabytes() -> float:
    """Peak resident memory of an interpreter that parses five megabytes."""
    script = (
        "import resource; from tests.measure.speed import text_of, MEGABYTE; from clauses import parse;"
        "parse(text_of('en', 5 * MEGABYTE)[: 5 * MEGABYTE]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return float(_python(script))


def _python(script: str) -> str:
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    return ran.stdout


def main() -> int:
    """Print the table."""
    for language in LANGUAGES:
        speeds = million_a_second(language)
        cells = "  ".join(f"{name} {speed:6.2f}" for name, speed in speeds.items())
        ratio = "  ".join(f"{speeds['parse'] / speeds[name]:.2f} of {name}" for name in list(speeds)[1:])
        print(f"{language}: M characters/s  {cells}   ({ratio})", flush=True)
    print(f"ten times the text takes {ten_times_costs():.1f} times as long")
    print(f"import clauses: {import_seconds() * 1000:.0f} ms")
    print(f"peak memory of a 5 MB text: {peak_megabytes():.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
