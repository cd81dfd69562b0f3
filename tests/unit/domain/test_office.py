"""Small rules of the office: stock, cover, policy changes, places, certificates."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from cardservice.domain.application import Application
from cardservice.domain.application_order import order_of
from cardservice.domain.cover import Programme, programmes_here
from cardservice.domain.enp import demonstration_number, disagreements
from cardservice.domain.holder import Category, Sex
from cardservice.domain.lives import PolicyEvent
from cardservice.domain.medical_organisations import MedicalOrganisation
from cardservice.domain.numbers import Ogrn, Okato, parse_certificate_number
from cardservice.domain.places import Hours, PlaceOfIssue, Service
from cardservice.domain.rule_sets import RULES_2022
from cardservice.domain.stock import Movement, Stock
from cardservice.domain.suspension import PolicyChange, PolicyChangeReason, expect_possible
from cardservice.domain.terms import WEEKDAYS, WorkingCalendar
from cardservice.errors import Refusal, UsageError
from tests.unit.domain.examples import GOOD, PERSON, RULES, TODAY, with_person

HERE, THERE = Okato("00001"), Okato("00002")
NUMBER = demonstration_number(date(1999, 1, 5), Sex.MALE, 7)


def test_stock_is_conserved_at_every_movement() -> None:
    stock = Stock()
    for movement, count in (
        (Movement.RECEIVE, 100),
        (Movement.HAND_TO_STATION, 60),
        (Movement.ISSUE, 40),
        (Movement.SPOIL_AT_STATION, 5),
        (Movement.TAKE_BACK, 15),
        (Movement.SPOIL_IN_STOCK, 1),
        (Movement.RETURN, 4),
    ):
        stock = stock.after(movement, count)
        stock.expect_balance()
    assert stock == Stock(received=100, in_stock=50, at_station=0, issued=40, spoiled=6, returned=4)


@pytest.mark.parametrize("movement", [one for one in Movement if one is not Movement.RECEIVE])
def test_what_is_not_there_cannot_be_moved(movement: Movement) -> None:
    stock = Stock(received=4, in_stock=2, at_station=2)
    with pytest.raises(Refusal) as refusal:
        stock.after(movement, 3)
    assert refusal.value.code == "stock-short"
    with pytest.raises(UsageError):
        stock.after(movement, 0)


def test_a_stock_that_does_not_add_up_is_refused_with_the_difference() -> None:
    lost = Stock(received=10, in_stock=7)
    assert lost.difference == 3
    with pytest.raises(Refusal) as refusal:
        lost.expect_balance()
    assert refusal.value.code == "stock-differs"


def test_the_territorial_programme_applies_only_in_the_region_of_the_policy() -> None:
    assert programmes_here(HERE, HERE) == {Programme.BASIC, Programme.TERRITORIAL}
    assert programmes_here(HERE, THERE) == {Programme.BASIC}
    assert programmes_here(HERE, None) == {Programme.BASIC}


def test_every_reason_moves_the_policy_in_its_way() -> None:
    events = {one: PolicyChange(reason=one, happened_on=TODAY).event for one in PolicyChangeReason}
    assert events[PolicyChangeReason.MILITARY_SERVICE] is PolicyEvent.SUSPEND
    assert events[PolicyChangeReason.MILITARY_SERVICE_ENDED] is PolicyEvent.RESUME
    assert set(events.values()) == set(PolicyEvent)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 21), "policy-change-in-future"),
        (date(2019, 12, 31), "policy-change-before-start"),
        (date(2024, 12, 31), "policy-change-before-last"),
    ],
)
def test_the_day_of_a_change_of_a_policy_is_a_possible_one(day: date, code: str) -> None:
    start, last = date(2020, 1, 1), date(2025, 1, 1)
    death = PolicyChange(reason=PolicyChangeReason.DEATH, happened_on=day)
    with pytest.raises(Refusal) as refusal:
        expect_possible(death, policy_start=start, last=last, on=TODAY)
    assert refusal.value.code == code
    for good in (TODAY, last):
        expect_possible(replace(death, happened_on=good), policy_start=start, last=last, on=TODAY)


MORNING = Hours(0, time(9), time(9, 40))
AFTERNOON = Hours(0, time(14), time(14, 15))
PLACE = PlaceOfIssue(
    name="Пункт 1",
    address="ул. Учебная, 1",
    okato=HERE,
    hours=(AFTERNOON, MORNING, Hours(5, time(10), time(12))),
    services=frozenset({Service.HAND_OVER}),
    collectables=frozenset(),
)
MONDAY = date(2026, 11, 23)


def test_a_visit_is_booked_in_the_opening_hours_and_ends_before_they_do() -> None:
    times = [one.time() for one in PLACE.slots_on(MONDAY, WEEKDAYS)]
    assert times == [time(9), time(9, 15), time(14)]
    assert list(PLACE.slots_on(MONDAY + timedelta(days=1), WEEKDAYS)) == []


def test_a_place_is_closed_on_holidays_and_open_on_weekends_with_hours() -> None:
    assert PLACE.hours_on(MONDAY, WorkingCalendar(holidays=frozenset({MONDAY}))) == ()
    saturday = next(PLACE.slots_on(date(2026, 11, 28), WEEKDAYS))
    assert saturday == datetime(2026, 11, 28, 10)  # noqa: DTZ001 - local time of the place


def test_impossible_hours_and_visits_cannot_be_made() -> None:
    for weekday, opens, closes in ((7, time(9), time(10)), (0, time(10), time(10))):
        with pytest.raises(UsageError):
            Hours(weekday, opens, closes)
    with pytest.raises(UsageError):
        replace(PLACE, slot=timedelta())


def test_a_desks_certificate_ends_when_the_clinic_leaves_the_register() -> None:
    clinic = MedicalOrganisation(
        ogrn=Ogrn("1009900000010"),
        name="Поликлиника 1",
        address="ул. Учебная, 2",
        okato=HERE,
        services=frozenset(),
        entered_on=date(2020, 1, 1),
    )
    assert clinic.terminal_until(date(2027, 1, 1)) == date(2027, 1, 1)
    left = replace(clinic, left_on=TODAY)
    assert left.terminal_until(date(2027, 1, 1)) == TODAY
    assert left.terminal_until(date(2026, 1, 1)) == date(2026, 1, 1)
    days = (date(2019, 12, 31), date(2020, 1, 1), TODAY, MONDAY)
    assert [left.takes_part(one) for one in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "missing"), ("12345678", "length"), ("12345678a", "not-digits"), ("1" * 10, "length")],
)
def test_a_temporary_certificates_number_has_nine_digits(text: str, code: str) -> None:
    assert parse_certificate_number("012345678") == "012345678"
    with pytest.raises(Refusal) as refusal:
        parse_certificate_number(text)
    assert refusal.value.code == f"certificate-number-{code}"


def test_a_demonstration_number_is_of_the_region_nobody_lives_in_and_fits_its_person() -> None:
    assert NUMBER.startswith("00")
    assert disagreements(NUMBER, birth_date=date(1999, 1, 5), sex=Sex.MALE) == ()
    assert demonstration_number(date(1999, 1, 5), Sex.MALE, 8) != NUMBER
    for serial in (-1, 100_000):
        with pytest.raises(UsageError):
            demonstration_number(date(1999, 1, 5), Sex.MALE, serial)


def test_an_approved_application_becomes_an_order_with_the_registers_number() -> None:
    order = order_of(GOOD, enp=NUMBER, insurance_start=TODAY, rules=RULES)
    assert (order.holder.enp, order.holder.surname) == (NUMBER, PERSON.surname)
    assert order.holder.snils == PERSON.snils
    assert order.holder.birth_place == PERSON.birth_place
    assert order.contact.email == PERSON.email
    assert order.document is not None
    assert order.document.kind == "passport_rf"
    bare = with_person(patronymic=" ", birth_place="", snils="", phone="", citizenship_name="")
    holder = order_of(bare, enp=NUMBER, insurance_start=TODAY, rules=RULES).holder
    assert (holder.patronymic, holder.birth_place, holder.snils) == (None, None, None)
    assert holder.citizenship is None
    assert order.holder.citizenship is not None
    assert (order.contact.phone, order.insurance.okato) == (PERSON.phone, "00003")


@pytest.mark.parametrize(
    ("application", "code"),
    [
        (with_person(surname=" "), "application-incomplete"),
        (with_person(birth_date=None), "application-incomplete"),
        (Application(), "application-incomplete"),
        (with_person(category=Category.REFUGEE), "card-for-non-citizen"),
    ],
)
def test_an_incomplete_application_or_one_without_a_card_is_no_order(
    application: Application, code: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        order_of(application, enp=NUMBER, insurance_start=TODAY, rules=RULES)
    assert refusal.value.code == code
    with pytest.raises(Refusal) as refusal:
        order_of(GOOD, enp=NUMBER, insurance_start=TODAY, rules=RULES_2022)
    assert refusal.value.code == "card-not-issued"
