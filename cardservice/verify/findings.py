"""What the desk found out about one card, before anything is concluded from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, unique

from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.register import RegisterAnswer
from cardservice.domain.verdict import Outcome, ProtocolName, Reason
from cardservice.policycard.photo import Photo


@unique
class ChipProof(Enum):
    """What came of chip authentication."""

    NOT_OFFERED = "the card has no EF.ChipSecurity we could read"
    PROVED = "the first answer under the new keys had a correct MAC"
    FAILED = "the card did not show that it has the private key"
    NOT_ASKED = "files came without their card"


@dataclass(frozen=True, slots=True)
class SignerFinding:
    """How the document signer was judged, and how old the revocation data are."""

    outcome: Outcome
    reason: Reason
    age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything the checks look at.

    Attributes:
        life_cycle: octet of GET DATA DF01 where it was asked for, else None.
        has_security_object: an EF.SOD was read, good or not.
        security_object_fault: why its signature or form is not good, None when it is.
        data_fault: why the data are not what it covers, None when they are.
        covers_chip: EF.SOD lists EF.ChipSecurity (number 14).
        chip_vouched: the hash of EF.ChipSecurity is the listed one.
        signed_at: signingTime of a security object with a good signature, UTC.
        signer: None when there was no good signature to ask about.
        holder, insurance, expiry: under an EF.SOD from what its hashes cover, else as read.
        photo: if it was asked for; under an EF.SOD only if its hash is right.
        register: None when no register could be reached.
        register_asked: no policy number was read, so there was nothing to ask about, if False.
        ran: protocols that ran and succeeded.
    """

    life_cycle: int | None = None
    has_security_object: bool = False
    security_object_fault: Reason | None = None
    data_fault: Reason | None = None
    chip: ChipProof = ChipProof.NOT_OFFERED
    covers_chip: bool = False
    chip_vouched: bool = False
    signed_at: datetime | None = None
    signer: SignerFinding | None = None
    holder: Holder | None = None
    insurance: InsurancePeriod | None = None
    expiry: date | None = None
    photo: Photo | None = None
    register: RegisterAnswer | None = None
    register_asked: bool = True
    ran: frozenset[ProtocolName] = frozenset()

    @property
    def data_proved(self) -> bool:
        """The texts are covered by a security object that a trusted signer has signed."""
        return (
            self.has_security_object
            and self.security_object_fault is None
            and self.data_fault is None
            and self.signer is not None
            and self.signer.outcome is Outcome.VALID
        )
