"""What opens the keys of a station: asked once, tried by one lane first, never shown."""

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from cardservice.home.folder import ISSUER_MASTER, Folder
from cardservice.home.station_keys import (
    KeySecrets,
    StationSecrets,
    ask_secrets,
    issuer_keys,
    open_key_store,
)
from cardservice.keystores.passphrase import VARIABLE
from cardservice.personalization.lane_worker import LaneFaultError
from cardservice.pki.keys import KeyStoreError
from cardservice.settings import Settings, load_settings
from tests.unit.home.homes import new_premises

GIVEN = KeySecrets(passphrase="one of a test")  # noqa: S106 - it opens nothing
WAIT_S = 5.0


def given(secrets: StationSecrets) -> KeySecrets:
    with secrets.tried() as lent:
        return lent


def settings_with(path: Path, **wishes: object) -> Settings:
    return load_settings(home=path, **wishes)


def test_a_passphrase_comes_from_the_environment_or_a_person(tmp_path: Path) -> None:
    settings = settings_with(tmp_path)
    from_there = ask_secrets(settings, prompt=None, environment={VARIABLE: "one of a test"})
    asked = ask_secrets(settings, prompt=lambda _: "one of a test", environment={})
    assert given(from_there) == given(asked) == GIVEN
    with pytest.raises(KeyStoreError):
        ask_secrets(settings, prompt=None, environment={})


def test_a_pin_is_asked_unless_it_has_a_file(tmp_path: Path) -> None:
    module = settings_with(tmp_path, hsm_module=tmp_path / "module.so")
    assert given(ask_secrets(module, prompt=lambda _: "1234", environment={})).pin == b"1234"
    with pytest.raises(KeyStoreError, match="hsm_pin_file"):
        ask_secrets(module, prompt=None, environment={})
    filed = module.model_copy(update={"hsm_pin_file": tmp_path / "pin"})
    assert given(ask_secrets(filed, prompt=None, environment={})) == KeySecrets()


def test_a_station_of_a_central_service_is_asked_nothing(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, station_central="https://central.example.org")
    assert given(ask_secrets(settings, prompt=None, environment={})) == KeySecrets()


def test_secrets_are_in_no_printed_form() -> None:
    assert "test" not in repr(KeySecrets("one of a test", b"one of a test"))


def test_until_the_secrets_opened_something_lanes_try_them_one_by_one() -> None:
    secrets, order = StationSecrets(GIVEN), []
    inside, go_on = threading.Event(), threading.Event()

    def second() -> None:
        with secrets.tried():
            order.append("second")

    def first() -> None:
        with secrets.tried():
            inside.set()
            assert go_on.wait(WAIT_S)
            order.append("first")

    threads = [threading.Thread(target=target) for target in (first, second)]
    threads[0].start()
    assert inside.wait(WAIT_S)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(WAIT_S)
    assert order == ["first", "second"]


def test_secrets_that_opened_something_are_used_by_many_lanes_at_once() -> None:
    secrets = StationSecrets(GIVEN)
    given(secrets)
    with secrets.tried(), secrets.tried() as lent:
        assert lent == GIVEN


@pytest.mark.parametrize("code", ["hsm-pin-wrong", "hsm-pin-last-try", "hsm-pin-locked"])
def test_a_wrong_pin_is_not_tried_by_another_lane(code: str) -> None:
    secrets = StationSecrets(GIVEN)
    given(secrets)
    secrets.note(LaneFaultError(code, "The PIN is wrong."))
    with pytest.raises(LaneFaultError) as fault:
        given(secrets)
    assert fault.value.code == code


def test_another_fault_lets_the_next_lane_try() -> None:
    secrets = StationSecrets(GIVEN)
    secrets.note(LaneFaultError("hsm-token-missing", "Insert it."))
    assert given(secrets) == GIVEN


def test_a_folder_without_a_passphrase_does_not_open(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "home")
    new_premises(folder.path)
    with ExitStack() as stack:
        settings = settings_with(folder.path)
        keys = open_key_store(settings, folder, KeySecrets(), stack)
        with pytest.raises(KeyStoreError):
            keys.generate_secret("any")


def test_the_issuer_s_keys_are_those_of_the_home(tmp_path: Path) -> None:
    premises = new_premises(tmp_path / "home")
    keys = issuer_keys(premises.folder, premises.keys)
    assert keys.issuer_master.cmac(b"x") == premises.keys.secret(ISSUER_MASTER).cmac(b"x")
    assert keys.trust_point is not None
