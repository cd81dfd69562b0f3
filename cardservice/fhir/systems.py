"""URIs that name things in FHIR: the field's numbers, this service's own codes, HL7's lists."""

import re
from dataclasses import dataclass, fields
from enum import StrEnum, unique
from typing import Final

from cardservice.errors import UsageError

_ABSOLUTE_URI: Final = re.compile(r"(?:https?://|urn:)[!-~]+[^/\s]", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """Which URI stands for what; each a setting, as regions differ.

    Attributes:
        enp: system of policy numbers (16 digits). The default is the one that the regional
            integration platforms use for the policy of the single form.
        snils: system of SNILS, written as eleven digits.
        ogrn: system of insurers' OGRN: the attribute's OID in the state's certificates.
        codes: begins the URIs of this service's code systems, no slash at its end.
        extensions: begins the URIs of this service's extensions, no slash at its end.
        base: where the service serves FHIR, no slash at its end.

    Raises:
        UsageError: one is no absolute URI, or ends with a slash.

    Source: HL7 FHIR R4, 2.24.0.4 (uri), 2.24.0.6 (Identifier.system).
    """

    enp: str = "urn:oid:1.2.643.2.69.1.1.1.6.228"
    snils: str = "urn:oid:1.2.643.2.69.1.1.1.6.223"
    ogrn: str = "urn:oid:1.2.643.100.1"
    codes: str = "https://policycard.example/fhir/CodeSystem"
    extensions: str = "https://policycard.example/fhir/StructureDefinition"
    base: str = "https://policycard.example/fhir"

    def __post_init__(self) -> None:
        for one in fields(self):
            if not _ABSOLUTE_URI.fullmatch(getattr(self, one.name)):
                raise UsageError(f"the FHIR system {one.name} is not an absolute URI")

    def codes_of(self, name: str) -> str:
        """Return the URI of this service's code system ``name``."""
        return f"{self.codes}/{name}"

    def extension(self, name: str) -> str:
        """Return the URI of this service's extension ``name``."""
        return f"{self.extensions}/{name}"


@unique
class CodeSystem(StrEnum):
    """Code systems of this service; each ends a URI below ``Systems.codes``."""

    REASON = "reason"  # why a check came out so, why there is no verdict, why a call is refused


@unique
class Hl7(StrEnum):
    """Lists and extensions that HL7 published."""

    IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
    ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    RELATIONSHIP = "http://terminology.hl7.org/CodeSystem/subscriber-relationship"
    COVERAGE_CLASS = "http://terminology.hl7.org/CodeSystem/coverage-class"
    ORGANIZATION_TYPE = "http://terminology.hl7.org/CodeSystem/organization-type"
    UNITS = "http://unitsofmeasure.org"
    BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
    SUBMIT = "http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit"
