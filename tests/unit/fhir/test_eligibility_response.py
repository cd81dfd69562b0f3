"""What clinics are answered: as sure as the verdict, and never surer."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.verdict import Check, CheckName, Outcome, Reason, Verdict
from cardservice.errors import UsageError
from cardservice.fhir.checks import check_extension
from cardservice.fhir.eligibility_response import eligibility_response
from cardservice.verify.examination import Examination
from tests.shared import vectors
from tests.unit.fhir.examples import FRAME, REQUEST, SYSTEMS, TODAY, parse, request_body
from tests.unit.fhir.validating import accepted
from tests.unit.web.examples import (
    AT,
    BANK_CARD,
    BLANK,
    COPIED,
    FIELD_CARD,
    INSURANCE,
    IVANOV,
    OFFLINE,
    VALID,
)

CHECKS = st.builds(
    Check,
    name=st.sampled_from(CheckName),
    outcome=st.sampled_from(Outcome),
    reason=st.sampled_from(Reason),
    age=st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
    decisive=st.booleans(),
)
DECISIVE = CHECKS.map(lambda check: replace(check, decisive=True))
VERDICTS = st.builds(
    lambda first, others: Verdict((first, *others), at=AT),
    DECISIVE,
    st.lists(CHECKS, max_size=6),
)


def respond(examination: Examination, body: dict[str, Any] | None = None) -> Any:
    request = REQUEST if body is None else parse(body)
    return accepted(eligibility_response(examination, request, frame=FRAME, systems=SYSTEMS))


def errors_of(response: Any) -> list[str]:
    return [one.code.coding[0].code for one in response.error or []]


def extension(response: Any, name: str) -> list[Any]:
    return [one for one in response.extension if one.url == SYSTEMS.extension(name)]


def test_a_valid_card_is_in_force() -> None:
    response = respond(VALID)
    assert (response.outcome, response.disposition) == ("complete", "policy-good")
    assert response.insurance[0].inforce is True
    assert response.insurance[0].benefitPeriod.start == INSURANCE.start_date
    assert response.error is None


def test_a_copied_card_is_not_in_force_and_says_why() -> None:
    response = respond(COPIED)
    assert (response.outcome, response.disposition) == ("complete", "chip-copied")
    assert response.insurance[0].inforce is False
    assert response.insurance[0].benefitPeriod is None


def test_an_undecided_verdict_is_partial_and_says_nothing_of_being_in_force() -> None:
    response = respond(OFFLINE)
    assert (response.outcome, response.disposition) == ("partial", "register-unreachable")
    assert response.insurance[0].inforce is None
    assert errors_of(response) == ["register-unreachable"]


def test_every_open_question_is_an_error_once() -> None:
    assert errors_of(respond(FIELD_CARD)) == ["no-trust-layer", "card-unknown"]


def test_a_card_without_a_verdict_is_an_error() -> None:
    response = respond(BANK_CARD)
    assert (response.outcome, response.insurance) == ("error", None)
    assert errors_of(response) == [response.disposition] == ["not-a-policy-card"]
    assert extension(response, "problem")[0].valueCode == "not-a-policy-card"


def test_a_blank_card_is_not_in_force() -> None:
    assert respond(BLANK).insurance[0].inforce is False


@pytest.mark.parametrize("examination", [VALID, COPIED])
def test_a_verdict_on_one_day_decides_nothing_for_another(examination: Examination) -> None:
    other = (TODAY + timedelta(days=1)).isoformat()
    response = respond(examination, request_body(servicedDate=other))
    assert (response.outcome, response.insurance[0].inforce) == ("partial", None)
    assert errors_of(response) == ["serviced-date-other"]


def test_good_checks_that_do_not_ask_for_the_policy_put_nothing_in_force() -> None:
    check = Check(CheckName.CHIP_GENUINE, Outcome.VALID, Reason.CHIP_PROVED)
    response = respond(Examination(verdict=Verdict((check,), at=AT)))
    assert (response.outcome, response.insurance[0].inforce) == ("partial", None)
    assert errors_of(response) == ["not-read"]


@given(VERDICTS)
def test_in_force_is_never_rounded_up(verdict: Verdict) -> None:
    response = respond(Examination(verdict=verdict, insurance=INSURANCE, holder=IVANOV))
    in_force = response.insurance[0].inforce
    assert in_force is not True or verdict.outcome is Outcome.VALID
    assert (in_force is False) == (verdict.outcome is Outcome.INVALID)
    assert (response.outcome == "partial") == (in_force is None) == bool(errors_of(response))


def test_each_check_is_told_with_outcome_reason_and_age() -> None:
    told = [
        {part.url: part for part in one.extension} for one in extension(respond(OFFLINE), "check")
    ]
    assert [one["name"].valueCode for one in told] == [name.value for name in CheckName]
    blocked = told[4]
    assert blocked["outcome"].valueCode == "undecided"
    assert blocked["reason"].valueCode == "register-unreachable"
    assert blocked["decisive"].valueBoolean is True
    assert "age" not in blocked
    assert (told[6]["age"].valueDuration.value, told[6]["age"].valueDuration.code) == (720, "s")
    assert told[8]["outcome"].valueCode == "undecided"  # the bearer, whatever the chip proved


@pytest.mark.parametrize(("microseconds", "seconds"), [(0, 0), (1, 1), (1_000_000, 1)])
def test_an_age_is_never_told_younger_than_it_is(microseconds: int, seconds: int) -> None:
    age = timedelta(microseconds=microseconds)
    check = Check(CheckName.CARD_NOT_BLOCKED, Outcome.VALID, Reason.CARD_ACTIVE, age=age)
    assert check_extension(check, SYSTEMS)["extension"][-1]["valueDuration"]["value"] == seconds


def test_the_protocols_that_ran_are_told() -> None:
    ran = [one.valueCode for one in extension(respond(VALID), "protocol")]
    assert ran == ["chip-authentication", "passive-authentication"]


def test_an_answer_holds_no_name_and_no_number_of_the_holder() -> None:
    shown = respond(VALID).model_dump_json()
    assert IVANOV.enp not in shown
    assert IVANOV.surname not in shown
    assert IVANOV.given_name not in shown


def test_the_request_is_named_as_the_client_named_it() -> None:
    response = respond(VALID)
    assert response.request.reference == "CoverageEligibilityRequest/er1"
    assert response.request.identifier.value == "2026-000001"
    nameless = respond(VALID, request_body(id=None, identifier=None))
    assert nameless.request.display == "the request of this call"


def test_the_insurer_is_the_cards_where_it_is_proved_and_else_the_clients() -> None:
    asked = request_body(insurer={"identifier": {"system": "urn:a", "value": "7"}})
    assert respond(VALID, asked).insurer.identifier.value == INSURANCE.ogrn
    assert respond(FIELD_CARD, asked).insurer.identifier.value == "7"


def test_a_sentence_stands_where_a_person_reads_it() -> None:
    frame = replace(FRAME, sentence="Полис действует.")
    made = eligibility_response(VALID, REQUEST, frame=frame, systems=SYSTEMS)
    assert accepted(made).disposition == "Полис действует."


def test_a_moment_without_a_time_zone_is_a_mistake_of_ours() -> None:
    frame = replace(FRAME, created=datetime(2026, 11, 22, 9, 30))  # noqa: DTZ001 - that is the point
    with pytest.raises(UsageError, match="time zone"):
        eligibility_response(VALID, REQUEST, frame=frame, systems=SYSTEMS)


@pytest.mark.parametrize(
    ("name", "examination"),
    [
        ("eligibility_response", VALID),
        ("eligibility_response_not_in_force", COPIED),
        ("eligibility_response_error", BANK_CARD),
    ],
)
def test_an_answer_has_every_element_of_the_published_one(
    name: str, examination: Examination
) -> None:
    published = vectors("fhir_coverage")["resources"][name]
    made = eligibility_response(examination, REQUEST, frame=FRAME, systems=SYSTEMS)
    assert set(published) <= set(made)
    assert made["outcome"] == published["outcome"]
    in_force = [one["inforce"] for one in published.get("insurance", [])]
    assert [one.get("inforce") for one in made.get("insurance", [])] == in_force
