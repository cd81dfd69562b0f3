"""What the office says is to be made, judged again: from an answer to a job, or to its faults.

The office judged it once. It is another program on another machine, though, and what a station
writes onto a chip nobody can take back; so every number, date and text is looked at here too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from cardservice.domain import order_columns as columns
from cardservice.domain.dates import parse_past_date
from cardservice.domain.holder import Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import SHOWN_DIGITS
from cardservice.domain.order_columns import Column, Row
from cardservice.errors import Refusal, UsageError
from cardservice.officelink.answers import Members
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal import CARD_NUMBER_BITS
from cardservice.personalization.order import CardOrder, prepare
from cardservice.policycard.insurer import InsurerRecord, encode_insurer
from cardservice.policycard.photo import Photo

UNFIT: Final = "order-unfit"
SHOWN_ID: Final = 8  # characters of an order's name that an operator sees

_INDEX_BITS: Final = 32
_ABROAD: Final = timedelta(days=1)  # the office's day may have begun where ours has not
_EARLIER_NAMES: Final = {"update": Work.CHANGE_INSURER}  # offices before the works had names
_SEXES: Final = {Sex.MALE.value: "M", Sex.FEMALE.value: "F"}
_HOLDER: Final = (
    *(Column.ENP, Column.SURNAME, Column.GIVEN_NAME, Column.PATRONYMIC, Column.SEX),
    *(Column.BIRTH_DATE, Column.BIRTH_PLACE, Column.CITIZENSHIP_CODE, Column.CITIZENSHIP_NAME),
    Column.SNILS,
)
"""Columns that the office's members are named after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a station adds to an order of its own.

    Attributes:
        fund: issuing fund, five digits.
        clock: aware time.
        new_number: a free place in the status list, where the office allots none.
        fit: makes a picture of up to 10 MiB into the photo of a card; raises Refusal.
    """

    fund: str
    clock: Callable[[], datetime]
    new_number: Callable[[], int] = field(repr=False)
    fit: Callable[[bytes], Photo] = field(repr=False)

    @property
    def today(self) -> date:
        """The day it is by the station's clock."""
        return self.clock().date()


def work_of(members: Members) -> Work:
    """Return what is to be done; Raises: Refusal ``order-unfit``: this station does not know it."""
    named = _text(members, "making")
    try:
        return _EARLIER_NAMES.get(named) or Work(named)
    except ValueError:
        raise _unfit("making", "asks for work that this station does not know") from None


def last_day_of(members: Members) -> date | None:
    """Return the last day of the policy, None: unlimited; Raises: Refusal."""
    return _optional_day(members, "valid_until")


def job_of(members: Members, order_id: str, house: House, photo: bytes | None) -> Job:
    """Return the job that an office's order is.

    Args:
        members: of the order to make, as the office answered.
        order_id: its name.
        house: what the station adds.
        photo: as the office keeps it; None: there is none.

    Raises:
        Refusal: it cannot be made as it is; the code and the field say why, nothing is quoted.
    """
    work = work_of(members)
    row = _row(members)
    number = _number(members, "card_number")
    if work is not Work.NEW_CARD and number is None:
        raise _unfit("card_number", "is for a card and does not say for which")
    return Job(
        order_id=order_id,
        work=work,
        order=_order(members, row, house, photo) if work is Work.NEW_CARD else None,
        card_number=None if work is Work.NEW_CARD else number,
        insurance=_written(row) if work is Work.CHANGE_INSURER else None,
        due_on=_optional_day(members, "due_on"),
        label=_label(order_id, row),
    )


def _order(members: Members, row: Row, house: House, photo: bytes | None) -> CardOrder:
    allotted = _number(members, "new_card_number")
    number = house.new_number() if allotted is None else allotted
    order = CardOrder(
        holder=_holder(row, house.today + _ABROAD),
        insurance=_insurance(row),
        fund=house.fund,
        list_number=number >> _INDEX_BITS,
        list_index=number & ((1 << _INDEX_BITS) - 1),
        issue_date=house.today,
        expiry=last_day_of(members),
        photo=None if photo is None else house.fit(photo),
    )
    try:
        prepare(order)
    except UsageError:
        raise _unfit("holder", "cannot be written onto a card as it is") from None
    return order


def _holder(row: Row, today: date) -> Holder:
    return Holder(
        enp=columns.enp(row),
        surname=columns.name(row, Column.SURNAME),
        given_name=columns.name(row, Column.GIVEN_NAME),
        patronymic=columns.optional_name(row, Column.PATRONYMIC),
        sex=columns.sex(row),
        birth_date=columns.birth_date(row, today),
        birth_place=columns.birth_place(row),
        citizenship=columns.citizenship(row),
        snils=columns.snils(row),
    )


def _insurance(row: Row) -> InsurancePeriod:
    return InsurancePeriod(
        ogrn=columns.ogrn(row),
        okato=columns.okato(row),
        # A change of insurer may begin on a day to come.
        start_date=columns.insurance_start(row, date.max),
        end_date=_day(row[_END], _END) if row[_END] else None,
    )


def _written(row: Row) -> InsurancePeriod:
    period = _insurance(row)
    try:
        encode_insurer(InsurerRecord(period))
    except UsageError:
        raise _unfit("insurance", "cannot be written onto a card as it is") from None
    return period


_END: Final = "insurance_end"


def _row(members: Members) -> Row:
    """Return the order as a row of a table, so that one set of rules judges both."""
    holder, insurance = _part(members, "holder"), _part(members, "insurance")
    row = {one.value: _text(holder, one.value) for one in _HOLDER}
    row[Column.SEX] = _SEXES.get(row[Column.SEX], "")
    row[Column.INSURER_OGRN] = _text(insurance, "ogrn")
    row[Column.OKATO] = _text(insurance, "okato")
    row[Column.INSURANCE_START] = _text(insurance, "start_date")
    row[_END] = _text(insurance, "end_date")
    return row


def _part(members: Members, name: str) -> Members:
    part = members.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise _unfit(name, "is not in the office's form")
    return part


def _text(members: Members, name: str) -> str:
    value: Any = members.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _unfit(name, "is not in the office's form")
    return value


def _number(members: Members, name: str) -> int | None:
    value = members.get(name)
    if value is None:
        return None
    if type(value) is not int or value < 0 or value.bit_length() > CARD_NUMBER_BITS:
        raise _unfit(name, "names no place in the status list")
    return value


def _optional_day(members: Members, name: str) -> date | None:
    text = _text(members, name)
    return _day(text, name) if text else None


def _day(text: str, name: str) -> date:
    return parse_past_date(text, field=name, words=name.replace("_", " "), today=date.max)


def _label(order_id: str, row: Row) -> str:
    # Judged too, whatever the work: what an operator sees could turn a terminal over.
    return f"{order_id[-SHOWN_ID:]} …{columns.enp(row)[-SHOWN_DIGITS:]}"


def _unfit(name: str, why: str) -> Refusal:
    return Refusal(UNFIT, f"The order {why}.", field=name)
