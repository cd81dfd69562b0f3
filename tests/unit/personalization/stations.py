"""Stations for tests: what they told, and examiners that say what they are told to."""

from dataclasses import dataclass, field

from cardservice.domain.verdict import Check, CheckName, Outcome, Reason, Verdict
from cardservice.personalization.station import MadeCard
from cardservice.verify.examination import Examination
from cardservice.verify.ports import PresentedCard
from tests.chain import SIGNED, an_order

PROVED = (
    Check(CheckName.CHIP_GENUINE, Outcome.VALID, Reason.CHIP_PROVED),
    Check(CheckName.DATA_SIGNED, Outcome.VALID, Reason.DATA_INTACT),
    Check(CheckName.SIGNER_TRUSTED, Outcome.VALID, Reason.SIGNER_GOOD),
    Check(CheckName.CARD_NOT_BLOCKED, Outcome.UNDECIDED, Reason.REGISTER_UNREACHABLE),
)


@dataclass
class Told:
    """Remembers the cards it was told of; breaks when it is told to."""

    cards: list[MadeCard] = field(default_factory=list)
    broken: bool = False

    def issued(self, made: MadeCard) -> None:
        if self.broken:
            raise OSError("no room on the disk")
        self.cards.append(made)


@dataclass
class SayingExaminer:
    """Says of every card what it was made to say."""

    examination: Examination

    def examine(self, card: PresentedCard, *, can: str | None = None) -> Examination:
        return self.examination


def as_ordered(*checks: Check) -> Examination:
    """Return an examination of the ordered card with the proofs, some of them replaced."""
    others = {check.name: check for check in checks}
    order = an_order()
    return Examination(
        verdict=Verdict(
            checks=tuple(others.get(check.name, check) for check in PROVED),
            at=SIGNED,
            signed_at=SIGNED,
        ),
        holder=order.holder,
        insurance=order.insurance,
        proved=True,
        commands=14,
    )
