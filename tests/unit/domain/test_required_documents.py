"""Which documents an application needs."""

from dataclasses import replace
from datetime import date

import pytest

from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import Document, DocumentType, Whose, words_of
from cardservice.domain.holder import Category
from cardservice.domain.required_documents import (
    missing_documents,
    required_documents,
    stay_until,
)
from cardservice.domain.rule_sets import RULES_2011

D = DocumentType
TODAY = date(2026, 11, 20)
ADULT, CHILD, FOURTEEN = date(1980, 1, 1), date(2012, 11, 21), date(2012, 11, 20)


def missing(category: Category, born: date, applicant: Applicant, *kinds: D) -> set[str]:
    required = required_documents(category, applicant, birth_date=born, on=TODAY, rules=RULES_2011)
    documents = [Document(kind=one) for one in kinds]
    documents += [replace(one, whose=Whose.REPRESENTATIVE) for one in documents]
    return {one.code for one in missing_documents(required, documents)}


@pytest.mark.parametrize(
    ("category", "kinds"),
    [
        (Category.CITIZEN, (D.PASSPORT_RF, D.SNILS)),
        (Category.CITIZEN, (D.TEMPORARY_IDENTITY_CARD, D.SNILS)),
        (Category.PERMANENT_RESIDENT, (D.FOREIGN_PASSPORT, D.RESIDENCE_PERMIT)),
        (Category.TEMPORARY_RESIDENT, (D.FOREIGN_PASSPORT, D.TEMPORARY_RESIDENCE_PERMIT)),
        (Category.REFUGEE, (D.REFUGEE_CERTIFICATE,)),
        (Category.REFUGEE, (D.REQUEST_CONSIDERED,)),
        (Category.REFUGEE, (D.COMPLAINT_CONSIDERED,)),
        (Category.REFUGEE, (D.TEMPORARY_ASYLUM_CERTIFICATE,)),
        (Category.STATELESS, (D.RESIDENCE_PERMIT,)),
        (Category.STATELESS, (D.TEMPORARY_RESIDENCE_PERMIT,)),
        (Category.EAEU_WORKER, (D.FOREIGN_PASSPORT, D.EMPLOYMENT_CONTRACT, D.SNILS)),
    ],
)
def test_an_adult_needs_the_documents_of_their_category_and_no_fewer(
    category: Category, kinds: tuple[D, ...]
) -> None:
    assert missing(category, ADULT, Applicant.SELF, *kinds) == set()
    for one in kinds:
        assert missing(category, ADULT, Applicant.SELF, *(set(kinds) - {one}))


def test_a_child_under_fourteen_shows_a_birth_certificate_and_who_represents_it() -> None:
    parent = Applicant.PARENT_OR_GUARDIAN
    assert missing(Category.CITIZEN, CHILD, parent, D.PASSPORT_RF) == {"birth-certificate-missing"}
    assert missing(Category.CITIZEN, CHILD, parent, D.BIRTH_CERTIFICATE) == {
        "representative-identity-missing"
    }
    assert missing(Category.CITIZEN, FOURTEEN, parent, D.PASSPORT_RF) == {"snils-missing"}


def test_a_foreign_childs_birth_certificate_stands_for_the_passport_not_for_the_permit() -> None:
    parent, category = Applicant.PARENT_OR_GUARDIAN, Category.PERMANENT_RESIDENT
    both = (D.BIRTH_CERTIFICATE, D.RESIDENCE_PERMIT)
    assert missing(category, CHILD, parent, *both) == set()
    assert missing(category, CHILD, parent, D.BIRTH_CERTIFICATE, D.FOREIGN_PASSPORT) == {
        "residence-permit-missing"
    }
    assert "foreign-passport-missing" in missing(category, ADULT, Applicant.SELF, *both)


def test_a_representative_shows_a_power_of_attorney_and_a_parent_none() -> None:
    kinds = (D.PASSPORT_RF, D.SNILS)
    assert missing(Category.CITIZEN, ADULT, Applicant.REPRESENTATIVE, *kinds) == {
        "attorney-missing"
    }
    assert missing(Category.CITIZEN, FOURTEEN, Applicant.PARENT_OR_GUARDIAN, *kinds) == set()
    assert missing(Category.CITIZEN, ADULT, Applicant.PARENT_OR_GUARDIAN, *kinds) == {
        "guardianship-missing"
    }


def test_the_representatives_passport_is_not_the_persons() -> None:
    required = required_documents(
        Category.CITIZEN, Applicant.SELF, birth_date=ADULT, on=TODAY, rules=RULES_2011
    )
    shown = [Document(kind=D.PASSPORT_RF, whose=Whose.REPRESENTATIVE)]
    assert "passport-missing" in {one.code for one in missing_documents(required, shown)}


def test_the_stay_ends_with_the_document_that_proves_it() -> None:
    early, late = date(2027, 1, 1), date(2028, 1, 1)
    passport = Document(kind=D.FOREIGN_PASSPORT, expires_on=late)
    contracts = [
        Document(kind=D.EMPLOYMENT_CONTRACT, expires_on=one) for one in (early, late, None)
    ]
    assert stay_until(Category.EAEU_WORKER, [passport]) is None
    assert stay_until(Category.EAEU_WORKER, [passport, contracts[0]]) == early
    assert stay_until(Category.EAEU_WORKER, contracts) == late
    assert stay_until(Category.CITIZEN, contracts) is None


def test_every_category_has_documents_and_every_type_a_name() -> None:
    for category in Category:
        assert missing(category, ADULT, Applicant.SELF)
    assert all(words_of(one) for one in DocumentType)
