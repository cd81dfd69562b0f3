"""Each way in which a card's files are not what its EF.SOD says, or EF.SOD is none."""

from dataclasses import replace
from typing import Any

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.policycard.owner import encode_owner
from cardservice.policycard.photo import encode_photo
from cardservice.policycard.security import Group, digest_groups
from cardservice.verify.findings import ChipProof
from cardservice.verify.judging import verify_files
from tests.unit.policycard.golden_records import (
    JPEG,
    octets_of,
    owner_record,
    signed_files,
)
from tests.unit.verify.readings import (
    FILES,
    altered,
    check_of,
    data_reason,
    judge,
    reading,
    sod,
)

INVALID, UNDECIDED = Outcome.INVALID, Outcome.UNDECIDED
WITH_PHOTO = encode_owner(owner_record(photo=JPEG))
PHOTO_AT = WITH_PHOTO.index(encode_photo(JPEG))
PHOTO_FILES = signed_files(WITH_PHOTO)
OTHER_OWNER = octets_of("owner-minimal")
TEXTS = octets_of("owner-snils")[3:]


def test_a_photo_that_was_altered_is_noticed_when_it_is_read() -> None:
    another = WITH_PHOTO[:-1] + bytes((WITH_PHOTO[-1] ^ 1,))
    card = reading(replace(PHOTO_FILES, owner=another), security_object=sod(PHOTO_FILES))
    assert data_reason(card) is Reason.DATA_ALTERED


def test_a_photo_that_no_hash_covers_is_noticed_without_reading_it() -> None:
    first_part = replace(PHOTO_FILES, owner=WITH_PHOTO[: PHOTO_AT + 5])
    card = reading(first_part, security_object=sod(FILES))
    assert data_reason(card) is Reason.DATA_NOT_COVERED


def test_a_photo_that_was_taken_off_the_card_is_missing() -> None:
    card = reading(FILES, security_object=sod(PHOTO_FILES))
    assert data_reason(card) is Reason.OBJECT_MISSING


@pytest.mark.parametrize(
    ("member", "another"),
    [
        ("owner", OTHER_OWNER),
        ("card_id", octets_of("card-id")[:-1] + b"\x00"),
        ("insurer", octets_of("insurer-ended")),
        ("iccid", octets_of("iccid")[:-1] + b"\x00"),
    ],
)
def test_another_content_of_any_file_is_altered_data(member: str, another: bytes) -> None:
    assert data_reason(altered(**{member: another})) is Reason.DATA_ALTERED


@pytest.mark.parametrize("member", ["owner", "card_id", "insurer", "iccid"])
def test_a_listed_file_that_is_not_there_is_missing(member: str) -> None:
    assert data_reason(altered(**{member: None})) is Reason.OBJECT_MISSING


def test_a_listed_number_that_is_none_of_ours_is_a_missing_object() -> None:
    listed = {**digest_groups(FILES), 7: bytes(32)}
    assert data_reason(reading(security_object=sod(listed=listed))) is Reason.OBJECT_MISSING


@pytest.mark.parametrize("group", [Group.OWNER_TEXTS, Group.CARD_ID, Group.INSURER, Group.ICCID])
def test_a_file_that_ef_sod_does_not_list_is_not_covered(group: Group) -> None:
    listed = digest_groups(FILES)
    del listed[group]
    card = reading(security_object=sod(listed=listed))
    assert data_reason(card) is Reason.DATA_NOT_COVERED


def test_another_chip_key_than_the_listed_one_is_altered_and_not_vouched_for() -> None:
    another = octets_of("chip-security")[:-1] + b"\x00"
    card = altered(chip_security=another)
    assert data_reason(card) is Reason.DATA_ALTERED
    chip = check_of(judge(card), CheckName.CHIP_GENUINE)
    assert (chip.outcome, chip.reason) == (INVALID, Reason.CHIP_KEY_NOT_VOUCHED)


def owner_with(value: bytes, *, photo: bytes = b"") -> bytes:
    return encode_object(0x62, value + photo)


def test_octets_of_the_owner_file_behind_the_photo_are_outside_the_hashes() -> None:
    photo = encode_photo(JPEG)
    behind = encode_object(0x5F29, b"elsewhere")
    card = reading(
        replace(PHOTO_FILES, owner=encode_object(0x62, TEXTS + photo + behind)),
        security_object=sod(PHOTO_FILES),
    )
    assert data_reason(card) is Reason.DATA_NOT_COVERED


