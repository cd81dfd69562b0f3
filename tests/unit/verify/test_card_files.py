"""How far a desk reads each file, and what it takes for missing."""

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.channel.flow import drive
from cardservice.channel.reading import PLAIN_BLOCK, PROTECTED_BLOCK
from cardservice.errors import StatusError
from cardservice.policycard.owner import encode_owner
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.verify.card_files import (
    OWNER_STEPS,
    AccessRefusedError,
    or_none,
    read_field_files,
    read_signed_files,
    start_security_object,
)
from simulators.card.field import EndOfFile, FieldCard
from tests.unit.channel.script import FileCard
from tests.unit.policycard.golden_records import octets_of, owner_record
from tests.unit.verify.answering import EF_SOD, HOLDER, INSURERS, POINTER, AnsweringCard

BIG_PHOTO = Photo(PhotoFormat.JPEG, b"\xff\xd8\xff" + bytes(20_000))
INSURER = octets_of("insurer-plain")
OWNER = octets_of("owner-plain")


def field_card(**quirks: object) -> FieldCard:
    known: dict[str, object] = {
        "owner": OWNER,
        "insurers": {0x0301: octets_of("insurer-ended"), 0x0307: INSURER},
        "pointer": 0x0307,
    }
    return FieldCard(**{**known, **quirks})  # type: ignore[arg-type]


def reads_of(card: FileCard) -> int:
    return len(card.sent)


def test_the_texts_of_a_card_with_a_big_photo_are_read_in_one_block() -> None:
    content = encode_owner(owner_record(photo=BIG_PHOTO))
    card = FileCard(content)

    def exchange(command: bytes) -> bytes:
        return card(command) if command[1] == 0xB0 and command[2] == 0x91 else b"\x6a\x82"

    files = drive(read_signed_files(None, PLAIN_BLOCK), exchange)
    assert files.owner == content[:PLAIN_BLOCK]
    assert reads_of(card) == 1


def test_texts_longer_than_a_block_are_read_on_to_the_photo_and_no_further() -> None:
    photo = encode_object(0x7F40, bytes(20_000))
    content = encode_object(0x62, OWNER[3:] + encode_object(0xC1, bytes(400)) + photo)
    card = field_card(owner=content)
    asked: list[bytes] = []

    def exchange(command: bytes) -> bytes:
        asked.append(command)
        return card.execute(command)

    files = drive(read_field_files(), exchange)
    assert files.owner is not None
    assert len(content) - len(photo) < len(files.owner) < 1_000
    assert len([one for one in asked if one[1] == 0xB0]) < 5


def test_an_owner_file_of_endless_small_objects_is_left_after_a_bounded_number_of_steps() -> None:
    content = encode_object(0x62, encode_object(0xC1, bytes(120)) * 190)
    card = FileCard(content, most=16, end_word=0x9000)

    def exchange(command: bytes) -> bytes:
        return card(command) if command[1] == 0xB0 and command[2] != 0x81 else b"\x6a\x82"

    drive(read_signed_files(None, PLAIN_BLOCK), exchange)
    reads_a_step = -(-PROTECTED_BLOCK // 16)
    assert reads_of(card) <= 2 + OWNER_STEPS * reads_a_step < len(content) // 16


@pytest.mark.parametrize("end_of_file", EndOfFile)
@pytest.mark.parametrize("get_response", [False, True])
def test_a_field_card_is_read_whatever_its_habits(
    end_of_file: EndOfFile, get_response: bool
) -> None:
    card = field_card(end_of_file=end_of_file, get_response=get_response)
    files = drive(read_field_files(), card.execute)
    assert (files.owner, files.insurer) == (OWNER, INSURER)
    assert (files.card_id, files.iccid, files.chip_security) == (None, None, None)


def test_the_insurer_of_a_field_card_is_the_one_that_its_pointer_names() -> None:
    card = field_card(pointer=0x4242, insurers={0x4242: INSURER, 0x0301: b"\x64\x00"})
    assert drive(read_field_files(), card.execute).insurer == INSURER


@pytest.mark.parametrize("pointer", ["9000", "039000", "030107" + "9000", "6A88", "6D00"])
def test_without_a_right_pointer_no_insurer_is_read(pointer: str) -> None:
    card = AnsweringCard({HOLDER: "9000", INSURERS: "9000", POINTER: pointer})
    assert drive(read_field_files(), card.exchange).insurer is None


def test_a_field_card_without_an_owner_file_has_none() -> None:
    card = field_card(owner=b"")
    files = drive(read_field_files(), card.execute)
    assert (files.owner, files.insurer) == (None, INSURER)


@pytest.mark.parametrize("first", ["779000", "77840FFFFFFF9000", "7783FFFFFF9000", "9000", "6A82"])
def test_an_ef_sod_without_a_usable_header_is_none(first: str) -> None:
    card = AnsweringCard({EF_SOD: first})
    assert drive(start_security_object(PLAIN_BLOCK), card.exchange) is None


def test_a_demand_for_rights_is_no_missing_file() -> None:
    def refused(sw: int) -> object:
        card = AnsweringCard({EF_SOD: f"{sw:04X}"})
        return drive(or_none(start_security_object(PLAIN_BLOCK)), card.exchange)

    with pytest.raises(AccessRefusedError):
        refused(0x6982)
    assert refused(0x6983) is None


def test_the_word_of_the_refusal_stays_with_the_demand_for_rights() -> None:
    with pytest.raises(AccessRefusedError) as demand:
        drive(start_security_object(PLAIN_BLOCK), AnsweringCard({EF_SOD: "6982"}).exchange)
    assert isinstance(demand.value.__cause__, StatusError)
