"""Quirks of real cards at the seam: whatever the card beneath says, the quirk's way is heard."""

import pytest

from simulators.card import answer_to_reset
from simulators.card.field import EndOfFile as FieldEnd
from simulators.faults import (
    Activation,
    AskForGetResponse,
    AtEnd,
    EndOfFile,
    Fault,
    FaultPlan,
    LeForm,
    Lie,
    LieAboutExtendedLength,
    RefuseLe,
    When,
    WrongAtr,
)
from simulators.reader.card import Card
from tests.unit.faults.stage import (
    ATR_INFO,
    LIFE_CYCLE,
    SELECT_ATR_INFO,
    SELECT_OWNER,
    SELECT_OWNER_DF,
    Bench,
    field_card,
)
from tests.unit.simulators.card.issuing import OWNER, personalized

INFO = ATR_INFO.hex().upper()
LONG = bytes(range(256)) + b"the rest of the file"


@pytest.mark.parametrize(
    ("says", "answer"),
    [(AtEnd.WARNING, INFO + "6282"), (AtEnd.SHORT, INFO + "9000"), (AtEnd.EXACT_LENGTH, "6C0B")],
)
def test_a_policy_card_takes_each_manner_at_the_end_of_a_file(says: AtEnd, answer: str) -> None:
    bench = Bench(EndOfFile(says=says))
    beyond, exact = bytes.fromhex("00B0000020"), bytes.fromhex("00B000000B")
    assert bench.send(SELECT_ATR_INFO, beyond, exact) == ["9000", answer, INFO + "9000"]
    assert len(bench.told) == 1


@pytest.mark.parametrize("own", FieldEnd)
@pytest.mark.parametrize("says", AtEnd)
def test_a_card_of_any_manner_takes_every_other(own: FieldEnd, says: AtEnd) -> None:
    bench = Bench(EndOfFile(says=says), card=field_card(end_of_file=own, owner=ATR_INFO))
    heard = bench.send(SELECT_OWNER_DF, SELECT_OWNER, bytes.fromhex("00B0000520"))[2]
    rest = INFO[10:]
    wanted = {
        AtEnd.WARNING: rest + "6282",
        AtEnd.SHORT: rest + "9000",
        AtEnd.EXACT_LENGTH: "6C06",
    }
    assert heard == wanted[says]


def test_a_le_of_00_asks_for_what_there_is_unless_the_card_takes_it_for_256() -> None:
    read = bytes.fromhex("00B0000000")
    usual, strict = (Bench(EndOfFile(says=AtEnd.WARNING, le_00=le_00)) for le_00 in (False, True))
    assert usual.send(SELECT_ATR_INFO, read)[1] == INFO + "9000"
    assert strict.send(SELECT_ATR_INFO, read)[1] == INFO + "6282"


def test_other_commands_and_refusals_are_not_the_end_of_a_file() -> None:
    bench = Bench(EndOfFile(says=AtEnd.EXACT_LENGTH, le_00=True))
    assert bench.send(LIFE_CYCLE, bytes.fromhex("00B0000020")) == ["079000", "6985"]
    assert bench.send(SELECT_ATR_INFO, bytes.fromhex("00B0000B20")) == ["9000", "6B00"]
    assert bench.told == []


@pytest.mark.parametrize(
    ("le", "case_2", "case_2_all", "case_4"),
    [
        (LeForm.ANY, "6700", "6700", "6700"),
        (LeForm.WITH_DATA, "079000", "079000", "6700"),
        (LeForm.ZERO, "079000", "6700", "6700"),
    ],
)
def test_a_card_refuses_the_le_it_does_not_like(
    le: LeForm, case_2: str, case_2_all: str, case_4: str
) -> None:
    bench = Bench(RefuseLe(le=le))
    select_with_le = bytes.fromhex("00A4020C022F0100")
    commands = (bytes.fromhex("00CADF0101"), LIFE_CYCLE, select_with_le)
    assert bench.send(*commands) == [case_2, case_2_all, case_4]


def test_a_command_whose_le_is_refused_is_not_done() -> None:
    bench = Bench(RefuseLe())
    assert bench.send(bytes.fromhex("00A4020C022F0100"), bytes.fromhex("00B0000004")) == [
        "6700",
        "6985",
    ]
    assert bench.send(SELECT_ATR_INFO, bytes.fromhex("00B0000004")) == ["9000", "7F6608029000"]


def _policy_card() -> Card:
    return personalized()


READ_EXTENDED = bytes.fromhex("00B00000000800")


def test_a_card_promises_extended_length_and_refuses_it() -> None:
    bench = Bench(LieAboutExtendedLength(), card=_policy_card())
    promised = bench.send(SELECT_ATR_INFO, bytes.fromhex("00B0000000"))[1]
    assert promised == INFO + "9000"
    assert (
        bench.send(READ_EXTENDED, bytes.fromhex("00A4040C0000070807060504030201")) == ["6700"] * 2
    )
    assert bench.send(bytes.fromhex("00B0000004")) == ["7F6608029000"]


