"""Long work that people can watch and stop: asked for, done in portions by whichever worker comes, and told of.

`asking` who may ask and stop · `working` one worker at one job: claim, portions, ending · `kinds/` what is done, a file
for each kind of work · `sweeps` the sweep that becomes a job where it must look at very much · `backends` which backend
of PostgreSQL is at which job.

PostgreSQL holds the jobs; a message to a worker is a doorbell that may be lost, doubled or late. Each portion is a
transaction that also notes how far the job is, so a portion is done once, whoever is killed.
"""

from __future__ import annotations

from tracker.jobs.asking import ask, cancel, carry_out, known
from tracker.jobs.kinds.sweeping import last_number, raised_so_far
from tracker.jobs.kinds.trying import wanted as trial_of
from tracker.jobs.sweeps import sweep
from tracker.jobs.working import forget, to_do, work
from tracker.models.edits import RefusedError

__all__ = [
    "RefusedError",
    "ask",
    "cancel",
    "carry_out",
    "forget",
    "known",
    "last_number",
    "raised_so_far",
    "sweep",
    "to_do",
    "trial_of",
    "work",
]
