"""The answer to ``$submit`` from the register alone, without a card.

It says what the register has on this day, so it is always decided: nothing of a chip is in it,
and no check of one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from cardservice.fhir.coverage import STATUS_REASON
from cardservice.fhir.elements import (
    Element,
    coding,
    day,
    moment,
    period,
    present,
    reference,
    resource,
)
from cardservice.fhir.eligibility_request import REQUEST, VALIDATION, EligibilityRequest
from cardservice.fhir.eligibility_response import OTHER_DAY, ResponseOutcome
from cardservice.fhir.organization import insurer_reference
from cardservice.fhir.standing import CoverageStatus
from cardservice.fhir.systems import CodeSystem
from cardservice.registry.fhir_reading import Covered
from cardservice.web.clinics.fhir_shaping import Shaper, insurance_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and when it is answered.

    Attributes:
        id: of the answer, no person's number.
    """

    request: EligibilityRequest
    id: str
    at: datetime

    def is_of(self, today: date) -> bool:
        """Return whether the question is about ``today``."""
        return self.request.serviced in (None, today)


def register_response(found: Covered, asked: Asked, shaper: Shaper) -> Element:
    """Return whether the policy is in force today; of another day the register says nothing."""
    standing, systems = shaper.standing(found), shaper.parts.systems
    answered = asked.is_of(shaper.today)
    reason = str(standing.reason) if answered else OTHER_DAY
    outcome = ResponseOutcome.COMPLETE if answered else ResponseOutcome.PARTIAL
    ids = shaper.ids(found)
    error = {"code": coding(systems.codes_of(CodeSystem.REASON), reason)}
    elements = {
        "extension": [{"url": systems.extension(STATUS_REASON), "valueCode": reason}],
        "status": "active",
        "purpose": [VALIDATION],
        "patient": reference("Patient", ids.patient),
        "servicedDate": day(asked.request.serviced or shaper.today),
        "created": moment(asked.at),
        "request": _request(asked.request),
        "outcome": outcome.value,
        "disposition": reason,
        "insurer": insurer_reference(insurance_of(found).ogrn, id_=ids.insurer, systems=systems),
        "insurance": [_insurance(found, shaper, answered=answered)],
        "error": [] if answered else [error],
    }
    return resource("CoverageEligibilityResponse", elements, id_=asked.id)


def _request(request: EligibilityRequest) -> Element:
    # It is answered in the call and not kept, so it is named as the client named it.
    named = request.identifiers[0].written() if request.identifiers else None
    if request.id is None and named is None:
        return {"type": REQUEST, "display": "the request of this call"}
    return reference(REQUEST, request.id, named=named)


def _insurance(found: Covered, shaper: Shaper, *, answered: bool) -> Element:
    in_force = shaper.standing(found).status is CoverageStatus.ACTIVE
    insurance = insurance_of(found)
    whole = period(insurance.start_date, insurance.end_date)
    elements = {
        "coverage": reference("Coverage", shaper.ids(found).coverage),
        "inforce": in_force if answered else None,
        "benefitPeriod": whole if answered and in_force else None,
    }
    return present(elements)
