"""A complaint by somebody who names no application."""

from hashlib import sha256
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from cardservice.domain.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.complaints_open import FileOpenComplaint, file_open_complaint
from cardservice.web.api.commands import Sent
from cardservice.web.api.common import Done, Model
from cardservice.web.api.register.complaint_models import Letter
from cardservice.web.api.typed import Line
from cardservice.web.at_once import at_once
from cardservice.web.office.parts import OfficeParts, office_parts
from cardservice.web.signin.context import Address, SignInParts

_VISITOR: Final = b"a visitor who complains: "
_ID_OCTETS: Final = 16
router = APIRouter(tags=["complaints"])


class OpenComplaint(Model):
    """What is complained about, and where the answer goes."""

    text: Letter
    contact: Line = Field(min_length=1)


@router.post("/complaints/open")
def api_file_open_complaint(
    parts: Annotated[OfficeParts, Depends(at_once(office_parts))],
    signing: SignInParts,
    address: Address,
    *,
    sent: Sent,
    new: OpenComplaint,
) -> Done:
    """Complain without an application; ``number`` tells its state. Open to all, without files."""
    signing.forms.take(address)
    command = FileOpenComplaint(
        region=parts.region, key=sent.key, text=new.text, contact=new.contact
    )
    # Nobody is signed in: whoever sends the same key and the same words again is the same visitor.
    visitor = UUID(bytes=sha256(_VISITOR + sent.key.encode()).digest()[:_ID_OCTETS])
    return sent.done(file_open_complaint(parts.office, Actor(visitor, Role.APPLICANT), command))
