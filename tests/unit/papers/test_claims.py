from dataclasses import replace
from datetime import date
from typing import Any

import cbor2
import pytest

from cardservice.domain.holder import Category
from cardservice.errors import MalformedDataError
from cardservice.papers.statement.claims import decode_claims, encode_claims
from cardservice.papers.statement.content import (
    NAME_OCTETS,
    has_shortened_name,
    shorten,
    statement_of,
)
from cardservice.papers.statement.cose import encode_cbor
from tests.unit.papers.examples import CERTIFICATE, PERSON, long_named, person, statement

CLAIMS: dict[int, Any] = cbor2.loads(encode_claims(statement()))
PRIVATE = -65537
INNER: dict[int, Any] = CLAIMS[PRIVATE]


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("changes", [{}, {"enp": None}, {"patronymic": None}])
def test_a_statement_comes_back_as_it_went(category: Category, changes: dict[str, Any]) -> None:
    given = statement(category=category, birth_date=date(1931, 12, 31), **changes)
    assert decode_claims(encode_claims(given)) == given


def test_the_claims_are_those_of_a_cwt() -> None:
    assert CLAIMS[1] == "1009900000010"
    assert CLAIMS[2] == "0058000844000019"
    assert CLAIMS[4] == 1_799_193_600  # 2027-01-06T00:00:00Z: the first moment it does not serve
    assert CLAIMS[5] == 1_795_305_600  # 2026-11-22T00:00:00Z
    assert INNER[1] == 12345678


def test_a_name_is_whole_as_long_as_it_has_forty_octets() -> None:
    assert shorten("Щ" * 20) == "Щ" * 20
    assert not has_shortened_name(PERSON)


def test_a_longer_name_ends_in_an_ellipsis_after_whole_letters() -> None:
    assert shorten("Щ" * 21) == "Щ" * 18 + "…"
    assert shorten("a" + "Щ" * 20) == "a" + "Щ" * 18 + "…"
    assert shorten("x" * 36 + " " + "y" * 30) == "x" * 36 + "…"
    assert has_shortened_name(long_named())
    assert has_shortened_name(person(patronymic="Щ" * 21))


def test_a_letter_keeps_its_marks_or_goes_with_them() -> None:
    accented = "x" * 36 + "q\u0301" + "y" * 10
    assert shorten(accented) == "x" * 36 + "…"
    assert len(shorten(accented).encode()) <= NAME_OCTETS


def test_the_statement_of_a_certificate_shortens_names_and_nothing_else() -> None:
    told = statement_of(replace(CERTIFICATE, person=long_named()))
    assert told.surname == "Константинопольски…"
    assert told.patronymic == "Абдурахмангаджи-Мух…"
    assert (told.number, told.fund, told.enp) == ("012345678", "00042", PERSON.enp)


def _without(claim: int) -> dict[int, Any]:
    return {key: value for key, value in CLAIMS.items() if key != claim}


def _inner(**changes: Any) -> dict[int, Any]:
    return {**CLAIMS, PRIVATE: {**INNER, **{int(key[1:]): value for key, value in changes.items()}}}


@pytest.mark.parametrize(
    "claims",
    [
        *(pytest.param(_without(claim), id=f"no {claim}") for claim in (1, 4, 5, PRIVATE)),
        *(
            pytest.param(
                {**CLAIMS, PRIVATE: {k: v for k, v in INNER.items() if k != claim}},
                id=f"no inner {claim}",
            )
            for claim in range(1, 7)
        ),
        pytest.param({**CLAIMS, 3: "audience"}, id="one more claim"),
        pytest.param(_inner(_8=1), id="one more inner claim"),
        pytest.param({**CLAIMS, 1: "1009900000011"}, id="wrong OGRN"),
        pytest.param({**CLAIMS, 2: "0058000844000018"}, id="wrong ENP"),
        pytest.param({**CLAIMS, 2: None}, id="null for an ENP"),
        pytest.param({**CLAIMS, 4: CLAIMS[4] + 1}, id="an end within a day"),
        pytest.param({**CLAIMS, 4: float(CLAIMS[4])}, id="an end as a fraction"),
        pytest.param({**CLAIMS, 4: CLAIMS[5]}, id="an end before the beginning"),
        pytest.param({**CLAIMS, 4: 2**70}, id="an end beyond the calendar"),
        pytest.param({**CLAIMS, PRIVATE: []}, id="an array inside"),
        pytest.param(_inner(_1=1_000_000_000), id="ten digits of number"),
        pytest.param(_inner(_1=-1), id="a number below zero"),
        pytest.param(_inner(_1="012345678"), id="a number as text"),
        pytest.param(_inner(_2=100_000), id="six digits of fund"),
        pytest.param(_inner(_3=7), id="a category nobody knows"),
        pytest.param(_inner(_3=True), id="true for a category"),
        pytest.param(_inner(_4=10**12), id="a birth beyond the calendar"),
        pytest.param(_inner(_5=""), id="an empty surname"),
        pytest.param(_inner(_5="x" * 41), id="too long a surname"),
        pytest.param(_inner(_6="A\u202eB"), id="a given name that turns round"),
        pytest.param(_inner(_7=None), id="null for a patronymic"),
        pytest.param({True: CLAIMS[1], **_without(1)}, id="true for a claim's key"),
        pytest.param(_inner(_7=5), id="a patronymic that is a number"),
        pytest.param([], id="an array"),
    ],
)
def test_other_claims_are_malformed(claims: Any) -> None:
    with pytest.raises(MalformedDataError):
        decode_claims(encode_cbor(claims))


def test_a_statement_has_no_printed_form() -> None:
    assert "Цветков" not in repr(statement())
    assert "Цветков" not in repr(CERTIFICATE)
    assert CERTIFICATE.number not in repr(CERTIFICATE)
