"""Readers: made, filled, emptied, made to fail, made slow."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Header, Response

from simulators.card import Interface
from simulators.faults import FaultPlan, named_plan
from simulators.models.timing import Timing
from simulators.reader.errors import ReaderSetupError
from simulators.web.context import Moved
from simulators.web.models import (
    CardIn,
    FaultsView,
    NewReader,
    Pull,
    ReaderView,
    Removed,
    TimingNames,
)
from simulators.web.simulation import RefusedPlanError, Simulation, Times

router = APIRouter(prefix="/readers", tags=["readers"])

ANY: Final = "*"
_ONLY_NAME: Final = {"name"}
PLANS: Final[list[Any]] = [
    {"name": "noisy-line"},
    {"seed": 1, "faults": [{"what": "mute", "when": {"nth": 3}}]},
]

PlanBody = Annotated[dict[str, Any], Body(examples=PLANS)]
Presence = Annotated[
    str | None, Header(alias="if-none-match", description="`*`: only into an empty reader.")
]


@router.get("")
def list_readers(moved: Moved) -> list[ReaderView]:
    """Return the readers that are there."""
    return [ReaderView.of(one) for one in moved.readers()]


@router.get("/{name}")
def show_reader(name: str, moved: Moved) -> ReaderView:
    """Return one reader."""
    return ReaderView.of(moved.reader(name))


@router.put("/{name}")
def make_reader(
    name: str, moved: Moved, response: Response, new: NewReader | None = None
) -> ReaderView:
    """Make a reader of this process, or leave it as it is."""
    interface = Interface((new or NewReader()).interface.value)
    if moved.add_reader(name, interface):
        response.status_code = HTTPStatus.CREATED
    return ReaderView.of(moved.reader(name))


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT)
def take_reader_away(name: str, moved: Moved) -> None:
    """Let a reader disappear; a card in it falls out. PUT brings it back, empty."""
    moved.remove_reader(name)


@router.put("/{name}/card")
def put_card(name: str, wish: CardIn, moved: Moved, only_if: Presence = None) -> ReaderView:
    """Let a card be in the reader, in place of what is there."""
    moved.put_card(name, wish.card, hold_s=wish.hold_s, into_empty=only_if == ANY)
    return ReaderView.of(moved.reader(name))


@router.delete("/{name}/card")
def remove_card(name: str, moved: Moved) -> Removed:
    """Take the card out, in the middle of whatever it does. Harmless when there is none."""
    return Removed(card=moved.remove_card(name))


@router.post("/{name}/pull", status_code=HTTPStatus.NO_CONTENT)
def pull_card(name: str, wish: Pull, moved: Moved) -> None:
    """Pull the card, or the next one, at a command from now; once."""
    moved.pull_after(name, commands=wish.after, during=wish.during)


@router.get("/{name}/faults")
def show_faults(name: str, moved: Moved) -> FaultsView | None:
    """Return the plan in force, null when there is none."""
    faults = moved.reader(name).wishes.faults
    return FaultsView(name=faults.name, plan=faults.plan.as_mapping()) if faults else None


@router.post("/{name}/faults")
def set_faults(name: str, content: PlanBody, moved: Moved) -> FaultsView | None:
    """Put a plan in force for whatever card is in: one as JSON, or a ready one by its name."""
    put_plan(moved, name, content)
    return show_faults(name, moved)


@router.delete("/{name}/faults", status_code=HTTPStatus.NO_CONTENT)
def end_faults(name: str, moved: Moved) -> None:
    """End the faults of a reader. Harmless when there are none."""
    moved.set_faults(name, None)


@router.put("/{name}/timing")
def set_timing(name: str, wish: TimingNames, moved: Moved) -> ReaderView:
    """Let the next cards in the reader be as slow as these models say."""
    moved.set_timing(name, times_of(wish.given))
    return ReaderView.of(moved.reader(name))


def times_of(names: dict[str, str]) -> Times:
    """Return the timing of these names.

    Raises:
        ModelError: there is no such name.
    """
    return Times(Timing.named(**names), names)


def put_plan(moved: Simulation, reader: str, content: dict[str, Any]) -> None:
    """Put the plan in force that parsed JSON says or names.

    Raises:
        RefusedPlanError: it says none.
        UnknownNameError: no such reader.
    """
    name = content.get("name") if content.keys() == _ONLY_NAME else None
    try:
        by_name = isinstance(name, str)
        plan = named_plan(str(name)) if by_name else FaultPlan.from_mapping(content)
        plan.about.encode()
    except ReaderSetupError as error:
        raise RefusedPlanError(str(error), remedy=error.remedy) from error
    except UnicodeEncodeError as error:
        raise RefusedPlanError("about is no text", remedy="write it in Unicode") from error
    moved.set_faults(reader, plan, name=str(name) if by_name else None)
