"""The structure of a text: its numbered clauses as a tree, the parts they stand in, and the units that hold its words.

The files are the pipeline: lines into paragraphs with their labels (`paragraphs`, `restored`), labels into nested lists
(`sequences`), the rest of the text into roles (`roles`, by the looks in `signs`), and all of it into nodes (`build`).
"""

from __future__ import annotations

from clauses.folding import Folded, fold
from clauses.nodes import Outline
from clauses.outline.build import build
from clauses.outline.paragraphs import merge, paragraphs
from clauses.outline.restored import restore
from clauses.outline.roles import assign
from clauses.outline.sequences import settle
from clauses.outline.signs import Signs
from clauses.outline.words import words


def outline(text: str, language: str, folded: Folded | None = None) -> Outline:
    """The outline of a text in one of the languages that can be read, in offsets of the text.

    `folded` is the same text folded, where the caller has that already.

    Every word of the text lies in exactly one unit or in the label of a clause. A clause covers its label, its words
    and the clauses inside it, and ends with its last word. Linear in the length of the text; raises KeyError for a
    language without data, nothing for any text.
    """
    known = words(language)
    folded = folded or fold(text)
    found = restore(text, paragraphs(text, language, known), language)
    starts = settle(found, Signs(text, folded, found, known))
    found = merge(found)
    signs = Signs(text, folded, found, known)
    return build(text, found, starts, assign(found, starts, signs), signs)
