"""What in a home runs out when, and what to do about it; no key is opened for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum, unique
from pathlib import Path
from typing import Final

from cardservice.errors import PeerError
from cardservice.home.enrolment import installed
from cardservice.home.folder import Folder, damaged_file, read_whole
from cardservice.home.renewal import SIGNER_SPARE
from cardservice.home.terminals_register import DeskRegister
from cardservice.home.trust_points import (
    CVCA_SPARE,
    VERIFIER_SPARE,
    TerminalFolder,
    load_trust,
)
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.extensions import usage_period_of
from cardservice.pki.revocations import parse_revocation_list

ROOT_SPARE: Final = timedelta(days=365)
"""Every desk of the country must hear of the next root first."""
REVOCATIONS_SPARE: Final = timedelta(days=5)
"""A list is issued daily and holds for a week: two days without a new one are a fault."""
DESK_SPARE: Final = timedelta(days=2)
"""A weekend, for a desk that is closed then."""

_RENEW: Final = "cardservice pki renew"
_ROLL_OVER: Final = "cardservice pki ceremony root"
_NEW_HOME: Final = "make the next root in a new home, and bring it to every desk"


@unique
class Freshness(StrEnum):
    """How a certificate or list stands."""

    OK = "ok"
    DUE = "due"
    EXPIRED = "expired"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusItem:
    """One thing that runs out.

    Attributes:
        name: what it is.
        state: ``ok``, ``due``, ``expired`` or ``missing``.
        until: its last moment, UTC; None when it is missing.
        remedy: what to do; None while it is ``ok``.
    """

    name: str
    state: Freshness
    until: datetime | None
    remedy: str | None


def status(folder: Folder, *, at: datetime) -> tuple[StatusItem, ...]:
    """Return everything in a home that runs out, of the issuer first, then of the desk.

    Raises:
        Refusal: ``no-home``: neither an issuer's home nor an enrolled desk; ``home-damaged``.
    """
    bundle = installed(folder)
    if bundle is None or folder.marker.exists():
        folder.require()
    items = list(_anchors(folder, at)) if folder.marker.exists() else []
    # A clinic's desk has the issuer's marker and anchors, and nothing that signs.
    if folder.signer.exists():
        items += [_root_key(folder, at), _signer(folder, at), *_terminals(folder, at)]
    if bundle is not None:
        ends = last_moment(bundle.terminal.expiration)
        name = f"this desk {bundle.terminal.chr.decode('iso-8859-1')}"
        items.append(
            judge(name, ends, at=at, spare=DESK_SPARE, remedy="cardservice pki desk renew")
        )
    return tuple(items)


def judge(name: str, until: datetime, *, at: datetime, spare: timedelta, remedy: str) -> StatusItem:
    """Return how something stands that holds until ``until`` and is renewed ``spare`` earlier."""
    state = Freshness.OK
    if until - at < spare:
        state = Freshness.DUE if at <= until else Freshness.EXPIRED
    said = None if state is Freshness.OK else remedy
    return StatusItem(name=name, state=state, until=until, remedy=said)


def last_moment(day: date) -> datetime:
    """Return the last second of a day, UTC: certificates of terminals hold all of it."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def _anchors(folder: Folder, at: datetime) -> Iterator[StatusItem]:
    try:
        root = parse_certificate(read_whole(folder.root))
        revocations = parse_revocation_list(read_whole(folder.revocations))
    except PeerError as error:
        raise damaged_file(folder.path, error) from None
    yield judge("root", root.not_after, at=at, spare=ROOT_SPARE, remedy=_NEW_HOME)
    ends = revocations.next_update
    yield judge("revocation list", ends, at=at, spare=REVOCATIONS_SPARE, remedy=_RENEW)


def _root_key(folder: Folder, at: datetime) -> StatusItem:
    # It signs for five years; afterwards neither a document signer nor the link to the next root.
    ends = _usage_end(folder.root)
    remedy = _ROLL_OVER if at <= ends else _NEW_HOME
    return judge("signing by the root", ends, at=at, spare=ROOT_SPARE, remedy=remedy)


def _signer(folder: Folder, at: datetime) -> StatusItem:
    ends = _usage_end(folder.signer)
    return judge("document signer", ends, at=at, spare=SIGNER_SPARE, remedy=_RENEW)


def _usage_end(certificate: Path) -> datetime:
    try:
        return usage_period_of(parse_certificate(read_whole(certificate))).end
    except PeerError as error:
        raise damaged_file(certificate, error) from None


def _terminals(folder: Folder, at: datetime) -> Iterator[StatusItem]:
    if not TerminalFolder(folder.path).cvca.exists():
        remedy = "cardservice pki cvca create"
        yield StatusItem(name="CVCA", state=Freshness.MISSING, until=None, remedy=remedy)
        return
    trust = load_trust(folder)
    ends = last_moment(trust.cvca.expiration)
    rollover = "cardservice pki ceremony rollover"
    yield judge(_named("CVCA", trust.cvca.chr), ends, at=at, spare=CVCA_SPARE, remedy=rollover)
    ends = last_moment(trust.verifier.expiration)
    name = _named("document verifier", trust.verifier.chr)
    yield judge(name, ends, at=at, spare=VERIFIER_SPARE, remedy="cardservice pki dv renew")
    for desk in DeskRegister(TerminalFolder(folder.path).desks).desks():
        if desk.ended is None:
            name = f"desk {desk.name}, {desk.clinic}"
            remedy = "cardservice pki desk renew, at the desk"
            yield judge(name, last_moment(desk.until), at=at, spare=DESK_SPARE, remedy=remedy)


def _named(what: str, reference: bytes) -> str:
    return f"{what} {reference.decode('iso-8859-1')}"
