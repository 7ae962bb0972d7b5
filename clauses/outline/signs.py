"""What a paragraph looks like: a heading, a title, a signature, a closing, a line of the page around it."""

from __future__ import annotations

import re

from clauses.folding import Folded
from clauses.outline.paragraphs import Paragraph
from clauses.outline.words import Words

_REACH = 240  # characters at either end of a paragraph that tell what it is
_LONGEST_HEADING = 160
_LONGEST_LINE = 200
_LONG_NOTICE = 80  # a line of the page that ends with a full stop is no longer
_FULL_STOP = re.compile(r"[.;:,!?…][\"»”’)*_]*\Z")
_SENTENCE_END = re.compile(r"[.!?…][\"»”’)*_]*\Z")
_DATE = re.compile(r"\W*(?:\d{4}\W\d{1,2}\W\d{1,2}|\d{1,2}\W\d{1,2}\W\d{4})\b.{0,60}\Z")
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_CRUMB = re.compile(r"\s[>›|\"/]\s")  # guillemets are folded to quotation marks
_NO_CRUMB = re.compile(r"[.;:!?,]")
_PAGE = re.compile(r"\W*\d{1,4}\W*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Signs:
    """Reads the looks of the paragraphs of one text; each look at one costs a slice of it, no more."""

    def __init__(self, text: str, folded: Folded, paragraphs: list[Paragraph], words: Words) -> None:
        self._text, self._folded, self._paragraphs, self._words = text, folded, paragraphs, words
        self._heads: dict[int, str] = {}
        self._titled_first = words.titles.pattern.startswith("^")

    def _head(self, at: int) -> str:
        """The first words of a paragraph, folded; they are asked for several times."""
        words = self._heads.get(at)
        if words is None:
            paragraph = self._paragraphs[at]
            end = min(paragraph.end, paragraph.body + _REACH)
            words = self._heads[at] = self._folded.words(paragraph.body, end)
        return words

    def _tail(self, at: int) -> str:
        """The last words of a paragraph, folded."""
        paragraph = self._paragraphs[at]
        return self._folded.words(max(paragraph.body, paragraph.end - _REACH), paragraph.end)

    def is_long(self, at: int) -> bool:
        """Whether a paragraph is longer than any line that is not a sentence."""
        return self._size(at) > _LONGEST_LINE

    def _size(self, at: int) -> int:
        return self._paragraphs[at].end - self._paragraphs[at].body

    def is_open(self, at: int) -> bool:
        """Whether a paragraph ends in the middle of a sentence, and so opens the list behind it."""
        paragraph = self._paragraphs[at]
        return paragraph.body < paragraph.end and self._text[paragraph.end - 1] in ":,：-–—─"

    def opens_list(self, at: int) -> bool:
        """Whether a paragraph says that a list follows: it ends with a colon or a dash."""
        return self._text[self._paragraphs[at].end - 1] in ":：-–—─"

    def is_stopped(self, at: int) -> bool:
        """Whether a paragraph ends with a sign that ends a sentence or a part of one."""
        paragraph = self._paragraphs[at]
        return bool(_FULL_STOP.search(self._text, max(paragraph.body, paragraph.end - 4), paragraph.end))

    def is_ended(self, at: int) -> bool:
        """Whether a paragraph ends with a full stop, or is a label without words."""
        paragraph = self._paragraphs[at]
        if paragraph.body >= paragraph.end:
            return True
        return bool(_SENTENCE_END.search(self._text, max(paragraph.body, paragraph.end - 4), paragraph.end))

    def is_heading(self, at: int) -> bool:
        """Whether a paragraph looks like a heading: a short line with a capital and no full stop."""
        paragraph = self._paragraphs[at]
        if paragraph.bullet or not 2 < paragraph.end - paragraph.body <= _LONGEST_HEADING or self.is_stopped(at):
            return False
        if self.opens_list(at):
            return False
        first = self._text[paragraph.body : paragraph.end].lstrip('*_#"«“( ')[:1]
        return first.isupper() or first.isdigit()

    def is_title(self, at: int) -> bool:
        """Whether a paragraph is the title of an instrument ("Protocol on …")."""
        paragraph = self._paragraphs[at]
        if paragraph.label or paragraph.bullet or not self.is_heading_like_title(at):
            return False
        return bool(self._words.titles.search(self._head(at) if self._titled_first else self._tail(at)))

    def is_heading_like_title(self, at: int) -> bool:
        """Whether a paragraph has the shape of a title: no sentence, but it may be long."""
        paragraph = self._paragraphs[at]
        return paragraph.end - paragraph.body <= 600 and not self.is_stopped(at)

    def is_office(self, at: int) -> bool:
        """Whether a paragraph is the line of somebody who signs."""
        paragraph = self._paragraphs[at]
        if paragraph.label or self.is_long(at) or self.is_stopped(at):
            return False
        return bool(self._words.offices.search(self._head(at)))

    def is_enacting(self, at: int) -> bool:
        """Whether a paragraph ends a preamble ("have agreed as follows:")."""
        return bool(self._words.enacting.search(self._tail(at)))

    def is_closing(self, at: int) -> bool:
        """Whether a paragraph begins the closing part in so many words ("Done at …")."""
        return bool(self._words.closing.search(self._head(at)))

    def is_parting(self, at: int) -> bool:
        """Whether a paragraph thanks for a visit, sums it up or speaks of the next one."""
        return any(self._words.parting.search(edge(at)) for edge in (self._head, self._tail))

    def is_bare_date(self, at: int) -> bool:
        """Whether a paragraph is a date and nothing else, but for a place or an hour."""
        paragraph = self._paragraphs[at]
        if paragraph.end - paragraph.body > 60:
            return False
        words = self._head(at)
        return bool(_DATE.match(words)) or bool(
            _YEAR.search(words) and self._words.months.search(words) and len(words.split()) <= 6
        )

    def is_boilerplate(self, at: int) -> bool:
        """Whether a paragraph is a line of the page around the text: navigation, credits, share and print."""
        paragraph = self._paragraphs[at]
        if paragraph.label or self.is_long(at) or (self._size(at) > _LONG_NOTICE and self.is_ended(at)):
            return False
        words = self._head(at).strip()
        return bool(
            _PAGE.fullmatch(words) or self._words.boilerplate.match(words) or _is_trail(words) or self._is_stamp(words)
        )

    def is_site_name(self, at: int) -> bool:
        """Whether a line of the page may be the name of a site: three words at most, no sentence, no office."""
        paragraph = self._paragraphs[at]
        words = self._text[paragraph.start : paragraph.end] if not self.is_long(at) else ""
        return 0 < len(words.split()) <= 3 and not self.is_stopped(at) and not self.is_office(at)

    def _is_stamp(self, words: str) -> bool:
        """Whether a line is the date and hour of publication."""
        if ":" not in words or len(words) > 90 or not _CLOCK.search(words):
            return False
        return bool(_DATE.match(words) or _YEAR.search(words))

    def breaks(self, start: int, end: int) -> bool:
        """Whether one instrument ends and another begins among the paragraphs from `start` to `end`."""
        gap = range(start, end)
        signed = any(self.is_closing(at) or self.is_office(at) for at in gap)
        if signed and len(gap) > 1:
            return True
        titled = any(self.is_title(at) for at in gap)
        return titled and (any(self.is_enacting(at) for at in gap) or self._recitals(gap) > 1)

    def _recitals(self, gap: range) -> int:
        """How many paragraphs of a gap end with a comma, as recitals do."""
        return sum(self._text[self._paragraphs[at].end - 1] == "," for at in gap)


def _is_trail(words: str) -> bool:
    """Whether a line is a trail of links: "home > press > statements"."""
    crumbs = _CRUMB.split(words)
    return len(crumbs) > 1 and not _NO_CRUMB.search(words) and max(map(len, crumbs)) <= 40
