"""What a terminal does on contact, command by command (card.md, section 5)."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.channel.flow import drive
from cardservice.errors import MalformedDataError, StatusError
from cardservice.verify.card_files import AccessRefusedError, NotAPolicyCardError
from cardservice.verify.findings import ChipProof
from cardservice.verify.reading import CardReading, ChipNotProvedError, read_card, read_plainly
from tests.chain import new_ephemeral
from tests.unit.policycard.golden_records import octets_of
from tests.unit.verify.answering import (
    CARD_ID,
    CHIP_SECURITY,
    EF_SOD,
    HOLDER,
    ICCID,
    INSURER_ALIAS,
    INSURERS,
    LIFE_CYCLE,
    OWNER_ALIAS,
    POINTER,
    ROOT,
    AnsweringCard,
)

OK = "9000"
OWNER = octets_of("owner-plain").hex()
SELECT_OWNER = "00A4020C020201"
SELECT_INSURER = "00A4020C020301"
READ = "00B0000000"
CHIP = octets_of("chip-security").hex()
SOME_SOD = "7703020100"


def read(card: AnsweringCard) -> CardReading:
    return drive(read_card(new_ephemeral), card.exchange)


@pytest.mark.parametrize("sw", ["6283", "6285"])
@pytest.mark.parametrize("state", [0x07, 0x0F, 0x83, 0xFF, 0x55])
def test_of_a_card_out_of_use_only_the_state_is_read(sw: str, state: int) -> None:
    card = AnsweringCard({ROOT: sw, LIFE_CYCLE: f"{state:02X}9000"})
    assert read(card) == CardReading(life_cycle=state)
    assert card.asked == [ROOT, LIFE_CYCLE]


def test_a_card_whose_ef_chipsecurity_is_not_available_now_is_asked_for_its_state() -> None:
    card = AnsweringCard({ROOT: OK, CHIP_SECURITY: "6985", LIFE_CYCLE: "079000"})
    assert read(card) == CardReading(life_cycle=0x07)
    assert card.asked == [ROOT, CHIP_SECURITY, LIFE_CYCLE]


def test_a_card_that_calls_itself_out_of_use_and_tells_no_state_is_not_understood() -> None:
    with pytest.raises(StatusError):
        read(AnsweringCard({ROOT: "6283"}))
    with pytest.raises(MalformedDataError):
        read(AnsweringCard({ROOT: "6283", LIFE_CYCLE: "07079000"}))


@pytest.mark.parametrize("step", [CHIP_SECURITY, EF_SOD])
def test_a_card_that_demands_rights_is_told_apart(step: str) -> None:
    with pytest.raises(AccessRefusedError):
        read(AnsweringCard({ROOT: OK, step: "6982"}))


@pytest.mark.parametrize("step", [CARD_ID, ICCID, OWNER_ALIAS, INSURER_ALIAS])
def test_a_card_that_demands_rights_later_is_told_apart_too(step: str) -> None:
    with pytest.raises(AccessRefusedError):
        read(AnsweringCard({ROOT: OK, EF_SOD: SOME_SOD + OK, step: "6982"}))


@pytest.mark.parametrize("refusal", ["6A82", "6D00", "6B00", "6F00", "6E00", "6A86", "6700"])
def test_after_any_other_refusal_ef_sod_is_still_tried(refusal: str) -> None:
    card = AnsweringCard({ROOT: OK, CHIP_SECURITY: refusal, EF_SOD: SOME_SOD + OK})
    found = read(card)
    assert card.asked[:3] == [ROOT, CHIP_SECURITY, EF_SOD]
    assert found.chip is ChipProof.NOT_OFFERED
    assert found.security_object == bytes.fromhex(SOME_SOD)


@pytest.mark.parametrize("content", ["6F00", "6E00", "6E023100", "70", "6E0100", "00"])
def test_after_any_other_content_ef_sod_is_still_tried(content: str) -> None:
    card = AnsweringCard({ROOT: OK, CHIP_SECURITY: content + OK, EF_SOD: SOME_SOD + OK})
    found = read(card)
    assert (found.chip, found.security_object) == (ChipProof.NOT_OFFERED, bytes.fromhex(SOME_SOD))


def test_under_an_ef_sod_every_file_it_speaks_of_is_read_by_its_short_identifier() -> None:
    card = AnsweringCard({ROOT: OK, EF_SOD: SOME_SOD + OK, OWNER_ALIAS: OWNER + OK})
    found = read(card)
    order = [ROOT, CHIP_SECURITY, EF_SOD, CARD_ID, ICCID, OWNER_ALIAS, INSURER_ALIAS]
    assert card.asked == order
    assert found.files.owner == octets_of("owner-plain")
    assert (found.files.insurer, found.files.card_id, found.files.iccid) == (None, None, None)


def test_an_ef_sod_that_ends_too_early_is_kept_as_far_as_it_goes() -> None:
    card = AnsweringCard({ROOT: OK, EF_SOD: "7710020100" + OK})
    assert read(card).security_object == bytes.fromhex("7710020100")


FIELD = {
    HOLDER: OK,
    SELECT_OWNER: OK,
    READ: OWNER + OK,
    INSURERS: OK,
    POINTER: "03019000",
    SELECT_INSURER: OK,
}


@pytest.mark.parametrize("root", ["6A82", "6D00", "6A81", OK])
@pytest.mark.parametrize("other", ["", "60034101019000", "7703"])
def test_a_card_without_an_ef_sod_is_read_as_a_card_of_the_field(root: str, other: str) -> None:
    at_its_place = {EF_SOD: other} if other.endswith(OK) else {}
    card = AnsweringCard({ROOT: root, **at_its_place, **FIELD})
    found = read(card)
    assert found.security_object is None
    assert found.files.owner == octets_of("owner-plain")
    assert card.asked[-7:-5] == [HOLDER, SELECT_OWNER]


def test_a_card_of_the_field_that_refuses_with_6985_is_read_all_the_same() -> None:
    card = AnsweringCard({ROOT: OK, CHIP_SECURITY: "6985", LIFE_CYCLE: "6A88", **FIELD})
    found = read(card)
    assert (found.life_cycle, found.files.owner) == (None, octets_of("owner-plain"))


def test_a_card_without_the_applications_is_no_policy_card() -> None:
    card = AnsweringCard({})
    with pytest.raises(NotAPolicyCardError):
        read(card)
    assert card.asked == [ROOT, HOLDER]


def test_a_card_that_names_a_key_and_cannot_use_it_is_not_proved() -> None:
    for refusal in ("6A80", "6985", "7C00" + OK):
        mse = "0022 41A4 0C 80 0A 04007F00070202030202".replace(" ", "")
        card = AnsweringCard({ROOT: OK, CHIP_SECURITY: CHIP + OK, mse: refusal})
        with pytest.raises(ChipNotProvedError):
            read(card)
        assert mse in card.asked


def test_read_again_without_proof_the_chip_counts_as_failed_whatever_the_card_shows_now() -> None:
    for shown in ({CHIP_SECURITY: CHIP + OK}, {}):
        card = AnsweringCard({ROOT: OK, **shown, EF_SOD: SOME_SOD + OK})
        assert drive(read_plainly(), card.exchange).chip is ChipProof.FAILED


def test_the_ephemeral_key_is_made_only_when_the_card_names_a_key() -> None:
    def never() -> ec.EllipticCurvePrivateKey:
        raise AssertionError("no key was needed")

    card = AnsweringCard({ROOT: OK, **FIELD})
    assert drive(read_card(never), card.exchange).chip is ChipProof.NOT_OFFERED
