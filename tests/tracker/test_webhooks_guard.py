"""A webhook goes to no address that it may not go to, whatever a URL, a name or a receiver's answer tries."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.tracker.owing import LOOPBACK
from tests.tracker.receiving import Receiver, receiver
from tracker.outbox import guard

PUBLIC = "93.184.215.14"

# Loopback, private, link-local, metadata, shared, special and multicast addresses, in every way to write them.
HOSTS = """
127.0.0.1 127.1 127.0.1 127.0.0.2 127.255.255.254 0.0.0.0 0 localhost ip6-localhost
2130706433 017700000001 0x7f000001 0x7f.1 0x7f.0.0.1 0177.0.0.1 0177.1 127.0.0.1. 127。0。0。1 １２７.0.0.1
[::1] [::] [0:0:0:0:0:0:0:1] [0000::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [::ffff:0:127.0.0.1]
[64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:1::1] [2001::7f00:1] [2001:0:7f00:1::]
10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 192.168.1.1 169.254.169.254 169.254.0.1 2852039166
[::ffff:169.254.169.254] [::ffff:10.0.0.1] [fd00:ec2::254] [fe80::1] [fe80::1%25lo] [fec0::1] [fc00::1] [ff02::1]
100.64.0.1 100.127.255.254 192.0.0.1 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.7 192.88.99.1
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 [2001:db8::1] [3fff::1] [100::1] [5f00::1]
""".split()  # noqa: SIM905
FORMS = [
    *(f"https://{host}/" for host in HOSTS),
    "https://public.example.kz@127.0.0.1/",
    "https://127.0.0.1@public.example.kz/",
    "https://public.example.kz:secret@127.0.0.1/",
    "https://public.example.kz#@127.0.0.1/",
    "https://public.example.kz\\@127.0.0.1/",
    "https://public.example.kz\t.evil.example/",
    "https://public.example.kz\r\nHost: 127.0.0.1/",
    "https://public.example.kz:22/",
    "https://public.example.kz:6379/",
    "https://public.example.kz:99999/",
    "http://public.example.kz/",
    "http://public.example.kz:443/",
    "ftp://public.example.kz/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "https://",
    "https:///hook",
    "https://public.example.kz.evil.example/",
    "https://evil.example/?public.example.kz",
    "",
]


@pytest.fixture
def canary() -> Iterator[Receiver]:
    """A listener on this machine that nobody may reach."""
    with receiver() as there:
        yield there


@pytest.fixture
def allowed(settings: Any) -> None:
    """Every host of the forms is on the list: only its address speaks against it."""
    bare = {host.strip("[]").lower() for host in HOSTS}
    settings.WEBHOOK_HOSTS = frozenset({*bare, "public.example.kz"})
    settings.WEBHOOK_NETWORKS = (ipaddress.ip_network("10.99.0.0/16"),)  # none of them; so any port is looked at


def post(url: str, seconds: float = 3.0) -> int:
    return guard.post(url, b"{}", {"webhook-id": "1"}, seconds=seconds)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let a resolver answer so, each time the next list, the last for ever; which names it was asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    return asked


def connecting(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Let nothing be connected; where it would have gone."""
    gone: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float = 0) -> socket.socket:
        gone.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(guard.socket, "create_connection", connect)
    return gone


def test_there_are_eighty_forms_and_more() -> None:
    assert len(set(FORMS)) >= 80


