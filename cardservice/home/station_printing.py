"""What a lane prints of a card: its face and its PIN letter, and the printers of the settings.

Printers are asked before a card is begun, and a face that cannot be drawn is found then. A print
that fails afterwards stops the lane: the card counts as made, and nobody has what its paper said.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Ogrn, Okato
from cardservice.errors import CardServiceError, Refusal, UsageError
from cardservice.papers.card_face import card_pages
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.values import CardFace, PaperInsurer, PaperPerson
from cardservice.papers.wording import PaperLanguage
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.lane_faults import code_of
from cardservice.personalization.lane_worker import LaneFaultError
from cardservice.personalization.order import CardOrder
from cardservice.personalization.printing import CardPrinter
from cardservice.personalization.printing_letters import LetterPrinter
from cardservice.personalization.station import MadeCard
from cardservice.printing.faces import print_face
from cardservice.printing.letter_printing import LetterPrinting, Recipient, print_letter_of

_ANY_CAN: Final = "000000"  # a face is as wide with one CAN as with another
_CARD_DIGITS: Final = 15  # 48 bits
_NO_FACE: Final = "The card counts as made, but has no face: destroy it and order another."
_NO_LETTER: Final = "The card counts as made, but has no letter: order a new PIN for it."
_NO_CAN_LETTER: Final = "The card has another CAN, and no letter tells it: order a new CAN for it."


@dataclass(frozen=True, slots=True)
class FacePrinting:
    """Where faces go, and how it is asked whether it is ready."""

    printer: CardPrinter
    require_ready: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What all prints of a station share.

    Attributes:
        insurer: the own one; None: papers name any by its number.
    """

    fonts: PaperFonts
    language: PaperLanguage
    insurer: PaperInsurer | None


class LanePrinters:
    """The printers of one lane; either may be missing, and then is not asked."""

    def __init__(
        self, paper: Paper | None, *, faces: FacePrinting | None, letters: LetterPrinting | None
    ) -> None:
        self._paper = paper
        self._faces = faces
        self._letters = letters

    @property
    def prints_letters(self) -> bool:
        """Whether anybody would learn a PIN."""
        return self._letters is not None

    def require_ready(self, order: CardOrder | None) -> None:
        """Return if everything could be printed now that the order needs.

        Raises:
            Refusal: ``printer-not-ready``; ``order-unfit``: its face cannot be drawn.
        """
        if self._letters is not None:
            _require_ready(self._letters.printer)
        if self._faces is None or self._paper is None or order is None:
            return
        self._faces.require_ready()
        try:
            card_pages(_face(order, _ANY_CAN, self._paper), fonts=self._paper.fonts)
        except Refusal as refusal:
            raise Refusal("order-unfit", f"Its face cannot be drawn: {refusal.sentence}") from None

    def print_made(self, made: MadeCard) -> None:
        """Print face and letter of a card that was made; the letter whatever becomes of the face.

        Raises:
            LaneFaultError: one was not printed, with its printer's code; what to do is said.
        """
        holder, insurance = made.order.holder, made.order.insurance
        with ExitStack() as afterwards:
            afterwards.callback(
                lambda: self.print_secrets(
                    made.chip_serial,
                    made.secrets,
                    number=made.order.card_number,
                    holder=holder,
                    insurance=insurance,
                )
            )
            if self._faces is not None and self._paper is not None:
                self._print_face(made, self._faces.printer, self._paper)

    def print_secrets(
        self,
        chip: bytes,
        new: HolderSecrets,
        *,
        number: int,
        holder: Holder | None = None,
        insurance: InsurancePeriod | None = None,
    ) -> None:
        """Print the letter of a card that has a new PIN and PUK, or a new CAN alone.

        Without a printer nothing is printed.

        Args:
            chip: serial number, 8 octets.
            number: of the card, 48 bits; who has no name here is named by it.

        Raises:
            LaneFaultError: it was not printed.
        """
        letters, paper = self._letters, self._paper
        if letters is None or paper is None:
            return
        digits = card_digits(number)
        recipient = Recipient(
            name=digits if holder is None else _full_name(holder),
            card_number=digits,
            insurer=_insurer(insurance, paper),
            fonts=paper.fonts,
            language=paper.language,
        )
        try:
            print_letter_of(chip, new, recipient, letters)
        except CardServiceError as error:
            raise _not_printed(error, _NO_LETTER if new.pin else _NO_CAN_LETTER, chip) from None

    def _print_face(self, made: MadeCard, printer: CardPrinter, paper: Paper) -> None:
        face = _face(made.order, made.secrets.can, paper)
        now = datetime.now(UTC)
        try:
            print_face(made, face, printer, fonts=paper.fonts, at=now, language=paper.language)
        except CardServiceError as error:
            raise _not_printed(error, _NO_FACE, made.chip_serial) from None


def card_digits(number: int) -> str:
    """Return a card's number as papers have it, 15 digits."""
    return f"{number:0{_CARD_DIGITS}d}"


def _face(order: CardOrder, can: str, paper: Paper) -> CardFace:
    holder = order.holder
    person = PaperPerson(
        surname=holder.surname,
        given_name=holder.given_name,
        patronymic=holder.patronymic,
        sex=holder.sex,
        birth_date=holder.birth_date,
        enp=holder.enp,
    )
    return CardFace(
        person=person,
        insurer=_insurer(order.insurance, paper),
        card_number=card_digits(order.card_number),
        can=can,
        valid_until=order.expiry,
        photo=order.photo,
    )


def _insurer(insurance: InsurancePeriod | None, paper: Paper) -> PaperInsurer:
    """Return the insurer as papers name it: in full if it is the own one, else by its number."""
    if insurance is None:
        return paper.insurer or PaperInsurer(name="", ogrn=Ogrn(""), okato=Okato(""))
    if paper.insurer is not None and paper.insurer.ogrn == insurance.ogrn:
        return paper.insurer
    return PaperInsurer(name=insurance.ogrn, ogrn=insurance.ogrn, okato=insurance.okato)


def _full_name(holder: Holder) -> str:
    names = (holder.surname, holder.given_name, holder.patronymic)
    return " ".join(name for name in names if name)


def _require_ready(printer: LetterPrinter) -> None:
    try:
        printer.require_ready()
    except UsageError as error:  # of a printer that is none; the order is not to blame
        raise Refusal("printer-not-ready", f"The letter printer: {error}.") from None


def _not_printed(error: CardServiceError, advice: str, chip: bytes) -> LaneFaultError:
    return LaneFaultError(code_of(error), f"{error} {advice}", chip=chip)
