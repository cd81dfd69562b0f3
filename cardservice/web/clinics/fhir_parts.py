"""What the routes of FHIR need besides the parts of the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from cardservice.domain.numbers import Ogrn
from cardservice.fhir.systems import Systems
from cardservice.web.clinics.parts import ClinicParts

FHIR: Final = "/fhir/r4"
NAME: Final = "fhir"
"""Under which ``ClinicParts.more`` has them."""
_SAID: Final = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirParts:
    """How FHIR is served.

    Attributes:
        systems: URIs; ``base`` is the service's address with ``/fhir/r4``.
        insurers: OGRN → name, of those that are served as an Organization.
        said_at: when the statement of what is served last changed.
    """

    systems: Systems = field(default_factory=Systems)
    insurers: Mapping[Ogrn, str] = field(default_factory=dict)
    said_at: datetime = _SAID


DEFAULT: Final = FhirParts()


def fhir_parts(parts: ClinicParts) -> FhirParts:
    """Return those of a service; raises TypeError if there is something else under the name."""
    found = parts.more.get(NAME, DEFAULT)
    if not isinstance(found, FhirParts):
        raise TypeError("ClinicParts.more['fhir'] is FhirParts")
    return found


def systems_at(address: str) -> Systems:
    """Return the URIs of a service that clinics find at ``address``."""
    base = f"{address.rstrip('/')}{FHIR}"
    return Systems(codes=f"{base}/CodeSystem", extensions=f"{base}/StructureDefinition", base=base)


def software_version() -> str:
    """Return this program's version; ``0`` where it runs without having been installed."""
    try:
        return version("electronic-policy-card")
    except PackageNotFoundError:
        return "0"
