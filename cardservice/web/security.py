"""What protects the page from other sites: host check, headers, same-origin forms."""

from hmac import compare_digest
from types import MappingProxyType

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cardservice.errors import CardServiceError

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Referrer-Policy is not "no-referrer": under it browsers send "Origin: null" with our own
# forms, and the same-origin check could not tell them from foreign ones (Fetch, section 3.2).
SECURITY_HEADERS = MappingProxyType(
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


class UnknownHostError(CardServiceError):
    """The request names a host that this service is not."""


class ForeignRequestError(CardServiceError):
    """A request that changes something came from another site, or without the page's token."""


class SecurityHeaders:
    """Puts the headers on every answer; a route that sets one of them itself is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def verify_host(headers: Headers, hosts: frozenset[str]) -> str:
    """Return the host name of the request, without its port.

    Raises:
        UnknownHostError: it is none of ``hosts``. A foreign site that resolves its own name
            to the loopback address ends here (DNS rebinding).
    """
    given = headers.get("host", "").lower()
    name = given if given.endswith("]") else given.rpartition(":")[0] or given
    if name not in hosts:
        raise UnknownHostError("open the page at the address the service was started with")
    return name


def verify_same_origin(request: Request) -> None:
    """Return if the request comes from our own page as far as the browser tells.

    Raises:
        ForeignRequestError: another origin sent it, or no browser vouches for any.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if site not in {None, "same-origin"} or origin is None or origin.lower() != own.lower():
        raise ForeignRequestError("the request came from another site")


def verify_token(given: str, expected: str) -> None:
    """Return if ``given`` is the token of our page; compared in constant time.

    Raises:
        ForeignRequestError: it is not.
    """
    if not compare_digest(given.encode(), expected.encode()):
        raise ForeignRequestError("the page is out of date; load it again")
