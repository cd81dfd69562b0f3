"""What the routes for clinics need; put together where the service starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast
from uuid import UUID

from fastapi import Request

from cardservice.accounts.rights import Right
from cardservice.papers.statement.signed import StatementKey
from cardservice.registry.frame import Office
from cardservice.verify.access import Enrolment, NewScalar
from cardservice.verify.judging import Judge
from cardservice.verify.reading import NewEphemeralKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who asks: an enrolled desk, or a program of a clinic with a token.

    Attributes:
        id: of the desk or program.
        region: five digits, where it is.
        name: as people know it.
        rights: what it may do.
        desk: whether it is a desk.
    """

    id: UUID
    region: str
    name: str
    rights: frozenset[Right]
    desk: bool


class Clients(Protocol):
    """Knows clients by what they show with each request."""

    def recognise(self, token: str) -> Client | None:
        """Return who has this bearer token, good now; None: nobody."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTerms:
    """With what the service reads cards that lie on a clinic's reader.

    Attributes:
        enrolment: the service's own terminal, whose key stays here; asked anew each time, since
            its certificate lasts days. None: cards that ask for a terminal stay shut.
        new_ephemeral: a fresh P-256 key.
        new_scalar: from a group's order n to a fresh secret 1..n-1.
    """

    enrolment: Callable[[], Enrolment | None] = field(repr=False)
    new_ephemeral: NewEphemeralKey
    new_scalar: NewScalar


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicParts:
    """One verification service.

    Attributes:
        office: the register's use cases.
        region: five digits; of who has none of their own.
        clients: who may ask.
        judge: from a region (of the asking clinic) to what judges cards for it.
        cards: None: no cards are read through this service.
        statement_keys: those trusted for the QR code of a temporary certificate.
        version_key: 32 octets; versions of FHIR resources are digests under it.
        more: parts that one folder of routes alone needs, by its name.
    """

    office: Office
    region: str
    clients: Clients
    judge: Callable[[str], Judge]
    cards: CardTerms | None = None
    statement_keys: tuple[StatementKey, ...] = ()
    version_key: bytes = field(default=b"", repr=False)
    more: Mapping[str, Any] = field(default_factory=dict)


def clinic_parts(request: Request) -> ClinicParts:
    """Return the parts of the application that serves the request."""
    return cast(ClinicParts, request.app.state.clinics)
