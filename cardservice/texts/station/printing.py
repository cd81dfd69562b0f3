"""Words of a station: faces and PIN letters."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

PRINTING: Final[Mapping[str, Phrase]] = {
    "printer-missing": Phrase(
        "No printer is set up for this.",
        "Name one in the settings face_printer or letter_printer, then start the station again.",
    ),
    "printer-not-ready": Phrase(
        "The printer takes no jobs now.",
        "Look at its paper, ribbon and cover, then resume the lane.",
    ),
    "print-failed": Phrase(
        "It was not printed.",
        "Look what lies in the printer and destroy half printed pieces; the card counts as made "
        "and needs a new letter or face.",
    ),
    "print-timed-out": Phrase(
        "The printer did not finish in time.",
        "Look what is printed and destroy half printed pieces, then resume the lane.",
    ),
    "face-of-another-chip": Phrase(
        "The printed face belongs to another chip.",
        "Keep card and face apart, find the card that the face is for, then resume the lane.",
    ),
    "face-already-printed": Phrase(
        "A face was printed for this chip before.",
        "Find the first print and destroy one of them, then resume the lane.",
    ),
    "letter-already-printed": Phrase(
        "The PIN letter of this card was printed before; there is no second copy.",
        "Find the letter; if it is lost, order a new PIN for the card.",
    ),
    "letter-interrupted": Phrase(
        "The printer stopped taking the PIN letter.",
        "Destroy what it printed, and order a new PIN for the card.",
    ),
    "letter-not-claimed": Phrase(
        "The print of the PIN letter cannot be recorded, so nothing was printed.",
        "Look at the station's disk, then order a new PIN for the card.",
    ),
    "letter-pin-format": Phrase(
        "The letter's PIN is not four to eight digits.",
        "Nothing was printed: call the station's keeper.",
    ),
    "letter-can-format": Phrase(
        "The letter's CAN is not six digits.",
        "Nothing was printed: call the station's keeper.",
    ),
    "letter-puk-format": Phrase(
        "The letter's PUK is not eight digits.",
        "Nothing was printed: call the station's keeper.",
    ),
}
