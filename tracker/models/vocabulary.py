"""The words that a column may hold. The database refuses any other (see `checks.known`).

Those that the parser also uses are spelt as it spells them; a test holds the two lists equal.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What sort of instrument it is."""

    JOINT_STATEMENT = "joint_statement", _("joint statement")
    TREATY = "treaty", _("treaty")
    MOU = "mou", _("memorandum of understanding")
    ACTION_PLAN = "action_plan", _("action plan")
    RESOLUTION = "resolution", _("resolution")
    READOUT = "readout", _("press readout")


class LegalNature(TextChoices):
    """Whether an instrument binds in law. A joint statement does not, unless staff record otherwise."""

    POLITICAL_COMMITMENT = "political_commitment", _("political commitment")
    TREATY = "treaty", _("treaty")


class PartySort(TextChoices):
    """What a party is."""

    STATE = "state", _("state")
    ORGANISATION = "organisation", _("organisation")


class PartyRole(TextChoices):
    """A party's standing in an instrument."""

    SIGNATORY = "signatory", _("signatory")
    PARTY = "party", _("party")
    PARTICIPANT = "participant", _("participant")
    DEPOSITARY = "depositary", _("depositary")


class TextStanding(TextChoices):
    """What a text is worth as a source; a press copy is a text as published, of which no more is known."""

    AUTHENTIC = "authentic", _("authentic")
    TRANSLATION = "translation", _("translation")
    PRESS_COPY = "press_copy", _("press copy")


class ClauseRole(TextChoices):
    """What a clause does in its instrument."""

    PREAMBLE = "preamble", _("preamble")
    OPERATIVE = "operative", _("operative")
    CLOSING = "closing", _("closing")
    BOILERPLATE = "boilerplate", _("boilerplate")


class Force(TextChoices):
    """How strongly a commitment binds its obligors, strongest first."""

    OBLIGATION = "obligation", _("obligation")
    COMMITMENT = "commitment", _("commitment")
    INTENTION = "intention", _("intention")
    REQUEST = "request", _("request")


class Precision(TextChoices):
    """How exactly the words of a deadline fix its last day."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    HALF = "half", _("half year")
    YEAR = "year", _("year")
    PERIOD = "period", _("period")


class Recurrence(TextChoices):
    """How often a continuing commitment falls due."""

    ANNUAL = "annual", _("annual")
    SEMIANNUAL = "semiannual", _("semiannual")
    QUARTERLY = "quarterly", _("quarterly")
    MONTHLY = "monthly", _("monthly")
    BIENNIAL = "biennial", _("biennial")
    REGULAR = "regular", _("regular")


class Review(TextChoices):
    """One person's decision on our reading; never on the promise (that is `Status`)."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    AMENDED = "amended", _("amended")
    REJECTED = "rejected", _("rejected")


class Status(TextChoices):
    """What became of the promise."""

    NOT_STARTED = "not_started", _("not started")
    IN_PROGRESS = "in_progress", _("in progress")
    FULFILLED = "fulfilled", _("fulfilled")
    PARTLY_FULFILLED = "partly_fulfilled", _("partly fulfilled")
    NOT_FULFILLED = "not_fulfilled", _("not fulfilled")
    SUPERSEDED = "superseded", _("superseded")
    WAIVED = "waived", _("waived")


ACCEPTED_REVIEWS = (Review.CONFIRMED, Review.AMENDED)
"""A person has said that the reading stands, as found or as corrected."""

OPEN_STATUSES = (Status.NOT_STARTED, Status.IN_PROGRESS)
"""Something is still to be done."""


JUDGED_STATUSES = (Status.FULFILLED, Status.PARTLY_FULFILLED, Status.NOT_FULFILLED)
"""A verdict on the promise: nobody has to take it on trust, so it needs evidence."""

EXCUSED_STATUSES = (Status.SUPERSEDED, Status.WAIVED)
"""The promise need not be kept any more."""


class RelationKind(TextChoices):
    """What one commitment is to another; read the other way round in `INVERSE_RELATIONS`."""

    RESTATES = "restates", _("restates")
    SPECIFIES = "specifies", _("specifies")
    FULFILS = "fulfils", _("fulfils")
    SUPERSEDES = "supersedes", _("supersedes")


