"""What is wrong with the person and the representative of a draft."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from cardservice.domain.applicants import ATTORNEY_NUMBER_LENGTH, Applicant, expect_attorney
from cardservice.domain.application import Person, Representative
from cardservice.domain.dates import EARLIEST_DATE
from cardservice.domain.enp import disagreements
from cardservice.domain.field_rules import (
    TextRule,
    email_findings,
    past_date_findings,
    phone_findings,
    text_findings,
)
from cardservice.domain.findings import Finding, refused, warning, within
from cardservice.domain.holder import Category
from cardservice.domain.numbers import parse_enp, parse_snils
from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import Calendar, age_on
from cardservice.domain.texts import (
    BIRTH_PLACE_LENGTH,
    COUNTRY_CODE_LENGTH,
    COUNTRY_NAME_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    tidy,
)
from cardservice.errors import Refusal

_RUSSIA: Final = "RUS"  # ISO 3166-1, as the demonstration tables have it; others are as given

_SURNAME: Final = TextRule("surname", "surname", NAME_LENGTH, needed=True, short="name")
_GIVEN_NAME: Final = TextRule("given_name", "given name", NAME_LENGTH, needed=True, short="name")
_PATRONYMIC: Final = TextRule("patronymic", "patronymic", NAME_LENGTH, short="name")
_BIRTH_PLACE: Final = TextRule("birth_place", "birth place", BIRTH_PLACE_LENGTH)
_COUNTRY_CODE: Final = TextRule("citizenship_code", "country code", COUNTRY_CODE_LENGTH)
_COUNTRY_NAME: Final = TextRule("citizenship_name", "country name", COUNTRY_NAME_LENGTH)
_ADDRESS: Final = TextRule("address", "address", NOTE_LENGTH)
_ATTORNEY_NUMBER: Final = TextRule(
    *("number", "number of the power of attorney", ATTORNEY_NUMBER_LENGTH),
    needed=True,
    short="attorney-number",
)


def check_person(person: Person, on: date, rules: RuleSet) -> Iterator[Finding]:
    """Return what is wrong with the person the policy is for; fields as in ``Person``."""
    yield from _names(person)
    if person.sex is None:
        yield Finding("sex", "sex-missing", "The sex is missing.")
    yield from _birth(person, on, rules)
    yield from _citizenship(person)
    if person.category is None:
        yield Finding("category", "category-missing", "The category is missing.")
    yield from _numbers(person)
    yield from text_findings(_ADDRESS, person.address)
    yield from phone_findings("phone", person.phone)
    yield from email_findings("email", person.email)
    if not (person.phone.strip() or person.email.strip()):
        sentence = "Without a telephone number or an e-mail address nobody can be told of the card."
        yield warning("phone", "contact-missing", sentence)


def _names(one: Person | Representative) -> Iterator[Finding]:
    yield from text_findings(_SURNAME, one.surname)
    yield from text_findings(_GIVEN_NAME, one.given_name)
    yield from text_findings(_PATRONYMIC, one.patronymic)


def _birth(person: Person, on: date, rules: RuleSet) -> Iterator[Finding]:
    field, born = "birth_date", person.birth_date
    yield from past_date_findings(field, "birth date", born, on)
    if born is not None and born < EARLIEST_DATE:
        yield Finding(field, "birth-date-impossible", "The birth date is not a possible date.")
    elif born is not None and age_on(born, on) > rules.oldest_age.value:
        sentence = f"By the birth date the person is older than {rules.oldest_age.value}."
        yield warning(field, "birth-date-doubtful", sentence)
    yield from text_findings(_BIRTH_PLACE, person.birth_place)


def _citizenship(person: Person) -> Iterator[Finding]:
    code, name = person.citizenship_code, person.citizenship_name
    found = (
        *text_findings(_COUNTRY_CODE, code),
        *text_findings(_COUNTRY_NAME, name),
    )
    yield from found
    if found:
        return
    if bool(tidy(code)) != bool(tidy(name)):
        sentence = "Of the citizenship either the country's code or its name is missing."
        field = "citizenship_name" if tidy(code) else "citizenship_code"
        yield Finding(field, "citizenship-incomplete", sentence)
    is_russian = tidy(code) == _RUSSIA
    if tidy(code) and person.category and is_russian != (person.category is Category.CITIZEN):
        sentence = "The country of citizenship does not fit the category."
        yield warning("citizenship_code", "citizenship-unlike-category", sentence)


def _numbers(person: Person) -> Iterator[Finding]:
    snils, enp = person.snils.strip(" "), person.enp.strip(" ")
    if snils:
        yield from refused("snils", parse_snils, snils)
    if not enp:
        return
    try:
        number = parse_enp(enp)
    except Refusal as refusal:
        yield Finding("enp", refusal.code, refusal.sentence)
        return
    if person.birth_date is not None and person.sex is not None:
        for sentence in disagreements(number, birth_date=person.birth_date, sex=person.sex):
            yield warning("enp", "enp-unlike-person", sentence)


def check_representative(
    representative: Representative,
    applicant: Applicant,
    *,
    on: date,
    rules: RuleSet,
    calendar: Calendar,
) -> Iterator[Finding]:
    """Return what is wrong with who applies for the person; nothing if they do so themselves."""
    if applicant is Applicant.SELF:
        return
    yield from _names(representative)
    yield from phone_findings("phone", representative.phone)
    if applicant is not Applicant.REPRESENTATIVE:
        return
    attorney = representative.attorney
    if attorney is None:
        yield Finding("attorney", "attorney-missing", "The power of attorney is missing.")
        return
    found = text_findings(_ATTORNEY_NUMBER, attorney.number)
    yield from within("attorney", found)
    try:
        expect_attorney(attorney, on=on, rules=rules, calendar=calendar)
    except Refusal as refusal:
        yield Finding(f"attorney.{refusal.field}", refusal.code, refusal.sentence)
