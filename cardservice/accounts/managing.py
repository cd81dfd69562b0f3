"""What an account's owner and an administrator change; each change ends the sessions it must."""

from dataclasses import replace

from cardservice.accounts.account import Account, SecondFactor, parse_name, require_staff
from cardservice.accounts.dice import Clock, Dice, NewId
from cardservice.accounts.password_rules import PasswordRules
from cardservice.accounts.passwords import Passwords
from cardservice.accounts.recovery import draw_codes, hash_code
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Stage
from cardservice.accounts.sessions import Opened
from cardservice.accounts.signing_in import SessionOverError, Stores, WrongCodeError, subject_of
from cardservice.accounts.totp import SECRET_OCTETS, matching_step
from cardservice.errors import Refusal


class AccountBook:
    """Makes and changes accounts. Who may do it is judged before, by the table of rights."""

    def __init__(
        self,
        stores: Stores,
        *,
        passwords: Passwords,
        clock: Clock,
        dice: Dice,
        rules: PasswordRules | None = None,
    ) -> None:
        self._accounts = stores.accounts
        self._sessions = stores.sessions
        self._sealer = stores.sealer
        self._passwords = passwords
        self._clock = clock
        self._dice = dice
        self._rules = rules or PasswordRules()

    def add(
        self,
        typed: str,
        *,
        roles: frozenset[Role],
        region: str,
        new_id: NewId,
        password: str | None = None,
    ) -> Account:
        """Return a new account.

        Raises:
            Refusal: ``account-name``, ``account-roles``, ``account-exists`` or ``password-…``.
        """
        name, roles = parse_name(typed), require_staff(roles)
        hashed = None if password is None else self._hashed(password, name)
        account = Account(
            id=new_id(),
            region=region,
            name=name,
            roles=roles,
            password_hash=hashed,
            password_at=self._clock(),
        )
        self._accounts.add(account)
        return account

    def change_password(self, account: Account, new: str, *, token: str) -> Opened:
        """Set another password; the session goes on under a new token, all others end.

        The present password is confirmed before, see ``SignIn.confirm``.

        Raises:
            Refusal: ``password-…``, ``password-same`` or ``account-stale``.
        """
        if self._passwords.verify(account.password_hash, new):
            sentence = "This is the password you have now."
            raise Refusal("password-same", sentence, field="new_password")
        hashed = self._hashed(new, account.name)
        saved = self._accounts.save(
            replace(account, password_hash=hashed, password_at=self._clock())
        )
        return self._only_session(saved, token)

    def reset_password(self, account: Account, password: str) -> Account:
        """Give an account a password that somebody else chose; all its sessions end.

        Raises:
            Refusal: ``password-…`` or ``account-stale``.
        """
        hashed = self._hashed(password, account.name)
        saved = self._accounts.save(
            replace(account, password_hash=hashed, password_at=self._clock())
        )
        self._sessions.end_all(saved.id)
        return saved

    def change_roles(self, account: Account, roles: frozenset[Role]) -> Account:
        """Give an account other roles and end all its sessions: the next sign-in has the new.

        Raises:
            Refusal: ``account-roles`` or ``account-stale``.
        """
        saved = self._accounts.save(replace(account, roles=require_staff(roles)))
        self._sessions.end_all(saved.id)
        return saved

    def disable(self, account: Account, *, disabled: bool = True) -> Account:
        """Close or open an account; closing ends all its sessions."""
        saved = self._accounts.save(replace(account, disabled=disabled))
        self._sessions.end_all(saved.id)
        return saved

    def begin_enrolment(self, account: Account) -> tuple[Account, bytes]:
        """Return the account and a new 20-octet secret that a device is to learn.

        It is shown once, to one who has just confirmed the password: a secret that a stolen
        session could look up would be no second factor.
        """
        secret = self._dice(SECRET_OCTETS)
        sealed = self._sealer.seal(secret, context=account.id.bytes)
        return self._accounts.save(replace(account, pending=sealed)), secret

    def finish_enrolment(
        self, account: Account, code: str, *, token: str
    ) -> tuple[Opened, tuple[str, ...]]:
        """Take the new device if its code is right; return ten recovery codes, shown once.

        Raises:
            WrongCodeError: the code is not the device's.
            Refusal: ``account-stale``.
        """
        pending = account.pending
        if pending is None:
            raise WrongCodeError
        secret = self._sealer.open(pending, context=account.id.bytes)
        step = matching_step(secret, code.replace(" ", ""), now=self._clock(), after=-1)
        if step is None:
            raise WrongCodeError
        codes = draw_codes(self._dice)
        saved = self._accounts.save(
            replace(
                account,
                second_factor=SecondFactor(pending, step),
                pending=None,
                recovery=tuple(hash_code(account.id, one) for one in codes),
            )
        )
        return self._only_session(saved, token), codes

    def remove_second_factor(self, account: Account) -> Account:
        """Forget the device and its recovery codes; ends all sessions of the account."""
        saved = self._accounts.save(replace(account, second_factor=None, pending=None, recovery=()))
        self._sessions.end_all(saved.id)
        return saved

    def _hashed(self, password: str, name: str) -> str:
        return self._passwords.hash(self._rules.accept(password, near=(name,)))

    def _only_session(self, account: Account, token: str) -> Opened:
        opened = self._sessions.change(token, subject=subject_of(account), stage=Stage.FULL)
        self._sessions.end_all(account.id, but=opened.token if opened else None)
        if opened is None:
            raise SessionOverError
        return opened
