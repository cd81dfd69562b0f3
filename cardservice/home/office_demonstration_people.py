"""Fictional people of the demonstration's tables, as applications for a first policy."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Final

from cardservice.data import Table, read_table
from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application, Person
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.orders import Channel, PolicyOrder
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.rows import Accepted, read_rows

COUNT: Final = 64
_ADULT_YEARS: Final = 20  # the passport of that age serves for 25 years
_PASSPORT_AGE: Final = timedelta(days=400)
_CHANGED_AT: Final = (45, 20, 14)  # years; the first one is issued at 14
_AFTER: Final = timedelta(days=10)
_LEAP_DAY: Final = 29
_ISSUER: Final = "Учебный отдел, г. Макетный"
_PASSPORT: Final = "passport_rf"


def people(*, on: date) -> tuple[Application, ...]:
    """Return drafts without a fault, of adults with a passport; all fictional.

    Args:
        on: the day that the rows are judged on; passports were issued some time before.
    """
    return tuple(islice(_drafts(on), COUNT))


def _drafts(on: date) -> Iterator[Application]:
    for row in read_rows(read_table(Table.HOLDERS).splitlines(), today=on):
        if isinstance(row, Accepted) and _is_simple(row.order, on):
            yield _draft(row.order, on)


def _is_simple(order: PolicyOrder, on: date) -> bool:
    is_adult = order.holder.birth_date.year + _ADULT_YEARS < on.year
    # Whom an employer sends comes by a table.
    by_themselves = order.channel is not Channel.EMPLOYER
    has_numbers = order.holder.snils is not None and _kind(order) == _PASSPORT
    return is_adult and by_themselves and has_numbers


def _kind(order: PolicyOrder) -> str | None:
    return None if order.document is None else order.document.kind


def _draft(order: PolicyOrder, on: date) -> Application:
    number = order.document.number if order.document else ""
    return Application(
        channel=order.channel,
        reason=ApplyReason.FIRST_POLICY,
        applicant=Applicant.SELF,
        person=_person(order),
        insurer_ogrn=order.insurance.ogrn,
        okato=order.insurance.okato,
        documents=(
            Document(
                kind=DocumentType.PASSPORT_RF,
                number=number,
                issued_on=_issued(order.holder.birth_date, on),
                issuer=_ISSUER,
            ),
        ),
        disability=order.channel is Channel.HOME,
        consent=True,
    )


def _issued(born: date, on: date) -> date:
    # Passports are changed at 20 and 45: one issued some days after such a birthday serves.
    days = (_in_year(born, born.year + years) + _AFTER for years in _CHANGED_AT)
    return next(day for day in days if day < on - _PASSPORT_AGE)


def _in_year(day: date, year: int) -> date:
    is_leap_day = (day.month, day.day) == (2, _LEAP_DAY)
    return day.replace(year=year, day=_LEAP_DAY - 1 if is_leap_day else day.day)


def _person(order: PolicyOrder) -> Person:
    holder, contact = order.holder, order.contact
    citizenship = holder.citizenship
    return Person(
        surname=holder.surname,
        given_name=holder.given_name,
        patronymic=holder.patronymic or "",
        sex=holder.sex,
        birth_date=holder.birth_date,
        birth_place=holder.birth_place or "",
        citizenship_code=citizenship.code if citizenship else "",
        citizenship_name=citizenship.name if citizenship else "",
        category=order.category,
        snils=holder.snils or "",
        address=contact.address or "",
        phone=contact.phone or "",
        email=contact.email or "",
    )
