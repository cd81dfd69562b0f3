"""What a desk says of a card: checks and a verdict; domain words only, no octets, no HTTP."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique

from cardservice.domain.proven_time import TimeGrade
from cardservice.errors import UsageError


@unique
class Outcome(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"  # could not decide: say so, never round up to VALID


@unique
class CheckName(StrEnum):
    """The questions of a clinic, in the order they are shown (domain.md, "What a clinic asks")."""

    CHIP_GENUINE = "chip-genuine"
    DATA_SIGNED = "data-signed"
    SIGNER_TRUSTED = "signer-trusted"
    TERMINAL_AUTHORISED = "terminal-authorised"
    CARD_NOT_BLOCKED = "card-not-blocked"
    POLICY_IN_FORCE = "policy-in-force"
    INSURER_CURRENT = "insurer-current"
    COVER_HERE = "cover-here"
    BEARER = "bearer"


@unique
class ProtocolName(StrEnum):
    """What ran between desk and card: named in the verdict, so that no downgrade is silent."""

    PACE = "pace"
    CHIP_AUTHENTICATION = "chip-authentication"
    TERMINAL_AUTHENTICATION = "terminal-authentication"
    PASSIVE_AUTHENTICATION = "passive-authentication"


@unique
class Reason(StrEnum):
    """Stable code for why a check came out as it did; sentences and remedies are in ``texts``."""

    # chip genuine
    CHIP_PROVED = "chip-proved"
    CHIP_COPIED = "chip-copied"
    CHIP_KEY_NOT_VOUCHED = "chip-key-not-vouched"
    CHIP_NOT_ASKED = "chip-not-asked"
    # data signed
    DATA_INTACT = "data-intact"
    SECURITY_OBJECT_MALFORMED = "security-object-malformed"
    SIGNATURE_WRONG = "signature-wrong"
    DATA_ALTERED = "data-altered"
    DATA_NOT_COVERED = "data-not-covered"
    DATA_REPEATED = "data-repeated"
    OBJECT_MISSING = "object-missing"
    CARD_ACCESS_DIFFERS = "card-access-differs"
    CONTENT_MALFORMED = "content-malformed"
    NO_TRUST_LAYER = "no-trust-layer"
    TRUST_LAYER_REMOVED = "trust-layer-removed"
    # signer trusted
    SIGNER_GOOD = "signer-good"
    SIGNER_UNKNOWN = "signer-unknown"
    SIGNER_EXPIRED = "signer-expired"
    SIGNER_REVOKED = "signer-revoked"
    SIGNER_OUT_OF_USAGE_PERIOD = "signer-out-of-usage-period"
    SIGNER_NOT_ALLOWED = "signer-not-allowed"
    REVOCATIONS_UNAVAILABLE = "revocations-unavailable"
    REVOCATIONS_STALE = "revocations-stale"
    TEST_CARD = "test-card"
    # terminal authorised
    TERMINAL_NOT_NEEDED = "terminal-not-needed"
    TERMINAL_AUTHENTICATED = "terminal-authenticated"
    OPENED_WITH_CAN = "opened-with-can"
    PROTOCOL_NOT_RUN = "protocol-not-run"
    # card not blocked
    CARD_ACTIVE = "card-active"
    CARD_BLOCKED = "card-blocked"
    CARD_TERMINATED = "card-terminated"
    CARD_NOT_PERSONALIZED = "card-not-personalized"
    CARD_UNKNOWN = "card-unknown"
    CARD_NOT_LISTED = "card-not-listed"
    REGISTER_UNREACHABLE = "register-unreachable"
    # policy in force
    POLICY_GOOD = "policy-good"
    POLICY_EXPIRED = "policy-expired"
    POLICY_UNKNOWN = "policy-unknown"
    POLICY_BY_LIST = "policy-by-list"
    POLICY_NOT_LISTED = "policy-not-listed"
    # insurer current
    INSURER_GOOD = "insurer-good"
    INSURER_NOT_STARTED = "insurer-not-started"
    INSURER_ENDED = "insurer-ended"
    INSURER_AS_SIGNED = "insurer-as-signed"
    SUPERSEDED = "superseded"
    # cover here
    COVER_TERRITORIAL = "cover-territorial"
    COVER_BASIC = "cover-basic"
    # bearer
    BEARER_NOT_CONFIRMED = "bearer-not-confirmed"
    # any check that rests on time
    TIME_UNKNOWN = "time-unknown"
    KNOWLEDGE_TOO_OLD = "knowledge-too-old"
    # any check
    NOT_READ = "not-read"


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer.

    Attributes:
        age: how old the data are that the answer rests on; None when they are the card's own.
        decisive: whether the verdict depends on it. A check that is shown but left to a
            person (the bearer), not asked for here (the terminal, on contact) or not to be
            known from a status list (who insures now) is not.
        at_least: the desk's time was not proved, so ``age`` is a lower bound.
    """

    name: CheckName
    outcome: Outcome
    reason: Reason
    age: timedelta | None = None
    decisive: bool = True
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of one presentation.

    Attributes:
        checks: at least one decisive; a name at most once.
        at: when it was judged, UTC, as ``grade`` has it.
        signed_at: date of the record that was proved (``signingTime``), None when none was.
        skipped: what was on the card and not understood or not shown, in plain words.
        ran: the protocols that ran and succeeded.
        grade: how the time ``at`` is known.
    """

    checks: tuple[Check, ...]
    at: datetime
    signed_at: datetime | None = None
    skipped: tuple[str, ...] = ()
    ran: frozenset[ProtocolName] = frozenset()
    grade: TimeGrade = TimeGrade.PROVEN

    def __post_init__(self) -> None:
        if not any(check.decisive for check in self.checks):
            raise UsageError("a verdict needs at least one decisive check")

    @property
    def outcome(self) -> Outcome:
        """``invalid`` if any decisive check is; else ``undecided`` if any is; else ``valid``."""
        outcomes = {check.outcome for check in self.checks if check.decisive}
        for worst in (Outcome.INVALID, Outcome.UNDECIDED):
            if worst in outcomes:
                return worst
        return Outcome.VALID

    @property
    def deciding(self) -> Check:
        """The check that decided: the first decisive one with the verdict's outcome."""
        outcome = self.outcome
        return next(one for one in self.checks if one.decisive and one.outcome is outcome)
