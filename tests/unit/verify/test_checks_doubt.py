"""Checks at a desk that does not know its time, or has not had it proved for too long."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.register import CardStatus
from cardservice.domain.verdict import Check, CheckName, Outcome, Reason, Verdict
from cardservice.verify.checks import DeskContext, run_checks
from cardservice.verify.findings import Findings, SignerFinding
from tests.unit.verify.findings_of import (
    DAY,
    GOOD,
    HERE,
    LISTED,
    TODAY,
    answer,
    found,
    insured,
)

VALID, INVALID, UNDECIDED = Outcome.VALID, Outcome.INVALID, Outcome.UNDECIDED
SECOND = timedelta(seconds=1)
HOLDS = timedelta(hours=72)
UNKNOWN = replace(HERE, grade=TimeGrade.UNKNOWN, since_proof=timedelta(hours=1))
AT_LEAST = replace(HERE, grade=TimeGrade.AT_LEAST, since_proof=timedelta(hours=1))
BY_TIME = (
    CheckName.SIGNER_TRUSTED,
    CheckName.CARD_NOT_BLOCKED,
    CheckName.POLICY_IN_FORCE,
    CheckName.INSURER_CURRENT,
)
NAMES = [one.value for one in BY_TIME]


def check_of(name: CheckName, findings: Findings, context: DeskContext) -> Check:
    return next(one for one in run_checks(findings, context) if one.name is name)


def outcome_of(findings: Findings, context: DeskContext) -> Outcome:
    return Verdict(checks=run_checks(findings, context), at=context.now).outcome


@pytest.mark.parametrize("name", BY_TIME, ids=NAMES)
@pytest.mark.parametrize("findings", [GOOD, found(register=LISTED)], ids=["register", "list"])
def test_nothing_that_rests_on_time_is_decided_while_the_time_is_unknown(
    name: CheckName, findings: Findings
) -> None:
    check = check_of(name, findings, UNKNOWN)
    assert (check.outcome, check.reason) == (UNDECIDED, Reason.TIME_UNKNOWN)
    assert check.decisive
    assert outcome_of(findings, UNKNOWN) is UNDECIDED


def test_what_does_not_rest_on_time_is_decided_all_the_same() -> None:
    known = {one.name: one for one in run_checks(GOOD, HERE)}
    unknown = {one.name: one for one in run_checks(GOOD, UNKNOWN)}
    assert {name for name in known if known[name] != unknown[name]} == set(BY_TIME)


@pytest.mark.parametrize("name", BY_TIME, ids=NAMES)
@pytest.mark.parametrize("grade", [TimeGrade.PROVEN, TimeGrade.AT_LEAST])
def test_a_time_that_was_proved_72_hours_ago_decides_and_a_second_later_does_not(
    name: CheckName, grade: TimeGrade
) -> None:
    just = replace(HERE, grade=grade, since_proof=HOLDS)
    over = replace(HERE, grade=grade, since_proof=HOLDS + SECOND)
    assert check_of(name, GOOD, just).outcome is VALID
    check = check_of(name, GOOD, over)
    assert (check.outcome, check.reason) == (UNDECIDED, Reason.KNOWLEDGE_TOO_OLD)


def test_a_time_that_was_never_proved_decides_nothing() -> None:
    never = replace(AT_LEAST, since_proof=None)
    assert check_of(CheckName.CARD_NOT_BLOCKED, GOOD, never).reason is Reason.KNOWLEDGE_TOO_OLD
    assert outcome_of(GOOD, never) is UNDECIDED


def test_how_long_a_proof_holds_is_the_same_setting_as_for_answers() -> None:
    strict = replace(AT_LEAST, register_max_age=timedelta(minutes=59))
    assert check_of(CheckName.SIGNER_TRUSTED, GOOD, strict).reason is Reason.KNOWLEDGE_TOO_OLD


@pytest.mark.parametrize(
    ("findings", "name"),
    [
        (found(expiry=TODAY - DAY), CheckName.POLICY_IN_FORCE),
        (insured(start=TODAY + DAY), CheckName.INSURER_CURRENT),
        (insured(end=TODAY - DAY), CheckName.INSURER_CURRENT),
    ],
)
@pytest.mark.parametrize("context", [UNKNOWN, replace(AT_LEAST, since_proof=HOLDS + SECOND)])
def test_a_calendar_that_nobody_believes_makes_no_card_invalid(
    findings: Findings, name: CheckName, context: DeskContext
) -> None:
    assert check_of(name, findings, HERE).outcome is INVALID
    assert check_of(name, findings, context).outcome is UNDECIDED


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        (found(register=answer(card=CardStatus.BLOCKED)), Reason.CARD_BLOCKED),
        (found(register=replace(LISTED, card=CardStatus.TERMINATED)), Reason.CARD_TERMINATED),
        (found(life_cycle=LifeCycle.BLOCKED), Reason.CARD_BLOCKED),
        (found(signer=SignerFinding(INVALID, Reason.SIGNER_REVOKED, DAY)), Reason.SIGNER_REVOKED),
    ],
)
def test_what_is_bad_whatever_the_time_stays_bad(findings: Findings, reason: Reason) -> None:
    verdict = Verdict(checks=run_checks(findings, UNKNOWN), at=UNKNOWN.now)
    assert (verdict.outcome, verdict.deciding.reason) == (INVALID, reason)


def test_ages_are_lower_bounds_unless_the_time_is_proven() -> None:
    for context, at_least in ((HERE, False), (AT_LEAST, True), (UNKNOWN, True)):
        checks = run_checks(GOOD, context)
        aged = {one.at_least for one in checks if one.age is not None}
        assert aged == {at_least}
        assert not any(one.at_least for one in checks if one.age is None)


def test_a_good_card_is_valid_at_a_desk_whose_time_is_at_least_known() -> None:
    assert outcome_of(GOOD, AT_LEAST) is VALID
    assert outcome_of(found(register=LISTED), AT_LEAST) is VALID


@pytest.mark.parametrize(("later", "outcome"), [(-SECOND, VALID), (SECOND, UNDECIDED)])
def test_a_list_from_before_the_card_was_signed_says_nothing_good_of_it(
    later: timedelta, outcome: Outcome
) -> None:
    findings = found(register=LISTED, signed_at=LISTED.as_of + later)
    checks = {one.name: one for one in run_checks(findings, HERE)}
    assert checks[CheckName.CARD_NOT_BLOCKED].outcome is outcome
    assert checks[CheckName.POLICY_IN_FORCE].outcome is outcome
    assert outcome_of(findings, HERE) is outcome
    if outcome is UNDECIDED:
        assert checks[CheckName.CARD_NOT_BLOCKED].reason is Reason.CARD_NOT_LISTED


def test_what_a_list_from_before_the_card_was_signed_says_against_it_holds() -> None:
    ended = replace(LISTED, card=CardStatus.TERMINATED)
    check = check_of(
        CheckName.CARD_NOT_BLOCKED, found(register=ended, signed_at=LISTED.as_of + SECOND), HERE
    )
    assert (check.outcome, check.reason) == (INVALID, Reason.CARD_TERMINATED)


@pytest.mark.parametrize(
    ("zone", "outcome"), [("Europe/Moscow", VALID), ("Asia/Kamchatka", VALID), ("UTC", INVALID)]
)
def test_a_day_begins_where_the_desk_is(zone: str, outcome: Outcome) -> None:
    evening = datetime(2026, 6, 1, 21, 30, tzinfo=UTC)  # 00:30 of the next day in Moscow
    begins = insured(start=date(2026, 6, 2))
    context = replace(HERE, now=evening, zone=ZoneInfo(zone))
    known = replace(begins, register=answer(as_of=evening))
    assert check_of(CheckName.INSURER_CURRENT, known, context).outcome is outcome
