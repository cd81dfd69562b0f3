"""A status list: so many bits a card, one after the other, and their compressed form.

Source: draft-ietf-oauth-status-list, sections 4.1 and 7.1; vectors token_status_list.json.
"""

import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum, unique
from typing import Final

from cardservice.errors import AuthenticationError, MalformedDataError, UsageError

CARD_BITS: Final = 2  # valid, invalid, suspended, and one that is kept free
WIDTHS: Final = (1, 2, 4, 8)
BITS_AN_OCTET: Final = 8
COMPRESSION: Final = 9  # the difference to the next level is a quarter of the file


@unique
class StatusType(IntEnum):
    """What a list says of a card."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2
    APPLICATION_SPECIFIC = 3  # kept free: a desk that meets it does not call the card valid


STATUS_TYPES: Final = tuple(StatusType)
"""By their values: quicker than asking the enumeration."""


@unique
class StatusListFault(StrEnum):
    """Why a list, or what it says of a place, is not believed; stable, for desks and logs."""

    MALFORMED = "status-list-malformed"
    TOO_LONG = "status-list-too-long"
    SIGNER_REFUSED = "status-list-signer-refused"
    SIGNER_UNDECIDED = "status-list-signer-undecided"
    ALTERED = "status-list-altered"
    OTHER_LIST = "status-list-other"
    NOT_YET = "status-list-not-yet"
    EXPIRED = "status-list-expired"
    OLDER = "status-list-older"
    OTHER_WIDTH = "status-list-other-width"
    NO_SUCH_PLACE = "status-list-no-such-place"


class StatusListError(AuthenticationError):
    """A list is not believed; ``fault`` says why."""

    def __init__(self, fault: StatusListFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class StatusList:
    """The statuses by place.

    Attributes:
        bits: of one status: 1, 2, 4 or 8.
        octets: place 0 is in the lowest bits of the first one.
    """

    bits: int
    octets: bytes = field(repr=False)

    @property
    def places(self) -> int:
        """How many places there are; those that nobody has are valid."""
        return places_in(self.octets, self.bits)

    def status_at(self, place: int) -> int:
        """Return the status at ``place``: a value of ``StatusType``, or another of 4 or 8 bits.

        Raises:
            StatusListError: NO_SUCH_PLACE: the list is shorter, so it says nothing of the card.
        """
        octet, shift = divmod(place * self.bits, BITS_AN_OCTET)
        if not 0 <= octet < len(self.octets):
            fault = StatusListFault.NO_SUCH_PLACE
            raise StatusListError(fault, "the status list has no such place")
        return self.octets[octet] >> shift & ((1 << self.bits) - 1)

    def counts(self) -> Mapping[int, int]:
        """Return status → how many places have it."""
        found: Counter[int] = Counter()
        for octet, times in Counter(self.octets).items():
            for shift in range(0, BITS_AN_OCTET, self.bits):
                found[octet >> shift & ((1 << self.bits) - 1)] += times
        return found


class StatusArray:
    """A list in the making, two bits a card; it begins with every place valid.

    Args:
        places: a multiple of four.
        octets: of an array kept earlier; it has that many places.

    Raises:
        UsageError: another number of places, or of octets.
    """

    def __init__(self, places: int, octets: bytes | None = None) -> None:
        self.octets = bytearray(places * CARD_BITS // BITS_AN_OCTET if octets is None else octets)
        self.places = places
        if places < 1 or places_in(self.octets, CARD_BITS) != places:
            raise UsageError("a status list has a multiple of four places, and octets for them")

    def set(self, place: int, status: StatusType) -> bool:
        """Put ``status`` at ``place``; return whether it was another one before.

        Raises:
            UsageError: there is no such place.
        """
        octet, shift = self._where(place)
        before = self.octets[octet]
        after = before & ~(0b11 << shift) | status << shift
        self.octets[octet] = after
        return after != before

    def get(self, place: int) -> StatusType:
        """Return the status at ``place``; raises UsageError as ``set``."""
        octet, shift = self._where(place)
        return STATUS_TYPES[self.octets[octet] >> shift & 0b11]

    def frozen(self) -> StatusList:
        """Return the list as it is now."""
        return StatusList(CARD_BITS, bytes(self.octets))

    def _where(self, place: int) -> tuple[int, int]:
        if not 0 <= place < self.places:
            raise UsageError("the status list has no such place; give it more places")
        return divmod(place * CARD_BITS, BITS_AN_OCTET)


def places_in(octets: bytes | bytearray, bits: int) -> int:
    """Return how many statuses of ``bits`` bits there are in ``octets``."""
    return len(octets) * BITS_AN_OCTET // bits


def compress(listed: StatusList) -> bytes:
    """Return ``lst``: the octets as a ZLIB stream, as short as zlib makes it."""
    return zlib.compress(listed.octets, COMPRESSION)


def inflate(lst: bytes, *, bits: int, most_octets: int) -> StatusList:
    """Return the list that ``lst`` is the ZLIB stream of.

    Raises:
        MalformedDataError: no such width; no ZLIB stream; cut short, or followed by something.
        StatusListError: TOO_LONG: more than ``most_octets``; no more than that is ever inflated.
    """
    if bits not in WIDTHS:
        raise MalformedDataError("a status has 1, 2, 4 or 8 bits")
    stream = zlib.decompressobj()
    try:
        octets = stream.decompress(lst, most_octets + 1)
    except zlib.error:
        raise MalformedDataError("the status list is no ZLIB stream") from None
    if len(octets) > most_octets:
        raise StatusListError(StatusListFault.TOO_LONG, "the status list is longer than it may be")
    if not stream.eof or stream.unused_data:
        raise MalformedDataError("the status list is cut short, or followed by something")
    return StatusList(bits, octets)
