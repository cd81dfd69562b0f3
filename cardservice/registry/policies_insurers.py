"""Who insures under a policy: the history, and how a period is added to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from cardservice.domain.insurer_change import ChangeGround, PastChange
from cardservice.registry.frame import Act
from cardservice.registry.ports_policies import Policy, PolicyInsurer

KIND: Final = "policy"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InsurerReason:
    """Why a period of insurance began; a change counts in the year it was filed."""

    ground: str
    filed_on: date | None = None


FIRST_INSURER: Final = InsurerReason("first")


def insurer_reason(ground: ChangeGround, filed_on: date) -> InsurerReason:
    """Return the reason that a change of insurer is kept with."""
    return InsurerReason(ground.value, filed_on)


def past_changes(history: Iterable[PolicyInsurer]) -> Iterator[PastChange]:
    """Yield the changes of insurer that a history tells of."""
    for period in history:
        if period.filed_on is not None:
            yield PastChange(ChangeGround(period.ground), period.filed_on)


def newest(history: Iterable[PolicyInsurer]) -> PolicyInsurer | None:
    """Return the period that began last, None if there is none."""
    return max(history, key=lambda one: one.start_date, default=None)


def insure(act: Act, policy: Policy, *, ogrn: str, okato: str, reason: InsurerReason) -> UUID:
    """Add a period that begins today, end the one before, and return the new one's id.

    One that began today already is followed by one of tomorrow: no day has two insurers.
    """
    before = newest(act.work.insurers.of_policy(policy.region, policy.id))
    start = act.today
    if before is not None:
        start = max(start, before.start_date + _DAY)
        act.work.insurers.change(replace(before, end_date=start - _DAY))
    added = PolicyInsurer(
        region=policy.region,
        id=act.new_id(),
        policy_id=policy.id,
        ogrn=ogrn,
        okato=okato,
        start_date=start,
        ground=reason.ground,
        filed_on=reason.filed_on,
        recorded_at=act.now,
    )
    act.work.insurers.add(added)
    act.record("policy.insure", KIND, policy.id, insurer=str(added.id))
    return added.id
