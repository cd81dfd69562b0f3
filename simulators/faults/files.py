"""Plans from texts and files, and the plans that come with the package."""

import json
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from simulators.faults.plan import FaultPlan
from simulators.faults.record import at
from simulators.reader.errors import ReaderSetupError

FILE_OCTETS_MAX: Final = 1_048_576
_SUFFIX: Final = ".toml"
_JSON_SUFFIX: Final = ".json"


def parse_toml(text: str) -> FaultPlan:
    """Return the plan of a TOML text.

    Raises:
        ReaderSetupError: there is none in it; one line with the place and what to do.
    """
    return FaultPlan.from_mapping(_parsed(tomllib.loads, text, "TOML"))


def parse_json(text: str) -> FaultPlan:
    """Return the plan of a JSON text.

    Raises:
        ReaderSetupError: there is none in it; one line with the place and what to do.
    """
    return FaultPlan.from_mapping(_parsed(json.loads, text, "JSON"))


def load_plan(path: Path | str) -> FaultPlan:
    """Return the plan in a file: JSON if its name ends with ``.json``, else TOML.

    Raises:
        ReaderSetupError: it cannot be read, is too long, or holds no plan.
    """
    place = Path(path)
    # The name of a file may hold a line break, and a complaint is one line.
    with at(place.name if place.name.isprintable() else "the file"):
        text = _text_of(place)
        return parse_json(text) if place.suffix == _JSON_SUFFIX else parse_toml(text)


def plan_names() -> tuple[str, ...]:
    """Return the names of the plans that come with the package, sorted."""
    return tuple(sorted(_shipped()))


def plan_text(name: str) -> str:
    """Return the TOML of a plan that comes with the package.

    Raises:
        ReaderSetupError: there is none of that name.
    """
    shipped = _shipped()
    if name not in shipped:
        raise ReaderSetupError(
            "there is no ready plan of that name", remedy=f"take one of {', '.join(plan_names())}"
        )
    return shipped[name]


def named_plan(name: str) -> FaultPlan:
    """Return a plan that comes with the package.

    Raises:
        ReaderSetupError: there is none of that name.
    """
    return parse_toml(plan_text(name))


@cache
def _shipped() -> dict[str, str]:
    folder = files("simulators.faults") / "plans"
    return {
        entry.name.removesuffix(_SUFFIX): entry.read_text("utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(_SUFFIX)
    }


def _parsed(parse: Callable[[str], object], text: str, form: str) -> object:
    if len(text) > FILE_OCTETS_MAX:
        raise _too_long()
    try:
        return parse(text)
    # Both parsers go down a level for each bracket, and neither has a bound of its own.
    except RecursionError:
        raise ReaderSetupError("too deeply nested", remedy="a plan has three levels") from None
    except ValueError as error:
        place = _place(error)
        raise ReaderSetupError(f"this is no {form}{place}", remedy="mend the line") from None


def _place(error: ValueError) -> str:
    """Return where the text stops being what it should be, as far as the parser tells."""
    if isinstance(error, json.JSONDecodeError):
        return f" (line {error.lineno}, column {error.colno})"
    _, found, place = str(error).rpartition("(at ")
    return f" (at {place}" if found and place.isprintable() else ""


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            octets = file.read(FILE_OCTETS_MAX + 1)
    # A name that no system takes is a ValueError.
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such name"
        raise ReaderSetupError(
            f"cannot be read ({reason})", remedy="give the file of a plan"
        ) from None
    if len(octets) > FILE_OCTETS_MAX:
        raise _too_long()
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        raise ReaderSetupError("this is no text", remedy="write it in UTF-8") from None


def _too_long() -> ReaderSetupError:
    return ReaderSetupError(
        f"longer than {FILE_OCTETS_MAX:,} octets", remedy="a plan is a page or two"
    )
