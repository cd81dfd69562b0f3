"""Keys never leave the module, and keys that others put there are not used."""

from collections.abc import Callable
from typing import Any

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, MechanismFlag, Object, ObjectClass, Session

from cardservice.keystores.pkcs11 import Pkcs11KeyStore
from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_library import Module
from cardservice.pki.suite import ECDSA_P256_SHA256
from tests.interop.softhsm.tokens import LABEL, PATIENCE_S, library

VALUE = bytes(range(16))


def on_token(work: Callable[[Session], Any]) -> Any:
    """Return what ``work`` returns, in a session beside the store's, logged in through it."""

    def carried_out(module: Module) -> Any:
        session = module.get_token(token_label=LABEL).open(rw=True)
        try:
            return work(session)
        finally:
            session.close()

    return library().run(carried_out, patience_s=PATIENCE_S)


def objects(session: Session, kind: ObjectClass) -> list[Object]:
    return list(session.get_objects({Attribute.CLASS: kind}))


def make_all(store: Pkcs11KeyStore) -> None:
    store.generate("signer")
    store.generate_secret("master", octets=32)
    store.put_secret("transport", VALUE)


def keys_of(session: Session) -> list[Object]:
    return objects(session, ObjectClass.PRIVATE_KEY) + objects(session, ObjectClass.SECRET_KEY)


def test_no_key_tells_its_value(store: Pkcs11KeyStore) -> None:
    make_all(store)

    def refusals(session: Session) -> list[str]:
        said = []
        for key in keys_of(session):
            with pytest.raises(pkcs11.AttributeSensitive):
                key[Attribute.VALUE]
            said.append(str(key[Attribute.LABEL]))
        return said

    assert sorted(on_token(refusals)) == ["master", "signer", "transport"]


def test_every_key_is_private_sensitive_and_never_extractable(store: Pkcs11KeyStore) -> None:
    make_all(store)
    wanted = (Attribute.PRIVATE, Attribute.SENSITIVE, Attribute.EXTRACTABLE)
    found = on_token(lambda session: [[key[one] for one in wanted] for key in keys_of(session)])
    assert found == [[True, True, False]] * 3


def test_what_was_generated_was_never_outside(store: Pkcs11KeyStore) -> None:
    store.generate("signer")
    store.generate_secret("master")
    wanted = (Attribute.LOCAL, Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE)
    found = on_token(lambda session: [[key[one] for one in wanted] for key in keys_of(session)])
    assert found == [[True, True, True]] * 2


def test_a_key_cannot_be_made_extractable_later(store: Pkcs11KeyStore) -> None:
    make_all(store)

    def tries(session: Session) -> None:
        for key in keys_of(session):
            for attribute, value in ((Attribute.EXTRACTABLE, True), (Attribute.SENSITIVE, False)):
                with pytest.raises(pkcs11.PKCS11Error):
                    key[attribute] = value

    on_token(tries)
    assert store.names() == ("master", "signer", "transport")


def test_a_key_does_its_one_work_and_no_other(store: Pkcs11KeyStore) -> None:
    make_all(store)
    others = (Attribute.DECRYPT, Attribute.UNWRAP, Attribute.DERIVE)
    found = on_token(
        lambda session: [
            (key[Attribute.SIGN], any(key[one] for one in others)) for key in keys_of(session)
        ]
    )
    assert found == [(True, False)] * 3


@pytest.mark.parametrize(
    "exposure",
    [
        {Attribute.EXTRACTABLE: True},
        {Attribute.SENSITIVE: False},
        {Attribute.SIGN: False},
        {Attribute.KEY_TYPE: KeyType.GENERIC_SECRET},
    ],
)
def test_a_secret_that_may_leave_or_is_of_another_kind_is_refused(
    store: Pkcs11KeyStore, exposure: dict[Attribute, Any]
) -> None:
    plant({Attribute.PRIVATE: True, **exposure})
    with pytest.raises(ModuleError) as caught:
        store.secret("master")
    assert caught.value.fault == ModuleFault.KEY_EXPOSED


