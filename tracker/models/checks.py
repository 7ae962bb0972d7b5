"""Builders of the check constraints that many models need, so that each is said once."""

from __future__ import annotations

from django.db.models import CheckConstraint, F, Q, TextChoices


def known(model: str, field: str, choices: type[TextChoices], *, blank: bool = False) -> CheckConstraint:
    """The column holds one of the words of `choices` (or nothing, where `blank`)."""
    words = [*choices.values, ""] if blank else list(choices.values)
    return CheckConstraint(name=f"{model}_{field}_known", condition=Q(**{f"{field}__in": words}))


def spans_words(model: str) -> CheckConstraint:
    """`start` and `end` enclose at least one character."""
    return CheckConstraint(name=f"{model}_spans_words", condition=Q(start__gte=0, end__gt=F("start")))


def filled(model: str, field: str) -> CheckConstraint:
    """The column is not the empty string."""
    return CheckConstraint(name=f"{model}_{field}_filled", condition=~Q(**{field: ""}))
