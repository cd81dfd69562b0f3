"""Dates, ages and numbers as people write them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.numbers import Enp
from cardservice.texts.formats import show_age, show_date, show_enp, show_seconds
from cardservice.texts.languages import Language

RU, EN = Language.RU, Language.EN


def test_a_policy_number_is_shown_in_groups_of_four() -> None:
    assert show_enp(Enp("0054910834000015")) == "0054 9108 3400 0015"


@given(st.text(alphabet="0123456789"))
def test_grouping_a_policy_number_loses_nothing(digits: str) -> None:
    assert show_enp(Enp(digits)).replace(" ", "") == digits


def test_a_date_is_shown_as_each_language_writes_it() -> None:
    day = date(1980, 5, 15)
    assert (show_date(day, RU), show_date(day, EN)) == ("15.05.1980", "15 May 1980")


def test_an_age_is_shown_in_words_with_the_right_plural() -> None:
    ages = [timedelta(hours=2), timedelta(hours=5), timedelta(minutes=1)]
    assert [show_age(age, RU) for age in ages] == [
        "2 часа назад",
        "5 часов назад",
        "1 минуту назад",
    ]
    assert show_age(timedelta(hours=2), EN) == "2 hours ago"


def test_an_age_below_a_minute_is_just_now() -> None:
    assert (show_age(timedelta(seconds=59), RU), show_age(timedelta(), EN)) == (
        "только что",
        "just now",
    )


def test_seconds_have_the_decimal_mark_of_the_language() -> None:
    assert (show_seconds(412.0, RU), show_seconds(412.0, EN)) == ("0,41", "0.41")
