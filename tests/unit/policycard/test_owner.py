"""The owner EF: what may differ is read and noted, what may not names its field."""

from dataclasses import replace
from datetime import date

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.domain.holder import Citizenship, Holder
from cardservice.domain.numbers import Enp, Snils
from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.objects import CutShortError
from cardservice.policycard.owner import (
    OwnerRecord,
    ReadOwner,
    decode_owner,
    encode_owner,
    read_owner,
    walk_owner,
)
from tests.unit.policycard.golden_records import JPEG, octets_of, owner_record

ENP = encode_object(0x5F26, b"0054910834000015")
SURNAME = encode_object(0x5F21, "ИВАНОВ".encode())
GIVEN_NAME = encode_object(0x5F22, "ИВАН".encode())
SEX = encode_object(0x5F25, b"\x01")
BIRTH = encode_object(0x5F24, bytes.fromhex("15051980"))
REQUIRED = (ENP, SURNAME, GIVEN_NAME, SEX, BIRTH)


def owner(*objects: bytes) -> bytes:
    return encode_object(0x62, b"".join(objects))


def holder_with(octets: bytes) -> Holder:
    return decode_owner(owner(*REQUIRED, octets)).record.holder


def malformed(*objects: bytes) -> str:
    with pytest.raises(MalformedDataError) as found:
        decode_owner(owner(*objects))
    return str(found.value)


def test_any_order_is_read() -> None:
    read = decode_owner(owner(*reversed(REQUIRED)))
    assert read == decode_owner(owner(*REQUIRED))
    assert read.skipped == ()


def test_unknown_objects_are_passed_over_and_named() -> None:
    extra = encode_object(0x5F7A, b"?") + encode_object(0xC1, b"") + encode_object(0x5F31, b"x")
    read = decode_owner(owner(*REQUIRED, extra))
    assert read.record == decode_owner(owner(*REQUIRED)).record
    assert read.skipped == (
        "unknown object C1 was not read",
        "country code was not read",
        "unknown object 5F7A was not read",
    )


def test_non_minimal_lengths_are_read() -> None:
    value = ENP + b"\x5f\x21\x81\x04" + "ЛИ".encode() + GIVEN_NAME + SEX
    octets = b"\x62\x83" + len(value + BIRTH).to_bytes(3) + value + BIRTH
    assert decode_owner(octets).record.holder.surname == "ЛИ"


def test_octets_00_between_objects_are_no_objects() -> None:
    padded = owner(b"\x00".join(REQUIRED), b"\x00\x00")
    assert decode_owner(padded).record == decode_owner(owner(*REQUIRED)).record


@pytest.mark.parametrize("filler", [b"\x00", b"\xff"])
def test_a_file_filled_up_to_its_size_is_read_and_the_filling_noted(filler: bytes) -> None:
    read = decode_owner(owner(*REQUIRED) + filler * 100)
    assert read.record == decode_owner(owner(*REQUIRED)).record
    assert read.skipped == ("100 octets of filling follow the record",)


def test_optional_fields_may_be_empty() -> None:
    empty = b"".join(encode_object(tag, b"") for tag in (0x5F23, 0x5F27, 0x5F29, 0x7F30))
    assert decode_owner(owner(*REQUIRED, empty)) == decode_owner(owner(*REQUIRED))


@pytest.mark.parametrize("expiry", ["00000000", "01011900"])
def test_an_expiry_that_is_none_reads_as_unlimited(expiry: str) -> None:
    read = decode_owner(owner(*REQUIRED, encode_object(0x5F28, bytes.fromhex(expiry))))
    assert (read.record.expiry, read.skipped) == (None, ())


def test_an_expiry_is_read_and_written() -> None:
    record = replace(owner_record(), expiry=date(2030, 12, 31))
    assert decode_owner(encode_owner(record)) == ReadOwner(record)
    assert bytes.fromhex("5F280431122030") in encode_owner(record)


def test_an_expiry_that_would_read_as_unlimited_is_not_written() -> None:
    with pytest.raises(UsageError, match="unlimited"):
        encode_owner(replace(owner_record(), expiry=date(1900, 1, 1)))


def test_an_issue_date_of_zeros_is_not_given_and_noted() -> None:
    read = decode_owner(owner(*REQUIRED, encode_object(0x5F2A, bytes(4))))
    assert read.record.issue_date is None
    assert read.skipped == ("issue date is written as zeros and taken as not given",)


def test_a_repeated_object_is_told_and_the_first_is_taken() -> None:
    read = decode_owner(owner(*REQUIRED, encode_object(0x5F21, "ПЕТРОВ".encode())))
    assert read.record.holder.surname == "ИВАНОВ"
    assert read.repeated == (0x5F21,)
    assert read.skipped == ("surname is there more than once; the first was taken",)


def test_a_repeated_object_inside_the_citizenship_is_told() -> None:
    code = encode_object(0x5F31, b"RUS")
    assert decode_owner(owner(*REQUIRED, encode_object(0x7F30, code * 2))).repeated == (0x5F31,)


def test_text_in_decomposed_letters_reads_as_composed() -> None:
    decomposed = encode_object(0x5F23, "Ильи\u0306ч".encode())
    assert holder_with(decomposed).patronymic == "Ильйч"


def test_hidden_characters_are_shown_as_such_and_noted() -> None:
    read = decode_owner(owner(*REQUIRED, encode_object(0x5F23, "\u202eчИ\x00\x00".encode())))
    assert read.record.holder.patronymic == "\ufffdчИ"
    assert read.skipped == ("patronymic holds characters that cannot be shown",)


