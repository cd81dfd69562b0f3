"""One work on the card in a reader, without an order of the office: who is asked, who is told."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

import click

from cardservice.cli.passphrase import ask_passphrase
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import mask_enp
from cardservice.domain.register import CardStatus
from cardservice.errors import Refusal
from cardservice.home.issuer import Home, open_home
from cardservice.home.station_card import PrintSecrets, open_service, require_printer
from cardservice.home.station_journal import booking_journal
from cardservice.home.station_keys import ask_secrets
from cardservice.personalization.after_issue import AfterIssue, Served
from cardservice.personalization.after_issue_card import HeldCard, held_card
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal import ServiceReported
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.settings import Settings
from cardservice.storage.ledger import LedgerEntry
from cardservice.verify.ports import PresentedCard

BY_HAND: Final = "by-hand-"
"""Orders of these commands; the station's own are told of to whom they came from."""
_NAME_OCTETS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody at the reader wants done.

    Attributes:
        words: for the question before anything is written.
        typed: by the holder, and off the card.
        insurance: of a change of insurer.
        yes: do not ask.
    """

    work: Work
    words: str
    typed: HolderInput
    insurance: InsurancePeriod | None = None
    yes: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """What a card is served with at one reader."""

    home: Home
    journal: StationJournal
    service: AfterIssue
    print_secrets: PrintSecrets | None

    def serve(self, card: PresentedCard, wish: Wish) -> Served:
        """Return the work done, told to the ledger and, if numbers were drawn, printed.

        Raises:
            Refusal: ``printer-missing``; as ``AfterIssue.do``.
            click.Abort: the person said no.
        """
        require_printer(wish.work, self.print_secrets)
        held, job = self._job(card, wish)
        if not wish.yes:
            click.confirm(f"{_shown(held)}: {wish.words}. Go on?", abort=True, err=True)
        if held is not None and wish.work is Work.TERMINATE:
            # Before the chip: a card that is ended tells no more for whom it was.
            self._record(held, CardStatus.TERMINATED)
        served = self.service.do(card, job, secrets=wish.typed)
        if served.secrets is not None and self.print_secrets is not None:
            self.print_secrets(served)
        if held is not None and wish.work is Work.CHANGE_INSURER:
            self._record(held, CardStatus.ACTIVE, served)
        self.journal.note(ServiceReported(order=job.order_id))
        return served

    def _job(self, card: PresentedCard, wish: Wish) -> tuple[HeldCard | None, Job]:
        """Return the card, and the job for it: one that was begun before, or a new one.

        A card whose CAN or end was interrupted may show nothing any more; then the only job of
        that kind that is open is gone on with, and ``AfterIssue`` looks whether it is that card.
        """
        examination, reading = self.home.examiner().examine_with_reading(card, can=wish.typed.can)
        try:
            ends = wish.work is Work.TERMINATE
            held = held_card(examination, reading, whoever_signed=ends)
        except Refusal:
            begun = self._begun(wish.work, None)
            if len(begun) != 1 or wish.work not in {Work.NEW_CAN, Work.TERMINATE}:
                raise
            return None, self._job_named(begun[0], wish)
        begun = self._begun(wish.work, held.number)
        fresh = (f"{BY_HAND}{secrets.token_hex(_NAME_OCTETS)}", held.number)
        return held, self._job_named(begun[0] if begun else fresh, wish)

    def _begun(self, work: Work, number: int | None) -> list[tuple[str, int]]:
        """Return names and card numbers of open jobs of that kind, for that card or any."""
        journal = self.journal
        return [
            (life.order, life.number)
            for life in (*journal.unfinished_services(), *journal.unreported_services())
            if life.order.startswith(BY_HAND)
            and life.work == work
            and number in {None, life.number}
        ]

    def _job_named(self, named: tuple[str, int], wish: Wish) -> Job:
        order_id, number = named
        return Job(order_id=order_id, work=wish.work, card_number=number, insurance=wish.insurance)

    def _record(self, held: HeldCard, status: CardStatus, served: Served | None = None) -> None:
        signed_at = held.signed_at if served is None else served.outcome.signed_at
        holder = held.examination.holder
        if holder is None or signed_at is None:
            return
        self.home.ledger.record(
            LedgerEntry(enp=holder.enp, card_number=held.number, signed_at=signed_at, status=status)
        )


@contextmanager
def open_counter(settings: Settings, *, print_secrets: PrintSecrets | None) -> Iterator[Counter]:
    """Lend the counter of a stand-alone home; asks for what opens the keys.

    Args:
        settings: of the home.
        print_secrets: None: there is no paper for what is drawn, and so nothing is.

    Raises:
        Refusal: ``orders-from-office``; ``no-home``; ``journal-in-use``: the station runs.
        KeyStoreError: the keys cannot be opened.
    """
    if settings.station_office is not None:
        raise Refusal(
            "orders-from-office",
            "This station's orders come from the office; have the work ordered there.",
        )
    home = open_home(settings)
    with ExitStack() as stack:
        journal = stack.enter_context(booking_journal(settings, create=True))
        given = ask_secrets(settings, prompt=ask_passphrase)
        service = open_service(settings, given, journal, stack)
        yield Counter(home, journal, service, print_secrets)


def _shown(held: HeldCard | None) -> str:
    holder = None if held is None else held.examination.holder
    return "The card that was begun" if holder is None else mask_enp(holder.enp)
