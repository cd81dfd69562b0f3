"""A desk's former keys go once the next certificate is in use, and never before."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cardservice.domain.verdict import ProtocolName
from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.home import desk_refresh
from cardservice.home.demonstration import DemonstrationCards
from cardservice.home.enrolment import installed
from cardservice.home.folder import Folder
from cardservice.pki.keys import KeyStoreError
from cardservice.texts.demonstration import DemonstrationCard
from tests.simulated.desk_agent.conftest import AtWork, Place
from tests.simulated.desk_agent.service import Service
from tests.simulated.desk_agent.test_examining import cards, shown, verdict_of

__all__ = ["cards"]


def sequence_on_disk(path: Path) -> str:
    bundle = installed(Folder(path))
    assert bundle is not None
    return bundle.reference.sequence


def is_shown(desk: AtWork, cards: DemonstrationCards) -> bool:
    verdict = verdict_of(shown(desk, cards, DemonstrationCard.CONTACTLESS))
    return ProtocolName.TERMINAL_AUTHENTICATION in verdict.ran


def test_renewals_without_end_leave_two_keys_for_cards(
    desk: AtWork, place: Place, cards: DemonstrationCards
) -> None:
    desk.fetch_all()
    for _ in range(4):
        desk.refresher.renew()
    assert place.keys.names() == ("assertion-00001", "desk-00004", "desk-00005")
    assert sequence_on_disk(place.path) == "00005"
    assert is_shown(desk, cards)


def no_service(service: Service) -> None:
    service.address = "http://127.0.0.1:1"


@pytest.mark.parametrize("calls", [1, 3])
def test_a_renewal_that_is_not_answered_removes_nothing(
    place: Place, service: Service, calls: int
) -> None:
    place.enrol()
    with place.at_work() as desk:
        desk.fetch_all()
        desk.refresher.renew()
        desk.refresher.renew()
    before = set(place.keys.names())
    no_service(service)
    with place.at_work() as again:
        for _ in range(calls):
            with pytest.raises(SourceUnavailableError):
                again.refresher.renew()
    assert before < set(place.keys.names())
    assert f"desk-{sequence_on_disk(place.path)}" in place.keys.names()


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_a_process_that_ends_before_keys_are_removed_has_them_removed_with_the_next(
    place: Place, cards: DemonstrationCards, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.enrol()
    with monkeypatch.context() as patched, place.at_work() as desk:
        desk.fetch_all()
        desk.refresher.renew()
        patched.setattr(desk_refresh, "remove_former_keys", failing(SystemExit(9)))
        with pytest.raises(SystemExit):
            desk.refresher.renew()
    assert len(place.keys.names()) == 4
    with place.at_work() as again:
        again.fetch_all()
        assert is_shown(again, cards)
        again.refresher.renew()
        assert place.keys.names() == ("assertion-00001", "desk-00003", "desk-00004")
        assert is_shown(again, cards)


def test_a_certificate_that_the_disk_did_not_take_costs_no_key(
    desk: AtWork, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.fetch_all()
    desk.refresher.renew()
    with monkeypatch.context() as patched:
        full = Refusal("home-unwritable", "The disk is full.")
        patched.setattr(desk_refresh, "install", failing(full))
        with pytest.raises(Refusal):
            desk.refresher.renew()
    assert {"desk-00001", "desk-00002", "desk-00003"} < set(place.keys.names())
    assert sequence_on_disk(place.path) == "00002"


def test_a_store_that_keeps_its_keys_costs_no_renewal(
    desk: AtWork,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk.fetch_all()
    refused = KeyStoreError("the disk says no to desk-00001", remedy="ask it")
    monkeypatch.setattr(place.keys, "remove", failing(refused))
    for _ in range(2):
        desk.refresher.renew()
    assert sequence_on_disk(place.path) == "00003"
    assert len(place.keys.names()) == 4
    assert "a former key was not removed: KeyStoreError" in caplog.text
