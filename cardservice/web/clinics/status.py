"""How a card or a policy stands now, for who has a card before them."""

from datetime import date, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from cardservice.accounts.rights import Right
from cardservice.domain.lives import PolicyState
from cardservice.domain.register import CardStatus
from cardservice.registry.clinics_standing import status_of
from cardservice.registry.coverage import in_force
from cardservice.registry.ports_clinics import CardStanding
from cardservice.web.api.answers import DIGEST_DIGITS, SEEN, Known, has_tag
from cardservice.web.api.common import Model, problems
from cardservice.web.api.typed import ShortLine
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.asking import needs
from cardservice.web.clinics.parts import Client, clinic_parts
from cardservice.web.clinics.presentations import CardNumber
from cardservice.web.clinics.signing import Nonce, Signed, signed_answer

router = APIRouter(tags=["status"])
Service = Annotated[ClinicService, Depends(clinic_service)]
ASKED: Final = "status-questions"
Asking = Annotated[Client, needs(Right.COVERAGE_ASK)]


class StatusQuestion(Model):
    """The number of a card (EF.CardID: list and place), of a policy, or of both.

    Who sends a nonce gets the answer signed.
    """

    card_number: CardNumber | None = None
    enp: ShortLine | None = None
    nonce: Nonce | None = None

    @model_validator(mode="after")
    def _one_at_least(self) -> "StatusQuestion":
        if self.card_number is None and self.enp is None:
            raise PydanticCustomError("missing", "Name a card or a policy.")
        return self


class PolicyStatus(Model):
    """How a policy stands, and whether it is in force today."""

    state: PolicyState
    in_force: bool


class StatusTold(Model):
    """What the register says; ``policy`` is null where it knows none such."""

    card: CardStatus
    policy: PolicyStatus | None
    trust_layer: bool
    newest_record: datetime | None
    as_of: datetime
    signed: Signed = None


@router.post("/status-questions", response_model=StatusTold, responses={**SEEN, **problems()})
def clinic_ask_status(
    request: Request,
    service: Service,
    client: Asking,  # noqa: ARG001 - the guard
    question: StatusQuestion,
    known: Known = None,
) -> Response:
    """Tell how a card and its policy stand; a POST, so that no number stands in an address.

    Asked with `If-None-Match` and no nonce it answers 304 while nothing but the time has changed.
    """
    office = clinic_parts(request).office
    number = None if question.card_number is None else int(question.card_number, 16)
    told = _told(status_of(office, card_number=number, enp=question.enp), office.today)
    tag = _tag(told, question)
    if question.nonce is not None:
        signed = signed_answer(service, ASKED, question, told, nonce=question.nonce)
        told = told.model_copy(update={"signed": signed})
    elif has_tag(known, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    said = told.model_dump_json(exclude_unset=True)
    return Response(said, media_type="application/json", headers={"ETag": tag})


def _told(standing: CardStanding, today: date) -> StatusTold:
    answer, policy = standing.answer, standing.policy
    shown = None
    if policy is not None:
        state = PolicyState(policy.state)
        shown = PolicyStatus(state=state, in_force=in_force(policy, today))
    return StatusTold(
        card=answer.card,
        policy=shown,
        trust_layer=answer.trust_layer,
        newest_record=answer.newest_record,
        as_of=answer.as_of,
    )


def _tag(told: StatusTold, question: StatusQuestion) -> str:
    """Return the entity tag of what was told of just this question, without when."""
    said = f"{question.model_dump_json(exclude={'nonce'})}{told.model_dump_json(exclude={'as_of'})}"
    return f'"{sha256(said.encode()).hexdigest()[:DIGEST_DIGITS]}"'
