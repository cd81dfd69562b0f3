"""What an authenticator program scans: an address in a QR code."""

from base64 import b32encode
from typing import Final
from urllib.parse import quote, urlencode

import segno

from cardservice.accounts.totp import DIGITS, STEP_S

ISSUER: Final = "Electronic policy card"
_GROUP: Final = 4
_QUIET: Final = 4  # modules of margin; ISO/IEC 18004, section 9.1


def enrolment_address(secret: bytes, *, name: str, issuer: str = ISSUER) -> str:
    """Return the ``otpauth:`` address; it holds the secret.

    Source: the key URI format that authenticator programs share.
    """
    label = quote(f"{issuer}:{name}", safe="")
    values = {
        "secret": typed_secret(secret).replace(" ", ""),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_S,
    }
    return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"


def typed_secret(secret: bytes) -> str:
    """Return the secret for those who type it: base32 in groups of four."""
    text = b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def qr_path(text: str) -> tuple[int, str]:
    """Return the side in modules, margins included, and an SVG path of unit squares in it."""
    matrix = segno.make(text, error="m", micro=False).matrix
    squares = (
        f"M{column + _QUIET} {row + _QUIET}h1v1h-1z"
        for row, line in enumerate(matrix)
        for column, dark in enumerate(line)
        if dark
    )
    return len(matrix) + 2 * _QUIET, "".join(squares)
