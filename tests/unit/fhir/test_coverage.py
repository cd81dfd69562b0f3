"""Policies as Coverages: active only where that is known."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cardservice.domain.cover import Programme
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import Ogrn, Okato
from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import UsageError
from cardservice.fhir.coverage import CoverageIds, CoveredPolicy, coverage, coverage_of_examination
from cardservice.fhir.standing import (
    CoverageStanding,
    CoverageStatus,
    standing_of_examination,
    standing_of_policy,
)
from cardservice.verify.examination import Examination
from tests.shared import vectors
from tests.unit.fhir.examples import ENP, IDS, SYSTEMS, TODAY
from tests.unit.fhir.validating import accepted
from tests.unit.web.examples import (
    BANK_CARD,
    BLANK,
    COPIED,
    FIELD_CARD,
    INSURANCE,
    OFFLINE,
    VALID,
    examined,
    verdict,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ACTIVE = CoverageStanding(CoverageStatus.ACTIVE, Reason.POLICY_GOOD)
INSURANCES = st.builds(
    InsurancePeriod,
    ogrn=st.just(Ogrn("1009900000010")),
    okato=st.just(Okato("00001")),
    start_date=st.dates(min_value=date(1900, 1, 2)),
    end_date=st.none() | st.dates(min_value=date(1900, 1, 2)),
)


def stood(
    state: PolicyState = PolicyState.ACTIVE, expiry: date | None = None, **changes: Any
) -> tuple[str, str]:
    insurance = replace(INSURANCE, **changes)
    found = standing_of_policy(state, insurance, expiry=expiry, today=TODAY)
    return found.status.value, str(found.reason)


def superseded(*, proved: bool) -> Examination:
    return examined(verdict(insurer_current=(Outcome.INVALID, Reason.SUPERSEDED)), proved=proved)


def test_a_coverage_says_whose_from_when_who_pays_and_where() -> None:
    policy = CoveredPolicy(enp=ENP, insurance=INSURANCE, programme=Programme.TERRITORIAL)
    model = accepted(coverage(policy, ACTIVE, ids=IDS, systems=SYSTEMS))
    assert (model.status, model.subscriberId) == ("active", ENP)
    assert model.beneficiary.reference == "Patient/p-1"
    assert model.payor[0].reference == "Organization/o-1"
    assert model.payor[0].identifier.value == INSURANCE.ogrn
    assert (model.period.start, model.period.end) == (INSURANCE.start_date, None)
    classes = [(one.type.coding[0].code, one.value) for one in model.class_fhir]
    assert classes == [("group", "00001"), ("plan", "territorial")]


def test_a_coverage_holds_every_element_of_the_published_one() -> None:
    made = coverage(CoveredPolicy(enp=ENP, insurance=INSURANCE), ACTIVE, ids=IDS, systems=SYSTEMS)
    published = vectors("fhir_coverage")["resources"]["coverage_r4"]
    assert set(published) <= set(made)
    for name in ("type", "relationship"):
        assert made[name] == published[name]
    assert made["identifier"][0]["type"] == published["identifier"][0]["type"]


def test_an_insurer_that_is_not_served_here_is_named_by_its_ogrn() -> None:
    ids = CoverageIds(coverage="c-1", patient="p-1")
    policy = CoveredPolicy(enp=ENP, insurance=INSURANCE)
    payor = coverage(policy, ACTIVE, ids=ids, systems=SYSTEMS)["payor"][0]
    assert "reference" not in payor
    assert payor["identifier"]["value"] == INSURANCE.ogrn


@given(INSURANCES, st.none() | st.dates())
def test_every_coverage_is_valid_and_no_period_ends_later_than_it_does(
    insurance: InsurancePeriod, expiry: date | None
) -> None:
    policy = CoveredPolicy(enp=ENP, insurance=insurance, expiry=expiry)
    model = accepted(coverage(policy, ACTIVE, ids=IDS, systems=SYSTEMS))
    ends = [one for one in (insurance.end_date, expiry) if one is not None]
    if any(one < insurance.start_date for one in ends):
        assert model.period is None
    else:
        assert model.period.end == min(ends, default=None)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (stood(), ("active", "policy-good")),
        (stood(expiry=TODAY, end_date=TODAY, start_date=TODAY), ("active", "policy-good")),
        (stood(PolicyState.SUSPENDED), ("cancelled", "policy-suspended")),
        (stood(PolicyState.CLOSED), ("cancelled", "policy-closed")),
        (stood(expiry=YESTERDAY), ("cancelled", "policy-expired")),
        (stood(end_date=YESTERDAY), ("cancelled", "insurer-ended")),
        (stood(start_date=TOMORROW), ("draft", "insurer-not-started")),
    ],
)
def test_a_policy_of_the_register_is_active_only_while_it_is(
    found: tuple[str, str], expected: tuple[str, str]
) -> None:
    assert found == expected


@pytest.mark.parametrize(
    ("examination", "expected"),
    [
        (VALID, ("active", "policy-good")),
        (COPIED, ("draft", "chip-copied")),
        (OFFLINE, ("draft", "register-unreachable")),
        (FIELD_CARD, ("draft", "no-trust-layer")),
        (BLANK, ("draft", "card-not-personalized")),
        (BANK_CARD, ("draft", "not-a-policy-card")),
        (superseded(proved=True), ("cancelled", "superseded")),
        (superseded(proved=False), ("draft", "superseded")),
    ],
)
def test_a_card_shows_an_active_policy_only_under_a_valid_verdict(
    examination: Examination, expected: tuple[str, str]
) -> None:
    found = standing_of_examination(examination)
    assert (found.status.value, str(found.reason)) == expected


def test_the_coverage_of_a_card_is_valid_fhir_and_gives_its_reason() -> None:
    model = accepted(coverage_of_examination(OFFLINE, ids=IDS, systems=SYSTEMS))
    assert model.status == "draft"
    assert model.extension[0].valueCode == "register-unreachable"


def test_a_card_that_was_not_read_tells_of_no_coverage() -> None:
    with pytest.raises(UsageError, match="was not read"):
        coverage_of_examination(BLANK, ids=IDS, systems=SYSTEMS)


@pytest.mark.parametrize(
    "case",
    [one for one in vectors("fhir_coverage")["invalid"] if one["version"] == "R4"],
    ids=lambda case: case["why"],
)
def test_the_judge_of_these_tests_rejects_what_was_published_as_invalid(
    case: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        accepted(case["resource"])


def test_the_judge_of_these_tests_rejects_a_code_outside_its_value_set() -> None:
    policy = CoveredPolicy(enp=ENP, insurance=INSURANCE)
    made = coverage(policy, ACTIVE, ids=IDS, systems=SYSTEMS)
    with pytest.raises(AssertionError, match=r"Coverage\.status"):
        accepted(made | {"status": "suspended"})
