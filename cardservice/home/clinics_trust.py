"""What desks are to trust: roots, links, revocation lists, statement keys, where lists are. Signed.

The statement is of a slot of time and the same for all processes of a service, so that a desk
that asks another one is not told something older.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from cardservice.home.anchors import read_anchors
from cardservice.home.clinics_signing import FreshnessSigner
from cardservice.home.folder import Folder
from cardservice.home.status_lists import HOLDS
from cardservice.papers.statement.signed import StatementKey
from cardservice.pki.service_tokens import TrustClaims, sign_trust

SLOT_S: Final = 600
"""Seconds: who asks every half hour gets a new statement each time."""


@dataclass(frozen=True, slots=True)
class SignedTrust:
    """A statement and its entity tag, in quotes: of what it says, since a signature differs."""

    token: str = field(repr=False)
    etag: str


class TrustStatements:
    """Makes the statement of the present slot once and keeps it; safe to share between threads.

    Args:
        folder: of the issuer; its files are read again for each slot.
        signer: signs.
        clock: aware UTC time.
        lists: number → where that list is found.
        statement_keys: those trusted for temporary certificates.
    """

    def __init__(
        self,
        folder: Folder,
        signer: FreshnessSigner,
        *,
        clock: Callable[[], datetime],
        lists: Mapping[int, str],
        statement_keys: tuple[StatementKey, ...] = (),
    ) -> None:
        self._folder = folder
        self._signer = signer
        self._clock = clock
        self._lists = lists
        self._statement_keys = statement_keys
        self._lock = Lock()
        self._kept: tuple[int, SignedTrust] | None = None

    def current(self) -> SignedTrust:
        """Return the statement; its time never goes back, though the clock be set back.

        Raises:
            Refusal: ``no-list-signer`` or ``home-damaged``.
            KeyStoreError: the signer's key cannot be opened.
        """
        slot = int(self._clock().timestamp()) // SLOT_S
        with self._lock:
            if self._kept is None or self._kept[0] < slot:
                begins = datetime.fromtimestamp(slot * SLOT_S, UTC)
                self._kept = (slot, self._made(begins))
            return self._kept[1]

    def _made(self, issued: datetime) -> SignedTrust:
        signer = self._signer.signer()
        # One that was certified a moment ago may not sign for the beginning of the slot.
        claims = self._claims(max(issued, signer.usage.begin))
        return SignedTrust(sign_trust(signer, claims), _etag(claims))

    def _claims(self, issued: datetime) -> TrustClaims:
        anchors = read_anchors(self._folder)
        return TrustClaims(
            issued=issued,
            expires=issued + HOLDS,
            # Every link there is: a desk may have been enrolled with any of the roots.
            roots=anchors.offered,
            revocations=(anchors.revocations,),
            statement_keys=tuple((one.insurer, one.public_key) for one in self._statement_keys),
            lists=self._lists,
        )


def _etag(claims: TrustClaims) -> str:
    parts = (
        claims.issued.isoformat().encode(),
        *claims.roots,
        *claims.revocations,
        *(octets for _, octets in claims.statement_keys),
        *(f"{number} {uri}".encode() for number, uri in claims.lists.items()),
    )
    digests = b"".join(hashlib.sha256(one).digest() for one in parts)
    return f'"{hashlib.sha256(digests).hexdigest()}"'
