"""How a desk comes to be one: a code is looked at, then used up for its keys."""

import json
from typing import Annotated, Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from cardservice.errors import Refusal
from cardservice.home.clinics_desks import EnrolledDesk
from cardservice.home.enrolment_files import DeskBundle, DeskRequest
from cardservice.home.terminals import read_request
from cardservice.pki.status_list_encoding import decode_base64url
from cardservice.web.api.common import Model, problems
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.limits import limited

router = APIRouter(tags=["desks"], dependencies=[limited("codes")])
Service = Annotated[ClinicService, Depends(clinic_service)]
Code = Annotated[str, StringConstraints(max_length=40), Field(examples=["9FQ2-71MX-0C4T"])]
Coordinate = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class PublicJwk(Model):
    """The public half of a key of P-256 (RFC 7518, 6.2.1); a private one is refused."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate
    alg: Literal["ES256"] | None = None
    use: Literal["sig"] | None = None
    kid: Annotated[str, StringConstraints(max_length=100)] | None = None


class Preview(Model):
    """What a code is for: the names a request has to bear, and what the desk may do with cards."""

    clinic: str
    desk: str
    rights: list[str]


class PreviewQuestion(Model):
    """A code as it was typed."""

    code: Code


class EnrolmentQuestion(Model):
    """A code, the key of the desk's assertions, and the request for its terminal's certificate."""

    code: Code
    key: PublicJwk
    request: dict[str, Any] = Field(description="As `cardservice pki desk request` writes it.")


class Enrolled(Model):
    """Who the desk is from now on, what it shows to cards, and whom it is to trust (a JWS)."""

    client_id: str
    clinic: str
    desk: str
    region: str
    bundle: dict[str, Any]
    trust: str


@router.post("/enrolments/previews", responses=problems())
def clinic_preview_code(service: Service, question: PreviewQuestion) -> Preview:
    """Tell what a code is for; it is not used up."""
    seen = service.desks.preview(question.code)
    return Preview(clinic=seen.clinic, desk=seen.desk, rights=list(seen.rights))


@router.post("/enrolments", status_code=201, responses=problems())
def clinic_enrol_desk(service: Service, question: EnrolmentQuestion) -> Enrolled:
    """Enrol a desk; the same key may ask again with the same code if the answer was lost."""
    request = request_in(question.request)
    trust = service.trust.current().token
    made = service.desks.enrol(question.code, public_key_of(question.key), request)
    return _enrolled(made, trust)


def request_in(members: dict[str, Any]) -> DeskRequest:
    """Return a desk's request, its possession of the key proved.

    Raises:
        Refusal: ``desk-request-damaged``.
    """
    try:
        return read_request(json.dumps(members).encode())
    except (ValueError, RecursionError):
        raise Refusal("desk-request-damaged", "The request cannot be taken.") from None


def bundle_object(bundle: DeskBundle) -> dict[str, Any]:
    """Return a bundle as the member of an answer."""
    members: dict[str, Any] = json.loads(bundle.encode())
    return members


def public_key_of(jwk: PublicJwk) -> bytes:
    """Return the key as SubjectPublicKeyInfo, DER.

    Raises:
        Refusal: ``desk-key-wrong``: there is no such point.
    """
    x, y = (int.from_bytes(decode_base64url(one)) for one in (jwk.x, jwk.y))
    try:
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        raise Refusal("desk-key-wrong", "The desk's key is no point of P-256.") from None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _enrolled(made: EnrolledDesk, trust: str) -> Enrolled:
    return Enrolled(
        client_id=made.desk.client_id,
        clinic=made.clinic,
        desk=made.desk.name,
        region=made.desk.region,
        bundle=bundle_object(made.bundle),
        trust=trust,
    )
