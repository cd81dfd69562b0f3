"""Who asks, and whether they may: in front of every route for clinics that is not open."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Depends, Request

from cardservice.accounts.rights import Right
from cardservice.web.clinics.parts import Client, clinic_parts
from cardservice.web.signin.errors import NotPermittedError, SignInNeededError

_BEARER: Final = "bearer "


@dataclass(frozen=True, slots=True)
class ClientGuard:
    """The dependency that ``needs`` makes; the walk over the routes looks for it."""

    right: Right

    def __call__(self, request: Request) -> Client:
        client = client_of(request)
        if self.right not in client.rights:
            raise NotPermittedError
        return client


def client_of(request: Request) -> Client:
    """Return who asks; raises SignInNeededError (401) when nobody known does."""
    header = request.headers.get("authorization", "")
    if not header.lower().startswith(_BEARER):
        raise SignInNeededError
    client = clinic_parts(request).clients.recognise(header[len(_BEARER) :].strip())
    if client is None:
        raise SignInNeededError
    return client


def needs(right: Right) -> Any:
    """Return the dependency that lets only clients with ``right`` in; it gives the ``Client``."""
    return Depends(ClientGuard(right))
