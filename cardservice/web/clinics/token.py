"""How a desk proves who it is: an assertion that its key signed, for a token of ten minutes.

Source: RFC 6749, 4.4 (client credentials); RFC 7523, 2.2 and 3 (private_key_jwt).
"""

import json
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Form, Response

from cardservice.accounts.assertions import MAX_ASSERTION
from cardservice.errors import AuthenticationError, Refusal
from cardservice.pki.status_list_encoding import decode_base64url
from cardservice.web.api.common import Model, problems
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.clients_tokens import LASTS_S
from cardservice.web.clinics.limits import limited

BEARER: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
UNKNOWN: Final = "client-unknown"
router = APIRouter(tags=["desks"], dependencies=[limited("signed")])
Service = Annotated[ClinicService, Depends(clinic_service)]


class AccessToken(Model):
    """A token for the header ``Authorization: Bearer …``."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a kind of token
    expires_in: int


@router.post("/token", responses=problems())
def clinic_give_token(
    service: Service,
    response: Response,
    grant_type: Annotated[Literal["client_credentials"], Form()],  # noqa: ARG001 - its form
    client_assertion_type: Annotated[  # noqa: ARG001
        Literal["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"], Form()
    ],
    client_assertion: Annotated[str, Form(max_length=MAX_ASSERTION)],
) -> AccessToken:
    """Give an enrolled desk a token; its assertion names this address as `aud`, and is used once.

    Whatever is wrong with an assertion has one answer: 401, `client-unknown`.
    """
    try:
        program = service.assertions.verify(client_assertion)
        claims = _claims(client_assertion)
        client_id = str(program.subject.id)
        service.spent.spend(client_id, str(claims["jti"]), float(claims["exp"]))
    except AuthenticationError:
        raise Refusal(UNKNOWN, "No desk is known by this assertion.") from None
    response.headers["Pragma"] = "no-cache"  # RFC 6749, 5.1
    return AccessToken(access_token=service.tokens.issue(client_id), expires_in=LASTS_S)


def _claims(assertion: str) -> dict[str, Any]:
    """Return the claims of an assertion that was verified."""
    claims: dict[str, Any] = json.loads(decode_base64url(assertion.split(".")[1]))
    return claims
