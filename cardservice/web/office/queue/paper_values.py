"""From rows to what papers say: the words of the paper's language, values as given."""

from collections.abc import Iterator

from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application as Draft
from cardservice.domain.categories import card_eligibility
from cardservice.domain.documents import Document, DocumentType, Whose
from cardservice.domain.holder import Category, Sex
from cardservice.domain.numbers import Enp, Ogrn, Okato, Snils, parse_enp, parse_snils
from cardservice.domain.places import Collectable
from cardservice.domain.rules import RuleSet
from cardservice.domain.texts import tidy
from cardservice.errors import Refusal
from cardservice.papers.values import (
    PaperDocument,
    PaperInsurer,
    PaperPerson,
    PaperRepresentative,
)
from cardservice.registry.applications_finding import number_or_none
from cardservice.registry.ports_people import Person
from cardservice.texts.languages import Language
from cardservice.texts.office.labels import label


def said_person(draft: Draft) -> PaperPerson:
    """Return the person as the form has them.

    Raises:
        Refusal: ``application-incomplete``: a paper names more than the form says.
    """
    one = draft.person
    if one.sex is None or one.birth_date is None:
        sentence = "Something of the person is missing."
        raise Refusal("application-incomplete", sentence)
    snils, enp = number_or_none(parse_snils, one.snils), number_or_none(parse_enp, one.enp)
    return PaperPerson(
        surname=tidy(one.surname),
        given_name=tidy(one.given_name),
        patronymic=tidy(one.patronymic) or None,
        sex=one.sex,
        birth_date=one.birth_date,
        birth_place=tidy(one.birth_place) or None,
        citizenship=tidy(one.citizenship_name) or None,
        snils=Snils(snils) if snils else None,
        enp=Enp(enp) if enp else None,
    )


def kept_person(person: Person, enp: str) -> PaperPerson:
    """Return the person as the register has them, with the number of their policy."""
    return PaperPerson(
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        sex=Sex(person.sex),
        birth_date=person.birth_date,
        birth_place=person.birth_place,
        citizenship=person.citizenship_name,
        snils=Snils(person.snils) if person.snils else None,
        enp=Enp(enp),
    )


def insurer_named(known: PaperInsurer, ogrn: str, okato: str) -> PaperInsurer:
    """Return the insurer with that number: the one whose papers these are, or by its number."""
    ogrn, okato = ogrn.strip(" "), okato.strip(" ")
    if ogrn in ("", known.ogrn):
        return known
    return PaperInsurer(name=ogrn, ogrn=Ogrn(ogrn), okato=Okato(okato))


def documents_shown(draft: Draft, whose: Whose, language: Language) -> Iterator[PaperDocument]:
    """Yield the documents of one of the two, those without a kind left out."""
    for one in draft.documents:
        if one.kind is not None and one.whose is whose:
            yield _document(one, one.kind, language)


def representative(draft: Draft, language: Language) -> PaperRepresentative | None:
    """Return who applies for the person, None if they do so themselves."""
    applicant, one = draft.applicant, draft.representative
    if applicant is None or applicant is Applicant.SELF:
        return None
    return PaperRepresentative(
        surname=tidy(one.surname),
        given_name=tidy(one.given_name),
        patronymic=tidy(one.patronymic) or None,
        relation=label(applicant, language),
        document=next(documents_shown(draft, Whose.REPRESENTATIVE, language), None),
        authority=_authority(draft, language),
        phone=tidy(one.phone) or None,
    )


def carrier(category: Category, rules: RuleSet, language: Language) -> str:
    """Return what the policy is made of, in words of the paper's language."""
    has_chip = card_eligibility(category, rules).may_have
    return label(Collectable.CARD if has_chip else Collectable.PAPER_POLICY, language)


def _authority(draft: Draft, language: Language) -> PaperDocument | None:
    attorney = draft.representative.attorney
    if attorney is None:
        return None
    return PaperDocument(
        kind=label(DocumentType.POWER_OF_ATTORNEY, language),
        number=tidy(attorney.number),
        issued=attorney.issued_on,
        expires=attorney.until,
    )


def _document(one: Document, kind: DocumentType, language: Language) -> PaperDocument:
    return PaperDocument(
        kind=label(kind, language),
        number=tidy(one.number),
        issuer=tidy(one.issuer) or None,
        issued=one.issued_on,
        expires=one.expires_on,
    )
