"""A statement as CWT claims, in canonical CBOR: one statement, one form.

Source: RFC 8392 section 3; private claim by RFC 8392 section 9.1.1 (below -65536).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from cardservice.domain.holder import Category
from cardservice.domain.numbers import parse_enp, parse_ogrn
from cardservice.domain.texts import is_showable
from cardservice.errors import MalformedDataError, Refusal
from cardservice.papers.statement.content import NAME_OCTETS, Statement
from cardservice.papers.statement.cose import decode_cbor, encode_cbor

_ISS, _SUB, _EXP, _NBF = 1, 2, 4, 5  # RFC 8392, table 1
_CERTIFICATE: Final = -65537
_NUMBER, _FUND, _CATEGORY, _BIRTH, _SURNAME, _GIVEN_NAME, _PATRONYMIC = range(1, 8)
_REQUIRED: Final = frozenset({_NUMBER, _FUND, _CATEGORY, _BIRTH, _SURNAME, _GIVEN_NAME})
_CATEGORY_CODES: Final = {
    Category.CITIZEN: 1,
    Category.PERMANENT_RESIDENT: 2,
    Category.TEMPORARY_RESIDENT: 3,
    Category.REFUGEE: 4,
    Category.STATELESS: 5,
    Category.EAEU_WORKER: 6,
}
_CATEGORIES: Final = {code: category for category, code in _CATEGORY_CODES.items()}
_NUMBER_DIGITS, _FUND_DIGITS = 9, 5
_DAY: Final = timedelta(days=1)
_SECONDS_A_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)


def encode_claims(statement: Statement) -> bytes:
    """Return the CWT claims set, canonical CBOR.

    Dates are midnight UTC of the calendar day, the last one of the day after; certificate's
    number and fund are integers, which their leading zeros are not part of.

    Raises:
        ValueError: the number or the fund is not digits.
    """
    inner: dict[int, Any] = {
        _NUMBER: int(statement.number),
        _FUND: int(statement.fund),
        _CATEGORY: _CATEGORY_CODES[statement.category],
        _BIRTH: (statement.birth_date - _EPOCH).days,
        _SURNAME: statement.surname,
        _GIVEN_NAME: statement.given_name,
    }
    if statement.patronymic is not None:
        inner[_PATRONYMIC] = statement.patronymic
    claims: dict[int, Any] = {
        _ISS: statement.insurer,
        _EXP: _midnight(statement.valid_until + _DAY),
        _NBF: _midnight(statement.issued),
        _CERTIFICATE: inner,
    }
    if statement.enp is not None:
        claims[_SUB] = statement.enp
    return encode_cbor(claims)


def decode_claims(payload: bytes) -> Statement:
    """Return the statement that ``payload`` writes.

    Raises:
        MalformedDataError: anything that ``encode_claims`` would not write.
    """
    claims = decode_cbor(payload)
    try:
        statement = _statement(_map(claims, {_ISS, _EXP, _NBF, _CERTIFICATE}, {_SUB}))
    except (KeyError, ValueError, OverflowError, Refusal):
        raise MalformedDataError("a claim is missing or not of its form") from None
    # One statement has one form: null for a claim left out, true for 1 or a time within a day
    # would be another.
    if encode_claims(statement) != payload:
        raise MalformedDataError("a claim is not of its form")
    return statement


def _statement(claims: Mapping[int, Any]) -> Statement:
    inner = _map(claims[_CERTIFICATE], _REQUIRED, {_PATRONYMIC})
    enp, patronymic = claims.get(_SUB), inner.get(_PATRONYMIC)
    issued, valid_until = _day(claims[_NBF]), _day(claims[_EXP]) - _DAY
    if valid_until < issued:
        raise ValueError
    return Statement(
        insurer=parse_ogrn(_typed(claims[_ISS], str)),
        fund=_digits(inner[_FUND], _FUND_DIGITS),
        number=_digits(inner[_NUMBER], _NUMBER_DIGITS),
        category=_CATEGORIES[_typed(inner[_CATEGORY], int)],
        enp=None if enp is None else parse_enp(_typed(enp, str)),
        birth_date=_EPOCH + timedelta(days=_typed(inner[_BIRTH], int)),
        surname=_name(inner[_SURNAME]),
        given_name=_name(inner[_GIVEN_NAME]),
        patronymic=None if patronymic is None else _name(patronymic),
        issued=issued,
        valid_until=valid_until,
    )


def _map(value: Any, required: set[int] | frozenset[int], optional: set[int]) -> Mapping[int, Any]:
    if not isinstance(value, Mapping) or not required <= value.keys() <= required | optional:
        raise ValueError
    return value


T = TypeVar("T")


def _typed(value: object, kind: type[T]) -> T:
    # The exact type: True would pass for the number one.
    if type(value) is not kind:
        raise ValueError
    return value


def _name(value: object) -> str:
    name = _typed(value, str)
    if not name or len(name.encode()) > NAME_OCTETS or not is_showable(name):
        raise ValueError
    return name


def _digits(value: object, count: int) -> str:
    number = _typed(value, int)
    if not 0 <= number < 10**count:
        raise ValueError
    return f"{number:0{count}}"


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _day(seconds: object) -> date:
    return _EPOCH + timedelta(days=_typed(seconds, int) // _SECONDS_A_DAY)
