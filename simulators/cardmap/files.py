"""Which shape each file, each cell beside the files and each answer to SELECT has."""

from typing import Final

from simulators.card import files, image
from simulators.cardmap import field_layer, reading
from simulators.cardmap.cv import CV_CERTIFICATE
from simulators.cardmap.security import CONTENT_INFO, SECURITY_INFOS
from simulators.cardmap.shapes import Piece, Reader, Shape
from simulators.cardmap.spans import Privacy
from simulators.cardmap.words import Name

_CLAUSE = "card.md §2"
_SECRETS_CLAUSE = "card.md §4"
_LIFE_CLAUSE = "card.md §6"
_ISO_CLAUSE = "ISO/IEC 7816-4 5.3.3"


def _file(name: Name, *parts: Shape, ordered: bool = False) -> Shape:
    return Shape(name=name, clause=_CLAUSE, parts=parts, ordered=ordered)


_CARS: Final = tuple(
    Shape(name=name, tag=0x42, clause="TR-03110-3 A.2.3", read=reading.text)
    for name in (Name.CAR_CURRENT, Name.CAR_PREVIOUS)
)
_INSURER: Final = _file(Name.EF_INSURER, field_layer.INSURER)

FILE_SHAPES: Final = {
    files.EF_CARD_ACCESS: _file(Name.EF_CARD_ACCESS, SECURITY_INFOS),
    files.EF_ATR_INFO: _file(
        Name.EF_ATR_INFO,
        Shape(
            name=Name.EXTENDED_LENGTH,
            tag=0x7F66,
            clause="ISO/IEC 7816-4 12.7.1",
            read=reading.max_lengths,
            each=Shape(name=Name.MAX_LENGTH, tag=0x02, read=reading.number),
        ),
    ),
    files.EF_ICCID: _file(Name.EF_ICCID, field_layer.ICCID),
    files.EF_CARD_ID: _file(Name.EF_CARD_ID, field_layer.CARD_ID),
    files.EF_CHIP_SECURITY: _file(
        Name.EF_CHIP_SECURITY,
        Shape(name=Name.CHIP_SECURITY, tag=0x6E, clause=_CLAUSE, parts=(SECURITY_INFOS,)),
    ),
    files.EF_CVCA: _file(Name.EF_CVCA, *_CARS, ordered=True),
    files.EF_SOD: _file(
        Name.EF_SOD,
        Shape(name=Name.SOD, tag=0x77, clause="ICAO 9303-10 4.6.2", parts=(CONTENT_INFO,)),
    ),
    files.EF_OWNER: _file(Name.EF_OWNER, field_layer.OWNER),
    **dict.fromkeys(files.EF_INSURERS, _INSURER),
}

FCI: Final = Shape(
    name=Name.FCI,
    clause=_ISO_CLAUSE,
    parts=(
        Shape(
            name=Name.FCI,
            tag=0x6F,
            parts=(
                Shape(name=Name.DF_NAME, tag=0x84, read=reading.text),
                Shape(name=Name.FILE_ID, tag=0x83, read=reading.hexadecimal),
            ),
        ),
    ),
)
FCP: Final = Shape(
    name=Name.FCP,
    clause=_ISO_CLAUSE,
    parts=(
        Shape(
            name=Name.FCP,
            tag=0x62,
            parts=(
                Shape(name=Name.FILE_SIZE, tag=0x80, read=reading.number),
                Shape(name=Name.FILE_DESCRIPTOR, tag=0x82, read=reading.descriptor),
                Shape(name=Name.FILE_ID, tag=0x83, read=reading.hexadecimal),
                Shape(name=Name.SFI, tag=0x88, read=reading.sfi),
            ),
        ),
    ),
)


def _cell(name: Name, clause: str, read: Reader, privacy: Privacy = Privacy.PUBLIC) -> Shape:
    return Shape(name=name, clause=clause, read=read, privacy=privacy)


CELL_SHAPES: Final = {
    image.LIFE_CYCLE: _cell(Name.LIFE_CYCLE, _LIFE_CLAUSE, reading.life_cycle),
    image.PROFILE: _cell(Name.PROFILE, "card.md §5", reading.profile),
    image.POINTER: _cell(Name.POINTER, _CLAUSE, reading.insurer_file),
    image.CHIP_SERIAL: _cell(
        Name.CHIP_SERIAL, _CLAUSE, reading.hexadecimal, privacy=Privacy.PERSONAL
    ),
    image.SEQUENCE_COUNTER: _cell(Name.SEQUENCE_COUNTER, _LIFE_CLAUSE, reading.number),
    image.PIN_TRIES: _cell(Name.PIN_TRIES, _SECRETS_CLAUSE, reading.number),
    image.PUK_TRIES: _cell(Name.PUK_TRIES, _SECRETS_CLAUSE, reading.number),
    image.PACE_FAILURES: _cell(Name.PACE_FAILURES, _SECRETS_CLAUSE, reading.number),
    image.CARD_DATE: _cell(Name.CARD_DATE, "card.md §5", reading.cv_date),
    image.CVCA_CURRENT: Shape(name=Name.CVCA_CURRENT, clause=_LIFE_CLAUSE, parts=(CV_CERTIFICATE,)),
    image.CVCA_PREVIOUS: Shape(
        name=Name.CVCA_PREVIOUS, clause=_LIFE_CLAUSE, parts=(CV_CERTIFICATE,)
    ),
}
"""The cells that are no files and no secrets, in the order they are shown; the ATR comes first."""

SECRETS: Final = {
    image.KEY_SET: Name.KEY_SET,
    image.CHIP_KEY: Name.CHIP_KEY,
    image.PIN: Name.PIN,
    image.PUK: Name.PUK,
    image.CAN: Name.CAN,
}
"""The cells whose octets no map ever holds."""

_HISTORICAL_COUNT = 0x0F
_KINDS = 4  # TA, TB, TC, TD
_T0 = 1


def atr_shape(atr: bytes) -> Shape:
    """Return the shape of this answer to reset. Source: ISO/IEC 7816-3 8.2."""
    position, more_protocols = _T0, False
    while position < len(atr):
        above, first = atr[position] >> _KINDS, position == _T0
        more_protocols = more_protocols or (not first and bool(atr[position] & 0x0F))
        position += above.bit_count()
        if not above >> (_KINDS - 1):
            break
    interface = position - _T0
    historical = atr[_T0] & _HISTORICAL_COUNT if len(atr) > _T0 else 0
    pieces = (
        Piece(Name.ATR_TS, 1),
        Piece(Name.ATR_T0, 1),
        *(Piece(Name.ATR_INTERFACE, 1) for _ in range(interface)),
        *((Piece(Name.ATR_HISTORICAL, historical, reading.text),) if historical else ()),
        *((Piece(Name.ATR_TCK, 1),) if more_protocols else ()),
    )
    return Shape(name=Name.ATR, clause="ISO/IEC 7816-3 8.2", pieces=pieces)
