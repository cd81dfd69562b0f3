"""What is wrong with the ground of a draft: what its reason rests on."""

from collections.abc import Iterable, Iterator
from datetime import date

from cardservice.domain.application import Application, Ground
from cardservice.domain.field_rules import past_date_findings
from cardservice.domain.findings import Finding, warning
from cardservice.domain.insurer_change import (
    ChangeGround,
    InsurerChange,
    PastChange,
    expect_change,
)
from cardservice.domain.reasons import ApplyReason, ReissueKind
from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import Calendar, last_day, next_working
from cardservice.errors import Refusal


def check_ground(
    application: Application,
    *,
    on: date,
    rules: RuleSet,
    calendar: Calendar,
    past: Iterable[PastChange] = (),
) -> Iterator[Finding]:
    """Return what is wrong with the ground of an application filed on ``on``."""
    ground = application.ground
    match application.reason:
        case ApplyReason.INSURER_CHANGE:
            yield from _change(ground, on=on, rules=rules, calendar=calendar, past=past)
        case ApplyReason.REISSUE:
            yield from _reissue(ground, on=on, rules=rules, calendar=calendar)
        case ApplyReason.DUPLICATE if ground.cause is None:
            sentence = "What became of the card is missing: lost, stolen, damaged, unreadable."
            yield Finding("cause", "cause-missing", sentence)
        case _:
            pass


def _change(
    ground: Ground, *, on: date, rules: RuleSet, calendar: Calendar, past: Iterable[PastChange]
) -> Iterator[Finding]:
    if ground.change_ground is None:
        sentence = "Why the insurer is changed is missing."
        yield Finding("change_ground", "change-ground-missing", sentence)
        return
    happened_on = {
        ChangeGround.OWN_WISH: None,
        ChangeGround.MOVE: ground.moved_on,
        ChangeGround.INSURER_LEFT: ground.insurer_left_on,
    }[ground.change_ground]
    change = InsurerChange(ground=ground.change_ground, filed_on=on, happened_on=happened_on)
    try:
        expect_change(change, past, rules=rules, calendar=calendar)
    except Refusal as refusal:
        yield Finding(refusal.field or "change_ground", refusal.code, refusal.sentence)


def _reissue(ground: Ground, *, on: date, rules: RuleSet, calendar: Calendar) -> Iterator[Finding]:
    if not ground.subjects:
        sentence = "What changed or was wrong is missing: name, sex, birth date, birth place."
        yield Finding("subjects", "subjects-missing", sentence)
    if ground.kind is None:
        sentence = "Whether the data changed or were wrong is missing."
        yield Finding("kind", "kind-missing", sentence)
    if ground.kind is not ReissueKind.CHANGED:
        return
    changed_on = ground.changed_on
    yield from past_date_findings("changed_on", "date of the change", changed_on, on)
    if changed_on is None:
        return
    term = rules.report_term.value
    if on > next_working(last_day(term, changed_on, calendar), calendar):
        sentence = f"Changed data are reported within {term}; this is late, but taken."
        yield warning("changed_on", "change-reported-late", sentence)
