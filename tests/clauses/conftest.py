"""What the parser's tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def quiet_memory() -> Iterator[None]:
    """Time is measured without going through what hundreds of tests before have left in memory."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
