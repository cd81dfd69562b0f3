"""One row of an employer's table: anybody may apply, with the documents of their category."""

from datetime import date

import pytest

from cardservice.domain.applicants import Applicant
from cardservice.domain.application_row import parse_application
from cardservice.domain.applications import check
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.findings import has_errors
from cardservice.domain.holder import Category
from cardservice.domain.order_row import RowRefused, parse_row
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.rule_sets import DEFAULT_RULES
from tests.unit.domain.test_order_row import ROW, TODAY

NOT_COUNTED = {"enp": "", "insurance_start": "", "channel": ""}
WORKER = {
    "category": "eaeu_worker",
    "citizenship_code": "KGZ",
    "citizenship_name": "Киргизия",
    "document_type": "foreign_passport",
    "document_number": "ID0000001",
}
# A document of each category, and one that people of it do not apply with.
PAPERS = {
    "citizen": ("temporary_identity_card", "stateless_id"),
    "permanent_resident": ("residence_permit", "passport_rf"),
    "temporary_resident": ("temporary_residence_permit", "employment_contract"),
    "refugee": ("temporary_asylum_certificate", "passport_rf"),
    "stateless": ("stateless_id", "passport_rf"),
    "eaeu_worker": ("employment_contract", "birth_certificate"),
}


def codes(**changes: str) -> list[tuple[str, str | None]]:
    with pytest.raises(RowRefused) as refused:
        parse_application(ROW | changes, today=TODAY)
    return [(one.code, one.field) for one in refused.value.refusals]


def test_a_row_is_an_application_for_a_first_policy_by_the_employer() -> None:
    made = parse_application(ROW, today=TODAY)
    assert (made.channel, made.reason) == (Channel.EMPLOYER, ApplyReason.FIRST_POLICY)
    assert (made.applicant, made.consent) == (Applicant.SELF, False)
    assert made.documents == (Document(kind=DocumentType.PASSPORT_RF, number="4453914449"),)
    order, person = parse_row(ROW, today=TODAY), made.person
    assert (person.enp, person.snils) == (order.holder.enp, order.holder.snils)
    assert (made.insurer_ogrn, made.okato) == (order.insurance.ogrn, order.insurance.okato)


def test_who_has_no_policy_number_can_apply() -> None:
    made = parse_application(ROW | NOT_COUNTED, today=TODAY)
    assert made.person.enp == ""
    bare = {name: cell for name, cell in ROW.items() if name not in NOT_COUNTED}
    assert parse_application(bare, today=TODAY) == made


def test_a_number_that_is_given_is_right() -> None:
    assert codes(enp="1") == [("enp-length", "enp")]


@pytest.mark.parametrize("column", ["insurance_start", "channel"])
def test_what_does_not_count_may_be_anything(column: str) -> None:
    changed = parse_application(ROW | {column: "2999-99-99"}, today=TODAY)
    assert changed == parse_application(ROW, today=TODAY)


def test_a_worker_of_the_union_can_apply_and_the_contract_may_follow() -> None:
    made = parse_application(ROW | NOT_COUNTED | WORKER, today=TODAY)
    assert made.person.category is Category.EAEU_WORKER
    found = {one.code for one in check(made, TODAY, DEFAULT_RULES) if one.is_error}
    assert found == {"consent-missing"}
    assert "contract-missing" in {one.code for one in check(made, TODAY, DEFAULT_RULES)}


@pytest.mark.parametrize("category", Category)
def test_each_category_applies_with_its_documents_and_no_others(category: Category) -> None:
    right, wrong = PAPERS[category.value]
    row = {"category": category.value, "document_number": "0000 000001"}
    made = parse_application(ROW | row | {"document_type": right}, today=TODAY)
    assert made.documents[0].kind == right
    expected = [("document-unlike-category", "document_type")]
    assert codes(**row, document_type=wrong) == expected


def test_a_document_that_is_not_given_is_none() -> None:
    none = {"document_type": "", "document_number": ""}
    assert parse_application(ROW | none, today=TODAY).documents == ()
    assert codes(document_type="") == [("document-type-missing", "document_type")]
    assert codes(document_type="card") == [("document-type-unknown", "document_type")]


def test_a_document_fits_the_age_of_its_person() -> None:
    child = {"birth_date": "2020-01-01", "document_type": "birth_certificate"}
    made = parse_application(ROW | NOT_COUNTED | child, today=TODAY)
    assert has_errors(check(made, TODAY, DEFAULT_RULES))
    assert codes(document_type="birth_certificate")[0][0] == "document-unlike-category"


def test_every_fault_of_a_row_is_named() -> None:
    found = codes(surname="", sex="?", birth_date="", category="", document_type="x", okato="")
    assert sorted(code for code, _ in found) == [
        "birth-date-missing",
        "category-unknown",
        "document-type-unknown",
        "okato-missing",
        "sex-unknown",
        "surname-missing",
    ]


def test_a_row_is_judged_by_the_day_it_comes() -> None:
    born = {"birth_date": "2026-11-22"} | NOT_COUNTED | {"document_type": "birth_certificate"}
    assert parse_application(ROW | born, today=TODAY).person.birth_date == TODAY
    with pytest.raises(RowRefused) as refused:
        parse_application(ROW | born, today=date(2026, 11, 21))
    assert refused.value.code == "birth-date-in-future"
