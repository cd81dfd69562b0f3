"""What options of the command line name: a card, a plan of faults, a model of time."""

import secrets
from pathlib import Path
from typing import Final

from simulators.card import NonVolatileMemory, StateFileError, load_memory
from simulators.card.image import CHIP_SERIAL_OCTETS
from simulators.card.making import blank_cells
from simulators.faults import FaultPlan, load_plan, named_plan, plan_names
from simulators.models.timing import Timing
from simulators.reader.cards import new_state_file
from simulators.reader.errors import ReaderSetupError
from simulators.tray import Plastic, SoftwarePlastic
from simulators.zoo import plastic_named

_SEPARATOR: Final = ":"


def choose_card(state: Path | None, zoo: str | None, *, blank: bool) -> Plastic:
    """Return the card of a state file or of the zoo, or a blank one (in a new file, if named).

    Raises:
        ReaderSetupError: none or several are named, or the card cannot be had.
    """
    if zoo is not None:
        if state or blank:
            raise ReaderSetupError("which card?", remedy="give --zoo alone")
        return plastic_named(zoo)
    if state is None and not blank:
        raise ReaderSetupError("which card?", remedy="give --state FILE, --zoo NAME, or --blank")
    if state is None:
        serial = secrets.token_bytes(CHIP_SERIAL_OCTETS)
        return SoftwarePlastic(NonVolatileMemory(blank_cells(serial)))
    if blank:
        new_state_file(state)
    return kept_card(state)


def kept_card(state: Path) -> Plastic:
    """Return the card of a state file, which is this program's until it ends.

    Raises:
        ReaderSetupError: there is no such file, it holds no card, or another program has it.
    """
    if not state.exists():
        raise ReaderSetupError(
            f"there is no state file {state}", remedy=f"make one: cardsim new {state}"
        )
    try:
        return SoftwarePlastic(load_memory(state))
    except StateFileError as error:
        raise ReaderSetupError(error.problem, remedy=error.remedy) from error


def choose_plan(text: str | None) -> FaultPlan | None:
    """Return the ready plan of that name, or the plan in that file.

    Raises:
        ReaderSetupError: there is no such plan, or it is wrong.
    """
    if text is None:
        return None
    return named_plan(text) if text in plan_names() else load_plan(Path(text))


def choose_timing(text: str | None) -> Timing | None:
    """Return the models that ``MODE`` or ``MODE:CHIP`` names.

    Raises:
        ReaderSetupError: there is no such mode or chip.
    """
    if text is None:
        return None
    mode, _, chip = text.partition(_SEPARATOR)
    return Timing.named(mode=mode, chip=chip) if chip else Timing.named(mode=mode)
