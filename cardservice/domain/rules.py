"""A rule set: every number that law or the office chose, as a named setting with its source.

Logic asks for ``rules.making_term.value`` and holds no number of its own. The two sets are in
``cardservice.domain.rule_sets``; ``docs/rules.md`` is written from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum, unique
from typing import Any, Generic, TypeVar

from typing_extensions import override

from cardservice.domain.holder import Category
from cardservice.domain.terms import Term
from cardservice.errors import UsageError

T = TypeVar("T")


@unique
class Basis(StrEnum):
    """How sure a number is."""

    LAW = "law"
    FIELD = "[F]"  # as insurers and regional funds tell people; the official text was not read
    PROJECT = "[P]"  # this project's own choice: no official number is known


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number stands."""

    document: str
    clause: str
    basis: Basis = Basis.LAW

    @override
    def __str__(self) -> str:
        mark = "" if self.basis is Basis.LAW else f" {self.basis.value}"
        return f"{self.document}, {self.clause}{mark}"


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        """Return that day of ``year``."""
        return date(year, self.month, self.day)

    @override
    def __str__(self) -> str:
        return f"{self.day:02}.{self.month:02}"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A value, what it is, and where it stands."""

    value: T
    words: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The numbers an office works by; ``name`` is the year its rules came into force."""

    name: str
    chip_cards_issued: Setting[bool]
    year_end_categories: Setting[frozenset[Category]]
    making_term: Setting[Term]
    certificate_term: Setting[Term]
    warning_days: Setting[int]
    change_cutoff: Setting[MonthDay]
    changes_a_year: Setting[int]
    move_term: Setting[Term]
    report_term: Setting[Term]
    newborn_term: Setting[Term]
    passport_age: Setting[int]
    adult_age: Setting[int]
    oldest_age: Setting[int]
    attorney_term: Setting[Term]
    employer_minimum: Setting[int]
    employer_maximum: Setting[int]
    complaint_term: Setting[Term]
    photo_from_age: Setting[int]
    photo_term: Setting[Term]
    documents_maximum: Setting[int]
    retention_term: Setting[Term]

    def settings(self) -> Iterator[tuple[str, Setting[Any]]]:
        """Return every setting with its name, in their order."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Setting):
                yield one.name, value


def with_value(rules: RuleSet, name: str, value: object) -> RuleSet:
    """Return ``rules`` with another value of one setting: the office's own, and said to be so.

    Raises:
        UsageError: there is no such setting, or its values are of another type.
    """
    found = dict(rules.settings()).get(name)
    if found is None:
        raise UsageError(f"there is no rule called {name}")
    if type(value) is not type(found.value):
        raise UsageError(f"the rule {name} takes {type(found.value).__name__}")
    own = Source("the office's settings", name, Basis.PROJECT)
    changes: dict[str, Any] = {name: Setting(value, found.words, own)}
    return replace(rules, **changes)
