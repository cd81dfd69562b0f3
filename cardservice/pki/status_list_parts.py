"""What both forms of a signed status list come apart into."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SignedParts:
    """A signed payload as read; nothing of it is proved.

    Attributes:
        signer_der: the certificate it names, DER; None: it names none.
        covered: the octets the signature is over.
        signature: SEQUENCE{r, s}, DER.
        payload: what was signed.
    """

    signer_der: bytes | None = field(repr=False)
    covered: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    payload: bytes = field(repr=False)
