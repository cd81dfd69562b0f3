"""The bugs of existing reader programs, against the whole reading of a card (card.md, section 2).

That the first reader found is not simply taken, is shown where readers are chosen:
``tests/unit/transport/pcsc/test_entry.py``.
"""

from dataclasses import replace

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.domain.holder import Holder
from cardservice.domain.verdict import Outcome
from cardservice.policycard.owner import OwnerRecord, encode_owner
from cardservice.verify.examination import Examination
from simulators.card import answer_to_reset, image
from simulators.card.field import FieldCard
from simulators.card.tampering import copy_of
from tests.adversarial.verify.hostile import examined, outcome_of
from tests.chain import PHOTO, an_order, desk, issued_card, link_to, make_card
from tests.unit.policycard.golden_records import octets_of, owner_record

INSURER = octets_of("insurer-plain")
ATRS = [
    answer_to_reset.FIRST_GENERATION,
    answer_to_reset.SECOND_GENERATION,
    answer_to_reset.CONTACTLESS,
    bytes.fromhex("3B00"),
    bytes.fromhex("3B6800000073C84013009000"),  # a bank card's
]


def field_examined(owner: bytes, *, atr: bytes = ATRS[0]) -> Examination:
    card = FieldCard(owner=owner, insurers={0x0301: INSURER}, pointer=0x0301, atr=atr)
    return desk(None).examine(link_to(card))


def holder(**changes: str) -> Holder:
    return replace(owner_record().holder, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["_&\x200000000000000000", "_!ПЕТРОВ", "_%_(_)_*_'_#", "b_!"])
def test_tag_octets_in_a_text_are_read_as_text_on_both_kinds_of_card(text: str) -> None:
    person = holder(surname=text, given_name=text, patronymic=text)
    assert field_examined(encode_owner(OwnerRecord(holder=person))).holder == person
    issued = make_card(replace(an_order(), holder=person))
    examination = desk(issued.register).examine(link_to(issued.card))
    assert (outcome_of(examination), examination.holder) == (Outcome.VALID, person)


def test_tag_octets_in_the_photo_are_no_texts() -> None:
    false = encode_object(0x5F21, "ЛОЖНОВ".encode()) + encode_object(0x5F26, b"0" * 16)
    photo = replace(PHOTO, image=PHOTO.image[:3] + false + PHOTO.image)
    assert field_examined(encode_owner(owner_record(photo=photo))).holder == holder()


@pytest.mark.parametrize("letters", [1, 20, 63, 64, 100, 127, 128, 150])
def test_files_whose_lengths_take_one_two_or_three_octets_are_read(letters: int) -> None:
    person = holder(birth_place="Я" * letters)
    assert field_examined(encode_owner(OwnerRecord(holder=person))).holder == person


@pytest.mark.parametrize("filler", [1, 60, 61, 62, 63, 64, 65, 300, 600, 1_100])
def test_a_text_behind_every_boundary_of_256_octets_is_read_from_its_true_offset(
    filler: int,
) -> None:
    """An offset divided by 255 goes wrong from the second block on."""
    texts = octets_of("owner-plain")[3:]
    birth_place = texts.index(b"\x5f\x29")
    unknown = encode_object(0xC1, bytes(range(256)) * (filler // 256) + bytes(filler % 256))
    owner = encode_object(0x62, texts[:birth_place] + unknown + texts[birth_place:])
    found = field_examined(owner).holder
    assert found == owner_record("owner-plain").holder


@pytest.mark.parametrize("atr", ATRS, ids=[atr.hex() for atr in ATRS])
def test_a_card_is_known_by_what_it_answers_and_not_by_its_atr(atr: bytes) -> None:
    person = owner_record("owner-plain").holder
    assert field_examined(octets_of("owner-plain"), atr=atr).holder == person
    card = copy_of(issued_card().card, changes={image.ATR: atr})
    assert outcome_of(examined(card)) is Outcome.VALID
