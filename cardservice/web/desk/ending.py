"""What becomes of a presentation that is over: told to the service, kept for today's list."""

from datetime import datetime

from cardservice.desk.presentations import Presentation
from cardservice.domain.verdict import Outcome, Reason
from cardservice.verify.examination import Problem
from cardservice.web.desk.begun import Begun
from cardservice.web.desk.past import Past
from cardservice.web.desk.state import DeskState, ReaderState


def ended(before: DeskState, after: DeskState) -> tuple[ReaderState, ...]:
    """Return the readers of ``before`` whose presentation is no longer in ``after``."""
    going_on = {one.begun for one in after.readers}
    return tuple(one for one in before.readers if one.begun and one.begun not in going_on)


def presentation_of(state: ReaderState, begun: Begun, *, offline: bool) -> Presentation:
    """Return what the service is told of a presentation that is over."""
    outcome, reason = _answer(state)
    result = state.examination
    return Presentation(
        id=begun.id,
        at=begun.moment.at,
        grade=begun.moment.grade,
        outcome=outcome,
        reason=reason.value,
        card_number=result.card_number if result is not None and result.proved else None,
        offline=offline,
        wrong_numbers=state.clerk.wrong_numbers,
        bearer=state.clerk.bearer,
        substitute=state.clerk.substitute,
    )


def past_of(state: ReaderState, begun: Begun) -> Past:
    """Return the same for the list on the page."""
    outcome, reason = _answer(state)
    return Past(
        at=on_the_wall(begun.moment.at),
        reader=state.reader,
        outcome=outcome,
        reason=reason,
        bearer=state.clerk.bearer,
        substitute=state.clerk.substitute,
        told=state.clerk.told,
    )


def on_the_wall(moment: datetime) -> datetime:
    """Return the moment in this machine's time zone."""
    return moment.astimezone()


def _answer(state: ReaderState) -> tuple[Outcome | None, Reason | Problem]:
    result = state.examination
    if result is None:
        return None, Problem.CARD_REMOVED
    if result.verdict is None:
        return None, result.problem or Problem.CARD_UNREADABLE
    return result.verdict.outcome, result.verdict.deciding.reason
