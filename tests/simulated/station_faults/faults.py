"""The faults of the issue: what happens, which codes are shown, and the story that is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.simulated.station_faults import at_hand, at_machines, at_module, at_office
from tests.simulated.station_faults.stage import Stage

ISSUE: Final = (
    "Wrong or used card, foreign card, card pulled at each step, same card twice, two cards with "
    "one serial, reader unplugged mid-write, `pcscd` killed, registry answers late, twice or "
    "wrongly, disk full, clock jump, HSM session lost, wrong PIN to the HSM, damaged journal tail"
)
"""The words of the issue."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        words: of the issue, as far as this story tells them.
        codes: all that are shown, on a lane, for the way to the orders, or at a start.
        story: lets it happen and follows the remedies; afterwards all is made.
        rows: orders of the batch.
        needs: the fixture that gives the stage what it stands on.
    """

    words: str
    codes: frozenset[str]
    story: Callable[[Stage], None]
    rows: int = 3
    needs: str = "machines"

    @property
    def name(self) -> str:
        """How a test run lists it."""
        return self.story.__name__


def _fault(words: str, codes: str, story: Callable[[Stage], None], **more: object) -> Fault:
    return Fault(words, frozenset(codes.split()), story, **more)  # type: ignore[arg-type]


FAULTS: Final = (
    _fault(
        "Wrong or used card",
        "card-removed order-on-another-card",
        at_hand.wrong_card,
        rows=1,
        needs="hands",
    ),
    _fault("foreign card", "card-foreign", at_hand.bank_card, rows=1, needs="hands"),
    _fault(
        "card pulled at each step",
        "card-removed",
        at_hand.pulled_at_each_step,
        rows=6,
        needs="hands",
    ),
    _fault(
        "reader unplugged mid-write",
        "reader-unavailable",
        at_hand.reader_unplugged,
        rows=2,
        needs="hands",
    ),
    _fault("`pcscd` killed", "reader-unavailable", at_hand.pcscd_killed, rows=2, needs="hands"),
    _fault("Wrong or used card", "card-not-blank", at_machines.used_card),
    _fault("foreign card", "card-keys-wrong blank-foreign", at_machines.foreign_card),
    _fault("same card twice", "card-not-blank", at_machines.same_card_twice),
    _fault("two cards with one serial", "chip-serial-twice", at_machines.two_cards_with_one_serial),
    _fault("registry answers late", "registry-late", at_office.answers_late, needs="offices"),
    _fault("twice", "", at_office.answers_twice, needs="offices"),
    _fault("wrongly", "registry-wrong", at_office.answers_wrongly, needs="offices"),
    _fault("disk full", "journal-full", at_machines.disk_full, rows=40, needs="disks"),
    _fault("clock jump", "clock-wrong", at_machines.clock_jump, rows=30),
    _fault(
        "HSM session lost",
        "hsm-session-lost hsm-token-missing",
        at_module.session_lost,
        rows=40,
        needs="modules",
    ),
    _fault("wrong PIN to the HSM", "hsm-pin-wrong", at_module.wrong_pin, needs="modules"),
    _fault(
        "damaged journal tail",
        "journal-damaged lane-died card-not-blank",
        at_machines.damaged_tail,
        rows=4,
    ),
    _fault("damaged journal tail", "", at_machines.cut_tail, rows=4),
)
