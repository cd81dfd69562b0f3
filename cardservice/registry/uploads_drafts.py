"""From a good row of an employer's table to an application for a first policy."""

from dataclasses import dataclass
from typing import Final

from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application as Draft
from cardservice.domain.application import Person
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.orders import Channel, IdentityDocument, PolicyOrder
from cardservice.domain.reasons import ApplyReason

_DOCUMENTS: Final = {one.value: one for one in DocumentType}


@dataclass(frozen=True, slots=True)
class TableTerms:
    """What holds for every row of a table and stands in none."""

    consent: bool


def draft_of_order(order: PolicyOrder, terms: TableTerms) -> Draft:
    """Return the application that a row is: by the employer, for the person themselves.

    What the row says of the way it came and of the first day of the insurance does not count: it
    came by the employer, and the insurance begins with the policy.
    """
    return Draft(
        channel=Channel.EMPLOYER,
        reason=ApplyReason.FIRST_POLICY,
        applicant=Applicant.SELF,
        person=_person(order),
        insurer_ogrn=order.insurance.ogrn,
        okato=order.insurance.okato,
        documents=() if order.document is None else (_document(order.document),),
        consent=terms.consent,
    )


def _person(order: PolicyOrder) -> Person:
    holder, contact, citizenship = order.holder, order.contact, order.holder.citizenship
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
        enp=holder.enp,
        address=contact.address or "",
        phone=contact.phone or "",
        email=contact.email or "",
    )


def _document(shown: IdentityDocument) -> Document:
    return Document(kind=_DOCUMENTS.get(shown.kind), number=shown.number)
