"""From a row of an employer's table to an application, or to everything that is wrong with the row.

Whoever has no policy yet has no number: the federal register gives it at the approval. Paper is
for all categories, so all of them may be in the table.

Source: domain.md, "Who applies, and for what".
"""

from datetime import date

from cardservice.domain import order_columns as columns
from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application, Person
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.holder import Category
from cardservice.domain.order_columns import Column, Row
from cardservice.domain.order_row import RowJudgement
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.required_documents import required_documents
from cardservice.domain.rule_sets import DEFAULT_RULES
from cardservice.errors import Refusal


def parse_application(row: Row, *, today: date) -> Application:
    """Return the application that one row is: by the employer, for the person themselves.

    What the row says of the way it came and of the first day of the insurance does not count: it
    came by the employer, and the insurance begins with the policy. Who agreed to the processing
    of their data stands in no row.

    Args:
        row: column name → cell, as typed; a column that is not there counts as empty, one
            that is not ours is ignored.
        today: the day on which the row is judged.

    Raises:
        RowRefused: something is wrong with it; all of it is named.
    """
    judgement = RowJudgement(row)
    application = _application(judgement, today)
    judgement.require_good()
    return application


def _application(judgement: RowJudgement, today: date) -> Application:
    person = _person(judgement, today)
    return Application(
        channel=Channel.EMPLOYER,
        reason=ApplyReason.FIRST_POLICY,
        applicant=Applicant.SELF,
        person=person,
        insurer_ogrn=judgement.take(columns.ogrn),
        okato=judgement.take(columns.okato),
        documents=_documents(judgement, person, today),
    )


def _person(judgement: RowJudgement, today: date) -> Person:
    take = judgement.take
    citizenship = take(columns.citizenship)
    return Person(
        surname=take(columns.name, Column.SURNAME),
        given_name=take(columns.name, Column.GIVEN_NAME),
        patronymic=take(columns.optional_name, Column.PATRONYMIC) or "",
        sex=take(columns.sex),
        birth_date=take(columns.birth_date, today),
        birth_place=take(columns.birth_place) or "",
        citizenship_code=citizenship.code if citizenship else "",
        citizenship_name=citizenship.name if citizenship else "",
        category=take(columns.category),
        snils=take(columns.snils) or "",
        enp=take(columns.optional_enp) or "",
        address=take(columns.note, Column.ADDRESS) or "",
        phone=take(columns.note, Column.PHONE) or "",
        email=take(columns.note, Column.EMAIL) or "",
    )


def _documents(judgement: RowJudgement, person: Person, today: date) -> tuple[Document, ...]:
    kind = judgement.take(columns.document_kind)
    number = judgement.take(columns.note, Column.DOCUMENT_NUMBER)
    if kind is None:
        return ()
    if person.category is not None and person.birth_date is not None:
        judgement.take(_expect_asked_for, kind, person.category, person.birth_date, today=today)
    return (Document(kind=kind, number=number or ""),)


def _expect_asked_for(
    _: Row, kind: DocumentType, category: Category, birth_date: date, *, today: date
) -> None:
    # Every rule set of ours asks a category for the same documents.
    asked = required_documents(
        category, Applicant.SELF, birth_date=birth_date, on=today, rules=DEFAULT_RULES
    )
    if not any(kind in one.any_of for one in asked):
        sentence = "People of this category do not apply with this document."
        field = Column.DOCUMENT_TYPE.value
        raise Refusal("document-unlike-category", sentence, field=field)
