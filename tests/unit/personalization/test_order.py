"""What of a card can be prepared before a chip is there."""

from dataclasses import replace
from hashlib import sha256

import pytest

from cardservice.errors import UsageError
from cardservice.personalization.order import prepare
from cardservice.policycard.photo import encode_photo
from cardservice.policycard.security import Group
from tests.chain import PHOTO, an_order
from tests.unit.policycard.golden_records import octets_of


def test_the_files_of_the_golden_people_are_the_golden_files() -> None:
    prepared = prepare(an_order())
    assert prepared.owner == octets_of("owner-snils")
    assert prepared.insurer == octets_of("insurer-plain")
    assert prepared.insurer_id == 0x0301


def test_the_hashes_that_need_no_chip_are_there() -> None:
    prepared = prepare(an_order(photo=PHOTO))
    assert prepared.hashes == {
        Group.OWNER_TEXTS: sha256(octets_of("owner-snils")[3:]).digest(),
        Group.INSURER: sha256(octets_of("insurer-plain")).digest(),
        Group.PHOTO: sha256(encode_photo(PHOTO)).digest(),
    }
    assert Group.PHOTO not in prepare(an_order()).hashes


def test_list_number_and_index_make_one_number() -> None:
    order = replace(an_order(), list_number=0xFFFF, list_index=0xFFFF_FFFE)
    assert order.card_number == 0xFFFF_FFFF_FFFE


def test_an_order_that_cannot_be_written_is_refused_before_a_card_is_touched() -> None:
    nameless = replace(an_order().holder, surname="")
    with pytest.raises(UsageError, match="surname"):
        prepare(replace(an_order(), holder=nameless))


def test_the_printed_form_of_a_prepared_order_shows_no_person() -> None:
    printed = repr(prepare(an_order(photo=PHOTO)))
    assert an_order().holder.surname not in printed
    assert an_order().holder.enp not in printed
