"""Readings of cards that no card was needed for: golden files under an EF.SOD made here."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from cardservice.domain.register import CardStatus
from cardservice.domain.verdict import Check, CheckName, Outcome, Reason
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.ef_sod import sign_ef_sod
from cardservice.pki.trust import TrustStore
from cardservice.policycard.security import SignedFiles, digest_groups
from cardservice.verify.examination import Examination
from cardservice.verify.findings import ChipProof
from cardservice.verify.judging import Judge
from cardservice.verify.ports import PolicyRegister
from cardservice.verify.reading import CardReading
from tests.chain import NOW, REGION, SIGNED, MemoryRegister, issuer
from tests.unit.policycard.golden_records import card_identity, owner_record, signed_files

FILES = signed_files()
CARD_NUMBER = card_identity().list_number << 32 | card_identity().list_index
ENP = owner_record().holder.enp


def sod(
    files: SignedFiles = FILES,
    *,
    signer: DocumentSigner | None = None,
    at: datetime = SIGNED,
    listed: dict[int, bytes] | None = None,
) -> bytes:
    """Return an EF.SOD over the files, or over the hashes ``listed``."""
    hashes = digest_groups(files) if listed is None else listed
    return sign_ef_sod(hashes, signer=signer or issuer().signer, at=at)


def reading(files: SignedFiles = FILES, **changes: Any) -> CardReading:
    """Return the reading of a card that proved its chip, with a right EF.SOD unless changed."""
    security_object = changes.pop("security_object") if "security_object" in changes else sod(files)
    card = CardReading(chip=ChipProof.PROVED, security_object=security_object, files=files)
    return replace(card, **changes)


def altered(**changes: Any) -> CardReading:
    """Return the reading of a card whose files were changed after EF.SOD was signed."""
    return reading(files=replace(FILES, **changes), security_object=sod())


def register() -> MemoryRegister:
    """Return a register that knows the golden card."""
    return MemoryRegister(lambda: NOW, newest={ENP: SIGNED}, cards={CARD_NUMBER: CardStatus.ACTIVE})


def judge(
    card: CardReading,
    *,
    trust: TrustStore | None = None,
    known: PolicyRegister | None = None,
    now: datetime = NOW,
) -> Examination:
    """Return what a desk with a register says of the reading."""
    return Judge(
        trust or issuer().trust(),
        register=known or register(),
        clock=lambda: now,
        region=REGION,
    ).judge(card)


def check_of(examination: Examination, name: CheckName) -> Check:
    assert examination.verdict is not None
    return next(one for one in examination.verdict.checks if one.name is name)


def outcome_of(examination: Examination) -> Outcome:
    assert examination.verdict is not None
    return examination.verdict.outcome


def data_reason(card: CardReading) -> Reason:
    """Return why *data signed* failed; that it failed is asserted."""
    examination = judge(card)
    check = check_of(examination, CheckName.DATA_SIGNED)
    assert (check.outcome, outcome_of(examination)) == (Outcome.INVALID, Outcome.INVALID)
    assert not examination.proved
    return check.reason
