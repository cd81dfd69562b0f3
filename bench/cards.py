"""What is measured with: cards made from the demonstration table, as a station makes them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar

from cardservice.channel.flow import drive
from cardservice.cli.rows import first_orders, table_lines
from cardservice.home.folder import open_signer
from cardservice.home.issuer import Home, new_ephemeral, scratch_home
from cardservice.personalization.order import CardOrder
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.keys import KeyStore
from cardservice.settings import load_settings
from cardservice.transport.link import CardLink
from cardservice.transport.registry import open_link
from cardservice.verify.reading import CardReading, read_card

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Issued:
    """An issuer and what came of its first cards.

    Attributes:
        home: with the cards in its ledger.
        signer: signed them all.
        orders: one a card, each with its place in the status list.
        readings: what a desk read of each card.
    """

    home: Home
    signer: DocumentSigner
    orders: Sequence[CardOrder]
    readings: Sequence[CardReading]


@contextmanager
def issued_cards(count: int) -> Iterator[Issued]:
    """Make ``count`` cards for the first holders of the demonstration table, and read each."""
    with scratch_home(load_settings()) as (home, keys):
        orders = card_orders(home, count)
        readings = [_read_new_card(home, keys, order) for order in orders]
        yield Issued(home, open_signer(home.folder, keys), orders, readings)


@contextmanager
def made_card(link: CardLink) -> Iterator[CardLink]:
    """Make a card of the blank behind ``link``; lend the link with the card reset."""
    with scratch_home(load_settings()) as (home, keys):
        (order,) = card_orders(home, 1)
        home.station(keys).make(link, order)
        link.reset()
        yield link


def card_orders(home: Home, count: int) -> list[CardOrder]:
    """Return the orders of the demonstration table's first good rows."""
    policies, _ = first_orders(table_lines(None), count)
    return [home.order_for(policy) for policy in policies]


def in_turn(action: Callable[[T], object], things: Sequence[T]) -> Callable[[], None]:
    """Return a call that does ``action`` to the next of ``things``, after the last the first."""
    turn = cycle(things).__next__

    def call() -> None:
        action(turn())

    return call


def _read_new_card(home: Home, keys: KeyStore, order: CardOrder) -> CardReading:
    link = open_link("sim:")
    try:
        home.station(keys).make(link, order)
        link.reset()
        return drive(read_card(new_ephemeral), link.exchange)
    finally:
        link.close()
