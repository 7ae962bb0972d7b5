"""What the tests of the tracker share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from clauses import nodes, text
from tests.tracker.readings import reading
from tracker.ingest import reading as reading_step


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """A page that a test before asked for in another language leaves that language to its thread."""
    translation.activate("en")


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Callable[[nodes.Instrument | Exception], None]:
    """Let the parser find this in every document that has text (or raise it); until told otherwise, `reading()`."""

    def use(found: nodes.Instrument | Exception) -> None:
        def parse(data: bytes, *, name: str, **_: Any) -> nodes.Instrument:
            media_type = text.read(data, name=name).media_type
            if isinstance(found, Exception):
                raise found
            return replace(found, media_type=media_type)

        monkeypatch.setattr(reading_step, "parse", parse)

    use(reading())
    return use
