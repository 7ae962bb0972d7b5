"""Instruments and their texts; new ones come in as files."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from tracker import rights
from tracker.admin import intake, lists
from tracker.admin.access import LookOnly
from tracker.admin.seen import RefusesStale
from tracker.admin.told import TellsHistory
from tracker.models import Commitment, Instrument, InstrumentParty, Text
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.vocabulary import OPEN_STATUSES, Review
from tracker.pieces import paragraphs


@admin.register(Instrument)
class InstrumentAdmin(RefusesStale, TellsHistory, lists.InPages, LookOnly):
    """Statements, communiqués, memoranda and treaties, as far as the user may know of them."""

    list_display = ("heading", "kind", "signed", "who", "open_count", "counted_count", "language_list")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("legal_nature", ChoicesDropdownFilter),
        ("signed_on", RangeDateFilter),
        ("parties", lists.ChosenFilter),
        ("unit", lists.ChosenFilter),
    )
    search_fields = ("title", "signed_at", "parties__code", "parties__name_en", "parties__name_kk", "parties__name_ru")
    ordering = ("-signed_on", "-pk")
    fields = ("title", "kind", "legal_nature", "signed_on", "signed_at", "unit")
    autocomplete_fields = ("unit",)
    change_form_outer_after_template = "admin/tracker/instrument/texts.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instrument]:
        """Those that the user may know of; they can be sorted by the numbers of their commitments."""
        return rights.instruments(request.user).alias(**self._sortable(request))

    def get_rows(self, request: HttpRequest) -> QuerySet[Instrument]:
        """With their parties, their languages, and how many of their commitments the user may know of."""
        own = Commitment.objects.for_user(request.user).counted().filter(text__instrument=OuterRef("pk"))
        numbers = JSONObject(counted=Count("pk"), open=Count("pk", filter=Q(status__in=OPEN_STATUSES)))
        told = own.order_by().values("text__instrument").annotate(numbers=numbers).values("numbers")
        sides = InstrumentParty.objects.filter(instrument=OuterRef("pk")).order_by("position")
        texts = Text.objects.filter(instrument=OuterRef("pk"), current=True).order_by("-leading", "language")
        return Instrument.objects.alias(**self._sortable(request)).annotate(
            numbers=Subquery(told),
            codes=ArraySubquery(sides.values("party__code")),
            languages=ArraySubquery(texts.values("language")),
        )

    def _sortable(self, request: HttpRequest) -> dict[str, Subquery]:
        known = Commitment.objects.for_user(request.user)
        return {"counted_number": _number(known.counted()), "open_number": _number(known.open())}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Instrument], search_term: str
    ) -> tuple[QuerySet[Instrument], bool]:
        """Those in whose title, place or parties each part of what was typed stands."""
        for part in lists.parts(search_term):
            names = ("code", "name_en", "name_kk", "name_ru")
            named = Q.create([(f"party__{name}__icontains", part) for name in names], connector=Q.OR)
            sides = InstrumentParty.objects.filter(named).values("instrument")
            queryset = queryset.filter(Q(title__icontains=part) | Q(signed_at__icontains=part) | Q(pk__in=sides))
        return queryset, False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may act."""
        return self.has_view_permission(request) and rights.may_act(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever answers for it may correct what the text was taken for, and give it to a unit."""
        return self.has_view_permission(request) and rights.may(request.user, rights.Action.ASSIGN, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a head or an administrator takes it out of a unit where a second person accepts."""
        guarded = obj is not None and obj.unit is not None and obj.unit.second_person
        held = guarded and not rights.may(request.user, rights.Action.HAND_OVER, obj)
        return (*super().get_readonly_fields(request, obj), *(("unit",) if held else ()))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Instruments are added as files."""
        return intake.files(self, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The instrument with its texts, its clauses and its commitments in place."""
        found = self.get_object(request, object_id)
        if not isinstance(found, Instrument):
            raise Http404
        context = {"show_save_and_add_another": False, **(extra_context or {}), **_read(request, found)}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A title is a line or two."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "title" and field is not None:
            field.widget.attrs["rows"] = 2
        return field

    @display(description=_("Title"), ordering="title")
    def heading(self, row: Instrument) -> str:
        """The title, shortened."""
        return Truncator(row.title).chars(110)

    @display(description=_("Signed on"), ordering="signed_on")
    def signed(self, row: Instrument) -> str:
        """Day and place of signature."""
        day = date_format(row.signed_on, "SHORT_DATE_FORMAT") if row.signed_on else "–"
        return f"{day}, {row.signed_at}" if row.signed_at else day

    @display(description=_("Parties"))
    def who(self, row: Any) -> str:
        """The parties, in the order of the text."""
        return ", ".join(dict.fromkeys(row.codes)) or "–"

    @display(description=_("Open"), ordering="open_number")
    def open_count(self, row: Any) -> int:
        """How many commitments are open."""
        return int((row.numbers or {}).get("open", 0))

    @display(description=_("Commitments"), ordering="counted_number")
    def counted_count(self, row: Any) -> SafeString:
        """How many there are, as a link to them."""
        address = f"{reverse('admin:tracker_commitment_changelist')}?text__instrument__id__exact={row.pk}"
        return format_html('<a href="{}">{}</a>', address, (row.numbers or {}).get("counted", 0))

    @display(description=_("Texts"))
    def language_list(self, row: Any) -> str:
        """The languages of its texts, the leading one first."""
        return ", ".join(row.languages) or "–"


@admin.register(Text)
class TextAdmin(lists.InPages, LookOnly):
    """The texts, each with how much of it the reading accounts for; one is read on its instrument's page."""

    list_display = ("file", "instrument_title", "language", "standing", "leading", "current", "covered", "read_at")
    list_filter = (
        ("language", admin.AllValuesFieldListFilter),
        ("standing", ChoicesDropdownFilter),
        ("instrument", lists.ChosenFilter),
    )
    list_select_related = ("instrument",)
    search_fields = ("file_name", "sha256", "instrument__title")
    ordering = ("-read_at", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Text]:
        """Those of the instruments that the user may know of, without their words."""
        return rights.texts(request.user).defer("body")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To the reading page."""
        found = self.get_object(request, object_id)
        if not isinstance(found, Text):
            raise Http404
        return redirect(f"{reverse('instrument', args=[found.instrument_id])}?text={found.pk}")

    @display(description=_("File"), ordering="file_name")
    def file(self, row: Text) -> str:
        """The name it came with, or the beginning of its sum."""
        return row.file_name or row.sha256[:12]

    @display(description=_("Instrument"), ordering="instrument__title")
    def instrument_title(self, row: Text) -> str:
        """The title, shortened."""
        return Truncator(row.instrument.title).chars(80)

    @display(description=_("Coverage"), ordering="coverage")
    def covered(self, row: Text) -> str:
        """The share of the text that is accounted for."""
        return f"{row.coverage:.0%}"


def _number(commitments: CommitmentQuerySet) -> Subquery:
    """How many of these commitments an instrument has."""
    own = commitments.filter(text__instrument=OuterRef("pk")).order_by().values("text__instrument")
    return Subquery(own.annotate(number=Count("pk")).values("number"), output_field=IntegerField())


def _read(request: HttpRequest, found: Instrument) -> dict[str, Any]:
    """The leading text of an instrument with the commitments that the user may know of."""
    text = found.texts.filter(current=True).order_by("-leading", "pk").first()
    if text is None:
        return {"text": None}
    known = Commitment.objects.for_user(request.user).filter(text=text).exclude(review=Review.REJECTED)
    commitments = list(known.for_lists().order_by("start", "-end"))
    return {
        "text": text,
        "texts": list(found.texts.defer("body").order_by("-current", "-leading", "language")),
        "paragraphs": paragraphs(text.body, commitments, text.clauses.order_by("position")),
        "clauses": text.clauses.exclude(path="").count(),
        "commitments": commitments,
    }
