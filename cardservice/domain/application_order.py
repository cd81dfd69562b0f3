"""From an approved application to the order of a card."""

from datetime import date

from cardservice.domain.application import Application, Person
from cardservice.domain.categories import expect_card
from cardservice.domain.documents import Whose
from cardservice.domain.holder import Citizenship, Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Enp, parse_ogrn, parse_okato, parse_snils
from cardservice.domain.orders import Contact, IdentityDocument, PolicyOrder
from cardservice.domain.rules import RuleSet
from cardservice.domain.texts import tidy
from cardservice.errors import Refusal


def order_of(
    application: Application, *, enp: Enp, insurance_start: date, rules: RuleSet
) -> PolicyOrder:
    """Return the order of the card that ``application``, checked and approved, asks for.

    Args:
        application: without an error, so nothing a card carries is missing.
        enp: the policy number: the register's, whatever was typed.
        insurance_start: first day of the insurance.
        rules: the rule set.

    Raises:
        Refusal: ``application-incomplete``; or the person has no card with a chip
            (``card-for-non-citizen``, ``card-not-issued``); or a number is wrong.
    """
    person, channel = application.person, application.channel
    if channel is None or person.category is None:
        raise _incomplete()
    expect_card(person.category, rules)
    return PolicyOrder(
        holder=_holder(person, enp),
        category=person.category,
        insurance=InsurancePeriod(
            ogrn=parse_ogrn(application.insurer_ogrn.strip(" "), field="insurer_ogrn"),
            okato=parse_okato(application.okato.strip(" ")),
            start_date=insurance_start,
        ),
        channel=channel,
        document=_identity_document(application),
        contact=Contact(
            address=tidy(person.address) or None,
            phone=tidy(person.phone) or None,
            email=tidy(person.email) or None,
        ),
    )


def _incomplete() -> Refusal:
    return Refusal("application-incomplete", "Something a card carries is missing.")


def _holder(person: Person, enp: Enp) -> Holder:
    surname, given_name = tidy(person.surname), tidy(person.given_name)
    sex, birth_date, snils = person.sex, person.birth_date, person.snils.strip(" ")
    if sex is None or birth_date is None or not (surname and given_name):
        raise _incomplete()
    code, name = tidy(person.citizenship_code), tidy(person.citizenship_name)
    return Holder(
        enp=enp,
        surname=surname,
        given_name=given_name,
        patronymic=tidy(person.patronymic) or None,
        sex=sex,
        birth_date=birth_date,
        birth_place=tidy(person.birth_place) or None,
        citizenship=Citizenship(code, name) if code and name else None,
        snils=parse_snils(snils) if snils else None,
    )


def _identity_document(application: Application) -> IdentityDocument | None:
    own = (one for one in application.documents if one.whose is Whose.PERSON)
    first = next((one for one in own if one.kind and tidy(one.number)), None)
    if first is None or first.kind is None:
        return None
    return IdentityDocument(kind=first.kind.value, number=tidy(first.number))
