"""A station looked at before it begins: the parts that ``personalization.self_check`` asks."""

import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cardservice.data import Table, read_table
from cardservice.domain.rows import Accepted, read_rows
from cardservice.domain.verdict import Outcome
from cardservice.errors import (
    CardServiceError,
    ReaderUnavailableError,
    Refusal,
    SourceUnavailableError,
    UsageError,
)
from cardservice.home.folder import Folder, read_whole
from cardservice.home.issuer import DEMONSTRATION_FUND, STATUS_LIST, Home, open_home, utc_now
from cardservice.home.station_journal import journal_path, station_folder
from cardservice.home.station_keys import StationSecrets, issuer_keys, open_key_store
from cardservice.home.station_lane_printers import open_printers
from cardservice.home.station_preflight_issuer import make_trial_issuer
from cardservice.personalization.lane_faults import code_of
from cardservice.personalization.lane_worker import LaneFaultError
from cardservice.personalization.order import CardOrder
from cardservice.personalization.ports import IssuerKeys
from cardservice.personalization.recovery import Recovery
from cardservice.personalization.self_check import (
    ClockReading,
    JournalReading,
    Look,
    Part,
    Parts,
)
from cardservice.personalization.self_check_clock import ClockGuard
from cardservice.personalization.station import Station
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.keys import CMAC_OCTETS, KeyStoreError
from cardservice.settings import Settings
from cardservice.storage.journal_file_reading import kept_entries, require_whole
from cardservice.transport.pcsc.entry import choose, list_readers
from cardservice.transport.registry import SEPARATOR, list_schemes, open_link

