"""What a station's journal says, entry by entry, and the port of who keeps it.

An entry is on the disk before the step it announces. It names orders, chips and a card's place in
the status list; never a person, a secret or a key, so a stolen journal tells how many cards were
made and nothing of their holders.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Final, Protocol

from typing_extensions import override

from cardservice.errors import UsageError

CHIP_SERIAL_LEN: Final = 8  # octets
POINT_LEN: Final = 65  # octets: an uncompressed point of P-256
CARD_NUMBER_BITS: Final = 48  # list number and index of EF.CardID
LAST_LANE: Final = 255

_ORDER_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
_OF_A_PERSON: Final = re.compile(r"\d{16}|\d{11}|\d{3}-\d{3}-\d{3}-\d{2}")
"""Policy number and SNILS: somebody who passes them as an order's name is stopped here."""


@unique
class SpoiledReason(StrEnum):
    """Why a card, or the blank that was to be one, is of no use."""

    HALF_MADE_ELSEWHERE = "half-made-elsewhere"
    NOT_AS_ORDERED = "not-as-ordered"
    BROKEN = "broken"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class StationStarted:
    """The station began to work; what was in its hands before is not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A card is to be made for an order; nothing was sent to a card yet.

    Attributes:
        order: its name, see ``check_order_id``.
        lane: 1 to 255.
        number: the place in the status list that goes onto the card, 48 bits.
    """

    order: str
    lane: int
    number: int

    def __post_init__(self) -> None:
        """Refuse what would name a person; Raises: UsageError."""
        check_order_id(self.order)
        if not 1 <= self.lane <= LAST_LANE:
            raise UsageError(f"a lane is 1 to {LAST_LANE}")
        _check_number(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEntry:
    """Something about one chip; ``chip`` is its serial, 8 octets."""

    chip: bytes

    def __post_init__(self) -> None:
        """Raise UsageError for a serial of another length."""
        if len(self.chip) != CHIP_SERIAL_LEN:
            raise UsageError(f"a chip's serial number has {CHIP_SERIAL_LEN} octets")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSeen(CardEntry):
    """The chip is blank, lies in a lane and is about to be begun; announces PUT KEY."""

    order: str
    lane: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysReplaced(CardEntry):
    """The chip answered to the issuer's keys; announces the making of its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipKeyMade(CardEntry):
    """The chip made its key; announces STORE DATA, after which the card tells it no more.

    Attributes:
        point: the public key, 65 octets; a half-made card cannot be finished without it.
    """

    point: bytes

    @override
    def __post_init__(self) -> None:
        """Raise UsageError for a point of another length."""
        CardEntry.__post_init__(self)
        if len(self.point) != POINT_LEN:
            raise UsageError(f"a chip's public key has {POINT_LEN} octets")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOnCard(CardEntry):
    """A chip holds the data of an order.

    Attributes:
        number: its place in the status list, 48 bits.
        signed_at: ``signingTime`` of its security object, UTC, whole seconds.
    """

    order: str
    number: int
    signed_at: datetime

    @override
    def __post_init__(self) -> None:
        """Raise UsageError for values that no card has."""
        CardEntry.__post_init__(self)
        check_order_id(self.order)
        _check_number(self.number)
        if self.signed_at.tzinfo is None or self.signed_at.microsecond:
            raise UsageError("a signing time is aware and has whole seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStored(OrderOnCard):
    """The card took its data; announces SET STATUS. From here on the order is this card's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finalized(CardEntry):
    """The card is personalized; announces its check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified(CardEntry):
    """The card was read as a clinic reads it and is as ordered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMade(OrderOnCard):
    """The card counts as made; whole in itself, so that older entries of it may go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSpoiled(CardEntry):
    """The card counts as spoiled; announces its end, if it is here to be ended."""

    reason: SpoiledReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEnded(CardEntry):
    """The spoiled card was terminated: its chip holds nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReported(CardEntry):
    """The registry, or the ledger, knows that the card was made or spoiled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGivenBack:
    """The order is the registry's again; no card holds it."""

    order: str


LAST_SERIAL: Final = (1 << 8 * CHIP_SERIAL_LEN) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BlanksEntry:
    """Blank cards with the chip serials ``first`` to ``last``, both included, as numbers."""

    first: int
    last: int

    def __post_init__(self) -> None:
        """Raise UsageError for a range that is none."""
        if not 0 <= self.first <= self.last <= LAST_SERIAL:
            raise UsageError("a range of chip serials goes from the lower to the higher")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlanksReceived(BlanksEntry):
    """The station was handed these blanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlanksReturned(BlanksEntry):
    """The station gave these blanks back, unused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry:
    """Something about an order for a card that is in somebody's hands already."""

    order: str

    def __post_init__(self) -> None:
        """Refuse what would name a person; Raises: UsageError."""
        check_order_id(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceBegun(ServiceEntry):
    """The card in the reader is the order's; announces the one write that does it.

    Attributes:
        chip: its serial number, 8 octets.
        number: its place in the status list, 48 bits.
        work: what is done, a word.
        signed_at: signing time of the security object that is written, None: none is.
    """

    chip: bytes
    number: int
    work: str
    signed_at: datetime | None

    @override
    def __post_init__(self) -> None:
        """Raise UsageError for values that no card has."""
        ServiceEntry.__post_init__(self)
        _check_number(self.number)
        if len(self.chip) != CHIP_SERIAL_LEN:
            raise UsageError(f"a chip's serial number has {CHIP_SERIAL_LEN} octets")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDone(ServiceEntry):
    """The card answered, or shows, that it was done; it waits to be told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceReported(ServiceEntry):
    """The registry knows that it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDropped(ServiceEntry):
    """The card shows that nothing was written; the order may be begun again, or given back."""


Entry = (
    StationStarted
    | Intent
    | CardSeen
    | KeysReplaced
    | ChipKeyMade
    | DataStored
    | Finalized
    | Verified
    | CardMade
    | CardSpoiled
    | CardEnded
    | OutcomeReported
    | OrderGivenBack
    | BlanksReceived
    | BlanksReturned
    | ServiceBegun
    | ServiceDone
    | ServiceReported
    | ServiceDropped
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it was kept.

    Attributes:
        sequence: 1 and up; the order of things, whatever the clock said.
        at: what the clock said, for people; nothing is decided by it.
    """

    sequence: int
    at: datetime
    entry: Entry


class Journal(Protocol):
    """Who keeps a station's entries."""

    def append(self, entry: Entry) -> Kept:
        """Return the entry as kept; it is on the disk then, and announced what may follow.

        Raises:
            Refusal: ``journal-full``, ``journal-failed``: it is not kept; nothing may follow.
        """
        ...

    def entries(self) -> Iterable[Kept]:
        """Return everything kept, oldest first."""
        ...


def check_order_id(order: str) -> str:
    """Return ``order`` if it may name an order: 1 to 64 letters, digits and hyphens.

    Raises:
        UsageError: it may not, or it is a policy number or a SNILS.
    """
    if not _ORDER_ID.fullmatch(order):
        raise UsageError("an order's name has 1 to 64 letters, digits and hyphens")
    if _OF_A_PERSON.fullmatch(order):
        raise UsageError("an order is not named by the number of a person")
    return order


def _check_number(number: int) -> None:
    if number < 0 or number.bit_length() > CARD_NUMBER_BITS:
        raise UsageError(f"a card's number has {CARD_NUMBER_BITS} bits")
