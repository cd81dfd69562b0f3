"""Where a station's jobs come from, put together from its settings."""

import secrets
from collections.abc import Callable
from typing import Final

from cardservice.errors import Refusal, UsageError
from cardservice.home.issuer import Home, utc_now
from cardservice.home.office_secrets import read_secret
from cardservice.home.station_journal import station_folder
from cardservice.officelink.desk import OfficeDesk
from cardservice.officelink.lease_book import LeaseBook
from cardservice.officelink.link import OfficeLink
from cardservice.officelink.making import House
from cardservice.officelink.registry_jobs import RegistryJobs
from cardservice.officelink.terms import OfficeTerms
from cardservice.papers.portrait_fitting import PortraitBounds
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery_services import ServiceStanding
from cardservice.policycard.photo import Photo
from cardservice.printing.portrait_apart import fit_portrait_apart
from cardservice.settings import Settings

LEASE_BOOK: Final = "leases.json"
_OPEN: Final = frozenset({ServiceStanding.BEGUN, ServiceStanding.DONE, ServiceStanding.REPORTED})


def open_office(settings: Settings) -> OfficeLink:
    """Return the office that the settings name, to be closed by the caller.

    Raises:
        UsageError: ``station_office`` or ``station_token_file`` is missing or cannot be used.
    """
    if settings.station_office is None or settings.station_token_file is None:
        raise UsageError("set station_office and station_token_file: which office, and as whom")
    token = read_secret(settings.station_token_file, named="station_token_file")
    return OfficeLink(
        OfficeTerms(address=settings.station_office, token=token, production=settings.production)
    )


def registry_jobs(
    link: OfficeLink, settings: Settings, journal: StationJournal, *, home: Home | None
) -> RegistryJobs:
    """Return the jobs of the office behind ``link``.

    Args:
        link: closed by the caller.
        settings: the station's.
        journal: the station's.
        home: None for a station of a central service, which has no ledger to draw numbers by.

    Raises:
        Refusal: ``lease-book-damaged``.
        SourceUnavailableError: ``lease-book-not-written``.
    """
    book = LeaseBook(station_folder(settings) / LEASE_BOOK, entropy=secrets.token_bytes)
    house = House(
        fund=settings.fund if home is None else home.fund.code,
        clock=utc_now,
        new_number=lambda: new_number(home, journal),
        fit=photo_fitter(settings),
    )
    desk = OfficeDesk(link, settings.station_lease_min)
    return RegistryJobs(desk, book, house, is_begun=lambda order: is_begun(journal, order))


def new_number(home: Home | None, journal: StationJournal) -> int:
    """Return a place in the status list for an order that the office gave none."""
    if home is None:
        sentence = "The office gave this order no place in the status list; bring it up to date."
        raise Refusal("status-list-unknown", sentence)
    return home.new_card_number(taken=lambda one: is_used(journal, one))


def photo_fitter(settings: Settings) -> Callable[[bytes], Photo]:
    """Return what makes a picture into the photo of a card, in a process of its own."""
    bounds = PortraitBounds(
        width=settings.photo_width, height=settings.photo_height, octets=settings.photo_octets
    )
    return lambda octets: fit_portrait_apart(octets, bounds)


def is_begun(journal: StationJournal, order_id: str) -> bool:
    """Say whether a card holds, or may hold, what an order asks for."""
    service = journal.service_of(order_id)
    is_service = service is not None and service.standing in _OPEN
    return is_service or journal.holder_of(order_id) is not None


def is_used(journal: StationJournal, number: int) -> bool:
    """Say whether a chip of this station was given that place in the status list."""
    return journal.bearer_of(number) is not None
