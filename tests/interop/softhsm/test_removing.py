"""Keys that a desk removes are gone, others are not; the same of every store."""

from collections.abc import Callable
from typing import cast
from unittest.mock import patch

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, MechanismFlag, Object, ObjectClass, Session

from cardservice.errors import UsageError
from cardservice.keystores import pkcs11_objects
from cardservice.keystores.pkcs11 import Pkcs11KeyStore
from cardservice.pki.keys import KeyStore, KeyStoreError, RemovableKeys
from tests.interop.softhsm.test_contract import opening
from tests.interop.softhsm.test_protection import objects, on_token
from tests.interop.softhsm.tokens import opened

__all__ = ["opening"]

GONE, STAYS = "desk-00001", "desk-00002"
P256 = bytes.fromhex("06082A8648CE3D030107")
Opening = Callable[[], KeyStore]


def remove(keys: KeyStore, name: str) -> None:
    cast(RemovableKeys, keys).remove(name)


def count(kind: ObjectClass) -> int:
    found: int = on_token(lambda session: len(objects(session, kind)))
    return found


def test_a_removed_key_is_gone_for_whoever_opens_the_store_and_the_other_signs(
    opening: Opening,
) -> None:
    keys = opening()
    assert isinstance(keys, RemovableKeys)
    for name in (GONE, STAYS):
        keys.generate(name).sign(b"used once")
    remove(keys, GONE)
    for store in (keys, opening()):
        assert store.names() == (STAYS,)
        assert store.signing_key(STAYS).sign(b"x")
        with pytest.raises(KeyStoreError):
            store.signing_key(GONE)


def test_a_key_that_was_lent_before_it_was_removed_is_another_than_the_next_of_its_name(
    opening: Opening,
) -> None:
    keys = opening()
    before = keys.generate(GONE).public_key
    remove(keys, GONE)
    assert keys.generate(GONE).public_key != before
    assert opening().signing_key(GONE).public_key != before


def test_who_removes_what_is_not_there_or_was_removed_harms_nothing(opening: Opening) -> None:
    keys = opening()
    keys.generate(STAYS)
    for _ in range(2):
        remove(keys, GONE)
    assert keys.names() == (STAYS,)


def test_a_secret_key_of_that_name_stays(opening: Opening) -> None:
    keys = opening()
    mac = keys.generate_secret(STAYS).cmac(b"x")
    remove(keys, STAYS)
    assert keys.secret(STAYS).cmac(b"x") == mac


@pytest.mark.parametrize("name", ["", "../secret", "desk-*", "desk-00001\x00", "DESK"])
def test_what_is_no_name_removes_nothing(store: Pkcs11KeyStore, name: str) -> None:
    store.generate(GONE)
    with pytest.raises(UsageError):
        store.remove(name)
    assert store.names() == (GONE,)


def test_both_halves_leave_the_token(store: Pkcs11KeyStore) -> None:
    for name in (GONE, STAYS):
        store.generate(name)
    store.remove(GONE)
    assert (count(ObjectClass.PRIVATE_KEY), count(ObjectClass.PUBLIC_KEY)) == (1, 1)


def test_a_key_that_another_store_has_in_use_refuses_and_nothing_else_signs_for_it(
    store: Pkcs11KeyStore,
) -> None:
    lent = store.generate(GONE)
    lent.sign(b"used once")
    with opened() as other:
        other.remove(GONE)
        other.generate(STAYS)
    with pytest.raises(KeyStoreError):
        lent.sign(b"x")


@pytest.mark.parametrize("half", ["_search", "_public_halves"])
def test_a_half_that_the_module_destroys_not_leaves_a_key_that_the_next_try_removes(
    store: Pkcs11KeyStore, half: str
) -> None:
    store.generate(GONE)
    real = getattr(pkcs11_objects, half)

    def not_to_be_destroyed(*asked: object) -> list[_Stubborn]:
        return [_Stubborn(one) for one in real(*asked)]

    with (
        patch.object(pkcs11_objects, half, not_to_be_destroyed),
        pytest.raises(KeyStoreError),
    ):
        store.remove(GONE)
    assert store.names() == (GONE,)
    store.remove(GONE)
    assert (count(ObjectClass.PRIVATE_KEY), count(ObjectClass.PUBLIC_KEY)) == (0, 0)


class _Stubborn:
    """A key that the module destroys not."""

    def __init__(self, key: Object) -> None:
        self._key = key

    def __getitem__(self, attribute: Attribute) -> object:
        return self._key[attribute]

    def destroy(self) -> None:
        raise pkcs11.FunctionRejected


def test_keys_of_others_without_an_id_stay_though_one_of_them_has_the_name_of_a_desks(
    store: Pkcs11KeyStore,
) -> None:
    def made(session: Session) -> None:
        for name in (GONE, "another-program"):
            curve = session.create_domain_parameters(
                KeyType.EC, {Attribute.EC_PARAMS: P256}, local=True
            )
            curve.generate_keypair(
                label=name,
                store=True,
                capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
                public_template={Attribute.PRIVATE: False, Attribute.ID: b""},
                private_template={Attribute.PRIVATE: True, Attribute.ID: b""},
            )

    on_token(made)
    store.remove(GONE)
    assert store.names() == ("another-program",)
    assert count(ObjectClass.PUBLIC_KEY) == 2
