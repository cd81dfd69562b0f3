"""What the desk shows beside its readers: a paper that was scanned, or the register's answer."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique
from itertools import count
from typing import Final

from cardservice.desk.presentations import Substitute
from cardservice.desk.substitutes import SubstituteAnswer
from cardservice.papers.statement.content import Statement

UNREACHABLE: Final = ("register-unreachable", "The register cannot be reached.")
NOT_FOUND: Final = "not-found"
_numbers = count(1)


@unique
class RegisterTold(StrEnum):
    """What the register said of a policy, in a word."""

    IN_FORCE = "in-force"
    NOT_IN_FORCE = "not-in-force"
    NOT_FOUND = "not-found"
    UNREACHABLE = "unreachable"


def _next_number() -> int:
    return next(_numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One answer; it goes when it is put away, when a card comes, or after its time.

    Attributes:
        number: tells one from the next, so that a late one takes nothing of another away.
        refusal: code and English sentence of why there is nothing better to show.
    """

    number: int = field(default_factory=_next_number)
    refusal: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperShown(Aside):
    """A temporary certificate; ``statement`` is proved, None with a ``refusal``."""

    statement: Statement | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterShown(Aside):
    """The register in place of a chip.

    Attributes:
        birth_date: as the person stated it.
        answer: None while it is asked, and with a ``refusal``.
    """

    reason: Substitute
    enp: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    answer: SubstituteAnswer | None = None

    @property
    def is_asking(self) -> bool:
        return self.answer is None and self.refusal is None

    @property
    def told(self) -> RegisterTold | None:
        """What came of it; None: still asked, or not a question that can be asked."""
        if self.answer is not None:
            return RegisterTold.IN_FORCE if self.answer.in_force else RegisterTold.NOT_IN_FORCE
        if self.refusal == UNREACHABLE:
            return RegisterTold.UNREACHABLE
        is_unknown = self.refusal is not None and self.refusal[0] == NOT_FOUND
        return RegisterTold.NOT_FOUND if is_unknown else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanUnknown(Aside):
    """Something was scanned that is of no use here; nothing of it is kept."""