@pytest.mark.parametrize("url", FORMS)
def test_no_form_of_an_address_leads_inside(
    url: str, allowed: None, canary: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = connecting(monkeypatch)
    for form in (url, re.sub(r"^https://([^/@\\#]+)/$", rf"http://\1:{canary.port}/", url)):
        with pytest.raises((guard.RefusedAddressError, guard.NoAnswerError)):
            post(form)
    assert (gone, canary.connections) == ([], 0)


def test_with_the_guard_off_the_canary_is_reached(
    allowed: None, canary: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the tests above show is the guard's doing."""
    monkeypatch.setattr(guard, "permitted", lambda address, usual: True)
    monkeypatch.setattr(guard.settings, "WEBHOOK_NETWORKS", LOOPBACK)
    reached = [host for host in HOSTS if _reaches(host, canary.port)]
    assert len(reached) >= 10
    assert canary.connections == len(reached)


def _reaches(host: str, port: int) -> bool:
    try:
        return post(f"http://{host}:{port}/", seconds=1.0) == 200
    except (guard.RefusedAddressError, guard.NoAnswerError):
        return False


@pytest.mark.parametrize("host", HOSTS)
def test_an_address_that_is_not_public_is_not_permitted(host: str) -> None:
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pytest.skip("not an address as one is written")
    assert not guard.permitted(address, usual=True)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a02:6b8::feed:ff"])
def test_a_public_address_is_permitted_in_the_usual_way_only(address: str) -> None:
    assert guard.permitted(ipaddress.ip_address(address), usual=True)
    assert not guard.permitted(ipaddress.ip_address(address), usual=False)


def test_a_name_that_means_something_else_a_moment_later_gains_nothing(
    allowed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving(monkeypatch, [PUBLIC], ["127.0.0.1"])
    gone = connecting(monkeypatch)
    with pytest.raises(guard.NoAnswerError, match="no connection"):
        post("https://public.example.kz/")
    assert (asked, gone) == (["public.example.kz"], [(PUBLIC, 443)])


@pytest.mark.parametrize("answers", [[PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], [PUBLIC, "::1"], ["fe80::1%eth0"]])
def test_one_address_that_is_not_permitted_is_enough(
    answers: list[str], allowed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, answers)
    gone = connecting(monkeypatch)
    with pytest.raises(guard.RefusedAddressError, match="leads to an address"):
        post("https://public.example.kz/")
    assert gone == []


def test_where_no_host_is_named_no_webhook_leaves(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_HOSTS = frozenset()
    asked = resolving(monkeypatch, [PUBLIC])
    with pytest.raises(guard.RefusedAddressError, match="WEBHOOK_HOSTS"):
        post("https://public.example.kz/")
    assert asked == []


def test_inside_a_named_network_any_port_and_no_tls_will_do(settings: Any) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_NETWORKS = frozenset({"127.0.0.1"}), LOOPBACK
    with receiver() as there:
        assert post(there.url()) == 200


def test_a_named_network_opens_no_other(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_HOSTS = frozenset({"public.example.kz"})
    settings.WEBHOOK_NETWORKS = (ipaddress.ip_network("10.20.0.0/16"),)
    gone = connecting(monkeypatch)
    for answer in ("10.21.0.1", "127.0.0.1", PUBLIC):
        resolving(monkeypatch, [answer])
        with pytest.raises(guard.RefusedAddressError):
            post("http://public.example.kz:8000/")
    assert gone == []


def test_a_redirect_is_not_followed(settings: Any) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_NETWORKS = frozenset({"127.0.0.1"}), LOOPBACK
    with receiver(lambda path, event, seen: "307") as there:
        assert post(there.url()) == 307
    assert there.connections == 1


def test_the_environments_proxy_is_not_used(settings: Any, monkeypatch: pytest.MonkeyPatch, canary: Receiver) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_NETWORKS = frozenset({"127.0.0.1"}), LOOPBACK
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, canary.url())
    with receiver() as there:
        assert post(there.url()) == 200
    assert canary.connections == 0


@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_a_slow_answer_ends_with_its_time(settings: Any, mode: str) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_NETWORKS = frozenset({"127.0.0.1"}), LOOPBACK
    with receiver(lambda path, event, seen: mode) as there:
        began = time.monotonic()
        with pytest.raises(guard.NoAnswerError, match="in time"):
            post(there.url(), seconds=1.0)
        assert 0.9 < time.monotonic() - began < 2.0


def test_an_endless_answer_ends_with_its_bytes(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_NETWORKS = frozenset({"127.0.0.1"}), LOOPBACK
    read: list[int] = []
    readinto = guard._Read.readinto

    def counted(self: guard._Read, buffer: Any) -> int:
        number = readinto(self, buffer)
        read.append(number)
        return number

    monkeypatch.setattr(guard._Read, "readinto", counted)
    with (
        receiver(lambda path, event, seen: "endless") as there,
        pytest.raises(guard.NoAnswerError, match="understood"),
    ):
        post(there.url())
    assert 0 < sum(read) <= guard.MOST_BYTES


def test_a_resolver_that_never_answers_ends_with_its_time(allowed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *_, **__: time.sleep(3))
    began = time.monotonic()
    with pytest.raises(guard.NoAnswerError, match="resolved in time"):
        post("https://public.example.kz/", seconds=0.5)
    assert time.monotonic() - began < 2.0


def test_tls_is_for_the_name_and_a_certificate_that_nobody_trusts_is_refused(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_NETWORKS = frozenset({"public.example.kz"}), LOOPBACK
    names: list[str | None] = []
    wrap = ssl.SSLContext.wrap_socket

    def wrapped(self: ssl.SSLContext, sock: socket.socket, **named: Any) -> Any:
        names.append(named.get("server_hostname"))
        assert (self.verify_mode, self.check_hostname) == (ssl.CERT_REQUIRED, True)
        return wrap(self, sock, **named)

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrapped)
    resolving(monkeypatch, ["127.0.0.1"])
    with receiver() as there, pytest.raises(guard.NoAnswerError):
        post(f"https://public.example.kz:{there.port}/", seconds=2.0)  # it speaks no TLS
    assert names == ["public.example.kz"]
