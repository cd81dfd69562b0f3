"""Scan files that nothing uses any more: removed after the act that freed them, or swept up.

The database and the files cannot change in one transaction, so the database goes first: what a
crash leaves is a file that no row names, and the sweep finds it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from cardservice.registry.ports import Database
from cardservice.uploads.vault import ScanVault

SETTLES_FOR: Final = timedelta(days=1)
"""How long a kept file may wait for the row that names it: far longer than any request takes."""


def sweep_scans(vault: ScanVault, database: Database, *, now: datetime) -> int:
    """Return how many scans were removed, because no document and no attachment has them.

    Args:
        vault: every scan in it is looked at.
        database: all regions of it.
        now: aware; scans kept in the last day are left alone.
    """
    addresses = (bytes.fromhex(one) for one in vault.addresses())
    return remove_unused(vault, database, addresses, now=now)


def remove_unused(
    vault: ScanVault, database: Database, hashes: Iterable[bytes], *, now: datetime
) -> int:
    """Return how many of these scans were removed; as ``sweep_scans``, for some."""
    return sum(_remove_unused(vault, database, one, now=now) for one in hashes)


def _remove_unused(
    vault: ScanVault, database: Database, content_hash: bytes, *, now: datetime
) -> bool:
    def is_used() -> bool:
        with database.reading() as work:
            documents = work.documents.with_content(content_hash)
            return bool(documents or work.attachments.with_content(content_hash))

    # Asked once without the vault's lock too: nearly all scans are used, and nobody is to wait.
    if is_used():
        return False
    before = now - SETTLES_FOR
    return vault.erase_unused(content_hash.hex(), is_used=is_used, before=before)
