"""Letters of what a card was given: PIN and PUK, or a CAN alone; each printed once, then wiped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cardservice.papers.fonts import PaperFonts
from cardservice.papers.pin_letter import PinLetter, pin_letter_pdf
from cardservice.papers.pin_letter_can import CanLetter, can_letter_pdf
from cardservice.papers.values import PaperInsurer
from cardservice.papers.wording import PaperLanguage
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.printing_letters import (
    LetterName,
    LetterPrinter,
    LetterSecrets,
    SealedSecrets,
    print_letter,
)
from cardservice.printing.letter_claims import ClaimFiles


@dataclass(frozen=True, slots=True)
class LetterPrinting:
    """Where letters go, and the folder that remembers them."""

    printer: LetterPrinter
    printed: ClaimFiles
    folder: Path

    def next_name(self, chip: bytes) -> LetterName:
        """Return the name of the next letter of that chip, whatever the letter tells."""
        before = self.folder.glob(f"{chip.hex().upper()}-*")
        return LetterName(chip, 1 + sum(1 for _ in before))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recipient:
    """Whose letter it is, and how it looks.

    Attributes:
        name: on the outside.
        card_number: 15 digits.
        insurer: whom to ask.
    """

    name: str
    card_number: str
    insurer: PaperInsurer
    fonts: PaperFonts
    language: PaperLanguage


def print_letter_of(
    chip: bytes, new: HolderSecrets, recipient: Recipient, letters: LetterPrinting
) -> None:
    """Print the letter that tells ``new``: of PIN and PUK, or of a CAN that came without them.

    Args:
        chip: serial number, 8 octets.
        new: what the chip was given; what was not changed is empty.
        recipient: see there.
        letters: the printer, and what remembers that it was used.

    Raises:
        Refusal: as ``personalization.printing_letters.print_letter``.
    """
    name = letters.next_name(chip)
    if new.pin:
        sealed, typeset = SealedSecrets(name, new), _pin_letter(recipient)
    else:
        # A seal asks of digits only that they are digits, and is broken once.
        sealed = SealedSecrets(name, HolderSecrets(pin=new.can, puk="", can=""))
        typeset = _can_letter(recipient)
    try:
        print_letter(sealed, typeset, printer=letters.printer, printed=letters.printed)
    finally:
        sealed.wipe()


def _pin_letter(to: Recipient) -> Callable[[LetterSecrets], bytes]:
    def typeset(opened: LetterSecrets) -> bytes:
        letter = PinLetter(
            name=to.name,
            insurer=to.insurer,
            card_number=to.card_number,
            pin=opened.pin,
            puk=opened.puk,
        )
        return pin_letter_pdf(letter, fonts=to.fonts, made=datetime.now(UTC), language=to.language)

    return typeset


def _can_letter(to: Recipient) -> Callable[[LetterSecrets], bytes]:
    def typeset(opened: LetterSecrets) -> bytes:
        letter = CanLetter(
            name=to.name, insurer=to.insurer, card_number=to.card_number, can=opened.pin
        )
        return can_letter_pdf(letter, fonts=to.fonts, made=datetime.now(UTC), language=to.language)

    return typeset
