"""One presentation, from open link to result; whatever goes wrong becomes a named problem."""

import logging
from collections.abc import Callable

from cardservice.errors import CardRemovedError, LinkError, TimeBudgetError
from cardservice.transport.link import CardLink
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.ports import DeskExaminer

PROBLEMS: tuple[tuple[type[Exception], Problem], ...] = (
    (CardRemovedError, Problem.CARD_REMOVED),
    (TimeBudgetError, Problem.CARD_TOO_SLOW),
    (LinkError, Problem.READER_FAILED),
    (Exception, Problem.CARD_UNREADABLE),
)

logger = logging.getLogger(__name__)


def examine_at(
    connect: Callable[[], CardLink],
    examiner: DeskExaminer,
    *,
    can: str | None = None,
    photo: bool = False,
) -> Examination:
    """Return what ``examiner`` says of the card that ``connect`` reaches; never raises.

    ``can`` is the number printed on the card, six digits, if the clerk typed it; ``photo``:
    whether the photo is read too. The link is closed in every case.
    """
    try:
        link = connect()
        try:
            return examiner.examine(link, can=can, photo=photo)
        finally:
            link.close()
    except Exception as error:  # noqa: BLE001 - the page must say something about every card
        # Only the kind is logged: the message of an unforeseen error may quote card data.
        logger.warning("no examination: %s", type(error).__name__)
        return Examination(problem=_problem_of(error))


def _problem_of(error: Exception) -> Problem:
    return next(problem for kind, problem in PROBLEMS if isinstance(error, kind))
