"""An order on its way to the central service: members of JSON, judged again where they arrive.

The station judged it once. It is another machine, though, and what the central signs nobody takes
back: so every number, date and text is looked at by the rules of tables, and an order that comes
out of them otherwise than it went in is refused.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from cardservice.domain import order_columns as columns
from cardservice.domain.dates import parse_past_date
from cardservice.domain.holder import Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.order_columns import Column, Row
from cardservice.errors import Refusal, UsageError
from cardservice.personalization.order import CardOrder, prepare
from cardservice.policycard.photo import Photo, format_of
from cardservice.policycard.profile import Profile

Members = dict[str, Any]

_SEXES: Final = {Sex.MALE: "M", Sex.FEMALE: "F"}
_END, _ISSUED, _EXPIRY = "insurance_end", "issue_date", "expiry"
_LIST_BITS, _INDEX_BITS = 16, 32
_TEXTS: Final = (
    *(Column.ENP, Column.SURNAME, Column.GIVEN_NAME, Column.PATRONYMIC, Column.SEX),
    *(Column.BIRTH_DATE, Column.BIRTH_PLACE, Column.CITIZENSHIP_CODE, Column.CITIZENSHIP_NAME),
    *(Column.SNILS, Column.INSURER_OGRN, Column.OKATO, Column.INSURANCE_START),
    *(_END, _ISSUED, _EXPIRY, "fund"),
)
_NAMES: Final = frozenset({*map(str, _TEXTS), "list", "index", "profile", "photo"})


def order_members(order: CardOrder) -> Members:
    """Return the order as members of JSON."""
    holder, insurance, photo = order.holder, order.insurance, order.photo
    country = holder.citizenship
    return {
        "enp": holder.enp,
        "surname": holder.surname,
        "given_name": holder.given_name,
        "patronymic": holder.patronymic or "",
        "sex": _SEXES[holder.sex],
        "birth_date": holder.birth_date.isoformat(),
        "birth_place": holder.birth_place or "",
        "citizenship_code": "" if country is None else country.code,
        "citizenship_name": "" if country is None else country.name,
        "snils": holder.snils or "",
        "insurer_ogrn": insurance.ogrn,
        "okato": insurance.okato,
        "insurance_start": insurance.start_date.isoformat(),
        _END: _written(insurance.end_date),
        _ISSUED: _written(order.issue_date),
        _EXPIRY: _written(order.expiry),
        "fund": order.fund,
        "list": order.list_number,
        "index": order.list_index,
        "profile": int(order.profile),
        "photo": None if photo is None else b64encode(photo.image).decode("ascii"),
    }


def order_in(members: Any) -> CardOrder:
    """Return the order that ``members`` are.

    Raises:
        Refusal: ``order-unfit``, or the rule's own code; nothing of the order is quoted.
    """
    if not isinstance(members, dict) or set(members) != _NAMES:
        raise _unfit()
    if not all(isinstance(members[name], str) for name in _TEXTS):
        raise _unfit()
    try:
        order = _order(members)
        prepare(order)
    except (UsageError, ValueError):
        raise _unfit() from None
    if order_members(order) != members:
        raise _unfit()
    return order


def _order(members: Members) -> CardOrder:
    row: Row = {name: members[name] for name in _TEXTS}
    return CardOrder(
        holder=_holder(row),
        insurance=InsurancePeriod(
            ogrn=columns.ogrn(row),
            okato=columns.okato(row),
            start_date=columns.insurance_start(row, date.max),
            end_date=_day(row, _END),
        ),
        fund=columns.okato({Column.OKATO: row["fund"]}),  # five digits as well
        list_number=_whole(members, "list", _LIST_BITS),
        list_index=_whole(members, "index", _INDEX_BITS),
        issue_date=_day(row, _ISSUED),
        expiry=_day(row, _EXPIRY),
        photo=_photo(members["photo"]),
        profile=Profile(_whole(members, "profile", 8)),
    )


def _holder(row: Row) -> Holder:
    return Holder(
        enp=columns.enp(row),
        surname=columns.name(row, Column.SURNAME),
        given_name=columns.name(row, Column.GIVEN_NAME),
        patronymic=columns.optional_name(row, Column.PATRONYMIC),
        sex=columns.sex(row),
        # The station has a clock for this; that of the central may be in another zone.
        birth_date=columns.birth_date(row, date.max),
        birth_place=columns.birth_place(row),
        citizenship=columns.citizenship(row),
        snils=columns.snils(row),
    )


def _photo(image: Any) -> Photo | None:
    if image is None:
        return None
    if not isinstance(image, str):
        raise _unfit()
    octets = b64decode(image, validate=True)
    kind = format_of(octets)
    if kind is None:
        raise _unfit()
    return Photo(kind, octets)


def _whole(members: Mapping[str, Any], name: str, bits: int) -> int:
    value = members[name]
    if type(value) is not int or value < 0 or value.bit_length() > bits:
        raise _unfit()
    return value


def _day(row: Row, name: str) -> date | None:
    if not row[name]:
        return None
    return parse_past_date(row[name], field=name, words=name.replace("_", " "), today=date.max)


def _written(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _unfit() -> Refusal:
    return Refusal("order-unfit", "The order cannot be written onto a card as it is.")
