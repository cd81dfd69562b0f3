"""What judges cards at a desk that learns: made anew when trust, certificate or day has changed."""

import threading
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from cardservice.channel.terminal_authentication import Sign
from cardservice.desk.knowledge import Knowledge
from cardservice.errors import PeerError, Refusal
from cardservice.home.enrolment import load_enrolment
from cardservice.home.folder import Folder
from cardservice.home.issuer import new_ephemeral, new_scalar
from cardservice.pki.keys import KeyStore, KeyStoreError
from cardservice.settings import Settings
from cardservice.verify.access import Enrolment
from cardservice.verify.examination import Examination
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.experience import Experience
from cardservice.verify.judging import Judge
from cardservice.verify.ports import DeskExaminer, Moments, PresentedCard

KEY_UNUSABLE: Final = "desk-key-unusable"


class LiveExaminer:
    """An examiner that may be replaced at any time; a card that is being read keeps the old one."""

    def __init__(self, first: DeskExaminer) -> None:
        self._present = first

    def swap(self, new: DeskExaminer) -> None:
        """Let the next cards be examined by another."""
        self._present = new

    def examine(
        self, card: PresentedCard, *, can: str | None = None, photo: bool = False
    ) -> Examination:
        """Return what the present examiner says."""
        return self._present.examine(card, can=can, photo=photo)


@dataclass(frozen=True, slots=True)
class _Rests:
    """What an examiner was made of."""

    trust: str | None
    bundle: bytes
    day: date


class DeskExaminers:
    """Makes the examiners of one desk from what it knows now.

    Args:
        settings: of the desk.
        region: OKATO, of the enrolment.
        keys: with the desk's key.
        knowledge: whom it trusts, and the register.
        moments: its own time.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        region: str,
        keys: KeyStore,
        knowledge: Knowledge,
        moments: Moments,
    ) -> None:
        self._settings, self._region, self._keys = settings, region, keys
        self._knowledge, self._moments = knowledge, moments
        self._experience = Experience()
        self._lock = threading.Lock()
        self._rests = self._resting()
        self.fault: str | None = None
        self.live = LiveExaminer(self._made())

    def follow(self) -> None:
        """Replace the examiner if anything that it rests on has changed, or may be back."""
        with self._lock:
            rests = self._resting()
            if rests != self._rests or self._may_be_back():
                self.live.swap(self._made())
                self._rests = rests

    def _may_be_back(self) -> bool:
        # Of a folder of keys, a look would ask somebody for the passphrase.
        return self.fault == KEY_UNUSABLE and self._settings.hsm_module is not None

    def _resting(self) -> _Rests:
        trust = self._knowledge.trust
        bundle = Folder(self._settings.home).path / "desk" / "bundle.json"
        octets = bundle.read_bytes() if bundle.exists() else b""
        return _Rests(None if trust is None else trust.token, octets, self._moments().at.date())

    def _made(self) -> DeskExaminer:
        judge = Judge(
            self._knowledge.trust_store(),
            register=self._knowledge,
            moments=self._moments,
            region=self._settings.region or self._region,
            register_max_age=timedelta(hours=self._settings.revocation_max_age_h),
            zone=ZoneInfo(self._settings.time_zone),
        )
        return CardExaminer(
            judge,
            new_ephemeral=new_ephemeral,
            new_scalar=new_scalar,
            enrolment=self._enrolment(),
            experience=self._experience,
        )

    def _enrolment(self) -> Enrolment | None:
        """Return what the desk shows to cards; without it, it reads what every desk reads."""
        on = self._moments().at.date()
        try:
            found = load_enrolment(Folder(self._settings.home), self._keys, on=on)
        except Refusal as refusal:
            self.fault = refusal.code
        except (KeyStoreError, PeerError):
            self.fault = KEY_UNUSABLE
        else:
            self.fault = None
            return found and replace(found, sign=partial(self._signed, found.sign))
        return None

    def _signed(self, sign: Sign, data: bytes) -> bytes:
        """Return the signature; whether the key could be used is noted, it may be gone any time."""
        try:
            signature = sign(data)
        except KeyStoreError:
            self.fault = KEY_UNUSABLE
            raise
        if self.fault == KEY_UNUSABLE:
            self.fault = None
        return signature
