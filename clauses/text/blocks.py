"""Blocks of running text put together into the one text that a reader returns."""

from __future__ import annotations

import re

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAKS = re.compile(r" *\n *")
_BREAKS = re.compile(r"\n{2,}")
_INDENT = "    "
_DEEPEST = 9  # indents before a label, however deep its list


class Blocks:
    """Collects the paragraphs of a document: white space inside is collapsed, an empty line stands between two."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._open: list[str] = []
        self._label = ""

    def say(self, words: str) -> None:
        """Go on with the paragraph at hand."""
        self._open.append(words)

    def label(self, label: str, depth: int) -> None:
        """Put a label before the next words, indented by the depth of its list."""
        self.end()
        self._label = _INDENT * min(depth, _DEEPEST) + label + " "

    def end(self) -> None:
        """End the paragraph at hand, if it has any words."""
        words = "".join(self._open)
        self._open.clear()
        clean = _BREAKS.sub("\n", _AROUND_BREAKS.sub("\n", _SPACES.sub(" ", words))).strip()
        if clean:
            self._done.append(self._label + clean)
            self._label = ""

    def add(self, words: str) -> None:
        """A paragraph of its own."""
        self.end()
        self.say(words)
        self.end()

    def text(self) -> str:
        """The text of all paragraphs."""
        self.end()
        return "\n\n".join(self._done) + "\n" if self._done else ""
