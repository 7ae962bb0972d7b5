"""Whether a DOCX holds words that its reader sees and this program does not, or the reverse."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from clauses.reasons import doubt
from clauses.text.docx_numbers import W

_ENOUGH = 0.99  # of the characters in the file that must be in the text
_TWICE = ("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback", f"{W}moveFrom")
"""What holds words a second time: a drawing for old programs, a passage where it was before it was moved."""


def inked(words: str | None) -> int:
    """How many characters of some words are not white space."""
    return sum(map(len, words.split())) if words else 0


def unread(parts: Iterable[etree._Element | None], said: int) -> list[str]:
    """A warning where less than 99 % of the characters written in the parts were said in the text.

    Counted are the words of paragraphs, formulas, drawings and notes, whatever hides them; running heads are not.
    """
    written = sum(_written(part) for part in parts if part is not None)
    if said >= _ENOUGH * written:
        return []
    return [doubt("unread", number=100 * said // written)]


def is_white(run: etree._Element) -> bool:
    """Whether a run is in white letters on white paper: there for a program, not for a reader."""
    color = run.find(f"{W}rPr/{W}color")
    if color is None or (color.get(f"{W}val") or "").upper() != "FFFFFF":
        return False
    on_ground = any(run.find(f"{W}rPr/{W}{name}") is not None for name in ("shd", "highlight"))
    return not on_ground and next(run.iterancestors(f"{W}tc", f"{W}txbxContent"), None) is None


def _written(part: etree._Element) -> int:
    walk = etree.iterwalk(part, events=("start",))
    found = 0
    for _, node in walk:
        if node.tag in _TWICE:
            walk.skip_subtree()
        elif isinstance(node.tag, str) and node.tag.endswith("}t"):
            found += inked(node.text)
    return found
