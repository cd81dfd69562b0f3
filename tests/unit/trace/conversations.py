"""Conversations to record: everything that has something to hide is said in them."""

from collections.abc import Callable, Mapping

from simulators.card import Interface, NonVolatileMemory
from simulators.card.making import blank_cells
from simulators.reader import Card
from simulators.trace import ListSink, Masking, Trace, TracedCard, traced, traces_of
from simulators.tray.plastic import SoftwarePlastic
from tests.unit.simulators.card.hosts import (
    FOMS_ID,
    FOMS_INS,
    FOMS_ROOT,
    OK,
    PaceHost,
    chip_authenticate,
    select_aid,
    send,
)
from tests.unit.simulators.card.issuing import (
    CAN,
    CHIP_POINT,
    PIN,
    PUK,
    SERIAL,
    Content,
    personalization,
    personalized,
)

Cells = Mapping[str, bytes]
PIN_BLOCK, PUK_BLOCK = (code.encode().ljust(8, b"\xff") for code in (PIN, PUK))


class Seat:
    """A card with a memory beside it, which is what the hosts of the card's tests hold."""

    def __init__(self, card: Card, memory: NonVolatileMemory) -> None:
        self.card = card
        self.memory = memory

    def execute(self, command: bytes, /) -> bytes:
        return self.card.execute(command)

    def reset(self) -> bytes:
        return self.card.reset()


def seat_without_memory(card: Card) -> Seat:
    """A card that keeps nothing."""
    return Seat(card, NonVolatileMemory())


Talk = Callable[[Seat], None]


def personalize(seat: Seat) -> None:
    """A whole personalization, over SCP03 with both key sets."""
    seat.card.power_up()
    for step in personalization(seat, Content()):
        step()


def say_nothing(_seat: Seat) -> None:
    """No word."""


def read_plainly(seat: Seat) -> None:
    """What a field reader does, and a holder who types the PIN: nothing is protected."""
    seat.card.power_up()
    assert select_aid(seat, FOMS_ROOT) == OK
    for sfi in (1, 2, 0x0E, 0x1D, 0x11, 0x12):
        assert send(seat, f"00B0{0x80 | sfi:02X}0000")[1] == OK
    assert select_aid(seat, FOMS_INS) == OK
    pointer, sw = send(seat, "00CA01B000")
    assert sw == OK
    assert send(seat, f"00A40204 02 {pointer.hex()} 00")[1] == OK
    assert send(seat, "00B0000010")[1] == OK
    assert select_aid(seat, FOMS_ID) == OK
    assert send(seat, "00A4020C020201")[1] == OK
    assert send(seat, "00B0000010")[1] == OK
    assert send(seat, bytes.fromhex("0020000108") + PIN_BLOCK)[1] == OK
    assert send(seat, bytes.fromhex("002C000110") + PUK_BLOCK + PIN_BLOCK)[1] == OK
    seat.card.power_down()


def read_protected(seat: Seat) -> None:
    """PACE, chip authentication under it, and reading under the new keys."""
    seat.card.power_up()
    iso = PaceHost(seat, CAN).run()
    chip = chip_authenticate(seat, CHIP_POINT, through=iso)
    assert chip.host.send("00A4040C", FOMS_ROOT)[1] == OK
    assert chip.host.send("00B09100", b"", b"\x00")[1] == OK
    assert chip.host.send("00200001", PIN_BLOCK)[1] == OK
    seat.reset()


def blank_image() -> Cells:
    """The memory of a card as the factory delivers it."""
    return blank_cells(SERIAL)


def issued_image() -> Cells:
    """The memory of a personalized card."""
    return personalized().memory.cells()


def recorded_card(
    cells: Cells,
    sink: ListSink,
    interface: Interface = Interface.CONTACT,
    *,
    masking: Masking = Masking.PERSONAL,
) -> tuple[TracedCard, Seat]:
    """A card of this memory whose conversation goes to the sink, on a clock that stands still."""
    memory = NonVolatileMemory(cells)
    card = traced(SoftwarePlastic(memory), interface, sink, masking=masking, clock=lambda: 0.0)
    return card, Seat(card, memory)


def record(
    cells: Cells,
    talk: Talk,
    interface: Interface = Interface.CONTACT,
    *,
    masking: Masking = Masking.PERSONAL,
) -> Trace:
    """Have the conversation; return its trace."""
    sink = ListSink()
    _, seat = recorded_card(cells, sink, interface, masking=masking)
    talk(seat)
    (trace,) = traces_of(sink.records)
    return trace
