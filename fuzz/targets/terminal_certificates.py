"""Terminal and office side: CV certificates and requests; EF.SOD, certificates, revocations."""

from collections.abc import Iterator

from cardservice.errors import PeerError
from cardservice.pki.certificates import parse_certificate as parse_x509
from cardservice.pki.cv.certificates import parse_certificate
from cardservice.pki.cv.chains import verify_trust_point
from cardservice.pki.cv.requests import verify_authenticated_request, verify_request
from cardservice.pki.ef_sod import parse_ef_sod, verify_ef_sod
from cardservice.pki.foreign_form import read_foreign_form
from cardservice.pki.issued_form import match_issued_form
from cardservice.pki.revocations import Revocation, parse_revocation_list
from fuzz import issuing
from fuzz.target import Target, all_of, require
from simulators.card.cv_certificate import parse_certificate as parse_at_card
from simulators.card.tlv import MalformedObjectError

DOCUMENTED = (PeerError,)


def _card_and_terminal_agree(octets: bytes) -> None:
    """What both take, both understand alike; each refuses some things that the other takes."""
    ours = parse_certificate(octets)
    try:
        theirs = parse_at_card(ours.content)
    except MalformedObjectError:
        return
    dates = ["".join(map(str, octets)) for octets in (theirs.effective, theirs.expiry)]
    said = (ours.car, ours.chr, ours.public_key.point, int(ours.chat.role), ours.body)
    understood = (theirs.car, theirs.chr, theirs.point, int(theirs.role), theirs.body)
    require(said == understood, "card and terminal understand the same certificate")
    require(
        dates == [f"{day:%y%m%d}" for day in (ours.effective, ours.expiration)],
        "card and terminal understand the same days",
    )


def _forms_agree(octets: bytes) -> None:
    """What the fast way takes, the thorough way takes, and reads the same."""
    fast = match_issued_form(octets)
    if fast is not None:
        require(read_foreign_form(octets) is not None, "the thorough way takes it too")


_CV = all_of(
    _card_and_terminal_agree,
    lambda octets: verify_trust_point(parse_certificate(octets)),
    verify_request,
    lambda octets: verify_authenticated_request(
        octets, present=verify_trust_point(issuing.cvca().certificate)
    ),
    documented=DOCUMENTED,
)
_SOD = all_of(
    lambda octets: verify_ef_sod(parse_ef_sod(octets)), _forms_agree, documented=DOCUMENTED
)
_X509 = all_of(parse_x509, parse_revocation_list, documented=DOCUMENTED)


def _cv_seeds() -> Iterator[bytes]:
    yield from (one.octets for one in (issuing.cvca().certificate, *issuing.chain()))
    yield issuing.request("terminal", issuing.TERMINAL)


def _sod_seeds() -> Iterator[bytes]:
    yield issuing.security_object()


def _x509_seeds() -> Iterator[bytes]:
    root = issuing.root()
    yield root.certificate.der
    yield root.issue_revocations([Revocation(7, issuing.AT)], number=1, at=issuing.AT)


TARGETS = {
    "terminal.cv_certificate": Target(_CV, _cv_seeds, heaviness=2),
    "terminal.ef_sod": Target(_SOD, _sod_seeds, heaviness=2),
    "terminal.x509": Target(_X509, _x509_seeds),
}
