"""Which blank cards the office handed to this station, as it wrote them down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cardservice.domain.stock import Movement
from cardservice.errors import Refusal
from cardservice.officelink.answers import Members, wrong
from cardservice.officelink.link import OfficeLink

MOST_PAGES: Final = 1_000  # of 50 movements each: ten a day for ten years
_PATH: Final = "/stations/own/blanks"
_SERIAL: Final = re.compile(r"[0-9A-Fa-f]{16}")
_CURSOR: Final = re.compile(r"[!-~]{1,500}")
_KINDS: Final = {one.value: one for one in (Movement.HAND_TO_STATION, Movement.TAKE_BACK)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlanksMoved:
    """Blanks that came to this station, or were taken back from it.

    Attributes:
        kind: HAND_TO_STATION or TAKE_BACK.
        first, last: chip serials as numbers, both included; None: counted and not named.
    """

    kind: Movement
    quantity: int
    first: int | None
    last: int | None


def blanks_moved(link: OfficeLink) -> Sequence[BlanksMoved] | None:
    """Return all movements of blanks to and from this station, oldest first.

    None: the office is of an earlier kind and does not tell.

    Raises:
        SourceUnavailableError: the office cannot be asked, or does not answer as it should.
    """
    moved: list[BlanksMoved] = []
    query: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        try:
            page = link.get(_PATH, **query)
        except Refusal:
            return None
        moved += [_moved(one) for one in _items(page)]
        after = page.get("next")
        if after is None:
            return moved
        if not isinstance(after, str) or not _CURSOR.fullmatch(after):
            break
        query = {"cursor": after}
    raise wrong("does not come to the end of a list")


def _items(page: Members) -> list[Any]:
    items = page.get("items")
    if not isinstance(items, list):
        raise wrong("does not answer in the office's form")
    return items


def _moved(line: Any) -> BlanksMoved:
    try:
        kind, quantity = _KINDS[line["kind"]], line["quantity"]
        first, last = _serial(line["first_chip"]), _serial(line["last_chip"])
    except (KeyError, TypeError, ValueError):
        raise wrong("does not answer in the office's form") from None
    named = first is not None and last is not None
    if type(quantity) is not int or quantity < 1 or (first is None) is not (last is None):
        raise wrong("does not answer in the office's form")
    if named and (last or 0) - (first or 0) + 1 != quantity:
        raise wrong("counts its blank cards otherwise than it names them")
    return BlanksMoved(kind=kind, quantity=quantity, first=first, last=last)


def _serial(value: Any) -> int | None:
    if value is None:
        return None
    if not _SERIAL.fullmatch(value):
        raise ValueError("no chip serial")
    return int(value, 16)
