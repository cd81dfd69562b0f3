"""CV certificates: OpenPACE's programs make them for us, and read ours."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from cardservice.errors import AuthenticationError
from cardservice.pki.cv.certificates import CvCertificate, parse_certificate
from cardservice.pki.cv.chains import VerifiedChain, verify_chain, verify_trust_point
from cardservice.pki.cv.issuing import Cvca, DocumentVerifier, create_cvca
from cardservice.pki.cv.requests import create_request
from cardservice.pki.cv.terms import ALL_RIGHTS, Role, TerminalRights
from tests.interop.libeac.programs import create, describe, describe_request
from tests.unit.pki.cv.office import CVCA, TERMINAL, VERIFIER, key, request
from tests.unit.simulators.card.desks import Desk
from tests.unit.simulators.card.hosts import FOMS_ROOT, OK, chip_authenticate, tlv
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    Content,
    in_range,
    personalized,
    plain_signature,
)

# The programs judge days by the machine's clock, and cannot be told another.
TODAY = datetime.now(UTC).date()
LAST = TODAY + timedelta(days=6)
NAMES = tuple(map(str, (CVCA, VERIFIER, TERMINAL)))
ROLES = (("cvca", "C7"), ("dv_domestic", "87"), ("terminal", "03"))
CURVES = [ec.SECP256R1(), ec.BrainpoolP256R1(), ec.SECP384R1(), ec.BrainpoolP384R1()]
VERIFIED = "certificate verified"


def make(folder: Path, curve: ec.EllipticCurve = CURVES[0]) -> list[CvCertificate]:
    """Return trust point, verifier and terminal as the program makes them, and leave their keys."""
    own = ec.generate_private_key(curve)
    octets = own.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{NAMES[0]}.pkcs8").write_bytes(octets)
    issuers = (None, *NAMES)
    return [
        parse_certificate(issue(folder, name, issuer, *role))
        for name, issuer, role in zip(NAMES, issuers, ROLES, strict=False)
    ]


def issue(folder: Path, name: str, issuer: str | None, role: str, chat: str) -> bytes:
    signed_as = {} if issuer is None else {"sign_as": f"{issuer}.cvcert"}
    return create(
        folder,
        name,
        chr=name,
        role=role,
        chat=chat,
        type="is",
        scheme="ECDSA_SHA_256",
        issued=f"{TODAY:%y%m%d}",
        expires=f"{LAST:%y%m%d}",
        sign_with=f"{issuer or name}.pkcs8",
        **signed_as,
    )


def verify(chain: list[CvCertificate]) -> VerifiedChain:
    return verify_chain(verify_trust_point(chain[0]), chain[1:], on=TODAY)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_a_chain_made_by_the_program_verifies(tmp_path: Path, curve: ec.EllipticCurve) -> None:
    made = make(tmp_path, curve)
    assert [one.chat.role for one in made] == [Role.CVCA, Role.DOMESTIC_DV, Role.TERMINAL]
    assert (made[2].effective, made[2].expiration) == (TODAY, LAST)
    assert made[2].chr == TERMINAL.encode()
    expected = TerminalRights.READ_POLICY | TerminalRights.READ_HISTORY
    assert verify(made).rights == expected


def test_a_chain_with_a_foreign_link_in_it_does_not_verify(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    made, other = make(tmp_path), make(tmp_path / "other")
    with pytest.raises(AuthenticationError):
        verify([made[0], other[1], other[2]])


def test_the_program_counts_its_curve_parameters_as_we_do(tmp_path: Path) -> None:
    made = make(tmp_path)[0]
    assert made.encode() == made.body


def test_our_card_takes_a_chain_made_by_the_program(tmp_path: Path) -> None:
    cvca, verifier, terminal = make(tmp_path)
    private = load_der_private_key((tmp_path / f"{NAMES[2]}.pkcs8").read_bytes(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    card = in_range(personalized(Content(cvca=cvca.octets)))
    desk = Desk(chip_authenticate(card, CHIP_POINT))
    for certificate in (verifier, terminal):
        assert desk.set_dst(certificate.car) == OK
        assert desk.verify(certificate.content) == OK
    desk.host.send("002281A4", tlv("83", terminal.chr))
    challenge, _ = desk.host.send("00840000", le=b"\x08")
    signed = desk.id_picc + challenge + desk.chip.ephemeral_x
    assert desk.host.send("00820000", plain_signature(private, signed))[1] == OK
    assert desk.read(FOMS_ROOT, "9D") == OK


def our_office() -> tuple[Cvca, DocumentVerifier, CvCertificate]:
    cvca = create_cvca(key("cvca 1"), holder=CVCA, effective=TODAY, expiration=LAST)
    certificate = cvca.issue_document_verifier(
        request("verifier", VERIFIER), rights=ALL_RIGHTS, at=TODAY
    )
    verifier = DocumentVerifier(certificate, key("verifier"))
    terminal = verifier.issue_terminal(
        request("terminal", TERMINAL), rights=TerminalRights.READ_POLICY, at=TODAY
    )
    return cvca, verifier, terminal


def test_the_program_reads_and_verifies_our_terminals_certificate(tmp_path: Path) -> None:
    cvca, verifier, terminal = our_office()
    said = describe(tmp_path, terminal.octets, cvca.certificate.octets, verifier.certificate.octets)
    assert f"CAR: {VERIFIER}\n" in said
    assert f"CHR: {TERMINAL}\n" in said
    assert "Inspection system\n" in said
    assert "Terminal certificate\n" in said
    assert f"Effective Date: {TODAY}\n  Expiration Date: {LAST}\n" in said
    assert VERIFIED in said


def test_the_program_verifies_our_trust_point_verifier_and_link(tmp_path: Path) -> None:
    cvca, verifier, _ = our_office()
    successor = create_cvca(key("cvca 2"), holder=CVCA.next(), effective=TODAY, expiration=LAST)
    link = cvca.link_to(successor.certificate)
    for number, certificate in enumerate((cvca.certificate, verifier.certificate, link)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert VERIFIED in describe(folder, certificate.octets, cvca.certificate.octets)


def test_the_program_does_not_verify_our_certificate_under_another_key(tmp_path: Path) -> None:
    _, _, terminal = our_office()
    made = make(tmp_path)
    said = describe(tmp_path, terminal.octets, made[0].octets, made[1].octets)
    assert "certificate not verified" in said


def test_the_program_verifies_our_request(tmp_path: Path) -> None:
    octets = create_request(key("terminal"), holder=TERMINAL, authority=VERIFIER)
    said = describe_request(tmp_path, octets)
    assert f"CAR: {VERIFIER}\n" in said
    assert f"CHR: {TERMINAL}\n" in said
    assert "certificate request verified" in said
