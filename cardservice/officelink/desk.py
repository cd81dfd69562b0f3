"""The office's words for what stations do with orders: one method for each route.

Source: docs/api.md; ``/api/openapi.json``, "stations".
"""

from dataclasses import dataclass
from typing import Any, Final

from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.officelink.answers import (
    BUSY,
    NOT_FOUND,
    WRONG,
    Members,
    order_of,
    version_of,
    wrong,
)
from cardservice.officelink.lease_book import Lease
from cardservice.officelink.link import OfficeLink
from cardservice.officelink.terms import PHOTO_OCTETS

LEASE_NOT_YOURS: Final = "lease-not-yours"
NOT_OURS: Final = frozenset({LEASE_NOT_YOURS, NOT_FOUND})
"""Codes of: somebody else has this order, or nobody."""

STALE: Final = "stale"
KEY_REUSED: Final = "key-reused"
_EMPTY: Final = "queue-empty"
_WORKS: Final = ("new-card",)  # what is done to a held card is leased by its order's name
_NO_PHOTO: Final = frozenset({"no-photo", NOT_FOUND})
_ROUND_AGAIN: Final = frozenset({"duplicate"})  # two stations drew one card number
_UNASKED: Final = 1  # the version of an order that no station ever had


@dataclass(frozen=True, slots=True)
class OfficeDesk:
    """The office, asked about orders; ``minutes`` is how long a lease lasts."""

    link: OfficeLink
    minutes: int

    def lease_next(self, key: str) -> tuple[str, Members | None] | None:
        """Return the name of the order that is due the soonest, ours from now on, and what it is.

        Without the latter it was ours once and is not any more: the answer was asked for again.
        None: there is no order.

        Raises:
            Refusal: ``key-reused``: the key was another lease's.
            SourceUnavailableError: of any other refusal too: none can be about an order of ours.
        """
        try:
            return self._leased({"works": [*_WORKS], "minutes": self.minutes}, key)
        except Refusal as refusal:
            if refusal.code == _EMPTY:
                return None
            if refusal.code == KEY_REUSED:
                raise
            code = BUSY if refusal.code in _ROUND_AGAIN else WRONG
            sentence = f"The registry gives this station no order: {refusal.code}."
            raise SourceUnavailableError(code, sentence) from None

    def lease_again(self, order_id: str, key: str) -> Members | None:
        """Return what an order is that is ours once more; None: somebody else has it, or nobody.

        Raises:
            SourceUnavailableError: the office cannot be asked.
        """
        wish = {"order_id": order_id, "minutes": self.minutes}
        try:
            leased, to_make = self._leased(wish, f"{key}-{order_id}")
        except Refusal:
            return None
        if leased != order_id:
            raise wrong("gives this station another order than it asked for")
        return to_make

    def look(self, order_id: str, *, least: int) -> Members:
        """Return what an order of ours is, as it is now.

        Raises:
            Refusal: of ``NOT_OURS``.
            SourceUnavailableError: the office cannot be asked, or says less than before.
        """
        found = self.link.get(f"/orders/{order_id}/making")
        version_of(found, order_id, least=least)
        return found

    def photo(self, order_id: str) -> bytes | None:
        """Return the photo for an order of ours, None: there is none."""
        try:
            return self.link.octets(f"/orders/{order_id}/photo", most=PHOTO_OCTETS)
        except Refusal as refusal:
            if refusal.code in _NO_PHOTO:
                return None
            raise

    def renew(self, lease: Lease, minutes: int) -> int:
        """Return the version of an order that is ours for so many minutes more."""
        return self.change(lease, "lease-renewal", {"minutes": minutes})

    def give_back(self, lease: Lease) -> int:
        """Return the version of an order that is in the queue again."""
        return self.change(lease, "return", None)

    def change(self, lease: Lease, what: str, body: Members | None) -> int:
        """Return the version after a change; sent again on the same version it is the same."""
        key = f"{lease.order_id}-{what}-{lease.version}"
        return self.command(lease.order_id, what, body, key=key, version=lease.version)

    def command(
        self, order_id: str, what: str, body: Members | None, *, key: str, version: int
    ) -> int:
        """Return the version of an order after a command.

        Raises:
            Refusal: the office's own word.
            SourceUnavailableError: it cannot be asked, or answers something else.
        """
        done = self.link.send(f"/orders/{order_id}/{what}", body, key=key, version=version)
        # The same report sent again is answered as done, on the version that there is.
        return version_of(done, order_id, least=version)

    def version_of_card(self, order_id: str, number: int) -> int | None:
        """Return the version of the order whose card has that number; None: it has another.

        Raises:
            Refusal: ``not-found``. SourceUnavailableError: the office cannot be asked.
        """
        found = self.link.get(f"/orders/{order_id}")
        card: Any = found.get("card")
        if not isinstance(card, dict) or card.get("number") != number:
            return None
        return version_of(found, order_id, least=_UNASKED)

    def _leased(self, wish: Members, key: str) -> tuple[str, Members | None]:
        done = self.link.send("/orders/leases", wish, key=key)
        order_id, to_make = order_of(done), done.get("to_make")
        if to_make is None:
            return order_id, None
        if not isinstance(to_make, dict):
            raise wrong("does not answer in the office's form")
        version_of(to_make, order_id, least=_UNASKED)
        return order_id, to_make
