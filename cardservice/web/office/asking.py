"""Who asks the office for something: from a session or a token to an actor of the registry."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from cardservice.accounts.rights import GRANTS, Right
from cardservice.accounts.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.frame import Office
from cardservice.web.at_once import at_once
from cardservice.web.office.parts import OfficeParts, office_parts
from cardservice.web.signin.errors import NotPermittedError
from cardservice.web.signin.guard import Actor as WebActor
from cardservice.web.signin.guard import Guard

# Of several roles that have the right, the act counts for the first of these: the one that is
# entitled to least.
_ORDER: Final = (
    Role.APPLICANT,
    Role.EMPLOYER,
    Role.COURIER,
    Role.CLINIC,
    Role.STATION,
    Role.CLERK,
    Role.APPROVER,
    Role.AUDITOR,
    Role.SECURITY_OFFICER,
    Role.ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One who has the right to what is asked.

    Attributes:
        actor: in the role that gives the right.
        region: where they work; of an applicant, where the application is.
        web: the session or token.
    """

    parts: OfficeParts
    actor: Actor
    region: str
    web: WebActor = field(repr=False)

    @property
    def office(self) -> Office:
        """The use cases."""
        return self.parts.office

    def may(self, right: Right) -> bool:
        """Return whether they also have ``right``; what a page offers depends on it."""
        return self.web.may(right)

    def acting(self, right: Right) -> Actor:
        """Return them in a role that has ``right``.

        Raises:
            NotPermittedError: they have none.
        """
        if not self.web.may(right):
            raise NotPermittedError
        return actor_for(self.web, right)


def asking(right: Right) -> Any:
    """Return the dependency that lets only those with ``right`` in; it gives the ``Asking``.

    The route raises SignInNeededError (401, or the sign-in page) or NotPermittedError (403).
    """
    guard = Guard(right)

    def who(request: Request, web: Annotated[WebActor, Depends(guard)]) -> Asking:
        return Asking(
            parts=office_parts(request),
            actor=actor_for(web, right),
            region=web.subject.region,
            web=web,
        )

    return Depends(at_once(who))


def actor_for(web: WebActor, right: Right) -> Actor:
    """Return who asks as the registry knows them, in the role that has ``right``."""
    roles = web.roles & GRANTS[right]
    role = next(one for one in _ORDER if one in roles)
    return Actor(web.subject.id, role)