def test_a_card_promises_extended_length_and_ends_after_256_octets() -> None:
    sound = Bench(RefuseLe(), when=When(nth=1_000), card=_policy_card())
    lying = Bench(LieAboutExtendedLength(does=Lie.TRUNCATE), card=_policy_card())
    commands = (SELECT_OWNER_DF, SELECT_OWNER, bytes.fromhex("00B00000000000"))
    whole = OWNER.hex().upper()
    cvca = bytes.fromhex("00A4040C09") + b"foms_root", bytes.fromhex("00B09D00000000")
    assert sound.send(*commands)[2] == whole + "9000"
    assert sound.send(*cvca)[1][-4:] == "9000"
    long = Bench(RefuseLe(), when=When(nth=1_000), card=_policy_card()).send(*cvca)[1]
    assert len(long) // 2 > 256 + 2
    assert lying.send(*cvca)[1] == long[:512] + "9000"
    short = bytes.fromhex("00B09D0010")
    assert lying.send(short)[0] == long[:32] + "9000"


def test_data_are_fetched_by_get_response_in_pieces() -> None:
    bench = Bench(AskForGetResponse(), card=field_card(owner=LONG))
    read_all = bytes.fromhex("00B0000000")
    select = (SELECT_OWNER_DF, SELECT_OWNER)
    assert bench.send(*select, read_all) == ["9000", "9000", "6100"]
    data = LONG[:256].hex().upper()
    get = bytes.fromhex("00C00000")
    assert bench.send(get + b"\xc8") == [data[:400] + "6138"]
    assert bench.send(get + b"\x38") == [data[400:] + "9000"]
    assert bench.send(get + b"\x00") == ["6D00"]
    assert bench.send(read_all, get) == ["6100", data + "9000"]


def test_another_command_in_between_drops_what_was_held() -> None:
    bench = Bench(AskForGetResponse())
    assert bench.send(SELECT_ATR_INFO, bytes.fromhex("00B000000B")) == ["9000", "610B"]
    assert bench.send(SELECT_ATR_INFO, bytes.fromhex("00C000000B")) == ["9000", "6D00"]


@pytest.mark.parametrize("wake", ["reset", "power_up"])
def test_a_reset_drops_what_was_held(wake: str) -> None:
    bench = Bench(AskForGetResponse())
    assert bench.send(LIFE_CYCLE) == ["6101"]
    getattr(bench.card, wake)()
    assert bench.send(bytes.fromhex("00C0000001")) == ["6D00"]


def test_a_short_answer_in_extended_length_is_no_lie_and_not_counted() -> None:
    bench = Bench(LieAboutExtendedLength(does=Lie.TRUNCATE))
    assert bench.send(bytes.fromhex("00CADF01000000")) == ["079000"]
    assert bench.told == []


def test_one_wrong_atr_comes_and_then_the_right_one() -> None:
    wrong = bytes.fromhex("3B0012")
    bench = Bench(WrongAtr(octets=wrong), when=When(nth=1))
    right = answer_to_reset.FAST_155_KBIT
    assert bench.card.atr == right
    assert (bench.card.power_up(), bench.card.atr) == (wrong, wrong)
    assert (bench.card.reset(), bench.card.atr) == (right, right)
    assert bench.told == ["wrong-atr at a power-up"]


def test_a_wrong_atr_can_come_of_resets_alone() -> None:
    wrong = bytes.fromhex("3B0012")
    bench = Bench(WrongAtr(octets=wrong, after_a=Activation.RESET))
    assert [bench.card.power_up(), bench.card.reset(), bench.card.power_up()] == [
        answer_to_reset.FAST_155_KBIT,
        wrong,
        answer_to_reset.FAST_155_KBIT,
    ]


def test_of_two_wrong_atrs_the_earlier_in_the_plan_comes_and_the_other_is_saved() -> None:
    one, other = bytes.fromhex("3B0011"), bytes.fromhex("3B0022")
    once = When(times=1)
    bench = Bench(
        FaultPlan((Fault(WrongAtr(octets=one), once), Fault(WrongAtr(octets=other), once)))
    )
    right = bench.card.atr
    assert [bench.card.reset() for _ in range(3)] == [one, other, right]


def test_garbage_is_no_atr_and_has_a_length_that_readers_take() -> None:
    bench = Bench(WrongAtr())
    found = [bench.card.reset() for _ in range(300)]
    assert len(set(found)) == 300
    assert {len(one) for one in found} <= set(range(2, 34))
    assert not {one[0] for one in found} & {0x3B, 0x3F}
    again = Bench(WrongAtr())
    assert [again.card.reset() for _ in range(300)] == found
