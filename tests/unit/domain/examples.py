"""A good application of a fictional citizen, to be spoiled field by field."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application, Person
from cardservice.domain.applications import check
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.findings import Finding
from cardservice.domain.holder import Category, Sex
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.rule_sets import RULES_2011

TODAY: Final = date(2026, 11, 20)
RULES: Final = RULES_2011

PASSPORT: Final = Document(
    kind=DocumentType.PASSPORT_RF,
    number="44 53 914449",
    issued_on=date(2019, 2, 1),
    issuer="ГУ МВД по Образцовой обл.",
    scan="scan-1",
)
PERSON: Final = Person(
    surname="Цветков",
    given_name="Андрей",
    patronymic="Александрович",
    sex=Sex.MALE,
    birth_date=date(1999, 1, 5),
    birth_place="д. Заречье",
    citizenship_code="RUS",
    citizenship_name="Россия",
    category=Category.CITIZEN,
    snils="508-328-107 70",
    address="г. Макетный, ул. Учебная, д. 22",
    phone="+7 900 000-63-91",
    email="person0@example.org",
)
GOOD: Final = Application(
    channel=Channel.OFFICE,
    reason=ApplyReason.FIRST_POLICY,
    applicant=Applicant.SELF,
    person=PERSON,
    insurer_ogrn="1009900000230",
    okato="00003",
    documents=(PASSPORT,),
    photo="photo-1",
    photo_taken_on=date(2026, 10, 1),
    consent=True,
)


def with_person(**changes: Any) -> Application:
    """Return the good application with another person."""
    return replace(GOOD, person=replace(PERSON, **changes))


def with_passport(**changes: Any) -> Application:
    """Return the good application with another passport."""
    return replace(GOOD, documents=(replace(PASSPORT, **changes),))


def found(application: Application, **options: Any) -> dict[str, str]:
    """Return field → code of all that is wrong with ``application``."""
    return {one.field: one.code for one in check(application, TODAY, RULES, **options)}


def only(application: Application, **options: Any) -> Finding:
    """Return the one thing that is wrong with ``application``."""
    (one,) = check(application, TODAY, RULES, **options)
    return one
