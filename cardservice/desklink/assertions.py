"""A desk proves itself with its assertion key: JWK of it, and one assertion for one request.

Source: RFC 7517, 4; RFC 7518, 6.2.1; RFC 7523, 3; RFC 7515, 7.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.errors import UsageError
from cardservice.pki.keys import SigningKey
from cardservice.pki.status_list_encoding import encode_base64url, encode_json
from cardservice.pki.suite import P256_FIELD_OCTETS, load_public_key, plain_from_der

LASTS: Final = timedelta(minutes=2)  # the service takes five; its clock may be ours and a bit


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionKey:
    """What a desk proves itself with.

    Attributes:
        client_id: the service's name for the desk.
        key: P-256, in the desk's key store.
    """

    client_id: str
    key: SigningKey = field(repr=False)

    def assertion(self, *, audience: str, identifier: str, at: datetime) -> str:
        """Return a JWT, ES256, good for two minutes from ``at``.

        Args:
            audience: the address of the token's route.
            identifier: drawn for this one, a jti.
            at: now, as the desk knows it.

        Raises:
            KeyStoreError: the key store cannot sign now.
        """
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": audience,
            "jti": identifier,
            "iat": int(at.timestamp()),
            "exp": int((at + LASTS).timestamp()),
        }
        header = {"alg": "ES256", "typ": "JWT"}
        covered = ".".join(encode_base64url(encode_json(one)) for one in (header, claims))
        signature = plain_from_der(self.key.sign(covered.encode("ascii")))
        return f"{covered}.{encode_base64url(signature)}"


def public_jwk(key: SigningKey) -> Mapping[str, Any]:
    """Return the public half of a P-256 key as a JWK; raises UsageError for another key."""
    public = load_public_key(key.public_key)
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        raise UsageError("an assertion key is one of P-256")
    numbers = public.public_numbers()
    x, y = (encode_base64url(one.to_bytes(P256_FIELD_OCTETS)) for one in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}
