"""The least of a person that each role is shown: in lists, in logs, in full.

A list shows what tells rows apart; opening one record shows it whole to those who work with it,
and is recorded as a look. A log shows nothing that names a person, whoever reads it.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from enum import IntEnum, StrEnum, unique
from types import MappingProxyType
from typing import Final

from cardservice.accounts.roles import Role
from cardservice.domain.numbers import mask_enp

DOT: Final = "•"
_DOTS: Final = DOT * 3
_TAIL: Final = 2  # digits of a telephone or SNILS number that stay


@unique
class PersonalField(StrEnum):
    """What of a person is masked."""

    ENP = "enp"
    SNILS = "snils"
    NAMES = "names"
    BIRTH_DATE = "birth-date"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"


@unique
class Shown(IntEnum):
    """How much is shown; the greatest of a person's roles counts."""

    NOTHING = 0
    PART = 1
    ALL = 2


@unique
class Place(StrEnum):
    """Where it is shown."""

    LIST = "list"
    RECORD = "record"
    LOG = "log"


def mask_names(names: str) -> str:
    """Return the surname's first letter and the initials of the rest: ``И••• П. С.``."""
    parts = names.split()
    initials = [f"{one[0]}." for one in parts[1:]]
    return " ".join([parts[0][0] + _DOTS, *initials]) if parts else ""


def mask_birth_date(text: str) -> str:
    """Return the year of a date written ``YYYY-MM-DD``: ``1985-••-••``."""
    year, dash, _ = text.partition("-")
    return f"{year}-{DOT * 2}-{DOT * 2}" if dash else _DOTS


def mask_snils(text: str) -> str:
    """Return a SNILS with all but its last two digits hidden: ``•••-•••-••• 95``."""
    return _mask_digits(text)


def mask_phone(text: str) -> str:
    """Return a telephone number with all but its last two digits hidden."""
    return _mask_digits(text)


def mask_address(text: str) -> str:
    """Return what stands before the first comma, the region or town, and nothing after it."""
    first, comma, _ = text.partition(",")
    return f"{first.strip()}, {_DOTS}" if comma else _DOTS


def mask_email(text: str) -> str:
    """Return the first character and the domain: ``i•••@example.org``."""
    name, at, domain = text.rpartition("@")
    return f"{name[0]}{_DOTS}@{domain}" if name and at else _DOTS


def _mask_digits(text: str) -> str:
    digits = sum(one.isdigit() for one in text)
    keep = _TAIL if digits > 2 * _TAIL else 0
    hidden, out = digits - keep, []
    for one in text:
        if one.isdigit() and hidden > 0:
            hidden -= 1
            out.append(DOT)
        else:
            out.append(one)
    return "".join(out)


MASKS: Final[Mapping[PersonalField, Callable[[str], str]]] = MappingProxyType(
    {
        PersonalField.ENP: mask_enp,
        PersonalField.SNILS: mask_snils,
        PersonalField.NAMES: mask_names,
        PersonalField.BIRTH_DATE: mask_birth_date,
        PersonalField.ADDRESS: mask_address,
        PersonalField.PHONE: mask_phone,
        PersonalField.EMAIL: mask_email,
    }
)

_N, _P, _A = Shown
_ORDER: Final = tuple(PersonalField)


def _levels(*shown: Shown) -> Mapping[PersonalField, Shown]:
    return MappingProxyType(dict(zip(_ORDER, shown, strict=True)))


# In the order of PersonalField:    ENP SNILS names birth address phone e-mail
LISTS: Final[Mapping[Role, Mapping[PersonalField, Shown]]] = MappingProxyType(
    {
        Role.CLERK: _levels(_P, _P, _A, _A, _P, _P, _P),
        Role.APPROVER: _levels(_P, _P, _A, _A, _P, _P, _P),
        Role.STATION: _levels(_P, _N, _P, _N, _N, _N, _N),
        Role.AUDITOR: _levels(_P, _N, _P, _N, _N, _N, _N),
        Role.SECURITY_OFFICER: _levels(_P, _N, _P, _N, _N, _N, _N),
        Role.CLINIC: _levels(_P, _N, _P, _P, _N, _N, _N),
        Role.APPLICANT: _levels(_P, _N, _P, _N, _N, _P, _P),
        # A courier finds the door and asks for a name; what else is on the card is no matter there.
        Role.COURIER: _levels(_N, _N, _A, _N, _A, _A, _N),
        Role.EMPLOYER: _levels(_N, _N, _P, _N, _N, _N, _N),
        Role.ADMINISTRATOR: _levels(_N, _N, _N, _N, _N, _N, _N),
        Role.SERVICE: _levels(_N, _N, _N, _N, _N, _N, _N),
    }
)
RECORDS: Final[Mapping[Role, Mapping[PersonalField, Shown]]] = MappingProxyType(
    {
        Role.CLERK: _levels(_A, _A, _A, _A, _A, _A, _A),
        Role.APPROVER: _levels(_A, _A, _A, _A, _A, _A, _A),
        Role.STATION: _levels(_A, _A, _A, _A, _N, _N, _N),
        Role.AUDITOR: _levels(_P, _N, _P, _N, _N, _N, _N),
        Role.SECURITY_OFFICER: _levels(_P, _N, _P, _N, _N, _N, _N),
        Role.CLINIC: _levels(_A, _N, _A, _A, _N, _N, _N),
        Role.APPLICANT: _levels(_P, _P, _P, _P, _P, _P, _P),
        Role.COURIER: _levels(_N, _N, _A, _N, _A, _A, _N),
        Role.EMPLOYER: _levels(_N, _N, _P, _N, _N, _N, _N),
        Role.ADMINISTRATOR: _levels(_N, _N, _N, _N, _N, _N, _N),
        Role.SERVICE: _levels(_N, _N, _N, _N, _N, _N, _N),
    }
)


def shown_to(roles: AbstractSet[Role], field: PersonalField, place: Place) -> Shown:
    """Return how much of ``field`` is shown there; nothing to nobody, nothing whole in a log."""
    if place is Place.LOG:
        return Shown.NOTHING
    table = LISTS if place is Place.LIST else RECORDS
    return max((table[one][field] for one in roles), default=Shown.NOTHING)


def masked(
    text: str | None, field: PersonalField, *, roles: AbstractSet[Role], place: Place
) -> str:
    """Return ``text`` as these roles see it there; an empty one stays empty."""
    if not text:
        return ""
    shown = shown_to(roles, field, place)
    if shown is Shown.ALL:
        return text
    return MASKS[field](text) if shown is Shown.PART else _DOTS
