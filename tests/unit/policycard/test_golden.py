"""Encoders reproduce the golden files octet for octet, and decoders give back their fields."""

import pytest

from cardservice.policycard.identity import (
    decode_card_id,
    decode_iccid,
    encode_card_id,
    encode_iccid,
)
from cardservice.policycard.insurer import decode_insurer, encode_insurer
from cardservice.policycard.owner import ReadOwner, decode_owner, encode_owner
from tests.unit.policycard.golden_records import (
    INSURERS,
    OWNERS,
    card_identity,
    iccid,
    insurer_record,
    octets_of,
    owner_record,
)


@pytest.mark.parametrize("name", OWNERS)
def test_a_golden_owner_file_is_made_and_read_to_the_octet(name: str) -> None:
    assert encode_owner(owner_record(name)).hex() == octets_of(name).hex()
    assert decode_owner(octets_of(name)) == ReadOwner(owner_record(name))


@pytest.mark.parametrize("name", INSURERS)
def test_a_golden_insurer_file_is_made_and_read_to_the_octet(name: str) -> None:
    assert encode_insurer(insurer_record(name)).hex() == octets_of(name).hex()
    read = decode_insurer(octets_of(name))
    assert (read.record, read.skipped, read.repeated) == (insurer_record(name), (), ())


def test_the_golden_card_id_is_made_and_read_to_the_octet() -> None:
    assert encode_card_id(card_identity()).hex() == octets_of("card-id").hex()
    read = decode_card_id(octets_of("card-id"))
    assert (read.identity, read.skipped) == (card_identity(), ())


def test_the_golden_iccid_is_made_and_read_to_the_octet() -> None:
    assert encode_iccid(iccid()).hex() == octets_of("iccid").hex()
    read = decode_iccid(octets_of("iccid"))
    assert (read.iccid, read.skipped) == (iccid(), ())
