"""Today's presentations, without a person: when, where, how it came out, and who confirmed what."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from cardservice.desk.presentations import BearerCheck, Substitute
from cardservice.domain.verdict import Outcome, Reason
from cardservice.verify.examination import Problem
from cardservice.web.desk.aside import RegisterTold

MOST_REMEMBERED = 200  # a desk that sees more a day forgets the morning


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One presentation that is over.

    Attributes:
        at: aware, of this desk's own time zone: what its clock on the wall said.
        reader: None: it was a paper, or no card at all.
        outcome: None: there was no verdict.
        reason: what decided, or what kept the card from a verdict; None: the card left before
            anything was known, or the register was asked without a card.
        refusal: code and English sentence of why a paper was not taken.
        told: what the register said where it was asked in place of a chip.
    """

    at: datetime
    reader: str | None
    outcome: Outcome | None
    reason: Reason | Problem | None = None
    refusal: tuple[str, str] | None = None
    bearer: BearerCheck | None = None
    substitute: Substitute | None = None
    told: RegisterTold | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The newest first; bounded, of one day."""

    past: tuple[Past, ...] = ()

    def with_past(self, *newer: Past) -> "History":
        """Return the history with those added; of days before the newest one nothing is kept."""
        if not newer:
            return self
        kept = (*reversed(newer), *self.past)
        return replace(self, past=kept[:MOST_REMEMBERED]).of_day(newer[-1].at.date())

    def of_day(self, day: date) -> "History":
        """Return what is of that day, the same value when that is everything."""
        kept = tuple(one for one in self.past if one.at.date() == day)
        return self if kept == self.past else History(kept)


NOTHING_PAST = History()
