"""Pages without text read by tesseract, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import cache

from clauses.text.errors import UnreadableError

_LANGUAGES = ("eng", "rus", "kaz")
_SECONDS = 60
_REMEDY = "Install tesseract with its English, Russian and Kazakh data (tesseract-ocr, -eng, -rus, -kaz)."


def read_picture(draw: Callable[[], bytes], page: int) -> str:
    """The text on a page that `draw` draws; raises UnreadableError where tesseract is missing or fails."""
    program = shutil.which("tesseract")
    if program is None:
        raise UnreadableError(
            "The pages have no readable text, and tesseract, which reads pictures of pages, is not installed",
            place=f"page {page}",
            remedy=_REMEDY,
        )
    command = [program, "-", "-", "-l", _languages(program), "--psm", "3"]
    try:
        done = subprocess.run(command, input=draw(), capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise UnreadableError("tesseract could not read a page", place=f"page {page}", remedy=_REMEDY) from error
    return done.stdout.decode("utf-8", "replace")


@cache
def _languages(program: str) -> str:
    """Those of our languages that tesseract has data for."""
    listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=_SECONDS, check=False)
    known = listed.stdout.decode("utf-8", "replace").split()
    return "+".join(language for language in _LANGUAGES if language in known) or "eng"
