"""The register of what terminals of clinics' desks were given, in the office's database.

What the issuer's file (``home.terminals``) says of such a desk, because it was written before
there was a table, is taken over into it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from typing import Final

from cardservice.errors import PeerError, Refusal
from cardservice.home.clinics_locking import TERMINALS, alone
from cardservice.home.enrolment_files import DeskBundle, name_rights, parse_bundle, rights_named
from cardservice.home.folder import Folder
from cardservice.home.terminals import FileRecords
from cardservice.home.terminals_register import Desk, DeskRegister, Ground
from cardservice.home.trust_points import TerminalFolder
from cardservice.registry.frame import Office
from cardservice.registry.ports import Work
from cardservice.registry.ports_clinics import ClinicDesk, DeskTerminal

_BY: Final = "cardservice clinics serve"
_REASON: Final = "kept in the office's database"
_AT_ONCE: Final = 200
"""Desks of the file that are taken over in one transaction of their region."""


@dataclass(frozen=True, slots=True)
class TerminalRecords:
    """``home.terminals.DeskRecords`` of one desk of a clinic, within a transaction.

    Attributes:
        work: the transaction, which writes the desk's region.
        folder: the issuer's home; its file is read for a desk that has no row yet.
        desk: the desk.
    """

    work: Work
    folder: Folder
    desk: ClinicDesk

    def find(self, holder: str) -> Desk | None:
        """Return the desk with these references, of the database or of the file.

        Raises:
            Refusal: ``desk-renamed``: they are another desk's, however it is called.
        """
        row = self.work.desk_terminals.by_holder(holder)
        if row is None:
            return FileRecords(self.folder).find(holder)
        if (row.region, row.id) != (self.desk.region, self.desk.id):
            raise Refusal("desk-renamed", "These references are those of another desk.")
        return _desk_of(row)

    def active(self, name: str, clinic: str) -> tuple[Desk, ...]:
        """Return the desks of this name that were not ended, of the database and of the file."""
        rows = self.work.desk_terminals.going_on(clinic, name)
        return (*map(_desk_of, rows), *FileRecords(self.folder).active(name, clinic))

    def bundle(self, desk: Desk) -> DeskBundle:
        """Return what the desk was given last; raises Refusal: ``home-damaged``."""
        row = self.work.desk_terminals.get(self.desk.region, self.desk.id)
        try:
            return parse_bundle(row.bundle)
        except PeerError as error:
            sentence = f"The bundle of {desk.holder} in the database: {error}."
            raise Refusal("home-damaged", sentence) from None

    def certified(self, desk: Desk, ground: Ground, bundle: DeskBundle) -> None:
        """Keep a certificate; nobody else has certified this key when the transaction ends."""
        terminals = self.work.desk_terminals
        row = terminals.find(self.desk.region, self.desk.id)
        clinic = self.work.medical_organisations.get(self.desk.region, self.desk.organisation_id)
        new = replace(
            _row_of(desk, self.desk, ogrn=clinic.ogrn, ground=ground),
            not_before=bundle.terminal.effective,
            bundle=bundle.encode(),
        )
        if row is None:
            terminals.add(new)
        else:
            terminals.change(replace(new, version=row.version))


def take_over(office: Office, folder: Folder, *, holder: str | None = None) -> int:
    """Take desks of clinics over from the issuer's file; return how many. Twice is as once.

    A desk is one of a clinic if the register of clinics has one of its references and name; all
    others stay. The file keeps its lines, and says of each that it moved.

    Args:
        office: the register.
        folder: the issuer's home.
        holder: only the desk of these references, even if it moved: its row was lost when an
            older backup was restored.

    Raises:
        Refusal: ``desks-damaged``; nothing was taken over.
    """
    with alone(folder.path / TERMINALS):
        register = DeskRegister(TerminalFolder(folder.path).desks)
        wanted = [one for one in register.desks() if _is_wanted(one, holder)]
        taken: list[Desk] = []
        for start in range(0, len(wanted), _AT_ONCE):
            taken += _take(office, folder, wanted[start : start + _AT_ONCE])
        ground = Ground(by=_BY, at=office.clock(), reason=_REASON)
        register.moved([one for one in taken if not one.moved], ground)
    return len(taken)


def _is_wanted(desk: Desk, holder: str | None) -> bool:
    if holder is None:
        return desk.ended is None
    return desk.holder == holder and (desk.ended is None or desk.moved)


def _take(office: Office, folder: Folder, desks: Sequence[Desk]) -> list[Desk]:
    with office.database.reading() as kept:
        rows = kept.clinic_desks.by_holders([one.holder for one in desks])
    of_region: dict[str, list[tuple[Desk, ClinicDesk]]] = {}
    for desk in desks:
        if (row := _enrolled_as(desk, rows)) is not None:
            of_region.setdefault(row.region, []).append((desk, row))
    for region, pairs in of_region.items():
        office.database.transaction(partial(_add, folder=folder, pairs=pairs), region=region)
    return [desk for pairs in of_region.values() for desk, _ in pairs]


def _enrolled_as(desk: Desk, rows: Iterable[ClinicDesk]) -> ClinicDesk | None:
    """Return the clinic's desk that a desk of the file is: rather one that goes on."""
    its = [one for one in rows if (one.holder, one.name) == (desk.holder, desk.name)]
    return min(its, key=lambda one: one.ended_at is not None, default=None)


def _add(work: Work, folder: Folder, pairs: Sequence[tuple[Desk, ClinicDesk]]) -> None:
    for desk, row in pairs:
        if work.desk_terminals.by_holder(desk.holder) is None:
            work.desk_terminals.add(_taken_over(work, folder, desk, row))


def _taken_over(work: Work, folder: Folder, desk: Desk, row: ClinicDesk) -> DeskTerminal:
    clinic = work.medical_organisations.get(row.region, row.organisation_id)
    ground = Ground(by=_BY, at=desk.enrolled, reason=_REASON)
    new = _row_of(desk, row, ogrn=clinic.ogrn, ground=ground)
    path = TerminalFolder(folder.path).issued(desk.holder, desk.sequence)
    try:
        octets = path.read_bytes()
        first = parse_bundle(octets).terminal.effective
    except (OSError, PeerError):
        return new  # without a bundle: when its certificate has run out, the desk goes on
    return replace(new, bundle=octets, not_before=first)


def _row_of(desk: Desk, of: ClinicDesk, *, ogrn: str, ground: Ground) -> DeskTerminal:
    """Return a row without its bundle and with the first day that is known without it."""
    return DeskTerminal(
        region=of.region,
        id=of.id,
        ogrn=ogrn,
        clinic=desk.clinic,
        desk=desk.name,
        holder=desk.holder,
        sequence=desk.sequence,
        fingerprint=desk.fingerprint,
        rights=name_rights(desk.rights),
        not_before=desk.enrolled.astimezone(UTC).date(),
        not_after=desk.until,
        bundle=b"",
        enrolled_at=desk.enrolled,
        certified_at=ground.at,
        certified_by=ground.by,
        reason=ground.reason,
        ended_at=of.ended_at,
    )


def _desk_of(row: DeskTerminal) -> Desk:
    return Desk(
        holder=row.holder,
        name=row.desk,
        clinic=row.clinic,
        rights=rights_named(row.rights),
        enrolled=row.enrolled_at,
        sequence=row.sequence,
        fingerprint=row.fingerprint,
        until=row.not_after,
        ended=row.ended_at,
    )
