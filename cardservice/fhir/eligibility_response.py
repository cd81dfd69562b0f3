"""What a clinic is answered: a FHIR CoverageEligibilityResponse.

``insurance.inforce`` is true or false only when the verdict is; undecided it is not there, the
outcome is ``partial``, and an error names each question without an answer.

Source: HL7 FHIR R4, 13.3 (CoverageEligibilityResponse), value set remittance-outcome.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.verdict import Check, Outcome, Reason, Verdict
from cardservice.fhir.checks import verdict_extensions
from cardservice.fhir.coverage import CoverageIds
from cardservice.fhir.elements import (
    Element,
    coding,
    day,
    moment,
    period,
    present,
    reference,
    resource,
    string,
)
from cardservice.fhir.eligibility_request import REQUEST, VALIDATION, EligibilityRequest
from cardservice.fhir.organization import ORGANIZATION, insurer_reference
from cardservice.fhir.standing import is_in_force, reason_in_doubt
from cardservice.fhir.systems import CodeSystem, Systems
from cardservice.verify.examination import Examination, Problem

OTHER_DAY: Final = "serviced-date-other"  # the verdict is about another day than was asked about


@unique
class ResponseOutcome(StrEnum):
    """Source: HL7 FHIR R4, value set remittance-outcome; ``queued`` is not used: we answer now."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an examination says of a policy.

    Attributes:
        in_force: ``None`` when nothing decided it.
        reason: stable code of what decided, or kept from deciding.
        errors: codes of what could not be decided; empty when all was.
    """

    outcome: ResponseOutcome
    in_force: bool | None
    reason: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFrame:
    """What an answer stands in.

    Attributes:
        id: of the response; no person's number.
        ids: of the policy, its holder and insurer here.
        created: when it is answered.
        judged_on: the calendar day that the checks were made for, where the clinic is.
        sentence: the reason in the clinic's language; empty: its code stands there.
    """

    id: str
    ids: CoverageIds
    created: datetime
    judged_on: date
    sentence: str = ""


def answer_of(examination: Examination, *, serviced: date | None, judged_on: date) -> Answer:
    """Return what ``examination``, made for ``judged_on``, says of the day ``serviced``.

    A verdict on one day proves nothing about another one, so that is undecided.
    """
    verdict = examination.verdict
    if verdict is None:
        problem = str(examination.problem or Problem.CARD_UNREADABLE)
        return Answer(ResponseOutcome.ERROR, None, problem, (problem,))
    if serviced not in (None, judged_on):
        return Answer(ResponseOutcome.PARTIAL, None, OTHER_DAY, (OTHER_DAY,))
    if is_in_force(verdict):
        return Answer(ResponseOutcome.COMPLETE, True, Reason.POLICY_GOOD.value)  # noqa: FBT003
    if verdict.outcome is Outcome.INVALID:
        return Answer(ResponseOutcome.COMPLETE, False, verdict.deciding.reason.value)  # noqa: FBT003
    return _undecided(verdict)


def eligibility_response(
    examination: Examination, request: EligibilityRequest, *, frame: ResponseFrame, systems: Systems
) -> Element:
    """Return the answer to ``request`` from what was found out.

    Each check is an extension with its outcome, reason and age; the bearer is among them, always
    left to the clerk. No person's name or number is in it, but for identifiers of the request
    that the client made up itself.

    Raises:
        UsageError: an id of ``frame`` cannot be one, or ``created`` has no time zone.
    """
    answer = answer_of(examination, serviced=request.serviced, judged_on=frame.judged_on)
    elements = {
        "extension": verdict_extensions(examination, systems),
        "status": "active",
        "purpose": [VALIDATION],
        "patient": reference("Patient", frame.ids.patient),
        "servicedDate": day(request.serviced or frame.judged_on),
        "created": moment(frame.created),
        "request": _request_reference(request),
        "outcome": answer.outcome.value,
        "disposition": string(frame.sentence) or answer.reason,
        "insurer": _insurer(examination, request, frame=frame, systems=systems),
        "insurance": _insurance(answer, examination, frame.ids),
        "error": [_error(code, systems) for code in answer.errors],
    }
    return resource("CoverageEligibilityResponse", elements, id_=frame.id)


def _undecided(verdict: Verdict) -> Answer:
    reason = reason_in_doubt(verdict).value
    open_ones = [one.reason.value for one in verdict.checks if _keeps_open(one)]
    errors = tuple(dict.fromkeys([reason, *open_ones]))
    return Answer(ResponseOutcome.PARTIAL, None, reason, errors)


def _keeps_open(check: Check) -> bool:
    return check.decisive and check.outcome is Outcome.UNDECIDED


def _request_reference(request: EligibilityRequest) -> Element:
    # The request is answered in the call and not kept, so it is named as the client named it.
    named = request.identifiers[0].written() if request.identifiers else None
    if request.id is None and named is None:
        return {"type": REQUEST, "display": "the request of this call"}
    return reference(REQUEST, request.id, named=named)


def _insurer(
    examination: Examination, request: EligibilityRequest, *, frame: ResponseFrame, systems: Systems
) -> Element:
    # What an unproved card says of its insurer is not ours to say; then the client's own word is.
    if examination.insurance is not None and examination.proved:
        return insurer_reference(examination.insurance.ogrn, id_=frame.ids.insurer, systems=systems)
    asked = request.insurer
    named = None if asked.identifier is None else asked.identifier.written()
    return reference(ORGANIZATION, asked.id, named=named)


def _insurance(answer: Answer, examination: Examination, ids: CoverageIds) -> list[Element]:
    if answer.outcome is ResponseOutcome.ERROR:
        return []
    insured = examination.insurance if answer.in_force else None
    benefit = None if insured is None else period(insured.start_date, insured.end_date)
    elements = {"inforce": answer.in_force, "benefitPeriod": benefit}
    return [present({"coverage": reference("Coverage", ids.coverage), **elements})]


def _error(code: str, systems: Systems) -> Element:
    return {"code": coding(systems.codes_of(CodeSystem.REASON), code)}
