"""The table of checks: what a clinic asks, and how the findings answer (domain.md; card.md §3, §5).

Each check is a function of the findings and of where and when the desk stands. None of them
raises, none of them looks at octets, and none rounds up.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.cover import Programme, programmes_here
from cardservice.domain.numbers import Okato
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.register import AnswerSource, CardStatus, RegisterAnswer
from cardservice.domain.verdict import Check, CheckName, Outcome, ProtocolName, Reason
from cardservice.verify.findings import ChipProof, Findings

_NO_TIME: Final = timedelta(0)
VALID, INVALID, UNDECIDED = Outcome.VALID, Outcome.INVALID, Outcome.UNDECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContext:
    """Where and when the desk stands.

    Attributes:
        now: UTC, as ``grade`` has it.
        grade: how the time is known.
        since_proof: since it was last proved, at least; None: it never was.
        region: OKATO of the desk's region, five digits; None when it is not set.
        register_max_age: older answers of a register decide nothing, nor does a time that was
            proved longer ago.
        required: protocols that must have run here.
        zone: where the desk's days begin; None: that of the machine.
    """

    now: datetime
    grade: TimeGrade = TimeGrade.PROVEN
    since_proof: timedelta | None = _NO_TIME
    region: str | None = None
    register_max_age: timedelta = timedelta(hours=72)
    required: frozenset[ProtocolName] = frozenset()
    zone: tzinfo | None = None

    @property
    def today(self) -> date:
        """The day on the desk's own calendar: a policy ends at its midnight, not at Greenwich's."""
        return self.now.astimezone(self.zone).date()

    @property
    def doubt(self) -> Reason | None:
        """Why nothing that rests on time is decided here; None: it is."""
        if self.grade is TimeGrade.UNKNOWN:
            return Reason.TIME_UNKNOWN
        if self.since_proof is None or self.since_proof > self.register_max_age:
            return Reason.KNOWLEDGE_TOO_OLD
        return None


CheckRule = Callable[[Findings, DeskContext], Check]

# The answers that are the same for every good card are made once.
_CHIP_PROVED: Final = Check(CheckName.CHIP_GENUINE, VALID, Reason.CHIP_PROVED)
_CHIP_NOT_ASKED: Final = Check(CheckName.CHIP_GENUINE, UNDECIDED, Reason.CHIP_NOT_ASKED)
_DATA_INTACT: Final = Check(CheckName.DATA_SIGNED, VALID, Reason.DATA_INTACT)
_TERMINAL_NOT_NEEDED: Final = Check(
    CheckName.TERMINAL_AUTHORISED, VALID, Reason.TERMINAL_NOT_NEEDED, decisive=False
)
_TERMINAL_AUTHENTICATED: Final = Check(
    CheckName.TERMINAL_AUTHORISED, VALID, Reason.TERMINAL_AUTHENTICATED, decisive=False
)
_OPENED_WITH_CAN: Final = Check(
    CheckName.TERMINAL_AUTHORISED, VALID, Reason.OPENED_WITH_CAN, decisive=False
)
_PROTOCOL_NOT_RUN: Final = Check(CheckName.TERMINAL_AUTHORISED, UNDECIDED, Reason.PROTOCOL_NOT_RUN)
_COVER_TERRITORIAL: Final = Check(CheckName.COVER_HERE, VALID, Reason.COVER_TERRITORIAL)
_COVER_BASIC: Final = Check(CheckName.COVER_HERE, VALID, Reason.COVER_BASIC)
# A list knows no insurers: that leaves a question for the bill, and none for the door.
_INSURER_AS_SIGNED: Final = Check(
    CheckName.INSURER_CURRENT, UNDECIDED, Reason.INSURER_AS_SIGNED, decisive=False
)
_BEARER_NOT_CONFIRMED: Final = Check(
    CheckName.BEARER, UNDECIDED, Reason.BEARER_NOT_CONFIRMED, decisive=False
)


def chip_genuine(found: Findings, _: DeskContext) -> Check:
    """Genuine = chip authentication succeeded, and EF.SOD vouches for EF.ChipSecurity."""
    name = CheckName.CHIP_GENUINE
    if found.covers_chip and found.chip not in (ChipProof.PROVED, ChipProof.NOT_ASKED):
        return Check(name, INVALID, Reason.CHIP_COPIED)
    if found.chip is ChipProof.FAILED and _nothing_read(found):
        return Check(name, INVALID, Reason.CHIP_COPIED)
    if not found.has_security_object:
        return Check(name, UNDECIDED, _absence(found))
    if found.covers_chip and not found.chip_vouched:
        return Check(name, INVALID, Reason.CHIP_KEY_NOT_VOUCHED)
    if found.security_object_fault is not None or not found.covers_chip:
        return Check(name, UNDECIDED, Reason.CHIP_KEY_NOT_VOUCHED)
    return _CHIP_PROVED if found.chip is ChipProof.PROVED else _CHIP_NOT_ASKED


def data_signed(found: Findings, context: DeskContext) -> Check:
    """The texts are what EF.SOD covers; without it nothing is proved, and its loss is noticed."""
    name = CheckName.DATA_SIGNED
    if not found.has_security_object:
        if found.register is not None and found.register.trust_layer:
            age = _age(found.register, context.now)
            return Check(name, INVALID, Reason.TRUST_LAYER_REMOVED, age)
        return Check(name, UNDECIDED, _absence(found))
    fault = found.security_object_fault or found.data_fault
    if fault is not None:
        return Check(name, INVALID, fault)
    return _DATA_INTACT


def signer_trusted(found: Findings, _: DeskContext) -> Check:
    """The signer as the trust store judged it; nothing to ask without a good signature."""
    name = CheckName.SIGNER_TRUSTED
    if not found.has_security_object:
        return Check(name, UNDECIDED, _absence(found))
    if found.signer is None:
        return Check(name, UNDECIDED, Reason.NOT_READ)
    return Check(name, found.signer.outcome, found.signer.reason, found.signer.age)


def terminal_authorised(found: Findings, context: DeskContext) -> Check:
    """What the card was shown; it decides only where the desk insists on a protocol (card.md §5).

    On contact a card of profile ``field`` asks for nothing.
    """
    if not context.required <= found.ran:
        return _PROTOCOL_NOT_RUN
    if ProtocolName.TERMINAL_AUTHENTICATION in found.ran:
        return _TERMINAL_AUTHENTICATED
    return _OPENED_WITH_CAN if ProtocolName.PACE in found.ran else _TERMINAL_NOT_NEEDED


_BY_LIFE_CYCLE = {
    LifeCycle.BLOCKED: Reason.CARD_BLOCKED,
    LifeCycle.TERMINATED: Reason.CARD_TERMINATED,
    LifeCycle.BLANK: Reason.CARD_NOT_PERSONALIZED,
}
_BY_STATUS = {
    CardStatus.ACTIVE: (VALID, Reason.CARD_ACTIVE),
    CardStatus.BLOCKED: (INVALID, Reason.CARD_BLOCKED),
    CardStatus.TERMINATED: (INVALID, Reason.CARD_TERMINATED),
    CardStatus.UNKNOWN: (UNDECIDED, Reason.CARD_UNKNOWN),
}


def card_not_blocked(found: Findings, context: DeskContext) -> Check:
    """What the chip itself says comes first; then what the register knows of this card."""
    name = CheckName.CARD_NOT_BLOCKED
    stated = _BY_LIFE_CYCLE.get(found.life_cycle)  # type: ignore[call-overload]
    if stated is not None:
        return Check(name, INVALID, stated)
    answer = found.register if _is_ended(found) else _fresh(found, context)
    if answer is None:
        return _no_answer(name, found, context)
    if _is_of_list(answer) and not _is_listed(answer, found):
        return Check(name, UNDECIDED, Reason.CARD_NOT_LISTED, _age(answer, context.now))
    outcome, reason = _BY_STATUS[answer.card]
    return Check(name, outcome, reason, _age(answer, context.now))


def policy_in_force(found: Findings, context: DeskContext) -> Check:
    """The policy's own expiry; a policy without one is unlimited."""
    name = CheckName.POLICY_IN_FORCE
    if found.holder is None:
        return Check(name, UNDECIDED, Reason.NOT_READ)
    if found.expiry is not None and found.expiry < context.today:
        return Check(name, INVALID, Reason.POLICY_EXPIRED)
    answer = _fresh(found, context)
    if answer is None:
        return _no_answer(name, found, context)
    age = _age(answer, context.now)
    if _is_of_list(answer):
        return _policy_by_list(answer, found, age)
    if answer.newest_record is None and not answer.trust_layer:
        return Check(name, UNDECIDED, Reason.POLICY_UNKNOWN, age)
    return Check(name, VALID, Reason.POLICY_GOOD, age)


