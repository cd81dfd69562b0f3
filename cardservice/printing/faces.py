"""From a made card to its printed face: compared with the chip, drawn, handed to the printer."""

import re
from datetime import datetime
from typing import Final

from cardservice.papers.card_face import card_pdf
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.values import CardFace
from cardservice.papers.wording import PaperLanguage
from cardservice.personalization.printing import (
    CardPrinter,
    FaceJob,
    FaceMarks,
    other_face,
    require_face_of,
)
from cardservice.personalization.station import MadeCard

_DIGITS: Final = re.compile(r"[0-9]{1,15}")  # 48 bits


def print_face(  # noqa: PLR0913 - what a print stands on, by keyword
    made: MadeCard,
    face: CardFace,
    printer: CardPrinter,
    *,
    fonts: PaperFonts,
    at: datetime,
    language: PaperLanguage = PaperLanguage.RU,
) -> str:
    """Print ``face`` for the chip ``made``; return what the printer calls the job.

    Args:
        made: the card, as its chip has it.
        face: what its plastic is to say; its card number in digits, with blanks or without.
        printer: where it goes.
        fonts: from ``find_fonts``.
        at: when it is printed, aware.
        language: of the labels.

    Raises:
        LaneStopError: ``face-of-another-chip``, or the printer's own.
        Refusal: the face cannot be drawn (``papers.card_face.card_pages``).
    """
    require_face_of(made, marks_of(face))
    _require_same_person(made, face)
    document = card_pdf(face, fonts=fonts, made=at, language=language)
    return printer.print_face(FaceJob(chip_serial=made.chip_serial, document=document))


def marks_of(face: CardFace) -> FaceMarks:
    """Return what a face has to share with its chip.

    Raises:
        LaneStopError: ``face-of-another-chip``: it has no card number or no policy number.
    """
    number = "".join(face.card_number.split(" "))
    if not _DIGITS.fullmatch(number):
        raise other_face("card_number")
    if face.person.enp is None:
        raise other_face("enp")
    return FaceMarks(card_number=int(number), can=face.can, enp=face.person.enp)


def _require_same_person(made: MadeCard, face: CardFace) -> None:
    holder, person = made.order.holder, face.person
    shared = (
        ("surname", holder.surname == person.surname),
        ("given_name", holder.given_name == person.given_name),
        ("patronymic", holder.patronymic == person.patronymic),
        ("birth_date", holder.birth_date == person.birth_date),
        ("photo", face.photo is None or face.photo == made.order.photo),
        ("valid_until", face.valid_until == made.order.expiry),
    )
    for name, same in shared:
        if not same:
            raise other_face(name)
