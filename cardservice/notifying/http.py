"""One HTTP request of ours to a stranger: bounded in time, no redirects, the answer unread.

The status line is all we need. So however long an answer is, or however slowly it comes, it ends
with its headers, whose size the HTTP library bounds, or with the time set aside.

Source: RFC 9110, 15 (status codes).
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from cardservice.registry.outbox_values import Attempt, Outcome

_SENT: Final = range(200, 300)
_ELSEWHERE: Final = range(300, 400)
_WRONG: Final = range(400, 500)
_LATER: Final = (408, 425, 429, 503)
# What a gateway in between says when it does not know what the program behind it did.
_NOBODY_KNOWS: Final = (502, 504)
MOST_ADDRESSES: Final = 4  # of one name that are tried
_CONNECT_SHARE: Final = 0.5  # of the time: what is left decides whether "unknown" must be said


class _PrivateAddressError(Exception):
    """The name leads to an address that is not of the public network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTerms:
    """What we allow ourselves.

    Attributes:
        allow_private: connect to addresses that are not public. For receivers in the house's
            own network; with it, whoever may name a receiver can reach whatever we can.
        allow_plain: http without TLS.
        tls: verifies by default.
    """

    allow_private: bool = False
    allow_plain: bool = False
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], terms: HttpTerms, timeout_s: float
) -> Outcome:
    """Return what one POST came to.

    Must be called outside an event loop: in a worker's own thread or process.
    """
    if not terms.allow_plain and not url.startswith("https:"):
        return Outcome(Attempt.IMPOSSIBLE, "http-plain")
    try:
        status = asyncio.run(_bounded(url, body, headers, terms, timeout_s))
    except _PrivateAddressError:
        return Outcome(Attempt.IMPOSSIBLE, "http-private-address")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        return Outcome(Attempt.IMPOSSIBLE, "http-address")
    # Nothing of the request was sent before a connection stood.
    except (httpx.ConnectError, httpx.ConnectTimeout, socket.gaierror):
        return Outcome(Attempt.NOT_SENT, "http-unreachable")
    except (httpx.HTTPError, OSError, TimeoutError):
        return Outcome(Attempt.UNKNOWN, "http-no-answer")
    return outcome_of(status)


def outcome_of(status: int) -> Outcome:
    """Return what an answer with that status means for us."""
    reason = f"http-{status}"
    if status in _SENT:
        return Outcome(Attempt.SENT)
    if status in _NOBODY_KNOWS:
        return Outcome(Attempt.UNKNOWN, reason)
    if status in _LATER:
        return Outcome(Attempt.NOT_SENT, reason)
    if status in _ELSEWHERE or status in _WRONG:
        return Outcome(Attempt.IMPOSSIBLE, reason)
    return Outcome(Attempt.NOT_SENT, reason)


async def _bounded(
    url: str, body: bytes, headers: Mapping[str, str], terms: HttpTerms, timeout_s: float
) -> int:
    async with asyncio.timeout(timeout_s):
        target = httpx.URL(url)
        addresses = await _addresses(target, terms)
        times = httpx.Timeout(timeout_s, connect=timeout_s * _CONNECT_SHARE)
        # Proxies and password files of the environment would change where we connect to.
        async with httpx.AsyncClient(verify=terms.tls, timeout=times, trust_env=False) as client:
            for address in addresses[:-1]:
                with suppress(httpx.ConnectError):
                    return await _status(client, target, address, body=body, headers=headers)
            last = addresses[-1]
            return await _status(client, target, last, body=body, headers=headers)


async def _status(
    client: httpx.AsyncClient,
    target: httpx.URL,
    address: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
) -> int:
    # The address that was judged is the one we connect to; a name that is asked for again may
    # lead elsewhere the second time.
    request = client.build_request(
        "POST",
        target.copy_with(host=address),
        content=body,
        headers={**headers, "Host": target.netloc.decode("ascii")},
        extensions={"sni_hostname": target.raw_host.decode("ascii")},
    )
    answer = await client.send(request, stream=True, follow_redirects=False)
    await answer.aclose()
    return answer.status_code


async def _addresses(target: httpx.URL, terms: HttpTerms) -> list[str]:
    loop = asyncio.get_running_loop()
    port = target.port or (443 if target.scheme == "https" else 80)
    host = target.raw_host.decode("ascii").strip("[]")
    found: list[Any] = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not terms.allow_private and not all(is_public(one) for one in addresses):
        raise _PrivateAddressError
    return addresses[:MOST_ADDRESSES]


def is_public(address: str) -> bool:
    """Return whether an IP address is of the public network, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = [ip]
    if isinstance(ip, ipaddress.IPv6Address):
        teredo = ip.teredo or ()
        inner += [one for one in (ip.ipv4_mapped, ip.sixtofour, *teredo) if one is not None]
        inner += [_translated(ip)] if ip in _NAT64 else []
    return all(one.is_global and not one.is_multicast for one in inner)


_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052, 2.1


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