def test_octets_behind_the_owner_record_are_outside_the_hashes() -> None:
    files = replace(FILES, owner=octets_of("owner-snils") + b"\x00")
    assert data_reason(reading(files, security_object=sod())) is Reason.DATA_NOT_COVERED


@pytest.mark.parametrize("tag", [0x5F21, 0x5F26])
def test_a_tag_that_is_repeated_in_the_owner_file_fails_even_if_it_was_signed(tag: int) -> None:
    doubled = encode_object(0x62, TEXTS + encode_object(tag, b"0000000000000000"))
    assert data_reason(reading(replace(FILES, owner=doubled))) is Reason.DATA_REPEATED


def test_a_tag_that_is_repeated_in_the_insurer_file_fails_even_if_it_was_signed() -> None:
    value = octets_of("insurer-plain")[2:]
    doubled = encode_object(0x64, value + encode_object(0x5F54, bytes.fromhex("01012030")) * 2)
    assert data_reason(reading(replace(FILES, insurer=doubled))) is Reason.DATA_REPEATED


@pytest.mark.parametrize(
    ("member", "octets"),
    [
        ("owner", encode_object(0x62, encode_object(0x5F26, b"0054910834000015"))),
        ("insurer", encode_object(0x64, encode_object(0x5F51, b"1027739099772"))),
    ],
)
def test_signed_files_that_lack_a_required_field_are_malformed(member: str, octets: bytes) -> None:
    changed: dict[str, Any] = {member: octets}
    card = reading(replace(FILES, **changed))
    assert data_reason(card) is Reason.CONTENT_MALFORMED


@pytest.mark.parametrize("member", ["owner", "insurer"])
def test_a_file_of_ours_that_is_cut_short_is_malformed(member: str) -> None:
    octets: bytes = getattr(FILES, member)
    assert data_reason(altered(**{member: octets[:-1]})) is Reason.CONTENT_MALFORMED


def test_an_ef_sod_that_cannot_be_parsed_is_malformed() -> None:
    for octets in (b"\x77\x00", encode_object(0x77, b"\x30\x00"), sod()[:-1], sod() + b"\x00"):
        assert data_reason(reading(security_object=octets)) is Reason.SECURITY_OBJECT_MALFORMED


def test_an_ef_sod_with_another_content_type_is_malformed() -> None:
    octets = sod()
    lds_security_object = bytes.fromhex("0606678108010101")
    assert octets.count(lds_security_object) > 0
    other = octets.replace(lds_security_object, lds_security_object[:-1] + b"\x02")
    assert data_reason(reading(security_object=other)) is Reason.SECURITY_OBJECT_MALFORMED


def test_a_hash_that_was_exchanged_in_ef_sod_makes_its_signature_wrong() -> None:
    card_hash = digest_groups(FILES)[Group.OWNER_TEXTS]
    forged_hash = digest_groups(signed_files(OTHER_OWNER))[Group.OWNER_TEXTS]
    octets = sod()
    assert octets.count(card_hash) == 1
    files = signed_files(OTHER_OWNER)
    card = reading(files, security_object=octets.replace(card_hash, forged_hash))
    assert data_reason(card) is Reason.SIGNATURE_WRONG


def test_the_signature_of_another_record_is_wrong() -> None:
    ours, other = sod(), sod(signed_files(OTHER_OWNER))
    signature_octets = 64
    forged = ours[:-signature_octets] + other[-signature_octets:]
    assert data_reason(reading(security_object=forged)) in {
        Reason.SIGNATURE_WRONG,
        Reason.SECURITY_OBJECT_MALFORMED,
    }


def test_under_a_wrong_signature_nobody_is_asked_about_the_signer() -> None:
    card_hash = digest_groups(FILES)[Group.ICCID]
    examination = judge(reading(security_object=sod().replace(card_hash, bytes(32))))
    signer = check_of(examination, CheckName.SIGNER_TRUSTED)
    assert (signer.outcome, signer.reason) == (UNDECIDED, Reason.NOT_READ)
    assert examination.verdict is not None
    assert examination.verdict.signed_at is None


def test_what_ef_sod_lists_is_known_even_under_a_wrong_signature() -> None:
    card_hash = digest_groups(FILES)[Group.ICCID]
    state = verify_files(sod().replace(card_hash, bytes(32)), FILES)
    assert (state.verified, state.fault) == (None, Reason.SIGNATURE_WRONG)
    assert state.covers_chip
    copy = judge(
        reading(security_object=sod().replace(card_hash, bytes(32)), chip=ChipProof.FAILED)
    )
    assert check_of(copy, CheckName.CHIP_GENUINE).reason is Reason.CHIP_COPIED
