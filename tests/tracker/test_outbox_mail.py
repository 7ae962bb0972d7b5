"""Mail: to the person that it is for and nobody else, under one id, and nothing in it can become a header."""

from __future__ import annotations

from email.message import Message
from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.tracker.makers import NOW
from tests.tracker.owing import at, mail, officer
from tests.tracker.receiving import Sink, sink
from tracker.models import Delivery, OutboxItem
from tracker.models.vocabulary import OutboxState
from tracker.outbox import relay
from tracker.outbox.mail import message

pytestmark = pytest.mark.django_db
EVIL = [
    f"{before}{middle}{name}: evil@example.com{after}"
    for before in ("Qatar", "")
    for middle in ("\n", "\r\n", "\r", "\n ", "\u2028", "\x85", "\x01\n", "\v", "\f")
    for name, after in (
        ("Bcc", ""),
        ("To", "\r\n\r\nhello"),
        ("Content-Type", "\n\n"),
        ("X-Any", "\u2029"),
        ("Reply-To", "\x1b[0m"),
        ("From", "\n.\nMAIL FROM:<x@y.z>"),
    )
]


def by_smtp(settings: Any, there: Sink, **more: Any) -> None:
    """Let Django's mail go to this server (pytest-django has put its own backend there)."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", there.port, 5
    for name, value in more.items():
        setattr(settings, name, value)


def only(there: Sink) -> Message:
    (got,) = there.got
    return got[1]


def test_a_mail_goes_to_its_person_with_an_id_of_this_site(settings: Any) -> None:
    settings.SITE_URL = "https://pacta.example.kz"
    with sink() as there:
        by_smtp(settings, there, DEFAULT_FROM_EMAIL="Pacta <pacta@mfa.example.kz>")
        item = mail(officer(), "Мерзімі өткен міндеттемелер")
        assert relay.deliver(NOW).delivered == 1
    ((recipients, got),) = there.got
    assert recipients == ["aigerim@mfa.example.kz"]
    assert got["Message-ID"] == f"<{item.event}@pacta.example.kz>"
    assert (got["From"], got["To"]) == ("Pacta <pacta@mfa.example.kz>", "aigerim@mfa.example.kz")
    assert (got["Auto-Submitted"], got.get_content_type()) == ("auto-generated", "text/plain")


def test_every_try_bears_the_same_id(settings: Any) -> None:
    with sink(lambda address, tried: "451 later" if tried < 2 else None) as there:
        by_smtp(settings, there)
        item = mail(officer())
        for minutes in (0, 2, 10):
            relay.deliver(at(minutes=minutes))
    assert [str(item.event) in name for name in there.ids()] == [True]
    assert list(Delivery.objects.values_list("answer", flat=True)) == ["refused: 451", "refused: 451", "accepted"]


def test_the_address_is_that_of_the_moment_of_sending(mailoutbox: list[Any]) -> None:
    person = officer("before@mfa.example.kz")
    mail(person)
    User.objects.filter(pk=person.user_id).update(email="after@mfa.example.kz")
    relay.deliver(NOW)
    assert mailoutbox[0].to == ["after@mfa.example.kz"]


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b.kz, c@d.kz", "a@b.kz\nBcc: c@d.kz", "Aigerim <a@b.kz>", "a@b.kz;c@d.kz", "@b.kz"],
)
def test_an_address_that_is_none_is_not_written_to(address: str, mailoutbox: list[Any]) -> None:
    item = mail(officer(address))
    assert relay.deliver(NOW).dead == 1
    item.refresh_from_db()
    assert (item.state, mailoutbox) == (OutboxState.DEAD, [])
    assert Delivery.objects.get().answer == "nobody to send to: the account has no usable address"


def test_there_are_a_hundred_payloads() -> None:
    assert len(set(EVIL)) >= 100


def test_no_subject_becomes_a_header(settings: Any) -> None:
    person = officer()
    for subject in EVIL:
        mail(person, subject)
    with sink() as there:
        by_smtp(settings, there)
        assert relay.deliver(NOW).delivered == len(EVIL)
    assert len(there.got) == len(EVIL)
    usual = {"content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to", "date"}
    for recipients, got in there.got:
        assert recipients == ["aigerim@mfa.example.kz"]
        assert {name.lower() for name in got} - usual <= {"message-id", "auto-submitted", "x-peer", "x-mailfrom"} | {
            "x-rcptto"
        }
        assert len(got.get_all("To", [])) == len(got.get_all("From", [])) == 1
        assert str(got.get_payload()).strip() == "One commitment is overdue."


def test_html_stands_beside_the_plain_text_and_not_in_its_place() -> None:
    body = {"subject": "S", "text": "plain", "html": "<p>rich</p>"}
    made = message(mail(officer(), body=body), "a@b.kz").message()
    assert [part.get_content_type() for part in made.get_payload()] == ["text/plain", "text/html"]


def test_where_tls_is_wanted_and_not_offered_nothing_is_sent(settings: Any) -> None:
    with sink() as there:
        by_smtp(settings, there, EMAIL_USE_TLS=True)
        mail(officer())
        assert relay.deliver(NOW).failed == 1
    assert (there.got, dict(there.tried)) == ([], {})
    assert OutboxItem.objects.get().state == OutboxState.WAITING
    assert "the mail server can't be used" in Delivery.objects.get().answer


def test_a_mail_server_that_is_away_is_tried_again(settings: Any) -> None:
    with sink() as there:
        pass
    by_smtp(settings, there)
    mail(officer())
    assert relay.deliver(NOW).failed == 1
    assert Delivery.objects.get().answer == "the mail server can't be used: ConnectionRefusedError"


def test_without_a_mail_server_mails_are_files(settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    mail(officer())
    assert relay.deliver(NOW).delivered == 1
    (written,) = (tmp_path / "mail").iterdir()
    assert "To: aigerim@mfa.example.kz" in written.read_text()
