"""How fast the software card answers READ BINARY in this process."""

from collections.abc import Callable
from typing import Final

from bench.cards import in_turn, made_card
from bench.figures import FULL, Figure, Pace, per_second, rates_in_turn
from cardservice.policycard.layout import CardFile, Directory
from cardservice.transport.link import CardLink
from cardservice.transport.registry import open_link

BLOCK: Final = 256  # octets: what Le = 00 asks for
READS: Final = tuple(bytes((0x00, 0xB0, *offset.to_bytes(2), 0x00)) for offset in (0, 256, 512))
"""READ BINARY of the current file's first three blocks; EF.SOD has more than three."""
SUCCESS: Final = b"\x90\x00"
REFERENCE: Final = "a bare Python function that slices the same octets and appends 9000"


def in_process(pace: Pace = FULL) -> Figure:
    """Measure plain READ BINARY of 256 octets through the reader ``sim:``, as a flow sends it."""
    link = open_link("sim:")
    try:
        with made_card(link):
            select_security_object(link)
            content = b"".join(expect_block(link.exchange, command) for command in READS)
            bare = _bare_answers(content)
            value, reference = rates_in_turn(
                in_turn(link.exchange, READS), in_turn(bare, READS), pace
            )
    finally:
        link.close()
    return Figure(
        name="sim.read_inprocess",
        value=per_second(value),
        unit="commands/s",
        reference=REFERENCE,
        reference_value=per_second(reference),
    )


def select_security_object(link: CardLink) -> None:
    """Make EF.SOD the current file of a card just reset."""
    aid = Directory.ROOT.aid
    file_id = CardFile.SECURITY_OBJECT.spec.file_id.to_bytes(2)
    for command in (
        bytes((0x00, 0xA4, 0x04, 0x0C, len(aid))) + aid,
        bytes((0x00, 0xA4, 0x02, 0x0C, len(file_id))) + file_id,
    ):
        if link.exchange(command) != SUCCESS:
            raise AssertionError("the card does not let EF.SOD be selected")


def expect_block(exchange: Callable[[bytes], bytes], command: bytes) -> bytes:
    """Return the 256 octets that the card answers, so that nobody measures refusals."""
    answer = exchange(command)
    if len(answer) != BLOCK + len(SUCCESS) or not answer.endswith(SUCCESS):
        raise AssertionError("the card does not answer with 256 octets")
    return answer[:BLOCK]


def _bare_answers(content: bytes) -> Callable[[bytes], bytes]:
    def answer(command: bytes) -> bytes:
        offset = int.from_bytes(command[2:4])
        return content[offset : offset + BLOCK] + SUCCESS

    return answer
