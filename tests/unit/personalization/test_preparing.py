"""Orders prepared ahead: as prepared alone, in their order, whatever becomes of processes."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from cardservice.domain.holder import Citizenship, Sex
from cardservice.domain.numbers import Enp, Ogrn, Okato
from cardservice.personalization import preparing
from cardservice.personalization.order import CardOrder, prepare
from cardservice.personalization.preparing import Preparer
from cardservice.personalization.preparing_crew import Crew
from cardservice.personalization.preparing_wire import (
    UnpreparedOrder,
    answer_orders,
    pack_orders,
    unpack_prepared,
)
from cardservice.policycard.photo import Photo, PhotoFormat
from tests.chain import PHOTO, an_order

JPEG_2000 = Photo(PhotoFormat.JPEG_2000, b"\xff\x4f\xff\x51" + bytes(99))


def people() -> list[CardOrder]:
    """Return orders that differ from the golden one in one thing each."""
    order = an_order()
    holder, insurance = order.holder, order.insurance
    other = next(one for one in Sex if one is not holder.sex)
    persons = [
        replace(holder, enp=Enp("0050610893000021")),
        replace(holder, surname="Цветков"),
        replace(holder, given_name="Ия"),
        replace(holder, patronymic=None),
        replace(holder, sex=other),
        replace(holder, birth_date=date(1901, 2, 3)),
        replace(holder, birth_place=None),
        replace(holder, birth_place="д. Заречье"),
        replace(holder, citizenship=None),
        replace(holder, citizenship=Citizenship("BLR", "Беларусь")),
        replace(holder, snils=None),
    ]
    periods = [
        replace(insurance, ogrn=Ogrn("1009900000010")),
        replace(insurance, okato=Okato("00009")),
        replace(insurance, start_date=date(2020, 2, 2)),
        replace(insurance, end_date=date(2031, 2, 2)),
    ]
    return [
        order,
        *(replace(order, holder=one) for one in persons),
        *(replace(order, insurance=one) for one in periods),
        replace(order, issue_date=None),
        replace(order, expiry=date(2031, 2, 2)),
        replace(order, photo=PHOTO),
        replace(order, photo=JPEG_2000),
        replace(order, fund="00001", list_number=3, list_index=9),
    ]


def unwritable() -> CardOrder:
    return replace(an_order(), holder=replace(an_order().holder, surname=""))


def test_an_order_prepared_elsewhere_is_the_order_prepared_here() -> None:
    orders = people()
    answered = unpack_prepared(orders, answer_orders(pack_orders(orders)))
    assert answered == [prepare(one) for one in orders]


def test_an_order_that_cannot_be_written_comes_back_with_the_reason_and_no_name() -> None:
    orders = [an_order(), unwritable()]
    good, bad = unpack_prepared(orders, answer_orders(pack_orders(orders)))
    assert good == prepare(an_order())
    assert isinstance(bad, UnpreparedOrder)
    assert bad.order is orders[1]
    assert "surname" in bad.sentence


def test_the_photo_does_not_travel_back() -> None:
    order = an_order(photo=PHOTO)
    assert len(answer_orders(pack_orders([order]))) < len(PHOTO.image)


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_everything_comes_prepared_and_in_its_order(processes: int) -> None:
    orders = [replace(one, list_index=turn) for turn in range(20) for one in people()]
    orders.insert(100, unwritable())
    made = list(Preparer(processes=processes, worth_from=0).prepare_all(orders))
    assert [one.order for one in made] == orders
    assert isinstance(made[100], UnpreparedOrder)
    assert made[:100] == [prepare(one) for one in orders[:100]]
    assert made[101:] == [prepare(one) for one in orders[101:]]


def test_other_processes_really_do_their_part() -> None:
    with Crew(preparing._recruit, 1) as crew:
        while not crew.free:
            crew.collect()
        crew.give(5, pack_orders([an_order()]))
        (answered,) = crew.collect()
    assert answered.ticket == 5
    assert unpack_prepared([an_order()], answered.octets or b"") == [prepare(an_order())]


def test_orders_without_photos_start_no_process() -> None:
    before = set(multiprocessing.active_children())
    made = Preparer(processes=2, worth_from=5).prepare_all(an_order() for _ in range(99))
    for _ in range(50):
        next(made)
    assert set(multiprocessing.active_children()) == before


def test_enough_photos_start_processes_and_closing_ends_them() -> None:
    before = set(multiprocessing.active_children())
    source = (an_order(photo=PHOTO) for _ in count())
    made = Preparer(processes=1, worth_from=5).prepare_all(source)
    taken = [next(made) for _ in range(12)]
    assert set(multiprocessing.active_children()) - before
    assert all(not isinstance(one, UnpreparedOrder) for one in taken)
    made.close()
    assert set(multiprocessing.active_children()) == before


def test_only_a_bounded_number_of_orders_is_taken_ahead() -> None:
    taken: list[int] = []

    def endless() -> Iterator[CardOrder]:
        for index in count():
            taken.append(index)
            yield replace(an_order(), list_index=index)

    made = Preparer(processes=2, worth_from=0).prepare_all(endless())
    for _ in range(5_000):
        next(made)
    made.close()
    assert len(taken) <= 5_000 + 2_000


def test_one_by_one_without_processes_nothing_is_taken_ahead() -> None:
    source = iter([an_order(index=1), an_order(index=2)])
    made = Preparer(processes=0).prepare_all(source)
    assert next(made).order.list_index == 1
    assert next(source).list_index == 2
