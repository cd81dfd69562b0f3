"""The reader on a clerk's desk: what its card says of itself, whenever one is put there."""

from collections.abc import Callable
from threading import Condition
from typing import Final

from typing_extensions import override

from cardservice.domain.verdict import CheckName, Outcome, Verdict
from cardservice.transport.events import ReaderWatch
from cardservice.verify.examination import Examination
from cardservice.verify.ports import DeskExaminer
from cardservice.web.desk.hub import Change, DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.desk.state import DeskState, ReaderState
from cardservice.web.office.parts import SeenCard

# Whether the register, the policy or the insurer are in order is the office's own business: it
# knows better. A card that was not handed over yet is suspended there, and genuine all the same.
_GENUINE: Final = (CheckName.CHIP_GENUINE, CheckName.DATA_SIGNED, CheckName.SIGNER_TRUSTED)


Told = Callable[[], None]


class DeskReader:
    """A ``ClerkReader`` over the readers of one desk; safe for threads.

    Args:
        watch: tells of cards.
        examiner: says what a card is.
    """

    def __init__(self, watch: ReaderWatch, examiner: DeskExaminer) -> None:
        self._hub = _ToldHub(self._told)
        self._runner = DeskRunner(hub=self._hub, watch=watch, examiner=examiner)
        self._moved = Condition()
        self._seen: tuple[int, SeenCard] | None = None
        self._events = 0
        self._closed = False

    def start(self) -> None:
        """Follow the readers; a card that lies there already is an event."""
        self._runner.start()

    def stop(self) -> None:
        """Stop following, within a bounded time; who waits is answered at once."""
        with self._moved:
            self._closed = True
            self._moved.notify_all()
        self._runner.stop()

    def wait(self, *, after: int, timeout_s: float) -> tuple[int, SeenCard | None]:
        """Return a count of events and what lies on the reader now; None: nothing.

        Returns at once if there was an event since ``after``, otherwise on the next one or when
        the time, in seconds, is over. A count from before a restart is another one's: any that is
        not the present one is answered at once.
        """
        with self._moved:
            self._moved.wait_for(lambda: self._closed or self._events != after, timeout_s)
            return self._events, None if self._seen is None else self._seen[1]

    def _told(self) -> None:
        with self._moved:  # The state is read inside: of two threads the later has the newer one.
            seen = _lying(self._hub.state)
            if seen != self._seen:
                self._seen = seen
                self._events += 1
                self._moved.notify_all()


class _ToldHub(DeskHub):
    """A hub that tells one listener of every change, in the thread that made it."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self._tell = told

    @override
    def update(self, change: Change) -> DeskState:
        """Apply ``change`` and tell that it was."""
        state = super().update(change)
        self._tell()
        return state


def _lying(desk: DeskState) -> tuple[int, SeenCard] | None:
    judged = [one for one in desk.readers if one.examination is not None]
    last = max(judged, key=_put_at, default=None)
    if last is None or last.examination is None:
        return None
    return last.presentation, seen_card(last.examination)


def _put_at(state: ReaderState) -> int:
    return state.presentation


def seen_card(result: Examination) -> SeenCard:
    """Return what an examination tells the office: whose policy, and whether it is genuine.

    A card that could not be read gives one without a number.
    """
    if result.verdict is None or result.holder is None:
        return SeenCard()
    return SeenCard(enp=str(result.holder.enp), genuine=_is_genuine(result.verdict))


def _is_genuine(verdict: Verdict) -> bool:
    good = {one.name for one in verdict.checks if one.outcome is Outcome.VALID}
    return good.issuperset(_GENUINE)
