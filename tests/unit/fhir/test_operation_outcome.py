"""Refusals, checks and problems as OperationOutcomes."""

from datetime import timedelta
from typing import Any

import pytest

from cardservice.domain.verdict import Check, CheckName, Outcome, Reason
from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.fhir.elements import Element
from cardservice.fhir.faults import Fault, issue_type, refusal
from cardservice.fhir.operation_outcome import (
    outcome_of_check,
    outcome_of_problem,
    outcome_of_refusal,
    outcome_of_unavailable,
)
from cardservice.verify.examination import Problem
from tests.unit.fhir.examples import SYSTEMS
from tests.unit.fhir.validating import accepted

# Source: HL7 FHIR R4, value set issue-type, which the models leave open.
# fmt: off
ISSUE_TYPES = frozenset((
    "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown",
    "expired", "forbidden", "suppressed", "processing", "not-supported", "duplicate",
    "multiple-matches", "not-found", "deleted", "too-long", "code-invalid", "extension",
    "too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store", "exception",
    "timeout", "incomplete", "throttled", "informational",
))
# fmt: on


def issue(outcome: Element) -> Any:
    (one,) = accepted(outcome).issue
    assert one.code in ISSUE_TYPES
    return one


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_is_told_with_its_code_sentence_and_place(fault: Fault) -> None:
    refused = refusal(fault, "It is wrong.", at="CoverageEligibilityRequest.insurance[0].focal")
    told = issue(outcome_of_refusal(refused, systems=SYSTEMS))
    assert (told.severity, told.diagnostics) == ("error", "It is wrong.")
    assert told.code != "business-rule"
    assert told.details.coding[0].code == fault.value
    assert told.details.coding[0].system == SYSTEMS.codes_of("reason")
    assert told.expression == ["CoverageEligibilityRequest.insurance[0].focal"]


@pytest.mark.parametrize(
    ("field", "expression", "location"),
    [
        (None, None, None),
        ("birth_date", None, None),
        ("http", None, ["http"]),
        ("http.identifier", None, ["http.identifier"]),
        ("Parameters.parameter[0]", ["Parameters.parameter[0]"], None),
    ],
)
def test_a_place_is_told_in_the_way_the_standard_has_for_it(
    field: str | None, expression: list[str] | None, location: list[str] | None
) -> None:
    refused = Refusal("some-rule", "No.", field=field)
    told = issue(outcome_of_refusal(refused, systems=SYSTEMS))
    assert (told.expression, told.location) == (expression, location)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("enp-check-digit", "value"),
        ("enp-missing", "required"),
        ("policy-not-found", "not-found"),
        ("not-found", "not-found"),
        ("no-such-rule", "business-rule"),
    ],
)
def test_a_rule_of_the_field_has_a_word_of_the_standard(code: str, word: str) -> None:
    assert issue_type(code) == word


@pytest.mark.parametrize(
    ("outcome", "severity"),
    [
        (Outcome.VALID, "information"),
        (Outcome.INVALID, "error"),
        (Outcome.UNDECIDED, "warning"),
    ],
)
def test_a_check_is_as_severe_as_its_outcome(outcome: Outcome, severity: str) -> None:
    check = Check(CheckName.CARD_NOT_BLOCKED, outcome, Reason.CARD_UNKNOWN, timedelta(1))
    told = issue(outcome_of_check(check, systems=SYSTEMS))
    assert (told.severity, told.details.coding[0].code) == (severity, "card-unknown")


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_of_a_reading_is_told(problem: Problem) -> None:
    told = issue(outcome_of_problem(problem, systems=SYSTEMS))
    assert (told.severity, told.details.coding[0].code) == ("error", problem.value)


def test_a_registry_that_cannot_be_asked_is_a_passing_trouble() -> None:
    error = SourceUnavailableError("registry-late", "It did not answer.")
    told = issue(outcome_of_unavailable(error, systems=SYSTEMS))
    assert (told.code, told.details.coding[0].code) == ("transient", "registry-late")
