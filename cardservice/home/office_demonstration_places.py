"""Places of issue and clinics of the demonstration."""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from cardservice.domain.places import Collectable, Service
from cardservice.registry.actor import Actor
from cardservice.registry.frame import Office
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    OrganisationForm,
    add_organisation,
)
from cardservice.registry.places import AddPlace, OpenTimes, open_times
from cardservice.registry.places import add_place as add
from cardservice.registry.places_form import PlaceForm

_WORKING: Final = range(5)  # Monday to Friday
_KEY_OCTETS: Final = 9
_TOWN: Final = "г. Макетный"
_PLACES: Final = (
    PlaceForm(
        name="Пункт выдачи № 2",
        address="г. Макетный, ул. Примерная, д. 7",
        hours=tuple((day, "11:00", "17:00") for day in _WORKING),
        services=frozenset({Service.HAND_OVER}),
        collectables=frozenset({Collectable.CARD}),
        phone="8 800 000-00-02",
    ),
    PlaceForm(
        name="Пункт выдачи № 1",
        address="г. Макетный, ул. Учебная, д. 1",
        hours=tuple((day, "09:00", "18:00") for day in _WORKING),
        services=frozenset(Service),
        collectables=frozenset(Collectable),
        phone="8 800 000-00-01",
        visit_minutes=30,
        desks=2,
    ),
)
_CLINICS: Final = (
    ("Городская поликлиника № 1", "ул. Учебная, д. 10", ("терапия", "хирургия")),
    ("Детская поликлиника", "ул. Примерная, д. 3", ("педиатрия",)),
    ("Стоматология «Образец»", "пр. Макетный, д. 5", ("стоматология",)),
    ("Районная больница", "ул. Дальняя, д. 2", ("стационар", "терапия", "роды")),
)
_OGRN_STEM: Final = 100990000100  # twelve digits; the check digit follows
_OGRN_MODULUS: Final = 11
_JOINED_BEFORE: Final = timedelta(days=365)


def add_place(office: Office, actor: Actor, region: str) -> UUID:
    """Add the points of issue; return the id of the one where cards are handed over."""
    return [
        add(office, actor, AddPlace(region=region, key=_key(), form=form)).id for form in _PLACES
    ][-1]


def add_clinics(office: Office, actor: Actor, region: str) -> None:
    """Add clinics that have taken part for a year."""
    for number, (name, address, services) in enumerate(_CLINICS):
        command = AddOrganisation(
            region=region,
            key=_key(),
            ogrn=_ogrn(number),
            joined_on=office.today - _JOINED_BEFORE,
            form=OrganisationForm(name=name, place=_TOWN, address=address, services=services),
        )
        add_organisation(office, actor, command)


def open_days(office: Office, actor: Actor, region: str, *, place: UUID, days: int) -> None:
    """Let the times of the coming days at a place be booked."""
    for ahead in range(1, days + 1):
        day = office.today + timedelta(days=ahead)
        open_times(office, actor, OpenTimes(region=region, key=_key(), place_id=place, day=day))


def _key() -> str:
    return secrets.token_urlsafe(_KEY_OCTETS)


def _ogrn(number: int) -> str:
    stem = _OGRN_STEM + number
    return f"{stem}{stem % _OGRN_MODULUS % 10}"
