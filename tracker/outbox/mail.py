"""One mail to one person, by Django's mail backend (EMAIL_URL)."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

from tracker.models import OutboxItem, Person
from tracker.outbox.outcome import Ended, Outcome, one_line

LONGEST_SUBJECT = 200


def send(item: OutboxItem) -> Outcome:
    """Send a mail to whoever its person is by now; only the mail server's word counts as delivered."""
    person = item.person
    assert person is not None  # noqa: S101  (the database holds it)
    address, why_not = recipient(person)
    if not address:
        return Outcome(Ended.NOBODY, f"nobody to send to: {why_not}")
    try:
        message(item, address).send(fail_silently=False)
    except smtplib.SMTPRecipientsRefused as error:
        return Outcome(Ended.REFUSED, f"refused: {next(iter(error.recipients.values()))[0]}")
    except smtplib.SMTPResponseException as error:
        return Outcome(Ended.FAILED, f"the mail server said {error.smtp_code}")
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Ended.FAILED, f"the mail server can't be used: {type(error).__name__}")
    return Outcome(Ended.DELIVERED, "accepted")


def recipient(person: Person) -> tuple[str, str]:
    """The address of a person at this moment, or "" and why there is none."""
    user = person.user
    if not user.is_active:
        return "", "the account is switched off"
    try:
        validate_email(user.email)
    except ValidationError:
        return "", "the account has no usable address"
    return user.email, ""


def message(item: OutboxItem, address: str) -> EmailMultiAlternatives:
    """The mail of an item: plain text, beside it HTML where the item has some. Its Message-ID is the same at every
    try, so that a mail program shows it once."""
    made = EmailMultiAlternatives(
        subject=one_line(item.body["subject"], LONGEST_SUBJECT),
        body=item.body["text"],
        to=[address],
        headers={"Message-ID": message_id(item), "Auto-Submitted": "auto-generated"},
    )
    if item.body.get("html"):
        made.attach_alternative(item.body["html"], "text/html")
    return made


def message_id(item: OutboxItem) -> str:
    """The id of a mail: that of its event, at this site."""
    return f"<{item.event}@{urlsplit(settings.SITE_URL).hostname}>"
