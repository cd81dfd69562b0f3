"""Whose pages may ask this desk: exact origins, and what a browser says of a request."""

import re
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers

from cardservice.errors import Refusal, UsageError

_ORIGIN: Final = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?")
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_PORT_MAX: Final = 65_535
# What a script's request, a module or a socket of another site looks like (Fetch Metadata). A form,
# a frame or a picture of an allowed site is none of these and has no business here.
_MODES: Final = frozenset({None, "cors", "websocket"})
_SITES: Final = frozenset({None, "cross-site", "same-site"})


def parse_origin(text: str) -> str:
    """Return an origin as browsers write it: lower case, without the scheme's own port.

    Raises:
        UsageError: it is none; a pattern, ``null``, a path or a user's name is no origin.
    """
    found = _ORIGIN.fullmatch(text.lower())
    if found is None or int(found[3] or 0) > _PORT_MAX:
        raise UsageError(f"{text} is no origin; write it like https://clinic.example.org")
    scheme, host, port = found.groups()
    return f"{scheme}://{host}" + ("" if port in {None, _DEFAULT_PORTS[scheme]} else f":{port}")


def parse_origins(texts: Iterable[str]) -> frozenset[str]:
    """Return all of them; raises UsageError as ``parse_origin``."""
    return frozenset(parse_origin(one) for one in texts)


def foreign() -> Refusal:
    """Return the refusal of a page that may not ask; it says nothing of the desk."""
    return Refusal("origin-not-allowed", "Pages of this origin may not ask this desk.")


def verify_origin(headers: Headers, allowed: frozenset[str]) -> str:
    """Return the origin of a request, one of ``allowed``, letter for letter.

    Raises:
        Refusal: ``origin-not-allowed``: another, ``null``, none, several, or no script's request.
    """
    given = headers.getlist("origin")
    if len(given) != 1 or given[0] not in allowed:
        raise foreign()
    if headers.get("sec-fetch-site") not in _SITES or headers.get("sec-fetch-mode") not in _MODES:
        raise foreign()
    return given[0]
