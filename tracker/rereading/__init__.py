"""Reading a text again, by a better parser or from better bytes, without losing what people decided.

`plan` says what would become of every commitment and saves nothing; `apply` does exactly that, or refuses.
What staff confirmed, amended or rejected keeps its id and its values. Its words stay where they stand in the text; a
decided commitment whose words have changed, or whose place is gone, gets a second look (`SecondLook`), which any
decision on it settles. What nobody had touched follows the new reading.
"""

from __future__ import annotations

from tracker.models.edits import RefusedError
from tracker.rereading.anew import outdated, plan_anew
from tracker.rereading.applying import apply
from tracker.rereading.approving import approve, planned
from tracker.rereading.planning import Fate, Plan, plan

__all__ = ["Fate", "Plan", "RefusedError", "apply", "approve", "outdated", "plan", "plan_anew", "planned"]
