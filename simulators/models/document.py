"""Reading the model files: numbers that each stand with their source, and nothing unknown."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from simulators.reader.errors import ReaderSetupError

ASSUMED: Final = "assumed"
_SOURCES: Final = "sources"
_NUMBER_MAX: Final = 10**12  # no part of a card takes 30 years; more would only overflow later
_PAIR: Final = 2  # a number and the name of its source


_REMEDY: Final = "mend that; `cardsim models` shows what is known and how it is written"


class ModelError(ReaderSetupError):
    """A model or a timing cannot be used. The one-line message says where and why."""

    def __init__(self, message: str, *, remedy: str = _REMEDY) -> None:
        super().__init__(message, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a model, in the unit its name ends with.

    Attributes:
        source: where it comes from; ``assumed`` when nobody measured it.
    """

    value: float
    source: str

    @property
    def is_assumed(self) -> bool:
        """True when the number was never measured."""
        return self.source == ASSUMED


class Table:
    """One table of a model file; every complaint names its place."""

    def __init__(self, place: str, content: object, sources: Mapping[str, str]) -> None:
        if not isinstance(content, dict):
            raise ModelError(f"{place}: there must be a table")
        self._place, self._sources = place, sources
        self._content: dict[str, object] = content

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the table, in its order."""
        return tuple(self._content)

    def expect(self, names: Collection[str], optional: Collection[str] = ()) -> None:
        """Raise ModelError unless the table has exactly these names, some of which may lack."""
        unknown = [name for name in self._content if name not in {*names, *optional}]
        missing = [name for name in names if name not in self._content]
        if unknown or missing:
            raise self.error(f"{unknown[0]} is unknown" if unknown else f"{missing[0]} is missing")

    def error(self, complaint: str) -> ModelError:
        """Return the error that says so of this table."""
        return ModelError(f"{self._place}: {complaint}")

    def numbers(self) -> Iterator[tuple[str, Quantity]]:
        """Yield the numbers that stand directly in this table, by name."""
        for name, content in self._content.items():
            if isinstance(content, list):
                yield name, self.quantity(name)

    def table(self, name: str) -> "Table":
        """Return the table ``name`` in this one; ModelError when there is none."""
        return Table(f"{self._place}: {name}", self._content.get(name), self._sources)

    def text(self, name: str) -> str:
        """Return the text ``name``; ModelError when it is none."""
        content = self._content.get(name)
        if not isinstance(content, str):
            raise self.error(f"{name} must be a text")
        return content

    def quantity(self, name: str) -> Quantity:
        """Return the number ``name``, 0 or more; ModelError without a number or a source."""
        content = self._content.get(name)
        if not isinstance(content, list) or len(content) != _PAIR:
            raise self.error(f"{name} must be [number, source]")
        number, source = content
        if not _is_number(number):
            raise self.error(f"{name} must be a number, 0 or more")
        if not isinstance(source, str) or source not in {ASSUMED, *self._sources}:
            raise self.error(f"the source of {name} is neither listed nor assumed")
        return Quantity(number, self._sources.get(source, ASSUMED))

    def quantities(self, names: Collection[str]) -> dict[str, Quantity]:
        """Return these numbers by name; ModelError for one missing or another one there."""
        self.expect(names)
        return {name: self.quantity(name) for name in names}


def shipped(name: str) -> Path:
    """Return the model file ``name`` that comes with this package."""
    return Path(str(files(__package__) / name))


def read_document(
    path: Path, names: Collection[str], optional: Collection[str] | None = None
) -> Table:
    """Return the file's content: the tables ``names``, and the sources of their numbers.

    With ``optional`` names, the table of sources may be absent too.

    Raises:
        ModelError: the file is missing, no TOML, or has other tables.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"{path.name}: {error.strerror}") from error
    except ValueError as error:
        raise ModelError(f"{path.name}: {error}") from error
    except RecursionError:
        raise ModelError(f"{path.name}: nested too deeply") from None
    table = Table(path.name, content, {})
    if optional is None:
        table.expect({_SOURCES, *names})
    else:
        table.expect(names, {_SOURCES, *optional})
    return Table(path.name, content, _read_sources(path, content.get(_SOURCES, {})))


def _is_number(content: object) -> bool:
    if isinstance(content, bool) or not isinstance(content, int | float):
        return False
    return 0 <= content <= _NUMBER_MAX


def _read_sources(path: Path, content: object) -> dict[str, str]:
    table = Table(f"{path.name}: {_SOURCES}", content, {})
    return {name: table.text(name) for name in table.names}
