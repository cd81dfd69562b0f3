"""Cards of the field of both generations with every habit, and our cards without trust layer."""

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.verify.examination import Problem
from simulators.card import SoftwareCard, answer_to_reset, image
from simulators.card.field import EndOfFile, FieldCard
from simulators.card.files import EF_SOD, insurer_file
from simulators.card.tampering import copy_of
from tests.chain import NOW, PHOTO, MemoryRegister, desk, issued_card, link_to
from tests.unit.policycard.golden_records import insurer_record, octets_of, owner_record
from tests.unit.verify.readings import check_of

GENERATIONS = [answer_to_reset.FIRST_GENERATION, answer_to_reset.SECOND_GENERATION]
OWNERS = {
    "no photo": octets_of("owner-plain"),
    "photo": encode_object(
        0x62, octets_of("owner-plain")[3:] + encode_object(0x7F40, bytes(5_000))
    ),
    "padded": octets_of("owner-plain") + bytes(900),
    "non-minimal length": b"\x62\x83\x00\x00" + octets_of("owner-plain")[2:],
}


@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS)
@pytest.mark.parametrize("end_of_file", EndOfFile)
@pytest.mark.parametrize("get_response", [False, True])
@pytest.mark.parametrize("atr", GENERATIONS, ids=["first", "second"])
def test_a_field_card_is_read_whatever_its_habits(
    owner: bytes, end_of_file: EndOfFile, *, get_response: bool, atr: bytes
) -> None:
    card = FieldCard(
        owner=owner,
        insurers={0x0309: octets_of("insurer-plain")},
        pointer=0x0309,
        atr=atr,
        end_of_file=end_of_file,
        get_response=get_response,
    )
    examination = desk(MemoryRegister(lambda: NOW)).examine(link_to(card))
    assert examination.verdict is not None
    assert examination.verdict.outcome is Outcome.UNDECIDED
    assert examination.holder == owner_record("owner-plain").holder
    assert examination.insurance == insurer_record().insurance
    assert check_of(examination, CheckName.DATA_SIGNED).reason is Reason.NO_TRUST_LAYER


def test_a_field_card_without_a_pointer_has_no_insurer_that_could_be_current() -> None:
    card = FieldCard(owner=octets_of("owner-plain"), insurers={}, pointer=None)
    examination = desk(None).examine(link_to(card))
    assert examination.holder is not None
    assert check_of(examination, CheckName.INSURER_CURRENT).reason is Reason.NOT_READ


def without_trust_layer(insurer: bytes) -> SoftwareCard:
    """Return a genuine chip with another insurer EF, whose EF.SOD was taken away."""
    file = insurer_file(0x0301)
    assert file is not None
    card = copy_of(issued_card().card, changes={file.cell: insurer})
    card.memory.transaction({EF_SOD.cell: None})
    return card


@pytest.mark.parametrize("filler", [0, 190, 220, 410, 414, 445, 470, 660, 1_400])
def test_a_card_that_proves_its_chip_and_lost_its_ef_sod_is_still_read(filler: int) -> None:
    unknown = encode_object(0xC1, bytes(filler))
    insurer = encode_object(0x64, octets_of("insurer-plain")[2:] + unknown)
    examination = desk(issued_card().register).examine(link_to(without_trust_layer(insurer)))
    assert examination.holder == owner_record().holder
    assert examination.insurance == insurer_record().insurance
    assert check_of(examination, CheckName.DATA_SIGNED).reason is Reason.TRUST_LAYER_REMOVED
    assert not examination.proved


def test_a_card_of_a_stricter_profile_demands_rights_and_is_not_read() -> None:
    card = copy_of(issued_card(photo=PHOTO).card, changes={image.PROFILE: b"\x02"})
    examination = desk(None).examine(link_to(card))
    assert examination.problem is Problem.ACCESS_REFUSED
