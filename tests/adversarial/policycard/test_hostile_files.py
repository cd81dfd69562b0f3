"""Files made to exhaust, to confuse, or to make the clerk see something else."""

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.domain.verdict import Reason
from cardservice.errors import MalformedDataError
from cardservice.policycard.owner import decode_owner, encode_owner, walk_owner
from cardservice.policycard.security import check_groups, digest_groups
from tests.unit.policycard.golden_records import JPEG, octets_of, owner_record, signed_files

VALUE = octets_of("owner-plain")[3:]


@pytest.mark.parametrize(
    "header",
    ["6284FFFFFFFF", "6283FFFFFF", "6283006001", "628080", "62FF", "7F62820010", "62800000"],
)
def test_a_length_beyond_the_limit_is_refused_before_anything_is_read(header: str) -> None:
    with pytest.raises(MalformedDataError):
        walk_owner(bytes.fromhex(header) + VALUE)


def test_a_file_above_the_limit_is_refused_though_whole() -> None:
    filler = encode_object(0xC1, bytes(24_576))
    with pytest.raises(MalformedDataError, match="larger than 24576"):
        decode_owner(encode_object(0x62, VALUE + filler))


def test_nesting_without_end_is_not_followed() -> None:
    nested = b""
    for _ in range(2_000):
        nested = encode_object(0x7F30, nested)
    value = octets_of("owner-minimal")[2:] + nested
    assert decode_owner(encode_object(0x62, value)).record == owner_record("owner-minimal")


def test_thousands_of_unknown_objects_make_a_few_notes() -> None:
    unknown = b"".join(
        b"\x5f" + bytes((high, low, 0)) for high in range(0x81, 0xA0) for low in range(0x7F)
    )
    read = decode_owner(encode_object(0x62, VALUE + unknown))
    assert read.record == owner_record("owner-plain")
    assert len(read.skipped) == 8


def test_thousands_of_repeated_objects_are_told_as_one() -> None:
    read = decode_owner(encode_object(0x62, VALUE + b"\x5f\x7a\x00" * 5_000))
    assert read.repeated == (0x5F7A,)
    assert len(read.skipped) == 2


def test_a_second_photo_behind_the_proved_one_is_found() -> None:
    proved = signed_files(encode_owner(owner_record(photo=JPEG)))
    assert proved.owner is not None
    file = walk_owner(proved.owner)
    photo = proved.owner[file.found[0x7F40][1] : file.end]
    value = proved.owner[file.start : file.end]
    forged = signed_files(encode_object(0x62, value + photo))
    reasons = check_groups(digest_groups(proved), forged).reasons
    assert set(reasons) == {Reason.DATA_NOT_COVERED, Reason.DATA_REPEATED}


def test_texts_put_behind_the_photo_are_found_even_when_the_photo_is_unread() -> None:
    whole = encode_owner(owner_record(photo=JPEG))
    listed = digest_groups(signed_files(whole))
    file = walk_owner(whole)
    value = whole[file.start : file.end] + encode_object(0x5F23, "ЛОЖНЫЙ".encode())
    forged = encode_object(0x62, value)
    for size in (file.found[0x7F40][2], len(forged) - 1, len(forged)):
        assert check_groups(listed, signed_files(forged[:size])).findings


def test_an_unread_photo_cannot_hide_texts_behind_a_longer_root() -> None:
    # The root claims one octet more than the photo's length ends at.
    whole = encode_owner(owner_record(photo=JPEG))
    listed = digest_groups(signed_files(whole))
    file = walk_owner(whole)
    longer = b"\x62\x82" + (file.end - file.start + 1).to_bytes(2) + whole[file.start :]
    first_part = longer[: file.found[0x7F40][2]]
    assert Reason.CONTENT_MALFORMED in check_groups(listed, signed_files(first_part)).reasons


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\x1b[2J", "\x00", "\u200b"])
def test_no_text_that_is_shown_can_turn_round_or_hide(hidden: str) -> None:
    name = encode_object(0x5F23, f"{hidden}ЧИВОНАВИ".encode())
    value = encode_owner(owner_record("owner-minimal"))[2:] + name
    patronymic = decode_owner(encode_object(0x62, value)).record.holder.patronymic
    assert patronymic is not None
    assert hidden not in patronymic
    assert "ЧИВОНАВИ" in patronymic


def test_no_message_tells_what_a_field_holds() -> None:
    for old, new in ((b"0054", b"00S4"), ("ИВАН".encode(), b"\xff\xfeVANOV!"), (b"\x80", b"\x8a")):
        with pytest.raises(MalformedDataError) as found:
            decode_owner(encode_object(0x62, VALUE.replace(old, new, 1)))
        assert not any(part in str(found.value) for part in ("00S4", "VANOV", "8a", "8A"))