INVERSE_RELATIONS = {
    RelationKind.RESTATES: _("restated by"),
    RelationKind.SPECIFIES: _("specified by"),
    RelationKind.FULFILS: _("fulfilled by"),
    RelationKind.SUPERSEDES: _("superseded by"),
}
"""How a relation reads from its other end."""


class SubmissionKind(TextChoices):
    """Which step waits for a second person."""

    STATUS = "status", _("status")
    EXTENSION = "extension", _("deadline extension")


class SubmissionState(TextChoices):
    """What became of a step that was submitted for acceptance."""

    PENDING = "pending", _("awaiting acceptance")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("sent back")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PersonRole(TextChoices):
    """What a person is; what each may do, and to whose records, is the table in `tracker.rights`."""

    READER = "reader", _("reader")
    DESK_OFFICER = "desk_officer", _("desk officer")
    HEAD_OF_UNIT = "head_of_unit", _("head of unit")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


class InterfaceLanguage(TextChoices):
    """The languages that the screens speak, each in its own name."""

    ENGLISH = "en", "English"
    KAZAKH = "kk", "Қазақша"
    RUSSIAN = "ru", "Русский"


class Reason(TextChoices):
    """Why somebody must look at a commitment."""

    OVERDUE = "overdue", _("overdue")
    DUE_SOON = "due_soon", _("due soon")
    QUIET = "quiet", _("quiet")
    AWAITING_DATE = "awaiting_date", _("awaiting a date")
    REQUEST_UNANSWERED = "request_unanswered", _("request unanswered")
    RECURRENCE_DUE = "recurrence_due", _("recurrence due")
    REVIEW_WAITING = "review_waiting", _("review waiting")
    SOURCE_CHANGED = "source_changed", _("source changed")
    EVIDENCE_EXPIRING = "evidence_expiring", _("evidence expiring")
    EXTENSION_ASKED = "extension_asked", _("extension asked")


AHEAD_REASONS = (Reason.DUE_SOON, Reason.RECURRENCE_DUE, Reason.EVIDENCE_EXPIRING)
"""Their rules count days before the occasion; those of all other reasons count days after it."""


class FollowUpState(TextChoices):
    """Whether somebody must still look."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Closure(TextChoices):
    """Why a follow-up no longer holds."""

    STATUS = "status", _("the promise is no longer open")
    REVIEWED = "reviewed", _("the reading was reviewed")
    REJECTED = "rejected", _("the reading was rejected")
    ANOTHER_TEXT = "another_text", _("another text of the instrument leads")
    EVIDENCE = "evidence", _("there is news of it")
    DATE_CHANGED = "date_changed", _("its date was set or changed")
    DAY_PASSED = "day_passed", _("its day has passed")
    SETTLED = "settled", _("somebody looked again")
    DECIDED = "decided", _("the extension was decided")
    RULE_CHANGED = "rule_changed", _("the rule was changed")


class Tells(TextChoices):
    """Whom a rule or a rung of the ladder tells."""

    OFFICER = "officer", _("the officer")
    HEAD = "head", _("the head of unit")
    CONTROL = "control", _("the control service")


class OutboxKind(TextChoices):
    """How something leaves."""

    MAIL = "mail", _("mail")
    WEBHOOK = "webhook", _("webhook")


class OutboxState(TextChoices):
    """What became of something that is owed to the outside."""

    WAITING = "waiting", _("waiting to be sent")
    SENT = "sent", _("sent")
    DEAD = "dead", _("given up")
    ASIDE = "aside", _("put aside")


class EventType(TextChoices):
    """What a receiver of webhooks may be told of; the words are part of the interface and never change."""

    FOLLOWUP_RAISED = "followup.raised", _("a follow-up is raised")
    FOLLOWUP_CLOSED = "followup.closed", _("a follow-up is closed")
    STATUS_CHANGED = "commitment.status_changed", _("the status of a commitment changes")
    DEADLINE_CHANGED = "commitment.deadline_changed", _("the last day of a commitment moves")
    TEST = "test", _("a test")


class FeedKind(TextChoices):
    """What a private address gives."""

    CALENDAR = "calendar", _("calendar of deadlines")
    CHANGES = "changes", _("feed of changes")


class JobKind(TextChoices):
    """Work that takes so long that it is shown."""

    SWEEP = "sweep", _("full sweep")
    REREADING = "rereading", _("reading all texts again")
    IMPORT = "import", _("spreadsheet import")
    EXPORT = "export", _("spreadsheet export")


class JobState(TextChoices):
    """Where a job stands."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")
