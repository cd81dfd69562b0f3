"""Every number has a source; an office may have its own."""

from dataclasses import replace
from datetime import date

import pytest

from cardservice.domain.rule_sets import DEFAULT_RULES, RULE_SETS, RULES_2011, RULES_2022
from cardservice.domain.rules import Basis, RuleSet, Setting, Source, with_value
from cardservice.domain.terms import Term, Unit
from cardservice.errors import UsageError
from scripts.lives_page import PAGE as LIVES_PAGE
from scripts.lives_page import page as lives_page
from scripts.rules_page import PAGE as RULES_PAGE
from scripts.rules_page import page as rules_page


def test_the_page_of_numbers_is_the_one_the_rule_sets_give() -> None:
    assert RULES_PAGE.read_text(encoding="utf-8") == rules_page()


def test_the_page_of_lives_is_the_one_the_tables_give() -> None:
    assert LIVES_PAGE.read_text(encoding="utf-8") == lives_page()


def test_the_default_is_the_rule_set_that_issues_chip_cards() -> None:
    assert DEFAULT_RULES.chip_cards_issued.value
    assert [one.name for one in RULE_SETS.values() if one.chip_cards_issued.value] == ["2011"]


@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=list(RULE_SETS))
def test_every_setting_says_what_it_is_and_where_it_stands(rules: RuleSet) -> None:
    settings = dict(rules.settings())
    assert len(settings) == 21
    assert all(one.words and one.source.document and one.source.clause for one in settings.values())


def test_both_sets_have_the_terms_of_the_law() -> None:
    for rules in (RULES_2011, RULES_2022):
        assert rules.making_term.value == Term(30, Unit.DAYS)
        assert rules.change_cutoff.value.in_year(2026) == date(2026, 11, 1)
        assert (rules.changes_a_year.value, rules.employer_minimum.value) == (1, 5)


def test_an_offices_own_number_says_that_it_is() -> None:
    own = with_value(RULES_2011, "warning_days", 7)
    assert own.warning_days.value == 7
    assert own.warning_days.source.basis is Basis.PROJECT
    assert own.warning_days.words == RULES_2011.warning_days.words
    assert replace(own, warning_days=RULES_2011.warning_days) == RULES_2011


@pytest.mark.parametrize(
    ("name", "value"),
    [("nothing", 1), ("name", "2030"), ("warning_days", "7"), ("adult_age", True)],
)
def test_no_rule_or_one_of_another_type_is_a_wrong_setting(name: str, value: object) -> None:
    with pytest.raises(UsageError):
        with_value(RULES_2011, name, value)


def test_a_choice_of_our_own_is_marked() -> None:
    setting = Setting(1, "a number", Source("this project", "a choice", Basis.PROJECT))
    assert str(setting.source) == "this project, a choice [P]"
