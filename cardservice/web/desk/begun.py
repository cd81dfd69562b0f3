"""What makes one presentation of a card this one and no other."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from uuid import UUID, uuid4

from cardservice.domain.proven_time import Moment

TICKET_OCTETS = 32


def _ticket() -> str:
    return token_urlsafe(TICKET_OCTETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Drawn when a card comes; gone when it leaves.

    Attributes:
        id: under which the presentation is reported, once.
        moment: when it began, as the desk knows its time.
        ticket: 32 random octets in base64url: the address of what belongs to this presentation
            alone, its photo and its sheet.
    """

    moment: Moment
    id: UUID = field(default_factory=uuid4)
    ticket: str = field(default_factory=_ticket, repr=False)
