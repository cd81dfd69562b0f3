"""The clerk's part of a panel: the bearer, the photo, the sheet, the way without a chip."""

from collections.abc import Callable, Mapping
from typing import Final

from cardservice.desk.presentations import BearerCheck, Substitute
from cardservice.domain.verdict import Outcome, ProtocolName, Reason
from cardservice.texts.desk import BEARERS, PHOTOS
from cardservice.texts.tables import REASONS
from cardservice.verify.examination import Examination, Problem
from cardservice.web.desk.state import PhotoPhase, ReaderState
from cardservice.web.desk.views import BearerView, PhotoView

Say = Callable[[str], str]
PERSON_MARK: Final = "person"
_BEARER_MARKS: Final[Mapping[BearerCheck, str]] = {
    BearerCheck.PHOTO: "confirmed",
    BearerCheck.BIRTH_DATE: "confirmed",
    BearerCheck.NOT_THE_HOLDER: "stranger",
}
_CARD_FAILED: Final = frozenset(
    {Problem.CARD_MUTE, Problem.CARD_TOO_SLOW, Problem.CARD_UNREADABLE, Problem.ACCESS_REFUSED}
)


def photo_address(ticket: str) -> str:
    """Return where the photo of that presentation is, as long as its card is there."""
    return f"/desk/photos/{ticket}.png"


def sheet_address(state: ReaderState) -> str | None:
    """Return where the verdict is to be had on paper; None while there is none."""
    result = state.examination
    if state.begun is None or result is None or result.verdict is None:
        return None
    return f"/desk/sheets/{state.begun.ticket}.pdf"


def bearer_view(state: ReaderState, say: Say) -> BearerView:
    """Return what the clerk is asked to find out, or has found out."""
    clerk = state.clerk
    if clerk.bearer is not None:
        said = BEARERS[clerk.bearer]
        return BearerView(
            mark=_BEARER_MARKS[clerk.bearer],
            word=say(said.word),
            sentence=say(said.sentence),
            is_open=False,
        )
    asked = REASONS[Reason.BEARER_NOT_CONFIRMED]
    wrong = say("The date stated is not the holder's.") if clerk.wrong_dates else None
    return BearerView(
        mark=PERSON_MARK,
        word=say(asked.remedy or asked.sentence),
        sentence=say(asked.sentence),
        wrong=wrong,
        by_photo=state.photo.phase is PhotoPhase.SHOWN,
    )


def photo_view(state: ReaderState, say: Say) -> PhotoView:
    """Return the photo, or what is to be said of it."""
    shown = state.begun is not None and state.photo.phase is PhotoPhase.SHOWN
    return PhotoView(
        phase=state.photo.phase.value,
        sentence=say(PHOTOS[state.photo.phase.value]),
        address=photo_address(state.begun.ticket) if shown and state.begun else None,
        asks_can=_was_opened_by_number(state.examination),
    )


def why_substitute(state: ReaderState) -> str | None:
    """Return why the register may be asked instead of this card; None: there is no need."""
    result = state.examination
    if result is None:
        return None
    if result.verdict is not None:
        good = result.verdict.outcome is Outcome.VALID
        return None if good else Substitute.CARD_INVALID.value
    if result.problem is Problem.READER_FAILED:
        return Substitute.READER_BROKEN.value
    return Substitute.CARD_UNREADABLE.value if result.problem in _CARD_FAILED else None


def _was_opened_by_number(result: Examination | None) -> bool:
    verdict = None if result is None else result.verdict
    return verdict is not None and ProtocolName.PACE in verdict.ran
