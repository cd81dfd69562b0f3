"""What a clinic asks before it bills: is a policy in force, who insures, what is covered here.

Of the person nothing is told; who asks knows number and birth date already.

Source: domain.md, "What a clinic asks" and "Rules with teeth", 8.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from cardservice.accounts.rights import Right
from cardservice.domain.cover import Programme, programmes_here
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import parse_enp, parse_okato
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act
from cardservice.registry.ports_policies import Policy, PolicyInsurer
from cardservice.web.api.common import NOT_FOUND, Model
from cardservice.web.api.typed import Day, ShortLine
from cardservice.web.office.asking import Asking, asking

router = APIRouter(tags=["coverage"], responses=NOT_FOUND)
Coverage = Annotated[Asking, asking(Right.COVERAGE_ASK)]
_LOOK: Final = "coverage"
_KIND: Final = "policy"
Region = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]


class CoverageQuestion(Model):
    """The number of the policy and the birth date of who shows it.

    ``okato``: the region of the clinic; the asker's own unless it is named.
    """

    enp: ShortLine
    birth_date: Day
    okato: Region | None = Field(default=None, examples=["45000"])


class InsurerNow(Model):
    """Who insures today: OGRN and the region of the policy."""

    ogrn: str
    okato: str


class CoverageShown(Model):
    """Whether the policy is in force today, who insures, and which programmes pay here.

    ``programmes`` is empty while it is not in force, or nobody insures.
    """

    in_force: bool
    state: PolicyState
    valid_until: date | None
    insurer: InsurerNow | None
    programmes: list[Programme]
    asked_on: date


@router.post("/coverage-questions")
def api_ask_coverage(who: Coverage, question: CoverageQuestion) -> CoverageShown:
    """What a policy covers here today; a wrong number and a wrong date are answered alike.

    A POST, so that neither stands in an address. The look at the person is recorded.
    """
    enp = parse_enp(question.enp)
    here = question.okato or who.region
    with who.office.database.reading() as work:
        found = work.policies.by_enp(enp)
    if found is None:
        raise not_found(_KIND)
    policy = found.policy
    # The look belongs to the person's own region, where they are told of it.
    return who.office.look(
        who.actor, policy.region, lambda act: _covered(act, policy, question.birth_date, here)
    )


def insurer_on(history: Iterable[PolicyInsurer], day: date) -> PolicyInsurer | None:
    """Return the period of insurance that a day lies in, None if it lies in none."""
    return next(
        (
            one
            for one in history
            if one.start_date <= day and (one.end_date is None or day <= one.end_date)
        ),
        None,
    )


def _covered(act: Act, policy: Policy, birth_date: date, here: str) -> CoverageShown:
    if act.work.people.get(policy.region, policy.person_id).birth_date != birth_date:
        raise not_found(_KIND)
    act.look(policy.person_id, _LOOK)
    period = insurer_on(act.work.insurers.of_policy(policy.region, policy.id), act.today)
    in_force = _in_force(policy, act.today)
    return CoverageShown(
        in_force=in_force,
        state=PolicyState(policy.state),
        valid_until=policy.valid_until,
        insurer=None if period is None else _insurer(period),
        programmes=sorted(_programmes(period, here)) if in_force and period else [],
        asked_on=act.today,
    )


def _insurer(period: PolicyInsurer) -> InsurerNow:
    # A column of fixed width fills a short value up with blanks.
    return InsurerNow(ogrn=period.ogrn.strip(" "), okato=period.okato.strip(" "))


def _in_force(policy: Policy, day: date) -> bool:
    is_over = policy.valid_until is not None and policy.valid_until < day
    return policy.state == PolicyState.ACTIVE and policy.opened_on <= day and not is_over


def _programmes(period: PolicyInsurer, here: str) -> frozenset[Programme]:
    return programmes_here(parse_okato(period.okato.strip(" ")), parse_okato(here))
