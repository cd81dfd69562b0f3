"""What the QR code of a temporary certificate says, if it is genuine and serves today."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from cardservice.accounts.rights import Right
from cardservice.domain.holder import Category
from cardservice.papers.statement.signed import TEXT_LENGTH, verify_statement
from cardservice.web.api.common import Model
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.queue.papers import papers_of

router = APIRouter(prefix="/temporary-certificates", tags=["papers"])
Coverage = Annotated[Asking, asking(Right.COVERAGE_ASK)]

Scanned = Annotated[str, StringConstraints(pattern=rf"^[ -~]{{1,{TEXT_LENGTH}}}$")]


class StatementQuestion(Model):
    """The text of the QR code, as a scanner reads it."""

    statement: Scanned = Field(examples=["OMS1:6BFOXN…"])


class StatementShown(Model):
    """What the code says, proved to be of its insurer; a long name ends in ``…``.

    ``enp`` is null while the register has not given one.
    """

    insurer: str
    fund: str
    number: str
    category: Category
    enp: str | None
    birth_date: date
    surname: str
    given_name: str
    patronymic: str | None
    issued: date
    valid_until: date


@router.post("/verifications")
def api_verify_certificate(who: Coverage, question: StatementQuestion) -> StatementShown:
    """What a certificate says, if its signature and days are right (else 409, ``statement-…``).

    Not checked: whether the bearer is the person. A POST, so that nothing stands in an address.
    """
    keys = papers_of(who.parts).statement_keys
    said = verify_statement(question.statement, keys, who.office.today)
    return StatementShown.model_validate(said)
