"""Keys as objects on a token: how they are made, found and judged, by the module's thread.

Source: PKCS#11 v2.40 base specification, 4.9, 4.10; current mechanisms, 2.3 (EC), 2.8 (AES).
"""

import os
from collections.abc import Mapping
from typing import Final

from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, Object, ObjectClass, SignMixin

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_session import Opened
from cardservice.pki.keys import KEY_NAME

KEY_ID_OCTETS: Final = 16
"""Random; joins the halves of a pair, and tells a key from a later one of the same name."""

KEY_CLASSES: Final = (ObjectClass.PRIVATE_KEY, ObjectClass.SECRET_KEY)
PROTECTION: Final[Mapping[Attribute, bool]] = {
    Attribute.PRIVATE: True,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
}
"""Private objects are made by who knows the PIN; keys that others put there are not looked at."""

_BORN_INSIDE: Final = (Attribute.LOCAL, Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE)
_CMAC_ALONE: Final = {
    Attribute.SIGN: True,
    Attribute.VERIFY: False,
    Attribute.ENCRYPT: False,
    Attribute.DECRYPT: False,
    Attribute.WRAP: False,
    Attribute.UNWRAP: False,
    Attribute.DERIVE: False,
}
_P256_PARAMETERS: Final = bytes.fromhex("06082A8648CE3D030107")  # OID prime256v1, DER
_KIND: Final = {ObjectClass.PRIVATE_KEY: KeyType.EC, ObjectClass.SECRET_KEY: KeyType.AES}


def names_on(opened: Opened) -> frozenset[str]:
    """Return the labels of all keys that can be names of this store."""
    found = {
        str(one[Attribute.LABEL])
        for kind in KEY_CLASSES
        for one in opened.find({Attribute.CLASS: kind, Attribute.PRIVATE: True})
    }
    if not found:
        opened.require_token()
    return frozenset(name for name in found if KEY_NAME.fullmatch(name))


def key_named(
    opened: Opened, kind: ObjectClass, name: str, key_id: bytes | None = None
) -> SignMixin:
    """Return the one protected key of that class and name.

    Args:
        key_id: that it must have, where it was found before.

    Raises:
        ModuleError: none, more than one, or one that is not protected.
    """
    asked = (kind, name, key_id)
    if asked not in opened.handles:
        opened.handles[asked] = _found(opened, kind, name, key_id)
    return opened.handles[asked]


def id_of(key: Object) -> bytes:
    """Return CKA_ID."""
    return bytes(key[Attribute.ID])


def require_free(opened: Opened, name: str) -> None:
    """Return if no key has that name; raises ModuleError."""
    if _all_named(opened, name):
        raise ModuleError(ModuleFault.KEY_TAKEN, name)
    opened.require_token()


def generate_aes(opened: Opened, name: str, *, octets: int) -> bytes:
    """Return the id of a new AES key that computes CMACs and nothing else; raises ModuleError."""
    require_free(opened, name)
    key_id = os.urandom(KEY_ID_OCTETS)
    opened.session.generate_key(
        KeyType.AES,
        8 * octets,
        id=key_id,
        label=name,
        store=True,
        capabilities=MechanismFlag.SIGN,
        mechanism=Mechanism.AES_KEY_GEN,
        template=dict(PROTECTION),
    )
    return _settled(opened, name, key_id)


def generate_p256(opened: Opened, name: str) -> bytes:
    """Return the id of a new P-256 key pair that signs and nothing else; raises ModuleError."""
    require_free(opened, name)
    key_id = os.urandom(KEY_ID_OCTETS)
    curve = opened.session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: _P256_PARAMETERS}, local=True
    )
    curve.generate_keypair(
        id=key_id,
        label=name,
        store=True,
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        mechanism=Mechanism.EC_KEY_PAIR_GEN,
        public_template={Attribute.PRIVATE: False},
        private_template=dict(PROTECTION),
    )
    return _settled(opened, name, key_id)


def import_aes(opened: Opened, name: str, value: bytes) -> bytes:
    """Return the id of the AES key of that value, protected from now on; raises ModuleError."""
    require_free(opened, name)
    key_id = os.urandom(KEY_ID_OCTETS)
    opened.session.create_object(
        {
            Attribute.CLASS: ObjectClass.SECRET_KEY,
            Attribute.KEY_TYPE: KeyType.AES,
            Attribute.TOKEN: True,
            Attribute.LABEL: name,
            Attribute.ID: key_id,
            Attribute.VALUE: value,
            **_CMAC_ALONE,
            **PROTECTION,
        }
    )
    return _settled(opened, name, key_id, born_inside=False)


def destroy(opened: Opened, name: str) -> None:
    """Take the private keys of that name off the token, with their public halves.

    The public half goes first: an end between the two leaves what the next try finds by its name.
    """
    opened.require_token()
    try:
        for key in _search(opened, ObjectClass.PRIVATE_KEY, name, None):
            for one in (*_public_halves(opened, id_of(key)), key):
                one.destroy()
    finally:
        opened.handles.clear()  # What they stood for may be gone.


def _public_halves(opened: Opened, key_id: bytes) -> list[Object]:
    # A key that another program made without an id has no half that is known to be its own.
    wanted = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: key_id}
    return opened.find(wanted) if key_id else []


def _search(opened: Opened, kind: ObjectClass, name: str, key_id: bytes | None) -> list[Object]:
    wanted = {Attribute.CLASS: kind, Attribute.LABEL: name, Attribute.PRIVATE: True}
    if key_id:
        wanted[Attribute.ID] = key_id
    return opened.find(wanted)


def _all_named(opened: Opened, name: str, key_id: bytes | None = None) -> list[Object]:
    return [one for kind in KEY_CLASSES for one in _search(opened, kind, name, key_id)]


def _found(opened: Opened, kind: ObjectClass, name: str, key_id: bytes | None) -> SignMixin:
    found = _search(opened, kind, name, key_id)
    if not found:
        opened.require_token()
        raise ModuleError(ModuleFault.KEY_MISSING, name)
    if len(found) > 1:
        raise ModuleError(ModuleFault.KEY_AMBIGUOUS, name)
    return _protected(found[0], kind, name)


def _protected(key: Object, kind: ObjectClass, name: str) -> SignMixin:
    as_it_should = all(key[attribute] == value for attribute, value in PROTECTION.items())
    if not as_it_should or key[Attribute.KEY_TYPE] != _KIND[kind] or not isinstance(key, SignMixin):
        raise ModuleError(ModuleFault.KEY_EXPOSED, name)
    return key


def _settled(opened: Opened, name: str, key_id: bytes, *, born_inside: bool = True) -> bytes:
    """Return the id, once the key just made is the only one of its name, and protected.

    Another machine may have been as quick. Both look after both have made theirs, so at least
    one of them sees two and takes its own away.
    """
    ours = _all_named(opened, name, key_id)
    if len(ours) != 1 or len(_all_named(opened, name)) > 1:
        _take_away(opened, ours, key_id)
        raise ModuleError(ModuleFault.KEY_TAKEN, name)
    wanted = dict(PROTECTION) | dict.fromkeys(_BORN_INSIDE if born_inside else (), True)
    if not all(one[attribute] == value for one in ours for attribute, value in wanted.items()):
        _take_away(opened, ours, key_id)
        raise ModuleError(ModuleFault.KEY_EXPOSED, name)
    return key_id


def _take_away(opened: Opened, ours: list[Object], key_id: bytes) -> None:
    for one in (*ours, *_public_halves(opened, key_id)):
        one.destroy()
