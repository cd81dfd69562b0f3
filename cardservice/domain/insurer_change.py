"""When a person may change their insurer.

Once a calendar year by own wish, filed by a cut-off day; more often after a move, within a term
of it, or when the insurer leaves the region. A change needs no new card: the insurer record is
written to the one the person holds (``reasons.effect_of``).

Source: domain.md, "Rules with teeth", 4; Federal Law 326-FZ, article 16, part 1, item 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from cardservice.domain.numbers import Ogrn
from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import Calendar, last_day, next_working
from cardservice.errors import Refusal


@unique
class ChangeGround(StrEnum):
    OWN_WISH = "own-wish"
    MOVE = "move"
    INSURER_LEFT = "insurer-left"


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurerChange:
    """A change asked for.

    Attributes:
        ground: why.
        filed_on: the day of the application, not of its approval.
        happened_on: when the person moved, or the insurer left; None for own wish.
    """

    ground: ChangeGround
    filed_on: date
    happened_on: date | None = None


@dataclass(frozen=True, slots=True)
class PastChange:
    """A change that was made, or is being made: its ground and the day it was filed."""

    ground: ChangeGround
    filed_on: date


def expect_another(present: Ogrn | str, chosen: Ogrn | str) -> None:
    """Do nothing if ``chosen`` is another insurer than ``present``; Raises: ``insurer-same``."""
    if present == chosen:
        sentence = "The person is insured with this insurer already."
        raise Refusal("insurer-same", sentence, field="insurer_ogrn")


def expect_change(
    change: InsurerChange, past: Iterable[PastChange], *, rules: RuleSet, calendar: Calendar
) -> None:
    """Do nothing if the insurer may be changed.

    Args:
        change: what is asked for.
        past: the person's earlier changes. Only those by own wish use up the year's: the law
            allows others besides.
        rules: the rule set.
        calendar: the working days; a term that binds a person ends on one.

    Raises:
        Refusal: own wish: ``change-after-cutoff``, ``change-already-this-year``; a move:
            ``move-date-missing``, ``move-in-future``, ``move-too-long-ago``; the insurer
            left: ``insurer-left-date-missing``.
    """
    match change.ground:
        case ChangeGround.OWN_WISH:
            _expect_own_wish(change.filed_on, past, rules)
        case ChangeGround.MOVE:
            _expect_move(change, rules, calendar)
        case ChangeGround.INSURER_LEFT:
            _expect_left(change)


def _expect_own_wish(filed_on: date, past: Iterable[PastChange], rules: RuleSet) -> None:
    cutoff, most = rules.change_cutoff.value, rules.changes_a_year.value
    if filed_on > cutoff.in_year(filed_on.year):
        sentence = f"A change of insurer is filed by {cutoff} of a year; from 1 January again."
        raise Refusal("change-after-cutoff", sentence, field="change_ground")
    own = (one for one in past if one.ground is ChangeGround.OWN_WISH)
    if sum(one.filed_on.year == filed_on.year for one in own) >= most:
        sentence = "The insurer was changed this year already; after a move it may be once more."
        raise Refusal("change-already-this-year", sentence, field="change_ground")


def _expect_move(change: InsurerChange, rules: RuleSet, calendar: Calendar) -> None:
    moved_on = change.happened_on
    if moved_on is None:
        raise Refusal("move-date-missing", "The date of the move is missing.", field="moved_on")
    if moved_on > change.filed_on:
        raise Refusal("move-in-future", "The move is in the future.", field="moved_on")
    last = next_working(last_day(rules.move_term.value, moved_on, calendar), calendar)
    if change.filed_on > last:
        sentence = f"A change because of a move is filed within {rules.move_term.value} of it."
        raise Refusal("move-too-long-ago", sentence, field="moved_on")


def _expect_left(change: InsurerChange) -> None:
    # The insurer tells people beforehand, so the day may well lie ahead.
    if change.happened_on is None:
        sentence = "The date when the insurer leaves the region is missing."
        raise Refusal("insurer-left-date-missing", sentence, field="insurer_left_on")
