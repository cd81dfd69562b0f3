"""What the page shows, as plain data for the templates."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from simulators.card import Interface
from simulators.faults import plan_names
from simulators.tray import TrayEvent
from simulators.web import texts
from simulators.web.simulation import CardRecord, ReaderRecord, Simulation
from simulators.zoo import Way

if TYPE_CHECKING:
    from simulators.zoo import ZooEntry

SHOWN_EVENTS: Final = 30
_KEY_DIGITS: Final = 12
_OWN_PLAN: Final = "…"
# The ways to a card in a reader of each kind, the one that tells most first.
_WAYS: Final = MappingProxyType(
    {
        Interface.CONTACT: (Way.CONTACT,),
        Interface.CONTACTLESS: (Way.TAP_CAN, Way.TAP, Way.TAP_UNKNOWN),
    }
)
_SHAPES: Final = MappingProxyType(
    {"valid": "valid", "invalid": "invalid", "undecided": "undecided", "no verdict": "none"}
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a desk must come to: a word, a reason's code, and a shape beside the colour."""

    word: str
    reason: str
    shape: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """A card in the list, or in a reader."""

    name: str
    key: str
    address: str
    kind: str
    about: str
    can: str | None
    reader: str | None
    has_image: bool
    expected: Expected | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A reader with what is in it."""

    name: str
    key: str
    interface: str
    is_contactless: bool
    address: str | None
    card: CardShown | None
    faults: str | None


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the list of events."""

    number: int
    time: str
    word: str
    reader: str
    card: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the page shows, at one moment."""

    panels: tuple[Panel, ...]
    cards: tuple[CardShown, ...]
    events: tuple[Happening, ...]
    plans: tuple[str, ...]


def desk_of(simulation: Simulation) -> Desk:
    """Return what is to be shown now."""
    cards = simulation.cards.listed()
    by_name = {one.name: one for one in cards}
    return Desk(
        tuple(_panel(one, by_name) for one in simulation.readers()),
        tuple(card_shown(one) for one in cards),
        tuple(_happening(one) for one in simulation.history.last(SHOWN_EVENTS)),
        plan_names(),
    )


def key_of(name: str) -> str:
    """Return what stands for a name where only letters and digits may."""
    return sha256(name.encode(errors="surrogatepass")).hexdigest()[:_KEY_DIGITS]


def card_shown(record: CardRecord, interface: Interface = Interface.CONTACT) -> CardShown:
    """Return a card as a reader of that kind meets it."""
    entry = record.entry
    return CardShown(
        name=record.name,
        key=key_of(record.name),
        address=f"/cards/{quote(record.name, safe='')}",
        kind=texts.CARD_KINDS[record.kind],
        about=entry.about if entry else "",
        can=record.can,
        reader=record.reader,
        has_image=record.has_image,
        expected=_expected(entry, interface) if entry else None,
    )


def _expected(entry: "ZooEntry", interface: Interface) -> Expected | None:
    for way in _WAYS[interface]:
        if (judged := entry.judged.get(way)) is not None:
            outcome = judged.outcome.value
            return Expected(texts.OUTCOMES[outcome], judged.reason, _SHAPES[outcome])
    return None


def _panel(record: ReaderRecord, cards: dict[str, CardRecord]) -> Panel:
    card = cards.get(record.card) if record.card is not None else None
    faults = record.wishes.faults
    return Panel(
        name=record.name,
        key=key_of(record.name),
        interface=texts.INTERFACES[record.interface],
        is_contactless=record.interface is Interface.CONTACTLESS,
        address=record.address,
        card=card_shown(card, record.interface) if card else None,
        faults=(faults.name or _OWN_PLAN) if faults else None,
    )


def _happening(event: TrayEvent) -> Happening:
    # The service and those who look at it are on one machine: its time is theirs.
    at = datetime.fromtimestamp(event.at, UTC).astimezone()
    word = texts.EVENTS[event.kind]
    time = at.strftime("%H:%M:%S")
    return Happening(event.number, time, word, event.reader, event.card, event.detail)
