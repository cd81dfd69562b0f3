"""A scratch authority for terminals: trust point, document verifiers, terminals, keys in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.keystores.software_keys import EcdsaP256Key
from cardservice.pki.cv.certificates import CertificateFields, CvCertificate, sign_certificate
from cardservice.pki.cv.chat import Chat
from cardservice.pki.cv.issuing import Cvca, create_cvca
from cardservice.pki.cv.keys import plain_signer, public_key_of
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.terms import ALL_RIGHTS, Role, TerminalRights

AUTHORITY_DAYS: Final = 365
_ISSUED_DAYS: Final = 30
_CVCA: Final = HolderReference("RU", "TESTCVCA", "00001")
_VERIFIER: Final = HolderReference("RU", "TESTDV", "00001")
_TERMINAL: Final = HolderReference("RU", "TESTTERM", "00001")


def new_key() -> EcdsaP256Key:
    """Return a fresh signing key."""
    return EcdsaP256Key(ec.generate_private_key(ec.SECP256R1()))


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a terminal shows a card, and what it signs with (r ‖ s)."""

    chain: TerminalChain
    sign: Callable[[bytes], bytes] = field(repr=False)

    @property
    def verifier(self) -> CvCertificate:
        """The document verifier's certificate."""
        return self._certificate(-2)

    @property
    def terminal(self) -> CvCertificate:
        """The terminal's certificate."""
        return self._certificate(-1)

    def _certificate(self, at: int) -> CvCertificate:
        found = self.chain.certificates[at]
        if not isinstance(found, CvCertificate):
            raise TypeError("a chain of this authority has certificates as values")
        return found


@dataclass(frozen=True, slots=True)
class Wish:
    """How a chain is to be made; days count from the trust point's first day.

    Attributes:
        verifier_days, terminal_days: first and last day of each.
    """

    rights: TerminalRights = ALL_RIGHTS
    verifier_rights: TerminalRights = ALL_RIGHTS
    verifier_days: tuple[int, int] = (0, _ISSUED_DAYS)
    terminal_days: tuple[int, int] = (0, _ISSUED_DAYS)


USUAL: Final = Wish()


@dataclass(slots=True)
class Authority:
    """The trust point in force, and the one before it."""

    since: date
    current: Cvca
    previous: Cvca | None = None

    @classmethod
    def begin(cls, since: date) -> "Authority":
        """Return an authority whose trust point is effective on ``since``."""
        last = since + timedelta(days=AUTHORITY_DAYS)
        cvca = create_cvca(new_key(), holder=_CVCA, effective=since, expiration=last)
        return cls(since, cvca)

    def enrol(self, wish: Wish = USUAL, *, under: Cvca | None = None) -> Enrolled:
        """Return a chain under the current trust point, or ``under`` another."""
        cvca, verifier_key, terminal_key = under or self.current, new_key(), new_key()
        verifier = self._issue(
            cvca.certificate.chr,
            _VERIFIER,
            verifier_key,
            cvca.key,
            chat=Chat.inspection_system(Role.DOMESTIC_DV, wish.verifier_rights),
            days=wish.verifier_days,
        )
        terminal = self._issue(
            _VERIFIER.encode(),
            _TERMINAL,
            terminal_key,
            verifier_key,
            chat=Chat.inspection_system(Role.TERMINAL, wish.rights),
            days=wish.terminal_days,
        )
        return Enrolled(
            TerminalChain((verifier, terminal), wish.rights), plain_signer(terminal_key)
        )

    def terminal_under_trust_point(self) -> CvCertificate:
        """Return a terminal's certificate that the CVCA signed, which no chain allows."""
        chat = Chat.inspection_system(Role.TERMINAL, ALL_RIGHTS)
        car = self.current.certificate.chr
        return self._issue(car, _TERMINAL, new_key(), self.current.key, chat=chat, days=(0, 1))

    def successor(self, *, under: Cvca | None = None) -> tuple[Cvca, CvCertificate]:
        """Return the next trust point and the link to it, from the current one or ``under``."""
        old = under or self.current
        reference = HolderReference.parse(self.current.certificate.chr).next()
        last = self.since + timedelta(days=AUTHORITY_DAYS)
        new = create_cvca(new_key(), holder=reference, effective=self.since, expiration=last)
        return new, old.link_to(new.certificate)

    def follow(self, new: Cvca) -> None:
        """Remember that cards have taken the link to ``new``."""
        self.previous, self.current = self.current, new

    def _issue(  # noqa: PLR0913 - what a certificate says, and whose key says it
        self,
        car: bytes,
        holder: HolderReference,
        key: EcdsaP256Key,
        issuing: object,
        *,
        chat: Chat,
        days: tuple[int, int],
    ) -> CvCertificate:
        first, last = (self.since + timedelta(days=count) for count in days)
        fields = CertificateFields(
            car=car,
            chr=holder.encode(),
            public_key=public_key_of(key).without_domain(),
            chat=chat,
            effective=first,
            expiration=last,
        )
        return sign_certificate(fields, issuing)  # type: ignore[arg-type]
