"""The cards read through this process: sessions, and with what they are read."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock, Timer
from typing import Any, Final, cast

from starlette.requests import HTTPConnection

from cardservice.errors import Refusal
from cardservice.texts.languages import Language
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.examining import Examined, Steps
from cardservice.verify.experience import Experience
from cardservice.verify.relay_book import RelaySessions
from cardservice.verify.relaying import MAX_ANSWER, Answers, Failure, Reply
from cardservice.web.clinics.card_asking import (
    MISSING,
    OTHER,
    fault,
    hex_octets,
    region_of,
    require_members,
)
from cardservice.web.clinics.card_sessions_signs import note_card
from cardservice.web.clinics.ops import metrics_in
from cardservice.web.clinics.parts import CardTerms, Client, ClinicParts
from cardservice.web.verdicts import verdict_document

_ATR_MAX: Final = 33  # octets; ISO/IEC 7816-3, 8.2.1
_CAN: Final = re.compile("[0-9]{6}")
_OPENING: Final = ("atr", "can", "photo", "region")
_ANSWERING: Final = ("step", "answers", "failure")
_MOST_STEPS: Final = 1_000_000  # beyond it a number is no step of anything
_STATE: Final = "card_relay"
_MAKING: Final = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a client says of the card before it is read."""

    atr: bytes = b""
    can: str | None = field(default=None, repr=False)
    photo: bool = False
    region: str | None = None


class CardRelay:
    """What every way to the sessions shares; safe to use from several threads.

    Args:
        parts: of the service.
        sessions: those of this process.
        now: aware time, told to clients as the end of a session.
    """

    def __init__(
        self,
        parts: ClinicParts,
        sessions: RelaySessions,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.parts = parts
        self.sessions = sessions
        self._now = now
        self._experience = Experience()
        self._sweeper: Timer | None = None

    def open(self, client: Client, opening: Opening) -> dict[str, Any]:
        """Begin to read a card; return what the client is told, with ``session``.

        Raises:
            Refusal: ``sessions-full`` or ``cards-not-read``.
        """
        id_, reply = self.sessions.open(client.id, self._examining(client, opening))
        self._sweep_later()
        life = timedelta(seconds=self.sessions.limits.life_s)
        end = (self._now() + life).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"session": id_, **told(reply, Language.EN), "expires_at": end}

    def take(self, client: Client, id_: str, sent: Answers, language: Language) -> dict[str, Any]:
        """Return what the client is told after its card's answers; raises as the sessions."""
        reply = self.sessions.take(client.id, id_, sent)
        if reply.examination is not None:
            metrics = metrics_in(self.parts)
            if metrics is not None:
                metrics.examination(reply.examination)
            note_card(self.parts, client, id_, reply.examination)
        return told(reply, language)

    def _sweep_later(self) -> None:
        """See to it that what clients left open is forgotten even when nobody asks any more."""
        if self._sweeper is None and len(self.sessions):
            self._sweeper = Timer(self.sessions.limits.idle_s + 1, self._sweep)
            self._sweeper.daemon = True
            self._sweeper.start()

    def _sweep(self) -> None:
        self.sessions.remove_old()
        self._sweeper = None
        self._sweep_later()

    def _examining(self, client: Client, opening: Opening) -> Steps[Examined]:
        cards = self._cards()
        examiner = CardExaminer(
            self.parts.judge(opening.region or client.region),
            new_ephemeral=cards.new_ephemeral,
            new_scalar=cards.new_scalar,
            enrolment=cards.enrolment(),
            experience=self._experience,
        )
        # What one client tells of cards is no hint for another.
        hint = client.id.bytes + opening.atr
        return examiner.examining(hint, can=opening.can, photo=opening.photo)

    def _cards(self) -> CardTerms:
        if self.parts.cards is None:
            raise Refusal("cards-not-read", "This service reads no cards.")
        return self.parts.cards


def relay_of(connection: HTTPConnection) -> CardRelay:
    """Return the relay of the application; the first who asks makes it."""
    state = connection.app.state
    with _MAKING:
        if not hasattr(state, _STATE):
            relay = CardRelay(state.clinics, RelaySessions(timer=time.monotonic))
            setattr(state, _STATE, relay)
    return cast(CardRelay, getattr(state, _STATE))


def open_sessions(app: Any) -> int:
    """Return how many cards are being read through the process that serves ``app``."""
    relay = getattr(app.state, _STATE, None)
    return 0 if relay is None else len(relay.sessions)


def told(reply: Reply, language: Language) -> dict[str, Any]:
    """Return a reply as its document."""
    if reply.examination is not None:
        verdict = verdict_document(reply.examination, language=language, holder=True)
        return {"step": reply.step, "verdict": verdict}
    commands = [one.hex() for one in reply.commands]
    return {"step": reply.step, "reset": reply.reset, "commands": commands}


def opening_of(sent: Mapping[str, Any]) -> Opening:
    """Return what begins a session; raises RequestValidationError."""
    require_members(sent, _OPENING)
    can, photo, atr = sent.get("can"), sent.get("photo", False), sent.get("atr", "")
    if can is not None and not (isinstance(can, str) and _CAN.fullmatch(can)):
        raise fault(OTHER, "can")
    if not isinstance(photo, bool):
        raise fault(OTHER, "photo")
    octets = hex_octets("" if atr is None else atr, _ATR_MAX, "atr")
    return Opening(atr=octets, can=can, photo=photo, region=region_of(sent))


def answers_of(sent: Mapping[str, Any]) -> Answers:
    """Return a card's answers; raises RequestValidationError."""
    require_members(sent, _ANSWERING)
    found = sent.get("answers", [])
    if not isinstance(found, list) or len(found) > 1:
        raise fault(OTHER, "answers")
    answers = tuple(hex_octets(one, MAX_ANSWER, "answers") for one in found)
    return Answers(step=_step_of(sent), answers=answers, failure=_failure_of(sent))


def _step_of(sent: Mapping[str, Any]) -> int:
    step = sent.get("step")
    if step is None:
        raise fault(MISSING, "step")
    if type(step) is not int or not 0 < step < _MOST_STEPS:
        raise fault(OTHER, "step")
    return step


def _failure_of(sent: Mapping[str, Any]) -> Failure | None:
    failure = sent.get("failure")
    if failure is None:
        return None
    try:
        return Failure(failure)
    except ValueError:
        raise fault(OTHER, "failure") from None
