"""What keeps other sites out: host names, origins, kinds of content, headers."""

from hmac import compare_digest
from types import MappingProxyType
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers

LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
JSON_TYPE: Final = "application/json"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_PATH: Final = "/page/"
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Referrer-Policy is not "no-referrer": browsers then send "Origin: null" with our own forms.
# Source: Fetch, section 3.2.
SECURITY_HEADERS: Final = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
)


class UnknownHostError(Exception):
    """The request names a host that this service is not."""


class ForeignRequestError(Exception):
    """A request that changes something came from another site, or without the page's token."""


class WrongContentError(Exception):
    """A body that is not JSON."""


class TooLargeError(Exception):
    """A body longer than allowed."""


def verify_host(headers: Headers, hosts: frozenset[str]) -> str:
    """Return the host name of the request, without its port.

    Raises:
        UnknownHostError: it is none of ``hosts``: a foreign site's own name that leads to the
            loopback address ends here (DNS rebinding).
    """
    given = headers.get("host", "").lower()
    name = given if given.endswith("]") else given.rpartition(":")[0] or given
    if name not in hosts:
        raise UnknownHostError("use the address that the service printed when it started")
    return name


def verify_not_foreign(request: Request) -> None:
    """Return if no browser says that another site sent the request; programs say nothing.

    Raises:
        ForeignRequestError: one says so.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in {None, "same-origin", "none"} or origin not in {None, _own_origin(request)}:
        raise ForeignRequestError("the request came from another site")


def verify_own_form(request: Request, given: str, token: str) -> None:
    """Return if a browser vouches that our own page sent the form, and its token is ours.

    Raises:
        ForeignRequestError: it does not. The token is compared in constant time.
    """
    verify_not_foreign(request)
    if request.headers.get("origin") is None:
        raise ForeignRequestError("the form came from no page of ours")
    if not compare_digest(given.encode(errors="replace"), token.encode()):
        raise ForeignRequestError("the page is out of date; load it again")


def verify_json(request: Request) -> None:
    """Return if the body, if there is one, says that it is JSON.

    Raises:
        WrongContentError: it says something else. What a plain form can send never gets in.
    """
    headers = request.headers
    empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not empty and kind != JSON_TYPE:
        raise WrongContentError(f"send {JSON_TYPE}")


def guard_change(request: Request) -> None:
    """Return if a request of the API may change something; those that only look always may.

    Raises:
        ForeignRequestError: another site sent it.
        WrongContentError: its body is not JSON.
    """
    if request.method in SAFE_METHODS or request.url.path.startswith(FORM_PATH):
        return
    verify_not_foreign(request)
    verify_json(request)


def _own_origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}"
