"""Work on a held card that the office ordered: one order by its name, leased, done, told of."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from cardservice.errors import Refusal, SourceUnavailableError, UsageError
from cardservice.home.issuer import open_home
from cardservice.home.station_journal import booking_journal
from cardservice.home.station_keys import StationSecrets
from cardservice.home.station_lane_bench import open_bench
from cardservice.home.station_lane_paper import Printers, printers_of
from cardservice.home.station_sources import open_office, registry_jobs
from cardservice.officelink.registry_jobs import RegistryJobs
from cardservice.personalization.after_issue import AfterIssue, Served
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.after_issue_refusals import served_before
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery_services import ServiceStanding
from cardservice.personalization.telling import RefusedOutcome, Reporter
from cardservice.settings import Settings
from cardservice.transport.budget import TimeBudgetLink
from cardservice.transport.registry import open_link
from cardservice.verify.ports import PresentedCard

DRAWS: Final = frozenset({Work.NEW_PIN, Work.NEW_CAN})
"""Works after which somebody has to learn numbers that were drawn."""

PrintSecrets = Callable[[Served], None]
"""Puts what was drawn onto paper for the holder, once."""


@dataclass(frozen=True, slots=True)
class OrderedWork:
    """A station's one reader for work that the office ordered.

    Attributes:
        settings: of the station; its printers are opened when a work needs them.
        journal: this process's alone.
        jobs: the office's orders.
        service: does the works.
        reporter: tells the office of them.
    """

    settings: Settings
    journal: StationJournal
    jobs: RegistryJobs
    service: AfterIssue
    reporter: Reporter

    @property
    def refused(self) -> Sequence[RefusedOutcome]:
        """Return what the office does not take; a person has to look."""
        return self.reporter.refused

    def is_done(self, order_id: str) -> bool:
        """Say whether the order was done and is not told of: its letter may be lost."""
        return self._standing(order_id) is ServiceStanding.DONE

    def is_told(self, order_id: str) -> bool:
        """Say whether the order was done and the office knows."""
        return self._standing(order_id) is ServiceStanding.REPORTED

    def tell(self) -> None:
        """Tell the office of everything that it does not know yet.

        Raises:
            SourceUnavailableError: it cannot be told now; nothing is lost.
        """
        self.reporter.tell_all()

    @contextmanager
    def taken(self, order_id: str) -> Iterator[Job]:
        """Lend the job of that order; it is given back if nothing was written for it.

        Raises:
            Refusal: ``service-done``; ``lease-not-yours``: another station has it, or it is none
                that waits; ``order-unfit`` and others: it cannot be done as the office has it;
                ``order-for-new-card``.
            SourceUnavailableError: the office cannot be asked.
        """
        if self.is_told(order_id):
            raise served_before()
        try:
            yield self._job(order_id)
        finally:
            # Where the office cannot be asked the lease ends by itself.
            with suppress(SourceUnavailableError):
                self.jobs.give_back(order_id)

    def serve(self, card: PresentedCard, job: Job, typed: HolderInput) -> Served:
        """Return the job, done with the card in the reader; what was drawn is on a letter.

        Raises:
            Refusal: ``printer-missing``, ``printer-not-ready``; as ``AfterIssue.do``.
            LaneFaultError: the letter was not printed; do the same order again.
        """
        print_secrets = letter_printer(self.settings) if job.work in DRAWS else None
        require_printer(job.work, print_secrets)
        served = self.service.do(card, job, secrets=typed)
        if print_secrets is not None:
            print_secrets(served)
        return served

    def _job(self, order_id: str) -> Job:
        job = self.jobs.again(order_id)
        if job is None:
            self._tell_if_done(order_id)
            raise self._why_not(order_id)
        if job.work is Work.NEW_CARD:
            sentence = "This order is for a new card; make it with: cardservice station run."
            raise Refusal("order-for-new-card", sentence)
        return job

    def _tell_if_done(self, order_id: str) -> None:
        """Tell of an order whose answer was lost on the way here; Raises: Refusal if it was."""
        if self.is_done(order_id):
            self.tell()
        if self.is_told(order_id):
            raise served_before()

    def _why_not(self, order_id: str) -> Refusal:
        for unfit in self.jobs.unfit:
            if unfit.order_id == order_id:
                return Refusal(unfit.code, unfit.sentence, field=unfit.field)
        sentence = (
            "The office does not give this order to this station: it is done, another station "
            "has it, or there is none of that name. Ask the office."
        )
        return Refusal("lease-not-yours", sentence)

    def _standing(self, order_id: str) -> ServiceStanding | None:
        life = self.journal.service_of(order_id)
        return None if life is None else life.standing


@contextmanager
def ordered_work(
    settings: Settings, secrets: Callable[[], StationSecrets]
) -> Iterator[OrderedWork]:
    """Lend what does the office's orders for held cards, while no station runs on the journal.

    Args:
        settings: of the station.
        secrets: asked for what opens the keys, once all else is known to be there.

    Raises:
        UsageError: ``station_office`` or its token is missing or cannot be used.
        Refusal: ``no-home``; ``journal-in-use``: the station runs; ``keys-elsewhere``.
        KeyStoreError: the keys cannot be opened.
    """
    if settings.station_office is None:
        raise UsageError(
            "orders come from an office; set station_office and station_token_file, "
            "or use the other commands of: cardservice station card"
        )
    home = open_home(settings)
    with ExitStack() as stack:
        journal = stack.enter_context(booking_journal(settings, create=True))
        jobs = registry_jobs(
            stack.enter_context(open_office(settings)), settings, journal, home=home
        )
        service = open_service(settings, secrets(), journal, stack)
        yield OrderedWork(settings, journal, jobs, service, Reporter(journal, jobs))


def open_service(
    settings: Settings, given: StationSecrets, journal: StationJournal, stack: ExitStack
) -> AfterIssue:
    """Return what works on held cards with this station's keys; ``stack`` lets go of them.

    Raises:
        Refusal: ``keys-elsewhere``: the central service has them.
        KeyStoreError: the keys cannot be opened.
    """
    with given.tried() as secrets:
        service = open_bench(settings, secrets, journal, stack).service
    if service is None:
        raise Refusal("keys-elsewhere", "The keys are with the central service; go there.")
    return service


@contextmanager
def card_in(reader: str, settings: Settings) -> Iterator[PresentedCard]:
    """Lend the card in a reader, which may keep us for its budget only."""
    link = open_link(reader)
    try:
        yield TimeBudgetLink(link, settings.card_time_budget_s, time.monotonic)
    finally:
        link.close()


def letter_printer(settings: Settings) -> PrintSecrets | None:
    """Return what prints letters by the settings, ready now; None: nothing does.

    Raises:
        Refusal: ``printer-not-ready``; UsageError: a printer that cannot be.
    """
    printers = printers_of(settings)
    if not printers.prints_letters:
        return None
    printers.require_ready(None)
    return lambda served: _print(printers, served)


def require_printer(work: Work, print_secrets: PrintSecrets | None) -> None:
    """Return if whoever has to will learn what the work draws; Raises: Refusal."""
    if work in DRAWS and print_secrets is None:
        raise Refusal(
            "printer-missing",
            "Nobody would learn the new numbers: no printer is set that tells the holder. "
            "Set letter_printer.",
        )


def _print(printers: Printers, served: Served) -> None:
    if served.secrets is not None:
        outcome = served.outcome
        printers.print_secrets(outcome.chip, served.secrets, number=outcome.number)
