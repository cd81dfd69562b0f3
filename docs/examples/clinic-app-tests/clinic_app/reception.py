"""The front desk: from a card in the reader to the patient's record."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from cardservice.domain.verdict import Outcome
from cardservice.errors import LinkError, TimeBudgetError
from cardservice.transport.budget import TimeBudgetLink
from cardservice.transport.inprocess import open_seam
from cardservice.transport.link import CardLink
from cardservice.verify.examination import Examination
from cardservice.verify.examiner import CardExaminer

from clinic_app.texts import NotReadError, Texts, read_texts

BUDGET_S = 5.0  # a patient waits no longer
ATTEMPTS = 3
UNREADABLE, REMOVED, TOO_SLOW = "card-unreadable", "card-removed", "card-too-slow"
FINAL = frozenset(
    {REMOVED, TOO_SLOW, "reader-failed", "can-wrong"}
)  # asking once more helps nobody


@dataclass(frozen=True)
class Visit:
    """What became of one card: the record of a patient, or the reason why there is none.

    ``attempts`` is how often the card was read.
    """

    admitted: bool
    reason: str
    record: str | None = None
    attempts: int = field(default=1, compare=False)


class Reception:
    """Finds patients by their cards; ``records`` are those of the clinic, by policy number."""

    def __init__(
        self,
        desk: CardExaminer,
        records: Mapping[str, str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take ``clock``, seconds, for how long cards may take."""
        self._desk = desk
        self._records = records
        self._clock = clock

    def receive(self, connect: Callable[[], CardLink], can: str | None = None) -> Visit:
        """Read and judge the card that ``connect`` leads to; ``can`` is the number printed on it.

        What is not good is read again: only what a card says twice is the card's and not the
        line's.
        """
        visit, attempts = self._attempt(connect, can), 1
        while not visit.admitted and visit.reason not in FINAL and attempts < ATTEMPTS:
            before, visit = visit, self._attempt(connect, can)
            attempts += 1
            if visit == before:
                break
        return replace(visit, attempts=attempts)

    def _attempt(self, connect: Callable[[], CardLink], can: str | None) -> Visit:
        try:
            link = open_seam(connect)
        except LinkError:
            return Visit(False, REMOVED)
        try:
            card = TimeBudgetLink(link, BUDGET_S, self._clock)
            shown = _texts(card)
            card.reset()
            return self._judged(shown, self._desk.examine(card, can=can))
        except TimeBudgetError:
            return Visit(False, TOO_SLOW)
        except LinkError:
            return Visit(False, REMOVED)
        finally:
            link.close()

    def _judged(self, shown: Texts | None, examined: Examination) -> Visit:
        if examined.verdict is None:
            return Visit(False, examined.problem or UNREADABLE)
        reason, proved = examined.verdict.deciding.reason, examined.holder
        believed = examined.verdict.outcome is Outcome.VALID
        if not believed or proved is None:
            return Visit(False, reason)
        if shown is not None and shown.policy_number != proved.enp:
            return Visit(False, "texts-differ")
        return Visit(True, reason, self._records.get(proved.enp))


def _texts(card: CardLink) -> Texts | None:
    """Return the texts at once, None where the card does not show them just like that."""
    try:
        return read_texts(card)
    except NotReadError:
        return None
