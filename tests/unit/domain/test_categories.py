"""What a category means, whom a person may apply for, and what a way of applying asks for."""

from datetime import date

import pytest

from cardservice.domain.applicants import (
    Applicant,
    NewbornServedBy,
    PowerOfAttorney,
    attorney_until,
    expect_may_apply,
    expect_registered,
    newborn_served_by,
)
from cardservice.domain.categories import (
    EndReason,
    Validity,
    card_eligibility,
    expect_card,
    needs_end_of_stay,
    validity,
)
from cardservice.domain.channels import CHANNELS, Delivery, expect_employer_count
from cardservice.domain.holder import Category
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause, OldCard, effect_of
from cardservice.domain.rule_sets import RULES_2011, RULES_2022
from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import WEEKDAYS
from cardservice.errors import Refusal, UsageError

TODAY = date(2026, 11, 20)
PERMIT = date(2027, 6, 30)
YEAR_END = date(2026, 12, 31)
FOREIGN = tuple(one for one in Category if one is not Category.CITIZEN)
STAYING = (Category.TEMPORARY_RESIDENT, Category.REFUGEE, Category.EAEU_WORKER)


def test_only_a_citizen_has_a_card_with_a_chip() -> None:
    assert card_eligibility(Category.CITIZEN, RULES_2011).may_have
    codes = {card_eligibility(one, RULES_2011).code for one in FOREIGN}
    assert codes == {"card-for-non-citizen"}
    assert not any(card_eligibility(one, RULES_2011).may_have for one in FOREIGN)


def test_the_later_rules_issue_no_card_to_anybody_and_say_why() -> None:
    assert not any(card_eligibility(one, RULES_2022).may_have for one in Category)
    with pytest.raises(Refusal) as refusal:
        expect_card(Category.CITIZEN, RULES_2022)
    assert refusal.value.code == "card-not-issued"


@pytest.mark.parametrize(
    ("category", "rules", "until", "expected"),
    [
        (Category.CITIZEN, RULES_2022, PERMIT, Validity(None, EndReason.UNLIMITED)),
        (Category.PERMANENT_RESIDENT, RULES_2011, None, Validity(None, EndReason.UNLIMITED)),
        (Category.PERMANENT_RESIDENT, RULES_2022, None, Validity(YEAR_END, EndReason.YEAR)),
        (Category.STATELESS, RULES_2011, PERMIT, Validity(PERMIT, EndReason.STAY)),
        (Category.STATELESS, RULES_2022, PERMIT, Validity(YEAR_END, EndReason.YEAR)),
        (Category.STATELESS, RULES_2022, TODAY, Validity(TODAY, EndReason.STAY)),
        *((one, RULES_2011, PERMIT, Validity(PERMIT, EndReason.STAY)) for one in STAYING),
    ],
)
def test_a_policy_is_good_as_long_as_its_category_says(
    category: Category, rules: RuleSet, until: date | None, expected: Validity
) -> None:
    assert validity(category, stay_until=until, start=TODAY, rules=rules) == expected


@pytest.mark.parametrize("category", STAYING)
def test_a_stay_without_an_end_or_one_that_ended_gives_no_policy(category: Category) -> None:
    assert needs_end_of_stay(category)
    for until, code in ((None, "stay-end-missing"), (date(2026, 11, 19), "stay-ended")):
        with pytest.raises(Refusal) as refusal:
            validity(category, stay_until=until, start=TODAY, rules=RULES_2011)
        assert refusal.value.code == code


def test_a_policy_is_good_on_its_last_day_and_not_after() -> None:
    one = Validity(YEAR_END, EndReason.YEAR)
    assert one.is_good(YEAR_END)
    assert not one.is_good(date(2027, 1, 1))
    assert Validity(None, EndReason.UNLIMITED).is_good(date.max)


@pytest.mark.parametrize("born", [date(2008, 11, 21), date(2026, 1, 1)])
def test_nobody_under_age_applies_alone(born: date) -> None:
    with pytest.raises(Refusal) as refusal:
        expect_may_apply(Applicant.SELF, born, on=TODAY, rules=RULES_2011)
    assert refusal.value.code == "applicant-not-of-age"


def test_an_adult_applies_alone_and_others_for_whom_they_may() -> None:
    adult, child = date(2008, 11, 20), date(2020, 1, 1)
    others = (Applicant.PARENT_OR_GUARDIAN, Applicant.REPRESENTATIVE)
    pairs = [(Applicant.SELF, adult), *((one, born) for one in others for born in (adult, child))]
    for applicant, born in pairs:
        expect_may_apply(applicant, born, on=TODAY, rules=RULES_2011)
    expect_may_apply(Applicant.SELF, child, on=TODAY, rules=RULES_2011, full_capacity=True)
    assert len(pairs) == 5


