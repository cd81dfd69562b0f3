"""The issuer's CVCA, its links and its document verifier: as files, kept, renewed, rolled over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from cardservice.errors import PeerError, Refusal, UsageError
from cardservice.home.folder import Folder, damaged_file, read_fund, read_whole, write_atomically
from cardservice.home.terminals_authority import (
    CVCA_FILE,
    VERIFIER_FILE,
    cvca_end,
    found_terminal_authority,
    new_cvca,
    new_verifier,
    open_cvca,
)
from cardservice.pki.cv.certificates import CvCertificate, parse_certificate
from cardservice.pki.cv.issuing import DOCUMENT_VERIFIER_DAYS, TERMINAL_DAYS, Cvca
from cardservice.pki.keys import KeyStore

CVCA_SPARE: Final = timedelta(days=180)
"""Two document verifiers: a ceremony needs two people, and so a date that suits both."""
VERIFIER_SPARE: Final = timedelta(days=14)
"""Two terminal certificates: no desk is cut short because the issuer was away for a week."""
MOST_LINKS: Final = 16
"""Twenty-four years of rollovers at half the term; more is a damaged folder that goes in rings."""


@dataclass(frozen=True, slots=True)
class TerminalFolder:
    """The paths below ``terminals/`` of an issuer's home; see ``docs/pki.md``."""

    home: Path

    @property
    def cvca(self) -> Path:
        return self.home / CVCA_FILE

    @property
    def verifier(self) -> Path:
        return self.home / VERIFIER_FILE

    @property
    def desks(self) -> Path:
        return self.home / "terminals" / "desks.jsonl"

    def former(self, reference: bytes) -> Path:
        """Where the self-signed certificate of a former CVCA lies."""
        return self._named("former", reference)

    def link(self, reference: bytes) -> Path:
        """Where the link to the CVCA of that reference lies."""
        return self._named("links", reference)

    def issued(self, holder: str, sequence: str) -> Path:
        """Where the bundle lies that a desk was given for its key of that number."""
        return self.home / "terminals" / "issued" / f"{holder}{sequence}.json"

    def _named(self, kind: str, reference: bytes) -> Path:
        return self.home / "terminals" / kind / f"{reference.decode('iso-8859-1')}.cvcert"


@dataclass(frozen=True, slots=True)
class TerminalTrust:
    """What an issuer's home has of CV certificates; signatures are not verified.

    Attributes:
        trust_points: self-signed certificates of the CVCA, the oldest first, the current last.
        links: from each of them to the next.
        verifier: the document verifier that certifies desks now.
    """

    trust_points: tuple[CvCertificate, ...]
    links: tuple[CvCertificate, ...]
    verifier: CvCertificate

    @property
    def cvca(self) -> CvCertificate:
        """The current CVCA."""
        return self.trust_points[-1]

    @property
    def presented(self) -> tuple[CvCertificate, ...]:
        """What a desk shows before its own certificate: links from the oldest, the verifier."""
        needed = [one.chr for one in self.trust_points].index(self.verifier.car)
        return (*self.links[:needed], self.verifier)


def load_trust(folder: Folder) -> TerminalTrust:
    """Return the CV certificates of an issuer's home.

    Raises:
        Refusal: ``no-cvca``: it was made before there were any; ``home-damaged``: one of the
            files is missing or no certificate, or the verifier is under none of the CVCAs.
    """
    paths = TerminalFolder(folder.path)
    cvca = _read_cvca(paths)
    links = _links_to(cvca, paths)
    former = tuple(read_certificate(paths.former(link.car)) for link in links)
    trust = TerminalTrust((*former, cvca), links, read_certificate(paths.verifier))
    if trust.verifier.car not in [one.chr for one in trust.trust_points]:
        raise damaged_file(paths.verifier, "it is under another CVCA")
    return trust


def create_authority(folder: Folder, keys: KeyStore, *, at: datetime) -> list[str]:
    """Make CVCA and document verifier in a home that has none; return what was done.

    Raises:
        Refusal: ``cvca-exists``.
        KeyStoreError: a key cannot be made.
    """
    paths = TerminalFolder(folder.path)
    if paths.cvca.exists():
        raise Refusal(
            "cvca-exists", "This home has a CVCA; the next one: cardservice pki cvca rollover"
        )
    for name, octets in found_terminal_authority(keys, read_fund(folder), at=at).items():
        write_atomically(folder.path / name, octets)
    trust = load_trust(folder)
    return [_made("CVCA", trust.cvca), _made("document verifier", trust.verifier)]


