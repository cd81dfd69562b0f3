"""The vault of scans: files named by their content, sealed, in a folder no web server shows.

A name is a MAC of the plain content under a key of this installation: the same scan sent again
is kept once, and a name tells nobody who lacks the key which document it is.
"""

import hmac
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from cardservice.errors import Refusal, UsageError
from cardservice.pki.keys import SecretKey
from cardservice.uploads.derivation import derive
from cardservice.uploads.vault_files import (
    is_there,
    open_private,
    prepare_folder,
    remove,
    write_private,
)
from cardservice.uploads.vault_form import (
    KEY,
    NONCE,
    ScanDamagedError,
    opened_chunks,
    sealed_chunks,
    unwrap_key,
    wrap_key,
)

Address = str
ADDRESS: Final = re.compile(r"[0-9a-f]{64}")
MOST_KEY_FILE: Final = 256  # octets; ours have 107
_SHARD: Final = 2  # characters of the name that name its folder: 256 folders
_SCAN, _KEY = ".scan", ".key"


class ScanVault:
    """Scans on the disk.

    Args:
        folder: made if it is not there, ``0700``.
        secret: of the key store, 32 octets; whoever has it and the folder can read all scans.
        dice: returns that many random octets.
        web_roots: folders that a web server shows; the vault refuses to lie in or above one.

    Raises:
        UsageError: the folder lies in or above a web root, or others may enter it.
    """

    def __init__(
        self,
        folder: Path,
        secret: SecretKey,
        *,
        dice: Callable[[int], bytes] = os.urandom,
        web_roots: tuple[Path, ...] = (),
    ) -> None:
        _require_outside(folder, web_roots)
        self._folder = prepare_folder(folder)
        self._address_key = derive(secret, "scan address")
        self._wrapping = derive(secret, "scan wrapping")
        self._dice = dice

    def address_of(self, octets: bytes) -> Address:
        """Return the name of that content: HMAC-SHA256 under this installation's key, hex."""
        return hmac.new(self._address_key, octets, sha256).hexdigest()

    def keep(self, octets: bytes) -> Address:
        """Return the name under which ``octets`` lie on the disk, read back and compared.

        Content that is there already and can be read stays as it is, and counts as kept just now;
        damaged, it is written anew.

        Raises:
            ScanDamagedError: what was written does not read back.
            OSError: the disk refused; nothing half is left under the name.
        """
        address = self.address_of(octets)
        with self._locked():
            if self._is_whole(address):
                os.utime(self._path(address, _SCAN))
            else:
                self._write(address, octets)
                self._read_all(address)
        return address

    def read(self, address: Address) -> Iterator[bytes]:
        """Yield the plain content, chunk by chunk, each authenticated.

        Raises:
            Refusal: ``scan-unknown``: no such scan, or it was erased.
            ScanDamagedError: it is not what was kept; perhaps after some chunks.
        """
        with self._opened(address, _KEY) as file:
            key = unwrap_key(file.read(MOST_KEY_FILE), wrapping=self._wrapping, address=address)
        with self._opened(address, _SCAN) as file:
            yield from opened_chunks(file, key=key, address=address)

    def erase(self, address: Address) -> None:
        """Remove a scan and its key for good; nothing happens if it is not there.

        The key goes first and is written over: what a disk or a backup keeps of the file is then
        noise. Two documents of the same content are one scan: the caller erases with the last.
        """
        with self._locked():
            self._remove(address)

    def erase_unused(
        self, address: Address, *, is_used: Callable[[], bool], before: datetime
    ) -> bool:
        """Return whether a scan was erased: kept last before ``before``, and used by nothing.

        Nobody can keep the same content anew between the question and the erasing, and content
        kept anew counts as young.
        """
        with self._locked():
            kept_at = self._kept_at(address)
            if kept_at is None or kept_at >= before or is_used():
                return False
            self._remove(address)
            return True

    def addresses(self) -> Iterator[Address]:
        """Yield the names of all scans there are, those that lost a file included."""
        for shard in sorted(one for one in self._folder.iterdir() if one.is_dir()):
            stems = {one.stem for one in shard.iterdir() if one.suffix in (_SCAN, _KEY)}
            yield from sorted(filter(ADDRESS.fullmatch, stems))

    def _remove(self, address: Address) -> None:
        remove(self._path(address, _KEY), overwrite=True)
        remove(self._path(address, _SCAN))

    def _kept_at(self, address: Address) -> datetime | None:
        times = []
        for suffix in (_SCAN, _KEY):
            with suppress(FileNotFoundError):
                times.append(self._path(address, suffix).lstat().st_mtime)
        return datetime.fromtimestamp(max(times), UTC) if times else None

    def _is_whole(self, address: Address) -> bool:
        try:
            self._read_all(address)
        except (Refusal, ScanDamagedError):
            return False
        return True

    def _read_all(self, address: Address) -> None:
        seen = hmac.new(self._address_key, digestmod=sha256)
        for chunk in self.read(address):
            seen.update(chunk)
        if not hmac.compare_digest(seen.hexdigest(), address):
            raise ScanDamagedError("a kept scan does not read back as it was written")

    def _write(self, address: Address, octets: bytes) -> None:
        key = self._dice(KEY)
        wrapped = wrap_key(key, wrapping=self._wrapping, nonce=self._dice(NONCE), address=address)
        prepare_folder(self._path(address, _SCAN).parent)
        # In this order a cut between the two leaves a key without a scan, which is replaced.
        remove(self._path(address, _SCAN))
        write_private(self._path(address, _KEY), (wrapped,))
        chunks = sealed_chunks(octets, key=key, address=address)
        write_private(self._path(address, _SCAN), chunks)

    @contextmanager
    def _opened(self, address: Address, suffix: str) -> Iterator[BinaryIO]:
        path = self._path(address, suffix)
        if not is_there(path):
            raise Refusal("scan-unknown", "There is no such scan, or it was erased.")
        with open_private(path) as file:
            yield file

    def _path(self, address: Address, suffix: str) -> Path:
        if not ADDRESS.fullmatch(address):
            raise UsageError("the name of a scan is 64 hexadecimal digits")
        return self._folder / address[:_SHARD] / f"{address}{suffix}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # One writer at a time, also among processes: a key and a scan of two writers do not fit.
        descriptor = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            flock(descriptor, LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _require_outside(folder: Path, web_roots: tuple[Path, ...]) -> None:
    own = folder.resolve()
    for root in (one.resolve() for one in web_roots):
        if own == root or root in own.parents or own in root.parents:
            raise UsageError("the folder of scans lies where a web server shows files")
