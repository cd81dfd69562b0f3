"""The table of checks: each rule with every outcome and reason it can have."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.register import CardStatus
from cardservice.domain.verdict import CheckName, Outcome, ProtocolName, Reason, Verdict
from cardservice.verify import checks
from cardservice.verify.checks import CHECKS, CheckRule, DeskContext, run_checks
from cardservice.verify.findings import ChipProof, Findings, SignerFinding
from tests.chain import NOW, SIGNED
from tests.unit.verify.findings_of import (
    DAY,
    FIELD,
    GOOD,
    HERE,
    LISTED,
    TODAY,
    answer,
    found,
    insured,
)

VALID, INVALID, UNDECIDED = Outcome.VALID, Outcome.INVALID, Outcome.UNDECIDED
STALE = answer(as_of=NOW - timedelta(hours=72, seconds=1))
JUST_FRESH = answer(as_of=NOW - timedelta(hours=72))
LISTED_LONG_AGO = replace(LISTED, as_of=NOW - timedelta(hours=72, seconds=1))
JUST_LISTED = replace(LISTED, as_of=NOW - timedelta(hours=72))
LONG_AGO = NOW - timedelta(days=4)
STOPPED = Findings(life_cycle=LifeCycle.BLOCKED)

Case = tuple[CheckRule, Findings, Outcome, Reason]

CHIP: list[Case] = [
    (checks.chip_genuine, GOOD, VALID, Reason.CHIP_PROVED),
    (checks.chip_genuine, found(chip=ChipProof.FAILED), INVALID, Reason.CHIP_COPIED),
    (checks.chip_genuine, found(chip=ChipProof.NOT_OFFERED), INVALID, Reason.CHIP_COPIED),
    (checks.chip_genuine, found(chip_vouched=False), INVALID, Reason.CHIP_KEY_NOT_VOUCHED),
    (
        checks.chip_genuine,
        found(chip=ChipProof.FAILED, chip_vouched=False),
        INVALID,
        Reason.CHIP_COPIED,
    ),
    (
        checks.chip_genuine,
        found(security_object_fault=Reason.SIGNATURE_WRONG),
        UNDECIDED,
        Reason.CHIP_KEY_NOT_VOUCHED,
    ),
    (
        checks.chip_genuine,
        found(covers_chip=False, chip_vouched=False),
        UNDECIDED,
        Reason.CHIP_KEY_NOT_VOUCHED,
    ),
    (checks.chip_genuine, FIELD, UNDECIDED, Reason.NO_TRUST_LAYER),
    (
        checks.chip_genuine,
        replace(FIELD, chip=ChipProof.PROVED),
        UNDECIDED,
        Reason.NO_TRUST_LAYER,
    ),
    (checks.chip_genuine, STOPPED, UNDECIDED, Reason.NOT_READ),
]

NEVER_ISSUED = answer(trust_layer=False, newest_record=None)
DATA: list[Case] = [
    (checks.data_signed, GOOD, VALID, Reason.DATA_INTACT),
    *(
        (checks.data_signed, found(security_object_fault=reason), INVALID, reason)
        for reason in (Reason.SECURITY_OBJECT_MALFORMED, Reason.SIGNATURE_WRONG)
    ),
    *(
        (checks.data_signed, found(data_fault=reason), INVALID, reason)
        for reason in (
            Reason.DATA_ALTERED,
            Reason.DATA_NOT_COVERED,
            Reason.DATA_REPEATED,
            Reason.OBJECT_MISSING,
            Reason.CONTENT_MALFORMED,
        )
    ),
    (
        checks.data_signed,
        found(security_object_fault=Reason.SIGNATURE_WRONG, data_fault=Reason.DATA_ALTERED),
        INVALID,
        Reason.SIGNATURE_WRONG,
    ),
    (checks.data_signed, FIELD, INVALID, Reason.TRUST_LAYER_REMOVED),
    (checks.data_signed, replace(FIELD, register=STALE), INVALID, Reason.TRUST_LAYER_REMOVED),
    (checks.data_signed, replace(FIELD, register=NEVER_ISSUED), UNDECIDED, Reason.NO_TRUST_LAYER),
    (checks.data_signed, replace(FIELD, register=None), UNDECIDED, Reason.NO_TRUST_LAYER),
    (checks.data_signed, STOPPED, UNDECIDED, Reason.NOT_READ),
]

SIGNER: list[Case] = [
    (checks.signer_trusted, GOOD, VALID, Reason.SIGNER_GOOD),
    (checks.signer_trusted, found(signer=None), UNDECIDED, Reason.NOT_READ),
    (checks.signer_trusted, FIELD, UNDECIDED, Reason.NO_TRUST_LAYER),
    (checks.signer_trusted, STOPPED, UNDECIDED, Reason.NOT_READ),
    *(
        (checks.signer_trusted, found(signer=SignerFinding(outcome, reason)), outcome, reason)
        for outcome, reason in (
            (INVALID, Reason.SIGNER_REVOKED),
            (INVALID, Reason.TEST_CARD),
            (UNDECIDED, Reason.SIGNER_EXPIRED),
        )
    ),
]

BLOCKED: list[Case] = [
    (checks.card_not_blocked, GOOD, VALID, Reason.CARD_ACTIVE),
    *(
        (checks.card_not_blocked, found(life_cycle=state), INVALID, reason)
        for state, reason in (
            (LifeCycle.BLOCKED, Reason.CARD_BLOCKED),
            (LifeCycle.TERMINATED, Reason.CARD_TERMINATED),
            (LifeCycle.BLANK, Reason.CARD_NOT_PERSONALIZED),
        )
    ),
    *(
        (checks.card_not_blocked, found(register=answer(card=status)), outcome, reason)
        for status, outcome, reason in (
            (CardStatus.BLOCKED, INVALID, Reason.CARD_BLOCKED),
            (CardStatus.TERMINATED, INVALID, Reason.CARD_TERMINATED),
            (CardStatus.UNKNOWN, UNDECIDED, Reason.CARD_UNKNOWN),
        )
    ),
    (checks.card_not_blocked, found(register=None), UNDECIDED, Reason.REGISTER_UNREACHABLE),
    (
        checks.card_not_blocked,
        found(register=None, register_asked=False),
        UNDECIDED,
        Reason.NOT_READ,
    ),
    (checks.card_not_blocked, found(register=STALE), UNDECIDED, Reason.REGISTER_UNREACHABLE),
    (checks.card_not_blocked, found(register=JUST_FRESH), VALID, Reason.CARD_ACTIVE),
    (
        checks.card_not_blocked,
        found(life_cycle=LifeCycle.PERSONALIZED, register=None),
        UNDECIDED,
        Reason.REGISTER_UNREACHABLE,
    ),
    (
        checks.card_not_blocked,
        found(life_cycle=0x55, register=None),
        UNDECIDED,
        Reason.REGISTER_UNREACHABLE,
    ),
]

TERMINAL: list[Case] = [
    (
        checks.terminal_authorised,
        found(ran=frozenset({ProtocolName.TERMINAL_AUTHENTICATION, ProtocolName.PACE})),
        VALID,
        Reason.TERMINAL_AUTHENTICATED,
    ),
    (
        checks.terminal_authorised,
        found(ran=frozenset({ProtocolName.PACE})),
        VALID,
        Reason.OPENED_WITH_CAN,
    ),
]

POLICY: list[Case] = [
    (checks.policy_in_force, GOOD, VALID, Reason.POLICY_GOOD),
    (checks.policy_in_force, found(expiry=TODAY), VALID, Reason.POLICY_GOOD),
    (checks.policy_in_force, found(expiry=TODAY - DAY), INVALID, Reason.POLICY_EXPIRED),
    (
        checks.policy_in_force,
        found(expiry=TODAY - DAY, register=None),
        INVALID,
        Reason.POLICY_EXPIRED,
    ),
    (checks.policy_in_force, found(register=NEVER_ISSUED), UNDECIDED, Reason.POLICY_UNKNOWN),
    (checks.policy_in_force, found(register=None), UNDECIDED, Reason.REGISTER_UNREACHABLE),
    (checks.policy_in_force, found(register=STALE), UNDECIDED, Reason.REGISTER_UNREACHABLE),
    (checks.policy_in_force, found(holder=None), UNDECIDED, Reason.NOT_READ),
]

NEWER = answer(newest_record=SIGNED + timedelta(seconds=1))
OLDER = answer(newest_record=SIGNED - timedelta(seconds=1))
INSURER: list[Case] = [
    (checks.insurer_current, GOOD, VALID, Reason.INSURER_GOOD),
    (checks.insurer_current, insured(start=TODAY), VALID, Reason.INSURER_GOOD),
    (checks.insurer_current, insured(start=TODAY + DAY), INVALID, Reason.INSURER_NOT_STARTED),
    (checks.insurer_current, insured(end=TODAY), VALID, Reason.INSURER_GOOD),
    (checks.insurer_current, insured(end=TODAY - DAY), INVALID, Reason.INSURER_ENDED),
    (checks.insurer_current, found(register=NEWER), INVALID, Reason.SUPERSEDED),
    (checks.insurer_current, found(register=OLDER), VALID, Reason.INSURER_GOOD),
    (checks.insurer_current, found(register=NEVER_ISSUED), VALID, Reason.INSURER_GOOD),
    (checks.insurer_current, found(register=None), UNDECIDED, Reason.REGISTER_UNREACHABLE),
    (checks.insurer_current, found(register=STALE), UNDECIDED, Reason.REGISTER_UNREACHABLE),
    (checks.insurer_current, found(signed_at=None), UNDECIDED, Reason.NO_TRUST_LAYER),
    (checks.insurer_current, found(insurance=None), UNDECIDED, Reason.NOT_READ),
]

COVER: list[Case] = [
    (checks.cover_here, GOOD, VALID, Reason.COVER_TERRITORIAL),
    (checks.cover_here, insured(okato="40000"), VALID, Reason.COVER_BASIC),
    (checks.cover_here, found(insurance=None), UNDECIDED, Reason.NOT_READ),
]

OTHERS: list[Case] = [
    (checks.terminal_authorised, GOOD, VALID, Reason.TERMINAL_NOT_NEEDED),
    (checks.bearer, GOOD, UNDECIDED, Reason.BEARER_NOT_CONFIRMED),
]

OFF_THE_LIST = replace(LISTED, card=CardStatus.BLOCKED)
NOT_LISTED = replace(LISTED, card=CardStatus.UNKNOWN)
ENDED_LONG_AGO = replace(LISTED_LONG_AGO, card=CardStatus.TERMINATED)
OFFLINE: list[Case] = [
    (checks.card_not_blocked, found(register=LISTED), VALID, Reason.CARD_ACTIVE),
    (
        checks.card_not_blocked,
        found(register=JUST_LISTED, signed_at=LONG_AGO),
        VALID,
        Reason.CARD_ACTIVE,
    ),
    (
        checks.card_not_blocked,
        found(register=LISTED_LONG_AGO),
        UNDECIDED,
        Reason.KNOWLEDGE_TOO_OLD,
    ),
    (checks.card_not_blocked, found(register=OFF_THE_LIST), INVALID, Reason.CARD_BLOCKED),
    (checks.card_not_blocked, found(register=NOT_LISTED), UNDECIDED, Reason.CARD_NOT_LISTED),
    (checks.card_not_blocked, found(register=ENDED_LONG_AGO), INVALID, Reason.CARD_TERMINATED),
    (checks.policy_in_force, found(register=LISTED), VALID, Reason.POLICY_BY_LIST),
    (
        checks.policy_in_force,
        found(register=JUST_LISTED, signed_at=LONG_AGO),
        VALID,
        Reason.POLICY_BY_LIST,
    ),
    (
        checks.policy_in_force,
        found(register=LISTED_LONG_AGO),
        UNDECIDED,
        Reason.KNOWLEDGE_TOO_OLD,
    ),
    (checks.policy_in_force, found(register=OFF_THE_LIST), UNDECIDED, Reason.POLICY_NOT_LISTED),
    (checks.policy_in_force, found(register=NOT_LISTED), UNDECIDED, Reason.POLICY_NOT_LISTED),
    (
        checks.policy_in_force,
        found(register=LISTED, expiry=TODAY - DAY),
        INVALID,
        Reason.POLICY_EXPIRED,
    ),
    (checks.insurer_current, found(register=LISTED), UNDECIDED, Reason.INSURER_AS_SIGNED),
    (
        checks.insurer_current,
        found(register=LISTED_LONG_AGO),
        UNDECIDED,
        Reason.KNOWLEDGE_TOO_OLD,
    ),
    (
        checks.insurer_current,
        found(register=LISTED, signed_at=None),
        UNDECIDED,
        Reason.NO_TRUST_LAYER,
    ),
    (checks.data_signed, replace(FIELD, register=LISTED), UNDECIDED, Reason.NO_TRUST_LAYER),
]

CASES = OFFLINE + CHIP + DATA + SIGNER + TERMINAL + BLOCKED + POLICY + INSURER + COVER + OTHERS


@pytest.mark.parametrize(
    ("rule", "findings", "outcome", "reason"),
    CASES,
    ids=[f"{case[0].__name__}-{n}-{case[3]}" for n, case in enumerate(CASES)],
)
def test_each_rule_answers_as_the_table_says(
    rule: CheckRule, findings: Findings, outcome: Outcome, reason: Reason
) -> None:
    check = rule(findings, HERE)
    assert (check.outcome, check.reason) == (outcome, reason)


def test_every_reason_that_a_rule_can_give_stands_in_the_table_above() -> None:
    from_the_trust_store = {
        Reason.SIGNER_UNKNOWN,
        Reason.SIGNER_OUT_OF_USAGE_PERIOD,
        Reason.SIGNER_NOT_ALLOWED,
        Reason.REVOCATIONS_UNAVAILABLE,
        Reason.REVOCATIONS_STALE,
    }
    elsewhere = {
        Reason.CARD_ACCESS_DIFFERS,
        Reason.CHIP_NOT_ASKED,
        Reason.PROTOCOL_NOT_RUN,
        Reason.TIME_UNKNOWN,
    }
    given = {reason for _, _, _, reason in CASES}
    assert set(Reason) - given == from_the_trust_store | elsewhere


@pytest.mark.parametrize("insisted_on", list(ProtocolName))
def test_a_desk_that_insists_on_a_protocol_is_not_content_without_it(
    insisted_on: ProtocolName,
) -> None:
    strict = DeskContext(now=NOW, required=frozenset({insisted_on}))
    without = checks.terminal_authorised(found(ran=frozenset(ProtocolName) - {insisted_on}), strict)
    assert (without.outcome, without.reason) == (UNDECIDED, Reason.PROTOCOL_NOT_RUN)
    assert without.decisive
    assert checks.terminal_authorised(found(ran=frozenset(ProtocolName)), strict).outcome is VALID


def test_a_desk_without_a_region_promises_the_basic_programme_only() -> None:
    check = checks.cover_here(GOOD, DeskContext(now=NOW))
    assert check.reason is Reason.COVER_BASIC


def test_what_rests_on_the_register_tells_its_age() -> None:
    for rule in (checks.card_not_blocked, checks.policy_in_force, checks.insurer_current):
        assert rule(GOOD, HERE).age == timedelta(hours=2)
        assert rule(found(register=STALE), HERE).age == timedelta(hours=72, seconds=1)
        assert rule(found(register=None), HERE).age is None
    assert checks.data_signed(FIELD, HERE).age == timedelta(hours=2)


def test_an_answer_that_is_newer_than_the_desks_clock_has_no_negative_age() -> None:
    ahead = found(register=answer(as_of=NOW + timedelta(minutes=3)))
    assert checks.card_not_blocked(ahead, HERE).age == timedelta(0)


def test_the_age_of_the_revocation_data_is_shown_with_the_signer() -> None:
    assert checks.signer_trusted(GOOD, HERE).age == timedelta(days=3)


def test_the_age_that_decides_is_a_setting() -> None:
    strict = replace(HERE, register_max_age=timedelta(hours=1))
    assert checks.card_not_blocked(GOOD, strict).reason is Reason.REGISTER_UNREACHABLE


def test_all_checks_run_once_in_the_order_they_are_shown() -> None:
    assert len(CHECKS) == len(CheckName)
    assert [check.name for check in run_checks(GOOD, HERE)] == list(CheckName)


def verdict_on(findings: Findings) -> Verdict:
    return Verdict(checks=run_checks(findings, HERE), at=NOW)


def test_a_card_with_which_all_is_well_is_valid() -> None:
    assert verdict_on(GOOD).outcome is VALID


def test_a_list_alone_makes_a_good_card_valid_and_leaves_the_insurer_open() -> None:
    verdict = verdict_on(found(register=LISTED))
    assert verdict.outcome is VALID
    insurer = next(one for one in verdict.checks if one.name is CheckName.INSURER_CURRENT)
    assert (insurer.outcome, insurer.decisive) == (UNDECIDED, False)


def test_the_bearer_and_the_terminal_never_decide() -> None:
    left_aside = [check.name for check in run_checks(GOOD, HERE) if not check.decisive]
    assert left_aside == [CheckName.TERMINAL_AUTHORISED, CheckName.BEARER]


ASIDE = {Reason.BEARER_NOT_CONFIRMED, Reason.INSURER_AS_SIGNED}
SPOILED = [case for case in CASES if case[2] is not VALID and case[3] not in ASIDE]


@pytest.mark.parametrize(
    ("findings", "outcome"),
    [(findings, outcome) for _, findings, outcome, _ in SPOILED],
    ids=[f"{n}-{case[3]}" for n, case in enumerate(SPOILED)],
)
def test_a_verdict_is_never_better_than_its_worst_check(
    findings: Findings, outcome: Outcome
) -> None:
    assert verdict_on(findings).outcome in {outcome, INVALID}
