"""Who judges cards for clinics of each region; trust anchors are read again when they change."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from threading import Lock
from typing import Final

from cardservice.home.anchors import Anchors, read_anchors, trust_store
from cardservice.home.folder import Folder
from cardservice.pki.trust import TrustStore
from cardservice.verify.judging import Judge
from cardservice.verify.ports import PolicyRegister

LOOK_S: Final = 30.0  # between looks whether the anchors were replaced: they are, once a day
_MOST: Final = 200  # regions; there are fewer than a hundred


class Judges:
    """A judge for each region; safe to share between threads.

    Args:
        folder: with roots and revocation list.
        register: what is asked about policies and cards.
        clock: aware UTC time.
        timer: seconds that never go back.
        max_age: of what is known, or it decides nothing.
        zone: where the office's days begin.
        production: refuse whatever leads to a demonstration root.
    """

    def __init__(  # noqa: PLR0913 - what judging stands on, all by keyword
        self,
        folder: Folder,
        register: PolicyRegister,
        *,
        clock: Callable[[], datetime],
        timer: Callable[[], float],
        max_age: timedelta,
        zone: tzinfo,
        production: bool,
    ) -> None:
        self._folder = folder
        self._register = register
        self._clock = clock
        self._timer = timer
        self._max_age = max_age
        self._zone = zone
        self._production = production
        self._lock = Lock()
        self._judges: dict[str, Judge] = {}
        self._looked = timer()
        self._anchors = read_anchors(self._folder)
        self._trust = self._store(self._anchors)

    def __call__(self, region: str) -> Judge:
        """Return the judge for a region, five digits."""
        with self._lock:
            self._look()
            judge = self._judges.get(region)
            if judge is None:
                if len(self._judges) >= _MOST:
                    self._judges.clear()
                judge = self._judges[region] = self._made(region)
            return judge

    def _look(self) -> None:
        now = self._timer()
        if now - self._looked < LOOK_S:
            return
        self._looked = now
        anchors = read_anchors(self._folder)
        if anchors != self._anchors:
            self._trust, self._anchors = self._store(anchors), anchors
            self._judges.clear()

    def _store(self, anchors: Anchors) -> TrustStore:
        return trust_store(self._folder, anchors, production=self._production)

    def _made(self, region: str) -> Judge:
        return Judge(
            self._trust,
            register=self._register,
            clock=self._clock,
            region=region,
            register_max_age=self._max_age,
            zone=self._zone,
        )
