"""Domain parameters inside CVCA certificates: recognised whole, never computed with.

A certificate that brings a curve of its own could bring a weak one, so the parameters are
compared with those of the curves we know, and then the library's curve is used.
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cardservice.apdu.tlv import encode_object
from cardservice.errors import MalformedDataError
from cardservice.pki.cv.terms import KeyTag

_BITS_AN_OCTET: Final = 8
_COFACTOR: Final = b"\x01"


@dataclass(frozen=True, slots=True, eq=False)
class Domain:
    """A named curve as certificates write it; compared by identity.

    Attributes:
        library: the library's curve.
        coordinate_len: octets of a coordinate, and of r and s.
        parameters: value octets of 81, 82, 83, 84, 85 and 87, fixed width.
    """

    library: ec.EllipticCurve
    coordinate_len: int
    parameters: dict[int, bytes] = field(repr=False)

    def encode(self) -> tuple[bytes, bytes]:
        """Return the objects before and the object after the public point."""
        before = [
            encode_object(tag, octets)
            for tag, octets in self.parameters.items()
            if tag < KeyTag.POINT
        ]
        return b"".join(before), encode_object(KeyTag.COFACTOR, _COFACTOR)


def _domain(library: ec.EllipticCurve, p: int, a: int) -> Domain:
    generator = ec.derive_private_key(1, library).public_key()
    numbers = generator.public_numbers()
    b = (numbers.y**2 - numbers.x**3 - a * numbers.x) % p
    width = -(-library.key_size // _BITS_AN_OCTET)
    parameters = {
        KeyTag.PRIME: p.to_bytes(width),
        KeyTag.A: a.to_bytes(width),
        KeyTag.B: b.to_bytes(width),
        KeyTag.GENERATOR: generator.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        KeyTag.ORDER: library.group_order.to_bytes(width),
        KeyTag.COFACTOR: _COFACTOR,
    }
    return Domain(library, width, {int(tag): octets for tag, octets in parameters.items()})


def _nist(library: ec.EllipticCurve, p: int) -> Domain:
    return _domain(library, p, p - 3)  # FIPS 186-4, D.1.2: a = -3


P256: Final = _nist(ec.SECP256R1(), 2**256 - 2**224 + 2**192 + 2**96 - 1)
# RFC 5639, 3.4, 3.6 and 3.7.
_BRAINPOOL_P256R1: Final = _domain(
    ec.BrainpoolP256R1(),
    0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
    0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
)
_BRAINPOOL_P384R1: Final = _domain(
    ec.BrainpoolP384R1(),
    0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53,
    0x7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826,
)
_BRAINPOOL_P512R1: Final = _domain(
    ec.BrainpoolP512R1(),
    0xAADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA703308717D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3,
    0x7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA,
)
DOMAINS: Final = (
    P256,
    _BRAINPOOL_P256R1,
    _nist(ec.SECP384R1(), 2**384 - 2**128 - 2**96 + 2**32 - 1),
    _BRAINPOOL_P384R1,
    _BRAINPOOL_P512R1,
    _nist(ec.SECP521R1(), 2**521 - 1),
)


def recognise(parameters: dict[int, bytes]) -> Domain:
    """Return the curve with exactly these value octets of 81 to 85 and 87.

    Raises:
        MalformedDataError: not all of them, or another curve than the six we know.
    """
    for domain in DOMAINS:
        if domain.parameters == parameters:
            return domain
    raise MalformedDataError("the certificate brings a curve that is not known")
