"""Sessions that are lost, tokens that go away, and PINs that are wrong."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from pkcs11 import Session, Token

from cardservice.keystores import pkcs11_session
from cardservice.keystores.pkcs11 import Pkcs11KeyStore
from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_library import Login, Module
from cardservice.keystores.pkcs11_token import log_in
from cardservice.pki.keys import KeyStoreError
from tests.interop.softhsm.tokens import (
    LABEL,
    MODULE,
    PATIENCE_S,
    PIN,
    Tokens,
    library,
    look_again,
    opened,
    pin_source,
)

WRONG = "314159"

pytestmark = pytest.mark.usefixtures("tokens")


def end_all_sessions(module: Module) -> None:
    """What a module does to its clients when it is started again under them."""
    module.finalize()
    module.initialize()


LOSSES: list[Callable[[], None]] = [
    look_again,
    lambda: library().run(end_all_sessions, patience_s=PATIENCE_S),
]


class CountedPins:
    """A source that remembers what it gave."""

    def __init__(self, pin: str = PIN) -> None:
        self.pin = pin
        self.given: list[bytearray] = []

    def __call__(self) -> bytearray:
        self.given.append(bytearray(self.pin.encode()))
        return self.given[-1]


@pytest.fixture
def log_ins(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with each log-in that is tried."""
    tried: list[str] = []

    def counted(logins: dict[str, Login], token: Token, pin: str) -> Session:
        tried.append(token.label)
        return log_in(logins, token, pin)

    monkeypatch.setattr(pkcs11_session, "log_in", counted)
    return tried


@pytest.mark.parametrize("lose", LOSSES)
def test_a_lost_session_is_opened_again_and_the_keys_are_the_same(
    lose: Callable[[], None], log_ins: list[str]
) -> None:
    store = opened()
    signer, master = store.generate("signer"), store.generate_secret("master")
    mac = master.cmac(b"m")
    lose()
    assert master.cmac(b"m") == mac
    signer.suite.verifier(signer.public_key)(signer.sign(b"m"), b"m")
    assert len(log_ins) == 2


@pytest.mark.parametrize("lose", LOSSES)
def test_after_a_lost_session_names_and_making_go_on(lose: Callable[[], None]) -> None:
    store = opened()
    store.generate("signer")
    lose()
    assert store.names() == ("signer",)
    lose()
    store.generate_secret("master")
    lose()
    with pytest.raises(KeyStoreError, match="already"):
        store.generate("master")
    assert store.names() == ("master", "signer")


def test_eight_threads_that_lose_a_session_open_one(log_ins: list[str]) -> None:
    store = opened()
    master = store.generate_secret("master")
    mac = master.cmac(b"m")
    look_again()
    with ThreadPoolExecutor(8) as pool:
        macs = list(pool.map(master.cmac, [b"m"] * 64))
    assert macs == [mac] * 64
    assert len(log_ins) == 2


def test_a_token_that_went_away_is_told_and_works_when_it_is_back(
    tokens: Tokens, store: Pkcs11KeyStore
) -> None:
    master = store.generate_secret("master")
    mac = master.cmac(b"m")
    away = tokens.folder.rename(tokens.folder.with_name("away"))
    for use in (lambda: master.cmac(b"m"), store.names, lambda: store.generate("new")):
        with pytest.raises(ModuleError) as caught:
            use()
        assert caught.value.fault in (ModuleFault.TOKEN_MISSING, ModuleFault.LIBRARY)
    away.rename(tokens.folder)
    assert master.cmac(b"m") == mac
    assert store.names() == ("master",)


def test_an_emptied_token_is_not_taken_for_a_token_without_that_key(
    tokens: Tokens, store: Pkcs11KeyStore
) -> None:
    # SoftHSM2 finds nothing on a token that is gone, and reports no error.
    tokens.folder.rename(tokens.folder.with_name("away"))
    for find in (store.secret, store.signing_key):
        with pytest.raises(ModuleError) as caught:
            find("master")
        assert caught.value.fault != ModuleFault.KEY_MISSING


