"""The issuer's side of enrolment: a desk's request is judged and certified; a desk is ended."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from cardservice.errors import AuthenticationError, PeerError, Refusal, UsageError
from cardservice.home.enrolment_files import (
    DeskBundle,
    DeskRequest,
    group_digits,
    parse_bundle,
    parse_request,
)
from cardservice.home.folder import Folder, damaged_file, read_whole, write_atomically
from cardservice.home.terminals_authority import open_verifier
from cardservice.home.terminals_register import Desk, DeskRegister, Ground, holder_of
from cardservice.home.trust_points import TerminalFolder, TerminalTrust, load_trust
from cardservice.pki.cv.certificates import CvCertificate
from cardservice.pki.cv.issuing import TERMINAL_DAYS
from cardservice.pki.cv.requests import verify_authenticated_request
from cardservice.pki.cv.terms import TerminalRights
from cardservice.pki.keys import KeyStore

ClinicTerm = Callable[[str, date], date]
"""Says until which day a desk of a clinic, by its name, may be certified that asks until a day.

Not later than that; it raises Refusal when the clinic has left the register of the programme.
"""

_NOT_A_DIGIT: Final = re.compile(r"[^0-9a-f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the issuer's clerk decided about a request.

    Attributes:
        by: the clerk's name.
        fingerprint: of the request, as the clinic read it out; None when nobody asked them.
        rights: the most this desk may have; None: what it had, and a new one reads policies.
        days: how long the certificate holds, 1 to 7.
    """

    by: str
    fingerprint: str | None = None
    rights: TerminalRights | None = None
    days: int = TERMINAL_DAYS


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A certified desk: what the register says of it now, and the bundle it gets."""

    desk: Desk
    bundle: DeskBundle


class DeskRecords(Protocol):
    """Where it is kept what desks were given."""

    def find(self, holder: str) -> Desk | None:
        """Return the desk with these references."""
        ...

    def active(self, name: str, clinic: str) -> tuple[Desk, ...]:
        """Return the desks of this name that were not ended."""
        ...

    def bundle(self, desk: Desk) -> DeskBundle:
        """Return what the desk was given last; raises Refusal: it is damaged."""
        ...

    def certified(self, desk: Desk, ground: Ground, bundle: DeskBundle) -> None:
        """Keep a certificate before anybody has it."""
        ...


class FileRecords:
    """The issuer's own file of desks, and the bundles beside it; raises as ``DeskRegister``."""

    def __init__(self, folder: Folder) -> None:
        self._paths = TerminalFolder(folder.path)
        self._register = DeskRegister(self._paths.desks)

    def find(self, holder: str) -> Desk | None:
        return self._register.find(holder)

    def active(self, name: str, clinic: str) -> tuple[Desk, ...]:
        return self._register.active(name, clinic)

    def bundle(self, desk: Desk) -> DeskBundle:
        path = self._paths.issued(desk.holder, desk.sequence)
        try:
            return parse_bundle(read_whole(path))
        except PeerError as error:
            raise damaged_file(path, error) from None

    def certified(self, desk: Desk, ground: Ground, bundle: DeskBundle) -> None:
        self._register.certified(desk, ground)
        write_atomically(self._paths.issued(desk.holder, desk.sequence), bundle.encode())


def read_request(octets: bytes) -> DeskRequest:
    """Return the request in a file that a desk sent.

    Raises:
        Refusal: ``desk-request-damaged``: it is none, or was altered on its way.
    """
    try:
        return parse_request(octets)
    except PeerError as error:
        raise Refusal("desk-request-damaged", f"The request cannot be taken: {error}.") from None


def enrol(  # noqa: PLR0913 - who is asked, what was decided, and when
    folder: Folder,
    keys: KeyStore,
    request: DeskRequest,
    decision: Decision,
    *,
    at: datetime,
    until: ClinicTerm | None = None,
    records: DeskRecords | None = None,
) -> Enrolled:
    """Certify a desk: its first key, or its next one. The register knows it before the desk does.

    The same request may be brought again, if its bundle was lost on the way.

    Args:
        folder, keys: the issuer's home and its keys.
        request: what the desk asks for.
        decision: what the clerk says to it.
        at: now.
        until: the register of clinics, which shortens the certificate; None: there is none here.
        records: where desks are kept; None: the home's own file.

    Raises:
        Refusal: ``desk-ended``, ``desk-name-taken``, ``desk-renamed``, ``desk-request-used``,
            ``desk-unconfirmed``: neither the desk's present certificate nor a person vouches for
            it; ``desk-no-rights``, ``verifier-expired``, ``no-cvca``, ``home-damaged``;
            ``clinic-left``, or what ``until`` says: the clinic takes no part any more.
        KeyStoreError: the document verifier's key is not here.
        UsageError: not 1 to 7 days.
    """
    records = FileRecords(folder) if records is None else records
    known = records.find(holder_of(request.reference))
    _require_place(request, known, records)
    if not _is_vouched(request, known, records, at=at):
        _require_confirmed(request, decision)
    trust = load_trust(folder)
    decision = _within_term(request, decision, until, on=at.date())
    certificate = _certify(request, known, decision, trust=trust, keys=keys, at=at)
    rights = certificate.chat.rights
    bundle = DeskBundle(
        wish=replace(request.wish, rights=rights),
        trust_point=trust.trust_points[0],
        certificates=(*trust.presented, certificate),
    )
    _require_usable(bundle, TerminalFolder(folder.path), at=at)
    desk = _as_certified(request, known, certificate, at=at)
    ground = Ground(by=decision.by, at=at, reason=_reason(request, known))
    records.certified(desk, ground, bundle)
    return Enrolled(desk, bundle)


