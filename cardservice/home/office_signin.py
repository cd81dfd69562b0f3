"""The services of sign-in over the office's database, without pages."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cardservice.accounts.api_tokens import ApiTokens
from cardservice.accounts.applicants import ApplicantSignIn
from cardservice.accounts.managing import AccountBook
from cardservice.accounts.openid.fetching import HttpFetch
from cardservice.accounts.openid.settings import OpenIdSettings, verify_settings
from cardservice.accounts.openid.signing_in import OpenIdSignIn
from cardservice.accounts.passwords import Argon2Settings, Passwords
from cardservice.accounts.sessions import Sessions, SessionTimes
from cardservice.accounts.signing_in import SignIn, Stores
from cardservice.errors import UsageError
from cardservice.home.office_applicants import OfficeApplicants
from cardservice.home.office_ids import new_id
from cardservice.home.office_keys import OfficeKeys
from cardservice.home.office_secrets import read_optional
from cardservice.registry.frame import Office
from cardservice.registry.outbox_sealing import KeyStoreSealer
from cardservice.settings import Settings
from cardservice.storage.engine import Database
from cardservice.storage.stores.accounts import DatabaseAccounts
from cardservice.storage.stores.sessions import DatabaseApiTokens, DatabaseSessions
from cardservice.storage.stores.tries import DatabaseAttempts, DatabaseChallenges

ANSWER: Final = "/sign-in/openid/answer"
NO_REGION: Final = "00000"  # of an office that was told none: the one nobody lives in
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSignIn:
    """What stands behind the sign-in pages; ``openid`` is None where no provider is set."""

    stores: Stores
    sign_in: SignIn
    book: AccountBook
    passwords: Passwords
    applicants: ApplicantSignIn
    api_tokens: ApiTokens
    openid: OpenIdSignIn | None = field(default=None)


def open_sign_in(
    settings: Settings, database: Database, keys: OfficeKeys, *, office: Office
) -> OfficeSignIn:
    """Return the services, with the clock of ``office``.

    Raises:
        UsageError: the OpenID provider's settings do not serve.
    """
    clock = office.clock
    stores = _stores(settings, database, keys, clock)
    passwords = Passwords(argon2_settings(settings))
    applicants = OfficeApplicants(office)
    return OfficeSignIn(
        stores=stores,
        sign_in=SignIn(stores, passwords=passwords, clock=clock),
        book=AccountBook(stores, passwords=passwords, clock=clock, dice=os.urandom),
        passwords=passwords,
        applicants=ApplicantSignIn(
            DatabaseChallenges(database),
            applications=applicants,
            outbox=applicants,
            sessions=stores.sessions,
            clock=clock,
            dice=os.urandom,
        ),
        api_tokens=ApiTokens(
            DatabaseApiTokens(database), clock=clock, dice=os.urandom, new_id=new_id
        ),
        openid=_openid(settings, stores, clock),
    )


def argon2_settings(settings: Settings) -> Argon2Settings:
    """Return the costs of a password's hash."""
    return Argon2Settings(
        time_cost=settings.argon2_time_cost,
        memory_kib=settings.argon2_memory_kib,
        parallelism=settings.argon2_parallelism,
        at_once=settings.argon2_at_once,
    )


def session_times(settings: Settings) -> SessionTimes:
    """Return how long sessions last."""
    return SessionTimes(
        idle=timedelta(minutes=settings.session_idle_min),
        absolute=timedelta(hours=settings.session_hours),
    )


def _stores(settings: Settings, database: Database, keys: OfficeKeys, clock: Clock) -> Stores:
    sessions = Sessions(
        DatabaseSessions(database), clock=clock, dice=os.urandom, times=session_times(settings)
    )
    return Stores(
        accounts=DatabaseAccounts(database),
        attempts=DatabaseAttempts(database),
        sessions=sessions,
        sealer=KeyStoreSealer(keys.second_factors),
    )


def _openid(settings: Settings, stores: Stores, clock: Clock) -> OpenIdSignIn | None:
    if settings.openid_issuer is None:
        return None
    return OpenIdSignIn(
        openid_settings(settings, settings.openid_issuer),
        fetch=HttpFetch(),
        accounts=stores.accounts,
        sessions=stores.sessions,
        clock=clock,
        new_id=new_id,
    )


def openid_settings(settings: Settings, issuer: str) -> OpenIdSettings:
    """Return what the service tells its OpenID provider, and expects of it.

    Raises:
        UsageError: the public address is missing, or one of the addresses is not https.
    """
    if settings.public_address is None:
        raise UsageError("setting public_address: an OpenID provider sends browsers back to it")
    secret = read_optional(settings.openid_secret_file, named="setting openid_secret_file")
    told = OpenIdSettings(
        issuer=issuer,
        client_id=settings.openid_client_id,
        client_secret=secret,
        redirect_uri=settings.public_address.rstrip("/") + ANSWER,
        role_claim=settings.openid_role_claim,
        role_map=settings.openid_roles,
        region=settings.region or NO_REGION,
        insecure_loopback=settings.insecure_cookies,
    )
    return verify_settings(told, production=settings.production)
