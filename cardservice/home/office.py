"""An office put to use: database, keys, scans, papers, ways out, sign-in, from the settings.

Nothing of it is kept in the process alone but rates of requests: several processes may serve the
same office.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from cardservice.accounts.four_eyes import FourEyes
from cardservice.domain.numbers import parse_ogrn, parse_okato
from cardservice.errors import UsageError
from cardservice.home.issuer import utc_now
from cardservice.home.office_database import office_database
from cardservice.home.office_ids import new_id
from cardservice.home.office_keys import OfficeKeys, open_office_keys
from cardservice.home.office_senders import Senders, open_senders
from cardservice.home.office_signin import NO_REGION, OfficeSignIn, open_sign_in
from cardservice.notifying.templates import render
from cardservice.papers.fonts import DEFAULT_FOLDER, PaperFonts, find_fonts
from cardservice.papers.statement.content import statement_of
from cardservice.papers.statement.signed import StatementKey, sign_statement
from cardservice.papers.values import PaperInsurer, TemporaryCertificate
from cardservice.pki.keys import KeyStore, SigningKey
from cardservice.registry.frame import Office, OfficeSettings
from cardservice.registry.outbox import Outbox
from cardservice.registry.outbox_sealing import KeyStoreSealer
from cardservice.settings import Settings
from cardservice.storage.engine import Database
from cardservice.storage.stores.outbox import DatabaseOutbox
from cardservice.uploads.vault import ScanVault

SCANS: Final = "scans"


@dataclass(frozen=True, slots=True)
class StatementSigner:
    """Signs what a temporary certificate states, with the insurer's key."""

    key: SigningKey = field(repr=False)

    def __call__(self, certificate: TemporaryCertificate) -> str:
        """Return the text of the QR code of a certificate."""
        return sign_statement(statement_of(certificate), self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficePapers:
    """What papers are made with."""

    fonts: PaperFonts
    insurer: PaperInsurer
    fund: str
    sign: StatementSigner
    statement_key: StatementKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHome:
    """An opened office.

    Attributes:
        region: five digits; where visitors begin applications.
        papers: None: no insurer is named, so no paper is made.
    """

    settings: Settings
    database: Database
    keys: OfficeKeys
    office: Office
    region: str
    vault: ScanVault
    sign_in: OfficeSignIn
    senders: Senders
    papers: OfficePapers | None

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions whose days are kept here, this office's first."""
        return (self.region, *sorted(self.settings.other_regions - {self.region}))

    @property
    def outbox(self) -> Outbox:
        """The outbox with its ways out."""
        return Outbox(
            store=DatabaseOutbox(self.database),
            sealer=self.office.sealer,
            clock=self.office.clock,
            dice=self.office.draw,
            new_id=self.office.new_id,
            render=self.office.render,
            senders=self.senders,
        )


@contextmanager
def open_office(
    settings: Settings,
    keys: KeyStore,
    *,
    clock: Callable[[], datetime] = utc_now,
    senders: Senders | None = None,
    demonstration: bool = False,
) -> Iterator[OfficeHome]:
    """Lend the office of ``settings``, its database closed afterwards.

    Args:
        keys: the key store of its home.
        clock: aware UTC time.
        senders: ways out instead of those of the settings.
        demonstration: first policies get numbers of the region that nobody lives in.

    Raises:
        UsageError: a setting is missing or does not serve.
        Refusal: ``no-office``, or the database is not up to date.
        KeyStoreError: a key cannot be opened.
    """
    region = _region(settings, demonstration=demonstration)
    opened = open_office_keys(keys)
    with office_database(settings) as database:
        office = Office(
            database=database,
            clock=clock,
            new_id=new_id,
            draw=os.urandom,
            sealer=KeyStoreSealer(opened.notices),
            render=render,
            settings=office_settings(settings, demonstration=demonstration),
        )
        yield OfficeHome(
            settings=settings,
            database=database,
            keys=opened,
            office=office,
            region=region,
            vault=ScanVault(settings.scans or settings.home / SCANS, opened.scans),
            sign_in=open_sign_in(settings, database, opened, office=office),
            senders=open_senders(settings, clock=clock) if senders is None else senders,
            papers=_papers(settings, opened.statement, region),
        )


def office_settings(settings: Settings, *, demonstration: bool = False) -> OfficeSettings:
    """Return how the office works."""
    return OfficeSettings(
        zone=ZoneInfo(settings.time_zone),
        four_eyes=FourEyes(settings.second_person),
        language=settings.language,
        webhook=settings.webhook_url,
        draws_policy_numbers=demonstration,
        status_list_places=settings.status_list_places,
    )


def _region(settings: Settings, *, demonstration: bool) -> str:
    if settings.region is None and not demonstration:
        raise UsageError("setting region: an office needs the five digits of its OKATO region")
    return settings.region or NO_REGION


def _papers(settings: Settings, key: SigningKey, region: str) -> OfficePapers | None:
    if not settings.insurer_name:
        return None
    insurer = PaperInsurer(
        name=settings.insurer_name,
        ogrn=parse_ogrn(settings.insurer_ogrn, field="insurer_ogrn"),
        okato=parse_okato(region),
        address=settings.insurer_address or None,
        phone=settings.insurer_phone or None,
    )
    return OfficePapers(
        fonts=find_fonts(_folder(settings.paper_fonts)),
        insurer=insurer,
        fund=settings.fund,
        sign=StatementSigner(key),
        statement_key=StatementKey(insurer.ogrn, key.public_key),
    )


def _folder(chosen: Path | None) -> Path:
    return DEFAULT_FOLDER if chosen is None else chosen.expanduser()
