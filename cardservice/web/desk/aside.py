"""What the desk shows beside its readers: a paper that was scanned, or the register's answer."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count

from cardservice.desk.presentations import Substitute
from cardservice.desk.substitutes import SubstituteAnswer
from cardservice.papers.statement.content import Statement

_numbers = count(1)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanUnknown(Aside):
    """Something was scanned that is of no use here; nothing of it is kept."""