def test_longer_names_than_ours_are_read() -> None:
    assert holder_with(encode_object(0x5F29, b"x" * 400)).birth_place == "x" * 400


def test_a_wrong_check_digit_of_the_policy_number_is_noted() -> None:
    wrong = encode_object(0x5F26, b"0054910834000016")
    read = decode_owner(owner(wrong, *REQUIRED[1:]))
    assert read.record.holder.enp == "0054910834000016"
    assert read.skipped == ("policy number's check digit is wrong",)


def test_a_bare_snils_takes_its_usual_form_and_is_noted() -> None:
    read = decode_owner(owner(*REQUIRED, encode_object(0x5F27, b"11223344595")))
    assert read.record.holder.snils == "112-233-445 95"
    assert "hyphens" in read.skipped[0]


def test_half_a_citizenship_is_read() -> None:
    half = encode_object(0x7F30, encode_object(0x5F31, b"RUS"))
    assert holder_with(half).citizenship == Citizenship("RUS", "")


@pytest.mark.parametrize(
    ("missing", "name"),
    list(enumerate(["policy number", "surname", "given name", "sex", "birth date"])),
)
def test_a_missing_required_field_is_named(missing: int, name: str) -> None:
    assert malformed(*REQUIRED[:missing], *REQUIRED[missing + 1 :]) == f"{name} is missing"


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        ("5F2610" + "30" * 15 + "41", "policy number is not 16 digits"),
        ("5F260F" + "30" * 15, "policy number is not 16 digits"),
        ("5F2100", "surname is missing"),
        ("5F2102D0D0", "surname is not UTF-8"),
        ("5F2103EDA080", "surname is not UTF-8"),
        ("5F250100", "sex is neither 01 nor 02"),
        ("5F250103", "sex is neither 01 nor 02"),
        ("5F25020001", "sex is not 1 octets"),
        ("5F240431021980", "birth date is not a possible date"),
        ("5F24041505198A", "birth date is not a possible date"),
        ("5F2403150519", "birth date is not a possible date"),
        ("5F240400000000", "birth date is missing"),
        ("5F280401131980", "expiry is not a possible date"),
        ("5F2A0431042000", "issue date is not a possible date"),
        ("5F270431323334", "SNILS is not in the form NNN-NNN-NNN CC"),
        ("5F2901FF", "birth place is not UTF-8"),
    ],
)
def test_a_field_that_is_not_what_it_should_be_is_named_not_quoted(
    octets: str, message: str
) -> None:
    assert malformed(bytes.fromhex(octets), *REQUIRED) == message


def test_the_texts_are_read_without_the_photo() -> None:
    octets = encode_owner(owner_record(photo=JPEG))
    file = walk_owner(octets[: octets.index(JPEG.image) - 4])
    read = read_owner(file)
    assert read.record == owner_record()
    assert read.photo_unread


def test_a_whole_file_cut_in_its_photo_is_truncated() -> None:
    octets = encode_owner(owner_record(photo=JPEG))
    with pytest.raises(CutShortError) as cut:
        decode_owner(octets[:-1])
    assert cut.value.wanted == len(octets)


def wanted_after(octets: bytes) -> int:
    try:
        walk_owner(octets)
    except CutShortError as cut:
        return cut.wanted
    return 0


@pytest.mark.parametrize("step", [1, 2, 7, 64, 256])
def test_reading_on_as_wanted_ends_at_the_photo(step: int) -> None:
    octets = encode_owner(owner_record(photo=JPEG))
    sizes = [0]
    while wanted := wanted_after(octets[: sizes[-1]]):
        assert sizes[-1] < wanted <= len(octets)
        sizes.append(max(wanted, sizes[-1] + step))
    assert sizes[-1] < octets.index(b"\x7f\x40") + 8 + step
    assert len(sizes) < 25


def test_a_photo_before_the_texts_makes_the_whole_file_wanted() -> None:
    photo = encode_object(0x7F40, encode_object(0x5F42, JPEG.image))
    octets = owner(photo, *REQUIRED)
    with pytest.raises(CutShortError) as cut:
        walk_owner(octets[:200])
    assert cut.value.wanted > len(photo)
    assert decode_owner(octets).record.photo == JPEG


@pytest.mark.parametrize(
    "holder",
    [
        {"surname": ""},
        {"surname": "Я" * 61},
        {"given_name": "Ива\u0306\u202eн"},
        {"patronymic": "Ильи\u0306ч"},
        {"patronymic": "\ud800"},
        {"birth_place": "Я" * 151},
        {"enp": Enp("123")},
        {"enp": Enp("００５４９１０８３４００００１５")},
        {"snils": Snils("11223344595")},
        {"citizenship": Citizenship("RUS", "")},
    ],
    ids=lambda one: next(iter(one)),
)
def test_what_a_card_could_not_carry_is_not_written(holder: dict[str, object]) -> None:
    record = owner_record()
    changed = OwnerRecord(holder=replace(record.holder, **holder))  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        encode_owner(changed)


def test_the_longest_texts_are_written_in_two_octet_lengths() -> None:
    holder = replace(owner_record().holder, surname="Я" * 60, birth_place="😀" * 150)
    octets = encode_owner(OwnerRecord(holder=holder))
    assert bytes.fromhex("5F2178") in octets
    assert bytes.fromhex("5F29820258") in octets
    assert decode_owner(octets).record.holder == holder


def test_a_record_does_not_print_its_holder() -> None:
    read = decode_owner(octets_of("owner-snils"))
    assert "ИВАН" not in repr(read)
    assert "0015" not in repr(read)
    assert "ИВАН" not in repr(read.record)
