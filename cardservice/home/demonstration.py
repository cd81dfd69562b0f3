"""Cards for the demonstration: good ones, and the ways in which cards are not good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from typing import Any, Final, Protocol

from cardservice.data import Table, read_table
from cardservice.domain.orders import PolicyOrder
from cardservice.domain.register import CardStatus
from cardservice.domain.rows import Accepted, read_rows
from cardservice.errors import Refusal
from cardservice.home.issuer import Home, utc_now
from cardservice.personalization.order import CardOrder, PreparedOrder, prepare
from cardservice.personalization.station import MadeCard, Station
from cardservice.pki.keys import KeyStore
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.storage.ledger import LedgerEntry
from cardservice.texts.demonstration import DEMONSTRATION_CARDS, DemonstrationCard
from cardservice.transport.inprocess import SeamReader
from cardservice.transport.tray import TRAYS

READERS: Final = ("Reader 1", "Reader 2")
REGION: Final = "00003"  # of the table's first two, so that most cards are at home there
_TRAY: Final = "demonstration"
_OTHER_SURNAME: Final = "Подменов"


class DemonstrationTray(Protocol):
    """What the entry point makes: readers of another package, and a drawer of its cards."""

    @property
    def readers(self) -> Mapping[str, SeamReader]: ...

    def add_blank(self, card_id: str) -> None: ...

    def add_copy(self, card_id: str, of: str) -> None: ...

    def add_contactless(self, card_id: str, of: str) -> None: ...

    def add_altered(self, card_id: str, of: str, *, owner: bytes) -> None: ...

    def add_field(
        self, card_id: str, *, owner: bytes, insurers: Mapping[int, bytes], pointer: int
    ) -> None: ...

    def add_bank(self, card_id: str) -> None: ...

    def workbench(self, card_id: str) -> Any: ...

    def insert(self, card_id: str, reader: str) -> None: ...

    def remove(self, reader: str) -> None: ...


@dataclass(frozen=True, slots=True)
class DemonstrationCards:
    """The page's ``Demonstration``: a drawer of cards and readers to put them on.

    Attributes:
        numbers: the CAN, six digits, of each card that opens with nothing else.
    """

    tray: DemonstrationTray
    numbers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def cards(self) -> Sequence[tuple[str, str]]:
        """Return each card as its id and its title, a key of the catalogs."""
        return [(card.value, title) for card, title in DEMONSTRATION_CARDS.items()]

    def printed(self, card_id: str) -> str | None:
        """Return the six digits printed on that card, None if nobody needs to type them."""
        return self.numbers.get(card_id)

    def tap(self, card_id: str, reader: str) -> None:
        """Put that card on that reader; raises Refusal when there is no such card or reader."""
        if card_id not in set(DemonstrationCard):
            raise Refusal("no-such-card", "There is no such card.")
        self._require_reader(reader)
        self.tray.insert(card_id, reader)

    def lift(self, reader: str) -> None:
        """Take the card away; raises Refusal when there is no such reader."""
        self._require_reader(reader)
        self.tray.remove(reader)

    def _require_reader(self, reader: str) -> None:
        if reader not in self.tray.readers:
            raise Refusal("no-such-reader", "There is no such reader.")


def make_demonstration(home: Home, keys: KeyStore) -> DemonstrationCards:
    """Return readers and cards for a demonstration, made with the scratch home's keys."""
    (entry,) = entry_points(group=TRAYS, name=_TRAY)
    tray: DemonstrationTray = entry.load()(names=READERS)
    station = home.station(keys)
    first, second, third = _orders(home, 3)
    first, second = _with_portrait(first, 1), _with_portrait(second, 6)
    good = _make(tray, station, DemonstrationCard.GOOD, first)
    _make(tray, station, DemonstrationCard.OTHER, second)
    _make(tray, station, DemonstrationCard.BLOCKED, third)
    _block(home, third)
    tray.add_contactless(DemonstrationCard.CONTACTLESS, DemonstrationCard.GOOD)
    tray.add_copy(DemonstrationCard.COPIED, DemonstrationCard.GOOD)
    tray.add_altered(DemonstrationCard.ALTERED, DemonstrationCard.GOOD, owner=_altered(first).owner)
    _add_field_card(tray, _orders(home, 4)[-1])
    tray.add_bank(DemonstrationCard.BANK)
    tray.add_blank(DemonstrationCard.BLANK)
    return DemonstrationCards(tray, {DemonstrationCard.CONTACTLESS: good.secrets.can})


def _orders(home: Home, count: int) -> list[CardOrder]:
    lines = read_table(Table.HOLDERS).splitlines()
    good: list[PolicyOrder] = []
    for row in read_rows(lines, today=utc_now().date()):
        if isinstance(row, Accepted):
            good.append(row.order)
        if len(good) == count:
            break
    return [home.order_for(policy) for policy in good]


def _with_portrait(order: CardOrder, number: int) -> CardOrder:
    # Drawing loads a library that commands without a demonstration do not need.
    from cardservice.home.office_demonstration_pictures import portrait  # noqa: PLC0415

    return replace(order, photo=Photo(PhotoFormat.JPEG, portrait(number)))


def _make(
    tray: DemonstrationTray, station: Station, card: DemonstrationCard, order: CardOrder
) -> MadeCard:
    tray.add_blank(card)
    link = tray.workbench(card)
    try:
        return station.make(link, order)
    finally:
        link.close()


def _block(home: Home, order: CardOrder) -> None:
    entry = LedgerEntry(
        enp=order.holder.enp,
        card_number=order.card_number,
        signed_at=utc_now(),
        status=CardStatus.BLOCKED,
    )
    home.ledger.record(entry)


def _altered(order: CardOrder) -> PreparedOrder:
    return prepare(replace(order, holder=replace(order.holder, surname=_OTHER_SURNAME)))


def _add_field_card(tray: DemonstrationTray, order: CardOrder) -> None:
    prepared = prepare(order)
    tray.add_field(
        DemonstrationCard.FIELD,
        owner=prepared.owner,
        insurers={prepared.insurer_id: prepared.insurer},
        pointer=prepared.insurer_id,
    )
