"""What an answer of the service means: members, a refusal, or nothing that can be believed.

Source: RFC 9110, 15 (status codes); RFC 9457 (problem details); docs/verification-api.md.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from cardservice.errors import Refusal, SourceUnavailableError

UNREACHABLE: Final = "service-unreachable"
LATE: Final = "service-late"
BUSY: Final = "service-busy"
WRONG: Final = "service-wrong"
STOPPED: Final = "service-stopped"

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_GOOD: Final = range(200, 300)
_REFUSED: Final = range(400, 500)
_BROKEN: Final = range(500, 600)
_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_ETAG: Final = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,200}"')

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came; ``kind`` is its media type without parameters, ``etag`` its tag."""

    status: int
    kind: str
    octets: bytes = field(repr=False)
    etag: str | None = None


def entity_tag(header: str | None) -> str | None:
    """Return an entity tag that can be sent back; None for a header that is none."""
    return header if header is not None and _ETAG.fullmatch(header) else None


def unreachable() -> SourceUnavailableError:
    """Return the error that nobody answers."""
    return SourceUnavailableError(UNREACHABLE, "The service cannot be reached.")


def wrong(why: str) -> SourceUnavailableError:
    """Return the error that an answer is none; ``why`` holds nothing of the answer."""
    return SourceUnavailableError(WRONG, f"What answers at the service's address {why}.")


def octets_of(answer: Answer) -> bytes:
    """Return what a good answer holds.

    Raises:
        SourceUnavailableError: the service cannot answer now, or is no such service.
        Refusal: the service's own word, with its code.
    """
    if answer.status in _GOOD:
        return answer.octets
    if answer.status in _BROKEN or answer.status in _LATER:
        raise SourceUnavailableError(BUSY, "The service cannot answer now; it is asked again.")
    if answer.status in _REFUSED:
        raise _refusal(answer)
    raise wrong("sends this desk elsewhere, which no service does")


def members_of(answer: Answer) -> Members:
    """Return the JSON object of a good answer; raises as ``octets_of``."""
    octets = octets_of(answer)
    members = _object(octets) if answer.kind == _JSON else None
    if members is None:
        raise wrong("does not answer in the service's form")
    return members


def not_its_form() -> SourceUnavailableError:
    """Return the error that a member is missing, or not what it should be."""
    return wrong("does not answer in the service's form")


def _refusal(answer: Answer) -> Exception:
    members = _object(answer.octets) if answer.kind == _PROBLEM else None
    if members is None:
        return wrong("refuses without the service's words")
    code = members.get("code") or str(members.get("type", "")).rpartition("/")[2]
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return wrong("refuses without the service's words")
    return Refusal(code, f"The service refuses it: {code}.")


def _object(octets: bytes) -> Members | None:
    try:
        found = json.loads(octets)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
