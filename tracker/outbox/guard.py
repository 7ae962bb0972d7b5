"""Lets a webhook go to an address that it may go to, and nowhere else, whatever its receiver's name turns out to mean.

The name must be in WEBHOOK_HOSTS. It is resolved once; every answer must be a public address (or lie in
WEBHOOK_NETWORKS), and the connection goes to one of those very addresses, so that a name that means something else a
moment later gains nothing. Redirects are not followed, proxies of the environment not used, and a slow or endless
answer ends with the seconds and bytes it may have.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = (443, 8443)
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
MOST_BYTES = 64 * 1024

_PLAIN = re.compile(r"[!-~]+")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?|[0-9a-f:.]+")
# Not reached from the public internet, or leading to an address inside another one (NAT64, 6to4, Teredo), whatever the
# version of Python knows of them (IANA's registries of special-purpose addresses).
_SPECIAL = tuple(
    ipaddress.ip_network(each)
    for each in (
        *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"),
        *("64:ff9b::/96", "64:ff9b:1::/48", "100::/63", "2001::/23", "2002::/16", "3fff::/20", "5f00::/16"),
        *("fc00::/7", "fec0::/10"),
    )
)


class RefusedAddressError(ValueError):
    """A webhook may not go there; the message says why, in words for an administrator."""


class NoAnswerError(Exception):
    """There was no answer within the time, or none that could be read."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes, as its URL says; the addresses are not known yet."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def usual(self) -> bool:
        """Whether it may go to any public address: by TLS, to a usual port."""
        return self.secure and self.port in PORTS


def target(url: str) -> Target:
    """What a URL says, if by its words alone a webhook may go there; raises RefusedAddressError. Resolves nothing."""
    parts = _parts(url)
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host or not _HOST.fullmatch(host):
        raise RefusedAddressError(_("Give an address that begins with https:// and a host in plain letters."))
    if "@" in parts.netloc or "#" in url:
        raise RefusedAddressError(_("The address may hold no user, no password and no part behind a #."))
    if host not in settings.WEBHOOK_HOSTS:
        raise RefusedAddressError(
            _("Webhooks may not go to %(host)s: the setting WEBHOOK_HOSTS does not name it.") % {"host": host}
        )
    secure = parts.scheme == "https"
    port = parts.port if parts.port is not None else (443 if secure else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = Target(secure, host, port, path)
    if not found.usual and not settings.WEBHOOK_NETWORKS:
        raise RefusedAddressError(_("Webhooks go by https, to port 443 or 8443."))
    return found


def _parts(url: str) -> SplitResult:
    if not _PLAIN.fullmatch(url) or "\\" in url:
        raise RefusedAddressError(_("The address holds a character that has no place in one."))
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError as error:
        raise RefusedAddressError(_("That is no web address.")) from error
    return parts


def permitted(address: Address, *, usual: bool) -> bool:
    """Whether a webhook may go to this address: inside, where WEBHOOK_NETWORKS says so, by any port and without TLS;
    elsewhere to public addresses in the usual way (`usual`)."""
    plain = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped else address
    if any(plain in network for network in settings.WEBHOOK_NETWORKS):
        return True
    special = plain.is_multicast or plain.is_reserved or any(plain in network for network in _SPECIAL)
    return usual and plain.is_global and not special


def addresses(to: Target, seconds: float = CONNECT_SECONDS) -> list[str]:
    """The addresses of a host, resolved once and each permitted; raises RefusedAddressError where one is not."""
    found = list(dict.fromkeys(str(entry[4][0]) for entry in _resolved(to.host, to.port, seconds)))
    for each in found:
        if "%" in each or not permitted(ipaddress.ip_address(each), usual=to.usual):
            raise RefusedAddressError(
                _("%(host)s leads to an address that webhooks may not go to.") % {"host": to.host}
            )
    if not found:
        raise NoAnswerError("the host has no address")
    return found


def _resolved(host: str, port: int, seconds: float) -> list[Any]:
    """What the resolver says. It knows no time-out, so it is asked in a thread that is left behind if need be."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="resolving", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise NoAnswerError("the host could not be resolved in time") from error
    if isinstance(answer, Exception):
        raise NoAnswerError("the host could not be resolved") from answer
    return list(answer)


def post(url: str, body: bytes, headers: dict[str, str], *, seconds: float) -> int:
    """Send a body to an address and answer the status that came back; nothing of the answer's body is read.

    Raises RefusedAddressError where it may not go there, and NoAnswerError where nothing came within `seconds` in all,
    or nothing that can be understood within `MOST_BYTES`.
    """
    until = time.monotonic() + seconds
    to = target(url)
    connection = _Connection(to, addresses(to, min(CONNECT_SECONDS, seconds)), until)
    try:
        connection.request("POST", to.path, body, {"Host": to.name, "Connection": "close", **headers})
        return connection.getresponse().status
    except TimeoutError as error:
        raise NoAnswerError("no answer in time") from error
    except ssl.SSLError as error:
        raise NoAnswerError(f"TLS failed: {error.reason or 'no certificate that can be trusted'}") from error
    except OSError as error:
        raise NoAnswerError(f"no connection: {error.strerror or type(error).__name__}") from error
    except (http.client.HTTPException, ValueError) as error:
        raise NoAnswerError(f"no answer that can be understood: {type(error).__name__}") from error
    finally:
        connection.close()


class _Connection(http.client.HTTPConnection):
    """HTTP to one of the addresses that were checked, for the name that was asked for."""

    def __init__(self, to: Target, checked: list[str], until: float) -> None:
        super().__init__(to.host, to.port)
        self.target, self.checked, self.until = to, checked, until

    def connect(self) -> None:
        """Connect to the first of the addresses that answers."""
        until = min(self.until, time.monotonic() + CONNECT_SECONDS)
        self.sock = self._connected(until)
        if self.target.secure:
            self.sock.settimeout(_left(until))
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.target.host)
        self.sock.settimeout(_left(self.until))

    def _connected(self, until: float) -> socket.socket:
        failure: OSError = TimeoutError()
        for address in self.checked:
            try:
                return socket.create_connection((address, self.target.port), timeout=_left(until))
            except OSError as error:
                failure = error
        raise failure

    def response_class(self, sock: socket.socket, *arguments: Any, **named: Any) -> http.client.HTTPResponse:  # type: ignore[override]
        """The answer, read through a limit."""
        return http.client.HTTPResponse(_Read(sock, self.until), *arguments, **named)  # type: ignore[arg-type]


class _Read(io.RawIOBase):
    """What comes from a socket, up to a moment and a number of bytes, however slowly it comes."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self.sock, self.until, self.left = sock, until, MOST_BYTES

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What `http.client` asks a socket for."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Some bytes; none behind the limit, which ends an answer in the middle."""
        view = memoryview(buffer)[: self.left]
        if not view:
            raise http.client.LineTooLong("answer")
        self.sock.settimeout(_left(self.until))
        number = self.sock.recv_into(view)
        self.left -= number
        return number


def _left(until: float) -> float:
    """The seconds that are left; raises TimeoutError where there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
