"""The text form of an encrypted private key (RFC 7468, 11)."""

import base64
import textwrap

BEGIN = "-----BEGIN ENCRYPTED PRIVATE KEY-----"
END = "-----END ENCRYPTED PRIVATE KEY-----"
LINE = 64


def encode(octets: bytes) -> bytes:
    """Return the PEM text of an EncryptedPrivateKeyInfo."""
    lines = textwrap.wrap(base64.b64encode(octets).decode("ascii"), LINE)
    return "\n".join((BEGIN, *lines, END, "")).encode("ascii")


def decode(text: bytes) -> bytes:
    """Return the EncryptedPrivateKeyInfo of a PEM text.

    Raises:
        ValueError: not exactly one, or no base64.
    """
    first, *lines, last = text.decode("ascii").strip().splitlines()
    if (first, last) != (BEGIN, END):
        raise ValueError("not one encrypted private key")
    return base64.b64decode("".join(lines), validate=True)
