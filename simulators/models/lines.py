"""How long octets take between terminal and card: ISO 7816-3 T=1, ISO 14443-4.

Both are half-duplex block protocols: an APDU goes in blocks, each with octets around it; all but
the last are acknowledged by a block of nothing else; each block waits for the line to turn.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from simulators.card import Interface
from simulators.models.clock import NS_A_SECOND, nanoseconds
from simulators.models.document import Quantity, Table, read_document, shipped

_CONTACT: Final = (
    "octet_etu",
    "block_octets",
    "around_block_octets",
    "turn_etu",
    "reset_clocks",
    "first_etu_clocks",
    "first_octet_etu",
    "pps_octets",
)
_CONTACTLESS: Final = (
    "carrier_hz",
    "octet_bits",
    "frame_bits",
    "block_octets",
    "around_block_octets",
    "turn_carriers",
    "activation_ms",
)
_RATES: Final = "rates"
_CLOCKS: Final[Mapping[int, int]] = {0x1: 372, 0x9: 512}
_BITS: Final[Mapping[int, int]] = {0x1: 1, 0x3: 4, 0x6: 32, 0x8: 12}
"""Fi and Di by the halves of TA1, as far as the policy card's answers use them. Source: ISO/IEC
7816-3:2006, tables 7 and 8."""
_TA1_FOLLOWS: Final = 0x10
_LEAST_ATR: Final = 3
_TA1_AT: Final = 2
_DEFAULT_TA1: Final = 0x11


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One way to a card at one rate. Times are nanoseconds.

    Attributes:
        atr: what the card answers to reset on a contact line; empty on a contactless one.
        octet_ns: one octet with its start, parity and guard bits.
        block_octets: octets of an APDU that a block takes.
        around_block_octets: octets around them, and of an acknowledgement.
        frame_ns: start and end of each block.
        turn_ns: from one block to the next, which goes the other way.
        activation_ns: from power to the first command.
    """

    name: str
    interface: Interface
    atr: bytes
    octet_ns: float
    block_octets: int
    around_block_octets: int
    frame_ns: float
    turn_ns: float
    activation_ns: int

    def exchange_ns(self, sent: int, received: int) -> int:
        """Return the time of a command APDU and its answer, of so many octets."""
        # An acknowledgement comes for each block that is followed by another of the same APDU.
        information = self._blocks(sent) + self._blocks(received)
        blocks = 2 * information - 2
        octets = sent + received + blocks * self.around_block_octets
        turns = blocks - 1
        return round(octets * self.octet_ns + blocks * self.frame_ns + turns * self.turn_ns)

    def _blocks(self, octets: int) -> int:
        return max(1, -(-octets // self.block_octets))


def load_lines(path: Path | None = None) -> dict[str, Line]:
    """Return the lines of a model file by name, as ``contactless-424k``.

    Raises:
        ModelError: the file cannot be used; the message says where and why.
    """
    document = read_document(path or shipped("lines.toml"), [*LINES])
    lines = [line for kind, lines_in in LINES.items() for line in lines_in(document.table(kind))]
    return {line.name: line for line in lines}


def contact_line_of(atr: bytes) -> Line:
    """Return the package's own contact line on which a card with this answer to reset is spoken to.

    TA1 tells the rate. A card without one, or of a rate nobody wrote down here, is left at the rate
    every card starts with, 372 clock cycles an etu, as a reader that does not know better leaves
    it. Source: ISO/IEC 7816-3:2006 6.3.1 and 8.3.
    """
    rates = _by_ta1()
    ta1 = atr[_TA1_AT] if has_ta1(atr) else _DEFAULT_TA1
    return rates.get(ta1, rates[_DEFAULT_TA1])


def has_ta1(atr: bytes) -> bool:
    """Return whether the answer to reset has a TA1."""
    return len(atr) >= _LEAST_ATR and bool(atr[1] & _TA1_FOLLOWS)


@cache
def line(name: str) -> Line:
    """Return one of the package's own lines, as ``contactless-424k`` or ``contact-250k``."""
    return load_lines()[name]


@cache
def _by_ta1() -> dict[int, Line]:
    contact = (line for line in load_lines().values() if line.interface is Interface.CONTACT)
    return {line.atr[_TA1_AT]: line for line in contact}


def _contact_lines(table: Table) -> list[Line]:
    common, rates = _common_and_rates(table, _CONTACT)
    return [_contact_line(name, rates.table(name), common) for name in rates.names]


def _common_and_rates(table: Table, names: Collection[str]) -> tuple[dict[str, Quantity], Table]:
    table.expect({*names, _RATES})
    common = {name: table.quantity(name) for name in names}
    if common["block_octets"].value < 1:
        raise table.error("block_octets must be 1 or more")
    return common, table.table(_RATES)


def _contact_line(name: str, table: Table, common: Mapping[str, Quantity]) -> Line:
    table.expect(["atr", "clock_hz"])
    atr, clock_hz = _atr(table), table.quantity("clock_hz").value
    if clock_hz < 1:
        raise table.error("clock_hz must be 1 or more")
    etu_ns = _clocks_an_etu(table, atr) / clock_hz * NS_A_SECOND
    first_octet_clocks = common["first_octet_etu"].value * common["first_etu_clocks"].value
    first_octets = len(atr) + common["pps_octets"].value
    clocks = common["reset_clocks"].value + first_octets * first_octet_clocks
    return Line(
        name=f"contact-{name}",
        interface=Interface.CONTACT,
        atr=atr,
        octet_ns=common["octet_etu"].value * etu_ns,
        block_octets=round(common["block_octets"].value),
        around_block_octets=round(common["around_block_octets"].value),
        frame_ns=0,
        turn_ns=common["turn_etu"].value * etu_ns,
        activation_ns=round(clocks / clock_hz * NS_A_SECOND),
    )


def _contactless_lines(table: Table) -> list[Line]:
    common, rates = _common_and_rates(table, _CONTACTLESS)
    if common["carrier_hz"].value < 1:
        raise table.error("carrier_hz must be 1 or more")
    return [_contactless_line(name, rates.quantity(name), common) for name in rates.names]


def _contactless_line(name: str, carriers: Quantity, common: Mapping[str, Quantity]) -> Line:
    carrier_ns = NS_A_SECOND / common["carrier_hz"].value
    bit_ns = carriers.value * carrier_ns
    return Line(
        name=f"contactless-{name}",
        interface=Interface.CONTACTLESS,
        atr=b"",
        octet_ns=common["octet_bits"].value * bit_ns,
        block_octets=round(common["block_octets"].value),
        around_block_octets=round(common["around_block_octets"].value),
        frame_ns=common["frame_bits"].value * bit_ns,
        turn_ns=common["turn_carriers"].value * carrier_ns,
        activation_ns=nanoseconds(common["activation_ms"].value),
    )


def _atr(table: Table) -> bytes:
    try:
        atr = bytes.fromhex(table.text("atr"))
    except ValueError:
        raise table.error("atr must be hexadecimal") from None
    if not has_ta1(atr):
        raise table.error("atr must have a TA1, which tells the rate")
    return atr


def _clocks_an_etu(table: Table, atr: bytes) -> float:
    fi, di = _CLOCKS.get(atr[_TA1_AT] >> 4), _BITS.get(atr[_TA1_AT] & 0x0F)
    if fi is None or di is None:
        raise table.error(f"TA1 {atr[_TA1_AT]:02X} of the atr is not one that is known here")
    return fi / di


LINES: Final[Mapping[str, Callable[[Table], list[Line]]]] = {
    "contact": _contact_lines,
    "contactless": _contactless_lines,
}
"""The tables of a model file, and what makes lines of each."""
