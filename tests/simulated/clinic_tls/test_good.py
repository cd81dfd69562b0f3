"""A certificate of the authority that the desk was told of: everything works over TLS."""

import json
import socket
import ssl

import httpx
import pytest

from cardservice.desklink.tokens import DeskTokens
from cardservice.domain.proven_time import TimeGrade
from tests.cli.processes import Shell
from tests.simulated.clinic_tls.authority import Authority
from tests.simulated.clinic_tls.listener import listener
from tests.simulated.clinic_tls.places import Place, Served, serving
from tests.simulated.clinic_tls.versions import client_context, server_context

PATIENCE_S = 10.0
AEAD_1_2 = {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"} | {
    "ECDHE-ECDSA-CHACHA20-POLY1305"
}


def spoken(at: tuple[str, int], context: ssl.SSLContext) -> tuple[str, str]:
    """Return version and cipher that a client and whoever listens there agree on."""
    with (
        socket.create_connection(at, PATIENCE_S) as line,
        context.wrap_socket(line, server_hostname="127.0.0.1") as tls,
    ):
        cipher = tls.cipher()
        assert cipher is not None
        return str(tls.version()), cipher[0]


def test_a_desk_enrols_gets_a_token_time_trust_and_lists(served: Served, place: Place) -> None:
    enrolment = place.enrol(served.address, served.code)
    assert enrolment.service == served.address
    with place.at_work() as desk:
        assert desk.fetch_all() == [None, None, None]
        tokens: DeskTokens = desk.desk.calls._tokens
        assert tokens.token(desk.desk.link)
        assert desk.desk.time.now().grade is TimeGrade.PROVEN
        assert desk.desk.knowledge.held_list(1) is not None
        assert desk.refresher.report().refused == 0


@pytest.mark.parametrize(
    ("most", "version", "ciphers"),
    [
        (ssl.TLSVersion.TLSv1_3, "TLSv1.3", None),
        (ssl.TLSVersion.TLSv1_2, "TLSv1.2", AEAD_1_2),
    ],
)
def test_a_client_of_each_version_that_is_allowed_is_answered(
    served: Served,
    authority: Authority,
    most: ssl.TLSVersion,
    version: str,
    ciphers: set[str] | None,
) -> None:
    agreed = spoken(served.at, client_context(authority.file, most))
    assert agreed[0] == version
    assert ciphers is None or agreed[1] in ciphers


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES256-SHA"])
def test_a_client_that_has_only_cbc_is_answered_elsewhere_and_not_here(
    served: Served, authority: Authority, cipher: str
) -> None:
    context = client_context(authority.file, ssl.TLSVersion.TLSv1_2)
    context.set_ciphers(cipher)
    other = server_context(authority.issue())
    other.set_ciphers(cipher)
    with listener(other) as lenient:
        assert spoken(lenient.at, context)[1] == cipher
    with pytest.raises(ssl.SSLError):
        spoken(served.at, context)


def test_a_client_of_tls_1_1_is_answered_elsewhere_and_not_here(
    served: Served, authority: Authority
) -> None:
    context = client_context(authority.file, ssl.TLSVersion.TLSv1_1)
    with listener(server_context(authority.issue(), ssl.TLSVersion.TLSv1_1)) as old:
        assert spoken(old.at, context)[0] == "TLSv1.1"
    with pytest.raises(ssl.SSLError):
        spoken(served.at, context)


def test_plain_http_at_the_port_of_tls_is_not_answered_and_harms_nobody(
    served: Served, authority: Authority
) -> None:
    with socket.create_connection(served.at, PATIENCE_S) as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        line.settimeout(PATIENCE_S)
        assert b"HTTP" not in line.recv(4_096)
    context = ssl.create_default_context(cafile=authority.file)
    answer = httpx.get(f"{served.address}/health", verify=context, timeout=PATIENCE_S)
    assert answer.status_code == 200


def test_several_workers_answer_over_tls(shell: Shell, authority: Authority, place: Place) -> None:
    more = {"CARDSERVICE_REGION": "45000", "CARDSERVICE_STATUS_LIST_PLACES": "1024"}
    office = Shell(shell.folder, {**shell.variables, **more})
    for command in (("init",), ("office", "init")):
        done = office.run(*command)
        assert done.returncode == 0, done.stderr
    with (
        serving(office, authority.issue(), "--workers", "2") as served,
        place.calls(served.address) as calls,
    ):
        found = calls.trust()
        assert found is not None
        assert calls.time().token
        assert calls.status_list(1, f"{served.address}/statuslists/1") is not None


def test_the_commands_of_a_desk_believe_the_authority_of_the_setting(
    shell: Shell, authority: Authority
) -> None:
    variables = {
        **shell.variables,
        "CARDSERVICE_HOME": str(shell.folder / "desk"),
        "CARDSERVICE_DESK_SERVICE_CA": str(authority.file),
    }
    desk = Shell(shell.folder, variables)
    with serving(shell, authority.issue(), "--demo") as served:
        enrol = ("desk", "enrol", served.code, "--service", served.address, "--yes")
        alone = desk.run(*enrol, CARDSERVICE_DESK_SERVICE_CA="")
        assert alone.returncode == 4
        assert "service-authority-unknown: " in alone.stderr
        assert "the setting desk_service_ca." in alone.stderr
        assert served.code not in alone.stderr
        enrolled = desk.run(*enrol)
        assert enrolled.returncode == 0, enrolled.stderr
        refreshed = desk.run("desk", "refresh")
        assert refreshed.stdout.startswith("time: fresh\ntrust: fresh\nlists: fresh\n")
        alone = desk.run("desk", "refresh", CARDSERVICE_DESK_SERVICE_CA="")
        assert alone.stderr.count("service-authority-unknown: ") >= 3
    missing = desk.run("desk", "refresh", CARDSERVICE_DESK_SERVICE_CA="missing.pem")
    assert (missing.returncode, "desk_service_ca names" in missing.stderr) == (2, True)
    status = json.loads(desk.run("desk", "status", "--json").stdout)
    assert status["service"] == served.address
