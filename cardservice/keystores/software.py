"""A key folder: one encrypted file a key, under one passphrase."""

import secrets
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from cardservice.keystores import key_files, pem
from cardservice.keystores.passphrase import Passphrase
from cardservice.keystores.sealing import (
    KdfCost,
    open_private_key,
    open_secret,
    seal_private_key,
    seal_secret,
)
from cardservice.keystores.software_keys import AesKey, EcdsaP256Key, generate_key, load_key
from cardservice.pki.keys import KEY_NAME, KeyStoreError, require_name, require_secret_size
from cardservice.pki.suite import ECDSA_P256_SHA256, SignatureSuite

SIGNING_SUFFIX = ".key"
AES_SUFFIX = ".secret"

T = TypeVar("T")


class SoftwareKeyStore:
    """Keys in files, ``0600``, of a folder, ``0700``; loaded once and kept.

    Args:
        folder: made if it is not there.
        passphrase: asked once, when a key is first loaded or made.
        cost: of new files; a file says itself what it costs to open.

    Raises:
        KeyStoreError: others may enter the folder, or it cannot be made.
    """

    def __init__(
        self, folder: Path, passphrase: Passphrase, *, cost: KdfCost | None = None
    ) -> None:
        self._folder = key_files.prepare_folder(folder)
        self._ask = passphrase
        self._cost = cost or KdfCost()
        self._passphrase: str | None = None
        self._signing: dict[str, EcdsaP256Key] = {}
        self._secrets: dict[str, AesKey] = {}

    def names(self) -> tuple[str, ...]:
        """Return the names of all keys, sorted; opens none of them."""
        return tuple(sorted(file.stem for file in self._files()))

    def _files(self) -> Iterator[Path]:
        suffixes = (SIGNING_SUFFIX, AES_SUFFIX)
        for file in self._folder.iterdir():
            if file.suffix in suffixes and KEY_NAME.fullmatch(file.stem):
                yield file

    def _load(self, path: Path) -> None:
        if path.suffix == SIGNING_SUFFIX:
            self.signing_key(path.stem)
        else:
            self.secret(path.stem)

    def signing_key(self, name: str) -> EcdsaP256Key:
        """Return the signing key of that name.

        Raises:
            KeyStoreError: no such file, open to others, damaged, or another passphrase.
        """
        if name not in self._signing:
            path = self._path(name, SIGNING_SUFFIX)
            self._signing[name] = self._opened(path, _open_signing)
        return self._signing[name]

    def generate(self, name: str, suite: SignatureSuite = ECDSA_P256_SHA256) -> EcdsaP256Key:
        """Return a new signing key; its file is on the disk.

        Raises:
            KeyStoreError: the name is taken, the passphrase is not that of the other keys, or
                the disk refused.
        """
        path = self._free(name, SIGNING_SUFFIX)
        key = generate_key(suite)
        passphrase = self._confirmed_passphrase()
        sealed = seal_private_key(key.private_octets(), passphrase=passphrase, cost=self._cost)
        key_files.create(path, pem.encode(sealed))
        return self._signing.setdefault(name, key)

    def remove(self, name: str) -> None:
        """Destroy the signing key of that name, its file and what is loaded of it.

        No passphrase is asked for. What a disk keeps of a file that was unlinked is the disk's.

        Raises:
            KeyStoreError: the disk refused.
        """
        key_files.remove(self._path(name, SIGNING_SUFFIX))
        self._signing.pop(name, None)

    def secret(self, name: str) -> AesKey:
        """Return the secret key of that name; raises KeyStoreError as ``signing_key`` does."""
        if name not in self._secrets:
            path = self._path(name, AES_SUFFIX)
            self._secrets[name] = self._opened(path, partial(_open_secret, name))
        return self._secrets[name]

    def generate_secret(self, name: str, *, octets: int = 16) -> AesKey:
        """Return a new secret key; raises KeyStoreError as ``generate`` does."""
        return self.put_secret(name, secrets.token_bytes(require_secret_size(octets)))

    def put_secret(self, name: str, value: bytes) -> AesKey:
        """Return the secret key of that value; raises KeyStoreError as ``generate`` does."""
        path = self._free(name, AES_SUFFIX)
        key = AesKey(value)
        passphrase = self._confirmed_passphrase()
        key_files.create(path, seal_secret(name, value, passphrase=passphrase, cost=self._cost))
        return self._secrets.setdefault(name, key)

    def _path(self, name: str, suffix: str) -> Path:
        return self._folder / f"{require_name(name)}{suffix}"

    def _free(self, name: str, suffix: str) -> Path:
        if require_name(name) in self.names():
            raise KeyStoreError(f"there is a key {name} already", remedy="choose another name")
        return self._path(name, suffix)

    def _opened(self, path: Path, opener: Callable[[bytes, str], T]) -> T:
        octets = key_files.read(path)
        try:
            return opener(octets, self._current_passphrase())
        except (ValueError, TypeError):
            self._passphrase = None  # a person may be asked again
            raise KeyStoreError(
                f"{path} does not open: wrong passphrase, or a damaged file",
                remedy="check the passphrase, or restore the file from a backup",
            ) from None

    def _current_passphrase(self) -> str:
        if self._passphrase is None:
            self._passphrase = self._ask()
        return self._passphrase

    def _confirmed_passphrase(self) -> str:
        """Return the passphrase, once it has opened a key that is there already.

        A slip of the finger would otherwise make a key that only the slip opens.
        """
        if not self._signing and not self._secrets:
            for path in sorted(self._files())[:1]:
                self._load(path)
        return self._current_passphrase()


def _open_signing(octets: bytes, passphrase: str) -> EcdsaP256Key:
    return load_key(open_private_key(pem.decode(octets), passphrase=passphrase))


def _open_secret(name: str, octets: bytes, passphrase: str) -> AesKey:
    return AesKey(open_secret(name, octets, passphrase=passphrase))
