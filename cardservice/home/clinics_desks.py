"""Desks of clinics at the issuer: enrolled by a code, certified again by their present key.

The register of clinics says who is a desk, and beside it stands what was certified
(``home.clinics_terminals``): one transaction of the office's database decides on each certificate.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cardservice.errors import Refusal
from cardservice.home.clinics_terminals import TerminalRecords, take_over
from cardservice.home.enrolment_files import DeskBundle, DeskRequest, rights_named
from cardservice.home.folder import Folder
from cardservice.home.terminals import Decision, enrol
from cardservice.home.terminals_register import Desk, holder_of
from cardservice.home.trust_points import load_trust
from cardservice.pki.keys import KeyStore
from cardservice.registry.clinics import (
    CodePreview,
    NewDesk,
    clinic_name,
    enrol_desk,
    preview_code,
)
from cardservice.registry.frame import Office
from cardservice.registry.medical_organisations import terminal_until_of
from cardservice.registry.ports import Work
from cardservice.registry.ports_clinics import ClinicDesk

_WRONG_CODE: Final = "enrolment-code-wrong"
_CODE: Final = "the code of its clinic"
_RENEWAL: Final = "the desk itself"


@dataclass(frozen=True, slots=True)
class EnrolledDesk:
    """A desk that was just enrolled: its row, its clinic's name, and what it shows to cards."""

    desk: ClinicDesk
    clinic: str
    bundle: DeskBundle


@dataclass(frozen=True, slots=True)
class DeskCertifier:
    """Enrols and certifies desks.

    Attributes:
        office: the register.
        folder, keys: the issuer's home, with the document verifier's key.
    """

    office: Office
    folder: Folder
    keys: KeyStore = field(repr=False)

    def preview(self, code: str) -> CodePreview:
        """Return what a code is for; raises Refusal as ``registry.clinics.preview_code``."""
        return preview_code(self.office, code)

    def enrol(self, code: str, public_key: bytes, request: DeskRequest) -> EnrolledDesk:
        """Enrol a desk and certify its first key; a lost answer may be asked for again.

        Args:
            code: as typed.
            public_key: of the desk's assertions, SubjectPublicKeyInfo, DER.
            request: what it asks for, its possession of the terminal key proved.

        Raises:
            Refusal: ``desk-renamed``: the request names another desk than the code is for; or as
                ``registry.clinics.enrol_desk`` and ``home.terminals.enrol``.
        """
        # Before the code is used up: what would be refused after it, for ever.
        load_trust(self.folder)
        self._require_named(code, request)
        new = NewDesk(code=code, public_key=public_key, holder=holder_of(request.reference))
        desk = enrol_desk(self.office, new)
        clinic = self.clinic_of(desk)
        _require_names(request, desk=desk.name, clinic=clinic)
        _require_holder(request, desk)
        decision = Decision(
            by=desk.enrolled_by,
            # Whoever has the code was given it by the clinic: nobody need read digits out.
            fingerprint=request.fingerprint,
            rights=rights_named(_names(desk)),
        )
        bundle = self._certified(desk, request, lambda _: decision)
        return EnrolledDesk(desk, clinic, bundle)

    def renew(self, desk: ClinicDesk, request: DeskRequest) -> DeskBundle:
        """Certify the desk's next key, for which its present key vouches.

        The same request may be sent again, if the bundle was lost on the way. A desk that was off
        until its certificate ran out is known by the key of its assertions alone.

        Raises:
            Refusal: ``desk-renamed``: it is another desk's request; or as ``home.terminals.enrol``.
        """
        _require_names(request, desk=desk.name, clinic=self.clinic_of(desk))
        _require_holder(request, desk)
        rights = rights_named(_names(desk))

        def decide(known: Desk | None) -> Decision:
            stated = self._needs_no_vouching(request, known)
            return Decision(by=_RENEWAL, fingerprint=stated, rights=rights)

        return self._certified(desk, request, decide)

    def clinic_of(self, desk: ClinicDesk) -> str:
        """Return the clinic's name as requests and bundles bear it."""
        with self.office.database.reading() as kept:
            return clinic_name(kept.medical_organisations.get(desk.region, desk.organisation_id))

    def _require_named(self, code: str, request: DeskRequest) -> None:
        try:
            seen = self.preview(code)
        except Refusal as refused:
            if refused.code != _WRONG_CODE:
                raise
            return  # used, perhaps by this very desk: enrol_desk tells
        _require_names(request, desk=seen.desk, clinic=seen.clinic)

    def _certified(
        self, desk: ClinicDesk, request: DeskRequest, decide: Callable[[Desk | None], Decision]
    ) -> DeskBundle:
        """Return the bundle once the database has it; other processes find it there."""
        with self.office.database.reading() as kept:
            is_kept = kept.desk_terminals.find(desk.region, desk.id) is not None
        if not is_kept:
            take_over(self.office, self.folder, holder=desk.holder)

        def certify(work: Work) -> DeskBundle:
            # A key certified in an attempt that has to be repeated is shown to nobody.
            if work.clinic_desks.get(desk.region, desk.id).ended_at is not None:
                raise Refusal("desk-ended", "This desk was ended; it has to be enrolled anew.")
            records = TerminalRecords(work, self.folder, desk)
            decision = decide(records.find(desk.holder))
            at, until = self.office.clock(), _term(self.office, work, desk)
            return enrol(
                self.folder, self.keys, request, decision, at=at, until=until, records=records
            ).bundle

        return self.office.database.transaction(certify, region=desk.region)

    def _needs_no_vouching(self, request: DeskRequest, known: Desk | None) -> str | None:
        """Return the fingerprint where no present certificate can vouch, though the desk is known.

        Either the request was certified already and its answer lost, so that the key that vouched
        for it is the last but one; or the last certificate has run out.
        """
        if known is None:
            return None
        sent_before = known.fingerprint == request.fingerprint
        has_run_out = known.until < self.office.clock().date()
        return request.fingerprint if sent_before or has_run_out else None


def _require_names(request: DeskRequest, *, desk: str, clinic: str) -> None:
    if (request.wish.desk, request.wish.clinic) != (desk, clinic):
        raise Refusal("desk-renamed", f"The request has to be for {desk}, {clinic}.")


def _require_holder(request: DeskRequest, desk: ClinicDesk) -> None:
    if holder_of(request.reference) != desk.holder:
        raise Refusal("desk-renamed", "The request is for the references of another desk.")


def _names(desk: ClinicDesk) -> list[str]:
    return list(map(str, desk.rights)) if isinstance(desk.rights, list | tuple) else []


def _term(office: Office, work: Work, desk: ClinicDesk) -> Callable[[str, date], date]:
    def until(_: str, asked: date) -> date:
        clinic = work.medical_organisations.get(desk.region, desk.organisation_id)
        return terminal_until_of(clinic, asked, today=office.today)

    return until
