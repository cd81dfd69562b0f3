"""Desks of clinics: a code is made, a desk is enrolled with it, is known by its key, and ends.

The certificate of a desk's terminal is made elsewhere, after this says that the desk is one.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum, unique
from hashlib import sha256
from hmac import compare_digest
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.pki.cv.terms import TerminalRights
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.clinics_codes import (
    CODE_KEPT,
    DRAWN_OCTETS,
    code_hash,
    code_of,
    wrong_code,
)
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.medical_organisations import participant_of
from cardservice.registry.places_form import needed_text
from cardservice.registry.ports import Work
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_clinics import ClinicDesk, EnrolmentCode
from cardservice.registry.ports_places import MedicalOrganisation

NAME_LENGTH: Final = 64  # characters of a desk's or clinic's name in an enrolment request
RIGHTS: Final = tuple((one.name or "").lower().replace("_", "-") for one in TerminalRights)
"""Names of what a desk's terminal may do with cards."""
READ_POLICY: Final = RIGHTS[0]
_DESK: Final = "clinic-desk"
_CODE: Final = "enrolment-code"
_CLINIC_LEFT: Final = "clinic-left"


@unique
class DeskEnd(StrEnum):
    """Why a desk ends."""

    CLOSED = "closed"
    KEY_LOST = "key-lost"
    STOLEN = "stolen"
    MISUSED = "misused"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCode(OfficeCommand):
    """A code is wanted for a new desk.

    Attributes:
        desk: its name at its clinic, at most 64 characters.
        rights: names of ``RIGHTS``, at least one.
    """

    organisation_id: UUID
    desk: str
    rights: tuple[str, ...] = (READ_POLICY,)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCode:
    """A code that was made.

    Attributes:
        code: to be shown once, for it is kept nowhere; None: the command came before.
    """

    row: EnrolmentCode
    code: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePreview:
    """What a code is for: the names that a desk's request must bear."""

    region: str
    clinic: str
    desk: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDesk:
    """A desk that shows its code.

    Attributes:
        code: as typed.
        public_key: SubjectPublicKeyInfo of the key its assertions are signed with, DER; the
            caller has judged it.
        holder: country and mnemonic of its terminal's references.
    """

    code: str = field(repr=False)
    public_key: bytes
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDesk(OfficeCommand):
    """A desk is to be none any more."""

    desk_id: UUID
    version: int
    ground: DeskEnd


def make_code(office: Office, actor: Actor, command: MakeCode) -> MadeCode:
    """Return a new code; sent again, the command makes no other and shows none.

    Raises:
        Refusal: ``not-found``, ``clinic-left``, ``desk-missing``, ``desk-too-long``,
            ``control-character``, ``desk-name-taken``, ``desk-rights-wrong`` or
            ``role-not-allowed``.
    """
    shown: list[str] = []

    def make(act: Act, command: MakeCode) -> Answer:
        shown[:] = [code_of(office.draw(DRAWN_OCTETS))]
        return _make_code(act, command, shown[0])

    answer = office.carry_out(actor, command, make)
    with office.database.reading() as kept:
        row = kept.enrolment_codes.get(command.region, answer.id)
    return MadeCode(row=row, code=shown[0] if shown else None)


def preview_code(office: Office, code: str) -> CodePreview:
    """Return what a code is for; it is not used up.

    Raises:
        Refusal: ``enrolment-code-wrong``, ``clinic-left``.
    """
    with office.database.reading() as kept:
        found = _good_code(office, kept, code)
        if found.used_at is not None:
            raise wrong_code()
        clinic = _participant(office, kept, found.region, found.organisation_id)
    return CodePreview(
        region=found.region,
        clinic=clinic_name(clinic),
        desk=found.desk,
        rights=_names(found),
    )


def enrol_desk(office: Office, new: NewDesk) -> ClinicDesk:
    """Return the desk that a code was good for, once; the same key may ask again within its day.

    Raises:
        Refusal: ``enrolment-code-wrong``, ``clinic-left``, ``desk-name-taken``, ``desk-ended``.
    """
    with office.database.reading() as kept:
        region = _good_code(office, kept, new.code).region
    return office.run(SERVICE, region, lambda act: _enrol(act, new))


def desk_of_client(office: Office, client_id: str) -> ClinicDesk:
    """Return the desk with this client id, good today.

    Raises:
        Refusal: ``client-unknown``, ``desk-ended``, ``clinic-left``.
    """
    with office.database.reading() as kept:
        desk = kept.clinic_desks.by_client(client_id)
        if desk is None:
            raise Refusal("client-unknown", "No desk is known by this name.")
        if desk.ended_at is not None:
            raise _ended()
        _participant(office, kept, desk.region, desk.organisation_id)
    return desk


def end_desk(office: Office, actor: Actor, command: EndDesk) -> Answer:
    """Return the desk, ended at once.

    Raises:
        Refusal: ``desk-ended`` already, ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _end)


def list_desks(office: Office, actor: Actor, region: str, *, ask: Ask = FIRST) -> Page[ClinicDesk]:
    """Return the desks of a region, oldest first, ended ones too; or ``role-not-allowed``."""
    _require(actor)
    with office.database.reading() as kept:
        return kept.clinic_desks.of_region(region, ask)


def desks_of_clinic(
    office: Office, actor: Actor, region: str, organisation_id: UUID
) -> tuple[ClinicDesk, ...]:
    """Return a clinic's desks, ended ones too; ``not-found`` or ``role-not-allowed``."""
    _require(actor)
    with office.database.reading() as kept:
        kept.medical_organisations.get(region, organisation_id)
        return kept.clinic_desks.of_organisation(region, organisation_id)


