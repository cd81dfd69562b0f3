"""What moves a policy: suspension and its end, death, loss of the right, a duplicate, its term.

Each has a date and a reason, and makes one event of the policy's life (``lives``).

Source: domain.md, "Rules with teeth", 7, and "States": policy; Federal Law 326-FZ, article 10.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.lives import PolicyEvent
from cardservice.errors import Refusal


@unique
class PolicyChangeReason(StrEnum):
    MILITARY_SERVICE = "military-service"
    MILITARY_SERVICE_ENDED = "military-service-ended"
    DEATH = "death"
    RIGHT_LOST = "right-lost"  # left the country for good, the permit ended, …
    MERGED_DUPLICATE = "merged-duplicate"
    TERM_ENDED = "term-ended"  # its last day is past; recorded by this program alone


_EVENTS: Final[Mapping[PolicyChangeReason, PolicyEvent]] = {
    PolicyChangeReason.MILITARY_SERVICE: PolicyEvent.SUSPEND,
    PolicyChangeReason.MILITARY_SERVICE_ENDED: PolicyEvent.RESUME,
    PolicyChangeReason.DEATH: PolicyEvent.CLOSE_FOR_DEATH,
    PolicyChangeReason.RIGHT_LOST: PolicyEvent.CLOSE_FOR_RIGHT_LOST,
    PolicyChangeReason.MERGED_DUPLICATE: PolicyEvent.CLOSE_AS_DUPLICATE,
    PolicyChangeReason.TERM_ENDED: PolicyEvent.CLOSE_AT_END,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """Why and from which day a policy moves."""

    reason: PolicyChangeReason
    happened_on: date

    @property
    def event(self) -> PolicyEvent:
        """What happens to the policy."""
        return _EVENTS[self.reason]


def expect_possible(
    change: PolicyChange, *, policy_start: date, last: date | None, on: date
) -> None:
    """Do nothing if the day of ``change`` is possible; its event the table judges.

    Args:
        change: what is recorded.
        policy_start: first day of the policy.
        last: the day of the policy's last change, None if there was none.
        on: today: what has not happened yet moves nothing.

    Raises:
        Refusal: ``policy-change-in-future``, ``policy-change-before-start`` or
            ``policy-change-before-last``.
    """
    day, field = change.happened_on, "happened_on"
    if day > on:
        raise Refusal("policy-change-in-future", "The date is in the future.", field=field)
    if day < policy_start:
        sentence = "The date is before the policy began."
        raise Refusal("policy-change-before-start", sentence, field=field)
    if last is not None and day < last:
        sentence = "The date is before the policy's last change."
        raise Refusal("policy-change-before-last", sentence, field=field)
