"""What a desk finds again when it starts: verified anew, as if it had just come."""

from dataclasses import dataclass
from typing import Final, Protocol

from cardservice.desk.knowledge import Knowledge
from cardservice.desk.proven_time import ProvenTime, TimeBound
from cardservice.desk.trust_bundle import TrustError
from cardservice.pki.status_list import StatusListError

FILE_DAMAGED: Final = "desk-file-damaged"
FILE_UNWRITTEN: Final = "desk-file-unwritten"


class Kept(Protocol):
    """Files of the desk. Reading: None: there is none, or it is damaged. Nothing here raises."""

    def bound(self) -> TimeBound | None: ...

    def trust(self) -> str | None: ...

    def status_list(self, number: int, *, longest: int) -> bytes | None:
        """Return its octets; None also when they are more than ``longest``."""
        ...

    def keep_bound(self, bound: TimeBound) -> None: ...

    def keep_trust(self, token: str) -> None: ...

    def keep_list(self, number: int, octets: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class NotRestored:
    """Something kept that is not believed any more.

    Attributes:
        what: ``trust`` or ``list N``.
        code: why: a value of ``TrustFault`` or ``StatusListFault``.
    """

    what: str
    code: str


def restore(kept: Kept, knowledge: Knowledge, time: ProvenTime) -> tuple[NotRestored, ...]:
    """Give ``knowledge`` what was kept, as far as it is believed; return what is not.

    The time of whatever is believed has passed: without a file of its own the time is at least
    that. A file copied back from a backup is an older state, and consistent in itself.
    """
    token = kept.trust()
    if token is None:
        return ()
    try:
        time.not_before(knowledge.take_trust(token).issued)
    except TrustError as error:
        return (NotRestored("trust", error.fault.value),)
    return tuple(
        fault
        for number in knowledge.wanted_lists()
        if (fault := _restore_list(kept, knowledge, time, number)) is not None
    )


def _restore_list(
    kept: Kept, knowledge: Knowledge, time: ProvenTime, number: int
) -> NotRestored | None:
    longest = knowledge.expected_list(number).most_token_octets
    octets = kept.status_list(number, longest=longest)
    if octets is None:
        return None
    try:
        time.not_before(knowledge.take_list(number, octets).issued)
    except StatusListError as error:
        return NotRestored(f"list {number}", error.fault.value)
    return None
