"""What a card takes by the models while a station makes it: chip, line and reader, no host."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from statistics import median_low
from typing import Final

from bench.cards import card_orders
from bench.tap_desk import PHOTO
from cardservice.home.issuer import Home, scratch_home
from cardservice.personalization.order import CardOrder
from cardservice.personalization.station import Station
from cardservice.pki.keys import KeyStore
from cardservice.settings import load_settings
from cardservice.transport.inprocess import open_seam
from simulators.card import Interface, NonVolatileMemory
from simulators.card.making import blank_cells
from simulators.models import Split, Timing, VirtualClock, timed
from simulators.reader import InProcessReader
from simulators.tray.plastic import SoftwarePlastic

CHIPS: Final = ("fastest", "median", "slowest")
CONTACT_FIELD: Final = "contact-field"
CONTACT_FAST: Final = "contact-250k"
"""Lines besides the blank's own, which is 129 kbit/s."""
_SERIAL_OCTETS: Final = 8


@dataclass(frozen=True, slots=True)
class ModelStation:
    """A station whose cards take modelled time that nobody waits for."""

    home: Home
    keys: KeyStore = field(repr=False)
    orders: Sequence[CardOrder] = field(repr=False)

    def card(self, chip: str, *, line: str | None = None, photo: bool = False) -> Split:
        """Return what the median card of the orders takes, from power to the last answer.

        Args:
            chip: a name of the models.
            line: likewise; None: what the blank's answer to reset says.
            photo: let each card have a photo of 16 KB.
        """
        timing = Timing.named("virtual", chip, contact_line=line)
        maker = self.home.station(self.keys)
        taken = [
            _make(maker, replace(order, photo=PHOTO) if photo else order, number, timing)
            for number, order in enumerate(self.orders, start=1)
        ]
        middle = median_low(one.total_ns for one in taken)
        return next(one for one in taken if one.total_ns == middle)


@contextmanager
def model_station(cards: int) -> Iterator[ModelStation]:
    """Lend a station with orders for so many people of the demonstration table."""
    with scratch_home(load_settings()) as (home, keys):
        yield ModelStation(home, keys, card_orders(home, cards))


def _make(maker: Station, order: CardOrder, number: int, timing: Timing) -> Split:
    clock, reader = VirtualClock(), InProcessReader("station")
    memory = NonVolatileMemory(blank_cells(number.to_bytes(_SERIAL_OCTETS)))
    reader.insert(timed(SoftwarePlastic(memory), Interface.CONTACT, timing, clock=clock))
    # The reader resets its card when the link is closed, as PC/SC does; a lane waits for that too.
    with closing(open_seam(reader.connect)) as link:
        maker.make(link, order)
    return clock.spent
