"""How the desk stands: reached or not, how old what it knows is, what is the matter."""

from dataclasses import dataclass
from datetime import timedelta

from cardservice.domain.proven_time import TimeGrade


@dataclass(frozen=True, slots=True)
class StandingTrouble:
    """One thing that somebody has to see to.

    Attributes:
        code: stable, for programs.
        sentence, remedy: English texts, keys of the catalogs where they are known there.
    """

    code: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskStanding:
    """What the bar above the page says.

    Attributes:
        online: the service answered when it was last asked.
        list_age: of the status list the desk judges by; None: it has none.
        grade: how the desk knows its time; otherwise than ``PROVEN`` ages are "at least".
        queue: presentations that the service was not told of yet.
        certificate_days: whole days that the desk's certificate lasts; None: it has none.
    """

    online: bool
    list_age: timedelta | None = None
    grade: TimeGrade = TimeGrade.PROVEN
    queue: int = 0
    certificate_days: int | None = None
    troubles: tuple[StandingTrouble, ...] = ()
