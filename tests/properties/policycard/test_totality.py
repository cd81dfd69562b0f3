"""Any octets give a value or a ``MalformedDataError``; nothing else ever leaves a decoder."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import MalformedDataError
from cardservice.policycard.identity import decode_card_id, decode_iccid
from cardservice.policycard.insurer import decode_insurer, octets_without_signature
from cardservice.policycard.owner import decode_owner, read_owner, walk_owner
from cardservice.policycard.security import SignedFiles, check_groups, digest_groups
from tests.unit.policycard.golden_records import octets_of, signed_files

DECODERS: Final[dict[str, Callable[[bytes], Any]]] = {
    "owner-snils": decode_owner,
    "owner-plain": lambda octets: read_owner(walk_owner(octets)),
    "insurer-ended": decode_insurer,
    "insurer-plain": octets_without_signature,
    "card-id": decode_card_id,
    "iccid": decode_iccid,
}
CHANGES: Final = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 2), st.integers(0, 255)), min_size=1, max_size=6
)


def malformed_or_value(decode: Callable[[bytes], Any], octets: bytes) -> bool:
    """Return True: anything but a value or a ``MalformedDataError`` would have escaped."""
    try:
        decode(octets)
    except MalformedDataError as error:
        return str(error) != ""
    return True


def changed(octets: bytes, changes: list[tuple[int, int, int]]) -> bytes:
    """Return ``octets`` with some of them left out, put in, or replaced."""
    for place, kind, octet in changes:
        at = place % (len(octets) + 1)
        octets = octets[:at] + bytes((octet,))[: kind and 1] + octets[at + (kind != 1) :]
    return octets


@pytest.mark.parametrize("name", DECODERS)
@given(octets=st.binary(max_size=200))
def test_decoders_are_total_over_any_octets(name: str, octets: bytes) -> None:
    root = octets_of(name)[:1]
    assert malformed_or_value(DECODERS[name], octets)
    assert malformed_or_value(DECODERS[name], root + octets)
    assert malformed_or_value(DECODERS[name], root + bytes((0x82, 0, len(octets))) + octets)


@pytest.mark.parametrize("name", DECODERS)
@given(changes=CHANGES)
def test_decoders_are_total_near_a_good_file(
    name: str, changes: list[tuple[int, int, int]]
) -> None:
    assert malformed_or_value(DECODERS[name], changed(octets_of(name), changes))


@given(
    files=st.builds(
        SignedFiles,
        owner=st.none() | st.binary(max_size=60).map(lambda one: b"\x62" + one),
        insurer=st.none() | st.binary(max_size=60).map(lambda one: b"\x64" + one),
        card_id=st.none() | st.binary(max_size=9),
        iccid=st.none() | st.binary(max_size=9),
        chip_security=st.none() | st.binary(max_size=9),
        photo=st.none() | st.binary(max_size=9),
    ),
    listed=st.dictionaries(st.integers(-1, 20), st.binary(max_size=33), max_size=16),
)
def test_checking_hashes_never_raises(files: SignedFiles, listed: dict[int, bytes]) -> None:
    check = check_groups(listed, files)
    assert check.covered <= listed.keys()


@given(owner=CHANGES, insurer=CHANGES)
def test_no_change_to_a_proved_file_goes_unnoticed(
    owner: list[tuple[int, int, int]], insurer: list[tuple[int, int, int]]
) -> None:
    good = signed_files()
    tampered = SignedFiles(
        owner=changed(octets_of("owner-snils"), owner),
        insurer=changed(octets_of("insurer-plain"), insurer),
        card_id=good.card_id,
        iccid=good.iccid,
        chip_security=good.chip_security,
    )
    assert (
        tampered == good
        or check_groups(digest_groups(good), tampered).findings
        or _same_value(tampered)
    )


def _same_value(files: SignedFiles) -> bool:
    # A length around the owner's value that is coded in more octets leaves the value alone,
    # and only the value is hashed.
    assert files.owner is not None
    file = walk_owner(files.owner)
    return files.owner[file.start : file.end] == octets_of("owner-snils")[3:]
