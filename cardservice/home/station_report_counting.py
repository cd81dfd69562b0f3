"""A shift counted from the entries of a station's journal."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, tzinfo

from cardservice.papers.shift_report_values import (
    UNKNOWN_LANE,
    Shift,
    ShiftHour,
    ShiftOpenCard,
    ShiftStock,
)
from cardservice.personalization.blanks import stock_of
from cardservice.personalization.journal import (
    CardEnded,
    CardMade,
    CardSeen,
    CardSpoiled,
    Entry,
    Intent,
    Kept,
    OrderGivenBack,
    ServiceDone,
    StationStarted,
)
from cardservice.personalization.recovery import Recovery

Entries = Callable[[], Iterable[Kept]]
"""Everything kept, oldest first, from the beginning at each call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which entries count.

    Attributes:
        since: aware; None: since the station was started last.
        until: aware; None: to the end.
    """

    since: datetime | None = None
    until: datetime | None = None


def shift_of(
    entries: Entries, window: Window, *, station: str, zone: tzinfo, now: datetime
) -> Shift:
    """Return what the journal says of a shift.

    Hours follow the clock that each entry was written with; what counts before and after follows
    the order of entries alone.

    Args:
        entries: of the journal; asked for twice without ``window.since``.
        window: which of them count.
        station: its name.
        zone: in which hours begin.
        now: aware; the end of a shift that goes on.

    Raises:
        Refusal: ``journal-contradicts``: the journal is no story of a station.
    """
    first = _first_sequence(entries(), window)
    count = _Count(zone=zone)
    recovery = Recovery()
    begin: datetime | None = None
    for kept in entries():
        if begin is None and kept.sequence >= first:
            begin, count.stock_begin = kept.at, _stock(recovery) or ShiftStock()
        if begin is not None and window.until is not None and kept.at >= window.until:
            break
        recovery.apply(kept)
        count.take(kept, recovery, counts=begin is not None)
    began = window.since or begin or now
    shift = Shift(
        station=station,
        begin=began.astimezone(zone),
        end=(window.until or now).astimezone(zone),
    )
    return count.filled(shift, recovery)


def _first_sequence(entries: Iterable[Kept], window: Window) -> int:
    """Return the number of the first entry that counts; 1 above the last: none does."""
    last, started = 0, 1
    for kept in entries:
        last = kept.sequence
        if window.since is not None and kept.at >= window.since:
            return last
        if isinstance(kept.entry, StationStarted):
            started = last
    return started if window.since is None else last + 1


@dataclass(slots=True)
class _Count:
    """What was counted up to here, and which lane a card or an order was in last."""

    zone: tzinfo
    hours: dict[tuple[datetime, int], ShiftHour] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    given_back: int = 0
    ended: int = 0
    stock_begin: ShiftStock | None = None
    lane_of_order: dict[str, int] = field(default_factory=dict)
    lane_of_chip: dict[bytes, int] = field(default_factory=dict)

    def take(self, kept: Kept, recovery: Recovery, *, counts: bool) -> None:
        """Take one more entry in; without ``counts`` only where cards and orders are."""
        self._locate(kept.entry)
        if not counts:
            return
        match kept.entry:
            case CardMade(order=order):
                self._made(kept.at, self.lane_of_order.get(order, UNKNOWN_LANE))
            case CardSpoiled(chip=chip, reason=reason):
                self._spoiled(kept.at, self.lane_of_chip.get(chip, UNKNOWN_LANE), reason.value)
            case CardEnded():
                self.ended += 1
            case OrderGivenBack():
                self.given_back += 1
            case ServiceDone(order=order):
                work = recovery.services.orders[order].work
                self.services[work] = self.services.get(work, 0) + 1

    def filled(self, shift: Shift, recovery: Recovery) -> Shift:
        """Return the shift with what was counted and what is left at its end."""
        services = recovery.services.unreported()
        stock = _stock(recovery)
        return replace(
            shift,
            # A shift in which nothing was entered begins as it ends.
            stock_begin=None if stock is None else self.stock_begin or stock,
            stock_end=stock,
            hours=tuple(one for _, one in sorted(self.hours.items(), key=lambda item: item[0])),
            services=dict(sorted(self.services.items())),
            given_back=self.given_back,
            ended=self.ended,
            untold=len(recovery.unreported()) + len(services),
            open_cards=tuple(
                ShiftOpenCard(chip=life.chip.hex().upper(), need=life.finding.verdict.value)
                for life in recovery.open_cards()
            ),
        )

    def _locate(self, entry: Entry) -> None:
        match entry:
            case Intent(order=order, lane=lane):
                self.lane_of_order[order] = lane
            case CardSeen(chip=chip, lane=lane):
                self.lane_of_chip[chip] = lane

    def _made(self, at: datetime, lane: int) -> None:
        hour = self._hour(at, lane)
        self.hours[hour.hour, lane] = replace(hour, made=hour.made + 1)

    def _spoiled(self, at: datetime, lane: int, reason: str) -> None:
        hour = self._hour(at, lane)
        spoiled = {**hour.spoiled, reason: hour.spoiled.get(reason, 0) + 1}
        self.hours[hour.hour, lane] = replace(hour, spoiled=spoiled)

    def _hour(self, at: datetime, lane: int) -> ShiftHour:
        begin = at.astimezone(self.zone).replace(minute=0, second=0, microsecond=0)
        return self.hours.get((begin, lane)) or ShiftHour(hour=begin, lane=lane)


def _stock(recovery: Recovery) -> ShiftStock | None:
    if not recovery.blanks.are_kept:
        return None
    return ShiftStock(**asdict(stock_of(recovery)))
