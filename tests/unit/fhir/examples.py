"""Requests as clinics send them, and what answers stand in."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

from cardservice.domain.numbers import Enp
from cardservice.errors import Refusal
from cardservice.fhir.coverage import CoverageIds
from cardservice.fhir.eligibility_request import EligibilityRequest, parse_eligibility_request
from cardservice.fhir.eligibility_response import ResponseFrame
from cardservice.fhir.systems import Systems
from tests.unit.web.examples import AT

SYSTEMS = Systems()
TODAY = date(2026, 11, 22)
ENP = Enp("0054910834000015")
IDS = CoverageIds(coverage="c-1", patient="p-1", insurer="o-1")
FRAME = ResponseFrame(id="r-1", ids=IDS, created=AT, judged_on=TODAY)
PATIENT_BY_ENP = {"identifier": {"system": SYSTEMS.enp, "value": ENP}}


def request_body(**changes: Any) -> dict[str, Any]:
    """Return a good request with members changed, or left out where the change is ``None``."""
    body: dict[str, Any] = {
        "resourceType": "CoverageEligibilityRequest",
        "id": "er1",
        "identifier": [{"system": "urn:example:clinic:er", "value": "2026-000001"}],
        "status": "active",
        "purpose": ["validation"],
        "patient": deepcopy(PATIENT_BY_ENP),
        "servicedDate": TODAY.isoformat(),
        "created": "2026-11-22T12:30:00+03:00",
        "insurer": {"reference": "Organization/o-1"},
        "insurance": [{"focal": True, "coverage": {"reference": "Coverage/c-1"}}],
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def parse(body: object) -> EligibilityRequest:
    """Return the request that a body is, sent as JSON."""
    return parse_eligibility_request(json.dumps(body).encode(), SYSTEMS)


def refusal_of(body: object) -> tuple[str, str | None]:
    """Return code and place of the refusal of a body, which must be refused."""
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        parse_eligibility_request(octets, SYSTEMS)
    except Refusal as refused:
        return refused.code, refused.field
    return "not refused", None


REQUEST = parse(request_body())
