"""Point arithmetic for PACE's generic mapping, which needs whole points and a new generator.

Not constant in time: this is the software card of tests, with the secrets of tests.
Source: SEC 1 2.2.1 and 2.3; domain parameters FIPS 186-4 D.1.2.3; vectors ``icao9303_pace.json``.
"""

from dataclasses import dataclass

Point = tuple[int, int]
_Jacobian = tuple[int, int, int]

_INFINITY: _Jacobian = (1, 1, 0)
_UNCOMPRESSED = b"\x04"
_WINDOW = 16
_DOUBLINGS = 4
"""A scalar is taken a hexadecimal digit at a time: four doublings, then a multiple added."""


class NotOnCurveError(Exception):
    """The octets are no finite point of the curve, or a sum was infinite."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A short Weierstrass curve of prime order: y² = x³ + ax + b over GF(p), generator g."""

    p: int
    a: int
    b: int
    n: int
    g: Point

    @property
    def coordinate_octets(self) -> int:
        return (self.p.bit_length() + 7) // 8

    def encode(self, point: Point) -> bytes:
        """Return ``04 ‖ x ‖ y`` with coordinates of fixed width."""
        width = self.coordinate_octets
        return _UNCOMPRESSED + b"".join(value.to_bytes(width, "big") for value in point)

    def decode(self, octets: bytes) -> Point:
        """Return the point.

        Raises:
            NotOnCurveError: another form or width, coordinates outside the field, off the curve.
        """
        width = self.coordinate_octets
        if len(octets) != 1 + 2 * width or not octets.startswith(_UNCOMPRESSED):
            raise NotOnCurveError
        x = int.from_bytes(octets[1 : 1 + width], "big")
        y = int.from_bytes(octets[1 + width :], "big")
        on_curve = (y * y - (x * x + self.a) * x - self.b) % self.p == 0
        if max(x, y) >= self.p or not on_curve:
            raise NotOnCurveError
        return x, y

    def multiply(self, scalar: int, point: Point) -> Point:
        """Return scalar times point, for a scalar in 1 … n-1.

        Raises:
            NotOnCurveError: the product is the point at infinity.
        """
        multiples = [_INFINITY, (*point, 1)]
        while len(multiples) < _WINDOW:
            multiples.append(self._add(multiples[-1], multiples[1]))
        result = _INFINITY
        for digit in f"{scalar:x}":
            for _ in range(_DOUBLINGS):
                result = self._double(result)
            result = self._add(result, multiples[int(digit, _WINDOW)])
        return self._affine(result)

    def add(self, one: Point, other: Point) -> Point:
        """Return the sum.

        Raises:
            NotOnCurveError: the sum is the point at infinity.
        """
        return self._affine(self._add((*one, 1), (*other, 1)))

    def _affine(self, point: _Jacobian) -> Point:
        x, y, z = point
        if not z:
            raise NotOnCurveError
        inverse = pow(z, -1, self.p)
        square = inverse * inverse % self.p
        return x * square % self.p, y * square * inverse % self.p

    def _double(self, point: _Jacobian) -> _Jacobian:
        x, y, z = point
        if not z or not y:
            return _INFINITY
        p = self.p
        yy = y * y % p
        s = 4 * x * yy % p
        zz = z * z % p
        m = (3 * x * x + self.a * (zz * zz % p)) % p
        x3 = (m * m - 2 * s) % p
        return x3, (m * (s - x3) - 8 * yy * yy) % p, 2 * y * z % p

    def _add(self, one: _Jacobian, other: _Jacobian) -> _Jacobian:
        if not one[2] or not other[2]:
            return other if not one[2] else one
        p = self.p
        (x1, y1, z1), (x2, y2, z2) = one, other
        zz1, zz2 = z1 * z1 % p, z2 * z2 % p
        u1, u2 = x1 * zz2 % p, x2 * zz1 % p
        s1, s2 = y1 * z2 * zz2 % p, y2 * z1 * zz1 % p
        if u1 == u2:
            return self._double(one) if s1 == s2 else _INFINITY
        h, r = (u2 - u1) % p, (s2 - s1) % p
        hh = h * h % p
        hhh, v = h * hh % p, u1 * hh % p
        x3 = (r * r - hhh - 2 * v) % p
        return x3, (r * (v - x3) - s1 * hhh) % p, z1 * z2 * h % p


_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
P256 = Curve(
    p=_P,
    a=_P - 3,
    b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    n=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    g=(
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
)
