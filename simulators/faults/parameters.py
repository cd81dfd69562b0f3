"""What a parameter of a fault takes: checked, read from a plan's text, and written back to it."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Protocol


class UnfitError(Exception):
    """The value is of another type than the parameter takes."""


class Parameter(Protocol):
    """One parameter: in Python a value, in a plan's text a number, a truth value or a text."""

    @property
    def takes(self) -> str:
        """What it takes, to go on after ``must be``."""
        ...

    def fits(self, value: object) -> bool:
        """Return whether the Python value is allowed."""
        ...

    def read(self, written: object) -> object:
        """Return the Python value of what a plan says; ``fits`` is asked apart.

        Raises:
            UnfitError: it is of another type.
        """
        ...

    def write(self, value: object) -> object:
        """Return what a plan says for a value that fits."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int

    @property
    def takes(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def fits(self, value: object) -> bool:
        # A truth value is an int to Python, and a mistake in a plan.
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return self.low <= value <= self.high

    def read(self, written: object) -> object:
        return written

    def write(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Share:
    """A probability: a number over 0, at most 1."""

    @property
    def takes(self) -> str:
        return "a number over 0, at most 1"

    def fits(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return isfinite(value) and 0 < value <= 1

    def read(self, written: object) -> object:
        return written

    def write(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """A truth value."""

    @property
    def takes(self) -> str:
        return "true or false"

    def fits(self, value: object) -> bool:
        return isinstance(value, bool)

    def read(self, written: object) -> object:
        return written

    def write(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text."""

    longest: int

    @property
    def takes(self) -> str:
        return f"one line of at most {self.longest} characters"

    def fits(self, value: object) -> bool:
        return isinstance(value, str) and len(value) <= self.longest and value.isprintable()

    def read(self, written: object) -> object:
        return written

    def write(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    options: tuple[StrEnum, ...]

    @property
    def takes(self) -> str:
        return "one of " + ", ".join(self.options)

    def fits(self, value: object) -> bool:
        return isinstance(value, StrEnum) and value in self.options

    def read(self, written: object) -> object:
        found = [one for one in self.options if isinstance(written, str) and one.value == written]
        if not found:
            raise UnfitError
        return found[0]

    def write(self, value: object) -> object:
        return str(value)
