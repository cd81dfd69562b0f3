"""Telling the registry, or the ledger, of everything the journal says that nobody knows yet."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cardservice.errors import Refusal
from cardservice.personalization.jobs import JobSource, Outcome, Work
from cardservice.personalization.journal import ServiceReported
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery_lives import CardLife, Standing
from cardservice.personalization.recovery_services import ServiceLife


@dataclass(frozen=True, slots=True)
class RefusedOutcome:
    """An outcome that the registry does not take; a person has to look.

    ``code`` and ``sentence`` are the registry's.
    """

    outcome: Outcome
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Untold:
    """One outcome to be told of; ``note`` writes down that it was."""

    sequence: int
    outcome: Outcome
    note: Callable[[], None]


class Reporter:
    """Tells of outcomes, oldest first. One thread calls it; lanes may be at work meanwhile.

    Args:
        journal: of the station.
        source: who is told.
    """

    def __init__(self, journal: StationJournal, source: JobSource) -> None:
        self._journal = journal
        self._source = source
        self._refused: OrderedDict[Outcome, RefusedOutcome] = OrderedDict()

    @property
    def refused(self) -> Sequence[RefusedOutcome]:
        """Return what was refused since the station started; it is not told again by itself."""
        return tuple(self._refused.values())

    @property
    def untold(self) -> int:
        """Return how many outcomes wait to be told of, those refused among them."""
        return sum(1 for _ in self._untold())

    def tell_all(self) -> int:
        """Return how many outcomes were told of.

        What is refused is put aside and keeps nothing else waiting. A card spoiled before it had
        an order's data is nobody's: only the station's own stock counts it.

        Raises:
            SourceUnavailableError: nobody can be told now; what was told before it is noted.
            Refusal: ``journal-full``, ``journal-failed``: it was told and could not be noted; it
                is told again, which does no harm.
        """
        told = 0
        for one in self._untold():
            if one.outcome not in self._refused:
                told += self._tell(one)
        return told

    def try_refused_again(self) -> None:
        """Let what was refused be told once more: somebody mended what stood in its way."""
        self._refused.clear()

    def settle(self, outcome: Outcome) -> None:
        """Note that a person saw to an outcome that the registry does not take.

        Raises:
            Refusal: ``not-refused``: it is none that was refused, or not any more.
        """
        waiting = next((one for one in self._untold() if one.outcome == outcome), None)
        if outcome not in self._refused or waiting is None:
            raise Refusal("not-refused", "The registry did not refuse to hear of this.")
        waiting.note()
        del self._refused[outcome]

    def _tell(self, one: _Untold) -> int:
        try:
            self._source.tell(one.outcome)
        except Refusal as refusal:
            self._refused[one.outcome] = RefusedOutcome(one.outcome, refusal.code, refusal.sentence)
            return 0
        one.note()
        return 1

    def _untold(self) -> Iterator[_Untold]:
        cards = (self._of_card(one) for one in self._journal.unreported())
        services = (self._of_service(one) for one in self._journal.unreported_services())
        found = [*(one for one in cards if one is not None), *services]
        yield from sorted(found, key=lambda one: one.sequence)

    def _of_card(self, life: CardLife) -> _Untold | None:
        if life.order is None or life.number is None:
            return None
        outcome = Outcome(
            order_id=life.order,
            work=Work.NEW_CARD,
            chip=life.chip,
            number=life.number,
            signed_at=life.signed_at,
            spoiled=None if life.standing is Standing.MADE else life.reason,
        )
        return _Untold(life.sequence, outcome, lambda: self._note_card(life))

    def _note_card(self, life: CardLife) -> None:
        # A card that was given up meanwhile is to be told of as spoiled too.
        now = self._journal.life_of(life.chip)
        if now is not None and now.sequence == life.sequence:
            self._journal.reported(life.chip)

    def _of_service(self, life: ServiceLife) -> _Untold:
        outcome = Outcome(
            order_id=life.order,
            work=Work(life.work),
            chip=life.chip,
            number=life.number,
            signed_at=life.signed_at,
        )
        note = ServiceReported(order=life.order)
        return _Untold(life.sequence, outcome, lambda: self._journal.note(note))
