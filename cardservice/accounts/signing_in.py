"""Sign-in of an account: password, then the second factor where one is enrolled."""

from dataclasses import dataclass, replace

from cardservice.accounts.account import NAME_LENGTH, Account, normal_name
from cardservice.accounts.addresses import address_key
from cardservice.accounts.dice import Clock
from cardservice.accounts.lockout import BY_ADDRESS, BY_NAME, Delays, Lockout
from cardservice.accounts.passwords import Passwords
from cardservice.accounts.ports import AccountStore, AttemptStore, Sealer, StaleAccountError
from cardservice.accounts.recovery import CODE_MAX, spend
from cardservice.accounts.session import Stage, Subject
from cardservice.accounts.sessions import Opened, Sessions
from cardservice.accounts.totp import DIGITS, matching_step
from cardservice.errors import Refusal


class WrongCredentialsError(Refusal):
    """One answer for a wrong password, an unknown name and a closed account."""

    def __init__(self) -> None:
        super().__init__("sign-in-wrong", "The name or the password is wrong.")


class WrongCodeError(Refusal):
    """The code of the second factor is wrong, old, or was used."""

    def __init__(self) -> None:
        super().__init__("sign-in-code", "The code is wrong or was used already.", field="code")


class SessionOverError(Refusal):
    """The session ended between two steps."""

    def __init__(self) -> None:
        super().__init__("sign-in-over", "The sign-in took too long. Begin again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """What sign-in reads and writes."""

    accounts: AccountStore
    attempts: AttemptStore
    sessions: Sessions
    sealer: Sealer


def subject_of(account: Account) -> Subject:
    """Return whom a session of that account stands for."""
    return Subject(id=account.id, region=account.region, roles=account.roles, label=account.name)


class SignIn:
    """Judges names, passwords and codes; every try is counted before it is judged."""

    def __init__(
        self,
        stores: Stores,
        *,
        passwords: Passwords,
        clock: Clock,
        by_name: Delays = BY_NAME,
        by_address: Delays = BY_ADDRESS,
    ) -> None:
        self._accounts = stores.accounts
        self._sessions = stores.sessions
        self._sealer = stores.sealer
        self._passwords = passwords
        self._clock = clock
        store = stores.attempts
        self._names = Lockout("name", by_name, store=store, clock=clock)
        self._factors = Lockout("second-factor", by_name, store=store, clock=clock)
        self._addresses = Lockout("address", by_address, store=store, clock=clock)

    def with_password(self, typed: str, password: str, *, address: str | None) -> Opened:
        """Begin a session for a name and its password; only half of one if a code is due.

        Raises:
            LockedOutError: not yet.
            WrongCredentialsError: whatever else is wrong.
        """
        name = normal_name(typed)
        account = self._judge(
            name or typed[:NAME_LENGTH],
            password,
            address=address,
            account=self._accounts.by_name(name) if name else None,
        )
        account = self._refreshed(account, password)
        return self.begin(account)

    def begin(self, account: Account) -> Opened:
        """Begin a session for an account that proved itself, here or at an OpenID provider."""
        half = account.second_factor is not None
        return self._sessions.begin(
            subject_of(account), Stage.SECOND_FACTOR if half else Stage.FULL
        )

    def confirm(self, account: Account, password: str, *, address: str | None) -> None:
        """Return if the password is the account's; for changes inside a session.

        Raises:
            LockedOutError, WrongCredentialsError: as at a sign-in, and counted as one.
        """
        self._judge(account.name, password, address=address, account=account)

    def with_code(self, token: str, code: str, *, address: str | None) -> Opened:
        """Return the whole session for a code of the device or a recovery code.

        Raises:
            SessionOverError: there is no half session of that token.
            LockedOutError: not yet.
            WrongCodeError: the code is not good (any more).
        """
        session = self._sessions.find(token)
        if session is None or session.stage is not Stage.SECOND_FACTOR:
            raise SessionOverError
        who, source = str(session.subject.id), address_key(address)
        self._addresses.count(source)
        self._factors.count(who)
        account = self._spend_code(self._account(session.subject), code)
        self._factors.forgive(who)
        self._addresses.take_back(source)
        opened = self._sessions.change(token, subject=subject_of(account))
        if opened is None:
            raise SessionOverError
        return opened

    def _account(self, subject: Subject) -> Account:
        account = self._accounts.by_id(subject.id)
        if account is None or account.disabled:
            raise SessionOverError
        return account

    def _judge(
        self, name: str, password: str, *, address: str | None, account: Account | None
    ) -> Account:
        source = address_key(address)
        self._addresses.count(source)
        self._names.count(name)
        stored = account.password_hash if account is not None else None
        fits = self._passwords.verify(stored, password)
        if not fits or account is None or account.disabled:
            raise WrongCredentialsError
        self._names.forgive(name)
        self._addresses.take_back(source)
        return account

    def _refreshed(self, account: Account, password: str) -> Account:
        """Return the account with its password hashed with today's parameters."""
        if account.password_hash is None or not self._passwords.is_outdated(account.password_hash):
            return account
        try:
            renewed = self._passwords.rehash(password)
            return self._accounts.save(replace(account, password_hash=renewed))
        except StaleAccountError:
            return account  # The next sign-in tries again; this one is right all the same.

    def _spend_code(self, account: Account, code: str) -> Account:
        for way in (self._by_device, self._by_recovery):
            changed = way(account, code)
            if changed is not None:
                return self._saved_once(changed)
        raise WrongCodeError

    def _saved_once(self, changed: Account) -> Account:
        # Two requests with one code: the second finds the account changed and is refused.
        try:
            return self._accounts.save(changed)
        except StaleAccountError:
            raise WrongCodeError from None

    def _by_device(self, account: Account, code: str) -> Account | None:
        factor = account.second_factor
        digits = code.replace(" ", "")[: DIGITS + 1]
        if factor is None:
            return None
        secret = self._sealer.open(factor.sealed, context=account.id.bytes)
        step = matching_step(secret, digits, now=self._clock(), after=factor.last_step)
        if step is None:
            return None
        return replace(account, second_factor=replace(factor, last_step=step))

    def _by_recovery(self, account: Account, code: str) -> Account | None:
        left = spend(account.id, code, account.recovery) if len(code) <= CODE_MAX else None
        return None if left is None else replace(account, recovery=left)
