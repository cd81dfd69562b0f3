"""Whatever an issuer can write comes back as it was, and our own encodings are minimal."""

from hypothesis import given

from cardservice.apdu.tlv import parse_objects
from cardservice.policycard.identity import (
    CardIdentity,
    Iccid,
    decode_card_id,
    decode_iccid,
    encode_card_id,
    encode_iccid,
)
from cardservice.policycard.insurer import (
    InsurerRecord,
    decode_insurer,
    encode_insurer,
    octets_without_signature,
)
from cardservice.policycard.owner import OwnerRecord, ReadOwner, decode_owner, encode_owner
from tests.properties.policycard.strategies import CARD_IDS, ICCIDS, INSURERS, OWNERS


@given(OWNERS)
def test_an_owner_record_comes_back_whole_and_without_notes(record: OwnerRecord) -> None:
    assert decode_owner(encode_owner(record)) == ReadOwner(record)


@given(OWNERS)
def test_an_owner_file_is_one_object_of_objects_in_minimal_coding(record: OwnerRecord) -> None:
    octets = encode_owner(record)
    (root,) = parse_objects(octets, strict=True)
    assert root.tag == 0x62
    assert b"".join(one.encode() for one in parse_objects(root.value, strict=True)) == root.value


@given(INSURERS)
def test_an_insurer_record_comes_back_whole_and_without_notes(record: InsurerRecord) -> None:
    octets = encode_insurer(record)
    read = decode_insurer(octets)
    assert (read.record, read.skipped, read.repeated) == (record, (), ())
    assert octets_without_signature(octets) == encode_insurer(InsurerRecord(record.insurance))


@given(CARD_IDS)
def test_a_card_identity_comes_back_whole(identity: CardIdentity) -> None:
    octets = encode_card_id(identity)
    assert len(octets) == 33
    assert decode_card_id(octets).identity == identity


@given(ICCIDS)
def test_an_iccid_comes_back_whole(iccid: Iccid) -> None:
    octets = encode_iccid(iccid)
    assert len(octets) == 15
    assert decode_iccid(octets).iccid == iccid
