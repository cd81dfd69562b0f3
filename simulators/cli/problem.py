"""How every command ends: done, or with one line that says what is wrong and what to do."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

from simulators.reader.errors import ReaderSetupError

EXIT_IMPOSSIBLE: Final = 1
LOOK_S: Final = 0.5


class Problem(click.ClickException):
    """One line on standard error: what is wrong and what to do. Exit code 1."""

    exit_code = EXIT_IMPOSSIBLE

    def __init__(self, error: ReaderSetupError) -> None:
        super().__init__(f"{error}: {error.remedy}")


@contextmanager
def reports_problems() -> Iterator[None]:
    """Turn what this machine cannot give into a line for the person who asked for it."""
    try:
        yield
    except ReaderSetupError as error:
        raise Problem(error) from error


@contextmanager
def until_interrupted(farewell: str) -> Iterator[None]:
    """Let Ctrl-C end what is inside, with ``farewell`` on standard error."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(farewell, err=True)


def stay_while(there: Callable[[], bool]) -> None:
    """Wait as long as ``there()``, which nobody but a fault ends.

    Raises:
        ReaderSetupError: it ended.
    """
    while there():
        time.sleep(LOOK_S)
    raise ReaderSetupError("it ended by itself", remedy="start it again")
