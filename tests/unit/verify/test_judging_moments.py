"""A judge with the desk's own time."""

from datetime import timedelta

import pytest

from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.errors import UsageError
from cardservice.verify.judging import Judge
from tests.chain import NOW, REGION, issuer
from tests.unit.verify.readings import check_of, outcome_of, reading, register

HOUR = timedelta(hours=1)


def judge_at(moment: Moment) -> Judge:
    return Judge(issuer().trust(), register=register(), moments=lambda: moment, region=REGION)


def test_a_verdict_says_how_its_time_is_known() -> None:
    for grade in (TimeGrade.PROVEN, TimeGrade.AT_LEAST):
        examination = judge_at(Moment(at=NOW, grade=grade, since_proof=HOUR)).judge(reading())
        assert outcome_of(examination) is Outcome.VALID
        assert examination.verdict is not None
        assert (examination.verdict.at, examination.verdict.grade) == (NOW, grade)


def test_a_desk_that_does_not_know_its_time_decides_no_good_card() -> None:
    moment = Moment(at=NOW, grade=TimeGrade.UNKNOWN, since_proof=HOUR)
    examination = judge_at(moment).judge(reading())
    assert outcome_of(examination) is Outcome.UNDECIDED
    assert check_of(examination, CheckName.SIGNER_TRUSTED).reason is Reason.TIME_UNKNOWN


def test_a_desk_whose_time_was_not_proved_for_too_long_decides_no_good_card() -> None:
    moment = Moment(at=NOW, grade=TimeGrade.PROVEN, since_proof=73 * HOUR)
    examination = judge_at(moment).judge(reading())
    assert outcome_of(examination) is Outcome.UNDECIDED
    assert check_of(examination, CheckName.CARD_NOT_BLOCKED).reason is Reason.KNOWLEDGE_TOO_OLD


def test_the_clock_of_a_server_is_believed_as_it_is() -> None:
    judge = Judge(issuer().trust(), register=register(), clock=lambda: NOW, region=REGION)
    examination = judge.judge(reading())
    assert examination.verdict is not None
    assert examination.verdict.grade is TimeGrade.PROVEN
    assert outcome_of(examination) is Outcome.VALID


def test_a_judge_has_one_source_of_time() -> None:
    with pytest.raises(UsageError):
        Judge(issuer().trust(), register=None)
    with pytest.raises(UsageError):
        Judge(
            issuer().trust(),
            register=None,
            clock=lambda: NOW,
            moments=lambda: Moment(at=NOW, grade=TimeGrade.PROVEN),
        )
