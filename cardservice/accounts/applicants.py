"""Sign-in of an applicant: number and birth date, then a code sent to the contact on file.

Whether the two match shows nowhere: every pair gets a challenge, and to a wrong one no code
fits. Of the code only a MAC under the browser's own token is stored, so a copy of the table
does not open to a million tries.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from cardservice.accounts.addresses import address_key
from cardservice.accounts.buckets import Rate, TokenBuckets
from cardservice.accounts.dice import Clock, Dice, draw_token, hash_token, keyed
from cardservice.accounts.ports import Challenge, ChallengeStore
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Subject
from cardservice.accounts.sessions import TOKEN_MAX, Opened, Sessions
from cardservice.errors import Refusal

CODE_DIGITS: Final = 6
NUMBER_MAX: Final = 40  # characters of an application number that are looked at
CODES_PER_APPLICATION: Final = Rate(burst=3, every_s=1200)
ASKED_PER_ADDRESS: Final = Rate(burst=20, every_s=60)  # an office or a village shares one address
_DRAWN: Final = 8  # octets: 2^64 modulo 10^6 favours no code by more than 1 in 10^13
_NO_REGION: Final = "00000"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundApplication:
    """The application that number and birth date point to."""

    id: UUID
    region: str
    number: str


class ApplicationDirectory(Protocol):
    """Finds applications for their applicants; the registry implements it."""

    def find(self, number: str, birth_date: date) -> FoundApplication | None: ...


class CodeOutbox(Protocol):
    """Sends codes; the outbox of the registry implements it, and knows where to."""

    def send_code(self, application: FoundApplication, code: str, *, until: datetime) -> None: ...


class WrongApplicantCodeError(Refusal):
    """The code does not fit, or none was sent, or it is too old."""

    def __init__(self) -> None:
        super().__init__("applicant-code", "The code is wrong or too old.", field="code")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRules:
    """Terms of one-time codes; the numbers are this project's own.

    With these an hour of guessing at one application has at most 30 tries at a million codes.

    Attributes:
        lasts: from sending on.
        tries: codes that may be tried; then a new one must be sent.
        per_application: how often a code is sent.
        per_address: how often one address may ask.
    """

    lasts: timedelta = timedelta(minutes=10)
    tries: int = 5
    per_application: Rate = CODES_PER_APPLICATION
    per_address: Rate = ASKED_PER_ADDRESS


class ApplicantSignIn:
    """Sends codes and judges them."""

    def __init__(  # noqa: PLR0913 - its ports, each named
        self,
        challenges: ChallengeStore,
        *,
        applications: ApplicationDirectory,
        outbox: CodeOutbox,
        sessions: Sessions,
        clock: Clock,
        dice: Dice,
        rules: CodeRules | None = None,
    ) -> None:
        self._challenges = challenges
        self._applications = applications
        self._outbox = outbox
        self._sessions = sessions
        self._clock = clock
        self._dice = dice
        self._rules = rules or CodeRules()
        self._numbers = TokenBuckets(self._rules.per_application, clock=clock)
        self._asking = TokenBuckets(self._rules.per_address, clock=clock)

    def ask(self, number: str, birth_date: date, *, address: str | None) -> str:
        """Send a code if number and birth date match; return the token of the browser.

        Raises:
            TooManyRequestsError: this address or this number asked too often; the limit of a
                number holds whether there is such an application or not.
        """
        number = number.strip()[:NUMBER_MAX]
        self._asking.take(address_key(address))
        self._numbers.take(number)
        token, code = draw_token(self._dice), self._draw_code()
        found = self._applications.find(number, birth_date)
        until = self._clock() + self._rules.lasts
        self._challenges.put(
            Challenge(
                id=hash_token(token),
                region=found.region if found else _NO_REGION,
                subject=found.id if found else None,
                code_mac=keyed(token, "applicant code", code),
                until=until,
                tries_left=self._rules.tries,
            )
        )
        if found is not None:
            self._outbox.send_code(found, code, until=until)
        return token

    def answer(self, token: str, code: str) -> Opened:
        """Begin an applicant's session for the code that was sent to them.

        Raises:
            WrongApplicantCodeError: it is not the code, or too late, or too many were tried.
        """
        challenge = self._counted(token)
        given = keyed(token, "applicant code", code.replace(" ", "")[: CODE_DIGITS + 1])
        fits = hmac.compare_digest(given, challenge.code_mac)
        if not fits or challenge.subject is None:
            raise WrongApplicantCodeError
        if not self._challenges.replace(challenge, None):
            raise WrongApplicantCodeError
        return self._sessions.begin(_applicant(challenge.subject, challenge.region))

    def _counted(self, token: str) -> Challenge:
        """Return the challenge of a token, one try taken off it before the code is looked at."""
        for _ in range(self._rules.tries + 1):
            old = self._challenges.find(hash_token(token)) if len(token) <= TOKEN_MAX else None
            if old is None or old.tries_left <= 0 or self._clock() >= old.until:
                break
            new = replace(old, tries_left=old.tries_left - 1)
            if self._challenges.replace(old, new):
                return new
        raise WrongApplicantCodeError

    def _draw_code(self) -> str:
        return f"{int.from_bytes(self._dice(_DRAWN)) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def _applicant(application: UUID, region: str) -> Subject:
    label = f"application {application}"
    return Subject(id=application, region=region, roles=frozenset({Role.APPLICANT}), label=label)
