"""From an answer of the provider to an account of ours."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from cardservice.accounts.account import Account, normal_name
from cardservice.accounts.dice import Clock, NewId
from cardservice.accounts.openid.attempt import OpenIdAttempt, begin_attempt, resume_attempt
from cardservice.accounts.openid.fetching import Fetch
from cardservice.accounts.openid.id_token import Identity, verify_id_token
from cardservice.accounts.openid.provider import Provider, ProviderCache, parse_object
from cardservice.accounts.openid.settings import OpenIdError, OpenIdSettings
from cardservice.accounts.ports import AccountStore
from cardservice.accounts.sessions import Sessions
from cardservice.errors import Refusal

CODE_MAX: Final = 2048  # characters of an authorization code
_NAME_DIGITS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAnswer:
    """The query of the browser's way back; every text is unverified."""

    code: str = ""
    state: str = ""
    issuer: str | None = None
    error: str | None = None


class OpenIdSignIn:
    """Sends browsers to the provider and judges what they bring back."""

    def __init__(  # noqa: PLR0913 - its ports, each named
        self,
        settings: OpenIdSettings,
        *,
        fetch: Fetch,
        accounts: AccountStore,
        sessions: Sessions,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._settings = settings
        self._fetch = fetch
        self._cache = ProviderCache(settings, fetch=fetch, clock=clock)
        self._accounts = accounts
        self._sessions = sessions
        self._clock = clock
        self._new_id = new_id

    def begin(self, secret: str, *, return_to: str) -> str:
        """Return the provider's address to send the browser to, which keeps ``secret``.

        Raises:
            OpenIdError: the provider cannot be reached.
        """
        attempt = begin_attempt(secret, now=self._clock(), return_to=return_to)
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": " ".join(self._settings.scopes),
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        address = self._cache.provider().authorization
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def finish(self, secret: str, answer: ProviderAnswer) -> tuple[Account, str]:
        """Return the account of the person who signed in there, and the page to go back to.

        The account's roles are those the provider names now; sessions with others are ended.

        Raises:
            OpenIdError: the provider, or this browser, did not confirm anybody.
            Refusal: ``sign-in-no-role`` or ``sign-in-wrong``.
        """
        attempt = resume_attempt(secret, answer.state, now=self._clock())
        # RFC 9207: an answer that names another issuer was meant for somebody else (mix-up).
        if answer.issuer is not None and answer.issuer != self._settings.issuer:
            raise OpenIdError("issuer")
        if answer.error is not None or not 0 < len(answer.code) <= CODE_MAX:
            raise OpenIdError("refused-there")
        provider = self._cache.provider()
        token = self._redeem(provider, answer.code, attempt)
        identity = self._identity(token, attempt)
        return self._account_of(identity), attempt.return_to

    def _redeem(self, provider: Provider, code: str, attempt: OpenIdAttempt) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": attempt.verifier,
            "client_id": self._settings.client_id,
        }
        user = None
        if self._settings.client_secret is not None:  # RFC 6749, section 2.3.1
            secret = quote(self._settings.client_secret, safe="")
            user = quote(self._settings.client_id, safe=""), secret
        token = parse_object(self._fetch.post(provider.token, form, user=user)).get("id_token")
        if not isinstance(token, str):
            raise OpenIdError("no-token")
        return token

    def _identity(self, token: str, attempt: OpenIdAttempt) -> Identity:
        # A signature may be of a key that came into use after ours were fetched.
        try:
            return self._verified(self._cache.provider, token, attempt)
        except OpenIdError as error:
            if error.reason != "signature":
                raise
        return self._verified(self._cache.with_new_keys, token, attempt)

    def _verified(
        self, provider: Callable[[], Provider], token: str, attempt: OpenIdAttempt
    ) -> Identity:
        return verify_id_token(
            token,
            keys=provider().keys,
            settings=self._settings,
            nonce=attempt.nonce,
            now=self._clock(),
        )

    def _account_of(self, identity: Identity) -> Account:
        if not identity.roles:
            raise Refusal("sign-in-no-role", "Your account has no role in this office.")
        account = self._accounts.by_subject(identity.issuer, identity.subject)
        if account is None:
            return self._new_account(identity)
        if account.disabled:
            raise Refusal("sign-in-wrong", "The name or the password is wrong.")
        if account.roles == identity.roles:
            return account
        saved = self._accounts.save(replace(account, roles=identity.roles))
        self._sessions.end_all(saved.id)
        return saved

    def _new_account(self, identity: Identity) -> Account:
        account = Account(
            id=self._new_id(),
            region=self._settings.region,
            name=self._free_name(identity),
            roles=identity.roles,
            issuer=identity.issuer,
            subject=identity.subject,
        )
        self._accounts.add(account)
        return account

    def _free_name(self, identity: Identity) -> str:
        """Return a name that shows where it comes from, so that it passes for no local one."""
        host = urlsplit(identity.issuer).hostname or ""
        name = normal_name(f"{identity.preferred_name or ''}@{host}")
        if name and not name.startswith("@") and self._accounts.by_name(name) is None:
            return name
        digest = sha256(f"{identity.issuer}\0{identity.subject}".encode()).hexdigest()
        return f"openid-{digest[:_NAME_DIGITS]}"
