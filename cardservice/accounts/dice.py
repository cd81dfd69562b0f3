"""Types of what is handed in from outside, and how secrets are drawn and kept."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from hmac import digest
from typing import Final
from uuid import UUID

Clock = Callable[[], datetime]
Dice = Callable[[int], bytes]
NewId = Callable[[], UUID]

TOKEN_OCTETS: Final = 32  # 256 bits: cannot be guessed, so a plain hash of it may be stored


def draw_token(dice: Dice) -> str:
    """Return 32 random octets in base64url without padding, 43 characters."""
    return base64url(dice(TOKEN_OCTETS))


def base64url(octets: bytes) -> str:
    """Return ``octets`` in base64url without padding (RFC 7515, appendix C)."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def hash_token(token: str) -> bytes:
    """Return the 32 octets under which a token is stored: SHA-256, as a token is no password."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def keyed(secret: str, purpose: str, *parts: str) -> bytes:
    """Return 32 octets that only one who knows ``secret`` can make: HMAC-SHA-256.

    Parts are set apart by NUL, which no part holds: two lists of parts never look alike.
    """
    message = "\0".join((purpose, *parts)).encode("utf-8", "surrogatepass")
    return digest(secret.encode("utf-8", "surrogatepass"), message, "sha256")
