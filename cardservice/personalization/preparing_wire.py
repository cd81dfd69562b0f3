"""Orders and what is prepared of them as plain values, to be handed from process to process.

Pickled as they are, an order and what was prepared of it take longer on the way than preparing
takes. So only what a card shows goes out, as built-in values, and only what is new comes back.
"""

import marshal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, cast

from cardservice.domain.holder import Citizenship, Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.errors import UsageError
from cardservice.personalization.order import CardOrder, PreparedOrder, prepare
from cardservice.policycard.photo import Photo, PhotoFormat

_MALE: Final = Sex.MALE
_NOWHERE: Final = "00000"  # what is prepared depends neither on the fund nor on the list


@dataclass(frozen=True, slots=True)
class UnpreparedOrder:
    """An order that cannot be written onto a card; the sentence names the field, not its content.

    Attributes:
        order: as it was given.
        sentence: what ``prepare`` said.
    """

    order: CardOrder
    sentence: str = field(default="")


Preparation = PreparedOrder | UnpreparedOrder


def prepare_or_not(order: CardOrder) -> Preparation:
    """Return the order prepared, or why it cannot be."""
    try:
        return prepare(order)
    except UsageError as error:
        return UnpreparedOrder(order, str(error))


def pack_orders(orders: Sequence[CardOrder]) -> bytes:
    """Return what ``answer_orders`` needs of the orders."""
    return marshal.dumps([_packed(one) for one in orders])


def answer_orders(octets: bytes) -> bytes:
    """Return what ``unpack_prepared`` needs, for orders packed by the same program."""
    # Both ends are one program, and nothing but its own pipe lies between them.
    packed = marshal.loads(octets)  # noqa: S302
    return marshal.dumps([_prepared(one) for one in packed])


def unpack_prepared(orders: Sequence[CardOrder], octets: bytes) -> list[Preparation]:
    """Return the preparations of the orders that were packed, in their order."""
    answers = marshal.loads(octets)  # noqa: S302 - as in answer_orders
    return [_joined(order, answer) for order, answer in zip(orders, answers, strict=True)]


def _packed(order: CardOrder) -> tuple[Any, ...]:
    holder, insurance, photo = order.holder, order.insurance, order.photo
    country = holder.citizenship
    return (
        holder.enp,
        holder.surname,
        holder.given_name,
        holder.patronymic,
        holder.sex is _MALE,
        holder.birth_date.toordinal(),
        holder.birth_place,
        None if country is None else (country.code, country.name),
        holder.snils,
        insurance.ogrn,
        insurance.okato,
        insurance.start_date.toordinal(),
        _ordinal(insurance.end_date),
        _ordinal(order.issue_date),
        _ordinal(order.expiry),
        None if photo is None else (int(photo.format), photo.image),
    )


def _unpacked(packed: tuple[Any, ...]) -> CardOrder:
    person, insured, (issued, expiry, photo) = packed[:9], packed[9:13], packed[13:]
    enp, surname, given_name, patronymic, male, born, birth_place, country, snils = person
    ogrn, okato, start, end = insured
    holder = Holder(
        enp=enp,
        surname=surname,
        given_name=given_name,
        patronymic=patronymic,
        sex=_MALE if male else Sex.FEMALE,
        birth_date=date.fromordinal(born),
        birth_place=birth_place,
        citizenship=None if country is None else Citizenship(*country),
        snils=snils,
    )
    period = InsurancePeriod(
        ogrn=ogrn, okato=okato, start_date=date.fromordinal(start), end_date=_date(end)
    )
    return CardOrder(
        holder=holder,
        insurance=period,
        fund=_NOWHERE,
        list_number=0,
        list_index=0,
        issue_date=_date(issued),
        expiry=_date(expiry),
        photo=None if photo is None else Photo(PhotoFormat(photo[0]), photo[1]),
    )


def _prepared(packed: tuple[Any, ...]) -> tuple[Any, ...] | str:
    prepared = prepare_or_not(_unpacked(packed))
    if isinstance(prepared, UnpreparedOrder):
        return prepared.sentence
    # The image ends the owner EF, and whoever asked has it: it does not go back as well.
    image = prepared.order.photo.image if prepared.order.photo else b""
    owner = prepared.owner[: len(prepared.owner) - len(image)]
    return owner, prepared.insurer, prepared.insurer_id, prepared.hashes


def _joined(order: CardOrder, answer: tuple[Any, ...] | str) -> Preparation:
    if isinstance(answer, str):
        return UnpreparedOrder(order, answer)
    owner, insurer, insurer_id, hashes = answer
    if order.photo is not None:
        owner += order.photo.image
    return PreparedOrder(order, owner, insurer, insurer_id, cast("dict[int, bytes]", hashes))


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _date(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)
