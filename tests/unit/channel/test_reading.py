"""Selecting and reading, against cards with different habits."""

import pytest

from cardservice.apdu.tlv import encode_object, scan_start
from cardservice.channel.flow import Flow, drive, protect
from cardservice.channel.key_derivation import SessionKeys
from cardservice.channel.reading import (
    EXTENDED_BLOCK,
    PLAIN_BLOCK,
    PROTECTED_BLOCK,
    FileStart,
    get_data,
    read_binary,
    read_file,
    read_more,
    read_start,
    select_application,
    select_file,
)
from cardservice.channel.secure_messaging import SecureMessaging
from cardservice.errors import MalformedDataError, StatusError, UsageError
from tests.shared import golden
from tests.unit.channel.card_side import CardSide
from tests.unit.channel.script import FileCard, Recorder, Script

OWNER = bytes.fromhex(golden("owner-plain")["hex"])
OWNER_MAX = 24_576


def big_owner(photo: int) -> bytes:
    texts = OWNER[3:]
    image = encode_object(0x5F41, b"\x01") + encode_object(
        0x5F42, bytes(range(256)) * (photo // 256)
    )
    return encode_object(0x62, texts + encode_object(0x7F40, image))


def test_an_application_is_selected_by_its_full_name() -> None:
    card = Script(("00A4040C09 666F6D735F726F6F74", "9000"))
    assert drive(select_application(b"foms_root"), card) == 0x9000


@pytest.mark.parametrize("sw", [0x6A82, 0x6283, 0x6285])
def test_an_application_that_is_not_simply_there_is_reported_with_its_word(sw: int) -> None:
    with pytest.raises(StatusError) as refusal:
        drive(select_application(b"foms_root"), Recorder([f"{sw:04X}"]))
    assert refusal.value.sw == sw


def test_a_blocked_application_can_be_selected_on_purpose() -> None:
    flow = select_application(b"foms_root", tolerated=frozenset((0x6283,)))
    assert drive(flow, Recorder(["6283"])) == 0x6283


def test_a_file_is_selected_by_its_identifier() -> None:
    card = Script(("00A4020C02 0201", "9000"))
    drive(select_file(0x0201), card)
    assert card.left == []
    with pytest.raises(StatusError, match="0201"):
        drive(select_file(0x0201), Recorder(["6A82"]))


def test_a_data_object_is_asked_for_by_its_tag() -> None:
    assert drive(get_data(0x01B0, ne=2), Script(("00CA01B002", "03019000"))) == b"\x03\x01"
    with pytest.raises(StatusError, match="GET DATA 01B0"):
        drive(get_data(0x01B0), Recorder(["6A88"]))


def test_a_wrong_le_told_to_get_data_is_corrected() -> None:
    card = Script(("00CADF0100", "6C01"), ("00CADF0101", "0F9000"))
    assert drive(get_data(0xDF01), card) == b"\x0f"


def test_a_short_file_takes_one_command() -> None:
    card = FileCard(OWNER)
    start = drive(read_file(sfi=0x11, max_size=OWNER_MAX), card)
    assert start == FileStart(OWNER, len(OWNER))
    assert [one.hex() for one in card.sent] == ["00b0910000"]


@pytest.mark.parametrize("size", [255, 256, 257, 511, 512, 513])
def test_no_command_is_wasted_at_the_end_of_a_file(size: int) -> None:
    content = encode_object(0x62, bytes(size - (3 if size < 260 else 4)))
    card = FileCard(content)
    start = drive(read_file(sfi=1, max_size=OWNER_MAX), card)
    assert start.data == content
    assert len(card.sent) == -(-len(content) // 256)


def test_the_rest_is_read_from_the_current_file_by_its_true_offset() -> None:
    """255 is not 256: offsets divided by 255 go wrong from the second block on."""
    content = big_owner(2048)
    card = FileCard(content)
    assert drive(read_file(sfi=0x11, max_size=OWNER_MAX), card).data == content
    offsets = [int.from_bytes(one[2:4]) for one in card.sent[1:]]
    assert offsets == [256 * i for i in range(1, len(card.sent))]


@pytest.mark.parametrize("most", [48, 100, 223, 255])
def test_a_card_that_gives_less_than_asked_is_read_on(most: int) -> None:
    content = big_owner(1024)
    # It says 9000: 6282 would claim an end of file where there is none.
    card = FileCard(content, most=most, end_word=0x9000)
    assert drive(read_file(max_size=OWNER_MAX), card).data == content


@pytest.mark.parametrize("block", [PLAIN_BLOCK, PROTECTED_BLOCK, EXTENDED_BLOCK])
def test_every_block_size_reads_the_same_octets(block: int) -> None:
    content = big_owner(20_480)
    card = FileCard(content, most=65_536)
    assert drive(read_file(sfi=1, max_size=OWNER_MAX, block=block), card).data == content
    assert len(card.sent) == -(-len(content) // block)


def test_the_end_of_a_file_is_no_error_when_a_block_is_cut_by_it() -> None:
    card = FileCard(OWNER, end_word=0x6282)
    assert drive(read_file(max_size=OWNER_MAX, block=PROTECTED_BLOCK), card).data == OWNER


def test_a_wrong_le_told_by_the_card_is_corrected() -> None:
    small = encode_object(0x60, b"\x41\x01\x01")
    card = Script(("00B0810000", "6C05"), ("00B0810005", small.hex() + "9000"))
    assert drive(read_file(sfi=1, max_size=512), card).data == small


def test_the_texts_are_read_and_the_photo_is_left() -> None:
    content = big_owner(20_480)
    card = FileCard(content)

    def texts() -> Flow[tuple[FileStart, FileStart]]:
        start = yield from read_start(sfi=0x11, max_size=OWNER_MAX)
        photo = scan_start(start.data, 4, start.total)[-1]
        assert photo[0] == 0x7F40
        assert photo[3] == start.total
        again = yield from read_more(start, up_to=photo[1])
        return start, again

    start, again = drive(texts(), card)
    assert (start, start.is_complete, len(card.sent)) == (again, False, 1)


def test_a_file_is_read_on_just_as_far_as_wanted() -> None:
    content = big_owner(2048)
    card = FileCard(content)

    def some() -> Flow[FileStart]:
        start = yield from read_start(max_size=OWNER_MAX)
        return (yield from read_more(start, up_to=300))

    start = drive(some(), card)
    assert start.data == content[:300]
    assert start.total == len(content)
    assert card.sent[1].hex() == "00b001002c"


def test_what_lies_beyond_the_first_object_is_dropped_and_counted() -> None:
    card = FileCard(OWNER + bytes(40))
    start = drive(read_file(max_size=OWNER_MAX), card)
    assert (start.data, start.surplus, start.is_complete) == (OWNER, 40, True)


def test_a_header_that_comes_octet_by_octet_is_waited_for() -> None:
    start = drive(read_start(max_size=OWNER_MAX), FileCard(OWNER, most=1))
    assert (start.data, start.total) == (OWNER[:3], len(OWNER))


def test_a_file_without_structure_is_read_with_one_command() -> None:
    card = Script(("00B09C0024", "00" * 36 + "9000"))
    assert drive(read_binary(sfi=0x1C, ne=36), card) == bytes(36)
    assert drive(read_binary(offset=300), Script(("00B0012C00", "6B00"))) == b""


def test_under_secure_messaging_blocks_stay_short() -> None:
    keys = SessionKeys(bytes(16), bytes(16))
    side, content = CardSide(keys.enc, keys.mac), big_owner(512)
    lengths: list[int] = []

    def card(raw: bytes) -> bytes:
        offset = 0 if raw[2] & 0x80 else int.from_bytes(raw[2:4])
        side.receive(raw)
        le = side.opened[-1][1]
        assert le[:2] == b"\x97\x01"
        answer = side.answer(content[offset : offset + le[2]], 0x9000)
        lengths.append(len(answer))
        return answer

    flow = read_file(sfi=1, max_size=OWNER_MAX, block=PROTECTED_BLOCK)
    assert drive(protect(flow, SecureMessaging(keys)), card).data == content
    assert max(lengths) <= 258


def test_with_extended_length_a_security_object_takes_one_command_under_protection() -> None:
    keys = SessionKeys(bytes(16), bytes(16))
    side, content = CardSide(keys.enc, keys.mac), encode_object(0x77, bytes(987))
    flow = read_file(sfi=0x1D, max_size=4096, block=EXTENDED_BLOCK)
    start = drive(
        protect(flow, SecureMessaging(keys)), lambda raw: side.exchange(raw, content, 0x6282)
    )
    assert start.data == content
    assert len(side.opened) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x62\x82\x60\x01", "claims 24581"),
        (b"\x62\x83\xff\xff\xff", "claims 16777220"),
        (b"\x62\x84\xff\xff\xff\xff", "too long"),
        (b"\x62\x80\x00\x00", "indefinite"),
        (bytes(64), "no tag"),
        (b"\x62", "ends|empty|header"),
    ],
    ids=["too big", "16 MiB", "4 GiB", "indefinite", "blank", "cut header"],
)
def test_a_header_is_not_believed(content: bytes, reason: str) -> None:
    with pytest.raises(MalformedDataError, match=reason):
        drive(read_file(max_size=OWNER_MAX), FileCard(content))


@pytest.mark.parametrize("end_word", [0x9000, 0x6282])
@pytest.mark.parametrize("kept", [4, 100, 255, 256, 300])
def test_a_truncated_file_is_malformed(kept: int, end_word: int) -> None:
    card = FileCard(big_owner(1024)[:kept], end_word=end_word)
    with pytest.raises(MalformedDataError, match="ends at"):
        drive(read_file(max_size=OWNER_MAX), card)


def test_a_card_that_said_the_file_ended_is_not_asked_again() -> None:
    card = FileCard(big_owner(1024)[:400])
    with pytest.raises(MalformedDataError, match="ends at 400"):
        drive(read_file(max_size=OWNER_MAX, block=PROTECTED_BLOCK), card)
    assert len(card.sent) == 2


def test_an_empty_file_is_malformed() -> None:
    with pytest.raises(MalformedDataError, match="empty"):
        drive(read_file(sfi=1, max_size=512), Recorder(["9000"]))


@pytest.mark.parametrize("sw", ["6982", "6A82", "6B00", "6986"])
def test_a_refused_reading_is_reported_with_its_word(sw: str) -> None:
    with pytest.raises(StatusError) as refusal:
        drive(read_file(sfi=1, max_size=512), Recorder([sw]))
    assert refusal.value.sw == int(sw, 16)


def test_a_refusal_in_the_middle_is_reported_too() -> None:
    answers = [big_owner(512)[:256] + b"\x90\x00", b"\x69\x82"]
    with pytest.raises(StatusError):
        drive(read_file(max_size=OWNER_MAX), Recorder(answers))


@pytest.mark.parametrize(
    ("sfi", "offset", "ne"), [(0, 0, 1), (31, 0, 1), (1, 256, 1), (None, 32_768, 1), (None, -1, 1)]
)
def test_an_address_that_no_card_has_is_our_own_mistake(
    sfi: int | None, offset: int, ne: int
) -> None:
    with pytest.raises(UsageError):
        drive(read_binary(sfi=sfi, offset=offset, ne=ne), Script())


@pytest.mark.parametrize(("max_size", "block"), [(0, 256), (32_769, 256), (512, 0), (512, 65_537)])
def test_sizes_that_cannot_be_read_are_our_own_mistake(max_size: int, block: int) -> None:
    with pytest.raises(UsageError):
        drive(read_start(max_size=max_size, block=block), Script())
