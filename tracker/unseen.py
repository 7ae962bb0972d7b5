"""Characters that can't be seen, or turn around what stands beside them, made visible: the one place for all faces.

What is kept is never changed. The API, spreadsheets and the fields of forms hold it as it is; pages, feeds and lists of
choices show each such character by its code point, so that no title looks like another and none turns what follows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# Zero width, direction marks, soft hyphen, byte order mark, controls other than tab and line end.
_SIGNS = (
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
_HIDES = re.compile(f"[{_SIGNS}]")

UNSEEN = re.compile(f"[\r{_SIGNS}]")
"""What can't be seen, with the carriage return; that one hides nothing, for it ends a line."""

# Stays as it is: scripts, the fields in which a person edits what is kept, and tags with all that stands in them. What
# is never closed reaches to the end of the page, for browsers too; so no page is looked through twice.
_PARTS = re.compile(
    r"(<(?P<raw>script|style|textarea)\b.*?(?:</(?P=raw)\s*+>|\Z)"
    r"|<!--.*?(?:-->|\Z)"
    r"|<[a-z/!](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>|<[a-z/!].*+)",
    re.IGNORECASE | re.DOTALL,
)


def code_point(character: str) -> str:
    """A character by its number, such as U+202E."""
    return f"U+{ord(character):04X}"


def name(character: str) -> str:
    """A character by its number and its name, such as U+202E RIGHT-TO-LEFT OVERRIDE."""
    return f"{code_point(character)} {unicodedata.name(character, 'CONTROL')}"


def visible(words: str) -> str:
    """The words with each character that can't be seen as [U+202E], and every line end as a line feed."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return _HIDES.sub(lambda found: f"[{code_point(found.group())}]", lines)


def visible_page(page: str) -> str:
    """A page of HTML whose words are `visible`, whoever wrote them; tags, scripts and fields stay as they are."""
    if not _HIDES.search(page):
        return page
    parts, at = [], 0
    for tag in _PARTS.finditer(page):
        parts += [visible(page[at : tag.start()]), tag.group()]
        at = tag.end()
    return "".join([*parts, visible(page[at:])])


class NothingHides:
    """Middleware: no page leaves with a character in its words that can't be seen.

    A page that has none is not touched, nor is what is no page: streams, what programs read, files to be saved, what is
    packed already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, with what would hide in it shown."""
        answer = self._get_response(request)
        if isinstance(answer, HttpResponse) and _is_page(answer):
            _show(answer)
        return answer


def _is_page(answer: HttpResponse) -> bool:
    saved = answer.get("Content-Disposition", "").lower().startswith("attachment")
    return (
        answer.get("Content-Type", "").lower().startswith("text/html")
        and not saved
        and "Content-Encoding" not in answer
    )


def _show(answer: HttpResponse) -> None:
    # Bytes that are not of the page's charset come out as they went in.
    page = answer.content.decode(answer.charset, "surrogateescape")
    shown = visible_page(page)
    if shown is not page:
        answer.content = shown.encode(answer.charset, "surrogateescape")
        if "Content-Length" in answer:
            answer["Content-Length"] = str(len(answer.content))
