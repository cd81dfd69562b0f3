"""Records of a plan: frozen data whose every field says what it takes, to and from mappings.

A record cannot be made wrong, from Python or from a text; what is wrong is one line with its place
and a remedy, and never repeats a value.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Final, Self

from simulators.faults.parameters import Parameter, UnfitError
from simulators.reader.errors import ReaderSetupError

SEE: Final = "`cardsim faults` lists what there is"
_NAME_SHOWN: Final = 40
_PARAMETER: Final = "parameter"
_MEANING: Final = "meaning"


def takes(parameter: Parameter, meaning: str) -> Mapping[str, object]:
    """Return the metadata of a field: what it takes, and a phrase of what it means."""
    return {_PARAMETER: parameter, _MEANING: meaning}


@contextmanager
def at(place: str) -> Iterator[None]:
    """Put ``place`` before whatever is wrong inside."""
    try:
        yield
    except ReaderSetupError as error:
        raise ReaderSetupError(f"{place}: {error}", remedy=error.remedy) from None


def shown(name: object) -> str:
    """Return a name from a plan in quotes, on one line and not too long."""
    if not isinstance(name, str):
        return "a name that is no text"
    return repr(name[:_NAME_SHOWN])


def as_table(content: object) -> dict[object, object]:
    """Return ``content`` if it is a table.

    Raises:
        ReaderSetupError: it is something else.
    """
    if not isinstance(content, dict):
        raise ReaderSetupError("this is no table", remedy="give names with values")
    return content


@dataclass(frozen=True, slots=True)
class Told:
    """A parameter as a list of parameters tells it."""

    name: str
    takes: str
    meaning: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Root of the records: checks itself when it is made.

    Raises:
        ReaderSetupError: a value is of the wrong type or out of range.
    """

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is None and one.default is None:
                continue
            if not _parameter(one).fits(value):
                raise _unfit(one)
        self.check()

    def check(self) -> None:
        """Raise ReaderSetupError when values that are good alone do not go together."""

    def as_mapping(self) -> dict[str, object]:
        """Return what a plan says of this; what is as usual is left out."""
        return {
            one.name: _parameter(one).write(getattr(self, one.name))
            for one in fields(self)
            if getattr(self, one.name) != one.default
        }

    @classmethod
    def from_mapping(cls, content: object) -> Self:
        """Return the record that a table of a plan says.

        Raises:
            ReaderSetupError: an unknown or missing name, or a value that does not fit.
        """
        table = as_table(content)
        members = {one.name: one for one in fields(cls)}
        for name in table:
            if name not in members:
                known = ", ".join(members) or "none"
                raise ReaderSetupError(
                    f"{shown(name)} is unknown here", remedy=f"the names here are: {known}"
                )
        values: dict[str, Any] = {}
        for name, one in members.items():
            if name in table:
                values[name] = _read(one, table[name])
            elif one.default is MISSING:
                raise ReaderSetupError(f"{name} is missing", remedy=f"give {_parameter(one).takes}")
        return cls(**values)

    @classmethod
    def parameters(cls) -> tuple[Told, ...]:
        """Return every parameter of the record, in its order."""
        return tuple(
            Told(one.name, _parameter(one).takes, one.metadata[_MEANING], _default(one))
            for one in fields(cls)
        )


def _parameter(one: "Field[Any]") -> Parameter:
    parameter: Parameter = one.metadata[_PARAMETER]
    return parameter


def _default(one: "Field[Any]") -> str:
    if one.default is MISSING:
        return "must be given"
    if one.default is None:
        return "usually not given"
    return f"usually {str(_parameter(one).write(one.default)).lower()}"


def _read(one: "Field[Any]", written: object) -> object:
    try:
        value = _parameter(one).read(written)
    except UnfitError:
        raise _unfit(one) from None
    if not _parameter(one).fits(value):
        raise _unfit(one)
    return value


def _unfit(one: "Field[Any]") -> ReaderSetupError:
    return ReaderSetupError(f"{one.name} is wrong", remedy=f"give {_parameter(one).takes}")
