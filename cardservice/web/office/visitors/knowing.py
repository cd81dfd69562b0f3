"""What a visitor shows that an application is theirs with: its number and the birth date."""

from datetime import date
from typing import Final
from uuid import UUID

from cardservice.accounts.applicants import NUMBER_MAX
from cardservice.errors import Refusal
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Office
from cardservice.web.office.apply.days import read_day
from cardservice.web.office.forms import FormFields

NUMBER: Final = "number"
BIRTH_DATE: Final = "birth_date"


def typed(fields: FormFields) -> dict[str, str]:
    """Return number and birth date as they were typed, to be shown again."""
    return {name: fields.text(name)[:NUMBER_MAX] for name in (NUMBER, BIRTH_DATE)}


def names_nobody(fields: FormFields) -> bool:
    """Return whether neither number nor birth date was typed: it is about no application."""
    return not any(one.strip() for one in typed(fields).values())


def number_of(fields: FormFields) -> str:
    """Return the number, in capitals and without blanks; raises Refusal if there is none."""
    number = "".join(fields.text(NUMBER).split()).upper()
    if not 0 < len(number) <= NUMBER_MAX or not number.isascii() or not number.isprintable():
        sentence = "Type the number of the application."
        raise Refusal("application-number", sentence, field=NUMBER)
    return number


def birth_date_of(fields: FormFields) -> date:
    """Return the birth date; raises Refusal if none was typed."""
    day = read_day(fields.text(BIRTH_DATE))
    if day is None:
        sentence = "The birth date is not written DD.MM.YYYY."
        raise Refusal("birth-date-impossible", sentence, field=BIRTH_DATE)
    return day


def known_application(office: Office, fields: FormFields) -> tuple[str, UUID]:
    """Return region and id of the application that number and birth date point to.

    Raises:
        Refusal: ``not-found``, the same whether the number or the date is wrong.
    """
    number, day = number_of(fields), birth_date_of(fields)
    with office.database.reading() as work:
        found = work.applications.by_number(number, day)
    if not found:
        raise not_found("application")
    return found[0].region, found[0].id
