"""A holder: the person a policy insures, in the field's words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from cardservice.domain.numbers import Enp, Snils


@unique
class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


@unique
class Category(StrEnum):
    """Who applies; what each means is in ``categories``.

    Source: domain.md, "Who applies, and for what" and "Documents by category".
    """

    CITIZEN = "citizen"
    PERMANENT_RESIDENT = "permanent_resident"
    TEMPORARY_RESIDENT = "temporary_resident"
    REFUGEE = "refugee"
    STATELESS = "stateless"
    EAEU_WORKER = "eaeu_worker"


@dataclass(frozen=True, slots=True)
class Citizenship:
    """Country as given: no mapping of codes, no change of case."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Holder:
    """The person's data as they go onto a card; texts NFC, as given.

    It has no printed form of its own, so that no log carries a person.
    """

    enp: Enp
    surname: str
    given_name: str
    patronymic: str | None = None
    sex: Sex
    birth_date: date
    birth_place: str | None = None
    citizenship: Citizenship | None = None
    snils: Snils | None = None
