"""How long keys sign and certificates hold, and the calendar arithmetic for it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardservice.pki.der import utc
from cardservice.pki.extensions import UsagePeriod

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of one kind of certificate, in months.

    Attributes:
        signs: how long its private key signs certificates or documents.
        holds: how long the certificate itself is valid.
    """

    signs: int
    holds: int

    def usage(self, at: datetime) -> UsagePeriod:
        return UsagePeriod(utc(at), add_months(at, self.signs))

    def end(self, at: datetime) -> datetime:
        return add_months(at, self.holds)


ROOT_TERMS = Terms(signs=5 * MONTHS_A_YEAR, holds=25 * MONTHS_A_YEAR)
"""Five years of signing and the fifteen of the last signer leave five to spare."""

SIGNER_TERMS = Terms(signs=3, holds=15 * MONTHS_A_YEAR)
"""A leaked signer key spoils three months of cards; citizens' policies do not expire."""

REVOCATIONS_HOLD = timedelta(days=7)
"""A desk that was offline for a weekend still decides; a week is the limit of its trust."""


def add_months(at: datetime, months: int) -> datetime:
    """Return the same day and time ``months`` later, or the last day of a shorter month, UTC."""
    at = utc(at)
    years, month = divmod(at.year * MONTHS_A_YEAR + at.month - 1 + months, MONTHS_A_YEAR)
    day = min(at.day, monthrange(years, month + 1)[1])
    return at.replace(year=years, month=month + 1, day=day)
