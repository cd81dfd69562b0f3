"""Identifiers and references in what a client sends: whom or what it means.

Source: HL7 FHIR R4, 2.24.0.6 (Identifier), 2.3.0 (Reference).
"""

import re
from dataclasses import dataclass
from typing import Final

from cardservice.fhir.elements import Element, is_id
from cardservice.fhir.elements import identifier as written_identifier
from cardservice.fhir.faults import Fault, refusal
from cardservice.fhir.received import Received
from cardservice.fhir.systems import Systems

_URI: Final = re.compile(r"[!-~]+", re.ASCII)
_IDENTIFIER: Final = frozenset({"use", "type", "system", "value", "period", "assigner"})
_REFERENCE: Final = frozenset({"reference", "type", "identifier", "display"})


@dataclass(frozen=True, slots=True, repr=False)
class ReceivedIdentifier:
    """A number and whose; each 1 to 255 characters, not judged."""

    system: str
    value: str

    def written(self) -> Element:
        """Return it as an Identifier, to be sent back to who sent it."""
        return written_identifier(self.system, self.value)


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """What a reference names; an id here, an identifier, or both.

    Attributes:
        kind: type of the resource, as ``Patient``.
    """

    kind: str
    id: str | None
    identifier: ReceivedIdentifier | None


def read_identifier(received: Received) -> ReceivedIdentifier:
    """Return the identifier, which has a system and a value.

    Raises:
        Refusal: as of ``Received``.
    """
    received.expect_only(_IDENTIFIER)
    system, value = received.required_text("system"), received.required_text("value")
    if not _URI.fullmatch(system):
        raise refusal(Fault.VALUE_FORM, "This is no URI.", at=f"{received.at}.system")
    return ReceivedIdentifier(system, value)


def read_reference(received: Received, kind: str, systems: Systems) -> Target:
    """Return what a reference to a ``kind`` names: ``kind/ID``, below our base or alone.

    Raises:
        Refusal: ``fhir-reference-not-supported`` for other addresses (other servers, contained
            resources, versions, ``urn:uuid:…``), or as of ``Received``.
    """
    received.expect_only(_REFERENCE)
    if received.text("type") not in (None, kind):
        raise _not_supported(received, kind, "type")
    address, named = received.text("reference"), received.element("identifier")
    if address is None and named is None:
        raise received.missing("reference")
    id_ = None if address is None else _id_in(address, kind, systems)
    if address is not None and id_ is None:
        raise _not_supported(received, kind, "reference")
    return Target(kind, id_, None if named is None else read_identifier(named))


def _id_in(address: str, kind: str, systems: Systems) -> str | None:
    start, slash, id_ = address.removeprefix(f"{systems.base}/").partition("/")
    return id_ if start == kind and slash and is_id(id_) else None


def _not_supported(received: Received, kind: str, member: str) -> Exception:
    sentence = f"This is neither {kind}/ID of this server nor an identifier."
    return refusal(Fault.REFERENCE_NOT_SUPPORTED, sentence, at=f"{received.at}.{member}")
