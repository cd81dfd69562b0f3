"""The faults of the issue: what happens, which codes are shown, and the story that is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.simulated.clinic_faults import at_clients, at_service
from tests.simulated.clinic_faults.stage import Stage

ISSUE: Final = (
    "Central service down, slow, lying (old list, list signed by another key, CRL of another CA, "
    "time in the past or future, unsigned answers), network cut mid-session, a client that sends "
    "answers twice or out of order, 10,000 half-open sessions, oversized frames, a page of a "
    "foreign origin"
)
"""The words of the issue."""

BETWEEN: Final = (
    r"Central service ",
    r"lying \(",
    r"a client that sends answers ",
    r", ",
    r"\),? ?",
    r" or ",
)
"""What joins the faults in the words of the issue."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        words: of the issue, as far as this story tells them.
        codes: all that are shown at the desk or answered by the service.
        story: lets it happen; nobody is let in meanwhile, and afterwards all is well.
    """

    words: str
    codes: frozenset[str]
    story: Callable[[Stage], None]

    @property
    def name(self) -> str:
        """How a test run lists it."""
        return self.story.__name__


def _fault(words: str, codes: str, story: Callable[[Stage], None]) -> Fault:
    return Fault(words, frozenset(codes.split()), story)


FAULTS: Final = (
    _fault("down", "service-unreachable", at_service.down),
    _fault("slow", "service-late", at_service.slow),
    _fault("old list", "status-list-older", at_service.old_list),
    _fault(
        "list signed by another key",
        "status-list-signer-undecided",
        at_service.list_of_another_key,
    ),
    _fault(
        "CRL of another CA",
        "trust-revocations-refused",
        at_service.revocations_of_another_authority,
    ),
    _fault("time in the past", "time-went-back", at_service.time_in_the_past),
    _fault("future", "time-went-back", at_service.time_in_the_future),
    _fault(
        "unsigned answers",
        "time-malformed time-altered trust-malformed trust-altered status-list-malformed",
        at_service.unsigned,
    ),
    _fault(
        "network cut mid-session", "service-unreachable session-unknown", at_clients.network_cut
    ),
    _fault("twice", "", at_clients.answers_twice),
    _fault("out of order", "step-wrong", at_clients.out_of_order),
    _fault("10,000 half-open sessions", "sessions-full", at_clients.half_open),
    _fault("oversized frames", "too-large frame-too-large", at_clients.oversized),
    _fault("a page of a foreign origin", "origin-not-allowed", at_clients.foreign_page),
)
