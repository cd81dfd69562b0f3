"""The walk over all routes: every one stands in the table of rights and asks for its right."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from cardservice.accounts.rights import ROUTES, Right
from cardservice.errors import UsageError
from cardservice.web.signin.guard import Guard


def route_faults(app: FastAPI) -> tuple[str, ...]:
    """Return what is wrong with the routes, a sentence each; nothing: all are in the table."""
    return tuple(fault for route in iter_route_contexts(app.routes) for fault in _faults(route))


def verify_routes(app: FastAPI) -> None:
    """Return if every route is in the table of rights; to be called before serving.

    Raises:
        UsageError: one is not, or does not ask for its right.
    """
    faults = route_faults(app)
    if faults:
        raise UsageError("; ".join(faults))


def _faults(route: RouteContext) -> Iterator[str]:
    wanted = ROUTES.get(route.name or "")
    # What has no methods is no plain route: a mounted application, whose routes nobody walks.
    if wanted is None or not route.methods:
        yield f"{route.path} ({route.name}) has no entry in the table of rights"
        return
    dependant = getattr(route, "dependant", None)
    asked = set(_rights(dependant)) if dependant is not None else set()
    expected = set() if wanted is Right.OPEN else {wanted}
    if asked != expected:
        names = ", ".join(sorted(asked)) or "nothing"
        yield f"{route.path} ({route.name}) asks for {names}, the table says {wanted}"


def _rights(dependant: Dependant) -> Iterator[Right]:
    if isinstance(dependant.call, Guard):
        yield dependant.call.right
    for one in dependant.dependencies:
        yield from _rights(one)
