"""What EF.SOD's hashes cover, and every way in which files are not what it lists."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.domain.verdict import Reason
from cardservice.errors import MalformedDataError
from cardservice.policycard.insurer import read_insurer
from cardservice.policycard.owner import encode_owner, read_owner
from cardservice.policycard.photo import encode_photo
from cardservice.policycard.security import (
    Finding,
    Group,
    SignedFiles,
    check_groups,
    digest_groups,
)
from tests.unit.policycard.golden_records import (
    JPEG,
    insurer_record,
    octets_of,
    owner_record,
    signed_files,
)

PLAIN = octets_of("owner-snils")
WITH_PHOTO = encode_owner(owner_record(photo=JPEG))
PHOTO = encode_photo(JPEG)
TEXTS_ONLY = WITH_PHOTO[: WITH_PHOTO.index(PHOTO) + 5]
FILES = {2: "card-id", 3: "insurer-plain", 4: "iccid", 14: "chip-security"}


def digest(octets: bytes) -> bytes:
    return sha256(octets).digest()


def findings(listed: dict[int, bytes], files: SignedFiles) -> set[tuple[int, Reason]]:
    return {(one.group, one.reason) for one in check_groups(listed, files).findings}


def photo_files(**changes: Any) -> SignedFiles:
    return replace(signed_files(WITH_PHOTO), **changes)


def test_hashes_cover_whole_files_and_of_the_owner_file_the_value() -> None:
    expected = {number: digest(octets_of(name)) for number, name in FILES.items()}
    assert digest_groups(signed_files()) == expected | {1: digest(PLAIN[3:])}


def test_the_photo_has_a_hash_of_its_own_and_the_texts_end_before_it() -> None:
    digests = digest_groups(photo_files())
    assert digests[Group.PHOTO] == digest(PHOTO)
    assert digests[Group.OWNER_TEXTS] == digest(PLAIN[3:])


def test_the_texts_are_proved_without_the_photo() -> None:
    listed = digest_groups(photo_files())
    check = check_groups(listed, photo_files(owner=TEXTS_ONLY))
    assert check.findings == ()
    assert check.unread == (Group.PHOTO,)
    assert check.covered == {1, 2, 3, 4, 14}


def test_a_photo_read_apart_is_proved_too() -> None:
    files = photo_files(owner=TEXTS_ONLY, photo=PHOTO)
    listed = digest_groups(photo_files())
    check = check_groups(listed, files)
    assert digest_groups(files) == listed
    assert (check.findings, check.unread) == ((), ())
    assert Group.PHOTO in check.covered


def test_files_as_listed_are_covered_and_readable_without_another_walk() -> None:
    check = check_groups(digest_groups(signed_files()), signed_files())
    assert (check.findings, check.reasons, check.unread) == ((), (), ())
    assert check.covered == set(FILES) | {1}
    assert check.owner is not None
    assert check.insurer is not None
    assert read_owner(check.owner).record == owner_record()
    assert read_insurer(check.insurer).record == insurer_record()


@pytest.mark.parametrize(
    ("group", "name"),
    [(2, "card_id"), (3, "insurer"), (4, "iccid"), (14, "chip_security"), (1, "owner")],
)
def test_a_listed_object_that_is_not_there_is_missing(group: int, name: str) -> None:
    listed = digest_groups(signed_files())
    absent: dict[str, Any] = {name: None}
    files = replace(signed_files(), **absent)
    assert findings(listed, files) == {(group, Reason.OBJECT_MISSING)}


def test_a_listed_photo_that_the_owner_file_has_not_is_missing() -> None:
    listed = digest_groups(photo_files())
    assert findings(listed, signed_files()) == {(5, Reason.OBJECT_MISSING)}


def test_a_listed_group_that_is_none_of_ours_is_missing() -> None:
    listed = digest_groups(signed_files()) | {7: bytes(32)}
    assert findings(listed, signed_files()) == {(7, Reason.OBJECT_MISSING)}


@pytest.mark.parametrize("group", [1, 2, 3, 4, 5, 14])
@pytest.mark.parametrize("wrong", [bytes(32), b"", bytes(31), bytes(64)], ids=len)
def test_a_wrong_hash_is_found_in_every_group(group: int, wrong: bytes) -> None:
    listed = digest_groups(photo_files()) | {group: wrong}
    check = check_groups(listed, photo_files())
    assert check.findings == (Finding(group, Reason.DATA_ALTERED),)
    assert group not in check.covered


@pytest.mark.parametrize("group", [1, 2, 3, 4, 5])
def test_an_object_that_is_not_listed_is_not_covered(group: int) -> None:
    listed = digest_groups(photo_files())
    del listed[group]
    assert findings(listed, photo_files()) == {
        (group if group != 5 else 1, Reason.DATA_NOT_COVERED)
    }


def test_an_unlisted_photo_is_not_covered_though_unread() -> None:
    listed = digest_groups(signed_files())
    files = photo_files(owner=TEXTS_ONLY)
    assert findings(listed, files) == {(1, Reason.DATA_NOT_COVERED)}


def test_whether_the_chip_key_is_vouched_for_is_left_to_the_caller() -> None:
    listed = digest_groups(signed_files())
    del listed[14]
    check = check_groups(listed, signed_files())
    assert check.findings == ()
    assert Group.CHIP_SECURITY not in check.covered


def test_octets_behind_the_photo_are_not_covered() -> None:
    value = PLAIN[3:] + PHOTO
    for extra in (b"\x00", encode_object(0x5F7A, b"?")):
        files = photo_files(owner=encode_object(0x62, value + extra))
        listed = digest_groups(photo_files())
        assert findings(listed, files) == {(1, Reason.DATA_NOT_COVERED)}


def test_filling_behind_the_owner_record_is_not_covered() -> None:
    listed = digest_groups(signed_files())
    assert findings(listed, signed_files(PLAIN + bytes(9))) == {(1, Reason.DATA_NOT_COVERED)}


def test_a_photo_of_another_length_than_the_file_says_is_not_covered() -> None:
    other = encode_object(0x7F40, encode_object(0x5F42, b"\xff\xd8\xff"))
    files = photo_files(owner=TEXTS_ONLY, photo=other)
    listed = digest_groups(photo_files()) | {5: digest(other)}
    assert findings(listed, files) == {(1, Reason.DATA_NOT_COVERED)}


def test_a_repeated_tag_fails_under_a_good_hash() -> None:
    value = PLAIN[3:]
    twice = signed_files(encode_object(0x62, value + encode_object(0x5F21, "ДРУГОЙ".encode())))
    assert findings(digest_groups(twice), twice) == {(1, Reason.DATA_REPEATED)}
    insurer = octets_of("insurer-plain")[2:]
    double = replace(signed_files(), insurer=encode_object(0x64, insurer + insurer[:16]))
    assert findings(digest_groups(double), double) == {(3, Reason.DATA_REPEATED)}


@pytest.mark.parametrize("octets", [b"", b"\x62", PLAIN[:-1], b"\x64" + PLAIN[1:], PLAIN + b"\x01"])
def test_an_owner_file_that_cannot_be_walked_is_malformed(octets: bytes) -> None:
    listed = digest_groups(photo_files())
    files = replace(signed_files(), owner=octets)
    assert findings(listed, files) == {(1, Reason.CONTENT_MALFORMED)}
    with pytest.raises(MalformedDataError):
        digest_groups(files)


def test_an_insurer_file_that_cannot_be_walked_is_malformed_under_a_good_hash() -> None:
    files = replace(signed_files(), insurer=b"\x64\x02\x5f")
    check = check_groups(digest_groups(files), files)
    assert check.findings == (Finding(3, Reason.CONTENT_MALFORMED),)
    assert check.insurer is None


def test_each_reason_is_told_once() -> None:
    listed = dict.fromkeys((1, 2, 3, 4, 14), bytes(32))
    assert check_groups(listed, signed_files()).reasons == (Reason.DATA_ALTERED,)


def test_files_do_not_print_their_octets() -> None:
    assert repr(signed_files()) == "SignedFiles(unread=frozenset())"


def test_what_was_left_on_the_card_is_unread_and_not_missing() -> None:
    listed = digest_groups(signed_files())
    files = replace(signed_files(), iccid=None, unread=frozenset({4}))
    check = check_groups(listed, files)
    assert check.findings == ()
    assert check.unread == (4,)
    assert 4 not in check.covered
