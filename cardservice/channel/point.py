"""Points as generic mapping needs them: sums, and both coordinates of a multiple.

The library multiplies and gives x alone; y follows from x of the next multiple. So no secret
scalar meets arithmetic of Python. What follows the multiplication, and the sum, is in Python and
not constant-time: it sees ephemeral values of one run and nothing that is kept.
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.channel.curves import Curve
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError

_UNCOMPRESSED: Final = b"\x04"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of ``curve`` other than the identity, made by the functions below only."""

    curve: Curve
    x: int = field(repr=False)
    y: int = field(repr=False)

    def encode(self) -> bytes:
        """Return 04 ‖ x ‖ y at full width, 65 octets on a curve of 256 bits."""
        return _UNCOMPRESSED + self.x_octets() + self.y.to_bytes(self.curve.coordinate_len)

    def x_octets(self) -> bytes:
        """Return Comp(point), x at full width: a dropped leading zero would give other keys."""
        return self.x.to_bytes(self.curve.coordinate_len)


def decode_point(octets: bytes, curve: Curve) -> Point:
    """Return the point 04 ‖ x ‖ y of ``curve``.

    Raises:
        MalformedDataError: another length or form (compressed, the identity), a coordinate not
            below p, or a point that is not on the curve.

    Source: BSI TR-03111 3.2.1; Wycheproof ``ecdh_secp256r1_ecpoint_test``.
    """
    if len(octets) != curve.point_len or not octets.startswith(_UNCOMPRESSED):
        raise MalformedDataError(f"a point has {curve.point_len} octets and starts with 04")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(curve.library, octets)
    except ValueError:
        raise MalformedDataError(f"the point is not on {curve.name}") from None
    return _of_key(key, curve)


def multiply_generator(scalar: int, curve: Curve) -> Point:
    """Return ``scalar`` · G, for 0 < ``scalar`` < n; raises ``UsageError`` for another."""
    return _of_key(_private_key(scalar, curve).public_key(), curve)


def multiply(scalar: int, point: Point) -> Point:
    """Return ``scalar`` · ``point``, for 0 < ``scalar`` < n; raises ``UsageError`` for another."""
    curve, key = point.curve, _public_key(point)
    if scalar == curve.n - 1:
        return Point(curve, point.x, curve.p - point.y)
    x = _x_of_product(scalar, key, curve)
    return Point(curve, x, _y_of_product(point, x, _x_of_product(scalar + 1, key, curve)))


def agree(scalar: int, point: Point) -> bytes:
    """Return x of ``scalar`` · ``point`` at full width: what ECDH calls the shared secret.

    Raises:
        UsageError: a scalar that is not in 1..n-1.
    """
    return _private_key(scalar, point.curve).exchange(ec.ECDH(), _public_key(point))


def add(one: Point, other: Point) -> Point:
    """Return the sum of two points of one curve.

    Raises:
        AuthenticationError: the sum is the identity, which no honest run of a protocol meets.

    Source: BSI TR-03111 2.3.1 (affine addition and doubling).
    """
    curve = one.curve
    if other.curve is not curve:
        raise UsageError("points of two curves have no sum")
    if one.x != other.x:
        slope = (other.y - one.y) * pow(other.x - one.x, -1, curve.p)
    elif one.y == other.y:
        slope = (3 * one.x**2 + curve.a) * pow(2 * one.y, -1, curve.p)
    else:
        raise AuthenticationError("the sum of the points is the identity")
    x = (slope**2 - one.x - other.x) % curve.p
    return Point(curve, x, (slope * (one.x - x) - one.y) % curve.p)


def require_scalar(scalar: int, curve: Curve) -> int:
    """Return ``scalar`` if it is in 1..n-1; raises ``UsageError``, without the number."""
    if not 0 < scalar < curve.n:
        raise UsageError(f"a secret scalar of {curve.name} is between 1 and n - 1")
    return scalar


def _y_of_product(point: Point, x: int, x_of_next: int) -> int:
    """Return y of k·P from P, x(k·P) and x((k + 1)·P), where k is not n - 1.

    With (x, y) = k·P the addition formula says x(k·P + P) + x + x_P = ((y - y_P) / (x - x_P))².
    Multiplied out, y² and y_P² are known from the curve's equation, and y alone is left. It holds
    for k = 1 too, where x = x_P. No y_P is zero, for that would be a point of order two.

    Source: Okeya and Sakurai, CHES 2001, worked here for the short Weierstrass form.
    """
    curve = point.curve
    squares = x**3 + curve.a * x + curve.b + point.y**2
    chord = (x_of_next + x + point.x) * (x - point.x) ** 2
    return (squares - chord) * pow(2 * point.y, -1, curve.p) % curve.p


def _x_of_product(scalar: int, key: ec.EllipticCurvePublicKey, curve: Curve) -> int:
    return int.from_bytes(_private_key(scalar, curve).exchange(ec.ECDH(), key))


def _private_key(scalar: int, curve: Curve) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(require_scalar(scalar, curve), curve.library)


def _public_key(point: Point) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicNumbers(point.x, point.y, point.curve.library).public_key()


def _of_key(key: ec.EllipticCurvePublicKey, curve: Curve) -> Point:
    numbers = key.public_numbers()
    return Point(curve, numbers.x, numbers.y)
