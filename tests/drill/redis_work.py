"""The work that comes during a drill, and whether it was done: read in PostgreSQL."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from itertools import count

from tests.drill.redis_visitor import Visitor
from tests.drill.rig import Rig

_COMMITMENT = """
INSERT INTO tracker_commitment (text_id, counted, start, "end", title, force, due_on, due_text, due_precision, due_rule,
    due_why, recurrence, awaiting_date, why, inferred, parser_version, read_on, review, reviewed_by_id, reviewed_at,
    status, status_on, made_on, version)
SELECT %(text)s, true, %(n)s, %(n)s + 1, 'Line ' || %(n)s, 'commitment', current_date - 1, '', 'day', '', '', '', false,
    '', false, '1', current_date, 'confirmed', %(user)s, now(), 'not_started', current_date, current_date, 1
RETURNING id"""

_MAIL = """
INSERT INTO tracker_outboxitem (event, kind, event_type, person_id, body, made_at, next_try_at)
VALUES (gen_random_uuid(), 'mail', 'digest', %s, '{"subject": "To do", "text": "One is overdue."}', now(), now())
RETURNING id"""

_DONE = {
    "document": "SELECT EXISTS (SELECT FROM tracker_upload WHERE name = %s AND state = 'done')",
    "commitment": "SELECT EXISTS (SELECT FROM tracker_followup WHERE commitment_id = %s AND reason = 'overdue')",
    "mail": "SELECT EXISTS (SELECT FROM tracker_outboxitem WHERE id = %s AND state = 'sent')",
}

# A document read twice gives two texts, or a flag raised twice two rows.
_DOUBLED = """
SELECT (SELECT count(*) - count(DISTINCT body_sha256) FROM tracker_text)
    + (SELECT count(*) - count(DISTINCT (commitment_id, rule_id, occasion)) FROM tracker_followup)"""


@dataclass(frozen=True)
class Work:
    """Something to be done: its sort (`_DONE`), and by what it is known."""

    sort: str
    key: object

    def __str__(self) -> str:
        return f"{self.sort} {self.key}"


class Works:
    """Everything that has come."""

    def __init__(self, broken: Rig, ids: dict[str, int]) -> None:
        self._rig, self._ids, self._numbers = broken, ids, count(1)
        self._flagged: deque[int] = deque()
        self._lock = threading.Lock()
        self.brought: list[str] = []
        self.number = 0

    def bring(self, visitor: Visitor) -> list[Work]:
        """A document, a commitment of yesterday, a mail."""
        with self._lock:
            number = next(self._numbers)
            name = f"work-{number}.txt"
            if (status := visitor.upload(name, self.document(name))) != 302:
                raise RuntimeError(f"{name} was not kept: {status}")
            ids = {"text": self._ids["text"], "user": self._ids["user"], "n": 10**6 + number}
            with self._rig.connect() as session:
                commitment = session.execute(_COMMITMENT, ids).fetchone()
                mail = session.execute(_MAIL, [self._ids["person"]]).fetchone()
            assert commitment
            assert mail
            self.number += 3
            return [Work("document", name), Work("commitment", commitment[0]), Work("mail", mail[0])]

    def document(self, name: str) -> str:
        """A statement that is like no other."""
        return (
            "Joint Statement of the Republic of Kazakhstan and the Republic of Albania\n\n"
            f"1. The Parties will open school {name} in Almaty by the end of 2031.\n"
        )

    def done(self, work: Work) -> bool:
        """Whether it was done; a commitment that was flagged may be reported on from then on."""
        done = bool(self._rig.query(_DONE[work.sort], work.key))
        if done and work.sort == "commitment":
            assert isinstance(work.key, int)
            self._flagged.append(work.key)
        return done

    def to_record(self) -> int | None:
        """A commitment of which nobody has told anything yet."""
        try:
            return self._flagged.popleft()
        except IndexError:
            return None

    def brought_in(self) -> list[Work]:
        """The documents that visitors have brought in on their way."""
        self.number += len(self.brought)
        return [Work("document", name) for name in self.brought]

    def doubled(self) -> int:
        """What was done twice."""
        return int(self._rig.query(_DOUBLED))