def _policy_by_list(answer: RegisterAnswer, found: Findings, age: timedelta) -> Check:
    """The cards of a policy that is closed or suspended are not active on a list."""
    name = CheckName.POLICY_IN_FORCE
    if answer.card is CardStatus.ACTIVE and _is_listed(answer, found):
        return Check(name, VALID, Reason.POLICY_BY_LIST, age)
    return Check(name, UNDECIDED, Reason.POLICY_NOT_LISTED, age)


def insurer_current(found: Findings, context: DeskContext) -> Check:
    """The period covers today, and no newer record was issued (card.md §3: superseded)."""
    name, today = CheckName.INSURER_CURRENT, context.today
    if found.insurance is None:
        return Check(name, UNDECIDED, Reason.NOT_READ)
    if found.insurance.start_date > today:
        return Check(name, INVALID, Reason.INSURER_NOT_STARTED)
    if found.insurance.end_date is not None and found.insurance.end_date < today:
        return Check(name, INVALID, Reason.INSURER_ENDED)
    return _not_superseded(found, context)


def _not_superseded(found: Findings, context: DeskContext) -> Check:
    name, answer = CheckName.INSURER_CURRENT, _fresh(found, context)
    if answer is None:
        return _no_answer(name, found, context)
    age = _age(answer, context.now)
    if found.signed_at is None:
        return Check(name, UNDECIDED, Reason.NO_TRUST_LAYER, age)
    if _is_of_list(answer):
        return _INSURER_AS_SIGNED
    if answer.newest_record is not None and found.signed_at < answer.newest_record:
        return Check(name, INVALID, Reason.SUPERSEDED, age)
    return Check(name, VALID, Reason.INSURER_GOOD, age)


