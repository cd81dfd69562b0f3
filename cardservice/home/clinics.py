"""A home put to use for clinics: who issued the cards, the register, and what is published."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cardservice.home.clinics_desks import DeskCertifier
from cardservice.home.clinics_judges import Judges
from cardservice.home.clinics_keys import ClinicKeys, open_clinic_keys
from cardservice.home.clinics_lists import ListPublisher, PublishedLists
from cardservice.home.clinics_locking import if_alone
from cardservice.home.clinics_register import OfficeRegister
from cardservice.home.clinics_signing import FreshnessSigner
from cardservice.home.clinics_spent import SpentAssertions
from cardservice.home.clinics_terminal import PLACE, OwnTerminal
from cardservice.home.clinics_terminals import take_over
from cardservice.home.clinics_trust import TrustStatements
from cardservice.home.folder import Folder
from cardservice.home.office import OfficeHome
from cardservice.home.status_lists import list_uri
from cardservice.home.status_lists_signer import renew_list_signer
from cardservice.papers.statement.signed import StatementKey
from cardservice.pki.keys import KeyStore
from cardservice.registry.stations_numbers import LIST_NUMBER
from cardservice.settings import Settings

_SPENT: Final = "spent.sqlite3"
_SIGNER_LOCK: Final = "list-signer.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicHome:
    """What the verification service stands on.

    Attributes:
        address: where clinics find it, without a slash at the end.
        statement_keys: those trusted for temporary certificates.
        terminal: what it shows to cards itself.
        signer: of time, trust and lists.
    """

    office: OfficeHome
    folder: Folder
    address: str
    keys: ClinicKeys = field(repr=False)
    store: KeyStore = field(repr=False)
    statement_keys: tuple[StatementKey, ...]
    desks: DeskCertifier
    judges: Judges
    terminal: OwnTerminal
    signer: FreshnessSigner
    trust: TrustStatements
    lists: PublishedLists
    publisher: ListPublisher
    spent: SpentAssertions

    def renew_signer(self) -> bool:
        """Certify the next signer of lists when its time is short; return whether it did.

        Raises:
            KeyStoreError: the root's key is not here: its owner does it, on another machine.
            Refusal: ``home-damaged``.
        """
        with if_alone(self.folder.path / _SIGNER_LOCK) as ours:
            if not ours:
                return False
            at = self.office.office.clock()
            return renew_list_signer(self.folder, self.store, entropy=secrets.token_bytes, at=at)


def open_clinics(office: OfficeHome, store: KeyStore, *, address: str) -> ClinicHome:
    """Return the service of an opened office whose home is the issuer's; nothing starts.

    Desks that the issuer's file knows from before are taken over into the database.

    Args:
        office: the register, its database opened.
        store: the keys of the home.
        address: where clinics find the service.

    Raises:
        Refusal: ``no-home``, ``home-damaged`` or ``desks-damaged``.
        KeyStoreError: the service's secret can be neither opened nor made.
    """
    settings, clock = office.settings, office.office.clock
    folder, address = Folder(settings.home).require(), address.rstrip("/")
    take_over(office.office, folder)
    signer, lists = FreshnessSigner(folder, store, clock=clock), PublishedLists(folder)
    statement_keys = () if office.papers is None else (office.papers.statement_key,)
    return ClinicHome(
        office=office,
        folder=folder,
        address=address,
        keys=open_clinic_keys(store),
        store=store,
        statement_keys=statement_keys,
        desks=DeskCertifier(office.office, folder, store),
        judges=_judges(office, folder, settings, clock),
        terminal=OwnTerminal(folder, store, clock=clock),
        signer=signer,
        trust=TrustStatements(
            folder,
            signer,
            clock=clock,
            lists={LIST_NUMBER: list_uri(address, LIST_NUMBER)},
            statement_keys=statement_keys,
        ),
        lists=lists,
        publisher=_publisher(office, folder, signer, lists, address),
        spent=SpentAssertions(folder.path / PLACE / _SPENT, clock=clock),
    )


def _judges(
    office: OfficeHome, folder: Folder, settings: Settings, clock: Callable[[], datetime]
) -> Judges:
    return Judges(
        folder,
        OfficeRegister(office.office),
        clock=clock,
        timer=time.monotonic,
        max_age=timedelta(hours=settings.revocation_max_age_h),
        zone=office.office.settings.zone,
        production=settings.production,
    )


def _publisher(
    office: OfficeHome, folder: Folder, signer: FreshnessSigner, lists: PublishedLists, address: str
) -> ListPublisher:
    settings = office.settings
    return ListPublisher(
        folder=folder,
        database=office.database,
        signer=signer,
        published=lists,
        address=address,
        size=settings.status_list_places,
        every=timedelta(minutes=settings.desk_refresh_min),
        clock=office.office.clock,
    )
