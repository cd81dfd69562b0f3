"""What came of one card presented at a desk."""

from dataclasses import dataclass, field
from enum import StrEnum, unique

from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.verdict import Verdict
from cardservice.policycard.photo import Photo


@unique
class Problem(StrEnum):
    """Why there is no verdict: the card could not be read as a policy card."""

    NOT_A_POLICY_CARD = "not-a-policy-card"
    CARD_REMOVED = "card-removed"
    CARD_MUTE = "card-mute"
    CARD_TOO_SLOW = "card-too-slow"
    READER_FAILED = "reader-failed"
    CARD_UNREADABLE = "card-unreadable"
    ACCESS_REFUSED = "access-refused"
    CAN_WRONG = "can-wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """A verdict with what was read, or the problem that kept it from being one.

    Attributes:
        holder, insurance: what the card says, shown only if ``verdict`` is there. Under an
            EF.SOD they come from what its hashes cover; without one they are unproved.
        photo: only when it was asked for, as ``holder``.
        proved: the shown texts are covered by a good security object of a trusted signer.
        card_number: list number and index of EF.CardID as one 48-bit integer; only if ``proved``.
        elapsed_ms: from the first command to the verdict.
        commands: command APDUs sent.
    """

    verdict: Verdict | None = None
    problem: Problem | None = None
    holder: Holder | None = field(default=None, repr=False)
    insurance: InsurancePeriod | None = field(default=None, repr=False)
    photo: Photo | None = field(default=None, repr=False)
    proved: bool = False
    card_number: int | None = field(default=None, repr=False)
    elapsed_ms: float = 0.0
    commands: int = 0
