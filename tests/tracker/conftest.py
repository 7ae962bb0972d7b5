"""What the tests of the tracker share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clauses import nodes
from tests.tracker.readings import reading
from tracker.ingest import reading as reading_step


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Callable[[nodes.Instrument | Exception], None]:
    """Let the parser find this in every document (or raise it); until told otherwise, `reading()`."""

    def use(found: nodes.Instrument | Exception) -> None:
        def parse(*_: Any, **__: Any) -> nodes.Instrument:
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(reading_step, "parse", parse)

    use(reading())
    return use
