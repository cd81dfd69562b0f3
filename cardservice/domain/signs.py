"""Signs of abuse in what desks tell of cards: rules without a clock and without a database.

A sign is no proof: it is shown to a person. The register knows no distances, so that two places
are far apart when their regions differ, or their clinics when there is no time to walk.

The thresholds below are this project's own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final
from uuid import UUID

from cardservice.domain.verdict import Reason

REGIONS_APART: Final = timedelta(hours=2)
"""A card seen in two regions within this was in two places."""
CLINICS_APART: Final = timedelta(minutes=10)
"""A card seen in two clinics of one region within this was in two places."""
BURST_TIME: Final = timedelta(minutes=10)
BURST: Final = 5
"""Wrong numbers typed within ``BURST_TIME``: a holder reads the number off the card."""
NEAR: Final = max(REGIONS_APART, CLINICS_APART, BURST_TIME)
"""What happened longer before or after matters to no rule."""


@unique
class SignKind(StrEnum):
    """What was seen."""

    FAR_APART = "far-apart"
    WRONG_NUMBERS = "wrong-numbers"
    CHIP_COPIED = "chip-copied"
    SIGNER_UNKNOWN = "signer-unknown"
    TRUST_LAYER_REMOVED = "trust-layer-removed"


@unique
class SignState(StrEnum):
    """Whether a person has dealt with it."""

    OPEN = "open"
    SETTLED = "settled"


_DAY: Final = timedelta(days=1)
WINDOWS: Final[Mapping[SignKind, timedelta]] = {
    SignKind.FAR_APART: REGIONS_APART,
    SignKind.WRONG_NUMBERS: BURST_TIME,
    SignKind.CHIP_COPIED: _DAY,
    SignKind.SIGNER_UNKNOWN: _DAY,
    SignKind.TRUST_LAYER_REMOVED: _DAY,
}
"""Seen again within this it is the same sign going on."""
_BY_REASON: Final[Mapping[str, SignKind]] = {
    Reason.CHIP_COPIED: SignKind.CHIP_COPIED,
    Reason.SIGNER_UNKNOWN: SignKind.SIGNER_UNKNOWN,
    Reason.SIGNER_REVOKED: SignKind.SIGNER_UNKNOWN,
    Reason.TRUST_LAYER_REMOVED: SignKind.TRUST_LAYER_REMOVED,
}
# A number that no trusted signer vouches for is no card's: the desk is what can be looked at.
_ABOUT_DESK: Final = frozenset({SignKind.SIGNER_UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A card presented somewhere.

    Attributes:
        card: what tells cards apart, not the number; None: it was not read.
        proven: the desk's time was signed by the service; else it is whatever its PC says.
    """

    at: datetime
    region: str
    organisation: UUID
    desk: UUID
    card: bytes | None = field(default=None, repr=False)
    reason: str
    wrong_numbers: int = 0
    proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A sign of abuse.

    Attributes:
        card: what it is about; None: the desk.
        seen: the sighting that showed it.
        first_at, last_at: of all sightings that it rests on.
        sightings: how many.
        others: the other places, at most a few.
    """

    kind: SignKind
    card: bytes | None = field(default=None, repr=False)
    seen: Sighting
    first_at: datetime
    last_at: datetime
    sightings: int
    others: tuple[Sighting, ...] = ()


def signs_in(new: Iterable[Sighting], near: Collection[Sighting]) -> tuple[Sign, ...]:
    """Return what ``new`` sightings show.

    Args:
        new: just told, in any order.
        near: all that are known within ``NEAR`` of them, the new ones included.
    """
    return tuple(sign for one in new for sign in _signs(one, near))


def _signs(one: Sighting, near: Collection[Sighting]) -> Iterator[Sign]:
    kind = _BY_REASON.get(one.reason)
    if kind is not None:
        yield _sign(kind, one, [one], card=None if kind in _ABOUT_DESK else one.card)
    apart = [other for other in near if _are_apart(one, other)]
    if apart:
        yield _sign(SignKind.FAR_APART, one, [one, *apart], card=one.card, others=apart)
    if one.wrong_numbers > 0:
        yield from _burst(one, [other for other in near if other.desk == one.desk], card=None)
        if one.card is not None:
            yield from _burst(one, [o for o in near if o.card == one.card], card=one.card)


def _are_apart(one: Sighting, other: Sighting) -> bool:
    if one.card is None or one.card != other.card or not (one.proven and other.proven):
        return False
    between = abs(one.at - other.at)
    if one.region != other.region:
        return between <= REGIONS_APART
    return one.organisation != other.organisation and between <= CLINICS_APART


def _burst(one: Sighting, same: Collection[Sighting], *, card: bytes | None) -> Iterator[Sign]:
    # What a desk kept while it was offline comes in any order: the time that is over a burst may
    # end with a sighting that was told before.
    ends = {other.at for other in same if timedelta() <= other.at - one.at <= BURST_TIME}
    for end in sorted(ends | {one.at}):
        within = [o for o in same if end - BURST_TIME <= o.at <= end and o.wrong_numbers > 0]
        if sum(o.wrong_numbers for o in within) >= BURST:
            yield _sign(SignKind.WRONG_NUMBERS, one, within, card=card)
            return


def _sign(
    kind: SignKind,
    seen: Sighting,
    all_of: Collection[Sighting],
    *,
    card: bytes | None,
    others: Collection[Sighting] = (),
) -> Sign:
    times = [one.at for one in all_of]
    return Sign(
        kind=kind,
        card=card,
        seen=seen,
        first_at=min(times),
        last_at=max(times),
        sightings=len(times),
        others=tuple(others),
    )
