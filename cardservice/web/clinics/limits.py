"""How often somebody may ask what is open to everybody; each process counts for itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from fastapi import Depends, Request

from cardservice.accounts.addresses import address_key
from cardservice.accounts.buckets import Rate, TokenBuckets

# A clinic's hundred desks may have one address; who guesses codes has 60 bits before them, and
# all of them together one try a second.
CODES: Final = Rate(burst=20, every_s=10.0)
CODES_IN_ALL: Final = Rate(burst=300, every_s=1.0)
SIGNED: Final = Rate(burst=600, every_s=0.1)
SIGNED_IN_ALL: Final = Rate(burst=4000, every_s=0.001)
_ALL: Final = "all"
_BEGIN: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """Two rates of one kind of question: of one address, and of all together."""

    each: TokenBuckets
    together: TokenBuckets

    def take(self, address: str | None) -> None:
        """Count a question; raises TooManyRequestsError when it is one too many."""
        # One address alone cannot use up what all have: its own bucket is empty before.
        self.each.take(address_key(address))
        self.together.take(_ALL)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one process.

    Attributes:
        codes: questions with codes of enrolment.
        signed: questions answered with a signature, and for tokens.
    """

    codes: Limit
    signed: Limit


def going_on() -> datetime:
    """Return a time that only goes on: a clock that is set back would shut everybody out."""
    return _BEGIN + timedelta(seconds=time.monotonic())


def new_limits(clock: Callable[[], datetime] = going_on) -> Limits:
    """Return limits of which nothing is used up."""
    return Limits(
        codes=Limit(TokenBuckets(CODES, clock=clock), TokenBuckets(CODES_IN_ALL, clock=clock)),
        signed=Limit(TokenBuckets(SIGNED, clock=clock), TokenBuckets(SIGNED_IN_ALL, clock=clock)),
    )


def limited(kind: str) -> Any:
    """Return the dependency that counts a question of that kind; see ``Limits``."""

    def count(request: Request) -> None:
        limits: Limits = request.app.state.clinics.more["service"].limits
        client = request.client
        cast(Limit, getattr(limits, kind)).take(None if client is None else client.host)

    return Depends(count)
