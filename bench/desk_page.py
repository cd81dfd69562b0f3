"""From a reader's event to the verdict on a page that follows, the card's own time left out."""

import socket
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread
from typing import Final

from bench.desk_following import followed_desk
from bench.figures import FULL, Figure, Pace
from cardservice.domain.verdict import Check, CheckName, Outcome, Reason, Verdict
from cardservice.errors import LinkError
from cardservice.transport.events import CardPresented, CardRemoved, ReaderAdded, Sink
from cardservice.transport.link import CardLink
from cardservice.verify.examination import Examination
from cardservice.verify.ports import PresentedCard

READER: Final = "bench reader"
REFERENCE: Final = "one octet through a bare socket to a thread that waits for it"
_CARDS_A_ROUND: Final = 10
_ATR: Final = b"\x3b\x00"
_GOOD: Final = Examination(
    verdict=Verdict(
        checks=tuple(
            Check(name, Outcome.VALID, Reason.CHIP_PROVED)
            for name in CheckName
            if name is not CheckName.BEARER
        ),
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )
)


class _AtOnce:
    """A card that is read in no time."""

    def examine(
        self,
        card: PresentedCard,  # noqa: ARG002 - nobody looks at it
        *,
        can: str | None = None,  # noqa: ARG002
        photo: bool = False,  # noqa: ARG002
    ) -> Examination:
        return _GOOD


class _Nothing:
    """A link to a card that nobody talks to."""

    atr = _ATR

    def exchange(self, _command: bytes) -> bytes:
        raise LinkError("nobody is there")

    def reset(self) -> bytes:
        return _ATR

    def close(self) -> None:
        return


class _Hand:
    """Tells of cards that come and go."""

    def __init__(self) -> None:
        self._sink: Sink | None = None

    def start(self, sink: Sink) -> None:
        self._sink = sink
        sink(ReaderAdded(READER))

    def stop(self) -> None:
        self._sink = None

    def open(self, _reader: str) -> CardLink:
        return _Nothing()

    def present(self) -> float:
        """Tell of a card; return when it came, monotonic seconds."""
        at = time.monotonic()
        if self._sink:
            self._sink(CardPresented(READER, _ATR, at))
        return at

    def remove(self) -> None:
        if self._sink:
            self._sink(CardRemoved(READER, time.monotonic()))


def page(pace: Pace = FULL) -> Figure:
    """Measure event to page: runner, examiner's thread, hub, template, HTTP, the page's socket."""
    hand = _Hand()
    with followed_desk(hand, _AtOnce()) as following:

        def shown() -> float:
            at = hand.present()
            seconds = following.mark_shown("valid") - at
            hand.remove()
            following.mark_shown("waiting")
            return seconds

        taken, bare = _in_turn(shown, pace)
    ordered = sorted(taken)
    return Figure(
        name="desk.page",
        value=_ms(statistics.median(taken)),
        unit="ms",
        reference=REFERENCE,
        reference_value=_ms(statistics.median(bare)),
        note=(
            f"{len(taken)} cards that are read in no time, slowest {_ms(ordered[-1])}; "
            "wanted: at most 100 beyond the card's own time; drawing on the screen is not in it"
        ),
    )


def _in_turn(shown: Callable[[], float], pace: Pace) -> tuple[list[float], list[float]]:
    taken: list[float] = []
    bare: list[float] = []
    shown()
    for _ in range(pace.rounds):
        taken += (shown() for _ in range(_CARDS_A_ROUND))
        bare += (_bare() for _ in range(_CARDS_A_ROUND))
    return taken, bare


def _bare() -> float:
    near, far = socket.socketpair()
    came: list[float] = []

    def wait() -> None:
        far.recv(1)
        came.append(time.monotonic())

    thread = Thread(target=wait)
    with near, far:
        thread.start()
        at = time.monotonic()
        near.send(b"\0")
        thread.join()
    return came[0] - at


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
