"""What a card in its holder's hands proves of itself, read as a clinic reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from cardservice.channel.security_infos import parse_chip_security
from cardservice.domain.verdict import CheckName, Outcome, Reason, Verdict
from cardservice.errors import CardRemovedError, CardServiceError, LinkError, TimeBudgetError
from cardservice.personalization.after_issue_refusals import (
    broken_card,
    foreign_card,
    problem_refusal,
    state_refusal,
    untrusted,
)
from cardservice.pki.ef_sod import parse_ef_sod, verify_ef_sod
from cardservice.policycard.identity import decode_card_id
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.ports import PresentedCard
from cardservice.verify.reading import CardReading


class ReadingExaminer(Protocol):
    """Reads and judges a card, and hands over what it read; ``CardExaminer`` is one."""

    def examine_with_reading(
        self, card: PresentedCard, *, can: str | None = None
    ) -> tuple[Examination, CardReading | None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCard:
    """A card whose chip is genuine and whose data are what was signed.

    Attributes:
        chip: serial number of the chip, 8 octets, covered by EF.SOD.
        number: its place in the status list, 48 bits, covered by EF.SOD.
        point: the chip's public key, 65 octets; the chip proved to have the private one.
        insurer: the current insurer EF, as received.
        hashes: by data-group number, as the signer listed them.
        signed_at: ``signingTime`` of EF.SOD; None: the signer named none.
        examination: as a clinic saw it.
    """

    chip: bytes
    number: int
    point: bytes
    insurer: bytes = field(repr=False)
    hashes: Mapping[int, bytes] = field(repr=False)
    signed_at: datetime | None
    examination: Examination


_FAILURES: Final[Mapping[Problem | None, type[CardServiceError]]] = {
    Problem.CARD_REMOVED: CardRemovedError,
    Problem.CARD_MUTE: CardRemovedError,
    Problem.CARD_TOO_SLOW: TimeBudgetError,
    Problem.READER_FAILED: LinkError,
}
_CODES: Final[Mapping[CheckName, str]] = {
    CheckName.CHIP_GENUINE: "held-card-not-genuine",
    CheckName.DATA_SIGNED: "held-card-altered",
    CheckName.SIGNER_TRUSTED: "held-card-signer",
}
"""What a card must prove, in the order in which it is told of → the code if it does not."""


def held_card(
    examination: Examination, reading: CardReading | None, *, whoever_signed: bool = False
) -> HeldCard:
    """Return what the card proved.

    Args:
        examination: of this reading.
        reading: None where a problem kept it from us.
        whoever_signed: the signer need not be trusted any more: for a card that is to be ended.

    Raises:
        Refusal: it proved less; ``after_issue_refusals`` has the codes.
        LinkError: it went away while it was read.
    """
    if examination.verdict is None or reading is None:
        raise _failure(examination.problem)
    if reading.life_cycle is not None:
        raise state_refusal(reading.life_cycle)
    _require_proved(examination.verdict, whoever_signed=whoever_signed)
    files, security_object = reading.files, reading.security_object
    if None in (security_object, files.card_id, files.insurer, files.chip_security):
        raise broken_card()
    identity = decode_card_id(files.card_id or b"").identity
    verified = verify_ef_sod(parse_ef_sod(security_object or b""))
    return HeldCard(
        chip=identity.chip_serial,
        number=identity.list_number << 32 | identity.list_index,
        point=parse_chip_security(files.chip_security or b"").public_key.point,
        insurer=files.insurer or b"",
        hashes=verified.hashes,
        signed_at=verified.signing_time,
        examination=examination,
    )


def _failure(problem: Problem | None) -> CardServiceError:
    kind = _FAILURES.get(problem)
    if kind is None:
        return problem_refusal(problem)
    return kind(f"the card could not be read ({problem})")


def _require_proved(verdict: Verdict, *, whoever_signed: bool) -> None:
    found = {check.name: check for check in verdict.checks}
    for name, code in _CODES.items():
        check = found.get(name)
        if check is None:
            raise broken_card()
        if check.outcome is Outcome.VALID:
            continue
        if check.reason is Reason.NO_TRUST_LAYER:
            raise foreign_card()
        if name is not CheckName.SIGNER_TRUSTED or not whoever_signed:
            raise untrusted(code, check.reason)
