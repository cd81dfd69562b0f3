"""Everything a card tells a terminal that has proved nothing: what GET DATA and READ give."""

from simulators.card import NonVolatileMemory, SoftwareCard
from tests.adversarial.card.cuts.scenes import Cells
from tests.unit.simulators.card.hosts import (
    FOMS_ID,
    FOMS_INS,
    FOMS_ROOT,
    apdu,
    send,
)

_SFIS = {FOMS_ROOT: "01 02 0E 1C 1D 11 12", FOMS_ID: "01", FOMS_INS: "01 02 03 04 0A"}
_WHOLE = b"\x00\x00\x00"


def _read(sfi: int) -> bytes:
    return bytes((0x00, 0xB0, 0x80 | sfi, 0x00)) + _WHOLE


QUESTIONS = (
    bytes.fromhex("00CADF0100"),
    bytes.fromhex("00CA00E000"),
    bytes.fromhex("0020000100"),
    _read(0x1C),
    *(
        question
        for aid, sfis in _SFIS.items()
        for question in (
            apdu("00A4040C", aid),
            *map(_read, bytes.fromhex(sfis)),
            bytes.fromhex("00CA01B002"),
        )
    ),
)


def told_by(card: SoftwareCard) -> list[tuple[bytes, int]]:
    """Return data and SW of every question, asked after a reset."""
    card.reset()
    return [send(card, question) for question in QUESTIONS]


def would_tell(cells: Cells) -> list[tuple[bytes, int]]:
    """Return what a card of this memory tells that never lost its power."""
    return told_by(SoftwareCard(NonVolatileMemory(cells)))
