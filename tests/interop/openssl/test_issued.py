"""What we issue, judged by ``openssl``."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardservice.pki.authority import CertificateAuthority
from cardservice.pki.oids import Oid
from cardservice.pki.revocations import Revocation, RevocationReason
from cardservice.pki.security_object import encode_security_object
from cardservice.pki.suite import SHA_256
from tests.interop.openssl.program import openssl, pem
from tests.unit.pki.office import (
    HASHES,
    NOW,
    SIGNER_SERIAL,
    START,
    ef_sod,
    root,
    signer_under,
)

RECENTLY = NOW - timedelta(days=1)
LATER = START + timedelta(days=4 * 365)


def at(moment: datetime) -> tuple[str, str]:
    return "-attime", str(int(moment.timestamp()))


def cms_verify(folder: Path, authority: str, *options: str, succeeds: bool = True) -> str:
    (folder / "sod.cms").write_bytes(ef_sod()[4:])
    command = ("cms", "-verify", "-inform", "DER", "-in", "sod.cms", "-out", "lds.der")
    return openssl(folder, *command, "-CAfile", authority, *options, succeeds=succeeds)


@pytest.mark.parametrize("options", [(), ("-purpose", "any")], ids=["unchanged", "any purpose"])
def test_the_value_of_77_verifies_and_yields_the_security_object(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    authority = pem(tmp_path, "root", root().certificate.der)
    assert "Verification successful" in cms_verify(tmp_path, authority, *at(NOW), *options)
    expected = encode_security_object(HASHES, digest=SHA_256)
    assert (tmp_path / "lds.der").read_bytes() == expected


def test_under_another_root_it_does_not_verify(tmp_path: Path) -> None:
    authority = pem(tmp_path, "root", root("stranger").certificate.der)
    assert "unable to get" in cms_verify(tmp_path, authority, *at(NOW), succeeds=False)


def test_the_parts_have_the_names_the_contract_gives_them(tmp_path: Path) -> None:
    (tmp_path / "sod.cms").write_bytes(ef_sod()[4:])
    printed = openssl(tmp_path, "cms", "-cmsout", "-print", "-inform", "DER", "-in", "sod.cms")
    for part in (
        "eContentType: undefined (2.23.136.1.1.1)",
        "d.issuerAndSerialNumber",
        "object: contentType",
        "object: signingTime",
        "object: messageDigest",
        "algorithm: ecdsa-with-SHA256",
    ):
        assert part in printed
    assert printed.index("version: 3") < printed.index("digestAlgorithms")


def verify_chain(folder: Path, *options: str, succeeds: bool = True) -> str:
    signer = pem(folder, "signer", signer_under(root()).certificate.der)
    authority = pem(folder, "root", root().certificate.der)
    command = ("verify", "-x509_strict", "-CAfile", authority, *options, signer)
    return openssl(folder, *command, succeeds=succeeds)


def crl(folder: Path, revoked: list[Revocation], issued: datetime) -> tuple[str, str, str]:
    octets = root().issue_revocations(revoked, number=7, at=issued)
    return "-crl_check", "-CRLfile", pem(folder, "crl", octets, "crl")


def test_the_chain_verifies_strictly(tmp_path: Path) -> None:
    assert "OK" in verify_chain(tmp_path, *at(NOW))


def test_the_chain_verifies_against_our_revocation_list(tmp_path: Path) -> None:
    others = [Revocation(SIGNER_SERIAL + 1, START, RevocationReason.KEY_COMPROMISE)]
    assert "OK" in verify_chain(tmp_path, *at(NOW), *crl(tmp_path, others, RECENTLY))


def test_a_signer_on_our_revocation_list_is_revoked(tmp_path: Path) -> None:
    listed = crl(tmp_path, [Revocation(SIGNER_SERIAL, START)], RECENTLY)
    assert "revoked" in verify_chain(tmp_path, *at(NOW), *listed, succeeds=False)


def test_our_revocation_list_expires_when_it_says(tmp_path: Path) -> None:
    listed = crl(tmp_path, [], START)
    late = at(START + timedelta(days=7, seconds=1))
    assert "CRL has expired" in verify_chain(tmp_path, *late, *listed, succeeds=False)


def test_the_program_prints_the_usage_period_and_the_list_number(tmp_path: Path) -> None:
    signer = pem(tmp_path, "signer", signer_under(root()).certificate.der)
    printed = openssl(tmp_path, "x509", "-in", signer, "-noout", "-text")
    assert "Not Before: Nov  1 09:30:00 2026 GMT, Not After: Feb  1 09:30:00 2027 GMT" in printed
    listed = crl(tmp_path, [], START)[-1]
    assert "X509v3 CRL Number: \n                7" in openssl(
        tmp_path, "crl", "-in", listed, "-noout", "-text"
    )


def successor() -> CertificateAuthority:
    return root("successor", at=LATER)


def test_a_signer_under_the_successor_verifies_through_the_link(tmp_path: Path) -> None:
    link = pem(tmp_path, "link", root().link_to(successor().certificate, serial=3))
    signer = pem(tmp_path, "signer", signer_under(successor()).certificate.der)
    old = pem(tmp_path, "root", root().certificate.der)
    command = ("verify", "-x509_strict", *at(LATER), "-CAfile", old)
    assert "OK" in openssl(tmp_path, *command, "-untrusted", link, signer)
    openssl(tmp_path, *command, signer, succeeds=False)


def test_the_critical_marker_stops_a_reader_that_does_not_know_it(tmp_path: Path) -> None:
    marked = root("marked", demonstration=True)
    authority = pem(tmp_path, "root", marked.certificate.der)
    signer = pem(tmp_path, "signer", signer_under(marked).certificate.der)
    command = ("verify", *at(NOW), "-CAfile", authority)
    assert "critical extension" in openssl(tmp_path, *command, signer, succeeds=False)
    assert "OK" in openssl(tmp_path, *command, "-ignore_critical", signer)
    printed = openssl(tmp_path, "x509", "-in", authority, "-noout", "-text")
    assert f"{Oid.DEMONSTRATION}: critical" in printed
