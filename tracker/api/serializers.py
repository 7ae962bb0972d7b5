"""What the API says of each record: field by field, in the words of the README. Nothing is exposed by default."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tracker.ingest import reason_codes, reasons
from tracker.models import (
    Addressee,
    Commitment,
    FollowUp,
    Instrument,
    InstrumentParty,
    Obligor,
    Party,
    StatusStep,
    Text,
)


class PartySerializer(serializers.ModelSerializer):
    """A state or an organisation."""

    class Meta:
        model = Party
        fields = ["code", "sort", "name_en", "name_kk", "name_ru"]
        read_only_fields = fields


class StandingSerializer(serializers.ModelSerializer):
    """A party to an instrument."""

    party = serializers.CharField(source="party.code")

    class Meta:
        model = InstrumentParty
        fields = ["party", "role"]
        read_only_fields = fields


class TextSerializer(serializers.ModelSerializer):
    """One language version, without its words."""

    class Meta:
        model = Text
        fields = ["id", "language", "standing", "leading", "current", "sha256", "coverage", "doubts"]
        read_only_fields = fields


class InstrumentSerializer(serializers.ModelSerializer):
    """An instrument with its parties and texts."""

    parties = StandingSerializer(source="standings", many=True)
    texts = TextSerializer(many=True)
    unit = serializers.CharField(source="unit.code", default=None)
    commitments = serializers.IntegerField(source="commitment_count", help_text="those counted and not rejected")

    class Meta:
        model = Instrument
        fields = [
            "id",
            "title",
            "kind",
            "legal_nature",
            "signed_on",
            "signed_at",
            "parties",
            "unit",
            "texts",
            "commitments",
        ]
        read_only_fields = fields


class ObligorSerializer(serializers.ModelSerializer):
    """A party that must act, with what became of the promise on its side."""

    party = serializers.CharField(source="party.code")

    class Meta:
        model = Obligor
        fields = ["party", "status"]
        read_only_fields = fields


class AddresseeSerializer(serializers.ModelSerializer):
    """A party that is asked, or helped."""

    party = serializers.CharField(source="party.code")

    class Meta:
        model = Addressee
        fields = ["party"]
        read_only_fields = fields


class CommitmentSerializer(serializers.ModelSerializer):
    """A commitment: its words and where they stand, who must act, by when, and how it stands today."""

    instrument = serializers.IntegerField(source="text.instrument_id")
    text = serializers.IntegerField(source="text_id")
    language = serializers.CharField(source="text.language")
    clause = serializers.CharField(source="clause.path", default=None, help_text="label path; null without labels")
    quote = serializers.CharField(source="words", help_text="the exact words, text[start:end]")
    obligors = ObligorSerializer(many=True)
    addressees = AddresseeSerializer(many=True)
    overdue = serializers.BooleanField(help_text="open, and its last day has passed in the ministry's time zone")
    unit = serializers.CharField(source="unit.code", default=None)

    class Meta:
        model = Commitment
        fields = [
            "id",
            "instrument",
            "text",
            "language",
            "clause",
            "start",
            "end",
            "title",
            "quote",
            "force",
            "obligors",
            "addressees",
            "inferred",
            "due_on",
            "due_text",
            "due_precision",
            "due_rule",
            "starts_on",
            "recurrence",
            "awaiting_date",
            "review",
            "status",
            "status_on",
            "last_evidence_on",
            "overdue",
            "unit",
            "version",
        ]
        read_only_fields = fields


class StatusStepSerializer(serializers.ModelSerializer):
    """One entry in the record of a commitment. Its note is internal and stays inside."""

    obligor = serializers.CharField(source="obligor.party.code", default=None)

    class Meta:
        model = StatusStep
        fields = ["on", "obligor", "from_status", "to_status", "evidence"]
        read_only_fields = fields


_WHY = ("why", "why_code", "why_told", "due_why", "due_why_code", "due_why_told")


class CommitmentDetailSerializer(CommitmentSerializer):
    """A commitment with why it was read so, and its record."""

    steps = StatusStepSerializer(many=True)
    why_code = serializers.SerializerMethodField(help_text="the kind of the reason, a word that stays; or null")
    why_told = serializers.SerializerMethodField(help_text="the same in the language of the answer (Accept-Language)")
    due_why_code = serializers.SerializerMethodField()
    due_why_told = serializers.SerializerMethodField()

    class Meta(CommitmentSerializer.Meta):
        fields = [*CommitmentSerializer.Meta.fields, *_WHY, "parser_version", "read_on", "steps"]
        read_only_fields = fields

    def get_why_code(self, row: Commitment) -> str | None:
        """Why it was read so, as a code."""
        return reason_codes.code(row.why)

    def get_why_told(self, row: Commitment) -> str:
        """The same in words."""
        return reasons.told(row.why)

    def get_due_why_code(self, row: Commitment) -> str | None:
        """Why this date, as a code."""
        return reason_codes.code(row.due_why)

    def get_due_why_told(self, row: Commitment) -> str:
        """The same in words."""
        return reasons.told(row.due_why)


class FollowUpSerializer(serializers.ModelSerializer):
    """A flag that somebody must look at a commitment, and what was done about it. What people say to it, and who they
    are, stays inside."""

    commitment = serializers.IntegerField(source="commitment_id")
    rule = serializers.IntegerField(source="rule_id", help_text="the rule that raised it, by id")
    assigned_to = serializers.IntegerField(
        source="assigned_to_id", allow_null=True, help_text="the person to whom it was given, by id"
    )
    escalation_level = serializers.IntegerField(help_text="the highest rung of the ladder that it climbed; 0 for none")
    title = serializers.CharField(source="commitment.title")
    due_on = serializers.DateField(source="commitment.due_on", allow_null=True)

    class Meta:
        model = FollowUp
        fields = [
            "id",
            "commitment",
            "title",
            "due_on",
            "reason",
            "rule",
            "occasion",
            "state",
            "raised_on",
            "raised_at",
            "acknowledged_at",
            "snoozed_until",
            "assigned_to",
            "escalation_level",
            "closed_at",
            "closed_because",
        ]
        read_only_fields = fields


class TokenSerializer(serializers.Serializer[dict[str, Any]]):
    """A new token; it is shown this once and kept only as a digest."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()
