"""What the desk's page works with besides the readers; each may be missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cardservice.desk.substitutes import SubstituteRegister
from cardservice.domain.numbers import Ogrn
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.papers.fonts import PaperFonts, find_fonts
from cardservice.papers.statement.signed import StatementKey

Moments = Callable[[], Moment]
"""Tells now, as the desk knows it."""


def clock_moment() -> Moment:
    """Return the PC's time, of which nothing is proved."""
    return Moment(at=datetime.now(UTC), grade=TimeGrade.AT_LEAST)


def no_keys() -> Sequence[StatementKey]:
    """Return no key: this desk trusts nobody's papers."""
    return ()


def no_name(_ogrn: Ogrn) -> str | None:
    """Return None: this desk knows insurers by their numbers."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskParts:
    """What a desk's page asks; called from several threads.

    Attributes:
        statement_keys: whose temporary certificates this desk believes, as of now.
        substitutes: who is asked when a chip says nothing; None: nobody.
        moments: the desk's own time.
        insurer_name: from an OGRN to what people call the insurer, None where it is not known.
        fonts: for papers; raises PaperFontsError where there are none.
        paper_s: seconds that a scanned paper or the register's answer stays on the page.
    """

    statement_keys: Callable[[], Sequence[StatementKey]] = no_keys
    substitutes: SubstituteRegister | None = None
    moments: Moments = clock_moment
    insurer_name: Callable[[Ogrn], str | None] = no_name
    fonts: Callable[[], PaperFonts] = find_fonts
    paper_s: float = 180.0
