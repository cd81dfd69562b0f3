"""Files of certificates are looked at before anything begins, and said what is wrong with them."""

from pathlib import Path

import pytest

from cardservice.desklink.certificates import MOST_OCTETS, service_tls
from cardservice.errors import UsageError
from cardservice.serving.clinics_tls import Tls
from tests.cli.processes import Shell
from tests.simulated.clinic_tls.authority import Authority, Files
from tests.simulated.clinic_tls.places import SERVE

ENROL = ("desk", "enrol", "7Q3K-9XWD-2M5T", "--service", "https://127.0.0.1:1", "--yes")
BROKEN: dict[str, bytes] = {
    "empty": b"",
    "no PEM": b"this is no certificate\n",
    "no certificate in PEM": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "DER": b"\x30\x82\x01\x00" + bytes(256),
    "not ASCII": "сертификат\n".encode(),
    "endless": b"#" * (MOST_OCTETS + 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_holds_no_authority_is_refused_and_the_system_is_not_believed_instead(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(BROKEN[name])
    with pytest.raises(UsageError, match=r"ca\.pem: .*; desk_service_ca names a PEM file"):
        service_tls(path)


@pytest.mark.parametrize("name", ["missing.pem", "."])
def test_a_file_that_is_not_there_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="desk_service_ca names a PEM file"):
        service_tls(tmp_path / name)


def test_only_the_authorities_of_the_file_are_believed(authority: Authority) -> None:
    assert len(service_tls(authority.file).get_ca_certs()) == 1


def test_remarks_between_certificates_may_be_in_any_language(
    authority: Authority, tmp_path: Path
) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes("Удостоверяющий центр клиники\n".encode() + authority.file.read_bytes())
    assert len(service_tls(path).get_ca_certs()) == 1


@pytest.mark.parametrize("content", [None, b"nothing\n"])
def test_no_command_of_a_desk_begins_with_a_bad_file(
    shell: Shell, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    home = str(tmp_path / "desk")
    done = shell.run(*ENROL, CARDSERVICE_HOME=home, CARDSERVICE_DESK_SERVICE_CA=str(path))
    assert (done.returncode, "desk_service_ca" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "desk" / "keys").exists()


def test_files_that_a_service_cannot_show_are_refused(authority: Authority, tmp_path: Path) -> None:
    good, other = authority.issue(), authority.issue()
    locked = authority.issue(passphrase=b"correct horse")
    (tmp_path / "nothing.pem").write_text("nothing\n")
    for certificate, key in (
        (good.certificate, other.key),
        (locked.certificate, locked.key),
        (tmp_path / "nothing.pem", good.key),
        (good.certificate, good.certificate),
        (good.certificate, tmp_path / "missing.key"),
    ):
        with pytest.raises(UsageError, match="its key without a passphrase"):
            Tls(certificate, key).require_usable()
    Tls(good.certificate, good.key).require_usable()


@pytest.mark.parametrize("more", [("--demo",), ("--workers", "2")])
def test_the_service_does_not_begin_with_another_certificates_key(
    shell: Shell, authority: Authority, more: tuple[str, ...]
) -> None:
    files = Files(authority.issue().certificate, authority.issue().key)
    done = shell.run(*SERVE, *files.options, *more)
    assert (done.returncode, "its key without a passphrase" in done.stderr) == (2, True)
    assert (done.stdout, "Traceback" in done.stderr) == ("", False)
