"""The walk over the routes for clinics: each stands in the table of rights and asks for its right.

The office's own walk is ``web.signin.routes``; its guard is another one.
"""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from cardservice.accounts.rights import ROUTES, Right
from cardservice.errors import UsageError
from cardservice.web.clinics.asking import ClientGuard


def clinic_route_faults(app: FastAPI) -> tuple[str, ...]:
    """Return what is wrong with the routes, a sentence each; nothing: all are in the table."""
    return tuple(_faults(app))


def verify_clinic_routes(app: FastAPI) -> None:
    """Return if every route is in the table of rights; to be called before serving.

    Raises:
        UsageError: one is not, or does not ask for its right.
    """
    faults = clinic_route_faults(app)
    if faults:
        raise UsageError("; ".join(faults))


def _faults(app: FastAPI) -> Iterator[str]:
    for route in iter_route_contexts(app.routes):
        wanted = ROUTES.get(route.name or "")
        if wanted is None:
            yield f"{route.path} ({route.name}) has no entry in the table of rights"
        # A socket is told a token in its first message, since pages cannot send headers with it:
        # it asks for its right by itself.
        elif route.methods:
            dependant = getattr(route, "dependant", None)
            asked = set(_rights(dependant)) if dependant is not None else set()
            if asked != (set() if wanted is Right.OPEN else {wanted}):
                names = ", ".join(sorted(asked)) or "nothing"
                yield f"{route.path} ({route.name}) asks for {names}, the table says {wanted}"


def _rights(dependant: Dependant) -> Iterator[Right]:
    if isinstance(dependant.call, ClientGuard):
        yield dependant.call.right
    for one in dependant.dependencies:
        yield from _rights(one)
