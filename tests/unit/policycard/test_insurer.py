"""The insurer EF, and what its signature is over."""

from dataclasses import replace
from datetime import date

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Ogrn, Okato
from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.insurer import (
    InsurerRecord,
    InsurerSignature,
    decode_insurer,
    encode_insurer,
    octets_without_signature,
)
from tests.unit.policycard.golden_records import INSURERS, insurer_record, octets_of

SIGNATURE = InsurerSignature(b"\x5a" * 64, b"\x30" * 700)
OGRN = encode_object(0x5F51, b"1027739099772")
OKATO = encode_object(0x5F52, b"45000")
START = bytes.fromhex("5F530401082015")


def insurer(*objects: bytes) -> bytes:
    return encode_object(0x64, b"".join(objects))


def test_a_signature_comes_back_as_it_went_in() -> None:
    record = replace(insurer_record(), signature=SIGNATURE)
    assert decode_insurer(encode_insurer(record)).record == record


@pytest.mark.parametrize("name", INSURERS)
def test_the_signature_is_over_the_file_as_if_it_were_not_there(name: str) -> None:
    signed = encode_insurer(replace(insurer_record(name), signature=SIGNATURE))
    assert octets_without_signature(signed) == octets_of(name)
    assert octets_without_signature(octets_of(name)) == octets_of(name)


def test_without_its_signature_a_file_keeps_every_other_octet_as_received() -> None:
    signature = encode_object(0x7F60, b"")
    spoken = b"\x5f\x52\x81\x05" + b"45000"
    assert octets_without_signature(insurer(spoken, signature, START, OGRN)) == insurer(
        spoken, START, OGRN
    )


def test_an_incomplete_signature_is_noted_and_the_rest_read() -> None:
    half = encode_object(0x7F60, encode_object(0x5F61, b"\x01"))
    read = decode_insurer(insurer(OGRN, OKATO, START, half))
    assert read.record == insurer_record()
    assert read.skipped == ("insurer's signature is incomplete",)


def test_unknown_and_repeated_objects_are_told() -> None:
    read = decode_insurer(insurer(START, OKATO, OGRN, OGRN, encode_object(0x5F55, b"")))
    assert read.repeated == (0x5F51,)
    assert len(read.skipped) == 2


def test_an_end_of_zeros_is_not_given_and_noted() -> None:
    read = decode_insurer(insurer(OGRN, OKATO, START, bytes.fromhex("5F540400000000")))
    assert read.record == insurer_record()
    assert "end date" in read.skipped[0]


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ((OKATO, START), "OGRN is missing"),
        ((OGRN, START), "OKATO is missing"),
        ((OGRN, OKATO), "start date is missing"),
        ((OGRN, b"\x5f\x52\x054500A", START), "OKATO is not 5 digits"),
        ((b"\x5f\x51\x01\x31", OKATO, START), "OGRN is not 13 digits"),
        ((OGRN, OKATO, bytes.fromhex("5F530431022015")), "start date is not a possible date"),
        ((OGRN, OKATO, START, bytes.fromhex("5F540101")), "end date is not a possible date"),
    ],
)
def test_a_bad_field_is_named(objects: tuple[bytes, ...], message: str) -> None:
    with pytest.raises(MalformedDataError) as found:
        decode_insurer(insurer(*objects))
    assert str(found.value) == message


def test_an_insurance_that_ends_before_it_starts_is_not_written() -> None:
    insurance = InsurancePeriod(
        ogrn=Ogrn("1027739099772"),
        okato=Okato("45000"),
        start_date=date(2015, 8, 1),
        end_date=date(2015, 7, 31),
    )
    with pytest.raises(UsageError, match="before"):
        encode_insurer(InsurerRecord(insurance))


def test_a_file_above_2048_octets_is_neither_written_nor_read() -> None:
    large = InsurerSignature(bytes(64), bytes(1_960))
    with pytest.raises(UsageError, match="2048"):
        encode_insurer(replace(insurer_record(), signature=large))
    with pytest.raises(MalformedDataError, match="2048"):
        decode_insurer(insurer(OGRN, OKATO, START, encode_object(0xC1, bytes(2_020))))
