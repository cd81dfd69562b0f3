"""The chip key pair, and keys from a shared secret.

Source: ICAO 9303-11 9.7.1 (KDF), TR-03111 4.3.1 (ECDH, x coordinate); vectors
``icao9303_kdf.json``.
"""

import hashlib
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulators.card.iso_channel import IsoChannel
from simulators.card.ports import Entropy, draw_scalar

COORDINATE_OCTETS = 32
POINT_OCTETS = 1 + 2 * COORDINATE_OCTETS
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_UNCOMPRESSED = 0x04
_AES_128_OCTETS = 16
_COUNTER_OCTETS = 4


class KdfCounter(IntEnum):
    """What a derived key is for."""

    ENCRYPTION = 1
    MAC = 2
    PASSWORD = 3


class WrongPointError(Exception):
    """The octets are no uncompressed point of the curve."""


def derive_aes_128(secret: bytes, counter: KdfCounter) -> bytes:
    """Return 16 octets: SHA-1 of secret ‖ counter, cut."""
    # SHA-1 is the standard's choice for AES-128; nothing here rests on collisions.
    digest = hashlib.sha1(secret + counter.to_bytes(_COUNTER_OCTETS, "big"), usedforsecurity=False)
    return digest.digest()[:_AES_128_OCTETS]


def channel_from(secret: bytes) -> IsoChannel:
    """Return a new secure messaging channel, counter 0, under keys from the shared x coordinate."""
    return IsoChannel(
        k_enc=derive_aes_128(secret, KdfCounter.ENCRYPTION),
        k_mac=derive_aes_128(secret, KdfCounter.MAC),
    )


def generate_private_key(entropy: Entropy) -> bytes:
    """Return a P-256 private key, 32 octets."""
    return draw_scalar(entropy, P256_ORDER).to_bytes(COORDINATE_OCTETS, "big")


def public_point(private: bytes) -> bytes:
    """Return ``04 ‖ x ‖ y``, 65 octets, of a P-256 private key of 32 octets."""
    public = _load_private(private).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def x_of(point: bytes) -> bytes:
    """Return the x coordinate, 32 octets, of an uncompressed point."""
    return point[1 : 1 + COORDINATE_OCTETS]


def load_point(point: bytes) -> ec.EllipticCurvePublicKey:
    """Return the P-256 public key of 65 octets.

    Raises:
        WrongPointError: another form or length, or not on the curve.
    """
    if len(point) != POINT_OCTETS or point[0] != _UNCOMPRESSED:
        raise WrongPointError
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise WrongPointError from None


def agree(private: bytes, point: bytes) -> bytes:
    """Return the x coordinate, 32 octets, that both sides reach.

    Raises:
        WrongPointError: the peer's point is not one of P-256.
    """
    return _load_private(private).exchange(ec.ECDH(), load_point(point))


def _load_private(private: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
