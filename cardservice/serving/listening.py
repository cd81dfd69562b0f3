"""Addresses: where a service listens, what it is called there, and how it is asked to stop."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import click

from cardservice.errors import UsageError
from cardservice.settings import Settings
from cardservice.texts.languages import Language
from cardservice.web.context import LOOPBACK_HOSTS, WebSettings
from cardservice.web.serve import bind

PORT: Final = click.IntRange(0, 65535)
"""What an option for a port takes."""


@contextmanager
def until_stopped() -> Iterator[None]:
    """Let what is inside be ended by SIGTERM as by Ctrl-C, and say so."""
    # Ended politely by whatever started it, the service tidies up as with Ctrl-C.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def listening(host: str, port: int, *, option: str = "--port") -> Iterator[socket.socket]:
    """Lend a socket that listens; who connects before anybody answers waits.

    Raises:
        UsageError: the address is taken or is not ours; ``option`` chooses another port.
    """
    try:
        listener = bind(host, port)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another with {option}"
        ) from error
    with listener:
        yield listener


def say_address(what: str, settings: Settings, listener: socket.socket) -> None:
    """Print the address that a browser on this machine finds the service at."""
    port = listener.getsockname()[1]
    click.echo(f"The {what}: http://{in_url(settings.host)}:{port}/  (Ctrl-C stops it)")


def web_settings(settings: Settings) -> WebSettings:
    """Return how pages behave: they answer under the address the service was started with."""
    hosts = LOOPBACK_HOSTS | {in_url(settings.host).lower()}
    public = urlsplit(settings.public_address or "").hostname
    if public:
        hosts |= {in_url(public)}
    return WebSettings(hosts=hosts, language=Language(settings.language))


def in_url(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches a service that listens there."""
    return in_url(host).lower() in LOOPBACK_HOSTS
