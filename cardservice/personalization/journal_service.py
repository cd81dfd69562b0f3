"""One order for a card that its holder has: what a lane may do with it, and what it must note."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from cardservice.errors import UsageError
from cardservice.personalization.after_issue_refusals import (
    other_card,
    served_before,
    spoiled_held,
    twin_of_held,
)
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal import ServiceBegun, ServiceDone, ServiceDropped
from cardservice.personalization.journal_calls import LaneJournal
from cardservice.personalization.recovery_lives import HOLDS_ORDER, CardLife, Standing
from cardservice.personalization.recovery_services import ServiceLife, ServiceStanding

_TOUCHED = frozenset({ServiceStanding.BEGUN, ServiceStanding.DONE})


@dataclass(slots=True)
class ServiceTurn:
    """An order that one lane has in hand, and from ``meet`` on the card too.

    Attributes:
        number: place in the status list of the order's card.
        in_hand: what no other lane has meanwhile.
    """

    _journal: LaneJournal
    order: str
    work: Work
    number: int
    in_hand: set[str | bytes] = field(default_factory=set)

    @property
    def life(self) -> ServiceLife | None:
        """Return how far the order came; None: nowhere."""
        return self._journal.service_of(self.order)

    @property
    def touched(self) -> ServiceLife | None:
        """Return the order's life if its card was, or may have been, written to for it."""
        life = self.life
        return life if life is not None and life.standing in _TOUCHED else None

    @property
    def is_done(self) -> bool:
        """Say whether the order is done, and not told of yet."""
        life = self.life
        return life is not None and life.standing is ServiceStanding.DONE

    @property
    def known_chip(self) -> bytes | None:
        """Return the chip that the journal knows the order's card by: 8 octets, or None."""
        if self.touched is not None:
            return self.touched.chip
        bearer = self._journal.bearer_of(self.number)
        return None if bearer is None else bearer.chip

    def expect_order(self) -> None:
        """Do nothing if the order may be worked on; Raises: Refusal ``service-done``."""
        life = self.life
        if life is None:
            return
        if life.standing is ServiceStanding.REPORTED:
            raise served_before()
        if self.touched and (life.work, life.number) != (self.work, self.number):
            raise UsageError("the order was begun for another work or another card")

    def meet(self, chip: bytes) -> None:
        """Take the card in hand, whose number is the order's.

        Raises:
            Refusal: ``other-card``: the order was begun on another chip; ``held-card-twin``,
                ``held-card-spoiled``: the journal says that such a card cannot be; ``in-hand``.
        """
        touched = self.touched
        if touched is not None and touched.chip != chip:
            raise other_card()
        self._expect_no_twin(chip)
        self._journal.take_in_hand(chip)
        self.in_hand.add(chip)

    def begin(self, chip: bytes, *, signed_at: datetime | None = None) -> None:
        """Note that the card is about to be written to; ``signed_at`` of a new EF.SOD.

        What is done already is done once more without a note: it stays done.
        """
        if not self.is_done:
            self._journal.note(
                ServiceBegun(
                    order=self.order,
                    chip=chip,
                    number=self.number,
                    work=self.work.value,
                    signed_at=signed_at,
                )
            )

    def done(self) -> None:
        """Note that the card shows it, if that is news."""
        if not self.is_done:
            self._journal.note(ServiceDone(order=self.order))

    def dropped(self) -> None:
        """Note that the card shows that nothing was written."""
        if not self.is_done:
            self._journal.note(ServiceDropped(order=self.order))

    def _expect_no_twin(self, chip: bytes) -> None:
        bearer, life = self._journal.bearer_of(self.number), self._journal.life_of(chip)
        if bearer is not None and bearer.chip != chip and bearer.standing in HOLDS_ORDER:
            raise twin_of_held()
        if life is not None:
            self._expect_alive(life)

    def _expect_alive(self, life: CardLife) -> None:
        """A spoiled card may be ended, and a card that was ended is no more."""
        if life.standing is Standing.ENDED:
            raise twin_of_held()
        if life.standing is Standing.SPOILED and self.work is not Work.TERMINATE:
            raise spoiled_held()
        if life.standing in HOLDS_ORDER and life.number != self.number:
            raise twin_of_held()


@contextmanager
def take_service(journal: LaneJournal, job: Job) -> Iterator[ServiceTurn]:
    """Lend a lane the order, and then the card, until it is done with them.

    Raises:
        Refusal: ``in-hand``, ``service-done``.
        UsageError: the job names no card.
    """
    if job.card_number is None:
        raise UsageError("work on a card that there is needs the card's number")
    turn = ServiceTurn(journal, job.order_id, job.work, job.card_number)
    journal.take_in_hand(job.order_id)
    turn.in_hand.add(job.order_id)
    try:
        turn.expect_order()
        yield turn
    finally:
        journal.let_go(turn.in_hand)
