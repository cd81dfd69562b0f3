"""The ID token: who signed in there, for us, now, in answer to this browser.

Source: OpenID Connect Core 1.0, section 3.1.3.7; the numbers in comments are its steps.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cardservice.accounts.openid.settings import OpenIdError, OpenIdSettings
from cardservice.accounts.roles import STAFF, Role

ALGORITHMS: Final = ("RS256", "PS256", "ES256")  # public-key ones only; never none or HMAC
MAX_TOKEN: Final = 32 * 1024  # characters
MAX_SUBJECT: Final = 255  # ASCII characters; Core 1.0, section 2
_MAX_STEPS: Final = 4  # dots in the name of the role claim that are followed


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person as the provider confirmed them."""

    issuer: str
    subject: str = field(repr=False)
    preferred_name: str | None = field(default=None, repr=False)
    roles: frozenset[Role]


def verify_id_token(
    token: str, *, keys: KeySet, settings: OpenIdSettings, nonce: str, now: datetime
) -> Identity:
    """Return the identity that the token confirms.

    Raises:
        OpenIdError: any check fails; ``reason`` says which.
    """
    claims = _signed_claims(token, keys)
    _verify_party(claims, settings)
    _verify_times(claims, int(now.timestamp()), settings.skew_s)
    given = claims.get("nonce")  # 11
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise OpenIdError("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT:
        raise OpenIdError("subject")
    preferred = claims.get("preferred_username")
    return Identity(
        issuer=settings.issuer,
        subject=subject,
        preferred_name=preferred if isinstance(preferred, str) else None,
        roles=mapped_roles(claims, settings),
    )


def _signed_claims(token: str, keys: KeySet) -> dict[str, Any]:
    if len(token) > MAX_TOKEN:
        raise OpenIdError("token-too-long")
    try:
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)  # 6, 7
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        raise OpenIdError("signature") from None


def _verify_party(claims: dict[str, Any], settings: OpenIdSettings) -> None:
    if claims.get("iss") != settings.issuer:  # 2
        raise OpenIdError("issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if settings.client_id not in audiences:  # 3
        raise OpenIdError("audience")
    authorized = claims.get("azp")
    if (len(audiences) > 1 or authorized is not None) and authorized != settings.client_id:  # 4, 5
        raise OpenIdError("audience")


def _verify_times(claims: dict[str, Any], now: int, skew: int) -> None:
    expires, issued = _number(claims, "exp"), _number(claims, "iat")
    if now >= expires + skew:  # 9
        raise OpenIdError("expired")
    if issued > now + skew or ("nbf" in claims and _number(claims, "nbf") > now + skew):  # 10
        raise OpenIdError("not-yet")


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise OpenIdError("times")
    return value


def mapped_roles(claims: dict[str, Any], settings: OpenIdSettings) -> frozenset[Role]:
    """Return our roles for the names in the role claim; those nobody mapped are ignored."""
    value: Any = claims
    for step in settings.role_claim.split(".", _MAX_STEPS):
        value = value.get(step) if isinstance(value, dict) else None
    names = value if isinstance(value, list) else [value]
    mapped = (settings.role_map.get(one) for one in names if isinstance(one, str))
    return frozenset(one for one in mapped if one is not None) & STAFF
