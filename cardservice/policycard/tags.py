"""Tags of the field layer (card.md, section 2), named by what they hold."""

from enum import IntEnum, unique
from typing import Final


@unique
class FieldTag(IntEnum):
    """Tags of a policy card's files; the class of the inner ones is APPLICATION."""

    ICCID = 0x60
    ISSUER_CODE = 0x41
    ISSUER_DATA = 0x42

    CARD_ID = 0x61
    CHIP_SERIAL = 0x51
    CARD_TYPE = 0x52
    CARD_VERSION = 0x53
    FUND = 0x54
    LIST_ENTRY = 0x55

    OWNER = 0x62
    SURNAME = 0x5F21
    GIVEN_NAME = 0x5F22
    PATRONYMIC = 0x5F23
    BIRTH_DATE = 0x5F24
    SEX = 0x5F25
    ENP = 0x5F26
    SNILS = 0x5F27
    EXPIRY = 0x5F28
    BIRTH_PLACE = 0x5F29
    ISSUE_DATE = 0x5F2A
    CITIZENSHIP = 0x7F30
    COUNTRY_CODE = 0x5F31
    COUNTRY_NAME = 0x5F32
    PHOTO = 0x7F40
    PHOTO_FORMAT = 0x5F41
    PHOTO_IMAGE = 0x5F42

    INSURER = 0x64
    OGRN = 0x5F51
    OKATO = 0x5F52
    START_DATE = 0x5F53
    END_DATE = 0x5F54
    INSURER_SIGNATURE = 0x7F60
    SIGNATURE = 0x5F61
    CERTIFICATE = 0x5F62

    CHIP_SECURITY = 0x6E
    SECURITY_OBJECT = 0x77


_ABBREVIATED: Final = {
    FieldTag.ENP: "policy number",
    FieldTag.SNILS: "SNILS",
    FieldTag.OGRN: "OGRN",
    FieldTag.OKATO: "OKATO",
}
WORDS: Final = {
    tag.value: _ABBREVIATED.get(tag, tag.name.lower().replace("_", " ")) for tag in FieldTag
}
"""Plain names of the tags, for messages."""


def words_of(tag: int) -> str:
    """Return the plain name of what ``tag`` marks, or that it is unknown."""
    return WORDS.get(tag, f"unknown object {tag:X}")
