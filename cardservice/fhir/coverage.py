"""A policy as a FHIR Coverage, from the register or from a card.

Source: HL7 FHIR R4, 13.1 (Coverage).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from cardservice.domain.cover import Programme
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Enp
from cardservice.errors import UsageError
from cardservice.fhir.elements import (
    Element,
    coding,
    identifier,
    period,
    present,
    reference,
    resource,
)
from cardservice.fhir.organization import insurer_reference
from cardservice.fhir.standing import CoverageStanding, standing_of_examination
from cardservice.fhir.systems import Hl7, Systems
from cardservice.verify.examination import Examination

_MEMBER_NUMBER: Final = "MB"
_PUBLIC_POLICY: Final = "PUBLICPOL"
_SELF: Final = "self"  # every holder has a policy of their own, also a child
STATUS_REASON: Final = "coverage-status-reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageIds:
    """Ids of the resources around one policy here; none of them is a person's number.

    Attributes:
        coverage, patient: of the policy and of its holder.
        insurer: of the insurer; ``None`` where it is named by its OGRN alone.
    """

    coverage: str
    patient: str
    insurer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CoveredPolicy:
    """What a Coverage tells of a policy.

    Attributes:
        expiry: the policy's own last day, ``None`` when it has none.
        programme: the widest that applies where the clinic is, ``None`` when that is not asked.
    """

    enp: Enp
    insurance: InsurancePeriod
    expiry: date | None = None
    programme: Programme | None = None


def coverage(
    policy: CoveredPolicy, standing: CoverageStanding, *, ids: CoverageIds, systems: Systems
) -> Element:
    """Return ``policy`` as a Coverage of the given standing.

    Its classes are the policy's region (``group``, OKATO) and the programme (``plan``). The period
    ends with the insurer's last day or the policy's, whichever is first.

    Raises:
        UsageError: one of ``ids`` cannot be an id.
    """
    insurance = policy.insurance
    ends = [one for one in (insurance.end_date, policy.expiry) if one is not None]
    elements = {
        "extension": [_status_reason(standing, systems)],
        "identifier": [identifier(systems.enp, policy.enp, type_code=_MEMBER_NUMBER)],
        "status": standing.status.value,
        "type": coding(Hl7.ACT_CODE, _PUBLIC_POLICY),
        "subscriberId": policy.enp,
        "beneficiary": reference("Patient", ids.patient),
        "relationship": coding(Hl7.RELATIONSHIP, _SELF),
        "period": period(insurance.start_date, min(ends, default=None)),
        "payor": [insurer_reference(insurance.ogrn, id_=ids.insurer, systems=systems)],
        "class": _classes(policy),
    }
    return resource("Coverage", elements, id_=ids.coverage)


def coverage_of_examination(
    examination: Examination, *, ids: CoverageIds, systems: Systems
) -> Element:
    """Return what the card says of the policy, ``active`` only under the verdict ``valid``.

    Raises:
        UsageError: the card's owner or insurer was not read; one of ``ids`` cannot be an id.
    """
    holder, insurance = examination.holder, examination.insurance
    if holder is None or insurance is None:
        raise UsageError("a card of which owner or insurer was not read tells of no coverage")
    policy = CoveredPolicy(enp=holder.enp, insurance=insurance)
    return coverage(policy, standing_of_examination(examination), ids=ids, systems=systems)


def _status_reason(standing: CoverageStanding, systems: Systems) -> Element:
    return {"url": systems.extension(STATUS_REASON), "valueCode": str(standing.reason)}


def _classes(policy: CoveredPolicy) -> list[Element]:
    plan = None if policy.programme is None else policy.programme.value
    values = present({"group": policy.insurance.okato, "plan": plan})
    return [
        {"type": coding(Hl7.COVERAGE_CLASS, kind), "value": value} for kind, value in values.items()
    ]
