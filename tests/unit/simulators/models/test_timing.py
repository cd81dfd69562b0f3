"""Timings: their modes, the models they choose, and cards whose time passes by them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from simulators.card import Interface, NonVolatileMemory, answer_to_reset, image
from simulators.card.foreign import BankCard
from simulators.models import (
    CommandTime,
    ModelError,
    RealClock,
    TimedCard,
    TimeMode,
    Timing,
    VirtualClock,
    contact_line_of,
    line,
    timed,
)
from simulators.tray.plastic import PlainPlastic, SoftwarePlastic
from tests.unit.simulators.card.hosts import FOMS_ROOT, OK, PaceHost, pace_mse, select_aid, send
from tests.unit.simulators.card.issuing import Drawn, personalized
from tests.unit.simulators.models.presenting import NS_A_MS
from tests.unit.simulators.models.wall import NS_A_SECOND, Wall

CONTACT, CONTACTLESS = Interface.CONTACT, Interface.CONTACTLESS
STATE = bytes.fromhex("00CADF0100")


def _memory(changes: Mapping[str, bytes] | None = None) -> NonVolatileMemory:
    return NonVolatileMemory({**personalized().memory.cells(), **(changes or {})})


class _Held:
    """A timed card with the memory that the hosts ask for."""

    def __init__(self, memory: NonVolatileMemory, card: TimedCard) -> None:
        self.memory, self.execute, self.reset = memory, card.execute, card.reset


def _timed(
    timing: Timing,
    interface: Interface = CONTACT,
    *,
    clock: RealClock | None = None,
    memory: NonVolatileMemory | None = None,
) -> TimedCard:
    plastic = SoftwarePlastic(memory or _memory())
    card = timed(plastic, interface, timing, clock=clock, entropy=Drawn())
    assert isinstance(card, TimedCard)
    return card


def test_a_virtual_card_counts_on_a_clock_of_its_own() -> None:
    first, second = _timed(Timing.named()), _timed(Timing.named())
    assert isinstance(first.clock, VirtualClock)
    first.execute(STATE)
    assert first.clock.spent.reader_ns == 2 * NS_A_MS
    assert second.clock.spent.total_ns == 0


def test_a_real_card_takes_on_the_wall_what_a_virtual_one_counts() -> None:
    wall = Wall()
    real = _timed(Timing.named("real"), clock=RealClock(sleep=wall.sleep, now=wall.now))
    virtual = _timed(Timing.named("virtual"))
    began = wall.now_ns
    for card in (real, virtual):
        card.power_up()
        card.execute(bytes.fromhex("00A4040C09666F6D735F726F6F74"))
        wall.compute(NS_A_SECOND)  # the terminal thinks
        card.execute(STATE)
    assert real.clock.spent == virtual.clock.spent
    assert wall.now_ns - began == real.clock.spent.total_ns + 2 * NS_A_SECOND


def test_a_real_card_lets_the_wall_s_own_time_pass_unless_told_otherwise() -> None:
    assert isinstance(_timed(Timing.named("real")).clock, RealClock)


def test_nothing_is_put_around_a_card_without_a_model() -> None:
    bank = BankCard()
    assert timed(PlainPlastic(bank), CONTACT, Timing.named("none")) is bank


def test_without_a_model_the_waits_after_wrong_cans_do_not_pass_on_the_wall() -> None:
    memory = _memory({image.PACE_FAILURES: b"\xff"})  # more than a minute, should anybody wait
    card = timed(SoftwarePlastic(memory), CONTACTLESS, Timing.named("none"), entropy=Drawn())
    assert card.execute(pace_mse())[-2:] == b"\x90\x00"
    assert card.execute(bytes.fromhex("10860000027C0000"))[-2:] == b"\x90\x00"


def test_with_a_model_they_pass_on_its_clock() -> None:
    wall, memory = Wall(), _memory({image.PACE_FAILURES: b"\x08"})
    clock = RealClock(sleep=wall.sleep, now=wall.now)
    held = _Held(memory, _timed(Timing.named("real"), CONTACTLESS, clock=clock, memory=memory))
    send(held, pace_mse())
    assert PaceHost(held).step("10", "", b"")[1] == OK
    assert 8 * NS_A_SECOND in wall.sleeps


def test_a_timed_card_is_no_copy_what_it_writes_is_in_the_memory() -> None:
    memory = _memory()
    held = _Held(memory, _timed(Timing.named(), memory=memory))
    assert send(held, b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff")[1] == 0x63C2
    assert memory.get(image.PIN_TRIES) == b"\x02"


def test_each_command_is_told_to_whoever_asked() -> None:
    seen: list[CommandTime] = []
    card = timed(SoftwarePlastic(_memory()), CONTACT, Timing.named(), observe=seen.append)
    card.execute(STATE)
    assert [one.header for one in seen] == [STATE[:4]]


def test_the_line_on_contact_is_the_one_of_the_cards_answer_to_reset() -> None:
    times = {}
    for atr in (answer_to_reset.FIRST_GENERATION, answer_to_reset.FAST_300_KBIT):
        card = _timed(Timing.named(), memory=_memory({image.ATR: atr}))
        card.execute(STATE)
        times[atr] = card.clock.spent.line_ns
    assert list(times.values()) == [
        line("contact-field").exchange_ns(5, 3),
        line("contact-250k").exchange_ns(5, 3),
    ]


@pytest.mark.parametrize(
    ("atr", "name"),
    [
        (answer_to_reset.FIRST_GENERATION, "contact-field"),
        (answer_to_reset.SECOND_GENERATION, "contact-13k"),
        (answer_to_reset.FAST_155_KBIT, "contact-129k"),
        (answer_to_reset.FAST_300_KBIT, "contact-250k"),
        (BankCard.atr, "contact-13k"),  # no TA1: the rate every card starts with
        (bytes.fromhex("3B1095"), "contact-13k"),  # a rate nobody wrote down
        (bytes.fromhex("3B00"), "contact-13k"),
        (b"", "contact-13k"),
    ],
)
def test_ta1_of_an_answer_to_reset_tells_the_line(atr: bytes, name: str) -> None:
    assert contact_line_of(atr).name == name


def test_a_line_that_was_chosen_counts_whatever_the_card_answers() -> None:
    timing = Timing.named(contact_line="contact-field", contactless_line="contactless-106k")
    assert timing.line_of(CONTACT, answer_to_reset.FAST_300_KBIT) is timing.contact_line
    assert timing.line_of(CONTACTLESS, answer_to_reset.CONTACTLESS).name == "contactless-106k"


def test_in_range_the_usual_line_is_taken_by_its_name() -> None:
    card = _timed(Timing.named(), CONTACTLESS)
    card.power_up()
    assert card.clock.spent.line_ns == line("contactless-424k").activation_ns


def test_a_card_without_a_memory_or_a_meter_takes_time_on_the_line_and_in_the_reader() -> None:
    card = timed(PlainPlastic(BankCard()), CONTACT, Timing.named())
    assert isinstance(card, TimedCard)
    assert card.execute(STATE) == b"\x6d\x00"
    assert card.clock.spent.chip_ns == 0
    assert card.clock.spent.line_ns == line("contact-13k").exchange_ns(5, 2)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"mode": "fast"}, "mode 'fast' is none of real, virtual, none"),
        ({"chip": "medium"}, "chip 'medium' is none of fastest, median, slowest"),
        (
            {"contact_line": "contactless-106k"},
            "contact_line 'contactless-106k' is none of c",
        ),
        ({"contactless_line": "contact-field"}, "is none of contactless-106k, "),
        ({"reader": "mine"}, "reader 'mine' is none of usual"),
    ],
)
def test_an_unknown_name_is_refused_in_one_line_that_lists_the_known(
    names: dict[str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=said):
        Timing.named(**names)
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(f'{name} = "{value}"' for name, value in names.items()))
    with pytest.raises(ModelError, match=said) as refused:
        Timing.load(path)
    assert str(refused.value).startswith("mine.toml: ")
    assert "\n" not in str(refused.value) + refused.value.remedy


OWN = """
mode = "real"
chip = "mine"
contact_line = "contact-slow"
reader = "quick"

