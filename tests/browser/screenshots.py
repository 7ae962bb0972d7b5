"""The pictures of the README: a demonstration with the samples, seen in a real browser (`bin/screenshots FOLDER`).

Runs on throw-away servers (`python -m config.servers` brings them); fails where a page reports an error, breaks its
content security policy, or is wider than its window.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.chromium import Chromium, found

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
LANGUAGES = ("en", "kk", "ru")
SIZES = {"wide": (1360, 900), "phone": (390, 844)}


def main() -> int:
    """Take every picture; 1 where a page complained."""
    parser = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("files", nargs="*", type=Path, help="documents to show; without them the samples")
    options = parser.parse_args()
    browser = found()
    if browser is None:
        sys.stderr.write("There is no Chromium. Install it: apt-get install chromium\n")
        return 1
    options.folder.mkdir(parents=True, exist_ok=True)
    pages, cookie, speak = _prepare(options.files or sorted((ROOT / "tracker" / "samples").glob("*.txt")))
    with _server() as address, Chromium(browser) as page:
        page.cookie(address, *cookie)
        wrong = [told for size in SIZES for told in _tour(page, address, size, pages, speak, options.folder)]
    sys.stdout.writelines(f"{told}\n" for told in wrong)
    return 1 if wrong else 0


def _prepare(documents: list[Path]) -> tuple[dict[str, str], tuple[str, str], Callable[[str], object]]:
    """Fill an empty database; the pages worth a picture, the cookie of somebody who is signed in, and how that person
    comes to speak a language."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.utils import timezone

    from tests.browser.places import places
    from tests.browser.signing import cookie_of
    from tracker import ingest, tasks
    from tracker.models import Person

    call_command("migrate", verbosity=0)
    user = User.objects.create_superuser("aigerim", first_name="Айгерім", last_name="Сәрсенова", password="-")
    person = Person.objects.create(user=user, role="head_of_unit")
    for document in documents:
        ingest.ingest(document.read_bytes(), document.name, now=timezone.now(), by=user)
    tasks.run_sweep(timezone.now())
    spoken = Person.objects.filter(pk=person.pk)
    return places(user), cookie_of(user), lambda language: spoken.update(language=language)


def _tour(
    page: Chromium, address: str, size: str, pages: dict[str, str], speak: Callable[[str], object], folder: Path
) -> Iterator[str]:
    """A picture of every page in every language at a size; what was wrong with each."""
    width, height = SIZES[size]
    page.size(width, height, phone=size == "phone")
    for language in LANGUAGES:
        speak(language)
        for name, path in pages.items():
            page.complaints.clear()
            page.open(f"{address}{path}")
            page.picture(folder / f"{name}-{language}-{size}.png")
            yield from (f"{name} {language} {size}: {told}" for told in page.complaints)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                yield f"{name} {language} {size}: wider than its window"


@contextmanager
def _server() -> Iterator[str]:
    """A web server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "HTTPS": "false"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"{address}/login/")
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(address: str) -> None:
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  (our own server)
            return
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main())
