"""The office's application over an opened office, and the server that runs it."""

import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

from cardservice.accounts.buckets import TokenBuckets
from cardservice.errors import UsageError
from cardservice.home.folder import Folder
from cardservice.home.office import OfficeHome, OfficePapers
from cardservice.home.office_keys import head_keys
from cardservice.home.office_timers import timer_parts
from cardservice.serving.listening import is_loopback, web_settings
from cardservice.serving.timers import timers_running
from cardservice.settings import Settings
from cardservice.web.office.app import create_office_app
from cardservice.web.office.parts import ClerkReader, OfficeParts, PaperParts
from cardservice.web.request_log import RequestLog
from cardservice.web.serve import GRACE_S
from cardservice.web.signin.context import FORMS, SignInContext
from cardservice.web.signin.cookies import Cookies, open_cookies

HOME_PAGE: Final = "/"  # it leads everybody to their own first page
KEY_OCTETS: Final = 16
STOP_S: Final = GRACE_S + 5.0


def office_app(office: OfficeHome, reader: ClerkReader | None = None) -> FastAPI:
    """Return the application of an opened office; starts nothing.

    Args:
        office: with its keys and tables.
        reader: the one on the clerk's desk, if it is on this machine.

    Raises:
        UsageError: insecure cookies in production or beyond this machine.
    """
    return create_office_app(
        _parts(office, reader), sign_in=_sign_in(office), settings=web_settings(office.settings)
    )


def serve_office(
    office: OfficeHome, listener: socket.socket, *, reader: ClerkReader | None = None
) -> None:
    """Answer on ``listener`` and keep the timers running until the process is told to stop."""
    app = office_app(office, reader)
    with timers_running(timer_parts(office)):
        _server(app, office.settings).run(sockets=[listener])


@contextmanager
def office_serving(office: OfficeHome, listener: socket.socket) -> Iterator[None]:
    """Answer on ``listener`` from a thread meanwhile, and keep the timers running."""
    server = _server(office_app(office), office.settings)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="office", daemon=True
    )
    with timers_running(timer_parts(office)):
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(STOP_S)


def cookies_of(settings: Settings) -> Cookies:
    """Return the cookies of sign-in.

    Raises:
        UsageError: insecure ones in production, or where others than this machine connect.
    """
    if settings.insecure_cookies and not is_loopback(settings.host):
        raise UsageError("setting insecure_cookies: only where nobody but this machine connects")
    return open_cookies(secure=not settings.insecure_cookies, production=settings.production)


def _server(app: FastAPI, settings: Settings) -> uvicorn.Server:
    config = uvicorn.Config(
        RequestLog(app),
        log_config=None,
        access_log=False,
        server_header=False,
        # Only where something stands before us that says who asks, and on this machine.
        proxy_headers=settings.public_address is not None,
        timeout_graceful_shutdown=GRACE_S,
    )
    return uvicorn.Server(config)


def _parts(office: OfficeHome, reader: ClerkReader | None) -> OfficeParts:
    return OfficeParts(
        office=office.office,
        region=office.region,
        vault=office.vault,
        row_secret=office.keys.rows,
        cursor_key=office.keys.cursor_key,
        new_id=office.office.new_id,
        new_key=_new_key,
        head_keys=head_keys(Folder(office.settings.home)),
        papers=_paper_parts(office.papers),
        reader=reader,
    )


def _paper_parts(papers: OfficePapers | None) -> PaperParts | None:
    if papers is None:
        return None
    return PaperParts(
        fonts=papers.fonts,
        insurer=papers.insurer,
        fund=papers.fund,
        sign=papers.sign,
        statement_keys=(papers.statement_key,),
    )


def _sign_in(office: OfficeHome) -> SignInContext:
    services, clock = office.sign_in, office.office.clock
    return SignInContext(
        stores=services.stores,
        sign_in=services.sign_in,
        book=services.book,
        cookies=cookies_of(office.settings),
        clock=clock,
        dice=os.urandom,
        forms=TokenBuckets(FORMS, clock=clock),
        applicants=services.applicants,
        openid=services.openid,
        api_tokens=services.api_tokens,
        staff_home=HOME_PAGE,
    )


def _new_key() -> str:
    return secrets.token_urlsafe(KEY_OCTETS)
