"""The QR code of a temporary certificate, asked about by a clinic's own program."""

from typing import Annotated

from fastapi import APIRouter, Request

from cardservice.accounts.rights import Right
from cardservice.papers.statement.signed import verify_statement
from cardservice.web.api.cards.verifying import StatementQuestion, StatementShown
from cardservice.web.api.common import problems
from cardservice.web.clinics.asking import needs
from cardservice.web.clinics.parts import Client, clinic_parts

router = APIRouter(tags=["papers"])
Asking = Annotated[Client, needs(Right.COVERAGE_ASK)]


@router.post("/statements", responses=problems())
def clinic_verify_statement(
    request: Request,
    client: Asking,  # noqa: ARG001 - the guard
    question: StatementQuestion,
) -> StatementShown:
    """What a certificate says, if its signature and days are right (else 409, ``statement-…``).

    Not checked: whether the bearer is the person. A POST, so that nothing stands in an address.
    """
    parts = clinic_parts(request)
    said = verify_statement(question.statement, parts.statement_keys, parts.office.today)
    return StatementShown.model_validate(said)
