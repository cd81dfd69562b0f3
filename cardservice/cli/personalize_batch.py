"""Cards for the rows of a table, one after the other, each of them in the station's journal."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from cardservice.cli.blanks import SIMULATED, BlanksByHand, is_bare
from cardservice.cli.exit_codes import say_error
from cardservice.cli.passphrase import ask_passphrase
from cardservice.domain.numbers import mask_enp
from cardservice.domain.register import CardStatus
from cardservice.domain.rows import Accepted
from cardservice.errors import LinkError, PeerError, Refusal
from cardservice.home.issuer import Home, open_home, utc_now
from cardservice.home.station_card import card_in
from cardservice.home.station_journal import journal_path
from cardservice.home.station_keys import ask_secrets
from cardservice.home.station_lane_bench import Maker, open_bench
from cardservice.home.station_lane_paper import Printers, printers_of
from cardservice.home.station_sources_rows import SALT_OCTETS, RowNames, row_names
from cardservice.personalization.floor_parts import with_its_number
from cardservice.personalization.jobs import Job
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.order import CardOrder
from cardservice.personalization.station import MadeCard
from cardservice.settings import Settings
from cardservice.storage.journal_file import JournalFile
from cardservice.storage.ledger import LedgerEntry

_OWNER_ONLY: Final = 0o700


@dataclass(frozen=True, slots=True)
class Batch:
    """What the cards of one run are made with; ``hand`` is None where nobody has to be asked."""

    home: Home
    journal: StationJournal
    names: RowNames
    maker: Maker
    printers: Printers
    reader: str
    hand: BlanksByHand | None

    def is_made(self, row: Accepted) -> bool:
        """Say whether a card was made for a row before, and the ledger knows it."""
        life = self.journal.holder_of(self.names.name(row.order))
        return life is not None and life.reported

    def make(self, row: Accepted, position: str) -> MadeCard:
        """Return the card made for a row; a card that is refused or torn out may be tried again.

        A card counts once its letter is printed: until then a killed run is finished with the
        same card, which gets new secrets.

        Raises:
            CardServiceError: as ``Station.make``, where nobody can be asked; as the printers do.
            click.Abort: the person said no.
        """
        order_id = self.names.name(row.order)
        order = self._order(row, order_id)
        self.printers.require_ready(order)
        self._say_begun(row, order_id)
        if self.hand is not None:
            self.hand.ask(f"{position}, {mask_enp(row.order.holder.enp)}")
        made = self._tried(order, order_id)
        self.printers.print_made(made)
        self._record(made)
        self.journal.reported(made.chip_serial)
        return made

    def _order(self, row: Accepted, order_id: str) -> CardOrder:
        fresh = self.home.order_for(row.order, taken=self._is_taken)
        # A card that was begun may have its number already.
        return with_its_number(Job(order_id=order_id, order=fresh), self.journal).order or fresh

    def _is_taken(self, number: int) -> bool:
        return self.journal.bearer_of(number) is not None

    def _say_begun(self, row: Accepted, order_id: str) -> None:
        life = self.journal.holder_of(order_id)
        if life is not None:
            chip = life.chip.hex().upper()
            click.echo(f"row {row.row} was begun: put the card with chip {chip} in again", err=True)

    def _tried(self, order: CardOrder, order_id: str) -> MadeCard:
        while True:
            try:
                with card_in(self.reader, self.home.settings) as card:
                    return self.maker.make(card, order, order_id=order_id)
            except (LinkError, PeerError, Refusal) as error:
                if self.hand is None:
                    raise
                say_error(error)
                self.hand.ask_again()

    def _record(self, made: MadeCard) -> None:
        self.home.ledger.record(
            LedgerEntry(
                enp=made.order.holder.enp,
                card_number=made.order.card_number,
                signed_at=made.signed_at,
                status=CardStatus.ACTIVE,
            )
        )


@contextmanager
def opened_batch(
    settings: Settings, reader: str, hand: BlanksByHand | None, *, letters: Path | None
) -> Iterator[Batch]:
    """Lend what cards are made with in that reader; asks for what opens the keys.

    Args:
        settings: of the home and its printers.
        reader: URL.
        hand: asks for cards; None: nobody has to be asked.
        letters: folder for PIN letters instead of the printer of the settings.

    Raises:
        Refusal: ``no-home``; ``journal-in-use``: the station runs; ``printer-not-ready``.
        UsageError: a printer, or a folder of letters, that cannot be used.
        KeyStoreError: the keys cannot be opened.
    """
    home = open_home(settings)
    printers = printers_of(_with_letters(settings, letters))
    printers.require_ready(None)
    with ExitStack() as stack:
        journal, names = _memory(settings, reader, stack)
        with ask_secrets(settings, prompt=ask_passphrase).tried() as given:
            maker = open_bench(settings, given, journal, stack).maker
        yield Batch(home, journal, names, maker, printers, reader, hand)


def _with_letters(settings: Settings, letters: Path | None) -> Settings:
    if letters is None:
        return settings
    return settings.model_copy(update={"letter_printer": f"insecure-folder:{letters}"})


def _memory(settings: Settings, reader: str, stack: ExitStack) -> tuple[StationJournal, RowNames]:
    """Return the station's journal and its names of rows, or such as end with this process."""
    if is_bare(reader, SIMULATED):
        # These cards end with the process too; nothing of them could be finished later.
        memory = StationJournal(MemoryJournal(utc_now))
        return memory, RowNames(secrets.token_bytes(SALT_OCTETS))
    path = journal_path(settings)
    path.parent.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    file = JournalFile(path, clock=utc_now)
    stack.callback(file.close)
    return StationJournal(file), row_names(path.parent, entropy=secrets.token_bytes)
