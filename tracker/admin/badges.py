"""Which colour a word has in every list."""

from __future__ import annotations

from tracker.models.vocabulary import FollowUpState, Force, Reason, Review, Status

FORCE = {Force.OBLIGATION: "danger", Force.COMMITMENT: "info", Force.INTENTION: "primary", Force.REQUEST: "warning"}
REVIEW = {
    Review.PROPOSED: "warning",
    Review.CONFIRMED: "success",
    Review.AMENDED: "success",
    Review.REJECTED: "default",
}
STATUS = {
    Status.NOT_STARTED: "default",
    Status.IN_PROGRESS: "info",
    Status.FULFILLED: "success",
    Status.PARTLY_FULFILLED: "warning",
    Status.NOT_FULFILLED: "danger",
    Status.SUPERSEDED: "default",
    Status.WAIVED: "default",
}
REASON = {
    Reason.OVERDUE: "danger",
    Reason.DUE_SOON: "warning",
    Reason.QUIET: "info",
    Reason.AWAITING_DATE: "info",
    Reason.REQUEST_UNANSWERED: "info",
    Reason.RECURRENCE_DUE: "warning",
    Reason.REVIEW_WAITING: "primary",
    Reason.SOURCE_CHANGED: "primary",
    Reason.EVIDENCE_EXPIRING: "warning",
    Reason.EXTENSION_ASKED: "primary",
}
STATE = {FollowUpState.OPEN: "warning", FollowUpState.CLOSED: "default"}
STANDING = {"overdue": "danger", "due_soon": "warning", "awaiting": "info"}
