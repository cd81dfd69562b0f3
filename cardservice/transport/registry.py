"""From a reader URL (``pcsc:``, ``sim:FILE``) to a link, through what is installed."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import Final, cast

from cardservice.errors import ReaderUnavailableError, UsageError
from cardservice.transport.inprocess import open_seam
from cardservice.transport.link import CardLink

GROUP: Final = "cardservice.readers"
SEPARATOR: Final = ":"

OpenReader = Callable[[str], CardLink]
"""What an entry point names: gets the URL after the first colon, returns a link or raises.

Errors of its own are turned into this package's; a ``remedy`` attribute is kept.
"""


def list_schemes() -> tuple[str, ...]:
    """Return the reader schemes that are installed, sorted."""
    return tuple(sorted(entry.name for entry in entry_points(group=GROUP)))


def open_link(url: str) -> CardLink:
    """Return a link to the card that ``url`` names: ``SCHEME``, ``SCHEME:`` or ``SCHEME:NAME``.

    Raises:
        UsageError: no such scheme.
        ReaderUnavailableError: no such reader or no card; ``remedy`` says what to do.
    """
    return opener_of(url)()


def opener_of(url: str) -> Callable[[], CardLink]:
    """Return what opens a link to the card that ``url`` names; raises as ``open_link``.

    For who opens one card after the other: to look through what is installed takes milliseconds.

    Raises:
        UsageError: no such scheme.
    """
    scheme, _, name = url.partition(SEPARATOR)
    entry = _entry(scheme)
    return lambda: open_seam(lambda: _load(entry)(name))


def _entry(scheme: str) -> EntryPoint:
    for entry in entry_points(group=GROUP):
        if entry.name == scheme:
            return entry
    choices = ", ".join(f"{known}{SEPARATOR}" for known in list_schemes())
    raise UsageError(f"no kind of reader is called {scheme!r}; there are: {choices}")


def _load(entry: EntryPoint) -> OpenReader:
    try:
        return cast("OpenReader", entry.load())
    except ImportError as error:
        raise ReaderUnavailableError(
            f"readers of the kind {entry.name!r} are not installed in full",
            remedy="install the project again",
        ) from error
