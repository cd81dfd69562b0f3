"""What a category means: a card with a chip or paper, and how long the policy is good.

Source: domain.md, "Who applies, and for what".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.holder import Category
from cardservice.domain.rules import RuleSet
from cardservice.errors import Refusal

_DECEMBER, _LAST = 12, 31

# None: the stay in the country has no end of its own.
_END_OF_STAY: Final[Mapping[Category, str | None]] = {
    Category.CITIZEN: None,
    Category.PERMANENT_RESIDENT: None,
    Category.TEMPORARY_RESIDENT: "the end of the residence permit",
    Category.REFUGEE: "the end of the stay",
    Category.STATELESS: None,
    Category.EAEU_WORKER: "the end of the employment contract",
}


@dataclass(frozen=True, slots=True)
class CardEligibility:
    """Whether a person may have a card with a chip, and why or why not."""

    may_have: bool
    code: str
    sentence: str


_CITIZEN: Final = CardEligibility(
    may_have=True, code="card-for-citizen", sentence="A citizen has a card with a chip."
)
_NOT_CITIZEN: Final = CardEligibility(
    may_have=False,
    code="card-for-non-citizen",
    sentence="Only a citizen has a card with a chip; this person's policy is on paper.",
)
_NOT_ISSUED: Final = CardEligibility(
    may_have=False,
    code="card-not-issued",
    sentence="These rules issue no cards with a chip; the ones people have stay good.",
)


def card_eligibility(category: Category, rules: RuleSet) -> CardEligibility:
    """Return whether a person of ``category`` may have a card with a chip, with the reason."""
    if category is not Category.CITIZEN:
        return _NOT_CITIZEN
    return _CITIZEN if rules.chip_cards_issued.value else _NOT_ISSUED


def expect_card(category: Category, rules: RuleSet) -> None:
    """Do nothing if a person of ``category`` may have a card with a chip.

    Raises:
        Refusal: ``card-for-non-citizen`` or ``card-not-issued``.
    """
    found = card_eligibility(category, rules)
    if not found.may_have:
        raise Refusal(found.code, found.sentence, field="category")


@unique
class EndReason(StrEnum):
    """Why a policy ends when it does."""

    UNLIMITED = "unlimited"
    STAY = "stay"  # the permit, the stay or the contract ends
    YEAR = "year"  # the rule set ends it with the year


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a policy is good: until the end of ``until``, for ever if that is None."""

    until: date | None
    reason: EndReason

    def is_good(self, on: date) -> bool:
        """Return whether the policy is good on ``on`` as far as its end goes."""
        return self.until is None or on <= self.until


UNLIMITED: Final = Validity(None, EndReason.UNLIMITED)


def needs_end_of_stay(category: Category) -> bool:
    """Return whether the policy of ``category`` ends with a permit, a stay or a contract."""
    return _END_OF_STAY[category] is not None


def validity(
    category: Category, *, stay_until: date | None, start: date, rules: RuleSet
) -> Validity:
    """Return how long a policy that begins on ``start`` is good.

    Args:
        category: the person's.
        stay_until: last day of permit, stay or contract, None when none is known. It also
            ends the policy of a category that needs none (a stateless person's permit), but
            never a citizen's.
        start: first day of the policy.
        rules: the rule set; it may end a category's policies with the year.

    Raises:
        Refusal: ``stay-end-missing`` or ``stay-ended``.
    """
    if category is Category.CITIZEN:
        return UNLIMITED
    missing = _END_OF_STAY[category]
    if stay_until is None and missing is not None:
        raise Refusal("stay-end-missing", f"{missing.capitalize()} is missing.", field="stay_until")
    if stay_until is not None and stay_until < start:
        sentence = "The permit, stay or contract ends before the policy would begin."
        raise Refusal("stay-ended", sentence, field="stay_until")
    ends = [Validity(stay_until, EndReason.STAY)] if stay_until is not None else []
    if category in rules.year_end_categories.value:
        ends.append(Validity(date(start.year, _DECEMBER, _LAST), EndReason.YEAR))
    return min(ends, key=lambda one: one.until or date.max, default=UNLIMITED)