def end_desk(folder: Folder, name: str, ground: Ground) -> Desk:
    """End the enrolment of a desk by its name or references; return it as it is now.

    It gets no new certificate; the one it has runs out within a week.

    Raises:
        Refusal: ``no-desk``, or ``desk-ambiguous``: two clinics have one of that name.
    """
    register = DeskRegister(TerminalFolder(folder.path).desks)
    found = register.active(name)
    if not found:
        raise Refusal("no-desk", f"No enrolled desk is called {name}.")
    if len(found) > 1:
        listed = ", ".join(f"{desk.holder} ({desk.clinic})" for desk in found)
        raise Refusal("desk-ambiguous", f"Say which of them: {listed}.")
    register.ended(found[0], ground)
    return replace(found[0], ended=ground.at)


def _require_place(request: DeskRequest, known: Desk | None, records: DeskRecords) -> None:
    wish = request.wish
    if known is None:
        if records.active(wish.desk, wish.clinic):
            raise Refusal(
                "desk-name-taken",
                f"{wish.clinic} has a desk {wish.desk}. If it lost its keys, end that one first: "
                "cardservice pki desk end",
            )
        return
    if known.ended is not None:
        raise Refusal(
            "desk-ended", f"The enrolment of {known.name} was ended on {known.ended.date()}."
        )
    if (wish.desk, wish.clinic) != (known.name, known.clinic):
        raise Refusal("desk-renamed", f"These references are those of {known.name}.")
    repeated = request.fingerprint == known.fingerprint
    if request.reference.sequence <= known.sequence and not repeated:
        raise Refusal("desk-request-used", "A later key of this desk was certified already.")


def _is_vouched(
    request: DeskRequest, known: Desk | None, records: DeskRecords, *, at: datetime
) -> bool:
    """Say whether the desk's last certificate, still in time, vouches for the request.

    Raises:
        Refusal: ``desk-request-damaged``: it pretends to and does not.
    """
    if known is None or not request.vouched or not known.sequence < request.reference.sequence:
        return False
    present = records.bundle(known)
    if not present.terminal.is_valid_on(at.date()):
        return False
    try:
        terminal = present.verify(on=at.date()).terminal
        inner = verify_authenticated_request(request.vouched, present=terminal)
        if inner.octets != request.key.octets:
            raise AuthenticationError("it vouches for another request")
    except PeerError as error:
        sentence = f"The desk's present key does not vouch for the request: {error}."
        raise Refusal("desk-request-damaged", sentence) from None
    return True


def _require_confirmed(request: DeskRequest, decision: Decision) -> None:
    """Raise Refusal unless a person compared the fingerprint with the one the clinic read out."""
    stated = _NOT_A_DIGIT.sub("", (decision.fingerprint or "").lower())
    if not hmac.compare_digest(stated, request.fingerprint):
        raise Refusal(
            "desk-unconfirmed",
            f"Ask {request.wish.clinic} whether the fingerprint of its request is "
            f"{group_digits(request.fingerprint)}.",
        )


def _within_term(
    request: DeskRequest, decision: Decision, until: ClinicTerm | None, *, on: date
) -> Decision:
    """Return the decision with no more days than the clinic takes part."""
    if until is None or not 1 <= decision.days <= TERMINAL_DAYS:
        return decision
    before = on - timedelta(days=1)  # the first day counts
    asked = before + timedelta(days=decision.days)
    last = min(asked, until(request.wish.clinic, asked))
    if last < on:
        raise Refusal("clinic-left", f"{request.wish.clinic} takes no part any more.")
    return replace(decision, days=(last - before).days)


def _certify(  # noqa: PLR0913 - the parts of one decision
    request: DeskRequest,
    known: Desk | None,
    decision: Decision,
    *,
    trust: TerminalTrust,
    keys: KeyStore,
    at: datetime,
) -> CvCertificate:
    if not trust.verifier.is_valid_on(at.date()):
        sentence = "The document verifier has run out; renew it: cardservice pki dv renew"
        raise Refusal("verifier-expired", sentence)
    rights = request.wish.rights & _allowed(known, decision) & trust.verifier.chat.rights
    if not rights:
        raise Refusal("desk-no-rights", "Of what the desk asks for, nothing is allowed.")
    verifier = open_verifier(trust.verifier, keys)
    try:
        return verifier.issue_terminal(request.key, rights=rights, at=at.date(), days=decision.days)
    except UsageError as error:
        if not 1 <= decision.days <= TERMINAL_DAYS:
            raise
        # Authority and curve are the request's, which comes from outside.
        raise Refusal("desk-request-damaged", f"The request cannot be taken: {error}.") from None


def _allowed(known: Desk | None, decision: Decision) -> TerminalRights:
    if decision.rights is not None:
        return decision.rights
    return TerminalRights.READ_POLICY if known is None else known.rights


def _require_usable(bundle: DeskBundle, paths: TerminalFolder, *, at: datetime) -> None:
    """Look at the bundle as the desk will, before anybody is told that it exists."""
    try:
        bundle.verify(on=at.date())
    except PeerError as error:
        raise damaged_file(paths.cvca.parent, error) from None


def _as_certified(
    request: DeskRequest, known: Desk | None, certificate: CvCertificate, *, at: datetime
) -> Desk:
    return Desk(
        holder=holder_of(request.reference),
        name=request.wish.desk,
        clinic=request.wish.clinic,
        rights=certificate.chat.rights,
        enrolled=at if known is None else known.enrolled,
        sequence=request.reference.sequence,
        fingerprint=request.fingerprint,
        until=certificate.expiration,
    )


def _reason(request: DeskRequest, known: Desk | None) -> str:
    if known is None:
        return "first certificate"
    return "next key" if request.reference.sequence > known.sequence else "bundle sent again"
