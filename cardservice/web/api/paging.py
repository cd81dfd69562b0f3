"""Pages of lists: a cursor that says where the page before ended, and says it to nobody else."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from fastapi import Depends, Query, Request

from cardservice.errors import Refusal
from cardservice.registry.ports_base import MAX_PAGE, Ask, Mark
from cardservice.web.at_once import at_once
from cardservice.web.office.parts import office_parts

CURSOR_MAX: Final = 1000  # characters; the longest mark holds a name of 100
PAGE_ROWS: Final = 50

Cursor = Annotated[
    str,
    Query(
        alias="cursor",
        max_length=CURSOR_MAX,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="`next` of the page before; empty: the first page.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="Rows of a page.")]


@dataclass(frozen=True, slots=True)
class PageWish:
    """Which page of a list a request asks for."""

    cursor: str
    limit: int
    key: bytes = field(repr=False)

    def ask(self, of: str) -> Ask:
        """Return it for the database; raises as ``ask_for``."""
        return ask_for(self.cursor, self.limit, key=self.key, of=of)

    def after(self, mark: Mark | None, of: str) -> str | None:
        """Return the cursor of the next page, None on the last."""
        return cursor_of(mark, key=self.key, of=of)


def _wished(request: Request, cursor: Cursor = "", limit: Limit = PAGE_ROWS) -> PageWish:
    return PageWish(cursor, limit, office_parts(request).cursor_key)


Wish = Annotated[PageWish, Depends(at_once(_wished))]


def ask_for(cursor: str, limit: int, *, key: bytes, of: str) -> Ask:
    """Return which page is asked for.

    Args:
        cursor: from ``cursor_of``; empty: the first page.
        limit: rows.
        key: 64 octets, of this service.
        of: the name of the list: a cursor of another list is refused.

    Raises:
        Refusal: ``cursor-wrong``: it is none of ours.
    """
    return Ask(limit=limit, after=_opened(cursor, key, of) if cursor else None)


def cursor_of(mark: Mark | None, *, key: bytes, of: str) -> str | None:
    """Return the cursor for the page after; None on the last page.

    A mark may hold a name: it is sealed (AES-SIV, RFC 5297), so that no log of addresses has it.
    """
    if mark is None:
        return None
    plain = json.dumps([_written(one) for one in mark]).encode()
    sealed = AESSIV(key).encrypt(plain, [of.encode()])
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _opened(cursor: str, key: bytes, of: str) -> Mark:
    try:
        sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        plain = AESSIV(key).decrypt(sealed, [of.encode()])
    except (InvalidTag, Base64Error, ValueError):
        sentence = "This is no cursor of this list; begin with the first page."
        raise Refusal("cursor-wrong", sentence, field="cursor") from None
    return tuple(_READ[kind](value) for kind, value in json.loads(plain))


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "plain": lambda value: value,
    "uuid": UUID,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
}


def _written(value: object) -> tuple[str, object]:
    if isinstance(value, UUID):
        return "uuid", str(value)
    if isinstance(value, datetime):
        return "moment", value.isoformat()
    if isinstance(value, date):
        return "day", value.isoformat()
    return "plain", value
