"""Pages without text read by tesseract, where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache

from clauses.text.errors import UnreadableError

_LANGUAGES = ("eng", "rus", "kaz")
_SECONDS = 60  # for one page
_KAZAKH, _CYRILLIC = re.compile("[әғқңөұүһі]", re.I), re.compile("[а-яёәғқңөұүһі]", re.I)
_STRAY = 0.05  # of the Cyrillic letters, below which the Kazakh ones are misreadings in a Russian page
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zа-яёәғқңөұүһі])")


def read_picture(draw: Callable[[], bytes], page: int) -> str:
    """The text on a page that `draw` draws, its hyphens at the ends of lines undone.

    A Russian page in which a few Kazakh letters were seen is read once more without Kazakh. Raises UnreadableError
    where tesseract is missing, fails, or takes more than a minute.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise UnreadableError("ocr_missing", page=page)
    picture, known = draw(), _known(program)
    words = _read(program, picture, known, page)
    if 0 < len(_KAZAKH.findall(words)) < _STRAY * len(_CYRILLIC.findall(words)) and "rus" in known:
        words = _read(program, picture, tuple(each for each in known if each != "kaz"), page)
    return _HYPHEN.sub("", words)


def _read(program: str, picture: bytes, languages: tuple[str, ...], page: int) -> str:
    # one thread: on a busy machine its threads wait for each other many times longer than they work
    command = ["env", "OMP_THREAD_LIMIT=1", program, "-", "-", "-l", "+".join(languages), "--psm", "3"]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=_SECONDS, check=True)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError("ocr_slow", seconds=_SECONDS, page=page) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise UnreadableError("ocr_failed", page=page) from error
    return done.stdout.decode("utf-8", "replace")


@cache
def _known(program: str) -> tuple[str, ...]:
    """Those of our languages that tesseract has data for; English where it does not say."""
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=_SECONDS, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        listed = b""
    names = listed.decode("utf-8", "replace").split()
    return tuple(language for language in _LANGUAGES if language in names) or ("eng",)
