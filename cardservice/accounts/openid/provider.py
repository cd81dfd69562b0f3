"""What the provider tells about itself: addresses and keys, fetched and kept for a while."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cardservice.accounts.dice import Clock
from cardservice.accounts.openid.fetching import Fetch
from cardservice.accounts.openid.settings import OpenIdError, OpenIdSettings, is_trusted_address

WELL_KNOWN: Final = "/.well-known/openid-configuration"  # Discovery 1.0, section 4
KEPT: Final = timedelta(hours=1)
# Anybody can send us a token with an unknown key; the provider is not to suffer from it.
KEYS_AGAIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Addresses of one provider and its public keys."""

    authorization: str
    token: str
    keys_address: str
    keys: KeySet
    fetched_at: datetime


class ProviderCache:
    """The provider as last heard of."""

    def __init__(self, settings: OpenIdSettings, *, fetch: Fetch, clock: Clock) -> None:
        self._settings = settings
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._kept: Provider | None = None

    def provider(self) -> Provider:
        """Return the provider, asked at most once an hour.

        Raises:
            OpenIdError: it cannot be reached or says something else than it should.
        """
        return self._younger_than(KEPT)

    def with_new_keys(self) -> Provider:
        """Return the provider with its keys of this minute, for a token of an unknown key."""
        return self._younger_than(KEYS_AGAIN)

    def _younger_than(self, age: timedelta) -> Provider:
        with self._lock:
            kept = self._kept
            if kept is None or self._clock() - kept.fetched_at >= age:
                self._kept = kept = self._discover()
            return kept

    def _discover(self) -> Provider:
        document = parse_object(self._fetch.get(self._settings.issuer.rstrip("/") + WELL_KNOWN))
        if document.get("issuer") != self._settings.issuer:
            raise OpenIdError("issuer")
        keys_address = self._address(document, "jwks_uri")
        return Provider(
            authorization=self._address(document, "authorization_endpoint"),
            token=self._address(document, "token_endpoint"),
            keys_address=keys_address,
            keys=_key_set(self._fetch.get(keys_address)),
            fetched_at=self._clock(),
        )

    def _address(self, document: dict[str, Any], name: str) -> str:
        address = document.get(name)
        if not isinstance(address, str) or not is_trusted_address(address, self._settings):
            raise OpenIdError("discovery")
        return address


def parse_object(body: bytes) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        OpenIdError: it is not one.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise OpenIdError("not-json") from None
    if not isinstance(value, dict):
        raise OpenIdError("not-json")
    return value


def _key_set(body: bytes) -> KeySet:
    listed = parse_object(body).get("keys")
    if not isinstance(listed, list):
        raise OpenIdError("keys")
    # Keys for other uses, and secret ones that have no place here, are left out.
    usable: Any = [one for one in listed if isinstance(one, dict) and _signs(one)]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise OpenIdError("keys") from None


def _signs(key: dict[str, Any]) -> bool:
    return key.get("kty") in {"RSA", "EC"} and key.get("use", "sig") == "sig"
