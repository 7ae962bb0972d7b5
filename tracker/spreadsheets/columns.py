"""What a sheet holds of a commitment: one table for export, import and their documentation.

The names and the words in the cells are those of the API, whatever the language of the screen, so that a file that was
exported in one language is imported in another. Only what the parser said (`told`) is put into the person's language.
Columns that an import may change are `writable`; those that say what is to be done (`status_note` and after) are empty
in an export.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from tracker.ingest import reasons
from tracker.models import Addressee, Note, Obligor, Theme
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.spreadsheets.cells import Value

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

BETWEEN = "; "
"""Stands between several codes in one cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the first row, what it holds, how it is read from a commitment that came through `rows`,
    and whether an import may change it."""

    name: str
    told: _StrPromise
    shown: Callable[[Any], Value]
    writable: bool = False
    kind: str = "text"


def rows(known: CommitmentQuerySet) -> CommitmentQuerySet:
    """These commitments with all that the columns show, in a constant number of queries for each chunk."""
    # As lists: a query set for each row would cost more than its rows.
    sides = Prefetch("obligors", Obligor.objects.select_related("party"), "side_list")
    asked = Prefetch("addressees", Addressee.objects.select_related("party"), "asked_list")
    noted = Prefetch("notes", Note.objects.order_by("at", "pk"), "note_list")
    filed = Prefetch("themes", Theme.objects.order_by("code"), "theme_list")
    with_all = known.with_quote().select_related("clause", "unit", "officer__user", "text__instrument__unit")
    return with_all.defer("text__body").prefetch_related(None).prefetch_related(sides, asked, noted, filed)


def _nothing(commitment: Any) -> Value:
    """A cell to be filled in."""
    return ""


def _statuses(commitment: Any) -> str:
    return BETWEEN.join(f"{side.party.code}: {side.status}" for side in commitment.side_list)


COLUMNS: tuple[Column, ...] = (
    Column("id", _("which commitment; leave it as it is"), lambda row: row.pk, kind="number"),
    Column("version", _("as of which change; leave it as it is"), lambda row: row.version, kind="number"),
    Column("instrument", _("the title of the instrument"), lambda row: row.text.instrument.title),
    Column("signed_on", _("when the instrument was signed"), lambda row: row.text.instrument.signed_on, kind="day"),
    Column("clause", _("where in the instrument"), lambda row: row.clause.path if row.clause else ""),
    Column("words", _("the exact words"), lambda row: row.words),
    Column("title", _("a short name"), lambda row: row.title, writable=True),
    Column("force", _("obligation, commitment, intention or request"), lambda row: row.force, writable=True),
    Column(
        "obligors",
        _("the codes of who must act, with a semicolon between them"),
        lambda row: BETWEEN.join(side.party.code for side in row.side_list),
        writable=True,
        kind="sides",
    ),
    Column("obligor_statuses", _("the status of each who must act"), _statuses),
    Column(
        "addressees",
        _("the codes of who is asked or helped, with a semicolon between them"),
        lambda row: BETWEEN.join(side.party.code for side in row.asked_list),
        writable=True,
        kind="sides",
    ),
    Column("due_on", _("the last day that the words allow"), lambda row: row.due_on, writable=True, kind="day"),
    Column("due_text", _("the deadline as written"), lambda row: row.due_text, writable=True),
    Column(
        "due_precision",
        _("day, month, quarter, half, year or period; empty beside a new day means day"),
        lambda row: row.due_precision,
        writable=True,
    ),
    Column("due_rule", _("the words that tie the deadline to an event"), lambda row: row.due_rule, writable=True),
    Column("due_why", _("why this date"), lambda row: reasons.told(row.due_why), kind="told"),
    Column("starts_on", _("the first day"), lambda row: row.starts_on, writable=True, kind="day"),
    Column(
        "recurrence",
        _("annual, semiannual, quarterly, monthly, biennial, regular or empty"),
        lambda row: row.recurrence,
        writable=True,
    ),
    Column("awaiting_date", _("true where a date is to be agreed"), lambda row: row.awaiting_date, True, "flag"),
    Column("review", _("confirmed or rejected decides on the reading"), lambda row: row.review, writable=True),
    Column("status", _("a new status is recorded with status_note"), lambda row: row.status, writable=True),
    Column(
        "status_on",
        _("the day of a new status; left as it is, the day of the import"),
        lambda row: row.status_on,
        writable=True,
        kind="day",
    ),
    Column("last_evidence_on", _("when something was last heard"), lambda row: row.last_evidence_on, kind="day"),
    Column("unit", _("the code of the unit"), lambda row: row.unit.code if row.unit else "", writable=True),
    Column(
        "officer",
        _("the officer's user name"),
        lambda row: row.officer.user.get_username() if row.officer else "",
        writable=True,
    ),
    Column(
        "themes",
        _("the codes of the themes, with a semicolon between them"),
        lambda row: BETWEEN.join(theme.code for theme in row.theme_list),
        writable=True,
        kind="codes",
    ),
    Column("notes", _("the notes there are"), lambda row: "\n".join(note.words for note in row.note_list)),
    Column("status_note", _("fill in: what happened"), _nothing, writable=True),
    Column("add_evidence", _("fill in: the web address of the evidence"), _nothing, writable=True),
    Column("extend_to", _("fill in: a later last day"), _nothing, writable=True, kind="day"),
    Column("extend_reason", _("fill in: why the day is moved"), _nothing, writable=True),
    Column("add_note", _("fill in: a note for colleagues"), _nothing, writable=True),
)

BY_NAME = {column.name: column for column in COLUMNS}
