"""An insurer as a FHIR Organization.

Source: HL7 FHIR R4, 8.5 (Organization).
"""

from typing import Final

from cardservice.domain.numbers import Ogrn
from cardservice.fhir.elements import Element, coding, identifier, reference, resource, string
from cardservice.fhir.systems import Hl7, Systems

_INSURER: Final = "ins"
ORGANIZATION: Final = "Organization"


def insurer_organization(ogrn: Ogrn, name: str, *, id_: str, systems: Systems) -> Element:
    """Return the insurer as an Organization; its name as the register has it.

    Raises:
        UsageError: ``id_`` cannot be an id.
    """
    elements = {
        "identifier": [identifier(systems.ogrn, ogrn)],
        "type": [coding(Hl7.ORGANIZATION_TYPE, _INSURER)],
        "name": string(name),
    }
    return resource(ORGANIZATION, elements, id_=id_)


def insurer_reference(ogrn: Ogrn, *, id_: str | None, systems: Systems) -> Element:
    """Return a Reference to the insurer: its OGRN, and its id where this service serves it.

    Raises:
        UsageError: ``id_`` cannot be an id.
    """
    return reference(ORGANIZATION, id_, named=identifier(systems.ogrn, ogrn))
