"""Findings of a card with which all is well, for tests to spoil one thing each."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cardservice.domain.numbers import Okato
from cardservice.domain.register import AnswerSource, CardStatus, RegisterAnswer
from cardservice.domain.verdict import Outcome, Reason
from cardservice.verify.checks import DeskContext
from cardservice.verify.findings import ChipProof, Findings, SignerFinding
from tests.chain import NOW, REGION, SIGNED
from tests.unit.policycard.golden_records import insurer_record, owner_record

TODAY = NOW.date()
DAY = timedelta(days=1)
HERE = DeskContext(now=NOW, region=REGION)
INSURANCE = insurer_record().insurance
KNOWN = RegisterAnswer(
    newest_record=SIGNED, trust_layer=True, card=CardStatus.ACTIVE, as_of=NOW - timedelta(hours=2)
)
LISTED = RegisterAnswer(
    newest_record=None,
    trust_layer=False,
    card=CardStatus.ACTIVE,
    as_of=NOW - timedelta(hours=2),
    source=AnswerSource.STATUS_LIST,
)
"""What a status list says of the good card."""
GOOD = Findings(
    has_security_object=True,
    chip=ChipProof.PROVED,
    covers_chip=True,
    chip_vouched=True,
    signed_at=SIGNED,
    signer=SignerFinding(Outcome.VALID, Reason.SIGNER_GOOD, timedelta(days=3)),
    holder=owner_record().holder,
    insurance=INSURANCE,
    register=KNOWN,
)
FIELD = Findings(holder=GOOD.holder, insurance=INSURANCE, register=KNOWN)
"""A card of the field whose policy has no card with a trust layer."""


def found(**changes: Any) -> Findings:
    """Return the good findings with some things else."""
    return replace(GOOD, **changes)


def answer(**changes: Any) -> RegisterAnswer:
    """Return the good answer of the register with some things else."""
    return replace(KNOWN, **changes)


def insured(*, start: date | None = None, end: date | None = None, okato: str = REGION) -> Findings:
    """Return the good findings with another period of insurance."""
    begun = INSURANCE.start_date if start is None else start
    return found(insurance=replace(INSURANCE, start_date=begun, end_date=end, okato=Okato(okato)))
