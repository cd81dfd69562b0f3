"""The columns of a table of people, and what each must hold."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum, unique
from typing import Final, TypeVar

from cardservice.domain.categories import expect_card
from cardservice.domain.dates import parse_past_date
from cardservice.domain.documents import DocumentType
from cardservice.domain.holder import Category, Citizenship, Sex
from cardservice.domain.numbers import Enp, Ogrn, Okato, Snils, parse_enp, parse_ogrn, parse_okato
from cardservice.domain.numbers import parse_snils as parse_snils_number
from cardservice.domain.orders import Channel
from cardservice.domain.rule_sets import DEFAULT_RULES
from cardservice.domain.texts import (
    BIRTH_PLACE_LENGTH,
    COUNTRY_CODE_LENGTH,
    COUNTRY_NAME_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    parse_text,
)
from cardservice.errors import Refusal

Row = Mapping[str, str]
E = TypeVar("E", bound=StrEnum)


@unique
class Column(StrEnum):
    """The columns of a table of people, in the order in which we write them."""

    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    PATRONYMIC = "patronymic"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    BIRTH_PLACE = "birth_place"
    CITIZENSHIP_CODE = "citizenship_code"
    CITIZENSHIP_NAME = "citizenship_name"
    CATEGORY = "category"
    SNILS = "snils"
    ENP = "enp"
    DOCUMENT_TYPE = "document_type"
    DOCUMENT_NUMBER = "document_number"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    INSURER_OGRN = "insurer_ogrn"
    OKATO = "okato"
    INSURANCE_START = "insurance_start"
    CHANNEL = "channel"


_SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE}
_CATEGORIES: Final = {one.value: one for one in Category}
_CHANNELS: Final = {one.value: one for one in Channel}
_DOCUMENTS: Final = {one.value: one for one in DocumentType}
_NAME_WORDS: Final = {
    Column.SURNAME: "surname",
    Column.GIVEN_NAME: "given name",
    Column.PATRONYMIC: "patronymic",
}


def cell(row: Row, column: Column) -> str:
    """Return what stands in ``column``, without blanks at its ends; empty if there is no cell."""
    return row.get(column, "").strip(" ")


def name(row: Row, column: Column) -> str:
    """Return a surname or given name; Raises: Refusal."""
    text = optional_name(row, column)
    if text is None:
        code = column.value.replace("_", "-") + "-missing"
        raise Refusal(code, f"The {_NAME_WORDS[column]} is missing.", field=column.value)
    return text


def optional_name(row: Row, column: Column) -> str | None:
    """Return a name, None if there is none; Raises: Refusal."""
    words, raw = _NAME_WORDS[column], row.get(column, "")
    return parse_text(raw, field=column.value, words=words, limit=NAME_LENGTH, short="name") or None


def birth_place(row: Row) -> str | None:
    """Return the place of birth as given, None if not given; Raises: Refusal."""
    return _note(row, Column.BIRTH_PLACE, "birth place", BIRTH_PLACE_LENGTH)


def note(row: Row, column: Column) -> str | None:
    """Return a text that no card carries, None if not given; Raises: Refusal."""
    return _note(row, column, column.value.replace("_", " "), NOTE_LENGTH)


def _note(row: Row, column: Column, words: str, limit: int) -> str | None:
    raw = row.get(column, "")
    return parse_text(raw, field=column.value, words=words, limit=limit) or None


def sex(row: Row) -> Sex:
    """Return the sex, written ``M`` or ``F``; Raises: Refusal ``sex-unknown``."""
    found = _SEXES.get(cell(row, Column.SEX))
    if found is None:
        raise Refusal("sex-unknown", "The sex is neither M nor F.", field=Column.SEX.value)
    return found


def birth_date(row: Row, today: date) -> date:
    """Return the date of birth; Raises: Refusal."""
    raw = cell(row, Column.BIRTH_DATE)
    return parse_past_date(raw, field=Column.BIRTH_DATE.value, words="birth date", today=today)


def insurance_start(row: Row, today: date) -> date:
    """Return the first day of the insurance; Raises: Refusal."""
    raw, field = cell(row, Column.INSURANCE_START), Column.INSURANCE_START.value
    return parse_past_date(raw, field=field, words="first day of the insurance", today=today)


def citizenship(row: Row) -> Citizenship | None:
    """Return the country of citizenship, None if not given; Raises: Refusal."""
    code = _note(row, Column.CITIZENSHIP_CODE, "country code", COUNTRY_CODE_LENGTH)
    country = _note(row, Column.CITIZENSHIP_NAME, "country name", COUNTRY_NAME_LENGTH)
    if code and country:
        return Citizenship(code, country)
    if code or country:
        sentence = "Of the citizenship either the country's code or its name is missing."
        raise Refusal("citizenship-incomplete", sentence, field=Column.CITIZENSHIP_CODE.value)
    return None


def category(row: Row) -> Category:
    """Return the category; Raises: Refusal ``category-unknown``."""
    return _chosen(_CATEGORIES, row, Column.CATEGORY)


def card_category(row: Row) -> Category:
    """Return the category, one that has a card with a chip.

    A table of orders is for the station, which works by the rules that issue such cards.

    Raises:
        Refusal: ``category-unknown``, ``card-for-non-citizen``.
    """
    found = category(row)
    expect_card(found, DEFAULT_RULES)
    return found


def document_kind(row: Row) -> DocumentType | None:
    """Return the type of the document, None if no document is given.

    Raises:
        Refusal: ``document-type-unknown``, ``document-type-missing``: there is a number only.
    """
    text, field = cell(row, Column.DOCUMENT_TYPE), Column.DOCUMENT_TYPE.value
    if text in _DOCUMENTS:
        return _DOCUMENTS[text]
    if text:
        sentence = "There is no such type of document."
        raise Refusal("document-type-unknown", sentence, field=field)
    if cell(row, Column.DOCUMENT_NUMBER):
        sentence = "The type of the document is missing."
        raise Refusal("document-type-missing", sentence, field=field)
    return None


def channel(row: Row) -> Channel:
    """Return how the application came in; Raises: Refusal ``channel-unknown``."""
    return _chosen(_CHANNELS, row, Column.CHANNEL)


def _chosen(choices: Mapping[str, E], row: Row, column: Column) -> E:
    found = choices.get(cell(row, column))
    if found is None:
        sentence = f"The {column.value} is none of {', '.join(choices)}."
        raise Refusal(f"{column.value}-unknown", sentence, field=column.value)
    return found


def enp(row: Row) -> Enp:
    """Return the policy number; Raises: Refusal."""
    return parse_enp(cell(row, Column.ENP))


def optional_enp(row: Row) -> Enp | None:
    """Return the policy number, None if not given; Raises: Refusal."""
    return enp(row) if cell(row, Column.ENP) else None


def snils(row: Row) -> Snils | None:
    """Return the SNILS, None if not given; Raises: Refusal."""
    text = cell(row, Column.SNILS)
    return parse_snils_number(text) if text else None


def ogrn(row: Row) -> Ogrn:
    """Return the insurer's number; Raises: Refusal."""
    return parse_ogrn(cell(row, Column.INSURER_OGRN), field=Column.INSURER_OGRN.value)


def okato(row: Row) -> Okato:
    """Return the region's code; Raises: Refusal."""
    return parse_okato(cell(row, Column.OKATO))
