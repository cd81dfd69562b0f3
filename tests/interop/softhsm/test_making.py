"""A key is made once, protected, or not at all."""

from collections.abc import Callable

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, MechanismFlag

from cardservice.errors import UsageError
from cardservice.keystores import pkcs11_objects as objects
from cardservice.keystores.pkcs11 import Pkcs11KeyStore
from cardservice.keystores.pkcs11_errors import IMPORT_REFUSALS, ModuleError, ModuleFault
from cardservice.keystores.pkcs11_session import Opened
from tests.interop.softhsm.tokens import LABEL, MODULE, pin_source

VALUE = bytes(range(16))

MAKING: list[Callable[[Pkcs11KeyStore], object]] = [
    lambda store: store.generate("key"),
    lambda store: store.generate_secret("key"),
    lambda store: store.put_secret("key", VALUE),
]


def count(opened: Opened) -> int:
    return len(opened.find({Attribute.TOKEN: True}))


@pytest.mark.parametrize("make", MAKING)
def test_who_finds_that_another_machine_was_as_quick_takes_its_own_key_away(
    store: Pkcs11KeyStore, monkeypatch: pytest.MonkeyPatch, make: Callable[[Pkcs11KeyStore], object]
) -> None:
    first = store.generate_secret("key")
    mac, before = first.cmac(b"m"), store._session.run(count)
    monkeypatch.setattr(objects, "require_free", lambda *_: None)
    with pytest.raises(ModuleError) as caught:
        make(store)
    assert caught.value.fault == ModuleFault.KEY_TAKEN
    assert store.secret("key").cmac(b"m") == mac
    assert store._session.run(count) == before


def generate_badly(opened: Opened, name: str, *, octets: int) -> bytes:
    """Make a key as a module would that does not heed what it is told."""
    opened.session.generate_key(
        KeyType.AES,
        8 * octets,
        id=b"badly",
        label=name,
        store=True,
        capabilities=MechanismFlag.SIGN,
        template={Attribute.EXTRACTABLE: True},
    )
    return objects._settled(opened, name, b"badly")


def test_a_key_that_a_module_made_extractable_is_destroyed(
    store: Pkcs11KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "generate_aes", generate_badly)
    with pytest.raises(ModuleError) as caught:
        store.generate_secret("master")
    assert caught.value.fault == ModuleFault.KEY_EXPOSED
    assert store._session.run(count) == 0


@pytest.mark.parametrize("refusal", IMPORT_REFUSALS)
def test_a_module_that_takes_no_key_from_outside_is_told_with_the_way_round(
    store: Pkcs11KeyStore, monkeypatch: pytest.MonkeyPatch, refusal: type[pkcs11.PKCS11Error]
) -> None:
    def refused(*_: object) -> bytes:
        raise refusal

    monkeypatch.setattr(objects, "import_aes", refused)
    with pytest.raises(ModuleError, match="own tool") as caught:
        store.put_secret("transport", VALUE)
    assert caught.value.fault == ModuleFault.IMPORT_REFUSED


def test_a_session_lost_while_a_key_was_made_is_told_and_the_key_is_not_made_twice(
    store: Pkcs11KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def lost(_: Opened, name: str) -> bytes:
        made.append(name)
        raise pkcs11.DeviceRemoved

    monkeypatch.setattr(objects, "generate_p256", lost)
    with pytest.raises(ModuleError, match="look") as caught:
        store.generate("signer")
    assert caught.value.fault == ModuleFault.SESSION_LOST
    assert made == ["signer"]
    assert store.names() == ()


@pytest.mark.parametrize("patience_s", [0.0, -1.0])
def test_a_module_gets_some_time_to_answer(patience_s: float) -> None:
    with pytest.raises(UsageError, match="some time"):
        Pkcs11KeyStore(MODULE, LABEL, pin_source(), patience_s=patience_s)
