"""Keys of this room, derived from one secret key that never leaves its store.

Source: NIST SP 800-108r1, 4.1 (counter mode) with CMAC as the function; counter of 8 bits before
the label, length of 16 bits in the end.
"""

from typing import Final

from cardservice.pki.keys import CMAC_OCTETS, SecretKey

DERIVED_OCTETS: Final = 32
_BITS: Final = (8 * DERIVED_OCTETS).to_bytes(2)


def derive(secret: SecretKey, label: str, context: bytes = b"") -> bytes:
    """Return 32 octets that only who has ``secret`` can compute.

    Args:
        secret: of 32 octets, or what is derived is worth no more than it.
        label: what they are for; no two uses share one.
        context: what of that kind they are for.
    """
    fixed = label.encode() + b"\0" + context + _BITS
    rounds = range(1, DERIVED_OCTETS // CMAC_OCTETS + 1)
    return b"".join(secret.cmac(bytes((counter,)) + fixed) for counter in rounds)
