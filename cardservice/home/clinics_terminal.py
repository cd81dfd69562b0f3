"""The service's own terminal, for cards that lie on a clinic's reader; renewed by itself."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from cardservice.errors import Refusal
from cardservice.home.clinics_locking import TERMINALS, alone
from cardservice.home.enrolment import (
    DeskFolder,
    install,
    installed,
    load_enrolment,
    request_enrolment,
    request_renewal,
)
from cardservice.home.enrolment_files import LONGEST_NAME, DeskWish
from cardservice.home.folder import Folder, read_fund
from cardservice.home.terminals import Decision, end_desk, enrol, read_request
from cardservice.home.terminals_register import DeskRegister, Ground
from cardservice.home.terminals_status import DESK_SPARE
from cardservice.home.trust_points import TerminalFolder
from cardservice.pki.cv.terms import TerminalRights
from cardservice.pki.keys import KeyStore
from cardservice.verify.access import Enrolment

NAME: Final = "verification service"
PLACE: Final = "clinics"
"""Folder in the home of what the service for clinics keeps."""
_BY: Final = "cardservice clinics serve"
_Seen = tuple[int, int, date]


class OwnTerminal:
    """What the service shows to cards; safe to share between threads.

    Args:
        folder: the issuer's home.
        keys: with the document verifier's key; the terminal's own are made there.
        clock: aware UTC time.
    """

    def __init__(self, folder: Folder, keys: KeyStore, *, clock: Callable[[], datetime]) -> None:
        self._issuer = folder
        self._own = Folder(folder.path / PLACE)
        self._keys = keys
        self._clock = clock
        self._lock = Lock()
        self._loaded: tuple[_Seen, Enrolment | None] | None = None

    @property
    def bundle(self) -> Path:
        """Where the certificates lie that are in use."""
        return DeskFolder(self._own.path).bundle

    def enrolment(self) -> Enrolment | None:
        """Return what is shown to cards; None: there is nothing that is good today."""
        on = self._clock().date()
        try:
            facts = self.bundle.stat()
        except OSError:
            return None
        seen = (facts.st_mtime_ns, facts.st_ino, on)
        with self._lock:
            if self._loaded is None or self._loaded[0] != seen:
                self._loaded = (seen, self._load(on))
            return self._loaded[1]

    def renew_if_due(self) -> bool:
        """Get a certificate if there is none, or its time is short; return whether it did.

        Raises:
            Refusal: as ``home.terminals.enrol``.
            KeyStoreError: the document verifier's key is not here.
        """
        if not TerminalFolder(self._issuer.path).cvca.exists() or not self._is_due():
            return False
        with alone(self._issuer.path / TERMINALS):
            if self._is_due():  # another process may have been first
                self._renew()
                return True
        return False

    def _load(self, on: date) -> Enrolment | None:
        try:
            return load_enrolment(self._own, self._keys, on=on)
        except Refusal:
            return None  # over, or damaged: the next renewal mends it

    def _is_due(self) -> bool:
        try:
            bundle = installed(self._own)
        except Refusal:
            return True
        return bundle is None or bundle.terminal.expiration - self._clock().date() < DESK_SPARE

    def _renew(self) -> None:
        at = self._clock()
        self._remove_damaged()
        request = read_request(self._request())
        # Both sides are this process: the fingerprint is that of the request it just made.
        decision = Decision(
            by=_BY, fingerprint=request.fingerprint, rights=TerminalRights.READ_POLICY
        )
        enrolled = enrol(self._issuer, self._keys, request, decision, at=at)
        install(self._own, self._keys, enrolled.bundle.encode(), at=at)

    def _remove_damaged(self) -> None:
        try:
            installed(self._own)
        except Refusal:
            self.bundle.unlink(missing_ok=True)

    def _request(self) -> bytes:
        try:
            return request_renewal(self._own, self._keys)
        except Refusal:
            return self._first_request()

    def _first_request(self) -> bytes:
        clinic = read_fund(self._issuer).name[:LONGEST_NAME]
        # One before it, of which nothing is left here but its name in the register, makes room.
        for one in DeskRegister(TerminalFolder(self._issuer.path).desks).active(NAME, clinic):
            ground = Ground(by=_BY, at=self._clock(), reason="its bundle was lost")
            end_desk(self._issuer, one.holder, ground)
        wish = DeskWish(desk=NAME, clinic=clinic, rights=TerminalRights.READ_POLICY)
        return request_enrolment(self._own, self._keys, wish)
