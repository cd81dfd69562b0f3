"""Who may apply for whom, and who serves a newborn.

Source: domain.md, "Who applies, and for what": applicant.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import Calendar, age_on, last_day
from cardservice.errors import Refusal

ATTORNEY_NUMBER_LENGTH: Final = 50  # characters; this project's own


@unique
class Applicant(StrEnum):
    SELF = "self"
    PARENT_OR_GUARDIAN = "parent-or-guardian"  # a legal representative: no power of attorney
    REPRESENTATIVE = "representative"  # with a power of attorney


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOfAttorney:
    """A power of attorney as a draft has it; anything may be missing.

    Attributes:
        number: as given; the notary's register's.
        issued_on: its date.
        until: its last day, if it says one.
    """

    number: str = field(default="", repr=False)
    issued_on: date | None = None
    until: date | None = None


def expect_may_apply(
    applicant: Applicant,
    birth_date: date,
    *,
    on: date,
    rules: RuleSet,
    full_capacity: bool = False,
) -> None:
    """Do nothing if such an applicant may apply for a person so born.

    Args:
        applicant: who applies.
        birth_date: of the person the policy is for.
        on: the day of the application.
        rules: the rule set.
        full_capacity: a person not of age has full legal capacity (marriage, emancipation);
            Civil Code, articles 21 and 27.

    Raises:
        Refusal: ``applicant-not-of-age``: somebody must apply for the person. A parent or
            guardian of an adult is not refused: an adult can be a ward.
    """
    of_age = full_capacity or is_adult(birth_date, on=on, rules=rules)
    if applicant is Applicant.SELF and not of_age:
        sentence = (
            f"Under {rules.adult_age.value} a parent, a guardian or a representative applies."
        )
        raise Refusal("applicant-not-of-age", sentence, field="applicant")


def is_adult(birth_date: date, *, on: date, rules: RuleSet) -> bool:
    """Return whether a person so born is of age on ``on``."""
    return age_on(birth_date, on) >= rules.adult_age.value


def attorney_until(attorney: PowerOfAttorney, *, rules: RuleSet, calendar: Calendar) -> date | None:
    """Return the last day of ``attorney``; None when its date is missing too.

    Without an end of its own it serves a term from its date (Civil Code, article 186).
    """
    if attorney.until is not None or attorney.issued_on is None:
        return attorney.until
    return last_day(rules.attorney_term.value, attorney.issued_on, calendar)


def expect_attorney(
    attorney: PowerOfAttorney, *, on: date, rules: RuleSet, calendar: Calendar
) -> None:
    """Do nothing if ``attorney`` serves on ``on``; its number is not looked at.

    Raises:
        Refusal: ``attorney-date-missing``, ``attorney-date-in-future``,
            ``attorney-ends-before-date`` or ``attorney-ended``.
    """
    if attorney.issued_on is None:
        sentence = "The date of the power of attorney is missing."
        raise Refusal("attorney-date-missing", sentence, field="issued_on")
    if attorney.issued_on > on:
        sentence = "The date of the power of attorney is in the future."
        raise Refusal("attorney-date-in-future", sentence, field="issued_on")
    until = attorney_until(attorney, rules=rules, calendar=calendar) or attorney.issued_on
    if until < attorney.issued_on:
        sentence = "The power of attorney ends before its date."
        raise Refusal("attorney-ends-before-date", sentence, field="until")
    if until < on:
        raise Refusal("attorney-ended", "The power of attorney has ended.", field="until")


@unique
class NewbornServedBy(StrEnum):
    MOTHERS_INSURER = "mothers-insurer"
    PARENTS_INSURER = "parents-insurer"  # the one a parent chose for the child


def newborn_served_by(
    registered_on: date | None, *, on: date, rules: RuleSet, calendar: Calendar
) -> NewbornServedBy:
    """Return whose insurer serves a newborn on ``on``.

    The mother's until the birth is registered; the law has added a term after it since
    2016 (Federal Law 326-FZ, article 16, part 3), which the rule set says.

    Args:
        registered_on: when the birth was registered, None while it is not.
        on: the day asked about.
        rules: the rule set.
        calendar: the working days.
    """
    if registered_on is None or on <= last_day(rules.newborn_term.value, registered_on, calendar):
        return NewbornServedBy.MOTHERS_INSURER
    return NewbornServedBy.PARENTS_INSURER


def expect_registered(registered_on: date | None, *, on: date) -> None:
    """Do nothing if a policy of a child's own may be applied for: the birth is registered.

    Raises:
        Refusal: ``birth-not-registered``.
    """
    if registered_on is None or registered_on > on:
        sentence = "The birth is not registered yet; the child is served under the mother's policy."
        raise Refusal("birth-not-registered", sentence, field="documents")
