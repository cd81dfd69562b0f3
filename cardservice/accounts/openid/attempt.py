"""One sign-in on its way, bound to the browser that began it; the service stores nothing.

The browser keeps a random secret in a cookie. State, nonce and PKCE verifier are made from it,
so an answer that another browser began fits none of them.
"""

import hmac
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from cardservice.accounts.dice import base64url, keyed
from cardservice.accounts.openid.settings import OpenIdError

LASTS: Final = timedelta(minutes=10)
_SECRET_MIN: Final = 43  # characters of a token of 256 bits
STATE_MAX: Final = 2048  # characters; ours have about 100 and the page to go back to


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdAttempt:
    """What goes to the provider and comes back.

    Attributes:
        state: with the time of the beginning and the page to go back to in it.
        verifier: 43 characters; RFC 7636, section 4.1.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    return_to: str

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier; RFC 7636, section 4.2."""
        return base64url(sha256(self.verifier.encode("ascii")).digest())


def begin_attempt(secret: str, *, now: datetime, return_to: str) -> OpenIdAttempt:
    """Return the attempt of a browser that keeps ``secret``."""
    started, page = str(int(now.timestamp())), base64url(return_to.encode("utf-8", "replace"))
    mark = base64url(keyed(secret, "openid state", started, page))
    return OpenIdAttempt(
        state=f"{started}.{mark}.{page}",
        nonce=base64url(keyed(secret, "openid nonce", started)),
        verifier=base64url(keyed(secret, "openid verifier", started)),
        return_to=return_to,
    )


def resume_attempt(secret: str, state: str, *, now: datetime) -> OpenIdAttempt:
    """Return the attempt that ``state`` belongs to.

    Raises:
        OpenIdError: this browser did not begin it, or too long ago.
    """
    # Anybody can make a state for the secret that is no secret.
    if len(secret) < _SECRET_MIN:
        raise OpenIdError("no-cookie")
    if len(state) > STATE_MAX or not state.isascii():
        raise OpenIdError("state")
    started, _, rest = state.partition(".")
    mark, _, page = rest.partition(".")
    expected = base64url(keyed(secret, "openid state", started, page))
    if not hmac.compare_digest(mark.encode(), expected.encode()):
        raise OpenIdError("state")
    begun = datetime.fromtimestamp(int(started), tz=now.tzinfo)
    if not timedelta(0) <= now - begun + timedelta(seconds=1) <= LASTS:
        raise OpenIdError("state-too-old")
    padded = page + "=" * (-len(page) % 4)
    return begin_attempt(secret, now=begun, return_to=urlsafe_b64decode(padded).decode("utf-8"))
