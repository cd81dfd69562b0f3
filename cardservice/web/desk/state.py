"""What a desk knows at one moment: frozen values and the changes between them, without threads."""

from dataclasses import dataclass, field, replace
from enum import StrEnum, unique
from typing import Final

from cardservice.desk.presentations import BearerCheck, Substitute
from cardservice.verify.examination import Examination, Problem
from cardservice.web.desk.aside import Aside, RegisterTold
from cardservice.web.desk.begun import Begun
from cardservice.web.desk.past import NOTHING_PAST, History
from cardservice.web.desk.standing import DeskStanding


@unique
class Phase(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    JUDGED = "judged"


@unique
class PhotoPhase(StrEnum):
    """Where the photo of the card on a reader is."""

    NOT_ASKED = "not-asked"
    COMING = "coming"
    SHOWN = "shown"
    ABSENT = "absent"  # the card has none, or none that can be shown
    FAILED = "failed"  # the card could not be read again
    WITHHELD = "withheld"  # this desk shows none


@dataclass(frozen=True, slots=True)
class PhotoState:
    """The photo of one presentation.

    Attributes:
        image: PNG that this machine encoded itself; only when it is shown. It is served at
            the presentation's ticket and goes with the card.
    """

    phase: PhotoPhase = PhotoPhase.NOT_ASKED
    image: bytes | None = field(default=None, repr=False)


_NOT_ASKED: Final = PhotoState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """What the clerk found out; never part of what the chip says.

    Attributes:
        bearer: how the clerk made sure of the bearer; None: not yet.
        wrong_dates: birth dates that were stated and are not the holder's.
        wrong_numbers: typed CANs that were not the card's.
        substitute: why the register was asked although the card lies here.
        told: what it said.
    """

    bearer: BearerCheck | None = None
    wrong_dates: int = 0
    wrong_numbers: int = 0
    substitute: Substitute | None = None
    told: RegisterTold | None = None


_OPENED_BY_ITS_NUMBER: Final = frozenset({Problem.ACCESS_REFUSED, Problem.CAN_WRONG})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """One reader and the card on it.

    Attributes:
        presentation: which presentation of a card this is; a result belongs to exactly one.
        presented_at: monotonic seconds when the reader noticed the card.
        verdict_at: monotonic seconds when the result was there.
        examination: the result, in ``JUDGED`` only.
        lifted: the card is gone and the result is still held on the page.
        interrupted: the last card was taken away before it was read.
        begun: what makes this presentation this one; None while no card is there.
        photo: shown on demand.
    """

    reader: str
    phase: Phase = Phase.WAITING
    presentation: int = 0
    presented_at: float | None = None
    verdict_at: float | None = None
    examination: Examination | None = field(default=None, repr=False)
    lifted: bool = False
    interrupted: bool = False
    begun: Begun | None = None
    clerk: Clerk = Clerk()
    photo: PhotoState = PhotoState()

    def with_card(
        self,
        presentation: int,
        at: float,
        *,
        begun: Begun | None = None,
        photo: PhotoState = _NOT_ASKED,
    ) -> "ReaderState":
        """Return this reader with a new card on it; nothing of the card before is kept."""
        return ReaderState(
            reader=self.reader,
            phase=Phase.READING,
            presentation=presentation,
            presented_at=at,
            begun=begun,
            photo=photo,
        )

    def with_result(self, presentation: int, result: Examination, at: float) -> "ReaderState":
        """Return this reader with its result; unchanged if that is another card's result."""
        if not self.reads(presentation):
            return self
        wrong = self.clerk.wrong_numbers + (result.problem is Problem.CAN_WRONG)
        clerk = replace(self.clerk, wrong_numbers=wrong)
        return replace(self, phase=Phase.JUDGED, examination=result, verdict_at=at, clerk=clerk)

    def with_number(self, presentation: int) -> "ReaderState":
        """Return this reader reading the same card again, now with the number printed on it.

        Unchanged unless that presentation asks for its number; the digits are no part of it.
        """
        if not (self.asks_for_number and self.presentation == presentation):
            return self
        return replace(self, phase=Phase.READING, examination=None, verdict_at=None)

    def with_photo_coming(self, presentation: int) -> "ReaderState":
        """Return this reader reading the photo; unchanged unless one can be asked for."""
        if not (self.offers_photo and self.presentation == presentation):
            return self
        return replace(self, photo=PhotoState(PhotoPhase.COMING))

    def with_photo(self, presentation: int, photo: PhotoState) -> "ReaderState":
        """Return this reader with what came of the photo; unchanged unless it was awaited."""
        awaited = self.photo.phase is PhotoPhase.COMING and self.presentation == presentation
        return replace(self, photo=photo) if awaited else self

    def with_clerk(self, presentation: int, clerk: Clerk) -> "ReaderState":
        """Return this reader with what the clerk found; unchanged if another card lies there."""
        return replace(self, clerk=clerk) if self.is_judged(presentation) else self

    def is_judged(self, presentation: int) -> bool:
        """Return whether that presentation is here and its result is known."""
        return self.presentation == presentation and self.phase is Phase.JUDGED

    def without_card(self, *, hold: bool) -> "ReaderState":
        """Return this reader after its card left; with ``hold`` a verdict stays for the moment."""
        if hold and self.examination is not None and self.examination.verdict is not None:
            return replace(self, lifted=True)
        return self.cleared(interrupted=self._was_cut_short)

    def cleared(self, *, interrupted: bool = False) -> "ReaderState":
        """Return this reader waiting, with nothing of any card."""
        return ReaderState(
            reader=self.reader, presentation=self.presentation, interrupted=interrupted
        )

    def after_hold(self, presentation: int) -> "ReaderState":
        """Return this reader cleared if it still holds the result of that presentation."""
        held = self.lifted and self.presentation == presentation
        return self.cleared() if held else self

    def reads(self, presentation: int) -> bool:
        """Return whether that presentation is still the one being read."""
        return self.phase is Phase.READING and self.presentation == presentation

    @property
    def asks_for_number(self) -> bool:
        """Whether the card on the reader may open once the number printed on it is typed."""
        result = self.examination
        return result is not None and result.problem in _OPENED_BY_ITS_NUMBER

    @property
    def knows_holder(self) -> bool:
        """Whether there is a holder to compare the bearer with."""
        result = self.examination
        return result is not None and result.verdict is not None and result.holder is not None

    @property
    def offers_photo(self) -> bool:
        """Whether the photo may be asked for now: a read card lies there, and none is shown."""
        open_ = self.photo.phase in {PhotoPhase.NOT_ASKED, PhotoPhase.FAILED}
        return self.knows_holder and not self.lifted and open_

    @property
    def _was_cut_short(self) -> bool:
        if self.phase is Phase.WAITING:
            return self.interrupted
        result = self.examination
        return result is None or result.problem is Problem.CARD_REMOVED


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why no reader can be reached at all, and what to do about it."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """All readers of the desk in the order they came; ``version`` grows with every change.

    Attributes:
        standing: None: the desk is enrolled nowhere.
        history: today's presentations that are over.
        aside: a paper or the register's answer, if there is one to show.
    """

    version: int = 0
    readers: tuple[ReaderState, ...] = ()
    trouble: Trouble | None = None
    standing: DeskStanding | None = None
    history: History = NOTHING_PAST
    aside: Aside | None = None

    def reader(self, name: str) -> ReaderState | None:
        """Return the reader of that name, None if there is none."""
        return next((one for one in self.readers if one.reader == name), None)

    def with_reader(self, changed: ReaderState) -> "DeskState":
        """Return the desk with that reader changed in its place, or added at the end."""
        if self.reader(changed.reader) is None:
            return replace(self, readers=(*self.readers, changed))
        kept = (changed if one.reader == changed.reader else one for one in self.readers)
        return replace(self, readers=tuple(kept))

    def without_reader(self, name: str) -> "DeskState":
        """Return the desk without that reader."""
        return replace(self, readers=tuple(one for one in self.readers if one.reader != name))

    def out_of_reach(self, trouble: Trouble) -> "DeskState":
        """Return the desk without a reader service: nothing is kept that no reader vouches for.

        When the service is back it names its readers anew.
        """
        return replace(self, readers=(), trouble=trouble)

    def in_reach(self) -> "DeskState":
        """Return the desk with its reader service back."""
        return replace(self, trouble=None)
