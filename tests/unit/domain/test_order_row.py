"""One row: a good one becomes an order, of a bad one every fault is named."""

from datetime import date

import pytest

from cardservice.domain.holder import Category, Citizenship, Sex
from cardservice.domain.order_columns import Column
from cardservice.domain.order_row import RowRefused, parse_row, warnings_of
from cardservice.domain.orders import Channel

TODAY = date(2026, 11, 22)
ROW = {
    "surname": "Цветков",
    "given_name": "Андрей",
    "patronymic": "",
    "sex": "M",
    "birth_date": "1980-05-15",
    "birth_place": "д. Заречье",
    "citizenship_code": "RUS",
    "citizenship_name": "Россия",
    "category": "citizen",
    "snils": "112-233-445 95",
    "enp": "0054910834000015",
    "document_type": "passport_rf",
    "document_number": "4453914449",
    "address": "г. Макетный",
    "phone": "",
    "email": "person@example.org",
    "insurer_ogrn": "1027739099772",
    "okato": "45000",
    "insurance_start": "2015-08-01",
    "channel": "office",
}


def codes(**changes: str) -> list[str]:
    with pytest.raises(RowRefused) as refused:
        parse_row(ROW | changes, today=TODAY)
    return [one.code for one in refused.value.refusals]


def test_a_good_row_becomes_an_order() -> None:
    order = parse_row(ROW, today=TODAY)
    holder = order.holder
    assert (holder.surname, holder.given_name, holder.patronymic) == ("Цветков", "Андрей", None)
    assert (holder.sex, holder.birth_date) == (Sex.MALE, date(1980, 5, 15))
    assert holder.citizenship == Citizenship("RUS", "Россия")
    assert (holder.enp, holder.snils) == (ROW["enp"], ROW["snils"])
    assert (order.insurance.ogrn, order.insurance.okato) == ("1027739099772", "45000")
    assert order.insurance.start_date == date(2015, 8, 1)
    assert (order.category, order.channel) == (Category.CITIZEN, Channel.OFFICE)
    assert order.contact.address == "г. Макетный"
    assert order.contact.phone is None
    assert warnings_of(order) == ()


def test_the_office_keeps_the_document_only_when_type_and_number_are_given() -> None:
    order = parse_row(ROW, today=TODAY)
    assert order.document is not None
    assert order.document.number == "4453914449"
    assert parse_row(ROW | {"document_type": ""}, today=TODAY).document is None


def test_an_order_does_not_print_the_person() -> None:
    printed = repr(parse_row(ROW, today=TODAY))
    shown = [name for name in ("surname", "enp", "snils", "address") if ROW[name] in printed]
    assert shown == []


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("surname", "\u202eвонавИ", "control-character"),
        ("given_name", "\u00a0", "given-name-missing"),
        ("patronymic", "Я" * 61, "name-too-long"),
        ("sex", "m", "sex-unknown"),
        ("birth_place", "Я" * 151, "birth-place-too-long"),
        ("citizenship_code", "", "citizenship-incomplete"),
        ("citizenship_name", "Я" * 101, "citizenship-name-too-long"),
        ("category", "alien", "category-unknown"),
        ("category", "stateless", "card-for-non-citizen"),
        ("snils", "112-233-445 96", "snils-check-digit"),
        ("address", "дом\x00", "control-character"),
        ("okato", "45000000000", "okato-length"),
        ("insurance_start", "2026-11-23", "insurance-start-in-future"),
        ("channel", "fax", "channel-unknown"),
    ],
)
def test_a_bad_cell_is_refused_in_its_own_column(column: str, cell: str, code: str) -> None:
    with pytest.raises(RowRefused) as refused:
        parse_row(ROW | {column: cell}, today=TODAY)
    (refusal,) = refused.value.refusals
    assert refusal.code == code
    assert refusal.field is not None
    assert refusal.field.split("_")[0] == column.split("_", maxsplit=1)[0]


def test_every_fault_of_a_row_is_named() -> None:
    found = codes(surname="", sex="?", birth_date="1981-02-30", enp="1", okato="", snils="1")
    assert sorted(found) == [
        "birth-date-impossible",
        "enp-length",
        "okato-missing",
        "sex-unknown",
        "snils-format",
        "surname-missing",
    ]


def test_the_first_fault_stands_for_the_row() -> None:
    with pytest.raises(RowRefused) as refused:
        parse_row({}, today=TODAY)
    assert refused.value.code == "surname-missing"
    required = {one.field for one in refused.value.refusals}
    optional = {column.value for column in Column} - required
    assert optional >= {"patronymic", "snils", "birth_place", "address", "phone", "email"}
    assert required >= {"enp", "sex", "birth_date", "insurer_ogrn", "okato", "category"}


def test_an_insurance_from_before_birth_and_a_number_of_another_person_are_warnings() -> None:
    order = parse_row(ROW | {"birth_date": "2016-01-01"}, today=TODAY)
    warnings = " ".join(warnings_of(order))
    assert "before the person's birth" in warnings
    assert "birth month or year" in warnings
