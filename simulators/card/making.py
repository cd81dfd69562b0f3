"""Making cards: blank ones in memory or in a file, and cards from files."""

import secrets
from pathlib import Path

from simulators.card import answer_to_reset, image
from simulators.card.card import SoftwareCard
from simulators.card.files import EF_ATR_INFO, EF_ATR_INFO_CONTENT
from simulators.card.image import CHIP_SERIAL_OCTETS, LifeCycle
from simulators.card.key_loading import TRANSPORT_KVN
from simulators.card.memory import NonVolatileMemory
from simulators.card.ports import Clock, Entropy, Interface
from simulators.card.scp03_kdf import diversify
from simulators.card.scp03_opening import diversification_of
from simulators.card.state_file import StateFile, create_file

INSECURE_DEMONSTRATION_TRANSPORT_MASTER = bytes.fromhex("404142434445464748494A4B4C4D4E4F")
"""Published, so no protection at all: for demonstrations and tests. Source: card.md §6."""


def blank_cells(
    chip_serial: bytes,
    *,
    transport_master: bytes = INSECURE_DEMONSTRATION_TRANSPORT_MASTER,
    atr: bytes = answer_to_reset.FAST_155_KBIT,
) -> dict[str, bytes]:
    """Return the memory of a card as the factory delivers it.

    ``chip_serial`` is 8 octets; ``transport_master`` an AES key of 16, 24 or 32, from which the
    card's own transport key set (version 30) is derived.
    """
    if len(chip_serial) != CHIP_SERIAL_OCTETS:
        raise ValueError(f"a chip serial has {CHIP_SERIAL_OCTETS} octets")
    key_set = diversify(transport_master, TRANSPORT_KVN, diversification_of(chip_serial))
    return {
        image.LIFE_CYCLE: bytes((LifeCycle.BLANK,)),
        image.CHIP_SERIAL: chip_serial,
        image.ATR: atr,
        image.KEY_SET: key_set.encode(),
        image.SEQUENCE_COUNTER: image.FIRST_SEQUENCE_COUNTER,
        EF_ATR_INFO.cell: EF_ATR_INFO_CONTENT,
    }


def blank_card(  # noqa: PLR0913 - what a factory chooses, and the ports, by keyword
    chip_serial: bytes | None = None,
    *,
    memory: NonVolatileMemory | None = None,
    transport_master: bytes = INSECURE_DEMONSTRATION_TRANSPORT_MASTER,
    atr: bytes = answer_to_reset.FAST_155_KBIT,
    interface: Interface = Interface.CONTACT,
    entropy: Entropy | None = None,
    clock: Clock | None = None,
) -> SoftwareCard:
    """Return a blank card. Without a serial it gets a random one; ``memory`` must be empty."""
    serial = secrets.token_bytes(CHIP_SERIAL_OCTETS) if chip_serial is None else chip_serial
    cells = blank_cells(serial, transport_master=transport_master, atr=atr)
    if memory is None:
        memory = NonVolatileMemory(cells)
    else:
        memory.transaction(dict(cells))
    return SoftwareCard(memory, interface=interface, entropy=entropy, clock=clock)


def new_state_file(
    path: Path | str,
    chip_serial: bytes | None = None,
    *,
    transport_master: bytes = INSECURE_DEMONSTRATION_TRANSPORT_MASTER,
    atr: bytes = answer_to_reset.FAST_155_KBIT,
) -> None:
    """Write a blank card to a new file.

    Raises:
        StateFileError: there is a file of that name, or it cannot be written (then it is an
            OSError too).
    """
    serial = secrets.token_bytes(CHIP_SERIAL_OCTETS) if chip_serial is None else chip_serial
    create_file(Path(path), blank_cells(serial, transport_master=transport_master, atr=atr))


def load_card(
    path: Path | str,
    *,
    interface: Interface = Interface.CONTACT,
    entropy: Entropy | None = None,
    clock: Clock | None = None,
) -> SoftwareCard:
    """Return the card in the file. Every write of the card is in the file before it answers.

    The file is this card's alone until its memory is closed or gone, or the process is.

    Raises:
        StateFileError: no such file, damaged, of another version, or in use already; the message
            says what to do.
    """
    return SoftwareCard(load_memory(path), interface=interface, entropy=entropy, clock=clock)


def load_memory(path: Path | str) -> NonVolatileMemory:
    """Return the memory in the file, for a card in the hand; ``close`` lets go of the file.

    Raises:
        StateFileError: as for ``load_card``.
    """
    file = StateFile(path)
    return NonVolatileMemory(file.cells, persist=file.save, release=file.close)
