"""Desks of clinics at the issuer: enrolled by a code, certified again by their present key.

The register of clinics says who is a desk; the issuer's own file (``home.terminals``) says what
was certified, and follows it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cardservice.errors import Refusal
from cardservice.home.clinics_locking import TERMINALS, alone
from cardservice.home.enrolment_files import DeskBundle, DeskRequest, rights_named
from cardservice.home.folder import Folder
from cardservice.home.terminals import Decision, end_desk, enrol
from cardservice.home.terminals_register import DeskRegister, Ground, holder_of
from cardservice.home.trust_points import TerminalFolder, load_trust
from cardservice.pki.keys import KeyStore
from cardservice.registry.clinics import (
    CodePreview,
    NewDesk,
    clinic_name,
    enrol_desk,
    preview_code,
)
from cardservice.registry.frame import Office
from cardservice.registry.medical_organisations import terminal_until
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
        with self._turn():
            self._end_those_ended(desk, clinic)
            bundle = self._certified(request, decision, desk)
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
        with self._turn():
            decision = Decision(
                by=_RENEWAL,
                fingerprint=self._needs_no_vouching(request),
                rights=rights_named(_names(desk)),
            )
            return self._certified(request, decision, desk)

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

    def _certified(self, request: DeskRequest, decision: Decision, desk: ClinicDesk) -> DeskBundle:
        at, until = self.office.clock(), _term(self.office, desk)
        return enrol(self.folder, self.keys, request, decision, at=at, until=until).bundle

    def _needs_no_vouching(self, request: DeskRequest) -> str | None:
        """Return the fingerprint where no present certificate can vouch, though the desk is known.

        Either the request was certified already and its answer lost, so that the key that vouched
        for it is the last but one; or the last certificate has run out.
        """
        register = DeskRegister(TerminalFolder(self.folder.path).desks)
        known = register.find(holder_of(request.reference))
        if known is None:
            return None
        sent_before = known.fingerprint == request.fingerprint
        has_run_out = known.until < self.office.clock().date()
        return request.fingerprint if sent_before or has_run_out else None

    def _end_those_ended(self, desk: ClinicDesk, clinic: str) -> None:
        """End in the issuer's file what the register of clinics has ended under this name."""
        register = DeskRegister(TerminalFolder(self.folder.path).desks)
        with self.office.database.reading() as kept:
            rows = kept.clinic_desks.of_organisation(desk.region, desk.organisation_id)
        over = {one.holder for one in rows if one.ended_at is not None}
        for one in register.active(desk.name, clinic):
            if one.holder in over and one.holder != desk.holder:
                ground = Ground(by=_CODE, at=self.office.clock(), reason="ended in the register")
                end_desk(self.folder, one.holder, ground)

    def _turn(self) -> AbstractContextManager[None]:
        return alone(self.folder.path / TERMINALS)


def _require_names(request: DeskRequest, *, desk: str, clinic: str) -> None:
    if (request.wish.desk, request.wish.clinic) != (desk, clinic):
        raise Refusal("desk-renamed", f"The request has to be for {desk}, {clinic}.")


def _require_holder(request: DeskRequest, desk: ClinicDesk) -> None:
    if holder_of(request.reference) != desk.holder:
        raise Refusal("desk-renamed", "The request is for the references of another desk.")


def _names(desk: ClinicDesk) -> list[str]:
    return list(map(str, desk.rights)) if isinstance(desk.rights, list | tuple) else []


def _term(office: Office, desk: ClinicDesk) -> Callable[[str, date], date]:
    def until(_: str, asked: date) -> date:
        return terminal_until(office, desk.region, desk.organisation_id, asked)

    return until
