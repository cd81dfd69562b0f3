"""What a clinic asks: a FHIR CoverageEligibilityRequest, alone or in the Parameters of ``$submit``.

Source: HL7 FHIR R4, 13.2 (CoverageEligibilityRequest), 13.2.8 ($submit).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from cardservice.domain.numbers import Enp, parse_enp
from cardservice.errors import Refusal
from cardservice.fhir.elements import is_id
from cardservice.fhir.faults import Fault, refusal
from cardservice.fhir.json_text import parse_object
from cardservice.fhir.organization import ORGANIZATION
from cardservice.fhir.received import Received
from cardservice.fhir.systems import Systems
from cardservice.fhir.targets import ReceivedIdentifier, Target, read_identifier, read_reference

REQUEST: Final = "CoverageEligibilityRequest"
VALIDATION: Final = "validation"
IDENTIFIERS_MAX: Final = 8  # one is usual; a gateway on the way may add its own
INSURANCE_MAX: Final = 8  # a person has one policy here, and may have voluntary ones beside it
PURPOSES_MAX: Final = 4  # the standard has four

_ENVELOPE: Final = frozenset({"resourceType", "meta", "language", "text"})
_KNOWN: Final = _ENVELOPE | {
    *("identifier", "status", "priority", "purpose", "patient", "servicedDate", "servicedPeriod"),
    *("created", "enterer", "provider", "insurer", "facility", "insurance"),
}
# Each changes what is asked (rules we do not know, services, documents), or hides it elsewhere.
_NOT_SUPPORTED: Final = frozenset(
    {"modifierExtension", "implicitRules", "contained", "item", "supportingInfo"}
)
_INSURANCE: Final = frozenset({"focal", "coverage", "businessArrangement"})
_PERIOD: Final = frozenset({"start", "end"})
_MODIFIERS: Final = frozenset({"modifierExtension"})
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATE_TIME: Final = re.compile(
    r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9]))?)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, repr=False)
class RequestedPatient:
    """Whom the clinic means; at least one is there.

    Attributes:
        id: of a Patient here, not looked up. With ``enp`` too, both must be of one person.
        enp: the policy number, its check digit right.
    """

    id: str | None
    enp: Enp | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EligibilityRequest:
    """A request that can be answered: whether a person's policy is in force.

    It has no printed form of its own, so that no log carries a person.

    Attributes:
        id, identifiers: the client's own names for it, to be sent back; not judged.
        patient: whom it is about.
        insurer: whom the client takes for the insurer; not judged.
        coverage: the Coverage it is about, ``None`` for the person's policy; not looked up.
        serviced: the day it asks about, ``None`` for the present.
    """

    id: str | None
    identifiers: tuple[ReceivedIdentifier, ...]
    patient: RequestedPatient
    insurer: Target
    coverage: Target | None
    serviced: date | None


def parse_eligibility_request(octets: bytes, systems: Systems) -> EligibilityRequest:
    """Return the request that a client sent, at most 64 KiB of JSON.

    Not checked: that there are such a patient, coverage and insurer; what is in ``meta``, ``text``
    and extensions, which are passed over.

    Raises:
        Refusal: with a ``Fault`` as its code, or one of ``parse_enp``; its field is the FHIRPath
            of the place. No sentence quotes a value.
    """
    received = _unwrapped(Received(parse_object(octets, at=REQUEST), REQUEST))
    received.expect_only(_KNOWN, not_supported=_NOT_SUPPORTED)
    _expect_answerable(received)
    identifiers = received.elements("identifier", most=IDENTIFIERS_MAX)
    return EligibilityRequest(
        id=_id(received),
        identifiers=tuple(map(read_identifier, identifiers)),
        patient=_patient(received.required_element("patient"), systems),
        insurer=read_reference(received.required_element("insurer"), ORGANIZATION, systems),
        coverage=_coverage(received, systems),
        serviced=_serviced(received),
    )


def _unwrapped(body: Received) -> Received:
    kind = body.required_text("resourceType")
    if kind == "Parameters":
        return _parameter(Received(body.members, "Parameters"))
    if kind != REQUEST:
        raise refusal(Fault.RESOURCE_TYPE, f"This is no {REQUEST}.", at=REQUEST)
    return body


def _parameter(body: Received) -> Received:
    body.expect_only({"resourceType", "parameter", "meta"})
    (one, *_) = body.elements("parameter", most=1) or (None,)
    if one is None:
        raise body.missing("parameter")
    one.expect_only({"name", "resource"}, not_supported=_MODIFIERS)
    inner = one.required_element("resource")
    right = one.required_text("name") == "resource"
    if not right or inner.required_text("resourceType") != REQUEST:
        raise refusal(Fault.RESOURCE_TYPE, f"This is no resource {REQUEST}.", at=one.at)
    return Received(inner.members, REQUEST)


def _expect_answerable(received: Received) -> None:
    if received.required_text("status") != "active":
        sentence = "Only an active request is answered."
        raise refusal(Fault.VALUE_NOT_SUPPORTED, sentence, at=f"{REQUEST}.status")
    if not _DATE_TIME.fullmatch(received.required_text("created")):
        raise refusal(Fault.VALUE_FORM, "This is not a dateTime.", at=f"{REQUEST}.created")
    purposes = received.texts("purpose", most=PURPOSES_MAX)
    if not purposes:
        raise received.missing("purpose")
    if set(purposes) != {VALIDATION}:
        sentence = "This service answers whether a policy is in force, and nothing else."
        raise refusal(Fault.VALUE_NOT_SUPPORTED, sentence, at=f"{REQUEST}.purpose")


def _id(received: Received) -> str | None:
    text = received.text("id")
    if text is not None and not is_id(text):
        raise refusal(Fault.VALUE_FORM, "This is not an id.", at=f"{REQUEST}.id")
    return text


def _patient(received: Received, systems: Systems) -> RequestedPatient:
    target = read_reference(received, "Patient", systems)
    if target.identifier is None:
        return RequestedPatient(target.id, None)
    place = f"{received.at}.identifier"
    if target.identifier.system != systems.enp:
        sentence = f"Of a person's numbers only the policy number, {systems.enp}, is taken."
        raise refusal(Fault.IDENTIFIER_SYSTEM, sentence, at=f"{place}.system")
    try:
        return RequestedPatient(target.id, parse_enp(target.identifier.value))
    except Refusal as wrong:
        raise Refusal(wrong.code, wrong.sentence, field=f"{place}.value") from None


def _coverage(received: Received, systems: Systems) -> Target | None:
    entries = received.elements("insurance", most=INSURANCE_MAX)
    for one in entries:
        one.expect_only(_INSURANCE, not_supported=_MODIFIERS)
    targets = [
        (one, read_reference(one.required_element("coverage"), "Coverage", systems))
        for one in entries
    ]
    meant = [target for one, target in targets if one.flag("focal")]
    if len(targets) > 1 and len(meant) != 1:
        sentence = "Of several insurances exactly one has to be the focal one."
        raise refusal(Fault.VALUE_FORM, sentence, at=f"{REQUEST}.insurance")
    return next(iter(meant or [target for _, target in targets]), None)


def _serviced(received: Received) -> date | None:
    period = received.element("servicedPeriod")
    if period is None:
        return _date(received, "servicedDate")
    if received.text("servicedDate") is not None:
        sentence = "Only one of servicedDate and servicedPeriod may be there."
        raise refusal(Fault.VALUE_FORM, sentence, at=f"{REQUEST}.servicedPeriod")
    period.expect_only(_PERIOD)
    start, end = _date(period, "start"), _date(period, "end")
    if start is None or start != end:
        sentence = "Only a period of one day is answered."
        raise refusal(Fault.VALUE_NOT_SUPPORTED, sentence, at=period.at)
    return start


def _date(received: Received, name: str) -> date | None:
    text = received.text(name)
    if text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # no day of the calendar: refused with the others
    raise refusal(Fault.VALUE_FORM, "This is not a whole date.", at=f"{received.at}.{name}")
