"""The time, whom to trust, and the lists: signed, believed by a desk, and the same for all."""

import base64
import secrets
from datetime import timedelta
from pathlib import Path

import pytest

from cardservice.desk.signed_time import TimeFault, TimeProofError, verify_time
from cardservice.desk.trust_bundle import ExpectedTrust, verify_trust
from cardservice.errors import Refusal
from cardservice.home.clinics_trust import SLOT_S
from cardservice.home.status_lists_showing import list_signers
from cardservice.home.status_lists_signer import list_signer_file
from cardservice.pki.status_list_tokens import TokenForm
from cardservice.pki.status_list_verifying import ExpectedList, verify_status_list
from cardservice.serving.clinics import AGAIN_S, Upkeep
from tests.unit.web_clinics.service_world import ADDRESS, V1, Service

LIST = "/statuslists/1"


def nonce() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def test_the_signed_time_is_believed_by_a_desk(service: Service) -> None:
    asked = nonce()
    token = service.post("/time", {"nonce": asked}).json()["time"]
    signers = list_signers(service.home.folder, production=False)
    assert verify_time(token, nonce=asked, signers=signers) == service.clock()
    with pytest.raises(TimeProofError) as caught:
        verify_time(token, nonce=nonce(), signers=signers)
    assert caught.value.fault is TimeFault.OTHER_QUESTION


def test_a_nonce_that_comes_twice_is_answered_with_the_time_of_then(service: Service) -> None:
    asked, signers = nonce(), list_signers(service.home.folder, production=False)
    times = []
    for _ in range(2):
        token = service.post("/time", {"nonce": asked}).json()["time"]
        times.append(verify_time(token, nonce=asked, signers=signers))
        service.clock.go(seconds=5)
    assert times[1] - times[0] == timedelta(seconds=5)


@pytest.mark.parametrize("wrong", ["", "A" * 21, "A" * 87, "=" * 30, "é" * 30, 5, None])
def test_a_nonce_of_another_form_is_refused(service: Service, wrong: object) -> None:
    assert service.post("/time", {"nonce": wrong}).status_code == 422


def test_a_desk_takes_whom_to_trust(service: Service) -> None:
    answer = service.get(f"{V1}/trust")
    root = service.home.folder.root.read_bytes()
    expected = ExpectedTrust(pinned=(root,), production=False)
    bundle = verify_trust(answer.json()["trust"], expected=expected, now=service.clock())
    assert bundle.roots == (root,)
    assert bundle.lists == {1: f"{ADDRESS}{LIST}"}
    assert bundle.revocations == (service.home.folder.revocations.read_bytes(),)


