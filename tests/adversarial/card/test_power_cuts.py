"""The power goes at every single write of a card's life: the old state or the new, no other."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from simulators.card import CountedClock, NonVolatileMemory, PowerCut, SoftwareCard, image
from simulators.card.tampering import copy_of
from tests.unit.simulators.card.hosts import (
    OK,
    Card,
    PaceHost,
    chip_authenticate,
    dgi,
    pace_mse,
    send,
    tlv,
)
from tests.unit.simulators.card.issuing import (
    CHIP_KEY,
    CHIP_POINT,
    CVCA,
    CVCA_2,
    NEW_INSURER,
    NEW_SOD,
    PIN,
    PUK,
    Content,
    Drawn,
    certificate,
    new_blank,
    open_session,
    personalization,
    personalized,
    trust_point,
)

Cells = dict[str, bytes]


@dataclass
class Recorder:
    """A card that notes its memory before and after every command that writes."""

    card: SoftwareCard
    commands: list[tuple[range, Cells, Cells]] = field(default_factory=list)

    @property
    def memory(self) -> NonVolatileMemory:
        return self.card.memory

    @memory.setter
    def memory(self, value: NonVolatileMemory) -> None:
        self.card.memory = value

    def execute(self, command: bytes, /) -> bytes:
        before, first = self.memory.cells(), self.memory.writes + 1
        answer = self.card.execute(command)
        writes = range(first, self.memory.writes + 1)
        self.commands.append((writes, before, self.memory.cells()))
        return answer

    def reset(self) -> bytes:
        return self.card.reset()

    def allowed_after_cut_at(self, write: int) -> list[Cells]:
        for writes, before, after in self.commands:
            if write in writes:
                return [before, after]
        raise LookupError(write)


def _personalize(card: Card) -> None:
    for step in personalization(card, Content(cvca=trust_point())):
        step()


def _change_insurer(card: Card) -> None:
    stream = dgi("0302", NEW_INSURER) + dgi("011D", NEW_SOD) + dgi("01B0", b"\x03\x02")
    assert open_session(card).store(stream) == OK


def _terminate(card: Card) -> None:
    assert open_session(card).send("84F040FF")[1] == OK


def _link_trust_point(card: Card) -> None:
    terminal = chip_authenticate(card, CHIP_POINT).host
    assert terminal.send("002281B6", tlv("83", CVCA.name))[1] == OK
    assert terminal.send("002A00BE", certificate(CVCA_2, CVCA, effective="270101"))[1] == OK


def _use_holder_codes(card: Card) -> None:
    pin, puk, new = (one.encode().ljust(8, b"\xff") for one in (PIN, PUK, "1357"))
    assert send(card, b"\x00\x20\x00\x01\x08" + pin)[1] == OK
    assert send(card, b"\x00\x24\x00\x01\x10" + pin + new)[1] == OK
    assert send(card, b"\x00\x2c\x00\x01\x10" + puk + pin)[1] == OK


def _blank() -> SoftwareCard:
    return new_blank()


def _in_use() -> SoftwareCard:
    card = copy_of(personalized(Content(cvca=trust_point())))
    return SoftwareCard(card.memory, entropy=Drawn(), clock=CountedClock())


SCENES: dict[str, tuple[Callable[[], SoftwareCard], Callable[[Card], None]]] = {
    "personalization": (_blank, _personalize),
    "change of insurer": (_in_use, _change_insurer),
    "termination": (_in_use, _terminate),
    "link certificate": (_in_use, _link_trust_point),
    "holder codes": (_in_use, _use_holder_codes),
}


def _recorded(scene: str) -> Recorder:
    make, act = SCENES[scene]
    recorder = Recorder(make())
    act(recorder)
    return recorder


def _cut(scene: str, write: int) -> SoftwareCard:
    make, act = SCENES[scene]
    card = make()
    card.memory.cut_power_at(write)
    with pytest.raises(PowerCut):
        act(card)
    return card


# In VERIFY and its kin the counter is stored first: that is a state of its own, and a safe one.
_COUNTERS = frozenset({image.PIN_TRIES, image.PUK_TRIES})


def _without_counters(cells: Cells) -> Cells:
    return {name: value for name, value in cells.items() if name not in _COUNTERS}


@pytest.mark.parametrize("scene", SCENES)
def test_after_a_cut_at_any_write_the_card_is_as_before_the_command_or_as_after(
    scene: str,
) -> None:
    recorder = _recorded(scene)
    writes = recorder.memory.writes
    assert writes == max(max(one[0], default=0) for one in recorder.commands) > 0
    for write in range(recorder.commands[0][0].start, writes + 1):
        card = _cut(scene, write)
        card.power_up()
        found = _without_counters(card.memory.cells())
        allowed = map(_without_counters, recorder.allowed_after_cut_at(write))
        assert found in list(allowed), f"write {write}"


def test_a_personalization_cut_anywhere_leaves_a_blank_card_that_can_still_be_finished() -> None:
    total = _recorded("personalization").memory.writes
    for write in range(1, total + 1):
        card = _cut("personalization", write)
        card.power_up()
        life_cycle, sw = send(card, "00CADF0100")
        assert (life_cycle, sw) == (b"\x07", OK), f"write {write}"
        _resume(card)
        assert send(card, "00CADF0100") == (b"\x0f", OK), f"write {write}"


def _resume(card: SoftwareCard) -> None:
    """Go on as a station would: ask which keys are there, then do what is left, or all again."""
    fresh = SoftwareCard(
        card.memory, entropy=Drawn(CHIP_KEY.to_bytes(32, "big")), clock=CountedClock()
    )
    steps = list(personalization(fresh, Content(cvca=trust_point())))
    if send(fresh, "00CA00E000")[0][5] == 0x31:
        steps = steps[2:]
    chip_security_is_there = card.memory.get("file:FOMS_ROOT/010E") is not None
    if chip_security_is_there:
        assert open_session(fresh).send("84F0400F")[1] == OK
        return
    for step in steps:
        step()


def test_a_cut_in_a_comparison_never_gives_a_try_back() -> None:
    wrong = b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff"
    right = b"\x00\x20\x00\x01\x08" + PIN.encode().ljust(8, b"\xff")
    for command, write, left in ((wrong, 1, 0x63C3), (right, 1, 0x63C3), (right, 2, 0x63C2)):
        card = _in_use()
        card.memory.cut_power_at(card.memory.writes + write)
        with pytest.raises(PowerCut):
            send(card, command)
        card.power_up()
        assert send(card, "00200001")[1] == left


def test_pulling_the_card_after_each_wrong_pin_blocks_it_all_the_same() -> None:
    card = _in_use()
    for _ in range(3):
        send(card, b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff")
        card.power_down()
        card.power_up()
    assert send(card, b"\x00\x20\x00\x01\x08" + PIN.encode().ljust(8, b"\xff"))[1] == 0x6983


def test_pulling_the_card_before_the_token_still_counts_the_run() -> None:
    card = _in_use()
    for count in range(1, 4):
        send(card, pace_mse())
        PaceHost(card).step("10", "", b"")
        card.reset()
        assert card.memory.get(image.PACE_FAILURES) == bytes((count,))


def test_a_challenge_whose_counter_was_not_stored_never_left_the_card() -> None:
    card = new_blank()
    send(card, "00A4040C09666F6D735F726F6F74")
    card.memory.cut_power_at(card.memory.writes + 1)
    with pytest.raises(PowerCut):
        send(card, "8050300008" + "11" * 8)
    card.power_up()
    send(card, "00A4040C09666F6D735F726F6F74")
    assert send(card, "8050300008" + "11" * 8)[0][-3:] == b"\x00\x00\x01"
