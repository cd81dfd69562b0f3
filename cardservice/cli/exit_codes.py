"""The one table from what went wrong to the exit status and the line a person reads."""

import errno
from collections.abc import Callable
from enum import IntEnum, unique
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from cardservice.errors import (
    CardServiceError,
    LinkError,
    PeerError,
    Refusal,
    SourceUnavailableError,
    UsageError,
)
from cardservice.pki.keys import KeyStoreError

P = ParamSpec("P")
R = TypeVar("R")


@unique
class Exit(IntEnum):
    """Exit statuses; documented in ``cardservice --help`` and ``docs/commands.md``."""

    OK = 0
    NOT_ALL_GOOD = 1  # a row refused, a verdict that is not "valid", or the person said no
    USAGE = 2  # click's own
    CARD = 3  # the card broke a rule, or its cryptography did not verify
    READER = 4  # the reader, the service, the office or the card went away
    HOME = 5  # keys, ledger, files or rules say no


_TABLE: tuple[tuple[type[CardServiceError], Exit], ...] = (
    (UsageError, Exit.USAGE),
    (PeerError, Exit.CARD),
    (LinkError, Exit.READER),
    (KeyStoreError, Exit.HOME),
    (Refusal, Exit.HOME),
    (SourceUnavailableError, Exit.READER),
)


def exit_for(error: CardServiceError | OSError) -> Exit:
    """Return the exit status for an error; a file that cannot be used counts as the home's."""
    if isinstance(error, OSError):
        return Exit.HOME
    return next((code for kind, code in _TABLE if isinstance(error, kind)), Exit.NOT_ALL_GOOD)


def line_for(error: CardServiceError | OSError) -> str:
    """Return the one line that a person reads; never more, whatever the message holds."""
    if isinstance(error, OSError):
        where = "" if error.filename is None else f"{error.filename}: "
        return f"{where}{error.strerror or type(error).__name__}"
    return " ".join(str(error).split())


def say_error(error: CardServiceError | OSError) -> None:
    """Print the line for an error on standard error."""
    click.echo(f"cardservice: {line_for(error)}", err=True)


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn every error of ours into one line on stderr and its exit status, never a traceback."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (CardServiceError, OSError) as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # the reader of our output has enough, and click knows what to do
            say_error(error)
            raise SystemExit(exit_for(error)) from None

    return wrapped