def test_what_a_desk_has_is_not_sent_again_within_its_slot(service: Service) -> None:
    first = service.get(f"{V1}/trust")
    known = {"If-None-Match": first.headers["etag"]}
    again = service.get(f"{V1}/trust", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    service.clock.go(seconds=SLOT_S)
    assert service.get(f"{V1}/trust", headers=known).status_code == 200


def test_the_time_of_trust_never_goes_back(service: Service) -> None:
    first = service.get(f"{V1}/trust").json()
    service.clock.go(hours=-3)
    assert service.get(f"{V1}/trust").json() == first


@pytest.mark.parametrize("form", list(TokenForm))
def test_a_list_is_sent_as_it_was_published(service: Service, form: TokenForm) -> None:
    answer = service.get(f"{LIST}.{form.value}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == form.media_type
    assert answer.headers["cache-control"] == "public, max-age=1800"
    expected = ExpectedList(uri=f"{ADDRESS}{LIST}", form=form)
    signers = list_signers(service.home.folder, production=False)
    verified = verify_status_list(
        answer.content, expected=expected, signers=signers, now=service.clock()
    )
    assert verified.issued == service.clock()
    known = {"If-None-Match": f'"other", {answer.headers["etag"]}'}
    again = service.get(f"{LIST}.{form.value}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    head = service.ask("HEAD", f"{LIST}.{form.value}")
    assert (head.status_code, head.headers["etag"]) == (200, answer.headers["etag"])


def test_the_next_list_replaces_the_one_before(service: Service) -> None:
    upkeep = Upkeep(service.home)
    assert upkeep.look() == ()
    before = service.get(f"{LIST}.json").json()
    service.clock.go(minutes=29, seconds=59)
    assert upkeep.look() == ()
    service.clock.go(seconds=1)
    assert upkeep.look() == ("status-list",)
    after = service.get(f"{LIST}.json").json()
    assert after["issued"] > before["issued"]
    assert service.get(f"{LIST}.cwt").headers["etag"] == after["files"]["cwt"]["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/statuslists/2.cwt",
        "/statuslists/1.txt",
        "/statuslists/1",
        "/statuslists/../home.json",
        "/statuslists/%2e%2e%2fhome.json",
        "/statuslists/-1.cwt",
        "/statuslists/99999.cwt",
    ],
)
def test_nothing_else_of_the_home_is_sent(service: Service, path: str) -> None:
    assert service.get(path).status_code in {404, 422}


def test_without_a_signer_nothing_is_signed_and_the_code_says_so(service: Service) -> None:
    list_signer_file(service.home.folder).unlink()
    answer = service.post("/time", {"nonce": nonce()})
    assert (answer.status_code, answer.json()["code"]) == (503, "no-list-signer")


def test_a_signer_whose_time_is_over_signs_nothing(service: Service) -> None:
    service.clock.go(days=120)
    assert service.post("/time", {"nonce": nonce()}).json()["code"] == "no-list-signer"


def test_the_signer_is_renewed_before_its_end_and_taken_up(service: Service) -> None:
    first = service.home.signer.signer().certificate
    service.clock.now = service.home.signer.signer().usage.end - timedelta(days=13)
    assert "list-signer" in Upkeep(service.home).look()
    second = service.home.signer.signer()
    assert second.certificate != first
    assert second.usage.holds(service.clock())


def test_the_own_terminal_is_renewed_with_less_than_two_days_left(service: Service) -> None:
    upkeep, terminal = Upkeep(service.home), service.home.terminal
    first = terminal.enrolment()
    assert first is not None
    service.clock.go(days=4)
    assert "terminal" not in upkeep.look()
    assert terminal.enrolment() is not None
    service.clock.go(days=1)
    assert "terminal" in upkeep.look()
    second = terminal.enrolment()
    assert second is not None
    assert second.chains != first.chains


def test_an_own_terminal_that_was_lost_or_slept_too_long_comes_back(service: Service) -> None:
    upkeep, terminal = Upkeep(service.home), service.home.terminal
    service.clock.go(days=10)
    assert terminal.enrolment() is None
    assert "terminal" in upkeep.look()
    terminal.bundle.unlink()
    assert terminal.enrolment() is None
    assert "terminal" in upkeep.look()
    terminal.bundle.write_bytes(b"damaged")
    assert terminal.enrolment() is None
    assert "terminal" in upkeep.look()
    assert terminal.enrolment() is not None


def test_a_job_that_fails_is_tried_again_later(service: Service) -> None:
    now = [0.0]
    upkeep = Upkeep(service.home, timer=lambda: now[0])
    (service.home.folder.path / "trust" / "root.der").rename(service.home.folder.path / "root")
    service.clock.now = service.home.signer.signer().usage.end - timedelta(days=13)
    assert "list-signer" not in upkeep.look()
    (service.home.folder.path / "root").rename(service.home.folder.path / "trust" / "root.der")
    assert "list-signer" not in upkeep.look()
    now[0] += AGAIN_S
    assert "list-signer" in upkeep.look()


def test_revocations_that_were_renewed_are_taken_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    judges, now = service.home.judges, [1e9]
    monkeypatch.setattr(judges, "_timer", lambda: now[0])
    first = judges("45000")
    assert judges("45000") is first
    path = Path(service.home.folder.revocations)
    octets = path.read_bytes()
    now[0] += 31
    assert judges("45000") is first
    path.write_bytes(octets + b"\0")
    now[0] += 31
    with pytest.raises(Refusal) as caught:
        judges("45000")
    assert caught.value.code == "home-damaged"
    path.write_bytes(octets)
    now[0] += 31
    assert judges("45000") is first
