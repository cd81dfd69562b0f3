"""Time-based one-time passwords.

Source: RFC 6238 (TOTP), RFC 4226 section 5.3 (truncation). HMAC-SHA-1, six digits, 30 seconds:
what every authenticator program understands.
"""

import hmac
from datetime import datetime
from typing import Final

SECRET_OCTETS: Final = 20  # RFC 4226, section 4, R6: 160 bits recommended
STEP_S: Final = 30  # RFC 6238, section 5.2
DIGITS: Final = 6
DRIFT: Final = 1  # steps before and after; RFC 6238, section 5.2: at most one for delay
_TOP_BIT: Final = 0x7FFFFFFF
_NIBBLE: Final = 0x0F


def totp_code(secret: bytes, step: int, *, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """Return the code of one 30 s step, counted from 1970."""
    mac = hmac.digest(secret, step.to_bytes(8), algorithm)
    offset = mac[-1] & _NIBBLE
    number = int.from_bytes(mac[offset : offset + 4]) & _TOP_BIT
    return f"{number % 10**digits:0{digits}}"


def step_at(now: datetime) -> int:
    """Return the number of the step that ``now`` lies in."""
    return int(now.timestamp()) // STEP_S


def matching_step(secret: bytes, code: str, *, now: datetime, after: int) -> int | None:
    """Return the step whose code this is, None if it is none that may still be used.

    All steps are computed and compared in constant time, whichever fits. ``after``: the step
    that was used last; it and older ones are spent (RFC 6238, section 5.2).
    """
    found, given = None, code.encode("utf-8", "replace")
    for step in range(step_at(now) - DRIFT, step_at(now) + DRIFT + 1):
        same = hmac.compare_digest(totp_code(secret, max(step, 0)).encode(), given)
        found = step if same and step > after else found
    return found
