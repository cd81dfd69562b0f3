"""Field cards, foreign cards, mute and raving ones."""

import pytest

from simulators.card import CardMuteError, answer_to_reset
from simulators.card.field import EndOfFile, FieldCard
from simulators.card.foreign import BankCard, MuteCard, RandomCard
from tests.shared import golden
from tests.unit.simulators.card.hosts import FOMS_ID, FOMS_INS, FOMS_ROOT, apdu

OWNER = bytes.fromhex(golden("owner-plain")["hex"])
INSURER = bytes.fromhex(golden("insurer-plain")["hex"])
ICCID = bytes.fromhex(golden("iccid")["hex"])


def _card(*, end_of_file: EndOfFile = EndOfFile.WARNING, get_response: bool = False) -> FieldCard:
    return FieldCard(
        owner=OWNER,
        insurers={0x0301: INSURER, 0x0307: INSURER},
        pointer=0x0307,
        root_files={0x0005: ICCID},
        end_of_file=end_of_file,
        get_response=get_response,
    )


def _send(card: FieldCard | BankCard, command: str | bytes) -> tuple[bytes, int]:
    octets = bytes.fromhex(command) if isinstance(command, str) else command
    answer = card.execute(octets)
    return answer[:-2], int.from_bytes(answer[-2:], "big")


def _select(card: FieldCard, aid: bytes) -> int:
    return _send(card, apdu("00A4040C", aid))[1]


def _owner_selected(**quirks: object) -> FieldCard:
    card = _card(**quirks)  # type: ignore[arg-type]
    assert _select(card, FOMS_ID) == 0x9000
    assert _send(card, "00A4020C020201")[1] == 0x9000
    return card


def test_a_field_card_is_read_plainly() -> None:
    card = _owner_selected()
    assert _send(card, f"00B00000{len(OWNER):02X}") == (OWNER, 0x9000)
    assert _select(card, FOMS_INS) == 0x9000
    assert _send(card, "00CA01B002") == (b"\x03\x07", 0x9000)
    assert _send(card, "00A4020C020307") == (b"", 0x9000)
    assert _send(card, f"00B00000{len(INSURER):02X}") == (INSURER, 0x9000)
    assert _select(card, FOMS_ROOT) == 0x9000
    assert _send(card, "00A4020C020005") == (b"", 0x9000)
    assert _send(card, f"00B00000{len(ICCID):02X}") == (ICCID, 0x9000)


def test_a_field_card_has_no_trust_layer() -> None:
    card = _card()
    _select(card, FOMS_ROOT)
    for fid in ("010E", "011D", "011C"):
        assert _send(card, f"00A4020C02{fid}") == (b"", 0x6A82)
    for sfi in ("8E", "9D", "91"):
        assert _send(card, f"00B0{sfi}0000") == (b"", 0x6A82)
    for command in ("0022C1A400", "00840000", "00860000", "002A00BE"):
        assert _send(card, command + "00" * (len(command) == 8))[1] == 0x6D00
    assert _send(card, "8050000008" + "00" * 8) == (b"", 0x6E00)
    assert _send(card, "00B00000000000") == (b"", 0x6700)
    assert _send(card, "00CADF0100") == (b"", 0x6A88)


@pytest.mark.parametrize(
    ("end_of_file", "data", "sw"),
    [
        (EndOfFile.SHORT, OWNER, 0x9000),
        (EndOfFile.WARNING, OWNER, 0x6282),
        (EndOfFile.EXACT_LENGTH, b"", 0x6C00 | len(OWNER)),
    ],
)
def test_the_end_of_the_file_is_told_in_one_of_three_ways(
    end_of_file: EndOfFile, data: bytes, sw: int
) -> None:
    card = _owner_selected(end_of_file=end_of_file)
    assert _send(card, "00B00000FF") == (data, sw)
    assert _send(card, "00B0000000") == (data, sw)
    assert _send(card, f"00B000{len(OWNER):02X}01") == (b"", 0x6B00)


def test_an_answer_may_have_to_be_fetched() -> None:
    card = _owner_selected(get_response=True)
    assert _send(card, "00B0000010") == (b"", 0x6110)
    assert _send(card, "00C0000004") == (OWNER[:4], 0x610C)
    assert _send(card, "00C0000000") == (OWNER[4:16], 0x9000)
    assert _send(card, "00C0000000") == (b"", 0x6D00)


def test_an_answer_is_forgotten_when_another_command_comes() -> None:
    card = _owner_selected(get_response=True)
    _send(card, "00B0000010")
    _select(card, FOMS_ID)
    assert _send(card, "00C0000010") == (b"", 0x6D00)


def test_a_full_block_is_announced_as_6100() -> None:
    card = FieldCard(owner=bytes(600), insurers={}, pointer=None, get_response=True)
    _select(card, FOMS_ID)
    _send(card, "00A4020C020201")
    assert _send(card, "00B0000000") == (b"", 0x6100)
    assert _send(card, "00C0000000") == (bytes(256), 0x9000)


def test_a_field_card_describes_itself_only_when_asked() -> None:
    card = _card()
    assert _send(card, apdu("00A40400", FOMS_ID, 0)) == (b"\x6f\x09\x84\x07" + FOMS_ID, 0x9000)
    assert _send(card, "00A4000C023F00") == (b"", 0x9000)
    assert _send(card, "00B0000000") == (b"", 0x6986)
    assert _send(card, "00A404") == (b"", 0x6700)


def test_a_field_card_may_have_no_pointer_and_either_generations_atr() -> None:
    card = FieldCard(owner=OWNER, insurers={}, pointer=None, atr=answer_to_reset.SECOND_GENERATION)
    assert card.power_up() == answer_to_reset.SECOND_GENERATION
    _select(card, FOMS_INS)
    assert _send(card, "00CA01B002") == (b"", 0x6A88)
    assert _card().atr == answer_to_reset.FIRST_GENERATION


def test_a_field_card_without_power_is_mute() -> None:
    card = _card()
    card.power_down()
    with pytest.raises(CardMuteError):
        card.execute(b"\x00\xa4\x04\x0c")


@pytest.mark.parametrize("aid", [FOMS_ROOT, FOMS_ID, FOMS_INS])
def test_a_bank_card_does_not_know_the_policy_applications(aid: bytes) -> None:
    card = BankCard()
    assert card.reset() == card.power_up() == card.atr
    assert _send(card, apdu("00A4040C", aid)) == (b"", 0x6A82)
    assert _send(card, apdu("00A40400", b"1PAY.SYS.DDF01", 0))[1] == 0x9000
    assert _send(card, "00B08E0000") == (b"", 0x6D00)
    assert _send(card, "00A4") == (b"", 0x6700)
    card.power_down()


def test_a_mute_card_answers_to_reset_only() -> None:
    card = MuteCard()
    assert card.power_up() == card.reset() == card.atr
    card.power_down()
    with pytest.raises(CardMuteError):
        card.execute(b"\x00\xa4\x04\x0c")


def test_a_random_card_repeats_its_answers_from_its_seed() -> None:
    first, second, other = RandomCard(1), RandomCard(1), RandomCard(2)
    answers = [first.execute(b"") for _ in range(50)]
    assert answers == [second.execute(b"\x00") for _ in range(50)]
    assert answers != [other.execute(b"") for _ in range(50)]
    assert any(answer.endswith(b"\x90\x00") for answer in answers)
    assert first.power_up() == first.reset() == first.atr
    first.power_down()