[sources]
lab = "measured in a laboratory"

[chips.mine]
select_ms = [1, "lab"]
symmetric_ms = [2, "lab"]
symmetric_octets = [16, "assumed"]
key_pair_ms = [3, "lab"]
ecdh_ms = [4, "lab"]
mapping_ms = [5, "lab"]
verify_ms = [6, "lab"]
sign_ms = [7, "lab"]
memory_write_ms = [8, "assumed"]

[readers.quick]
command_ms = [0.5, "lab"]

[contact]
octet_etu = [12, "assumed"]
block_octets = [32, "assumed"]
around_block_octets = [4, "assumed"]
turn_etu = [11, "assumed"]
reset_clocks = [400, "assumed"]
first_etu_clocks = [372, "assumed"]
first_octet_etu = [12, "assumed"]
pps_octets = [0, "assumed"]

[contact.rates.slow]
atr = "3BD911008131FE8D0000464F4D53312E3132"
clock_hz = [1_000_000, "lab"]
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_chooses_models_and_may_bring_its_own(tmp_path: Path) -> None:
    timing = Timing.load(_written(tmp_path, OWN))
    assert (timing.mode, timing.chip.name) == (TimeMode.REAL, "mine")
    assert timing.contact_line is not None
    assert timing.contact_line.octet_ns == 12 * 372 * 1000
    assert timing.reader.command_ns == NS_A_MS // 2
    assert timing.reader.command_ms.source == "measured in a laboratory"
    assert timing.contactless_line == line("contactless-424k")


def test_an_empty_file_is_what_is_usual(tmp_path: Path) -> None:
    assert Timing.load(_written(tmp_path, "")) == Timing.named()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mode = 3", "mode must be a text"),
        ("speed = 3", "speed is unknown"),
        ("mode = ", "mine.toml: "),
        ("a." * 5000 + "b = 1", "mine.toml: "),
        ("a = " + "[" * 5000, "mine.toml: "),
        ("chips = 3", "there must be a table"),
        ("[chips.mine]\nselect_ms = [1, 'lab']", "symmetric_ms is missing"),
        (OWN.replace('lab = "', 'hut = "'), "neither listed nor assumed"),
        (OWN.replace("clock_hz = [1_000_000", "clock_hz = [0"), "clock_hz must be 1 or more"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_that_names_the_place(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ModelError, match=said) as refused:
        Timing.load(_written(tmp_path, text))
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("mine.toml: ")


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.toml: No such file"):
        Timing.load(tmp_path / "none.toml")


def test_selecting_costs_what_the_own_chip_says(tmp_path: Path) -> None:
    memory = _memory()
    timing = Timing.load(_written(tmp_path, OWN.replace('"real"', '"virtual"')))
    card = _timed(timing, memory=memory)
    assert select_aid(_Held(memory, card), FOMS_ROOT) == OK
    assert card.clock.spent.chip_ns == NS_A_MS
