"""What of a journal may go: the steps of cards long made, and orders long done with."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cardservice.personalization.journal import (
    CardEntry,
    CardMade,
    Intent,
    Kept,
    OutcomeReported,
    ServiceBegun,
    ServiceEntry,
    StationStarted,
)
from cardservice.personalization.recovery import Recovery, recover
from cardservice.personalization.recovery_lives import Standing
from cardservice.personalization.recovery_services import ServiceStanding

_OUTCOME: Final = (CardMade, OutcomeReported)


def compacted(entries: Sequence[Kept]) -> Iterator[Kept]:
    """Yield the entries that still matter, with their numbers; they come to the same.

    Of a card made and told of, its outcome stays: no second card is made for its order, and no
    other chip passes for it. Spoiled and open cards stay whole. Of a service its last attempt
    stays, so that it is not done twice; nothing of one that came to nothing.
    """
    recovery = recover(entries)
    last_intent, last_attempt = _last_intents(entries), _last_attempts(entries)
    for kept in entries:
        if isinstance(kept.entry, ServiceEntry):
            matters = _matters_of_service(kept.sequence, kept.entry, recovery, last_attempt)
        else:
            matters = _matters(kept, recovery, last_intent)
        if matters:
            yield kept


def _matters(kept: Kept, recovery: Recovery, last_intent: dict[str, int]) -> bool:
    match kept.entry:
        case StationStarted():
            return False
        case Intent(order=order):
            known = recovery.orders.get(order)
            is_last = last_intent[order] == kept.sequence
            return is_last and known is not None and not known.is_made
        case CardEntry(chip=chip) as entry:
            life = recovery.cards[chip]
            is_done = life.standing is Standing.MADE and life.reported
            return not is_done or isinstance(entry, _OUTCOME)
    return True


def _matters_of_service(
    sequence: int, entry: ServiceEntry, recovery: Recovery, last_attempt: dict[str, int]
) -> bool:
    came_to_nothing = recovery.services.orders[entry.order].standing is ServiceStanding.DROPPED
    return not came_to_nothing and sequence >= last_attempt[entry.order]


def _last_attempts(entries: Iterable[Kept]) -> dict[str, int]:
    return {
        kept.entry.order: kept.sequence for kept in entries if isinstance(kept.entry, ServiceBegun)
    }


def _last_intents(entries: Iterable[Kept]) -> dict[str, int]:
    return {kept.entry.order: kept.sequence for kept in entries if isinstance(kept.entry, Intent)}
