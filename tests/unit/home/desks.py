"""An issuer's home and a clinic's desk for tests, each with keys of its own, in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cardservice.home.enrolment import install, request_enrolment, request_renewal
from cardservice.home.enrolment_files import DeskBundle, DeskWish
from cardservice.home.folder import Folder
from cardservice.home.terminals import ClinicTerm, Decision, Enrolled, enrol, read_request
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.pki.cv.terms import ALL_RIGHTS, TerminalRights
from tests.chain import START
from tests.unit.home.homes import Premises, new_premises

WISH = DeskWish(desk="Окно 1", clinic="Поликлиника № 4", rights=ALL_RIGHTS)
CLERK = "Clerk"


@dataclass
class Desk:
    """A desk's folder and keys, and what passes between it and the issuer."""

    issuer: Premises
    folder: Folder
    wish: DeskWish = WISH
    keys: InsecureMemoryKeyStore = field(
        default_factory=lambda: InsecureMemoryKeyStore(production=False)
    )

    def request(self) -> bytes:
        return request_enrolment(self.folder, self.keys, self.wish)

    def renewal(self) -> bytes:
        return request_renewal(self.folder, self.keys)

    def certify(  # noqa: PLR0913 - a test changes one of them
        self,
        octets: bytes,
        *,
        at: datetime = START,
        confirmed: bool = True,
        rights: TerminalRights | None = None,
        days: int = 7,
        until: ClinicTerm | None = None,
    ) -> Enrolled:
        """Let the issuer's clerk decide; ``confirmed``: the fingerprint was compared."""
        asked = read_request(octets)
        decision = Decision(
            by=CLERK,
            fingerprint=asked.fingerprint if confirmed else None,
            rights=rights,
            days=days,
        )
        issuer = self.issuer
        return enrol(issuer.folder, issuer.keys, asked, decision, at=at, until=until)

    def install(self, enrolled: Enrolled, *, at: datetime = START) -> DeskBundle:
        return install(self.folder, self.keys, enrolled.bundle.encode(), at=at)

    def enrol(self, *, at: datetime = START) -> Enrolled:
        """Go the whole way once."""
        enrolled = self.certify(self.request(), at=at)
        self.install(enrolled, at=at)
        return enrolled

    def renew(self, *, at: datetime) -> Enrolled:
        """Go the whole way of a renewal, without anybody at the telephone."""
        enrolled = self.certify(self.renewal(), at=at, confirmed=False)
        self.install(enrolled, at=at)
        return enrolled


def new_desk(path: Path, *, wish: DeskWish = WISH) -> Desk:
    """Return a desk beside an issuer's home that was founded at ``START``."""
    return Desk(new_premises(path / "issuer", at=START), Folder(path / "desk"), wish)


def another_desk(desk: Desk, wish: DeskWish) -> Desk:
    """Return another desk of the same issuer."""
    return Desk(desk.issuer, Folder(desk.folder.path.with_name("another")), wish)


def days(count: int) -> timedelta:
    return timedelta(days=count)
