"""Puts the routes for clinic systems into the desk's application."""

from collections.abc import Iterable
from typing import cast

from fastapi import FastAPI

from cardservice.home.desk_pairing import DeskPairings
from cardservice.web.context import WebContext
from cardservice.web.local import pairings_page, routes, stream
from cardservice.web.local.compatible import CompatibleRoute
from cardservice.web.local.desk import LocalDesk, LocalLimits
from cardservice.web.local.origins import parse_origin, parse_origins

NO_LIMITS_NAMED = LocalLimits()


def install_local(
    app: FastAPI,
    pairings: DeskPairings,
    *,
    origins: Iterable[str],
    compat_origin: str | None = None,
    limits: LocalLimits = NO_LIMITS_NAMED,
) -> LocalDesk:
    """Let pages of those origins ask the desk of ``app``, which has not begun to serve.

    Without origins there are no such routes, and without ``compat_origin`` no older one.

    Raises:
        UsageError: one of them is no origin.
    """
    context = cast(WebContext, app.state.context)
    local = LocalDesk(
        hub=context.hub,
        instance=context.instance,
        origins=parse_origins(origins),
        pairings=pairings,
        limits=limits,
    )
    app.state.local = local
    app.state.pairs_systems = bool(local.origins)
    if local.origins:
        for part in (routes, stream, pairings_page):
            app.include_router(part.router)
    if compat_origin is not None:
        app.add_middleware(
            CompatibleRoute,
            hub=context.hub,
            hosts=context.settings.hosts,
            origin=parse_origin(compat_origin),
        )
    return local