def end_left_desks(office: Office, region: str) -> int:
    """End the desks of clinics whose last day is past; return how many (200 at most).

    ``desk_of_client`` refuses them from that day on; this writes down that they have ended.
    """

    def do(act: Act) -> int:
        left = act.work.clinic_desks.left_behind(region, act.today)
        for one in left:
            _ended_desk(act, one, _CLINIC_LEFT)
        return len(left)

    return office.run(SERVICE, region, do)


def clinic_name(clinic: MedicalOrganisation) -> str:
    """Return a clinic's name as requests and bundles bear it: at most 64 characters.

    A longer one is cut, and its OGRN tells it from others that begin alike.
    """
    if len(clinic.name) <= NAME_LENGTH:
        return clinic.name
    ending = f"… {clinic.ogrn}"
    return clinic.name[: NAME_LENGTH - len(ending)] + ending


def _make_code(act: Act, command: MakeCode, code: str) -> Answer:
    _require(act.actor)
    _participant(act.office, act.work, act.region, command.organisation_id)
    name = needed_text(command.desk, field="desk", limit=NAME_LENGTH)
    _expect_free(act, command.organisation_id, name)
    row = EnrolmentCode(
        region=act.region,
        id=act.new_id(),
        code_hash=code_hash(code),
        organisation_id=command.organisation_id,
        desk=name,
        rights=_rights(command.rights),
        made_by=act.actor.name,
        made_at=act.now,
        expires_at=act.now + CODE_KEPT,
    )
    act.work.enrolment_codes.add(row)
    act.record("desk.code", _CODE, row.id, organisation=str(command.organisation_id))
    return Answer(id=row.id, version=row.version)


def _enrol(act: Act, new: NewDesk) -> ClinicDesk:
    code = _good_code(act.office, act.work, new.code)
    thumbprint = sha256(new.public_key).digest()
    _participant(act.office, act.work, code.region, code.organisation_id)
    if code.desk_id is not None:
        return _enrolled_before(act, code.desk_id, thumbprint)
    _expect_free(act, code.organisation_id, code.desk)
    id_ = act.new_id()
    desk = ClinicDesk(
        region=act.region,
        id=id_,
        organisation_id=code.organisation_id,
        name=code.desk,
        client_id=str(id_),
        thumbprint=thumbprint,
        public_key=new.public_key,
        holder=new.holder,
        rights=code.rights,
        enrolled_by=code.made_by,
        enrolled_at=act.now,
    )
    act.work.clinic_desks.add(desk)
    act.work.enrolment_codes.change(replace(code, used_at=act.now, desk_id=id_))
    clinic = str(code.organisation_id)
    act.record("desk.enrol", _DESK, id_, ground=f"code/{code.id}", organisation=clinic)
    return desk


def _enrolled_before(act: Act, desk_id: UUID, thumbprint: bytes) -> ClinicDesk:
    desk = act.work.clinic_desks.get(act.region, desk_id)
    if not compare_digest(desk.thumbprint, thumbprint):
        raise wrong_code()
    if desk.ended_at is not None:
        raise _ended()
    return desk


def _good_code(office: Office, kept: Work, typed: str) -> EnrolmentCode:
    found = kept.enrolment_codes.by_hash(code_hash(typed))
    if found is None or found.expires_at <= office.clock():
        raise wrong_code()
    return found


def _participant(
    office: Office, kept: Work, region: str, organisation_id: UUID
) -> MedicalOrganisation:
    row = kept.medical_organisations.get(region, organisation_id)
    if not participant_of(row).takes_part(office.today):
        raise Refusal("clinic-left", "This clinic takes no part in the programme.")
    return row


def _expect_free(act: Act, organisation_id: UUID, name: str) -> None:
    going_on = act.work.clinic_desks.going_on(act.region, organisation_id)
    if any(one.name == name for one in going_on):
        sentence = "This clinic has a desk of that name; if it lost its key, end that one first."
        raise Refusal("desk-name-taken", sentence, field="desk")


def _end(act: Act, command: EndDesk) -> Answer:
    _require(act.actor)
    desk = act.work.clinic_desks.get(act.region, command.desk_id)
    expect_version(desk, command.version)
    if desk.ended_at is not None:
        raise _ended()
    kept = _ended_desk(act, desk, command.ground.value)
    return Answer(id=kept.id, version=kept.version)


def _ended_desk(act: Act, desk: ClinicDesk, ground: str) -> ClinicDesk:
    kept = act.work.clinic_desks.change(replace(desk, ended_at=act.now, ended_ground=ground))
    terminal = act.work.desk_terminals.find(desk.region, desk.id)
    if terminal is not None:
        act.work.desk_terminals.change(replace(terminal, ended_at=act.now))
    act.record("desk.end", _DESK, desk.id, ground=ground)
    return kept


def _require(actor: Actor) -> None:
    # The service itself is who runs it: a command at its machine.
    if actor.role is not Role.SERVICE:
        actor.require(Right.CLINIC_DESK)


def _rights(names: tuple[str, ...]) -> list[str]:
    if not names or not set(names) <= set(RIGHTS):
        sentence = f"A desk has at least one of the rights {', '.join(RIGHTS)}."
        raise Refusal("desk-rights-wrong", sentence, field="rights")
    return [one for one in RIGHTS if one in names]


def _names(code: EnrolmentCode) -> tuple[str, ...]:
    return tuple(map(str, code.rights)) if isinstance(code.rights, list | tuple) else ()


def _ended() -> Refusal:
    return Refusal("desk-ended", "This desk was ended; it has to be enrolled anew.")
