"""A file that is cut, at any octet, is never taken for a whole one."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from cardservice.errors import MalformedDataError
from cardservice.policycard.identity import decode_card_id, decode_iccid
from cardservice.policycard.insurer import decode_insurer, octets_without_signature
from cardservice.policycard.owner import decode_owner, encode_owner
from cardservice.policycard.security import check_groups, digest_groups
from tests.unit.policycard.golden_records import (
    INSURERS,
    JPEG,
    OWNERS,
    octets_of,
    owner_record,
    signed_files,
)

Decoder = Callable[[bytes], Any]
FILES: Final[list[tuple[str, Decoder]]] = [
    *((name, decode_owner) for name in OWNERS),
    *((name, decode_insurer) for name in INSURERS),
    ("insurer-plain", octets_without_signature),
    ("card-id", decode_card_id),
    ("iccid", decode_iccid),
]


@pytest.mark.parametrize(("name", "decode"), FILES)
def test_a_golden_file_cut_at_any_octet_is_malformed(name: str, decode: Decoder) -> None:
    whole = octets_of(name)
    for size in range(len(whole)):
        with pytest.raises(MalformedDataError):
            decode(whole[:size])


def test_an_owner_file_with_a_photo_cut_at_any_octet_is_malformed() -> None:
    whole = encode_owner(owner_record(photo=JPEG))
    for size in range(len(whole)):
        with pytest.raises(MalformedDataError):
            decode_owner(whole[:size])


@pytest.mark.parametrize(("name", "decode"), FILES)
def test_a_value_cut_inside_a_root_that_admits_it_is_malformed(name: str, decode: Decoder) -> None:
    whole = octets_of(name)
    header = 3 if whole[1] == 0x81 else 2
    value = whole[header:]
    whole_objects = 0
    for size in range(len(value)):
        octets = whole[:1] + b"\x81" + bytes((size,)) + value[:size]
        try:
            decode(octets)
        except MalformedDataError:
            continue
        whole_objects += 1
    # Only a cut between two objects, behind the required ones, leaves a file that can be read.
    assert whole_objects <= 8


def test_no_single_flipped_octet_under_a_security_object_goes_unnoticed() -> None:
    good = signed_files()
    listed = digest_groups(good)
    owner = octets_of("owner-snils")
    for place in range(len(owner)):
        flipped = owner[:place] + bytes((owner[place] ^ 0x01,)) + owner[place + 1 :]
        assert check_groups(listed, signed_files(flipped)).findings
