"""Why a call is not answered as hoped, as a FHIR OperationOutcome.

Source: HL7 FHIR R4, 2.17 (OperationOutcome).
"""

import re
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.verdict import Check, Outcome
from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.fhir.elements import Element, coding, present, resource, string
from cardservice.fhir.faults import IssueType, issue_type
from cardservice.fhir.systems import CodeSystem, Systems
from cardservice.verify.examination import Problem

# A field of this service (``birth_date``) is no FHIRPath; what a parser of this package names is.
_FHIR_PATH: Final = re.compile(r"[A-Z][A-Za-z]*(?:\.[a-zA-Z]+(?:\[[0-9]+\])?)*", re.ASCII)
_PARAMETER: Final = re.compile(r"http(?:\.[a-z_]+)?", re.ASCII)


@unique
class Severity(StrEnum):
    """Source: HL7 FHIR R4, value set issue-severity; ``fatal`` is not used here."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


_CHECKED: Final = {
    Outcome.VALID: (Severity.INFORMATION, IssueType.BUSINESS_RULE),
    Outcome.INVALID: (Severity.ERROR, IssueType.BUSINESS_RULE),
    Outcome.UNDECIDED: (Severity.WARNING, IssueType.INCOMPLETE),
}


def outcome_of_refusal(refused: Refusal, *, systems: Systems) -> Element:
    """Return the refusal: its code, its sentence, and the place where it is one of FHIR's.

    The sentence goes out as it is: a refusal quotes no person's number or name.
    """
    place = refused.field or ""
    issue = _issue(Severity.ERROR, issue_type(refused.code), refused.code, systems)
    told = {
        "diagnostics": string(refused.sentence),
        "expression": [place] if _FHIR_PATH.fullmatch(place) else None,
        "location": [place] if _PARAMETER.fullmatch(place) else None,
    }
    return _outcome(issue | present(told))


def outcome_of_unavailable(error: SourceUnavailableError, *, systems: Systems) -> Element:
    """Return that the registry could not be asked; asking later may help."""
    return _outcome(_issue(Severity.ERROR, IssueType.TRANSIENT, error.code, systems))


def outcome_of_check(check: Check, *, systems: Systems) -> Element:
    """Return one check: wrong is an error, undecided a warning, good an information."""
    severity, kind = _CHECKED[check.outcome]
    return _outcome(_issue(severity, kind, check.reason, systems))


def outcome_of_problem(problem: Problem, *, systems: Systems) -> Element:
    """Return why there is no verdict on a card."""
    return _outcome(_issue(Severity.ERROR, IssueType.INCOMPLETE, problem, systems))


def _issue(severity: Severity, kind: IssueType, code: str, systems: Systems) -> Element:
    details = coding(systems.codes_of(CodeSystem.REASON), code)
    return {"severity": severity.value, "code": kind.value, "details": details}


def _outcome(issue: Element) -> Element:
    return resource("OperationOutcome", {"issue": [issue]})
