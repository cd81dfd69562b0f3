"""An office to sign in to: real services, cheap hashes, a clock that the test moves."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from fastapi import FastAPI

from cardservice.accounts.account import Account
from cardservice.accounts.api_tokens import ApiTokens, InsecureMemoryApiTokens
from cardservice.accounts.applicants import ApplicantSignIn, FoundApplication
from cardservice.accounts.buckets import Rate, TokenBuckets
from cardservice.accounts.managing import AccountBook
from cardservice.accounts.memory import (
    InsecureMemoryAccounts,
    InsecureMemoryAttempts,
    InsecureMemoryChallenges,
    InsecureMemorySessions,
    InsecurePlainSealer,
)
from cardservice.accounts.openid.signing_in import OpenIdSignIn
from cardservice.accounts.passwords import Argon2Settings, Passwords, argon2id
from cardservice.accounts.roles import Role
from cardservice.accounts.sessions import Sessions
from cardservice.accounts.signing_in import SignIn, Stores
from cardservice.accounts.totp import step_at, totp_code
from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskHub
from cardservice.web.signin.context import SignInContext
from cardservice.web.signin.cookies import Cookies
from cardservice.web.signin.install import install_sign_in

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAME = "a.petrova"
PASSWORD = "heron umbrella quartz lantern"  # noqa: S105 - of a fictional clerk
NEW_PASSWORD = "granite pelican violin teapot"  # noqa: S105
REGION = "00000"
CHEAP = Argon2Settings(time_cost=1, memory_kib=8, parallelism=1)
ORIGIN = "http://127.0.0.1:8080"
APPLICATION = FoundApplication(id=uuid4(), region="00000", number="00-2026-000017")
BIRTH_DATE = date(1985, 4, 12)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class CountingHasher:
    """Argon2id that counts how often it ran."""

    def __init__(self, settings: Argon2Settings) -> None:
        self._real: PasswordHasher = argon2id(settings)
        self.verified = 0
        self.lengths: list[int] = []

    def hash(self, password: str) -> str:
        return self._real.hash(password)

    def verify(self, hash: str, password: str) -> bool:  # noqa: A002
        self.verified += 1
        self.lengths.append(len(password))
        return self._real.verify(hash, password)

    def check_needs_rehash(self, hash: str) -> bool:  # noqa: A002
        return self._real.check_needs_rehash(hash)


@dataclass(slots=True)
class Mailbox:
    """Knows one application and keeps the codes that were sent."""

    codes: list[str] = field(default_factory=list)

    def find(self, number: str, birth_date: date) -> FoundApplication | None:
        return APPLICATION if (number, birth_date) == (APPLICATION.number, BIRTH_DATE) else None

    def send_code(self, application: FoundApplication, code: str, *, until: datetime) -> None:
        assert application is APPLICATION
        assert until > START
        self.codes.append(code)


class Office:
    """Everything of sign-in, with one clerk."""

    def __init__(self, *, argon2: Argon2Settings = CHEAP) -> None:
        self.clock = Clock()
        self.hasher = CountingHasher(argon2)
        self.passwords = Passwords(argon2, hasher=lambda _: self.hasher)
        self.accounts = InsecureMemoryAccounts()
        self.attempts = InsecureMemoryAttempts()
        self.rows = InsecureMemorySessions()
        self.sessions = Sessions(self.rows, clock=self.clock, dice=secrets.token_bytes)
        self.stores = Stores(
            accounts=self.accounts,
            attempts=self.attempts,
            sessions=self.sessions,
            sealer=InsecurePlainSealer(),
        )
        self.sign_in = SignIn(self.stores, passwords=self.passwords, clock=self.clock)
        self.book = AccountBook(
            self.stores, passwords=self.passwords, clock=self.clock, dice=secrets.token_bytes
        )
        self.mailbox = Mailbox()
        self.challenges = InsecureMemoryChallenges()
        self.applicants = ApplicantSignIn(
            self.challenges,
            applications=self.mailbox,
            outbox=self.mailbox,
            sessions=self.sessions,
            clock=self.clock,
            dice=secrets.token_bytes,
        )
        self.tokens = ApiTokens(
            InsecureMemoryApiTokens(), clock=self.clock, dice=secrets.token_bytes, new_id=uuid4
        )
        self.clerk = self.add(NAME, Role.CLERK)

    def add(self, name: str, *roles: Role) -> UUID:
        return self.book.add(
            name, roles=frozenset(roles), region=REGION, new_id=uuid4, password=PASSWORD
        ).id

    def account(self, account: UUID | None = None) -> Account:
        found = self.accounts.by_id(account or self.clerk)
        assert found is not None
        return found

    def enrol(self) -> tuple[bytes, tuple[str, ...]]:
        """Enrol a device for the clerk; the secret and the recovery codes. All sessions end."""
        token = self.sign_in.with_password(NAME, PASSWORD, address=None).token
        account, secret = self.book.begin_enrolment(self.account())
        opened, codes = self.book.finish_enrolment(account, self.code(secret), token=token)
        self.sessions.end(opened.token)
        self.clock.move(seconds=60)
        return secret, codes

    def code(self, secret: bytes, *, steps: int = 0) -> str:
        return totp_code(secret, step_at(self.clock()) + steps)

    def context(
        self,
        *,
        secure: bool = False,
        openid: OpenIdSignIn | None = None,
        forms: Rate = Rate(1000, 1.0),  # noqa: B008
    ) -> SignInContext:
        return SignInContext(
            stores=self.stores,
            sign_in=self.sign_in,
            book=self.book,
            cookies=Cookies(secure=secure),
            clock=self.clock,
            dice=secrets.token_bytes,
            forms=TokenBuckets(forms, clock=self.clock),
            applicants=self.applicants,
            openid=openid,
            api_tokens=self.tokens,
        )

    def app(self, context: SignInContext | None = None) -> FastAPI:
        app = create_app(DeskHub())
        install_sign_in(app, context or self.context())
        return app
