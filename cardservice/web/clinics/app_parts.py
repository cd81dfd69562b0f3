"""What the routes of this folder need besides ``ClinicParts``; it travels in its ``more``."""

from dataclasses import dataclass, field
from typing import Final, cast

from fastapi import Request

from cardservice.accounts.assertions import Assertions
from cardservice.home.clinics_desks import DeskCertifier
from cardservice.home.clinics_lists import PublishedLists
from cardservice.home.clinics_signing import FreshnessSigner
from cardservice.home.clinics_spent import SpentAssertions
from cardservice.home.clinics_trust import TrustStatements
from cardservice.web.clinics.clients import KnownClients
from cardservice.web.clinics.clients_tokens import AccessTokens
from cardservice.web.clinics.limits import Limits
from cardservice.web.clinics.parts import ClinicParts

SERVICE: Final = "service"
"""The name in ``ClinicParts.more``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicService:
    """One process of the verification service.

    Attributes:
        clients: who may ask.
        desks: enrols and certifies.
        assertions: judges how desks prove who they are.
        spent: knows which assertions another process took.
        tokens: makes access tokens.
        signer, trust, lists: what is fresh, and what is published.
        cards_key: 32 octets, under which numbers of cards are kept as digests.
        limits: of this process.
    """

    clients: KnownClients
    desks: DeskCertifier
    assertions: Assertions
    spent: SpentAssertions
    tokens: AccessTokens
    signer: FreshnessSigner
    trust: TrustStatements
    lists: PublishedLists
    cards_key: bytes = field(repr=False)
    limits: Limits


def service_of(parts: ClinicParts) -> ClinicService:
    """Return the service that the parts are of."""
    return cast(ClinicService, parts.more[SERVICE])


def clinic_service(request: Request) -> ClinicService:
    """Return the service that answers the request."""
    return service_of(request.app.state.clinics)
