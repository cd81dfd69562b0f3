"""One test against each known bug of existing reader programs that concerns decoding.

Source: card.md, section 2, last paragraph.
"""

from dataclasses import replace

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.domain.holder import Holder
from cardservice.policycard.insurer import decode_insurer
from cardservice.policycard.owner import (
    OwnerRecord,
    decode_owner,
    encode_owner,
    read_owner,
    walk_owner,
)
from cardservice.policycard.photo import Photo, PhotoFormat
from tests.unit.policycard.golden_records import insurer_record, octets_of, owner_record


def holder(**changes: str) -> Holder:
    return replace(owner_record().holder, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "_&\x200000000000000000",  # 5F26: looks like a policy number
        "_!ПЕТРОВ",  # 5F21: looks like a surname
        "_$\x20\x20\x20",  # 5F24: looks like a birth date
        "_%_(_)_*_'_#",  # 5F25 5F28 5F29 5F2A 5F27 5F23
    ],
)
def test_tag_octets_inside_a_text_are_text(text: str) -> None:
    record = OwnerRecord(holder=holder(surname=text, patronymic=text, birth_place=text))
    assert decode_owner(encode_owner(record)).record == record


def test_tag_octets_inside_an_image_are_image() -> None:
    false = encode_object(0x5F21, "ЛОЖНОВ".encode()) + encode_object(0x7F40, b"\x5f\x42\x00")
    photo = Photo(PhotoFormat.JPEG, b"\xff\xd8\xff" + false + b"\x7f\x40")
    record = owner_record(photo=photo)
    octets = encode_owner(record)
    assert decode_owner(octets).record == record
    # The walk to 7F40 stops at the object, not at the first two octets that look like it.
    assert read_owner(walk_owner(octets[: octets.index(b"\xff\xd8")])).photo_unread


def test_tag_octets_inside_a_text_do_not_end_the_texts() -> None:
    # 7F40 is no UTF-8 text that may be shown, so it stands inside an unknown object.
    hidden = encode_object(0xC1, b"\x7f\x40\x7f\x40") + octets_of("owner-plain")[3:]
    octets = encode_object(0x62, hidden)
    assert decode_owner(octets).record == owner_record("owner-plain")


@pytest.mark.parametrize("letters", [1, 63, 64, 127, 128, 150])
def test_lengths_of_one_two_and_three_octets_are_told_apart(letters: int) -> None:
    record = OwnerRecord(holder=holder(birth_place="Я" * letters))
    assert decode_owner(encode_owner(record)).record == record


@pytest.mark.parametrize("size", [3, 100, 127, 128, 200, 255, 256, 257, 20_000])
def test_files_of_every_size_are_read_whole(size: int) -> None:
    record = owner_record(photo=Photo(PhotoFormat.JPEG, b"\xff\xd8\xff".ljust(size, b"\x81")))
    assert decode_owner(encode_owner(record)).record == record


def test_fields_are_found_by_tag_and_not_by_place() -> None:
    value = octets_of("insurer-plain")[2:]
    turned = value[16:] + value[:16]
    assert decode_insurer(encode_object(0x64, turned)).record == insurer_record()


def test_a_card_without_optional_fields_is_read() -> None:
    found = decode_owner(octets_of("owner-minimal")).record.holder
    assert (found.patronymic, found.snils, found.citizenship) == (None, None, None)
