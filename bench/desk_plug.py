"""From plugging a virtual card into a PC/SC reader to the verdict on a page that follows."""

import copy
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from bench.desk_following import FollowingPage, followed_desk
from bench.figures import FULL, Figure, NotMeasurableError, Pace
from bench.tap_desk import Stage, stage
from cardservice.errors import ReaderUnavailableError
from cardservice.transport.inprocess import open_seam
from cardservice.transport.pcsc.watch import PcscWatch
from simulators.reader import (
    InProcessReader,
    ReaderSetupError,
    VirtualReaderSlot,
    namespace,
)
from simulators.reader.daemon import PrivatePcscd

REFERENCE: Final = "the same card examined in this process, without PC/SC, watch and page"
_AWAY_S: Final = 1.0  # a card that was just taken out: pcscd looks every 0.4 s
_TARGET: Final = "wanted: at most 600"


@dataclass(frozen=True, slots=True)
class _Plugged:
    """A virtual reader of a pcscd of our own, and a page that follows the desk on it."""

    slot: VirtualReaderSlot
    page: FollowingPage
    scene: Stage

    def plug(self) -> float:
        """Return the seconds from plugging the card in to its verdict on the page."""
        card = copy.deepcopy(self.scene.card)
        at = time.monotonic()
        self.slot.insert(card)
        seconds = self.page.mark_shown("valid") - at
        self.slot.remove()
        self.page.mark_shown("waiting")
        time.sleep(_AWAY_S)
        return seconds

    def examine(self) -> float:
        """Return the seconds that examining the same card takes by itself."""
        reader = InProcessReader("bench")
        reader.insert(copy.deepcopy(self.scene.card))
        link = open_seam(reader.connect)
        at = time.monotonic()
        self.scene.plain.examine(link)
        seconds = time.monotonic() - at
        link.close()
        reader.remove()
        return seconds


def plug(pace: Pace = FULL) -> Figure:
    """Measure plug to page over a pcscd of our own.

    Raises:
        NotMeasurableError: not root, or pcscd, the driver or pyscard is missing.
    """
    # The thread that enters the private namespace stays there, so it is one that ends.
    with ThreadPoolExecutor(max_workers=1) as thread:
        try:
            return thread.submit(_measure, pace).result()
        except (ReaderSetupError, ReaderUnavailableError) as error:
            raise NotMeasurableError(f"{error} ({error.remedy})") from error


def _measure(pace: Pace) -> Figure:
    with _plugged() as desk:
        taken, alone = _in_turn(desk.plug, desk.examine, pace.rounds)
    return Figure(
        name="desk.plug",
        value=_ms(statistics.median(taken)),
        unit="ms",
        reference=REFERENCE,
        reference_value=_ms(statistics.median(alone)),
        note=f"{len(taken)} cards, slowest {_ms(max(taken))}; {_TARGET}",
    )


def _in_turn(
    measured: Callable[[], float], reference: Callable[[], float], rounds: int
) -> tuple[list[float], list[float]]:
    measured()
    pairs = [(measured(), reference()) for _ in range(rounds)]
    return [one for one, _ in pairs], [one for _, one in pairs]


@contextmanager
def _plugged() -> Iterator[_Plugged]:
    with ExitStack() as stack:
        scene = stack.enter_context(stage())
        namespace.enter(fresh=True)  # whatever pcscd runs in the present one
        pcscd = stack.enter_context(PrivatePcscd(readers=1))
        place = pcscd.slots[0]
        slot = stack.enter_context(VirtualReaderSlot(place.host, place.port))
        page = stack.enter_context(followed_desk(PcscWatch(), scene.plain))
        yield _Plugged(slot, page, scene)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
