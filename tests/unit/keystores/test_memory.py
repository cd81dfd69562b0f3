"""Key stores for tests and demonstrations."""

import logging

import pytest

from cardservice.errors import UsageError
from cardservice.keystores.memory import (
    DEMONSTRATION_TRANSPORT_MASTER,
    TRANSPORT_MASTER,
    InsecureDemonstrationKeyStore,
    InsecureMemoryKeyStore,
)
from cardservice.pki.keys import KeyStore, KeyStoreError
from cardservice.pki.suite import ECDSA_P256_SHA256, SHA_256, SignatureSuite

Store = type[InsecureMemoryKeyStore]
BOTH = pytest.mark.parametrize("store", [InsecureMemoryKeyStore, InsecureDemonstrationKeyStore])


@BOTH
def test_production_refuses_it(store: Store) -> None:
    with pytest.raises(UsageError, match=f"{store.__name__} is for tests"):
        store(production=True)


@BOTH
def test_it_warns_when_it_is_made(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        store(production=False)
    assert f"{store.__name__}: keys are not protected" in caplog.text


@BOTH
def test_a_key_signs_and_is_found_again(store: Store) -> None:
    keys: KeyStore = store(production=False)
    made = keys.generate("root")
    ECDSA_P256_SHA256.verifier(made.public_key)(keys.signing_key("root").sign(b"m"), b"m")
    assert keys.generate_secret("master", octets=32).cmac(b"m") == keys.secret("master").cmac(b"m")
    assert {"master", "root"} <= set(keys.names())


@BOTH
def test_a_name_holds_one_key_for_ever(store: Store) -> None:
    keys = store(production=False)
    keys.generate("a")
    keys.generate_secret("b")
    for name in ("a", "b"):
        with pytest.raises(KeyStoreError, match="already"):
            keys.generate(name)
        with pytest.raises(KeyStoreError, match="already"):
            keys.put_secret(name, bytes(16))


@BOTH
def test_an_unknown_name_is_said_with_its_remedy(store: Store) -> None:
    keys = store(production=False)
    for find in (keys.signing_key, keys.secret):
        with pytest.raises(KeyStoreError, match=r"no key none \(generate"):
            find("none")


def test_memory_keys_differ_each_time() -> None:
    made = [InsecureMemoryKeyStore(production=False).generate("root") for _ in range(2)]
    assert made[0].public_key != made[1].public_key


def test_demonstration_keys_are_the_same_everywhere() -> None:
    made = [InsecureDemonstrationKeyStore(production=False) for _ in range(2)]
    assert made[0].generate("root").public_key == made[1].generate("root").public_key
    assert made[0].generate_secret("m").value == made[1].generate_secret("m").value
    assert made[0].generate("other").public_key != made[0].signing_key("root").public_key


def test_the_demonstration_transport_master_is_the_one_blank_cards_carry() -> None:
    keys = InsecureDemonstrationKeyStore(production=False)
    assert keys.names() == (TRANSPORT_MASTER,)
    assert keys.secret(TRANSPORT_MASTER).value == DEMONSTRATION_TRANSPORT_MASTER


@BOTH
def test_a_suite_without_software_keys_is_refused(store: Store) -> None:
    other = SignatureSuite("gost3410-2012-256", SHA_256, b"", ECDSA_P256_SHA256.verifier)
    with pytest.raises(UsageError, match="gost3410"):
        store(production=False).generate("root", other)
