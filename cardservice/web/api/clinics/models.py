"""Desks of clinics and signs of abuse as programs see them."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from cardservice.domain.signs import SignKind, SignState
from cardservice.registry.clinics import READ_POLICY, RIGHTS, DeskEnd
from cardservice.registry.ports_clinics import AbuseSign, ClinicDesk
from cardservice.registry.signs import NOTE_LENGTH
from cardservice.web.api.common import Model
from cardservice.web.api.typed import Named


class CodeWished(Model):
    """A desk that is to be enrolled; ``rights``: what its terminal may do with cards."""

    organisation_id: UUID
    desk: Named
    rights: list[Named] = Field(default=[READ_POLICY], max_length=len(RIGHTS))


class CodeShown(Model):
    """A code, shown this once: it is kept nowhere, and null when the command is sent again."""

    id: UUID
    code: str | None = Field(examples=["7K3M-9QXR-2T5V"])
    desk: str
    expires_at: datetime


class DeskEnding(Model):
    """Why a desk ends."""

    ground: DeskEnd


class DeskShown(Model):
    """A desk of a clinic; ``ended_ground`` is a code."""

    id: UUID
    version: int
    organisation_id: UUID
    name: str
    client_id: str
    thumbprint: str = Field(description="SHA-256 of its public key, hexadecimal.")
    holder: str
    rights: list[str]
    enrolled_at: datetime
    ended_at: datetime | None
    ended_ground: str | None


class SignShown(Model):
    """A sign of abuse; ``details`` names other desks and regions."""

    id: UUID
    version: int
    kind: SignKind
    state: SignState
    desk_id: UUID
    organisation_id: UUID
    card_number: str | None = Field(description="12 hexadecimal digits.")
    first_at: datetime
    last_at: datetime
    occurrences: int
    details: dict[str, list[str]]
    note: str | None
    settled_by: str | None
    settled_at: datetime | None


class Settlement(Model):
    """What came of a sign, in words that name nobody."""

    note: str = Field(min_length=1, max_length=NOTE_LENGTH)


def desk_shown(desk: ClinicDesk) -> DeskShown:
    """Return a desk as programs see it."""
    return DeskShown(
        id=desk.id,
        version=desk.version,
        organisation_id=desk.organisation_id,
        name=desk.name,
        client_id=desk.client_id,
        thumbprint=desk.thumbprint.hex(),
        holder=desk.holder,
        rights=list(map(str, desk.rights)) if isinstance(desk.rights, list | tuple) else [],
        enrolled_at=desk.enrolled_at,
        ended_at=desk.ended_at,
        ended_ground=desk.ended_ground,
    )


def sign_shown(sign: AbuseSign) -> SignShown:
    """Return a sign as programs see it."""
    return SignShown.model_validate(
        {
            **{name: getattr(sign, name) for name in SignShown.model_fields},
            "card_number": card_digits(sign.card_number),
        }
    )


def card_digits(number: int | None) -> str | None:
    """Return a card's number as its list number and index are written, 12 hexadecimal digits."""
    return None if number is None else f"{number:012x}"
