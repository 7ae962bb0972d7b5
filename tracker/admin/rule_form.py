"""The form of a follow-up rule: its days as people write them, and what it would do today before it is saved."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from tracker.admin.seen import SeenForm
from tracker.models import FollowUpRule
from tracker.models.followups import LONGEST, MOST_OFFSETS
from tracker.models.vocabulary import AHEAD_REASONS

_TRY = "_try"
"""The button that asks what the rule would do, and saves nothing."""


class DaysField(forms.CharField):
    """Numbers of days, separated by commas: "90, 30, 7". Its value is a list, each number once, the smallest first."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        """The list as it is written; what was typed stays as it was typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The numbers; ValidationError where something is no number of days, or there are too many."""
        words = [word for word in re.split(r"[,;\s]+", value or "") if word]
        for word in words:
            if not (word.isascii() and word.isdecimal()):
                raise ValidationError(
                    _("“%(word)s” is not a number of days. Write such as: 90, 30, 7.") % {"word": word}
                )
            if len(word) > 6 or int(word) > LONGEST:
                raise ValidationError(_("A rule counts %(most)s days at most.") % {"most": LONGEST})
        days = sorted({int(word) for word in words})
        if len(days) > MOST_OFFSETS:
            raise ValidationError(_("A rule has %(most)s days at most.") % {"most": MOST_OFFSETS})
        return days

    def validate(self, value: Any) -> None:
        """ValidationError where there is none."""
        if not value:
            raise ValidationError(_("Give at least one day, such as 30; 0 is the day itself."))


class RuleForm(SeenForm):
    """A rule. With the button that asks what it would do it is looked at as for saving, and not saved."""

    days = DaysField(
        label=gettext_lazy("days"), help_text=FollowUpRule._meta.get_field("days").help_text, max_length=200
    )

    class Meta:
        model = FollowUpRule
        fields = (
            "reason",
            "name",
            "days",
            "force",
            "unit",
            "party",
            "theme",
            "tells",
            "escalates",
            "regular_months",
            "enabled",
        )

    def clean(self) -> Any:
        """With the days in the order in which they come."""
        cleaned = super().clean() or self.cleaned_data
        if days := cleaned.get("days"):
            reason = cleaned.get("reason") or self.instance.reason
            cleaned["days"] = sorted(days, reverse=reason in AHEAD_REASONS)
        return cleaned

    def validate_constraints(self) -> None:
        """Left to the database: PostgreSQL can't be asked about an array in the way in which Django asks, and the
        fields themselves hold what the constraints do."""

    @property
    def tried(self) -> bool:
        """Whether it was only asked what the rule would do."""
        return _TRY in self.data

    def is_valid(self) -> bool:
        """Whether it may be saved; what is only tried is not."""
        return super().is_valid() and not self.tried
