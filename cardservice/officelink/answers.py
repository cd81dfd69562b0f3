"""What an answer of the office means: members, a refusal, or nothing that can be believed.

Source: RFC 9110, 15 (status codes); RFC 9457 (problem details); docs/api.md.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from cardservice.errors import Refusal, SourceUnavailableError

UNREACHABLE: Final = "registry-unreachable"
LATE: Final = "registry-late"
BUSY: Final = "registry-busy"
WRONG: Final = "registry-wrong"
TOKEN: Final = "registry-token"  # noqa: S105 - a code, not a token
NOT_FOUND: Final = "not-found"

LAST_VERSION: Final = 999_999_999  # an If-Match of the office has nine digits
_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_GOOD: Final = range(200, 300)
_REFUSED: Final = range(400, 500)
_BROKEN: Final = range(500, 600)
_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_NOT_US: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came; ``kind`` is its media type without parameters."""

    status: int
    kind: str
    octets: bytes = field(repr=False)


def wrong(why: str) -> SourceUnavailableError:
    """Return the error that an answer is none; ``why`` holds nothing of the answer."""
    return SourceUnavailableError(WRONG, f"What answers at the office's address {why}.")


def octets_of(answer: Answer) -> bytes:
    """Return what a good answer holds.

    Raises:
        SourceUnavailableError: the office cannot answer now, does not know this station, or is no
            office.
        Refusal: the office's own word, with its code.
    """
    if answer.status in _GOOD:
        return answer.octets
    if answer.status in _BROKEN or answer.status in _LATER:
        raise SourceUnavailableError(BUSY, "The registry cannot answer now; it is asked again.")
    if answer.status in _NOT_US:
        sentence = "The registry does not let this station in: its token is wrong, or ended."
        raise SourceUnavailableError(TOKEN, sentence)
    if answer.status in _REFUSED:
        raise _refusal(answer)
    raise wrong("sends this station elsewhere, which no office does")


def members_of(answer: Answer) -> Members:
    """Return the JSON object of a good answer; raises as ``octets_of``."""
    octets = octets_of(answer)
    members = _object(octets) if answer.kind == _JSON else None
    if members is None:
        raise wrong("does not answer in the office's form")
    return members


def version_of(members: Members, order_id: str, *, least: int) -> int:
    """Return the version of an order that an answer tells of.

    Args:
        members: of the answer.
        order_id: the order that was asked about.
        least: the lowest it can have, by what was told before.

    Raises:
        SourceUnavailableError: ``registry-wrong``: it is of another order, or older than that.
    """
    if order_of(members) != order_id:
        raise wrong("speaks of another order than the one it was asked about")
    version = members.get("version")
    if type(version) is not int or not 1 <= version <= LAST_VERSION:
        raise wrong("does not answer in the office's form")
    if version < least:
        raise wrong("says less than it said before: was the registry put back from a copy?")
    return version


def order_of(members: Members) -> str:
    """Return the id of the order that an answer tells of; Raises: SourceUnavailableError."""
    try:
        return str(UUID(members["id"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise wrong("does not answer in the office's form") from None


def _refusal(answer: Answer) -> Exception:
    members = _object(answer.octets) if answer.kind == _PROBLEM else None
    if members is None:
        return wrong("refuses without the office's words")
    code = members.get("code") or str(members.get("type", "")).rpartition("/")[2]
    if answer.status == HTTPStatus.NOT_FOUND:
        code = members.get("code") or NOT_FOUND
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return wrong("refuses without the office's words")
    return Refusal(code, f"The registry refuses it: {code}.")


def _object(octets: bytes) -> Members | None:
    try:
        found = json.loads(octets)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
