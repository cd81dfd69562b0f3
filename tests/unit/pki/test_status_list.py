"""The list itself: its bits, its compressed form, and the published vectors."""

import hashlib
import zlib
from typing import Any

import pytest

from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki.status_list import (
    StatusArray,
    StatusList,
    StatusListError,
    StatusListFault,
    StatusType,
    compress,
    inflate,
)
from cardservice.pki.status_list_encoding import decode_base64url, decode_cbor
from tests.shared import vectors

VECTORS: Any = vectors("token_status_list")
ROOM = 1 << 20


@pytest.mark.parametrize("example", VECTORS["small"], ids=lambda one: f"{one['bits']} bits")
def test_the_small_examples_of_the_draft_are_read_place_by_place(example: Any) -> None:
    lst, bits = decode_base64url(example["lst"]), example["bits"]
    listed = inflate(lst, bits=bits, most_octets=ROOM)
    assert listed.octets.hex() == example["bytes"]
    assert [listed.status_at(place) for place in range(listed.places)] == example["status"]
    assert decode_cbor(bytes.fromhex(example["cbor"])) == {"bits": bits, "lst": lst}


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda one: f"{one['bits']} bits")
def test_the_large_vectors_of_the_draft_are_read_from_json_and_from_cbor(vector: Any) -> None:
    bits = vector["bits"]
    from_json = inflate(decode_base64url(vector["json"]["lst"]), bits=bits, most_octets=ROOM)
    said = decode_cbor(bytes.fromhex(vector["cbor"]))
    assert inflate(said["lst"], bits=said["bits"], most_octets=ROOM) == from_json
    assert from_json.places == vector["entries"]
    assert hashlib.sha256(from_json.octets).hexdigest() == vector["sha256_uncompressed"]
    for place, status in vector["status"].items():
        assert from_json.status_at(int(place)) == status


def test_a_list_we_build_inflates_to_the_octets_of_the_published_one() -> None:
    vector = VECTORS["vectors"][1]
    array = StatusArray(vector["entries"])
    for place, status in vector["status"].items():
        array.set(int(place), StatusType(status))
    octets = zlib.decompress(compress(array.frozen()))
    assert hashlib.sha256(octets).hexdigest() == vector["sha256_uncompressed"]


def test_the_index_that_the_draft_says_is_out_of_bounds_is_refused() -> None:
    negative = VECTORS["negative"][0]
    listed = inflate(decode_base64url(negative["lst"]), bits=negative["bits"], most_octets=ROOM)
    with pytest.raises(StatusListError) as caught:
        listed.status_at(negative["index"])
    assert caught.value.fault is StatusListFault.NO_SUCH_PLACE


@pytest.mark.parametrize("place", [-1, 4, 1 << 32])
def test_a_place_beyond_the_list_has_no_status(place: int) -> None:
    with pytest.raises(StatusListError, match="no such place"):
        StatusList(2, b"\x00").status_at(place)


def test_setting_a_place_leaves_its_neighbours_alone_and_says_whether_it_changed() -> None:
    array = StatusArray(8)
    assert array.set(1, StatusType.SUSPENDED)
    assert array.set(2, StatusType.INVALID)
    assert not array.set(1, StatusType.SUSPENDED)
    assert array.set(2, StatusType.VALID)
    assert [array.get(place) for place in range(4)] == [0, 2, 0, 0]
    assert array.frozen().octets == b"\x08\x00"


@pytest.mark.parametrize("place", [-1, 8])
def test_an_array_has_no_place_beyond_its_last(place: int) -> None:
    array = StatusArray(8)
    with pytest.raises(UsageError):
        array.set(place, StatusType.VALID)
    with pytest.raises(UsageError):
        array.get(place)


@pytest.mark.parametrize(
    ("places", "octets"), [(0, None), (6, None), (8, b"\x00"), (4, b"\x00\x00")]
)
def test_an_array_of_parts_of_octets_is_refused(places: int, octets: bytes | None) -> None:
    with pytest.raises(UsageError):
        StatusArray(places, octets)


@pytest.mark.parametrize(
    "listed", [StatusList(2, bytes([0b10010100, 3])), StatusList(8, b"\x07\x07")]
)
def test_the_places_of_each_status_are_counted(listed: StatusList) -> None:
    every = [listed.status_at(place) for place in range(listed.places)]
    assert listed.counts() == {one: every.count(one) for one in set(every)}


@pytest.mark.parametrize("bits", [0, 3, 16, -1])
def test_no_other_width_than_one_two_four_and_eight_bits_is_inflated(bits: int) -> None:
    with pytest.raises(MalformedDataError):
        inflate(zlib.compress(b"\x00"), bits=bits, most_octets=8)


@pytest.mark.parametrize(
    "lst",
    [b"", b"\x78", zlib.compress(b"\x00" * 8)[:-1], zlib.compress(b"\x00" * 8) + b"\x00", b"no"],
)
def test_what_is_no_whole_zlib_stream_is_refused(lst: bytes) -> None:
    with pytest.raises(MalformedDataError):
        inflate(lst, bits=2, most_octets=8)


def test_a_list_may_fill_the_room_it_is_given_and_no_octet_more() -> None:
    assert inflate(zlib.compress(bytes(8)), bits=2, most_octets=8).places == 32
    with pytest.raises(StatusListError) as caught:
        inflate(zlib.compress(bytes(9)), bits=2, most_octets=8)
    assert caught.value.fault is StatusListFault.TOO_LONG