def plant(attributes: dict[Attribute, Any]) -> None:
    """Put an AES key onto the token that this store did not make."""
    template = {
        Attribute.CLASS: ObjectClass.SECRET_KEY,
        Attribute.KEY_TYPE: KeyType.AES,
        Attribute.TOKEN: True,
        Attribute.LABEL: "master",
        Attribute.ID: b"planted",
        Attribute.SENSITIVE: True,
        Attribute.EXTRACTABLE: False,
        Attribute.SIGN: True,
        Attribute.VALUE: VALUE,
        **attributes,
    }
    on_token(lambda session: session.create_object(template))


def test_a_key_put_there_without_the_pin_is_not_looked_at(store: Pkcs11KeyStore) -> None:
    plant({Attribute.PRIVATE: False})
    assert store.names() == ()
    with pytest.raises(ModuleError) as caught:
        store.secret("master")
    assert caught.value.fault == ModuleFault.KEY_MISSING
    made = store.generate_secret("master")
    assert store.secret("master").cmac(b"m") == made.cmac(b"m")


def test_two_keys_of_one_name_are_told_and_neither_is_used(store: Pkcs11KeyStore) -> None:
    store.generate_secret("master")
    plant({Attribute.PRIVATE: True})
    with pytest.raises(ModuleError) as caught:
        store.secret("master")
    assert caught.value.fault == ModuleFault.KEY_AMBIGUOUS
    assert store.names() == ("master",)


def copy_public_key(session: Session, *, label: str, key_id: bytes) -> None:
    """Give the public key of ``other`` another name and number, as anybody can."""
    public = next(
        one for one in objects(session, ObjectClass.PUBLIC_KEY) if one[Attribute.LABEL] == "other"
    )
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.PUBLIC_KEY,
            Attribute.KEY_TYPE: KeyType.EC,
            Attribute.TOKEN: True,
            Attribute.PRIVATE: False,
            Attribute.LABEL: label,
            Attribute.ID: key_id,
            Attribute.VERIFY: True,
            Attribute.EC_PARAMS: public[Attribute.EC_PARAMS],
            Attribute.EC_POINT: public[Attribute.EC_POINT],
        }
    )


def replace_public_key(session: Session, key_id: bytes, *, keep: bool) -> None:
    own = [one for one in objects(session, ObjectClass.PUBLIC_KEY) if one[Attribute.ID] == key_id]
    copy_public_key(session, label="signer", key_id=key_id)
    for one in () if keep else own:
        one.destroy()


def test_a_public_key_is_known_by_a_signature_and_not_by_its_label(store: Pkcs11KeyStore) -> None:
    made = store.generate("signer")
    other = store.generate("other")
    on_token(lambda session: replace_public_key(session, made.key_id, keep=True))
    found = store.signing_key("signer")
    assert found.public_key == made.public_key != other.public_key


def test_a_private_key_whose_public_key_was_replaced_is_refused(store: Pkcs11KeyStore) -> None:
    made = store.generate("signer")
    store.generate("other")
    on_token(lambda session: replace_public_key(session, made.key_id, keep=False))
    with pytest.raises(ModuleError) as caught:
        store.signing_key("signer")
    assert caught.value.fault == ModuleFault.KEY_FOREIGN


def test_a_key_made_by_the_modules_own_tool_is_used_under_its_label(store: Pkcs11KeyStore) -> None:
    curve = {Attribute.EC_PARAMS: bytes.fromhex("06082A8648CE3D030107")}

    def ceremony(session: Session) -> None:
        session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
            label="root",
            store=True,
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
            private_template={Attribute.EXTRACTABLE: False},
        )

    on_token(ceremony)
    key = store.signing_key("root")
    ECDSA_P256_SHA256.verifier(key.public_key)(key.sign(b"m"), b"m")


def test_labels_that_are_no_names_belong_to_other_programs(store: Pkcs11KeyStore) -> None:
    plant({Attribute.PRIVATE: True, Attribute.LABEL: "Some other Program"})
    assert store.names() == ()
