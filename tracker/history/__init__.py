"""The history: who changed what, when, from what to what and why, recorded by the database and sealed in a chain.

`recorded` whose changes count · `acting` who acts and why · `installing` the database's part · `chain` sealing and
verifying · `timeline` what a page shows. `docs/history.md` tells what it promises.
"""

from __future__ import annotations

from tracker.history.acting import acting, because

__all__ = ["acting", "because"]
