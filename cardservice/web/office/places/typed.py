"""What was typed about a place, as values; what cannot be one is said beside its field."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from cardservice.domain.findings import Finding
from cardservice.domain.places import DAYS_OF_WEEK, Collectable, Service
from cardservice.registry.errors import FindingsRefusal
from cardservice.registry.places_form import PlaceForm, place_of_issue
from cardservice.registry.ports_places import Place
from cardservice.web.office.forms import FormFields

E = TypeVar("E", bound=StrEnum)
_NUMBER: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_OPENING: Final = re.compile(r"([0-9]{1,2}:[0-9]{2})\s*[-–—]\s*([0-9]{1,2}:[0-9]{2})", re.ASCII)
_LONGEST_DAY: Final = 100  # characters of the hours of one day
_TIME_LENGTH: Final = 5  # characters of HH:MM
Texts = Mapping[str, str]


def place_form(fields: FormFields) -> PlaceForm:
    """Return the point of issue that was typed.

    Raises:
        FindingsRefusal: ``hours-wrong``, ``number-wrong`` or ``choice-unknown``, beside each field.
    """
    findings: list[Finding] = []
    hours = tuple(_hours(fields, findings))
    visit_minutes = _number(fields, "visit_minutes", findings)
    desks = _number(fields, "desks", findings)
    services = _ticked(Service, fields, "services", findings)
    collectables = _ticked(Collectable, fields, "collectables", findings)
    if findings:
        raise FindingsRefusal(findings)
    return PlaceForm(
        name=fields.text("name"),
        address=fields.text("address"),
        phone=fields.text("phone"),
        hours=hours,
        services=services,
        collectables=collectables,
        visit_minutes=visit_minutes,
        desks=desks,
    )


def day_field(weekday: int) -> str:
    """Return the name of the field for the hours of a day, 0 Monday to 6 Sunday."""
    return f"hours.{weekday}"


def shown_place(place: Place) -> FormFields:
    """Return a place as its form shows it; hours that cannot be read are left out.

    Raises:
        Refusal: ``place-unreadable``.
    """
    issue = place_of_issue(place)
    days = {
        day_field(weekday): (
            ", ".join(
                f"{one.opens:%H:%M}–{one.closes:%H:%M}"
                for one in sorted(issue.hours, key=lambda one: one.opens)
                if one.weekday == weekday
            ),
        )
        for weekday in range(DAYS_OF_WEEK)
    }
    minutes = int(issue.slot.total_seconds()) // 60
    return FormFields(
        {
            "name": (place.name,),
            "address": (place.address,),
            "phone": (place.phone or "",),
            "visit_minutes": (str(minutes),),
            "desks": (str(issue.desks),),
            "services": tuple(one.value for one in issue.services),
            "collectables": tuple(one.value for one in issue.collectables),
            **days,
        }
    )


def _hours(fields: FormFields, findings: list[Finding]) -> Iterator[tuple[int, str, str]]:
    for weekday in range(DAYS_OF_WEEK):
        name = day_field(weekday)
        text = fields.text(name).strip()
        parts = [one.strip() for one in text.split(",")] if text else []
        found = [_OPENING.fullmatch(one) for one in parts]
        if len(text) > _LONGEST_DAY or None in found:
            sentence = "Opening hours are written like 09:00–13:00, 14:00–18:00."
            findings.append(Finding(name, "hours-format", sentence))
            continue
        yield from ((weekday, _time(one[1]), _time(one[2])) for one in found if one)


def _time(text: str) -> str:
    return text.rjust(_TIME_LENGTH, "0")


def _number(fields: FormFields, name: str, findings: list[Finding]) -> int:
    text = fields.text(name).strip()
    if _NUMBER.fullmatch(text):
        return int(text)
    findings.append(Finding(name, f"{name.replace('_', '-')}-not-digits", "Give a whole number."))
    return 0


def _ticked(kind: type[E], fields: FormFields, name: str, findings: list[Finding]) -> frozenset[E]:
    by_value = {one.value: one for one in kind}
    texts = fields.texts(name)
    if not by_value.keys() >= set(texts):
        sentence = "This is none of the values there are."
        findings.append(Finding(name, "choice-unknown", sentence))
    return frozenset(by_value[one] for one in texts if one in by_value)