MIB: Final = 1 << 20
CONNECT_S: Final = 3.0
BLANK_SOFTWARE_CARD: Final = "sim:"
_PCSC: Final = "pcsc"
_PROBE_OCTETS: Final = 32  # signed once and thrown away; no security object is as short
_HTTPS: Final = "https"
_PORTS: Final = {"http": 80, _HTTPS: 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class StationChecks:
    """A station as its settings describe it, about to begin.

    Attributes:
        readers: URLs, one for each lane.
        key_secrets: what opens the keys, asked for when they are looked at.
        guard: made when the program began.
        clock_is_right: a person compared it: the journal's last entry may be younger than now.
        registry: asks the office something; None: its address alone is tried.
    """

    settings: Settings
    readers: Sequence[str]
    key_secrets: Callable[[], StationSecrets] = field(repr=False)
    guard: ClockGuard
    clock_is_right: bool = False
    registry: Callable[[], None] | None = None

    def parts(self) -> Parts:
        """Return what there is to look at; nothing is opened yet."""
        settings = self.settings
        no_letters = "No letter printer is set: nobody learns PIN and PUK of the cards."
        return Parts(
            clock=self._clock,
            readers={url: partial(_reader, url) for url in self.readers},
            keys=self._keys,
            free_mib=lambda: free_mib(station_folder(settings)),
            needed_mib=settings.station_free_mib,
            journal=lambda: read_whole_journal(journal_path(settings)),
            printers=_printers(settings),
            absent={}
            if settings.letter_printer
            else {Part.PRINTER: ("printer-missing", no_letters)},
            registry=self._registry(),
            sample=make_sample,
        )

    def _clock(self) -> ClockReading:
        not_before: dict[str, datetime] = {}
        if self.settings.station_central is None:
            folder = Folder(self.settings.home).require()
            certificate = parse_certificate(read_whole(folder.signer))
            not_before["the signer's certificate begins"] = certificate.not_before
        return ClockReading(
            now=utc_now(),
            jump=self.guard.jump,
            not_before=not_before,
            is_confirmed=self.clock_is_right,
        )

    def _keys(self) -> str:
        if self.settings.station_central is not None:
            return "They are at the central service; this station has none."
        home, opens = open_home(self.settings), self.key_secrets()
        try:
            with ExitStack() as stack, opens.tried() as opened:
                store = open_key_store(self.settings, home.folder, opened, stack)
                _use_each(issuer_keys(home.folder, store), home)
        except CardServiceError as error:
            # A token counts wrong PINs, so no lane tries this one again.
            opens.note(LaneFaultError(code_of(error), str(error)))
            raise
        return "The signer is trusted now, and each key worked once."

    def _registry(self) -> Look | None:
        url = self.settings.station_office
        if url is None:
            return None
        ask = self.registry or partial(reach, url)

        def look() -> str:
            ask()
            return "The office answers."

        return look


def new_clock_guard() -> ClockGuard:
    """Return a guard of this machine's clock, from now on."""
    # Time that the machine slept counts; the plain monotonic clock of Linux leaves it out.
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    running = time.monotonic if boot is None else partial(time.clock_gettime, boot)
    return ClockGuard(utc_now, running)


def all_readers() -> tuple[str, ...]:
    """Return the URLs of all PC/SC readers; without any, the one that stands for the only one.

    So a station without a reader is told so by its self-check.
    """
    names: tuple[str, ...] = ()
    with suppress(ReaderUnavailableError):
        names = list_readers()
    return tuple(f"{_PCSC}{SEPARATOR}{name}" for name in names) or (f"{_PCSC}{SEPARATOR}",)


def free_mib(folder: Path) -> int:
    """Return the room on the disk where ``folder`` is, or will be, in whole MiB."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    return shutil.disk_usage(there).free // MIB


def read_whole_journal(path: Path) -> JournalReading:
    """Return what the journal at ``path`` says; where there is none, nothing.

    Raises:
        Refusal: ``journal-damaged``, ``journal-contradicts``; OSError: it cannot be read.
    """
    recovery, newest = Recovery(), None
    if not path.exists():
        return JournalReading(recovery=recovery)
    health = require_whole(path)
    for kept in kept_entries(path):
        recovery.apply(kept)
        newest = kept.at
    return JournalReading(recovery=recovery, newest=newest, torn_octets=health.torn_octets)


def reach(url: str) -> None:
    """Do nothing if somebody listens at the address of ``url``.

    Raises:
        SourceUnavailableError: ``registry-unreachable``.
    """
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, _PORTS[_HTTPS])
    try:
        socket.create_connection((parts.hostname or "", port), CONNECT_S).close()
    except OSError:
        sentence = f"The office at {parts.hostname}, port {port}, cannot be reached."
        raise SourceUnavailableError("registry-unreachable", sentence) from None


def make_sample() -> str:
    """Make one software card with keys of its own and read it as a clinic does.

    Raises:
        CardServiceError: it was not made, or does not read as it was ordered.
    """
    issuer = make_trial_issuer(DEMONSTRATION_FUND)
    station = Station(
        issuer.keys,
        examiner=issuer.examiner,
        issued=None,
        entropy=secrets.token_bytes,
        clock=utc_now,
    )
    link = open_link(BLANK_SOFTWARE_CARD)
    try:
        made = station.make(link, sample_order())
    finally:
        link.close()
    return f"A software card was made and verified with {made.commands} commands."


def sample_order() -> CardOrder:
    """Return an order for a card of the demonstration's first person."""
    rows = read_rows(read_table(Table.HOLDERS).splitlines(), today=utc_now().date())
    policy = next(row.order for row in rows if isinstance(row, Accepted))
    return CardOrder(
        holder=policy.holder,
        insurance=policy.insurance,
        fund=DEMONSTRATION_FUND.code,
        list_number=STATUS_LIST,
        list_index=0,
        issue_date=utc_now().date(),
    )


def _reader(url: str) -> str:
    scheme, _, name = url.partition(SEPARATOR)
    if scheme not in list_schemes():
        choices = ", ".join(list_schemes())
        raise UsageError(f"no kind of reader is called {scheme!r}; there are: {choices}")
    if scheme != _PCSC:
        return "Its cards are software; it needs no reader."
    readers = list_readers()
    if not readers:
        raise ReaderUnavailableError("no reader is connected", remedy="plug in a reader")
    return f"It is there: {choose(name, readers)}." if name else f"{len(readers)} are there."


def _use_each(keys: IssuerKeys, home: Home) -> None:
    """Let signer and masters work once; what a key cannot do is found before the first card."""
    _require_trusted(keys.signer, home)
    probe = os.urandom(_PROBE_OCTETS)
    key = keys.signer.key
    key.suite.verifier(key.public_key)(key.sign(probe), probe)
    for master in (keys.transport_master, keys.issuer_master):
        if len(master.cmac(bytes(CMAC_OCTETS))) != CMAC_OCTETS:
            raise KeyStoreError(
                "a master key computes no CMAC", remedy="look at the key store; issue nothing"
            )


def _require_trusted(signer: DocumentSigner, home: Home) -> None:
    now = utc_now()
    judged = home.trust.judge_signer(signer.certificate.der, signing_time=now, now=now)
    if judged.outcome is not Outcome.VALID:
        raise Refusal(
            judged.reason,
            f"The document signer is not trusted now ({judged.reason}); "
            "renew it and the revocation list with: cardservice pki renew",
        )


def _printers(settings: Settings) -> Mapping[str, Look]:
    named = {"face_printer": settings.face_printer, "letter_printer": settings.letter_printer}
    return {
        which.partition("_")[0]: partial(_printer, settings, which, where)
        for which, where in named.items()
        if where
    }


def _printer(settings: Settings, which: str, where: str) -> str:
    """Ask one printer alone, so that it is said which of them is not ready."""
    others = {"face_printer": "", "letter_printer": ""} | {which: where}
    open_printers(settings.model_copy(update=others)).require_ready(sample_order())
    return f"{where.partition(SEPARATOR)[0]} is ready."