def cover_here(found: Findings, context: DeskContext) -> Check:
    """The basic programme everywhere; the territorial one only in the region of the policy."""
    if found.insurance is None:
        return Check(CheckName.COVER_HERE, UNDECIDED, Reason.NOT_READ)
    here = None if context.region is None else Okato(context.region)
    programmes = programmes_here(found.insurance.okato, here)
    return _COVER_TERRITORIAL if Programme.TERRITORIAL in programmes else _COVER_BASIC


def bearer(_: Findings, __: DeskContext) -> Check:
    """Left to the clerk: what the chip proved says nothing of who carries it."""
    return _BEARER_NOT_CONFIRMED


CHECKS: tuple[CheckRule, ...] = (
    chip_genuine,
    data_signed,
    signer_trusted,
    terminal_authorised,
    card_not_blocked,
    policy_in_force,
    insurer_current,
    cover_here,
    bearer,
)


def run_checks(found: Findings, context: DeskContext) -> tuple[Check, ...]:
    """Return the answer of every check of the table, in the order they are shown.

    In doubt about the time, whatever it could have made good or bad is undecided.
    """
    answers = tuple([rule(found, context) for rule in CHECKS])
    if context.grade is TimeGrade.PROVEN and context.doubt is None:
        return answers
    return tuple([_in_doubt(one, context) for one in answers])


_BY_TIME: Final = frozenset(
    {
        CheckName.SIGNER_TRUSTED,
        CheckName.CARD_NOT_BLOCKED,
        CheckName.POLICY_IN_FORCE,
        CheckName.INSURER_CURRENT,
    }
)
_BY_TODAY: Final = frozenset(
    {
        Reason.POLICY_EXPIRED,
        Reason.INSURER_NOT_STARTED,
        Reason.INSURER_ENDED,
        Reason.INSURER_AS_SIGNED,
    }
)
"""What the calendar alone said; everything else that is not good was not good already."""


def _in_doubt(check: Check, context: DeskContext) -> Check:
    aged = replace(check, at_least=check.age is not None and context.grade is not TimeGrade.PROVEN)
    doubt = context.doubt
    if doubt is None or check.name not in _BY_TIME:
        return aged
    if check.outcome is VALID or check.reason in _BY_TODAY:
        return replace(aged, outcome=UNDECIDED, reason=doubt, decisive=True)
    return aged


def _absence(found: Findings) -> Reason:
    """A card that let nothing be read is told apart from one that has no trust layer."""
    stopped = found.life_cycle is not None or found.chip is ChipProof.FAILED
    return Reason.NOT_READ if stopped and _nothing_read(found) else Reason.NO_TRUST_LAYER


def _nothing_read(found: Findings) -> bool:
    return not found.has_security_object and found.holder is None


def _age(answer: RegisterAnswer, now: datetime) -> timedelta:
    return max(now - answer.as_of, _NO_TIME)


def _fresh(found: Findings, context: DeskContext) -> RegisterAnswer | None:
    answer = found.register
    if answer is None or context.now - answer.as_of > context.register_max_age:
        return None
    return answer


def _is_listed(answer: RegisterAnswer, found: Findings) -> bool:
    """Say whether a list speaks of this card; one that is older does not know it was suspended.

    A card may be stolen between the station and its hand-over. Its place reads as good on lists
    of before the station had it.
    """
    if answer.card is CardStatus.UNKNOWN:
        return False
    is_older = found.signed_at is not None and found.signed_at > answer.as_of
    return not (is_older and answer.card is CardStatus.ACTIVE)


def _is_of_list(answer: RegisterAnswer) -> bool:
    return answer.source is AnswerSource.STATUS_LIST


def _is_ended(found: Findings) -> bool:
    """A card that was terminated stays so: an old answer says it as well as a new one."""
    return found.register is not None and found.register.card is CardStatus.TERMINATED


def _no_answer(name: CheckName, found: Findings, context: DeskContext) -> Check:
    answer = found.register
    if answer is None:
        asked = Reason.REGISTER_UNREACHABLE if found.register_asked else Reason.NOT_READ
        return Check(name, UNDECIDED, asked)
    reason = Reason.KNOWLEDGE_TOO_OLD if _is_of_list(answer) else Reason.REGISTER_UNREACHABLE
    return Check(name, UNDECIDED, reason, _age(answer, context.now))
