"""What a clinic asks before it bills: is a policy in force, who insures, what is covered here.

Of the person nothing is told; who asks knows number and birth date already.

Source: domain.md, "What a clinic asks" and "Rules with teeth", 8.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from cardservice.accounts.rights import Right
from cardservice.domain.cover import Programme
from cardservice.domain.lives import PolicyState
from cardservice.registry import coverage as registry
from cardservice.web.api.common import NOT_FOUND, Model
from cardservice.web.api.typed import Day, ShortLine
from cardservice.web.office.asking import Asking, asking

router = APIRouter(tags=["coverage"], responses=NOT_FOUND)
Coverage = Annotated[Asking, asking(Right.COVERAGE_ASK)]
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
    asked = registry.CoverageQuestion(
        enp=question.enp, birth_date=question.birth_date, okato=question.okato or who.region
    )
    return CoverageShown.model_validate(registry.ask_coverage(who.office, who.actor, asked))
