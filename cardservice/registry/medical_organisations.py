"""Medical organisations of the programme: entered, changed, searched, and their leaving.

A desk's terminal certificate ends when its clinic leaves: who makes one asks ``terminal_until``.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.medical_organisations import MedicalOrganisation as Participant
from cardservice.domain.numbers import parse_ogrn, parse_okato
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.places_form import needed_text
from cardservice.registry.ports_base import FIRST, Ask, Json, Page
from cardservice.registry.ports_places import MedicalOrganisation

MOST_SERVICES: Final = 50  # of one organisation; this project's own
SERVICE_LENGTH: Final = 100  # characters; this project's own


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationForm:
    """A medical organisation as typed; ``place`` is its town, ``services`` in its own words."""

    name: str
    place: str
    address: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOrganisation(OfficeCommand):
    """A medical organisation takes part from ``joined_on``."""

    ogrn: str
    joined_on: date
    form: OrganisationForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrganisation(OfficeCommand):
    """It has another name, address or services."""

    organisation_id: UUID
    version: int
    form: OrganisationForm


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveProgramme(OfficeCommand):
    """It leaves the programme; ``last_day`` is the last one it takes part."""

    organisation_id: UUID
    version: int
    last_day: date


def add_organisation(office: Office, actor: Actor, command: AddOrganisation) -> Answer:
    """Return the new organisation.

    Raises:
        Refusal: ``ogrn-…``, ``…-missing``, ``…-too-long``, ``control-character``,
            ``services-wrong`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _add)


def change_organisation(office: Office, actor: Actor, command: ChangeOrganisation) -> Answer:
    """Return the organisation; raises Refusal as above, ``left``, ``stale`` or ``not-found``."""
    return office.carry_out(actor, command, _change)


def leave_programme(office: Office, actor: Actor, command: LeaveProgramme) -> Answer:
    """Return the organisation; its desks' certificates end with ``last_day``.

    Raises:
        Refusal: ``left`` already; ``last-day-wrong``: before it joined; ``stale``, ``not-found``
            or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _leave)


def search_organisations(
    office: Office, region: str, text: str = "", *, ask: Ask = FIRST
) -> Page[MedicalOrganisation]:
    """Return organisations with every word of ``text`` in name, place, address or services.

    Those that left are among them, with the day; anybody may search.
    """
    with office.database.reading() as kept:
        return kept.medical_organisations.search(region, text, ask)


def terminal_until(office: Office, region: str, organisation_id: UUID, asked: date) -> date:
    """Return the last day of a desk's terminal certificate asked for until ``asked``.

    Raises:
        Refusal: ``left``: the organisation takes no part today, so its desks get none;
            ``not-found``.
    """
    with office.database.reading() as kept:
        row = kept.medical_organisations.get(region, organisation_id)
    return terminal_until_of(row, asked, today=office.today)


def terminal_until_of(row: MedicalOrganisation, asked: date, *, today: date) -> date:
    """Return what ``terminal_until`` does of an organisation that was read already.

    Raises:
        Refusal: ``left``.
    """
    participant = participant_of(row)
    if not participant.takes_part(today):
        raise _left()
    return participant.terminal_until(asked)


def participant_of(row: MedicalOrganisation) -> Participant:
    """Return the value of the domain that a row keeps."""
    return Participant(
        ogrn=parse_ogrn(row.ogrn),
        name=row.name,
        address=row.address,
        okato=parse_okato(row.region),
        services=frozenset(map(str, row.services if isinstance(row.services, list) else ())),
        entered_on=row.joined_on,
        left_on=row.left_on,
    )


def _add(act: Act, command: AddOrganisation) -> Answer:
    act.actor.require(Right.PLACE_EDIT)
    form = command.form
    row = MedicalOrganisation(
        region=act.region,
        id=act.new_id(),
        ogrn=parse_ogrn(command.ogrn),
        name=needed_text(form.name, field="name"),
        place=needed_text(form.place, field="place"),
        address=needed_text(form.address, field="address"),
        services=_services(form),
        joined_on=command.joined_on,
    )
    act.work.medical_organisations.add(row)
    act.record("organisation.add", "medical-organisation", row.id)
    return _answer(row)


def _change(act: Act, command: ChangeOrganisation) -> Answer:
    row, form = _found(act, command.organisation_id, command.version), command.form
    changed = replace(
        row,
        name=needed_text(form.name, field="name"),
        place=needed_text(form.place, field="place"),
        address=needed_text(form.address, field="address"),
        services=_services(form),
    )
    kept = act.work.medical_organisations.change(changed)
    act.record("organisation.change", "medical-organisation", row.id)
    return _answer(kept)


def _leave(act: Act, command: LeaveProgramme) -> Answer:
    row = _found(act, command.organisation_id, command.version)
    if command.last_day < row.joined_on:
        sentence = "The last day is before the organisation joined."
        raise Refusal("last-day-wrong", sentence, field="last_day")
    kept = act.work.medical_organisations.change(replace(row, left_on=command.last_day))
    act.record("organisation.leave", "medical-organisation", row.id)
    return _answer(kept)


def _found(act: Act, organisation_id: UUID, version: int) -> MedicalOrganisation:
    act.actor.require(Right.PLACE_EDIT)
    row = act.work.medical_organisations.get(act.region, organisation_id)
    expect_version(row, version)
    if row.left_on is not None:
        raise _left()
    return row


def _services(form: OrganisationForm) -> Json:
    if len(form.services) > MOST_SERVICES:
        sentence = f"An organisation names at most {MOST_SERVICES} services."
        raise Refusal("services-wrong", sentence, field="services")
    found = (needed_text(one, field="services", limit=SERVICE_LENGTH) for one in form.services)
    return sorted(set(found))


def _left() -> Refusal:
    return Refusal("left", "This medical organisation has left the programme.")


def _answer(row: MedicalOrganisation) -> Answer:
    return Answer(id=row.id, version=row.version)
