"""What is wrong with something a client sent: stable codes, and FHIR's word for each."""

from enum import StrEnum, unique
from typing import Final

from cardservice.errors import Refusal


@unique
class IssueType(StrEnum):
    """Source: HL7 FHIR R4, value set issue-type; those that are used here."""

    STRUCTURE = "structure"
    REQUIRED = "required"
    VALUE = "value"
    INVALID = "invalid"
    EXPIRED = "expired"
    NOT_SUPPORTED = "not-supported"
    NOT_FOUND = "not-found"
    TOO_LONG = "too-long"
    BUSINESS_RULE = "business-rule"
    TRANSIENT = "transient"
    INCOMPLETE = "incomplete"


@unique
class Fault(StrEnum):
    """Stable code of a refusal."""

    BODY_TOO_LARGE = "fhir-body-too-large"
    JSON_MALFORMED = "fhir-json-malformed"
    NESTING_TOO_DEEP = "fhir-nesting-too-deep"
    RESOURCE_TYPE = "fhir-resource-type"
    ELEMENT_MISSING = "fhir-element-missing"
    ELEMENT_TYPE = "fhir-element-type"
    ELEMENT_UNKNOWN = "fhir-element-unknown"
    ELEMENT_NOT_SUPPORTED = "fhir-element-not-supported"
    VALUE_FORM = "fhir-value-form"
    VALUE_NOT_SUPPORTED = "fhir-value-not-supported"
    TEXT_TOO_LONG = "fhir-text-too-long"
    TOO_MANY = "fhir-too-many"
    REFERENCE_NOT_SUPPORTED = "fhir-reference-not-supported"
    IDENTIFIER_SYSTEM = "fhir-identifier-system"
    PARAMETER_UNKNOWN = "fhir-parameter-unknown"
    PARAMETER_REPEATED = "fhir-parameter-repeated"
    PARAMETER_MISSING = "fhir-parameter-missing"


_TYPES: Final = {
    Fault.BODY_TOO_LARGE: IssueType.TOO_LONG,
    Fault.JSON_MALFORMED: IssueType.STRUCTURE,
    Fault.NESTING_TOO_DEEP: IssueType.STRUCTURE,
    Fault.RESOURCE_TYPE: IssueType.INVALID,
    Fault.ELEMENT_MISSING: IssueType.REQUIRED,
    Fault.ELEMENT_TYPE: IssueType.STRUCTURE,
    Fault.ELEMENT_UNKNOWN: IssueType.STRUCTURE,
    Fault.ELEMENT_NOT_SUPPORTED: IssueType.NOT_SUPPORTED,
    Fault.VALUE_FORM: IssueType.VALUE,
    Fault.VALUE_NOT_SUPPORTED: IssueType.NOT_SUPPORTED,
    Fault.TEXT_TOO_LONG: IssueType.TOO_LONG,
    Fault.TOO_MANY: IssueType.TOO_LONG,
    Fault.REFERENCE_NOT_SUPPORTED: IssueType.NOT_SUPPORTED,
    Fault.IDENTIFIER_SYSTEM: IssueType.NOT_SUPPORTED,
    Fault.PARAMETER_UNKNOWN: IssueType.NOT_SUPPORTED,
    Fault.PARAMETER_REPEATED: IssueType.INVALID,
    Fault.PARAMETER_MISSING: IssueType.REQUIRED,
}
_ENDINGS: Final = {
    "-missing": IssueType.REQUIRED,
    "-too-long": IssueType.TOO_LONG,
    "not-found": IssueType.NOT_FOUND,
    "-unknown": IssueType.NOT_FOUND,
    "-expired": IssueType.EXPIRED,
    "-format": IssueType.VALUE,
    "-length": IssueType.VALUE,
    "-not-digits": IssueType.VALUE,
    "-all-zeros": IssueType.VALUE,
    "-check-digit": IssueType.VALUE,
    "-impossible": IssueType.VALUE,
}


def refusal(fault: Fault, sentence: str, *, at: str) -> Refusal:
    """Return the refusal of what a client sent; ``at`` is the FHIRPath of the place."""
    return Refusal(fault.value, sentence, field=at)


def issue_type(code: str) -> IssueType:
    """Return FHIR's word for a refusal's code; a rule of the field where nothing says more."""
    known = {fault.value: kind for fault, kind in _TYPES.items()}.get(code)
    if known is not None:
        return known
    endings = (kind for ending, kind in _ENDINGS.items() if code.endswith(ending))
    return next(endings, IssueType.BUSINESS_RULE)
