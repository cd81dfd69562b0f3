"""Shapes of what the files of the field layer hold. Source: card.md §2."""

from typing import Final

from simulators.cardmap import reading
from simulators.cardmap.shapes import Piece, Reader, Shape
from simulators.cardmap.spans import Privacy
from simulators.cardmap.words import Name
from simulators.cardmap.x509 import CERTIFICATE

_CLAUSE = "card.md §2"
_FIELD_COORDINATE = 32


def _texts(*rows: tuple[int, Name, Reader]) -> tuple[Shape, ...]:
    return tuple(Shape(name=name, tag=tag, read=read) for tag, name, read in rows)


def _template(name: Name, tag: int, *parts: Shape) -> Shape:
    return Shape(name=name, tag=tag, parts=parts)


OWNER: Final = Shape(
    name=Name.OWNER,
    tag=0x62,
    clause=_CLAUSE,
    privacy=Privacy.PERSONAL,
    parts=(
        *_texts(
            (0x5F26, Name.ENP, reading.digits),
            (0x5F21, Name.SURNAME, reading.text),
            (0x5F22, Name.FIRST_NAME, reading.text),
            (0x5F23, Name.PATRONYMIC, reading.text),
            (0x5F25, Name.SEX, reading.sex),
            (0x5F24, Name.BIRTH_DATE, reading.date),
            (0x5F27, Name.SNILS, reading.text),
            (0x5F28, Name.EXPIRY_DATE, reading.expiry_date),
            (0x5F29, Name.BIRTH_PLACE, reading.text),
            (0x5F2A, Name.ISSUE_DATE, reading.date),
        ),
        _template(
            Name.CITIZENSHIP,
            0x7F30,
            *_texts(
                (0x5F31, Name.COUNTRY_CODE, reading.text),
                (0x5F32, Name.COUNTRY_NAME, reading.text),
            ),
        ),
        _template(
            Name.PHOTO,
            0x7F40,
            Shape(
                name=Name.PHOTO_FORMAT,
                tag=0x5F41,
                privacy=Privacy.PUBLIC,
                read=reading.photo_format,
            ),
            Shape(name=Name.PHOTO_IMAGE, tag=0x5F42, privacy=Privacy.PICTURE, read=reading.picture),
        ),
    ),
)

INSURER: Final = Shape(
    name=Name.INSURER,
    tag=0x64,
    clause=_CLAUSE,
    privacy=Privacy.PERSONAL,
    parts=(
        *_texts(
            (0x5F51, Name.OGRN, reading.digits),
            (0x5F52, Name.OKATO, reading.digits),
            (0x5F53, Name.START_DATE, reading.date),
            (0x5F54, Name.END_DATE, reading.date),
        ),
        _template(
            Name.INSURER_PROOF,
            0x7F60,
            Shape(
                name=Name.INSURER_SIGNATURE,
                tag=0x5F61,
                pieces=(
                    Piece(Name.SIGNATURE_R, _FIELD_COORDINATE),
                    Piece(Name.SIGNATURE_S, _FIELD_COORDINATE),
                ),
                read=reading.ecdsa,
            ),
            _template(Name.INSURER_CERTIFICATE, 0x7F62, CERTIFICATE),
            Shape(name=Name.INSURER_CERTIFICATE, tag=0x5F62, opens=True, parts=(CERTIFICATE,)),
        ),
    ),
)

ICCID: Final = Shape(
    name=Name.ICCID,
    tag=0x60,
    clause=_CLAUSE,
    parts=(
        Shape(name=Name.ISSUER_CODE, tag=0x41, read=reading.number),
        Shape(
            name=Name.ISSUER_DATA,
            tag=0x42,
            privacy=Privacy.PERSONAL,
            read=reading.hexadecimal,
        ),
    ),
)

CARD_ID: Final = Shape(
    name=Name.CARD_ID,
    tag=0x61,
    clause=_CLAUSE,
    parts=(
        Shape(
            name=Name.CHIP_SERIAL,
            tag=0x51,
            privacy=Privacy.PERSONAL,
            read=reading.hexadecimal,
        ),
        Shape(name=Name.CARD_TYPE, tag=0x52, read=reading.number),
        Shape(name=Name.CARD_VERSION, tag=0x53, read=reading.number),
        Shape(name=Name.FUND, tag=0x54, read=reading.digits),
        Shape(
            name=Name.CARD_NUMBER,
            tag=0x55,
            privacy=Privacy.PERSONAL,
            pieces=(
                Piece(Name.LIST_NUMBER, 2, reading.number),
                Piece(Name.LIST_INDEX, 4, reading.number),
            ),
        ),
    ),
)
