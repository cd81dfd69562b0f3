"""SET STATUS: the life cycle of the card. Source: GPC 11.10; card.md §6."""

from simulators.card import image
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.chip_key import check_issuer_session
from simulators.card.files import (
    BY_AID,
    EF_CARD_ACCESS,
    EF_CARD_ID,
    EF_CHIP_SECURITY,
    EF_ICCID,
    EF_OWNER,
    EF_SOD,
    insurer_file,
)
from simulators.card.image import Image, LifeCycle, Profile
from simulators.card.status import OK, SW, CommandRefusedError

_APPLICATION = 0x40
_TRANSITIONS = frozenset(
    {
        (LifeCycle.BLANK, LifeCycle.PERSONALIZED),
        (LifeCycle.PERSONALIZED, LifeCycle.BLOCKED),
        (LifeCycle.BLOCKED, LifeCycle.PERSONALIZED),
        *((state, LifeCycle.TERMINATED) for state in LifeCycle),
    }
)
_NEEDED_FILES = (EF_ICCID, EF_CARD_ID, EF_CHIP_SECURITY, EF_OWNER, EF_SOD)
_NEEDED_CELLS = (
    image.CHIP_KEY,
    image.POINTER,
    image.PROFILE,
    image.PIN,
    image.PUK,
    image.CAN,
    *(file.cell for file in _NEEDED_FILES),
)
_OUTLIVES_TERMINATION = frozenset({image.LIFE_CYCLE, image.ATR, image.CHIP_SERIAL})


def set_status(chip: Chip, command: Command) -> bytes:
    """Move the card to the life cycle in P2, if its table and its content allow."""
    if command.p1 != _APPLICATION:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    check_issuer_session(chip)
    present = chip.image.life_cycle
    if (present, command.p2) not in _TRANSITIONS:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    if present is LifeCycle.BLANK and command.p2 == LifeCycle.PERSONALIZED:
        _check_complete(chip.image)
    if command.data and command.data not in BY_AID:
        raise CommandRefusedError(SW.WRONG_DATA)
    if command.p2 == LifeCycle.TERMINATED:
        _terminate(chip)
    else:
        chip.image.memory.put(image.LIFE_CYCLE, bytes((command.p2,)))
    return OK


def _check_complete(card: Image) -> None:
    """Refuse to finish a card that lacks something every policy card has."""
    complete = all(card.get(cell) for cell in _NEEDED_CELLS)
    current = insurer_file(card.pointer or 0)
    reachable = card.profile is not Profile.PRIVATE or card.content(EF_CARD_ACCESS)
    if not complete or current is None or card.content(current) is None or not reachable:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def _terminate(chip: Chip) -> None:
    """Erase keys, secrets and EFs; the session ends, its caller still protects the answer."""
    memory = chip.image.memory
    erased: dict[str, bytes | None] = {
        name: None for name in memory.cells() if name not in _OUTLIVES_TERMINATION
    }
    memory.transaction({**erased, image.LIFE_CYCLE: bytes((LifeCycle.TERMINATED,))})
    chip.session.close_channel()
    chip.session.current_ef = None
