"""The PIN letter: PIN and PUK go from memory to a sealed print, once, and nowhere else.

Python wipes nothing by itself, and strings cannot be wiped at all. What is wiped here: the octets
that wait for the print, and the typeset document. What is only let go of: the strings a card's
secrets were drawn as, and what the typesetting left behind; so the station's process writes no
core file and has no swap that outlives it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, NoReturn, Protocol

from typing_extensions import override

from cardservice.errors import Refusal, UsageError
from cardservice.personalization.contents import HolderSecrets

ALREADY_PRINTED: Final = "letter-already-printed"
FIRST_EDITION: Final = 1


@dataclass(frozen=True, slots=True)
class LetterName:
    """Which letter: of which chip, and how often that chip was given secrets so far.

    Attributes:
        chip_serial: 8 octets.
        edition: from 1; a chip given a new PIN gets a letter of the next edition.
    """

    chip_serial: bytes
    edition: int = FIRST_EDITION

    @override
    def __str__(self) -> str:
        """Return the name for files and journals; it tells nothing of the holder."""
        return f"{self.chip_serial.hex().upper()}-{self.edition}"


@dataclass(frozen=True, slots=True)
class LetterSecrets:
    """PIN and PUK while they are typeset, ASCII digits."""

    pin: str = field(repr=False)
    puk: str = field(repr=False)


Typeset = Callable[[LetterSecrets], bytes]
"""Makes the letter with these secrets; everything else it says is known to it already."""


class LetterPrinter(Protocol):
    """Prints letters onto sealed paper, and keeps nothing of them."""

    def require_ready(self) -> None:
        """Return if a letter could be printed now.

        Raises:
            Refusal: ``printer-not-ready``; nothing was printed or used up.
        """
        ...

    def print_letter(self, document: bytearray) -> None:
        """Print a PDF; it is wiped by the caller when this returns.

        Raises:
            Refusal: nobody knows how much of it was printed; its code says why.
        """
        ...


class PrintedLetters(Protocol):
    """Remembers which letters were handed to a printer; by name alone."""

    def claim(self, name: LetterName) -> None:
        """Remember the letter; when this returns it is on the disk.

        Raises:
            Refusal: ``letter-already-printed``.
        """
        ...


class SealedSecrets:
    """PIN and PUK of one card until their letter is printed: opened once, wiped after.

    Nobody can print, copy or pickle it into a second one.

    Args:
        name: of the letter.
        secrets: as they went to the chip; the caller lets go of them.
    """

    __slots__ = ("_opened", "_pin", "_puk", "name")

    def __init__(self, name: LetterName, secrets: HolderSecrets) -> None:
        self.name = name
        self._pin = bytearray(secrets.pin, "ascii")
        self._puk = bytearray(secrets.puk, "ascii")
        self._opened = Lock()

    @contextmanager
    def opened(self) -> Iterator[LetterSecrets]:
        """Yield the secrets, the only time.

        Raises:
            Refusal: ``letter-already-printed``: they were opened or wiped before.
        """
        # A lock that is never released: of two threads, one opens.
        if not self._opened.acquire(blocking=False):
            raise already_printed()
        try:
            yield LetterSecrets(pin=self._pin.decode("ascii"), puk=self._puk.decode("ascii"))
        finally:
            wipe(self._pin)
            wipe(self._puk)

    def wipe(self) -> None:
        """Forget the secrets of a card whose letter is not to be printed."""
        self._opened.acquire(blocking=False)
        wipe(self._pin)
        wipe(self._puk)

    @override
    def __repr__(self) -> str:
        return f"SealedSecrets({self.name})"

    @override
    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise UsageError("secrets are not copied and not written anywhere")


def print_letter(
    sealed: SealedSecrets, typeset: Typeset, *, printer: LetterPrinter, printed: PrintedLetters
) -> None:
    """Print the letter, the only time.

    Once it was claimed there is no second try, whatever became of the paper: a letter that may
    lie in the printer's tray must not exist twice. The card is then given new secrets, and they
    a letter of the next edition.

    Raises:
        Refusal: ``printer-not-ready``: try again, nothing was used up;
            ``letter-already-printed``; the typesetting's or the printer's own: give the card new
            secrets.
    """
    printer.require_ready()
    with sealed.opened() as secrets:
        document = bytearray(typeset(secrets))
        try:
            printed.claim(sealed.name)
            printer.print_letter(document)
        finally:
            wipe(document)


def already_printed() -> Refusal:
    """Return the refusal ``letter-already-printed``."""
    sentence = "The letter of this card was printed before; give the card a new PIN instead."
    return Refusal(ALREADY_PRINTED, sentence)


def wipe(octets: bytearray) -> None:
    """Overwrite ``octets`` with zeros where they lie."""
    octets[:] = bytes(len(octets))
