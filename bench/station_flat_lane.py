"""A lane without a card: it says to the journal what every lane says, and nothing else."""

import threading
from collections.abc import Iterator
from typing import Final

from cardservice.home.issuer import utc_now
from cardservice.personalization.jobs import Job, Outcome
from cardservice.personalization.journal import Intent
from cardservice.personalization.journal_calls import LaneShare, RemoteJournal
from cardservice.personalization.journal_turn import Turn, take_turn
from cardservice.personalization.lane_worker import Bin, Effort, JobDone, LaneFaultError, Stop
from cardservice.personalization.order import PreparedOrder
from cardservice.personalization.recovery_rules import Found

SERIAL_OCTETS: Final = 8
_LOOK_S: Final = 0.05
_POINT: Final = b"\x04" + bytes(64)  # of no curve: nobody reckons with it here


class IdleLane:
    """Makes cards at once, as many as it was allowed.

    Args:
        number: of the lane, from 1.
        chips: serials of its blanks.
        allowed: one permit a card; shared by all lanes.
    """

    def __init__(self, number: int, chips: Iterator[bytes], allowed: threading.Semaphore) -> None:
        self.reader = f"idle {number}"
        self._number = number
        self._chips = chips
        self._allowed = allowed

    def await_card(self, stop: Stop) -> bool:
        """Return True once one more card is allowed, False when ``stop`` ended the wait."""
        while not stop():
            if self._allowed.acquire(timeout=_LOOK_S):
                return True
        return False

    def do(self, job: Job, prepared: PreparedOrder | None, share: LaneShare) -> JobDone:
        """Note all that is noted of a good card, in its order."""
        if job.order is None or prepared is None:
            raise LaneFaultError("order-unfit", "there is work on new cards only")
        chip, signed_at = next(self._chips), utc_now().replace(microsecond=0)
        number = job.order.card_number
        intent = Intent(order=job.order_id, lane=self._number, number=number)
        with take_turn(RemoteJournal(share.answer), intent, only_once=True) as turn:
            _make(turn, chip)
            turn.stored(chip, signed_at)
            turn.finalized(chip)
            turn.verified(chip)
            turn.made(chip, signed_at)
        outcome = Outcome(
            order_id=job.order_id, work=job.work, chip=chip, number=number, signed_at=signed_at
        )
        return JobDone(outcome, Effort())

    def release(self, bin_: Bin, stop: Stop) -> None:
        """Do nothing: there is no card."""

    def close(self) -> None:
        """Do nothing."""


def _make(turn: Turn, chip: bytes) -> None:
    turn.meet(chip, Found.BLANK_TRANSPORT)
    turn.meet(chip, Found.BLANK_ISSUER)
    turn.keyed(chip)
    turn.key_made(chip, _POINT)
