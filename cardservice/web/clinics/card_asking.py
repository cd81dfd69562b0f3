"""What the routes about cards share: quick reading of requests, and one change of thread each.

These routes are the busiest of the service, so their requests are read by hand: bounded, total,
and every fault told as any other fault of form.
"""

import asyncio
import json
from binascii import a2b_base64, unhexlify
from collections.abc import Callable, Collection, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from typing_extensions import override

from cardservice.web.clinics.asking import ClientGuard

UNKNOWN: Final = "extra_forbidden"  # kinds of faults, as the framework's own forms name them
MISSING: Final = "missing"
OTHER: Final = "value_error"
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NOT_JSON: Final = "json_invalid"
_TOO_LONG: Final = "string_too_long"
_PRIVATE: Final = {"Cache-Control": "no-store"}
_REGION_DIGITS: Final = 5
# Few: what they do is computing, mostly, and each more makes all of them wait for one another.
_WORKERS: Final = ThreadPoolExecutor(4, thread_name_prefix="cards")


async def _read_body(request: Request) -> bytes:
    return await request.body()


Sent = Annotated[bytes, Depends(_read_body)]
"""The body of the request, as it came."""


class QuickRoute(APIRoute):
    """A route whose endpoint takes the request, its client and its body, and names in its path.

    The framework would find the same arguments by the same declarations, in more steps and with
    a thread for each of them; here guard and endpoint share one. Both may wait for a database.
    """

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint, guard = self.endpoint, _guard_of(self)

        async def answer(request: Request) -> Response:
            body = await request.body()
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(_WORKERS, work, request, body)

        def work(request: Request, body: bytes) -> Response:
            client = guard(request)
            made = endpoint(request=request, client=client, body=body, **request.path_params)
            return cast(Response, made)

        return answer


def _guard_of(route: APIRoute) -> ClientGuard:
    """Return the guard the endpoint declares; a quick route without one cannot be made."""
    calls = (one.call for one in route.dependant.dependencies)
    return next(one for one in calls if isinstance(one, ClientGuard))


def fault(kind: str, *where: str) -> RequestValidationError:
    """Return the fault of that kind in the member at ``where``; nothing sent is quoted."""
    return RequestValidationError([{"type": kind, "loc": ("body", *where)}])


def json_object(body: bytes | str) -> dict[str, Any]:
    """Return the JSON object that was sent.

    Raises:
        RequestValidationError: it is none.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise fault(_NOT_JSON) from None
    if not isinstance(found, dict):
        raise fault(OTHER)
    return found


def require_members(found: Mapping[str, Any], known: Collection[str], *where: str) -> None:
    """Refuse members nobody knows: a misspelt name would silently mean nothing."""
    if not found.keys() <= set(known):
        raise fault(UNKNOWN, *where, "unknown")


def hex_octets(text: object, most: int, *where: str) -> bytes:
    """Return the octets of hexadecimal ``text``.

    Raises:
        RequestValidationError: it is no such text, or of more than ``most`` octets.
    """
    if not isinstance(text, str):
        raise fault(OTHER, *where)
    if len(text) > 2 * most:
        raise fault(_TOO_LONG, *where)
    try:
        return unhexlify(text)
    except ValueError:
        raise fault(OTHER, *where) from None


def base64_octets(text: object, most: int, *where: str) -> bytes:
    """Return the octets of ``text``, Base64 with padding and nothing else (RFC 4648, 4).

    Raises:
        RequestValidationError: it is no such text, or of more than ``most`` octets.
    """
    if not isinstance(text, str):
        raise fault(OTHER, *where)
    if len(text) > (most + 2) // 3 * 4:
        raise fault(_TOO_LONG, *where)
    try:
        octets = a2b_base64(text, strict_mode=True)
    except ValueError:
        raise fault(OTHER, *where) from None
    if len(octets) > most:
        raise fault(_TOO_LONG, *where)
    return octets


def region_of(found: Mapping[str, Any]) -> str | None:
    """Return the OKATO of a region, five digits, if one was sent."""
    region = found.get("region")
    if region is None:
        return None
    if not isinstance(region, str) or len(region) != _REGION_DIGITS or not _digits(region):
        raise fault(OTHER, "region")
    return region


def json_response(document: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """Return the answer, which nobody on the way may keep."""
    return text_response(_ENCODER.encode(document), status, **headers)


def text_response(text: str, status: int = 200, **headers: str) -> Response:
    """Return the same of JSON that is text already."""
    body = text.encode()
    return Response(body, status, media_type="application/json", headers={**_PRIVATE, **headers})


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
