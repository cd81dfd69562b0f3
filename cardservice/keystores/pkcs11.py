"""A key store in a security module: keys are made inside it and never come out.

Names are labels of objects on one token. The port's promises hold as in a key folder; what a
module adds is that nobody, this process included, can read a key.

Source: PKCS#11 v2.40 base specification and current mechanisms (CKM_AES_CMAC, CKM_ECDSA).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pkcs11 import Mechanism, ObjectClass

from cardservice.errors import UsageError
from cardservice.keystores import pkcs11_objects as objects
from cardservice.keystores.pkcs11_errors import IMPORT_REFUSALS, ModuleError, ModuleFault
from cardservice.keystores.pkcs11_library import library_at
from cardservice.keystores.pkcs11_pin import PinSource
from cardservice.keystores.pkcs11_public import public_half, sign_with
from cardservice.keystores.pkcs11_session import Opened, TokenSession
from cardservice.keystores.pkcs11_token import TokenChoice
from cardservice.keystores.pkcs11_turns import turn
from cardservice.pki.keys import CMAC_OCTETS, require_name, require_secret_size
from cardservice.pki.suite import ECDSA_P256_SHA256, SignatureSuite

PATIENCE_S: Final = 30.0
"""Seconds; a network module that fails over to its twin takes up to about twenty."""


@dataclass(frozen=True, slots=True)
class Pkcs11SigningKey:
    """A private key inside the module; ``public_key`` is its SubjectPublicKeyInfo, DER."""

    session: TokenSession = field(repr=False)
    name: str
    key_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    suite: SignatureSuite = ECDSA_P256_SHA256

    def sign(self, data: bytes) -> bytes:
        """Return SEQUENCE{r, s}, DER, over the suite's digest of ``data``; raises ModuleError."""
        return self.session.run(lambda opened: self._sign(opened, data))

    def _sign(self, opened: Opened, data: bytes) -> bytes:
        key = objects.key_named(opened, ObjectClass.PRIVATE_KEY, self.name, self.key_id)
        return sign_with(key, self.suite, data)


@dataclass(frozen=True, slots=True)
class Pkcs11SecretKey:
    """An AES key inside the module."""

    session: TokenSession = field(repr=False)
    name: str
    key_id: bytes = field(repr=False)

    def cmac(self, data: bytes) -> bytes:
        """Return AES-CMAC of ``data``, 16 octets; raises ModuleError."""
        return self.session.run(lambda opened: self._cmac(opened, data))

    def _cmac(self, opened: Opened, data: bytes) -> bytes:
        key = objects.key_named(opened, ObjectClass.SECRET_KEY, self.name, self.key_id)
        mac = key.sign(data, mechanism=Mechanism.AES_CMAC)
        if len(mac) != CMAC_OCTETS:
            raise ModuleError(ModuleFault.FAILED, "CMAC of another size")
        return mac


class Pkcs11KeyStore:
    """Keys on one token of a PKCS#11 module; several threads may use it.

    Args:
        module: path of the module's shared library.
        token_label: of the token.
        pin: called at each log-in: once now, and again when a session was lost.
        serial: of the token, where two have one label.
        patience_s: seconds a call may take before its caller is told that nothing came back.

    Raises:
        ModuleError: no such module or token, it cannot do what is needed (AES-CMAC inside
            above all), or it refuses the PIN, which is tried once.
        KeyStoreError: there is no PIN.
        UsageError: no time to answer in.
    """

    def __init__(
        self,
        module: Path,
        token_label: str,
        pin: PinSource,
        *,
        serial: str | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        if patience_s <= 0:
            raise UsageError("a module needs some time to answer")
        choice = TokenChoice(token_label, serial)
        self._library = library_at(module)
        self._patience_s = patience_s
        self._session = TokenSession(self._library, choice, pin, patience_s=patience_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Log out; this store and its keys refuse from now on."""
        self._session.close()

    def names(self) -> tuple[str, ...]:
        """Return the names of all keys, sorted; labels that are no names are other programs'."""
        return tuple(sorted(self._session.run(objects.names_on)))

    def signing_key(self, name: str) -> Pkcs11SigningKey:
        """Return the signing key of that name.

        Raises:
            ModuleError: none, more than one, one that may leave the token, or one that no public
                key on the token belongs to.
        """
        require_name(name)
        return self._session.run(lambda opened: self._signing_key(opened, name))

    def generate(self, name: str, suite: SignatureSuite = ECDSA_P256_SHA256) -> Pkcs11SigningKey:
        """Return a new signing key, made inside the module and stored on the token.

        Raises:
            UsageError: a suite other than ``ecdsa-p256-sha256``.
            ModuleError: the name is taken, or the module refused.
        """
        require_name(name)
        if suite is not ECDSA_P256_SHA256:
            raise UsageError(f"no module keys of suite {suite.name}")
        key_id = self._make(name, objects.generate_p256)
        return self._session.run(lambda opened: self._signing_key(opened, name, key_id))

    def remove(self, name: str) -> None:
        """Destroy the private keys of that name on the token, and their public halves.

        Raises:
            ModuleError: the module refused, or the token is gone.

        Source: PKCS#11 v2.40, 5.7 (C_DestroyObject).
        """
        require_name(name)
        with turn(self._library.path, patience_s=self._patience_s):
            self._session.run(lambda opened: objects.destroy(opened, name))

    def secret(self, name: str) -> Pkcs11SecretKey:
        """Return the secret key of that name; raises ModuleError as ``signing_key`` does."""
        require_name(name)
        return Pkcs11SecretKey(
            self._session, name, self._session.run(lambda o: _secret_id(o, name))
        )

    def generate_secret(self, name: str, *, octets: int = 16) -> Pkcs11SecretKey:
        """Return a new secret key made inside the module; raises ModuleError as ``generate``."""
        require_name(name)
        require_secret_size(octets)
        key_id = self._make(name, partial(objects.generate_aes, octets=octets))
        return Pkcs11SecretKey(self._session, name, key_id)

    def put_secret(self, name: str, value: bytes) -> Pkcs11SecretKey:
        """Return the secret key of that value, which the token never tells again.

        The value has been in this process, and in whatever brought it: for a card maker's
        transport key that is so, and for a master key it should not be.

        Raises:
            ModuleError: the name is taken, or the module takes no key from outside.
        """
        require_name(name)
        require_secret_size(len(value))
        key_id = self._make(name, partial(_imported, value=value))
        return Pkcs11SecretKey(self._session, name, key_id)

    def _make(self, name: str, make: Callable[[Opened, str], bytes]) -> bytes:
        # The first look heals a session that was lost; making is never done twice.
        self._session.run(lambda opened: objects.require_free(opened, name))
        with turn(self._library.path, patience_s=self._patience_s):
            return self._session.run(lambda opened: make(opened, name), again=False)

    def _signing_key(
        self, opened: Opened, name: str, key_id: bytes | None = None
    ) -> Pkcs11SigningKey:
        key = objects.key_named(opened, ObjectClass.PRIVATE_KEY, name, key_id)
        public = public_half(opened, key, ECDSA_P256_SHA256, name)
        return Pkcs11SigningKey(self._session, name, objects.id_of(key), public)


def _secret_id(opened: Opened, name: str) -> bytes:
    return objects.id_of(objects.key_named(opened, ObjectClass.SECRET_KEY, name))


def _imported(opened: Opened, name: str, value: bytes) -> bytes:
    try:
        return objects.import_aes(opened, name, value)
    except IMPORT_REFUSALS:
        raise ModuleError(ModuleFault.IMPORT_REFUSED, name) from None
