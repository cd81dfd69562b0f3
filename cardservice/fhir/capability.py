"""What the service does, as a FHIR CapabilityStatement.

Source: HL7 FHIR R4, 5.2 (CapabilityStatement); $submit, 13.2.8.
"""

from datetime import datetime
from typing import Final

from cardservice.fhir.elements import Element, moment, resource
from cardservice.fhir.eligibility_request import REQUEST
from cardservice.fhir.searching import IDENTIFIER, SEARCHABLE
from cardservice.fhir.systems import Hl7, Systems

FHIR_VERSION: Final = "4.0.1"
MEDIA_TYPE: Final = "application/fhir+json"
SUBMIT: Final = "submit"


def capability_statement(
    *, software_version: str, released_at: datetime, systems: Systems
) -> Element:
    """Return what is served: read and search by identifier, and ``$submit``; nothing is written.

    Args:
        software_version: of this service.
        released_at: when what it says last changed; the same for every process.
        systems: their base is where it is served.

    Raises:
        UsageError: ``released_at`` has no time zone.
    """
    elements = {
        "status": "active",
        "date": moment(released_at),
        "kind": "instance",
        "software": {"name": "Electronic policy cards", "version": software_version},
        "implementation": {
            "description": "Verification of health-insurance policies",
            "url": systems.base,
        },
        "fhirVersion": FHIR_VERSION,
        "format": [MEDIA_TYPE],
        "rest": [_rest()],
    }
    return resource("CapabilityStatement", elements)


def _rest() -> Element:
    told = (
        "Clients show a bearer token: a program one of the office's, a desk one that it gets for "
        "an assertion signed with its key. Search with POST [type]/_search: a number in an "
        "address ends in the logs on the way."
    )
    return {
        "mode": "server",
        "documentation": told,
        "security": {"cors": False, "description": "Bearer tokens (RFC 6750)."},
        "resource": [*map(_readable, SEARCHABLE), _submitted()],
    }


def _readable(kind: str) -> Element:
    number = {"name": IDENTIFIER, "type": "token", "documentation": "SYSTEM|VALUE, exactly one"}
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "conditionalRead": "not-match",
        "searchParam": [number],
    }


def _submitted() -> Element:
    return {
        "type": REQUEST,
        "operation": [{"name": SUBMIT, "definition": Hl7.SUBMIT.value}],
    }
