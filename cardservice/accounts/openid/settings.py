"""What an office tells about its OpenID provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from cardservice.accounts.roles import Role
from cardservice.errors import Refusal, UsageError

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class OpenIdError(Refusal):
    """The provider did not confirm anybody; ``reason`` is a word for the log, never a value."""

    def __init__(self, reason: str) -> None:
        super().__init__("sign-in-openid", "The sign-in service did not confirm who you are.")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdSettings:
    """One provider.

    Attributes:
        issuer: its address, exactly as it names itself.
        client_secret: None: a public client, which PKCE alone protects.
        redirect_uri: our address ``…/sign-in/openid/answer`` as registered there.
        role_claim: where the ID token names roles; dots lead into objects.
        role_map: the provider's names to ours; others are ignored.
        region: of accounts that are made at a first sign-in.
        skew_s: seconds that the two clocks may differ.
        insecure_loopback: allow plain HTTP to this machine; production refuses it.
    """

    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ("openid", "profile")
    role_claim: str = "roles"
    role_map: Mapping[str, Role] = field(default_factory=lambda: MappingProxyType({}))
    region: str = "00000"
    skew_s: int = 60
    insecure_loopback: bool = False


def verify_settings(settings: OpenIdSettings, *, production: bool) -> OpenIdSettings:
    """Return the settings if the service may start with them.

    Raises:
        UsageError: plain HTTP in production, or an address that is not HTTPS.
    """
    if production and settings.insecure_loopback:
        raise UsageError("production refuses an OpenID provider over plain HTTP")
    for address in (settings.issuer, settings.redirect_uri):
        if not is_trusted_address(address, settings):
            raise UsageError("addresses of the OpenID provider and of the answer are https:")
    return settings


def is_trusted_address(address: str, settings: OpenIdSettings) -> bool:
    """Return whether an address is HTTPS without user and fragment, or loopback if allowed."""
    try:
        parts = urlsplit(address)
        host, user = parts.hostname, parts.username
    except ValueError:
        return False
    if not host or user is not None or parts.fragment or not address.isprintable():
        return False
    plain = settings.insecure_loopback and parts.scheme == "http" and host in LOOPBACK
    return plain or parts.scheme == "https"
