"""What ``openssl`` makes, judged by us; and the key files both can open."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki import der
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.ef_sod import VerifiedSecurityObject, parse_ef_sod, verify_ef_sod
from cardservice.pki.security_object import encode_security_object
from cardservice.pki.suite import SHA_256
from cardservice.pki.trust import TrustStore
from tests.interop.openssl.program import openssl
from tests.unit.pki.office import HASHES

CONFIGURATION = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[signer]
subjectKeyIdentifier = hash
keyUsage = critical, digitalSignature
authorityKeyIdentifier = keyid
2.23.136.1.1.6.2 = DER:30:09:02:01:00:31:04:13:02:4F:4D
"""
P256 = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
P384 = ("ec", "-pkeyopt", "ec_paramgen_curve:P-384")
RSA = ("rsa:2048",)


def make_pki(folder: Path, kind: tuple[str, ...], *, digest: str = "sha256") -> None:
    """Make ``root.pem`` and ``signer.pem`` with their keys."""
    (folder / "openssl.cnf").write_text(CONFIGURATION)
    common = ("req", "-config", "openssl.cnf", "-newkey", *kind, "-nodes", f"-{digest}", "-x509")
    openssl(
        folder, *common, "-keyout", "root.key", "-out", "root.pem", "-subj", "/C=RU/CN=Root",
        "-extensions", "root", "-days", "3650",
    )  # fmt: skip
    openssl(
        folder, *common, "-keyout", "signer.key", "-out", "signer.pem", "-subj", "/C=RU/CN=Signer",
        "-extensions", "signer", "-days", "3000", "-CA", "root.pem", "-CAkey", "root.key",
    )  # fmt: skip


def sign(folder: Path, *options: str, digest: str = "sha256") -> bytes:
    """Return an EF.SOD around the program's SignedData over our security object."""
    (folder / "lds.der").write_bytes(encode_security_object(HASHES, digest=SHA_256))
    openssl(
        folder, "cms", "-sign", "-binary", "-nodetach", "-in", "lds.der", "-signer", "signer.pem",
        "-inkey", "signer.key", "-econtent_type", "2.23.136.1.1.1", "-md", digest,
        "-outform", "DER", "-out", "sod.cms", *options,
    )  # fmt: skip
    return der.encode(0x77, (folder / "sod.cms").read_bytes())


def judged(folder: Path, verified: VerifiedSecurityObject) -> tuple[Outcome, Reason]:
    openssl(folder, "x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der")
    store = TrustStore([(folder / "root.der").read_bytes()], production=True)
    found = store.judge_signer(
        verified.signer_der, signing_time=verified.signing_time, now=datetime.now(UTC)
    )
    return found.outcome, found.reason


@pytest.mark.parametrize(
    ("kind", "digest", "options"),
    [
        (P256, "sha256", ("-nosmimecap",)),
        (P256, "sha256", ()),
        (P256, "sha256", ("-keyid", "-nosmimecap")),
        (P256, "sha512", ("-nosmimecap",)),
        (P384, "sha384", ("-nosmimecap",)),
        (RSA, "sha256", ("-nosmimecap",)),
        (RSA, "sha256", ("-nosmimecap", "-keyopt", "rsa_padding_mode:pss")),
        (P256, "sha256", ("-nosmimecap", "-certfile", "root.pem")),
    ],
    ids=["plain", "capabilities", "by key", "SHA-512", "P-384", "RSA", "RSA-PSS", "chain"],
)
def test_an_ef_sod_made_by_the_program_verifies_and_its_signer_is_judged(
    tmp_path: Path, kind: tuple[str, ...], digest: str, options: tuple[str, ...]
) -> None:
    make_pki(tmp_path, kind)
    verified = verify_ef_sod(parse_ef_sod(sign(tmp_path, *options, digest=digest)))
    assert dict(verified.hashes) == HASHES
    assert judged(tmp_path, verified) == (Outcome.UNDECIDED, Reason.REVOCATIONS_UNAVAILABLE)


def test_other_content_under_the_programs_signature_is_refused(tmp_path: Path) -> None:
    make_pki(tmp_path, P256)
    octets = sign(tmp_path, "-nosmimecap")
    with pytest.raises(AuthenticationError):
        verify_ef_sod(parse_ef_sod(octets.replace(HASHES[1], HASHES[2])))


def test_sha_1_from_the_program_is_refused(tmp_path: Path) -> None:
    make_pki(tmp_path, P256)
    with pytest.raises(MalformedDataError, match="unsupported digest"):
        parse_ef_sod(sign(tmp_path, "-nosmimecap", digest="sha1"))


def test_a_root_with_explicit_curve_parameters_proves_nothing_and_harms_nothing(
    tmp_path: Path,
) -> None:
    explicit = (
        "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1",
        "-pkeyopt", "ec_param_enc:explicit",
    )  # fmt: skip
    make_pki(tmp_path, explicit)
    openssl(tmp_path, "x509", "-in", "signer.pem", "-outform", "DER", "-out", "signer.der")
    signer = (tmp_path / "signer.der").read_bytes()
    unverified = VerifiedSecurityObject({}, SHA_256, parse_certificate(signer).not_before, signer)
    assert judged(tmp_path, unverified) == (Outcome.UNDECIDED, Reason.SIGNER_UNKNOWN)


def test_a_key_file_of_ours_is_opened_by_the_program(tmp_path: Path) -> None:
    store = SoftwareKeyStore(tmp_path / "keys", lambda: "correct horse")
    public_key = store.generate("root").public_key
    command = ("pkey", "-in", "keys/root.key", "-pubout", "-outform", "DER", "-out", "public.der")
    openssl(tmp_path, *command, "-passin", "pass:correct horse")
    assert (tmp_path / "public.der").read_bytes() == public_key
    openssl(tmp_path, *command, "-passin", "pass:wrong", succeeds=False)
