"""What the document is: its language, kind, title, its day, and when and where it was signed or adopted."""

from __future__ import annotations

from clauses.facts.dating import dated_on
from clauses.facts.kinds import kind_of
from clauses.facts.language import language_of
from clauses.facts.signing import signing_of
from clauses.facts.titles import title_of

__all__ = ["dated_on", "kind_of", "language_of", "signing_of", "title_of"]
