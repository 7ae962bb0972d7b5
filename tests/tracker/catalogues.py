"""Makes and compiles the translations (`bin/messages`): messages are read from code and templates.

A message that is new comes into every .po file untranslated, one that is gone leaves, and the .mo files are written
anew. `tracker/locale/borrowed.txt` lists messages of the packages below us that we translate because they do not.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
TRACKER = ROOT / "tracker"
LANGUAGES = ("kk", "ru")
PLURALS = {
    # As Django's own catalogues have them, so that both can be merged into one.
    "kk": "nplurals=2; plural=(n!=1);",
    "ru": (
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : "
        "n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);"
    ),
}
# The same messages give the same file, whenever they are compiled.
_NO_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "translated": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def path(language: str, suffix: str = "po") -> Path:
    """The catalogue of a language."""
    return TRACKER / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def extracted() -> Catalog:
    """Every message of the tracker, without translations."""
    catalogue = Catalog(project="Pacta", charset="utf-8")
    for source in sorted(TRACKER.rglob("*.py")):
        if "migrations" not in source.parts:
            _add(catalogue, source, source.read_text("utf-8"))
    for source in sorted((TRACKER / "templates").rglob("*.html")):
        # What is no message comes back as rows of X, whose indentation would not be Python's.
        _add(catalogue, source, re.sub(r"(?m)^[ \t]+", "", templatize(source.read_text("utf-8"))))
    for message, context in borrowed():
        catalogue.add(message, context=context, locations=[("tracker/locale/borrowed.txt", 0)])
    return catalogue


def borrowed() -> Iterator[tuple[str, str | None]]:
    """Messages of packages, each with its context: one a line, `context | message` or the message alone."""
    for line in (TRACKER / "locale" / "borrowed.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            context, bar, message = line.partition(" | ")
            yield (message.replace("\\n", "\n"), context) if bar else (line.replace("\\n", "\n"), None)


def _add(catalogue: Catalog, source: Path, code: str) -> None:
    for _line, message, _comments, context in extract("python", io.BytesIO(code.encode()), keywords=_KEYWORDS):
        catalogue.add(message, context=context, locations=[(str(source.relative_to(ROOT)), 0)])


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands."""
    with path(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The catalogue of a language with the messages of now and the translations there were."""
    catalogue = read(language) if path(language).exists() else Catalog(locale=language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def as_po(language: str, catalogue: Catalog) -> bytes:
    """The .po file: sorted, without line numbers or dates, so that it changes only where a message does."""
    out = io.BytesIO()
    write_po(out, catalogue, omit_header=True, sort_output=True, include_lineno=False, width=0)
    header = (
        'msgid ""\nmsgstr ""\n"Project-Id-Version: Pacta\\n"\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    )
    return header.encode() + out.getvalue()


def as_mo(language: str) -> bytes:
    """The .mo file of the .po file as it stands."""
    catalogue = read(language)
    catalogue.creation_date = catalogue.revision_date = _NO_DAY
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def missing(language: str) -> list[str]:
    """Messages without a translation, or with a doubtful one."""
    return [_name(message) for message in read(language) if message.id and (message.fuzzy or not _whole(message))]


def _whole(message: Any) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(strings) and all(strings)


def _name(message: Any) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def main() -> int:
    """Update, compile and name what is untranslated; 1 where something is."""
    parser = argparse.ArgumentParser(prog="bin/messages", description=__doc__)
    parser.parse_args()
    untranslated = 0
    for language in LANGUAGES:
        path(language).parent.mkdir(parents=True, exist_ok=True)
        path(language).write_bytes(as_po(language, updated(language)))
        path(language, "mo").write_bytes(as_mo(language))
        for message in missing(language):
            untranslated += 1
            sys.stdout.write(f"{language}: not translated: {message}\n")
    sys.stdout.write(f"{untranslated} not translated\n")
    return 1 if untranslated else 0


if __name__ == "__main__":
    sys.exit(main())
