"""The port to whoever makes and signs the zoo's cards; only names and octets cross it."""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, Protocol

from simulators.reader.errors import ReaderSetupError

ISSUERS: Final = "simulators.issuers"
"""Entry points: name → ``open_issuer(folder)``, which makes a home in the folder or opens it."""


class Link(Protocol):
    """A reader with a card in it, as the issuer gets it."""

    @property
    def atr(self) -> bytes: ...

    def exchange(self, command: bytes) -> bytes: ...

    def reset(self) -> bytes: ...

    def close(self) -> None: ...


class ZooIssuer(Protocol):
    """Makes policy cards of any kind wished for; ``simulators.zoo.wishes`` has the members."""

    def issue(self, link: Link, wish: Mapping[str, Any], /) -> Mapping[str, Any] | None:
        """Make the blank card behind ``link``; None when it left before it was made.

        Returns ``enp``, ``card_number``, ``can``, ``pin``, ``puk``, and what the register says:
        ``newest_record`` (of this policy, ISO 8601, or None) and ``status`` (of this card).
        """
        ...

    def files(self, wish: Mapping[str, Any], /) -> Mapping[str, bytes]:
        """Return the files ``owner`` and ``insurer`` of such a card; nothing in them is signed."""
        ...

    def trust_material(self) -> Mapping[str, bytes]:
        """Return what a desk believes and shows, by path in the trust folder."""
        ...


def open_issuer(folder: Path) -> ZooIssuer:
    """Return the issuer whose home is ``folder``.

    Raises:
        ReaderSetupError: none is installed, or it refuses the folder.
    """
    found = sorted(entry_points(group=ISSUERS), key=lambda one: one.name)
    if not found:
        raise ReaderSetupError(
            "nobody here signs cards for the zoo", remedy=f"install a package with {ISSUERS!r}"
        )
    opening: Callable[[Path], ZooIssuer] = found[0].load()
    try:
        return opening(folder)
    # Its errors are its own; what they say is all that can be told of them.
    except Exception as error:
        raise ReaderSetupError(
            f"the zoo's issuer cannot be opened ({error})",
            remedy="mend that, or choose another folder",
        ) from error
