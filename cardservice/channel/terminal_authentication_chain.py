"""What a terminal presents to a card: its certificates, from a trust point the card has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from cardservice.errors import UsageError

_ISSUED: Final = 2  # the document verifier's certificate and the terminal's end every chain


class PresentableCertificate(Protocol):
    """A CV certificate as far as the conversation with a card needs it."""

    @property
    def car(self) -> bytes:
        """Whose key signed it: the certification authority reference, 8 to 16 octets."""
        ...

    @property
    def chr(self) -> bytes:
        """Whose key it holds: the certificate holder reference, 8 to 16 octets."""
        ...

    @property
    def content(self) -> bytes:
        """Value of 7F21 as received: 7F4E{…} 5F37{…}. Never encoded anew: it is signed."""
        ...


@dataclass(frozen=True, slots=True)
class TerminalChain:
    """Certificates in the order in which a card takes them; who made it has verified them.

    Attributes:
        certificates: links of trust points, the oldest first (or none), then the document
            verifier's, then the terminal's. Each names the one before as its authority.
        rights: low bits of the CHAT that the chain as a whole gives: bit 0 read owner and
            current insurer, bit 1 read history, bit 2 write insurer.

    Raises:
        UsageError: fewer than two certificates, or two that do not belong together.
    """

    certificates: tuple[PresentableCertificate, ...]
    rights: int

    def __post_init__(self) -> None:
        pairs = zip(self.certificates, self.certificates[1:], strict=False)
        if len(self.certificates) < _ISSUED or any(one.chr != next_.car for one, next_ in pairs):
            raise UsageError("certificates for a card follow one another, the terminal's last")

    @property
    def car(self) -> bytes:
        """The trust point the card must have."""
        return self.certificates[0].car

    @property
    def holder(self) -> bytes:
        """The terminal's own reference."""
        return self.certificates[-1].chr

    def starting_at(self, cars: Sequence[bytes]) -> "TerminalChain | None":
        """Return what a card with the trust points ``cars`` must be shown; None if nothing fits.

        It is as little as possible: a link is shown only if the document verifier is not under a
        trust point that the card has. The first link must be under the current trust point,
        ``cars[0]``, because the card takes it under no other (card.md 5).
        """
        if not cars:
            return None
        issued = len(self.certificates) - _ISSUED
        if self.certificates[issued].car in cars:
            return replace(self, certificates=self.certificates[issued:])
        for first in range(issued - 1, -1, -1):
            if self.certificates[first].car == cars[0]:
                return replace(self, certificates=self.certificates[first:])
        return None


def choose_chain(cars: Sequence[bytes], chains: Iterable[TerminalChain]) -> TerminalChain | None:
    """Return the part to present of the first chain that leads from a trust point of the card.

    Args:
        cars: trust points of the card, the current one first: from EF.CVCA or PACE.
        chains: what the terminal has, the preferred one first: as a rule the newest.

    Returns:
        None when no chain fits, so that the desk asks for the CAN instead.
    """
    fitting = (chain.starting_at(cars) for chain in chains)
    return next((chain for chain in fitting if chain is not None), None)
