"""The table of files is card.md's, and insurers' records go round."""

import pytest

from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.layout import (
    INSURER_IDS,
    CardFile,
    Directory,
    decode_pointer,
    encode_pointer,
    insurer_file,
    next_insurer_id,
)


def test_directories_are_selected_by_their_ascii_names() -> None:
    assert [one.aid.hex() for one in Directory] == [
        "",
        "666f6d735f726f6f74",
        "464f4d535f4944",
        "464f4d535f494e53",
    ]


@pytest.mark.parametrize(
    ("file", "directory", "file_id", "sfi", "root", "limit"),
    [
        (CardFile.CARD_ACCESS, Directory.MF, 0x011C, 0x1C, None, 512),
        (CardFile.ICCID, Directory.ROOT, 0x0101, 0x01, 0x60, 512),
        (CardFile.CARD_ID, Directory.ROOT, 0x0102, 0x02, 0x61, 512),
        (CardFile.CHIP_SECURITY, Directory.ROOT, 0x010E, 0x0E, 0x6E, 512),
        (CardFile.CVCA, Directory.ROOT, 0x011C, 0x1C, None, 36),
        (CardFile.SECURITY_OBJECT, Directory.ROOT, 0x011D, 0x1D, 0x77, 4_096),
        (CardFile.OWNER, Directory.HOLDER, 0x0201, 0x01, 0x62, 24_576),
    ],
)
def test_a_file_lies_where_the_table_says(  # noqa: PLR0913 - the columns of the table
    *,
    file: CardFile,
    directory: Directory,
    file_id: int,
    sfi: int,
    root: int | None,
    limit: int,
) -> None:
    spec = file.spec
    assert (spec.directory, spec.file_id, spec.sfi) == (directory, file_id, sfi)
    assert (spec.root, spec.limit) == (root, limit)


def test_ten_insurers_have_ids_and_short_ones_beside_them() -> None:
    specs = [insurer_file(number) for number in INSURER_IDS]
    assert [spec.file_id for spec in specs] == list(range(0x0301, 0x030B))
    assert [spec.sfi for spec in specs] == list(range(0x01, 0x0B))
    assert {(spec.directory, spec.root, spec.limit) for spec in specs} == {
        (Directory.INSURERS, 0x64, 2_048)
    }


def test_the_next_insurer_takes_the_next_id_and_after_the_last_the_first() -> None:
    ids = [0x0301]
    for _ in range(10):
        ids.append(next_insurer_id(ids[-1]))
    assert ids == [*range(0x0301, 0x030B), 0x0301]


@pytest.mark.parametrize("file_id", [0, 0x0300, 0x030B, 0xFFFF])
def test_no_other_id_is_an_insurers(file_id: int) -> None:
    for use in (insurer_file, next_insurer_id, encode_pointer):
        with pytest.raises(UsageError):
            use(file_id)
    with pytest.raises(MalformedDataError):
        decode_pointer(file_id.to_bytes(2))


def test_a_pointer_is_two_octets() -> None:
    assert encode_pointer(0x030A) == b"\x03\x0a"
    assert decode_pointer(b"\x03\x0a") == 0x030A
    for octets in (b"", b"\x03", b"\x00\x03\x01", b"\x03\x01\x00"):
        with pytest.raises(MalformedDataError):
            decode_pointer(octets)