def roll_over(folder: Folder, keys: KeyStore, *, at: datetime) -> list[str]:
    """Make the next CVCA, the link that leads cards to it, and a verifier under it.

    An expired CVCA is rolled over too: the next one is then effective from its last day, since
    cards take an expired link and a link is signed within its signer's days.

    Raises:
        Refusal: ``no-cvca`` or ``home-damaged``.
        KeyStoreError: the CVCA's key is not here, or a new one cannot be made.
    """
    paths, fund, on = TerminalFolder(folder.path), read_fund(folder), at.date()
    old = open_cvca(load_trust(folder).cvca, keys)
    effective = min(on, old.certificate.expiration)
    new = new_cvca(keys, fund, effective=effective, ends=cvca_end(on))
    # The current CVCA is replaced last of the three: until then the old one is whole.
    write_atomically(paths.link(new.certificate.chr), old.link_to(new.certificate).octets)
    write_atomically(paths.former(old.certificate.chr), old.certificate.octets)
    write_atomically(paths.cvca, new.certificate.octets)
    return [_made("CVCA", new.certificate), *_issue_verifier(folder, keys, new, on=on)]


def renew_verifier(
    folder: Folder, keys: KeyStore, *, at: datetime, days: int = DOCUMENT_VERIFIER_DAYS
) -> list[str]:
    """Make the next document verifier, with a new key; return what was done.

    Raises:
        Refusal: ``no-cvca``, ``home-damaged``, or ``cvca-expired``.
        KeyStoreError: the CVCA's key is not here, or a new one cannot be made.
        UsageError: not 1 to 90 days.
    """
    if not 1 <= days <= DOCUMENT_VERIFIER_DAYS:  # before a key is made for nothing
        raise UsageError(f"a document verifier is valid for 1 to {DOCUMENT_VERIFIER_DAYS} days")
    cvca = _read_cvca(TerminalFolder(folder.path))
    if not cvca.is_valid_on(at.date()):
        raise Refusal(
            "cvca-expired",
            f"The CVCA is valid from {cvca.effective} to {cvca.expiration}; "
            "make the next one: cardservice pki cvca rollover",
        )
    return _issue_verifier(folder, keys, open_cvca(cvca, keys), on=at.date(), days=days)


def renew_verifier_if_due(folder: Folder, keys: KeyStore, *, at: datetime) -> list[str]:
    """Renew the document verifier when its time is short; return what was done, if anything.

    Raises:
        Refusal, KeyStoreError: as ``renew_verifier``.
    """
    if not TerminalFolder(folder.path).cvca.exists():
        return []
    trust = load_trust(folder)
    left = trust.verifier.expiration - at.date()
    if left >= VERIFIER_SPARE and trust.verifier.car == trust.cvca.chr:
        return []
    # A verifier of a CVCA near its end is short from the beginning: another is no longer.
    if trust.verifier.expiration == trust.cvca.expiration and left >= timedelta():
        return []
    return renew_verifier(folder, keys, at=at)


def trust_point_for_cards(folder: Folder, *, on: date) -> bytes | None:
    """Return the CVCA certificate that cards made ``on`` that day get as D010; None without one.

    In the first week after a rollover it is the one before. A desk hears of the link when it
    renews, and a card that knows the new trust point only would not know that desk till then.

    Raises:
        Refusal: ``home-damaged``.
    """
    if not TerminalFolder(folder.path).cvca.exists():
        return None
    points = load_trust(folder).trust_points
    known = [one for one in points if on - one.effective >= timedelta(days=TERMINAL_DAYS)]
    return (known[-1] if known else points[0]).octets


def read_certificate(path: Path) -> CvCertificate:
    """Return the certificate in a file; raises Refusal ``home-damaged``."""
    try:
        return parse_certificate(read_whole(path))
    except PeerError as error:
        raise damaged_file(path, error) from None


def _read_cvca(paths: TerminalFolder) -> CvCertificate:
    if not paths.cvca.exists():
        raise Refusal(
            "no-cvca",
            "This home has no CVCA for terminals; make one with: cardservice pki cvca create",
        )
    return read_certificate(paths.cvca)


def _links_to(cvca: CvCertificate, paths: TerminalFolder) -> tuple[CvCertificate, ...]:
    """Return the links that lead to ``cvca``, the oldest first."""
    found: list[CvCertificate] = []
    reference = cvca.chr
    while paths.link(reference).exists():
        if len(found) == MOST_LINKS:
            raise damaged_file(paths.link(reference), "too many links follow one another")
        found.append(read_certificate(paths.link(reference)))
        reference = found[-1].car
    return tuple(reversed(found))


def _issue_verifier(
    folder: Folder, keys: KeyStore, cvca: Cvca, *, on: date, days: int = DOCUMENT_VERIFIER_DAYS
) -> list[str]:
    verifier = new_verifier(cvca, keys, read_fund(folder), on=on, days=days)
    write_atomically(TerminalFolder(folder.path).verifier, verifier.octets)
    return [_made("document verifier", verifier)]


def _made(what: str, certificate: CvCertificate) -> str:
    reference = certificate.chr.decode("iso-8859-1")
    return f"{what} {reference} made, valid to {certificate.expiration}"