def test_a_power_of_attorney_ends_as_it_says_or_after_a_year() -> None:
    own = PowerOfAttorney(issued_on=TODAY, until=PERMIT)
    bare = PowerOfAttorney(issued_on=TODAY)
    assert attorney_until(own, rules=RULES_2011, calendar=WEEKDAYS) == PERMIT
    assert attorney_until(bare, rules=RULES_2011, calendar=WEEKDAYS) == date(2027, 11, 20)
    assert attorney_until(PowerOfAttorney(), rules=RULES_2011, calendar=WEEKDAYS) is None


@pytest.mark.parametrize(
    ("rules", "registered_on", "on", "served_by"),
    [
        (RULES_2011, None, TODAY, NewbornServedBy.MOTHERS_INSURER),
        (RULES_2011, TODAY, TODAY, NewbornServedBy.MOTHERS_INSURER),
        (RULES_2011, TODAY, date(2026, 11, 21), NewbornServedBy.PARENTS_INSURER),
        (RULES_2022, TODAY, date(2026, 12, 20), NewbornServedBy.MOTHERS_INSURER),
        (RULES_2022, TODAY, date(2026, 12, 21), NewbornServedBy.PARENTS_INSURER),
    ],
)
def test_a_newborn_is_served_by_the_mothers_insurer_first(
    rules: RuleSet, registered_on: date | None, on: date, served_by: NewbornServedBy
) -> None:
    assert newborn_served_by(registered_on, on=on, rules=rules, calendar=WEEKDAYS) is served_by


@pytest.mark.parametrize("registered_on", [None, date(2026, 11, 21)])
def test_before_the_birth_is_registered_there_is_no_policy_of_ones_own(
    registered_on: date | None,
) -> None:
    with pytest.raises(Refusal) as refusal:
        expect_registered(registered_on, on=TODAY)
    assert refusal.value.code == "birth-not-registered"
    expect_registered(TODAY, on=TODAY)


def test_an_employer_applies_for_five_or_more_at_once() -> None:
    for people, code in ((4, "employer-too-few"), (10_001, "employer-too-many")):
        with pytest.raises(Refusal) as refusal:
            expect_employer_count(people, RULES_2011)
        assert refusal.value.code == code
    for people in (5, 10_000):
        expect_employer_count(people, RULES_2011)


def test_each_way_of_applying_says_where_the_card_is_handed_over() -> None:
    assert set(CHANNELS) == set(Channel)
    places = {channel: terms.delivery for channel, terms in CHANNELS.items()}
    assert places[Channel.EMPLOYER] is Delivery.WORKPLACE
    assert places[Channel.HOME] is Delivery.HOME


def test_a_change_of_insurer_needs_no_new_card() -> None:
    effect = effect_of(ApplyReason.INSURER_CHANGE)
    assert (effect.new_card, effect.old_card) == (False, OldCard.STAYS)


def test_the_number_never_changes_but_with_the_first_policy() -> None:
    causes = {ApplyReason.DUPLICATE: DuplicateCause.DAMAGED}
    new = {one for one in ApplyReason if effect_of(one, causes.get(one)).new_policy}
    cards = {one for one in ApplyReason if effect_of(one, causes.get(one)).new_card}
    assert new == {ApplyReason.FIRST_POLICY}
    assert cards == set(ApplyReason) - {ApplyReason.INSURER_CHANGE}


@pytest.mark.parametrize(
    ("cause", "ends"),
    [
        (DuplicateCause.LOST, OldCard.AT_ONCE),
        (DuplicateCause.STOLEN, OldCard.AT_ONCE),
        (DuplicateCause.DAMAGED, OldCard.AT_HAND_OVER),
        (DuplicateCause.UNREADABLE, OldCard.AT_HAND_OVER),
    ],
)
def test_only_a_card_that_is_gone_stops_being_valid_at_once(
    cause: DuplicateCause, ends: OldCard
) -> None:
    effect = effect_of(ApplyReason.DUPLICATE, cause)
    assert (effect.old_card, effect.new_card, effect.new_policy) == (ends, True, False)
    assert effect_of(ApplyReason.REISSUE).old_card is OldCard.AT_HAND_OVER


def test_a_duplicate_without_a_cause_and_a_cause_without_one_are_bugs() -> None:
    for reason, cause in (
        (ApplyReason.DUPLICATE, None),
        (ApplyReason.REISSUE, DuplicateCause.LOST),
    ):
        with pytest.raises(UsageError):
            effect_of(reason, cause)
