"""Clinics with desks, and what their desks tell."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from cardservice.desk.presentations import Presentation
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.roles import Role
from cardservice.domain.verdict import Outcome
from cardservice.registry.actor import Actor
from cardservice.registry.clinics import MakeCode, NewDesk, enrol_desk, make_code
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    LeaveProgramme,
    OrganisationForm,
    add_organisation,
    leave_programme,
)
from cardservice.registry.ports_clinics import ClinicDesk
from tests.registry.offices import REGION, Desk

KEY = bytes(range(32))
OTHER_REGION = "45000"
OGRN = "1020000000008"
PUBLIC_KEY = bytes(91)
CLINIC = OrganisationForm(
    name="Учебная поликлиника № 1", place="Пробноград", address="ул. Ёлочная, 5", services=()
)


def new_clinic(desk: Desk, region: str = REGION, **changes: Any) -> UUID:
    """Return a clinic that takes part from today."""
    command = AddOrganisation(
        region=region,
        key=desk.key(),
        ogrn=OGRN,
        joined_on=desk.office.today,
        form=replace(CLINIC, **changes),
    )
    return add_organisation(desk.office, desk.clerk, command).id


def leave(desk: Desk, clinic: UUID, days: int) -> None:
    """Let a clinic leave the programme in so many days."""
    with desk.reading() as work:
        version = work.medical_organisations.get(REGION, clinic).version
    command = LeaveProgramme(
        region=REGION,
        key=desk.key(),
        organisation_id=clinic,
        version=version,
        last_day=desk.office.today + timedelta(days=days),
    )
    leave_programme(desk.office, desk.clerk, command)


def making(
    desk: Desk, clinic: UUID, name: str = "Окно 1", region: str = REGION, **changes: Any
) -> MakeCode:
    """Return the wish for a code for a new desk."""
    wish = MakeCode(region=region, key=desk.key(), organisation_id=clinic, desk=name)
    return replace(wish, **changes)


def new_code(desk: Desk, clinic: UUID, name: str = "Окно 1", region: str = REGION) -> str:
    """Return a code for a new desk."""
    return str(make_code(desk.office, desk.clerk, making(desk, clinic, name, region)).code)


def showing(code: str, public_key: bytes = PUBLIC_KEY) -> NewDesk:
    """Return what a desk shows with its code."""
    return NewDesk(code=code, public_key=public_key, holder="RUABCDEFGHJ")


def new_desk(desk: Desk, clinic: UUID, name: str = "Окно 1", region: str = REGION) -> ClinicDesk:
    """Return an enrolled desk of a clinic."""
    code = new_code(desk, clinic, name, region)
    return enrol_desk(desk.office, showing(code, sha256(name.encode()).digest()))


def told(desk: Desk, **changes: Any) -> Presentation:
    """Return a presentation that shows nothing wrong, of now."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "at": desk.clock(),
        "grade": TimeGrade.PROVEN,
        "outcome": Outcome.VALID,
        "reason": "card-active",
        "card_number": 7,
    }
    return Presentation(**(values | changes))


def stranger(desk: Desk, role: Role) -> Actor:
    """Return somebody in a role."""
    return Actor(desk.office.new_id(), role)
