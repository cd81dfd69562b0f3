"""What desks tell of cards that were presented to them, now or later."""

import re
from datetime import UTC
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from cardservice.accounts.rights import Right
from cardservice.desk.presentations import BearerCheck, Presentation, Substitute
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import Outcome
from cardservice.registry.presentations import MOST_AT_ONCE, take_presentations
from cardservice.web.api.common import Model, problems
from cardservice.web.api.typed import Flag, Whole
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.asking import needs
from cardservice.web.clinics.ops import metrics_of
from cardservice.web.clinics.parts import Client, clinic_parts

MALFORMED: Final = "presentation-malformed"
router = APIRouter(tags=["desks"])
Service = Annotated[ClinicService, Depends(clinic_service)]
Asking = Annotated[Client, needs(Right.COVERAGE_ASK)]
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z", re.ASCII
)


def _written_moment(value: object) -> object:
    # Else a number would pass for a time: seconds since 1970.
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return value
    raise PydanticCustomError(
        "moment-format", "The time is not written as RFC 3339 has it, in UTC."
    )


Moment = Annotated[AwareDatetime, BeforeValidator(_written_moment)]
CardNumber = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{12}$"), Field(examples=["000100000a3f"])
]


class PresentationTold(Model):
    """One card at a desk; nothing here names a person."""

    id: UUID
    at: Moment
    grade: TimeGrade
    outcome: Outcome | None
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
    card_number: CardNumber | None = None
    offline: Flag = False
    wrong_numbers: Annotated[Whole, Field(ge=0, le=1000)] = 0
    bearer: BearerCheck | None = None
    substitute: Substitute | None = None


class PresentationNamed(Model):
    """What every one has, whatever else is wrong with it."""

    model_config = ConfigDict(extra="allow")

    id: UUID


class PresentationReport(Model):
    """Up to a hundred; each as ``PresentationTold``, and one that is none spoils no other."""

    presentations: Annotated[list[PresentationNamed], Field(max_length=MOST_AT_ONCE)]


class PresentationRefused(Model):
    """One that can never be taken, and why."""

    id: UUID
    code: str


class PresentationsTaken(Model):
    """Those that need not be told again, also of earlier reports; and those never to be."""

    taken: list[UUID]
    refused: list[PresentationRefused]


@router.post("/presentations", responses=problems())
def clinic_take_presentations(
    request: Request, service: Service, client: Asking, report: PresentationReport
) -> PresentationsTaken:
    """Take what a desk tells; each id once, however often it is sent."""
    desk = service.clients.desk(client)
    good: list[Presentation] = []
    refused: dict[UUID, str] = {}
    for one in report.presentations:
        told = presentation_of(one.model_dump(mode="json"))
        if told is None:
            refused[one.id] = MALFORMED
        else:
            good.append(told)
    office = clinic_parts(request).office
    taken = take_presentations(office, desk, good, key=service.cards_key)
    refused |= taken.refused
    metrics = metrics_of(request)
    if metrics is not None:
        metrics.presentations(len(taken.taken), len(refused))
        for kind in taken.signs:
            metrics.sign(kind)
    listed = [PresentationRefused(id=id_, code=code) for id_, code in refused.items()]
    return PresentationsTaken(taken=list(taken.taken), refused=listed)


def presentation_of(members: dict[str, Any]) -> Presentation | None:
    """Return the presentation that the members of a report are, None: they are none."""
    try:
        told = PresentationTold.model_validate(members)
    except ValidationError:
        return None
    number = told.card_number
    return Presentation(
        id=told.id,
        at=told.at.astimezone(UTC),
        grade=told.grade,
        outcome=told.outcome,
        reason=told.reason,
        card_number=None if number is None else int(number, 16),
        offline=told.offline,
        wrong_numbers=told.wrong_numbers,
        bearer=told.bearer,
        substitute=told.substitute,
    )
