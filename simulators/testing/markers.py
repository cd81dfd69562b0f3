"""What a test's markers ask for, read and checked before any test runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from simulators.card import Interface
from simulators.faults import FaultPlan, load_plan, named_plan
from simulators.models.timing import Timing
from simulators.reader.errors import ReaderSetupError

INTERFACE: Final = "card_interface"
TIME: Final = "card_time"
FAULTS: Final = "card_faults"


class MarkerError(ReaderSetupError):
    """A marker asks for something that does not exist; ``remedy`` is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How the readers of one test meet their cards.

    Attributes:
        timing: None for cards that answer as fast as they can.
        faults: None for cards and lines with nothing wrong.
    """

    interface: Interface = Interface.CONTACT
    timing: Timing | None = None
    faults: FaultPlan | None = None

    def asked(self, marker: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> "Wishes":
        """Return the wishes with those of ``marker``; of a marker that is not ours, the same.

        Raises:
            MarkerError: the arguments are none of that marker.
        """
        reading = _READINGS.get(marker)
        if reading is None:
            return self
        read, remedy = reading
        try:
            return read(self, *args, **kwargs)
        except TypeError:
            given = f"{marker}({_shown(args, kwargs)})"
            raise MarkerError(f"{given} has other arguments than it takes", remedy=remedy) from None
        except ReaderSetupError as error:
            raise MarkerError(f"{marker}: {error}", remedy=error.remedy) from error


def _interface(wishes: Wishes, name: str) -> Wishes:
    known = {interface.value: interface for interface in Interface}
    if name not in known:
        raise ReaderSetupError(
            f"{name!r} is no interface of a card", remedy=f"write one of {', '.join(known)}"
        )
    return replace(wishes, interface=known[name])


def _time(wishes: Wishes, mode: str, **models: str) -> Wishes:
    return replace(wishes, timing=Timing.named(mode, **models))


def _faults(wishes: Wishes, plan: object) -> Wishes:
    return replace(wishes, faults=plan_of(plan))


def plan_of(plan: object) -> FaultPlan:
    """Return the plan that is given: itself, a ready one's name, a file, or a mapping.

    Raises:
        ReaderSetupError: it is none.
    """
    match plan:
        case FaultPlan():
            return plan
        case str():
            return named_plan(plan)
        case Path():
            return load_plan(plan)
        case _:
            return FaultPlan.from_mapping(plan)


_READINGS: Final[Mapping[str, tuple[Callable[..., Wishes], str]]] = {
    INTERFACE: (_interface, 'write card_interface("contactless")'),
    TIME: (_time, 'write card_time("virtual", chip="median")'),
    FAULTS: (_faults, 'write card_faults("noisy-line"), or a plan as a mapping'),
}


def _shown(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    return ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())])
