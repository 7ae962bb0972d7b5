"""The lists and records of the API. Each is a queryset of what the user may know of, a filter set and a serializer."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django_filters.rest_framework import FilterSet
from rest_framework import mixins, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from tracker import rights
from tracker.api import filters, serializers
from tracker.models import (
    Commitment,
    Escalation,
    FollowUp,
    Instrument,
    InstrumentParty,
    Party,
    Text,
    pages,
)
from tracker.models.commitment_lists import CommitmentQuerySet, overdue
from tracker.models.vocabulary import Review


class Pages(PageNumberPagination):
    """Pages of 50, or of what `page_size` asks for, up to 200."""

    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """The records of the page, read after their keys were found."""
        self.django_paginator_class = partial(pages.Pages, rows=view.get_rows())  # type: ignore[assignment]
        return super().paginate_queryset(queryset, request, view)


class Records(mixins.ListModelMixin, viewsets.GenericViewSet):
    """A list that is filtered, paged and only read."""

    pagination_class = Pages
    filterset_class: type[FilterSet]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The list; 400 where a filter is not known."""
        filters.refuse_unknown(request, set(self.filterset_class.base_filters))
        return super().list(request, *args, **kwargs)

    def get_rows(self) -> QuerySet[Any]:
        """The records with all that the list tells of them; which of them, `get_queryset` and the filters say."""
        return self.get_queryset()


class Commitments(mixins.RetrieveModelMixin, Records):
    """Commitments read in the leading texts. Rejected readings are left out unless `review=rejected` asks for them."""

    queryset = Commitment.objects.none()
    filterset_class = filters.CommitmentFilters

    def get_serializer_class(self) -> type[serializers.CommitmentSerializer]:
        """More is said of one than in a list."""
        return serializers.CommitmentDetailSerializer if self.action == "retrieve" else serializers.CommitmentSerializer

    def get_queryset(self) -> QuerySet[Commitment]:
        """Those that the user may know of."""
        known = Commitment.objects.for_user(self.request.user).order_by("pk")
        if self.action == "retrieve":
            return self._told(known).prefetch_related("steps__obligor__party", "steps__proofs")
        if Review.REJECTED in self.request.query_params.getlist("review"):
            return known.filter(counted=True)
        return known.counted()

    def get_rows(self) -> QuerySet[Commitment]:
        """Each with its words, who acts, and whether it is overdue today."""
        return self._told(Commitment.objects.all())

    def _told(self, known: CommitmentQuerySet) -> CommitmentQuerySet:
        # The title of the instrument and the officer are not told here, so they are not joined.
        late = ExpressionWrapper(overdue(filters.today()), BooleanField())
        told = known.for_lists().annotate(overdue=late)
        return told.select_related(None).select_related("clause", "text", "unit")


class Instruments(mixins.RetrieveModelMixin, Records):
    """Instruments with their parties and texts."""

    queryset = Instrument.objects.none()
    serializer_class = serializers.InstrumentSerializer
    filterset_class = filters.InstrumentFilters

    def get_queryset(self) -> QuerySet[Instrument]:
        """Those that the user may know of; of one, with all that is told of it."""
        known = rights.instruments(self.request.user).order_by("pk")
        return self._told(known) if self.action == "retrieve" else known

    def get_rows(self) -> QuerySet[Instrument]:
        """Each with its parties, its texts and the number of its commitments that the user may know of."""
        return self._told(Instrument.objects.all())

    def _told(self, known: QuerySet[Instrument]) -> QuerySet[Instrument]:
        theirs = Commitment.objects.for_user(self.request.user).counted().filter(text__instrument=OuterRef("pk"))
        number = theirs.order_by().values("text__instrument").annotate(number=Count("*")).values("number")
        counted = Coalesce(Subquery(number, output_field=IntegerField()), 0)
        # Ordered within each instrument: ordered as models are, they would be joined to their instruments again.
        sides = Prefetch("standings", InstrumentParty.objects.select_related("party").order_by("position"))
        texts = Prefetch("texts", Text.objects.defer("body").order_by("-leading", "language"))
        return known.annotate(commitment_count=counted).select_related("unit").prefetch_related(sides, texts)


class FollowUps(Records):
    """Follow-ups, open and closed, the newest first."""

    queryset = FollowUp.objects.none()
    serializer_class = serializers.FollowUpSerializer
    filterset_class = filters.FollowUpFilters

    def get_queryset(self) -> QuerySet[FollowUp]:
        """Those of the commitments that the user may know of."""
        return rights.followups(self.request.user).order_by("-raised_at", "pk")

    def get_rows(self) -> QuerySet[FollowUp]:
        """Each with its commitment and the highest rung of the ladder that it has climbed."""
        rungs = Escalation.objects.filter(followup=OuterRef("pk")).order_by("-level").values("level")[:1]
        climbed = Coalesce(Subquery(rungs), 0, output_field=IntegerField())
        return FollowUp.objects.select_related("commitment").annotate(escalation_level=climbed)


class Parties(Records):
    """States and organisations by code."""

    queryset = Party.objects.order_by("code")
    serializer_class = serializers.PartySerializer
    filterset_class = filters.PartyFilters
