"""The guard in front of routes: who asks, and do they have the right."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Session, Stage, Subject
from cardservice.web.security import verify_same_origin
from cardservice.web.signin.context import SignInContext, SignInParts
from cardservice.web.signin.cookies import Cookie
from cardservice.web.signin.errors import NotPermittedError, SignInNeededError

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, section 9.2.1
BEARER: Final = "bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: a signed-in person or a program.

    Attributes:
        scopes: of a program; None: a person, who has all rights of their roles.
        token: of a person's session; None for a program.
    """

    subject: Subject
    scopes: frozenset[Right] | None = None
    token: str | None = field(default=None, repr=False)

    def may(self, right: Right) -> bool:
        """Return whether this actor has ``right``."""
        scoped = self.scopes is None or right in self.scopes
        return scoped and may(self.subject.roles, right)

    @property
    def roles(self) -> frozenset[Role]:
        return self.subject.roles


def actor_of(request: Request, context: SignInContext) -> Actor | None:
    """Return who asks; None: nobody known. An API token goes before a cookie."""
    header = request.headers.get("authorization")
    if header is not None:
        return _program(header, context)
    token = context.cookies.read(request, Cookie.SESSION)
    session = context.stores.sessions.find(token)
    if session is None or session.stage is not Stage.FULL:
        return None
    if request.method not in SAFE_METHODS:
        # Beside SameSite: what changes anything must say that our own page sent it.
        verify_same_origin(request)
    return Actor(subject=session.subject, token=token)


def half_session(request: Request, context: SignInContext) -> Session | None:
    """Return the session that waits for its second factor."""
    session = context.stores.sessions.find(context.cookies.read(request, Cookie.SESSION))
    return session if session and session.stage is Stage.SECOND_FACTOR else None


def _program(header: str, context: SignInContext) -> Actor | None:
    if not header.lower().startswith(BEARER) or context.api_tokens is None:
        return None
    program = context.api_tokens.recognise(header[len(BEARER) :].strip())
    return Actor(subject=program.subject, scopes=program.scopes) if program else None


@dataclass(frozen=True, slots=True)
class Guard:
    """The dependency that ``require`` makes; the walk over the routes looks for it."""

    right: Right

    def __call__(self, request: Request, context: SignInParts) -> Actor:
        actor = actor_of(request, context)
        if actor is None:
            raise SignInNeededError
        if not actor.may(self.right):
            raise NotPermittedError
        return actor


def require(right: Right) -> Any:
    """Return the dependency that lets only those with ``right`` in; it gives the ``Actor``.

    The route raises SignInNeededError (401, or the sign-in page) or NotPermittedError (403).
    """
    return Depends(Guard(right))


AccountActor = Annotated[Actor, require(Right.ACCOUNT)]
