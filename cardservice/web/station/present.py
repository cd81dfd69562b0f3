"""From a station's view to what the page shows, in one language."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from babel.numbers import format_decimal

from cardservice.personalization.lanes import LaneState, LaneView, Shares, StationView, Step
from cardservice.texts.languages import Language
from cardservice.texts.station import (
    fault_phrase,
    next_step_of,
    station_translations,
)
from cardservice.texts.station.page import (
    AWAY,
    MADE,
    PER_HOUR,
    REACHED,
    REGISTRY,
    SHARES,
    SPOILED,
    TRAY,
    TRAY_OF,
    UNTOLD,
    WAITING,
)
from cardservice.texts.station.states import STATES, STEPS, WORKS
from cardservice.web.station.actions import sensible_actions
from cardservice.web.station.views import Fact, LanePanel, RemedyView, StationPanel, StepView

CALLS: Final = frozenset({LaneState.STOPPED, LaneState.PUT_BACK})
"""States in which the page calls a person, and sounds if it may."""

_STEPPING: Final = frozenset({LaneState.WORKING, LaneState.PUT_BACK, LaneState.STOPPED})
_IN_HAND: Final = tuple(Step)
_ENDED: Final = frozenset({LaneState.DONE, LaneState.REJECT})


class StationPresenter:
    """Says in one language what a station's view means."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._text = station_translations(language).gettext

    def lane(self, lane: LaneView) -> LanePanel:
        """Return the panel of one lane."""
        said = fault_phrase(lane.code, self._language) if lane.code else None
        return LanePanel(
            number=lane.number,
            mark=lane.state.value,
            word=self._text(STATES[lane.state]),
            reader=lane.reader,
            next_step=next_step_of(lane, self._language),
            code=lane.code,
            sentence=said.sentence if said else "",
            work=self._text(WORKS[lane.work]),
            label=lane.label,
            chip=lane.chip,
            since=f"{lane.since.astimezone():%H:%M}",
            made=self._number(lane.made),
            spoiled=self._number(lane.spoiled),
            per_hour=self._number(lane.per_hour),
            bottleneck=self.bottleneck(lane.shares),
            steps=tuple(self._steps(lane)),
            sensible=sensible_actions(lane.state),
            calls=lane.state in CALLS,
        )

    def station(self, view: StationView) -> StationPanel:
        """Return what is said of all lanes together."""
        outage = view.source_code
        return StationPanel(
            facts=tuple(self._facts(view)),
            outage=outage,
            outage_sentence=fault_phrase(outage, self._language).sentence if outage else "",
            finished=view.finished,
        )

    def remedies(self, view: StationView) -> tuple[RemedyView, ...]:
        """Return the codes that are on the page now, each once, with what to do."""
        codes = dict.fromkeys((view.source_code, *(lane.code for lane in view.lanes)))
        return tuple(self.remedy(code) for code in codes if code)

    def remedy(self, code: str) -> RemedyView:
        """Return one code with what to do."""
        said = fault_phrase(code, self._language)
        return RemedyView(code=code, sentence=said.sentence, remedy=said.remedy or "")

    def bottleneck(self, shares: Shares) -> str:
        """Return where the time goes, e.g. ``chip 71 %, line 22 %``; empty: no card yet."""
        parts = sorted(asdict(shares).items(), key=lambda one: -one[1])
        named = ((self._text(SHARES[name]), share) for name, share in parts if share)
        return ", ".join(f"{name} {share}\N{NO-BREAK SPACE}%" for name, share in named)

    def _facts(self, view: StationView) -> Iterator[Fact]:
        yield Fact(name=self._text(MADE), value=self._number(view.made), mark="good")
        yield Fact(name=self._text(PER_HOUR), value=self._number(view.per_hour))
        yield self._warning(SPOILED, view.spoiled)
        yield Fact(name=self._text(WAITING), value=self._number(view.waiting))
        yield self._warning(UNTOLD, view.untold)
        away = bool(view.source_code)
        word, mark = (AWAY, "warning") if away else (REACHED, "plain")
        yield Fact(name=self._text(REGISTRY), value=self._text(word), mark=mark)
        if view.stock.kept:
            tray, received = map(self._number, (view.stock.in_tray, view.stock.received))
            of_all = self._text(TRAY_OF).format(tray=tray, received=received)
            yield Fact(name=self._text(TRAY), value=of_all)

    def _warning(self, name: str, count: int) -> Fact:
        mark = "warning" if count else "plain"
        return Fact(name=self._text(name), value=self._number(count), mark=mark)

    def _steps(self, lane: LaneView) -> Iterator[StepView]:
        at = _IN_HAND.index(lane.step)
        for place, step in enumerate(_IN_HAND):
            yield StepView(name=self._text(STEPS[step]), mark=_step_mark(lane.state, place, at))

    def _number(self, count: int) -> str:
        return format_decimal(count, locale=self._language.value)


def _step_mark(state: LaneState, place: int, at: int) -> str:
    if state in _ENDED:
        return "past"
    if state not in _STEPPING:
        return "ahead"
    return "now" if place == at else "past" if place < at else "ahead"
