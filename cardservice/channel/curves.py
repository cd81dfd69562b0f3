"""Standardized domain parameters of PACE, as curves (ICAO Doc 9303-11, 9.5.1).

Order and generator come from the cryptographic library; only what it keeps to itself is here.
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

_BITS_AN_OCTET: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A named curve y² = x³ + a·x + b over the integers modulo p, of prime order n.

    The cofactor is 1, so every point of the curve is in the one group. Compared by identity.

    Attributes:
        name: the library's, e.g. ``secp256r1``.
        parameter_id: number of the standardized domain parameters, e.g. 12.
        library: the same curve for the library's own operations.
        p, a, b, n: as in the equation.
        coordinate_len: octets of one coordinate.
    """

    parameter_id: int
    library: ec.EllipticCurve = field(repr=False)
    p: int = field(repr=False)
    a: int = field(repr=False)
    name: str = field(init=False)
    b: int = field(init=False, repr=False)
    n: int = field(init=False, repr=False)
    coordinate_len: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        generator = ec.derive_private_key(1, self.library).public_key().public_numbers()
        # The generator lies on the curve, so it tells b; that p and a are right, a test shows.
        b = (generator.y**2 - generator.x**3 - self.a * generator.x) % self.p
        object.__setattr__(self, "name", self.library.name)
        object.__setattr__(self, "b", b)
        object.__setattr__(self, "n", self.library.group_order)
        octets = -(-self.library.key_size // _BITS_AN_OCTET)
        object.__setattr__(self, "coordinate_len", octets)

    @property
    def point_len(self) -> int:
        """Octets of an uncompressed point, 04 ‖ x ‖ y."""
        return 1 + 2 * self.coordinate_len


def _nist(parameter_id: int, library: ec.EllipticCurve, p: int) -> Curve:
    return Curve(parameter_id, library, p, p - 3)  # FIPS 186-4, D.1.2: a = -3


P256: Final = _nist(12, ec.SECP256R1(), 2**256 - 2**224 + 2**192 + 2**96 - 1)
P384: Final = _nist(15, ec.SECP384R1(), 2**384 - 2**128 - 2**96 + 2**32 - 1)
# RFC 5639, 3.4 and 3.6.
BRAINPOOL_P256R1: Final = Curve(
    13,
    ec.BrainpoolP256R1(),
    0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
    0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
)
BRAINPOOL_P384R1: Final = Curve(
    16,
    ec.BrainpoolP384R1(),
    0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53,
    0x7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826,
)

CURVES: Final = {
    curve.parameter_id: curve for curve in (P256, BRAINPOOL_P256R1, P384, BRAINPOOL_P384R1)
}
"""The curves this terminal runs PACE on, by the number of their domain parameters."""
