"""Where a lane's next card comes from: a person's hand, or a machine with a hopper and bins.

A feeder is named by a URL, ``SCHEME:ADDRESS``: ``tcp:HOST:PORT`` (``feeders_line``), or a scheme
of an entry point ``cardservice.feeders``.
"""

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final, Protocol, cast

from cardservice.errors import CardServiceError, UsageError

GROUP: Final = "cardservice.feeders"
SEPARATOR: Final = ":"
FEEDER_FAULT: Final = "feeder-fault"  # the machine says that something is wrong with it
FEEDER_UNAVAILABLE: Final = "feeder-unavailable"  # it cannot be reached, or does not answer
FEEDER_WRONG: Final = "feeder-wrong"  # it answers what the protocol does not know
CARD_MUTE: Final = "card-mute"  # it laid a card where the reader sees none

_OWN: Final[Mapping[str, tuple[str, str]]] = {
    "tcp": ("cardservice.transport.feeders_line", "open_feeder"),
}
_FAULT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class FeederError(CardServiceError):
    """A feeder cannot go on. ``code`` is stable, ``sentence`` says what happened."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class Feeder(Protocol):
    """Brings one card after the other; ``close`` may come from another thread and ends any wait.

    Each call may be repeated after it failed: what was done already is not done twice.
    """

    def get_card(self) -> bool:
        """Return True once a card lies in the reader, at once if one does; False: none is left.

        Raises:
            FeederError: the feeder cannot go on; ReaderUnavailableError: the reader is gone.
        """
        ...

    def done(self) -> None:
        """Take the card to the good ones; return once it is out of the reader.

        Raises:
            FeederError, ReaderUnavailableError: as ``get_card``.
        """
        ...

    def error_bin(self) -> None:
        """Take the card to the bad ones; raises as ``done``."""
        ...

    def close(self) -> None:
        """Let go of the machine; the card stays where it is. Harmless when repeated."""
        ...


OpenFeeder = Callable[[str], Feeder]
"""What an entry point names: gets the URL after the first colon; its errors are its own.

An error's ``fault``, a word, is told.
"""


class EveryTimeAnother:
    """The feeder of readers in this process that hold a card whenever they are asked (``sim:``)."""

    def get_card(self) -> bool:
        """Return True."""
        return True

    def done(self) -> None:
        """Do nothing: the card is gone with its link."""

    def error_bin(self) -> None:
        """Do nothing, as ``done``."""

    def close(self) -> None:
        """Do nothing."""


class SeamFeeder:
    """A feeder of another package, with this package's errors."""

    def __init__(self, feeder: Feeder) -> None:
        self._feeder = feeder
        self.close = feeder.close

    def get_card(self) -> bool:
        """Return whether a card lies in the reader.

        Raises:
            FeederError: ``feeder-fault``, whatever the foreign object raised.
        """
        return bool(_translated(self._feeder.get_card))

    def done(self) -> None:
        """Take the card to the good ones; raises as ``get_card``."""
        _translated(self._feeder.done)

    def error_bin(self) -> None:
        """Take the card to the bad ones; raises as ``get_card``."""
        _translated(self._feeder.error_bin)


def list_feeder_schemes() -> tuple[str, ...]:
    """Return the feeder schemes that are installed, sorted."""
    return tuple(sorted({*_OWN, *(entry.name for entry in entry_points(group=GROUP))}))


def open_feeder(url: str) -> Feeder:
    """Return the feeder that ``url`` names.

    Raises:
        UsageError: no such scheme, or an address that is none.
        FeederError: ``feeder-unavailable``, ``feeder-fault``.
    """
    scheme, _, address = url.partition(SEPARATOR)
    if scheme in _OWN:
        module, name = _OWN[scheme]
        return cast("Feeder", getattr(import_module(module), name)(address))
    found = _foreign(scheme)
    if found is None:
        choices = ", ".join(f"{known}{SEPARATOR}" for known in list_feeder_schemes())
        raise UsageError(f"no kind of feeder is called {scheme!r}; there are: {choices}")
    return SeamFeeder(_translated(lambda: found(address)))


def has_feeder(reader_url: str) -> bool:
    """Return whether readers of that kind come with their own feeder, at the same address."""
    return _foreign(reader_url.partition(SEPARATOR)[0]) is not None


def fault_sentence(fault: str) -> str:
    """Return the sentence for the word by which a machine names its fault."""
    return f"The feeder stopped: {fault if _FAULT.fullmatch(fault) else 'it did not say why'}."


def _foreign(scheme: str) -> OpenFeeder | None:
    found = tuple(entry_points(group=GROUP, name=scheme))
    return cast("OpenFeeder", found[0].load()) if found else None


def _translated(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except CardServiceError:
        raise
    except Exception as error:
        fault = str(getattr(error, "fault", ""))
        raise FeederError(FEEDER_FAULT, fault_sentence(fault)) from error
