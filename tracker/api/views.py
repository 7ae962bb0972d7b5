"""The lists and records of the API. Each is a queryset of what the user may know of, a filter set and a serializer."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django_filters.rest_framework import FilterSet
from rest_framework import mixins, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from tracker import rights
from tracker.api import filters, serializers
from tracker.models import Commitment, FollowUp, Instrument, Party
from tracker.models.vocabulary import Review


class Pages(PageNumberPagination):
    """Pages of 50, or of what `page_size` asks for, up to 200."""

    page_size_query_param = "page_size"
    max_page_size = 200


class Records(mixins.ListModelMixin, viewsets.GenericViewSet):
    """A list that is filtered, paged and only read."""

    pagination_class = Pages
    filterset_class: type[FilterSet]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The list; 400 where a filter is not known."""
        filters.refuse_unknown(request, set(self.filterset_class.base_filters))
        return super().list(request, *args, **kwargs)


class Commitments(mixins.RetrieveModelMixin, Records):
    """Commitments read in the leading texts. Rejected readings are left out unless `review=rejected` asks for them."""

    queryset = Commitment.objects.none()
    filterset_class = filters.CommitmentFilters

    def get_serializer_class(self) -> type[serializers.CommitmentSerializer]:
        """More is said of one than in a list."""
        return serializers.CommitmentDetailSerializer if self.action == "retrieve" else serializers.CommitmentSerializer

    def get_queryset(self) -> QuerySet[Commitment]:
        """Those that the user may know of, each with whether it is overdue today."""
        late = Commitment.objects.overdue(filters.today()).filter(pk=OuterRef("pk"))
        known = Commitment.objects.for_user(self.request.user).for_lists().annotate(overdue=Exists(late)).order_by("pk")
        if self.action == "retrieve":
            return known.prefetch_related("steps__obligor__party", "steps__proofs")
        if Review.REJECTED in self.request.query_params.getlist("review"):
            return known.filter(counted=True)
        return known.counted()


class Instruments(mixins.RetrieveModelMixin, Records):
    """Instruments with their parties and texts."""

    queryset = Instrument.objects.none()
    serializer_class = serializers.InstrumentSerializer
    filterset_class = filters.InstrumentFilters

    def get_queryset(self) -> QuerySet[Instrument]:
        """Those that the user may know of; their commitments are counted by the same measure."""
        theirs = Commitment.objects.for_user(self.request.user).counted()
        counted = Count("texts__commitments", filter=Q(texts__commitments__in=theirs), distinct=True)
        known = rights.instruments(self.request.user).annotate(commitment_count=counted)
        return known.select_related("unit").prefetch_related("standings__party", "texts").order_by("pk")


class FollowUps(Records):
    """Follow-ups, open and closed, the newest first."""

    queryset = FollowUp.objects.none()
    serializer_class = serializers.FollowUpSerializer
    filterset_class = filters.FollowUpFilters

    def get_queryset(self) -> QuerySet[FollowUp]:
        """Those of the commitments that the user may know of."""
        return rights.followups(self.request.user).select_related("commitment").order_by("-raised_at", "pk")


class Parties(Records):
    """States and organisations by code."""

    queryset = Party.objects.order_by("code")
    serializer_class = serializers.PartySerializer
    filterset_class = filters.PartyFilters
