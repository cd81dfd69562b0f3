"""The printed face of a card: what it must agree in with the chip, and the port of who prints it.

A face and a chip come together on one piece of plastic, whichever was there first. So what a face
says is compared with what went to the chip before it is printed; and what a camera or an operator
reads off a face that came ready printed is compared in the same way.
"""

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Final, Protocol

from cardservice.errors import Refusal
from cardservice.personalization.station import MadeCard

FACE_OF_ANOTHER_CHIP: Final = "face-of-another-chip"


class LaneStopError(Refusal):
    """A refusal after which the lane takes no card until somebody has looked at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceMarks:
    """What a face and its chip share.

    Attributes:
        card_number: list number and index as one 48-bit integer.
        can: six digits, the card's PACE password.
        enp: the holder's policy number, 16 digits.
    """

    card_number: int
    can: str = field(repr=False)
    enp: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceJob:
    """The face of one chip, ready to be printed.

    Attributes:
        chip_serial: 8 octets.
        document: front and back, one page each, as PDF.
    """

    chip_serial: bytes
    document: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The chip serial in hex: names the job, tells nothing of the holder."""
        return self.chip_serial.hex().upper()


class CardPrinter(Protocol):
    """Prints faces. A printer that fails stops its lane: the plastic in it is not known."""

    def print_face(self, job: FaceJob) -> str:
        """Print the face; return what the printer calls the job.

        Raises:
            LaneStopError: it was not printed, or nobody knows whether it was; its code says.
        """
        ...


def marks_on_chip(made: MadeCard) -> FaceMarks:
    """Return what the face of ``made`` has to say, from what went to its chip."""
    order = made.order
    return FaceMarks(card_number=order.card_number, can=made.secrets.can, enp=order.holder.enp)


def require_face_of(made: MadeCard, seen: FaceMarks) -> None:
    """Return if ``seen`` is the face of the chip ``made``.

    All three are compared, in constant time, whatever the first says.

    Raises:
        LaneStopError: ``face-of-another-chip``; its field is the first that differs, its
            message quotes none.
    """
    wanted = marks_on_chip(made)
    pairs = (
        ("card_number", str(seen.card_number), str(wanted.card_number)),
        ("can", seen.can, wanted.can),
        ("enp", seen.enp, wanted.enp),
    )
    other = [name for name, one, two in pairs if not compare_digest(one.encode(), two.encode())]
    if other:
        raise other_face(other[0])


def other_face(field_name: str) -> LaneStopError:
    """Return the error ``face-of-another-chip``, with where the face differs."""
    sentence = (
        f"The face is not that of the chip: its {field_name.replace('_', ' ')} is another. "
        "Take the card out and look at the card before and after it."
    )
    return LaneStopError(FACE_OF_ANOTHER_CHIP, sentence, field=field_name)
