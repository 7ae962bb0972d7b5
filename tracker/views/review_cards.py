"""What the review page shows of each commitment: its card, the form that amends it, its place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Commitment, Text
from tracker.models.vocabulary import Force, Precision, Recurrence, Review
from tracker.pieces import Paragraph, Piece, paragraphs

_SEEN = ("review", "force", "due_on", "due_precision", "status")


class AmendForm(forms.Form):
    """What may be corrected in a reading."""

    force = forms.ChoiceField(label=gettext_lazy("Force"), choices=Force)
    obligors = forms.CharField(label=gettext_lazy("Who must act (codes)"), required=False)
    addressees = forms.CharField(label=gettext_lazy("Who is asked or helped (codes)"), required=False)
    due_text = forms.CharField(label=gettext_lazy("Deadline as written"), required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    due_precision = forms.ChoiceField(
        label=gettext_lazy("Precision"), choices=[("", "–"), *Precision.choices], required=False
    )
    recurrence = forms.ChoiceField(
        label=gettext_lazy("Recurs"), choices=[("", "–"), *Recurrence.choices], required=False
    )
    awaiting_date = forms.BooleanField(label=gettext_lazy("Awaiting a date"), required=False)

    def changes(self, commitment: Commitment) -> dict[str, Any]:
        """What differs from the commitment as it is; a day without a precision is a day."""
        said = dict(self.cleaned_data)
        if said["due_on"] and not said["due_precision"]:
            said["due_precision"] = Precision.DAY
        if not said["due_on"]:
            said["due_on"], said["due_precision"] = None, ""
        for side in ("obligors", "addressees"):
            said[side] = said[side].upper().replace(",", " ").split()
        now = _values(commitment)
        return {name: value for name, value in said.items() if value != now[name]}


@dataclass(frozen=True, slots=True)
class Difference:
    """What a field was when the person saw it, and what it is now."""

    name: str
    seen: str
    current: str


@dataclass(slots=True)
class Card:
    """A commitment on the review page; `may` says whether this person decides on it, `refusal` and `differences` what
    came of a step about it that was refused."""

    row: Commitment
    form: AmendForm
    may: bool = False
    looks: Sequence[Any] = ()
    refusal: str = ""
    differences: list[Difference] = field(default_factory=list)
    opened: bool = False

    @property
    def seen(self) -> list[tuple[str, str]]:
        """What the person sees now: sent back with a step, so that both versions can be shown."""
        return [(f"seen_{name}", _in_words(self.row, name)) for name in _SEEN]


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that decided the reading of a commitment, as something to mark."""

    pk: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of the text with the commitment that it belongs to, and whether it is a cue."""

    piece: Piece
    row: Commitment | None
    opens: tuple[Commitment, ...]
    cue: bool


def card(row: Commitment, posted: Any = None, *, may: bool) -> Card:
    """The card of a commitment; with `posted`, everything that was typed is kept in its form."""
    initial = {name: " ".join(value) if isinstance(value, list) else value for name, value in _values(row).items()}
    form = AmendForm(posted, initial=initial, auto_id=f"c{row.pk}-%s")
    return Card(row, form, may, [look for look in row.second_looks.all() if look.settled_at is None])


def differences(posted: Any, current: Commitment) -> list[Difference]:
    """What the person saw, as the posted card tells, beside what is there now; only where they differ."""
    names = {name: str(Commitment._meta.get_field(name).verbose_name) for name in _SEEN}  # type: ignore[union-attr]
    lines = [Difference(names[name], posted.get(f"seen_{name}", ""), _in_words(current, name)) for name in _SEEN]
    return [line for line in lines if line.seen != line.current]


def lines(text: Text, rows: Sequence[Commitment]) -> Iterator[tuple[Paragraph, list[Shown]]]:
    """The lines of a text, each with its pieces, in which commitments and cues are marked."""
    cues = [
        Cue(row.pk, row.cue_start, row.cue_end)
        for row in rows
        if row.cue_start is not None and row.cue_end is not None and row.review != Review.REJECTED
    ]
    for paragraph in paragraphs(text.body, [*rows, *cues], text.clauses.order_by("position")):
        yield paragraph, [_shown(piece) for piece in paragraph.pieces]


def _shown(piece: Piece) -> Shown:
    # A rejected reading shows only where no other covers the words.
    over = [mark for mark in piece.marks if isinstance(mark, Commitment)]
    over.sort(key=lambda row: row.review != Review.REJECTED)
    return Shown(
        piece,
        over[-1] if over else None,
        tuple(mark for mark in piece.opens if isinstance(mark, Commitment)),
        any(isinstance(mark, Cue) for mark in piece.marks),
    )


def progress(rows: Iterable[Commitment]) -> dict[str, int]:
    """How many of the readings were decided, and how many want a second look."""
    every = list(rows)
    looks = sum(1 for row in every if any(look.settled_at is None for look in row.second_looks.all()))
    decided = sum(1 for row in every if row.review != Review.PROPOSED)
    return {"decided": decided, "total": len(every), "looks": looks}


def _values(row: Commitment) -> dict[str, Any]:
    return {
        "force": row.force,
        "obligors": [side.party.code for side in row.obligors.all()],
        "addressees": [side.party.code for side in row.addressees.all()],
        "due_text": row.due_text,
        "due_on": row.due_on,
        "due_precision": row.due_precision,
        "recurrence": row.recurrence,
        "awaiting_date": row.awaiting_date,
    }


def _in_words(row: Commitment, name: str) -> str:
    if name == "due_on":
        return date_format(row.due_on, "DATE_FORMAT") if row.due_on else _("none")
    return str(getattr(row, f"get_{name}_display")()) or "–"