def test_a_key_of_the_same_name_is_not_taken_for_the_one_that_was_opened(
    tokens: Tokens, store: Pkcs11KeyStore
) -> None:
    master = store.generate_secret("master")
    tokens.folder.rename(tokens.folder.with_name("away"))
    tokens.folder.mkdir()
    tokens.add()
    look_again()
    store.generate_secret("master")
    with pytest.raises(ModuleError) as caught:
        master.cmac(b"m")
    assert caught.value.fault == ModuleFault.KEY_MISSING


def test_a_wrong_pin_is_tried_once_and_told(log_ins: list[str]) -> None:
    pins = CountedPins(WRONG)
    with pytest.raises(ModuleError) as caught:
        opened(pins)
    assert caught.value.fault == ModuleFault.PIN_WRONG
    assert (len(pins.given), len(log_ins)) == (1, 1)
    assert WRONG not in str(caught.value)
    assert WRONG not in caught.value.remedy


def test_a_pin_that_was_changed_in_between_is_tried_once(log_ins: list[str]) -> None:
    pins = CountedPins()
    store = opened(pins)
    master = store.generate_secret("master")
    pins.pin = WRONG
    look_again()
    for _ in range(3):
        with pytest.raises(ModuleError) as caught:
            master.cmac(b"m")
        assert caught.value.fault == ModuleFault.PIN_WRONG
    assert (len(pins.given), len(log_ins)) == (2, 2)


def test_eight_threads_try_a_wrong_pin_once(log_ins: list[str]) -> None:
    pins = CountedPins()
    store = opened(pins)
    master = store.generate_secret("master")
    pins.pin = WRONG
    look_again()

    def fault(_: int) -> ModuleFault:
        with pytest.raises(ModuleError) as caught:
            master.cmac(b"m")
        return caught.value.fault

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(fault, range(8))) == {ModuleFault.PIN_WRONG}
    assert len(log_ins) == 2


@pytest.mark.parametrize("pin", [PIN, WRONG])
def test_a_pin_is_wiped_once_the_token_has_seen_it(pin: str) -> None:
    pins = CountedPins(pin)
    with suppress(ModuleError):
        opened(pins).close()
    assert pins.given == [bytearray(len(pin))]


def test_without_a_pin_the_source_says_why(log_ins: list[str]) -> None:
    def nobody() -> bytearray:
        raise KeyStoreError("nobody sits here", remedy="write a PIN file")

    with pytest.raises(KeyStoreError, match="nobody sits here"):
        opened(nobody)
    assert log_ins == []


def test_a_token_that_is_not_there_is_told() -> None:
    with pytest.raises(ModuleError, match=r"no token other .*label") as caught:
        opened(label="other")
    assert caught.value.fault == ModuleFault.TOKEN_MISSING


def test_of_two_tokens_of_one_label_the_serial_number_tells(tokens: Tokens) -> None:
    tokens.add()
    look_again()
    with pytest.raises(ModuleError) as caught:
        opened()
    assert caught.value.fault == ModuleFault.TOKEN_AMBIGUOUS
    serials = library().run(
        lambda module: [
            token.serial.decode() for token in module.get_tokens() if token.label == LABEL
        ],
        patience_s=PATIENCE_S,
    )
    first, second = (
        Pkcs11KeyStore(MODULE, LABEL, pin_source(), serial=serial) for serial in serials
    )
    first.generate("only-here")
    assert (first.names(), second.names()) == (("only-here",), ())


def test_a_closed_store_and_its_keys_refuse() -> None:
    store = opened()
    master = store.generate_secret("master")
    store.close()
    store.close()
    for use in (lambda: master.cmac(b"m"), store.names):
        with pytest.raises(ModuleError, match="closed"):
            use()


def test_closing_one_store_does_not_log_out_another_of_the_process(log_ins: list[str]) -> None:
    first, second = opened(), opened()
    master = second.generate_secret("master")
    mac = master.cmac(b"m")
    first.close()
    assert second.names() == ("master",)
    assert master.cmac(b"m") == mac
    assert len(log_ins) == 2


def test_closing_the_last_store_logs_out() -> None:
    first, second = opened(), opened()
    first.close()
    second.close()
    with pytest.raises(ModuleError) as caught:
        opened(pin_source(WRONG))
    assert caught.value.fault == ModuleFault.PIN_WRONG
