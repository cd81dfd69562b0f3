"""Into a reader and out of it: the steps, and what becomes of a step that fails."""

from collections.abc import Callable
from typing import Final

from simulators.faults import FaultRun
from simulators.tray.errors import TrayError
from simulators.tray.events import EventKind
from simulators.tray.hand import TURN_S, PresentedCard
from simulators.tray.layers import Consequences, Layers, Manner, put_on
from simulators.tray.places import Place, Stay
from simulators.tray.register import Register

NOT_ANNOUNCED: Final = "insertion not announced"


class Hand:
    """Moves cards. Callers hold no lock; each move holds its reader's ``busy``."""

    def __init__(
        self, register: Register, *, on_vanish: Callable[[Place, int | None], None]
    ) -> None:
        """Move cards between the places of ``register``.

        ``on_vanish`` is told, in the middle of a command, that a fault lets a reader disappear, and
        after how many milliseconds it is back (None: not by itself).
        """
        self._register = register
        self._on_vanish = on_vanish

    def insert(self, card: str, place: Place) -> Stay:
        """Put ``card`` into ``place``; return its stay there.

        Raises:
            TrayError: as for ``Tray.insert``.
        """
        with place.busy:
            stay = self._register.enter(card, place)
            try:
                self._present(place, stay)
            except BaseException as error:
                self._undo(place, stay)
                if isinstance(error, TrayError) or not isinstance(error, Exception):
                    raise
                raise TrayError(
                    f"card {card!r} does not power up ({type(error).__name__})",
                    remedy="take another card, or end the faults of this reader",
                ) from error
            return stay

    def remove(self, place: Place) -> str | None:
        """Take the card out of ``place``; return its name, None if it was empty."""
        with place.busy:
            stay = place.stay
            if stay is None:
                return None
            self._take_out(place, stay)
            return stay.card.name

    def end(self, place: Place, stay: Stay) -> None:
        """Take the card out if it is still the same stay."""
        with place.busy:
            if place.stay is stay:
                self._take_out(place, stay)

    def swap(self, card: str, place: Place) -> None:
        """Put ``card`` in place of what is there.

        Raises:
            TrayError: as for ``Tray.swap``.
        """
        with place.busy:
            self._register.check_free(card, besides=place)
            self.remove(place)
            self.insert(card, place)

    def set_faults(self, place: Place, run: FaultRun | None) -> None:
        """Put faults in force for the card that is there, and those to come."""
        with place.busy:
            place.run = run
            if place.stay is not None and place.stay.layers is not None:
                place.stay.layers.faults.follow(run)

    def _present(self, place: Place, stay: Stay) -> None:
        hand = self._hold(place, stay)
        place.slot.remove()  # one that was pulled may be on its way out still
        stay.shown = True
        self._register.publish(EventKind.INSERTED, place)
        lost = _insertion_is_lost(place)
        if lost:
            self._register.publish(EventKind.FAULT, place, NOT_ANNOUNCED)
        place.slot.insert(hand, announced=not lost)

    def _hold(self, place: Place, stay: Stay) -> PresentedCard:
        held = stay.card
        if not held.turn.acquire(timeout=TURN_S):
            raise TrayError(
                f"card {held.name!r} is busy with its last command", remedy="wait, and try again"
            )
        try:
            stay.layers = self._layers(place, stay)
            stay.hand = PresentedCard(
                stay.layers.outermost,
                turn=held.turn,
                left=stay.left,
                order=place.order,
                tell=lambda kind, detail: self._register.publish(kind, place, detail),
            )
        finally:
            held.turn.release()
        return stay.hand

    def _layers(self, place: Place, stay: Stay) -> Layers:
        layers = put_on(
            stay.card.plastic,
            Manner(interface=place.interface, timing=place.timing, trace=place.trace),
            left=stay.left,
            consequences=Consequences(
                on_fault=lambda what: self._register.publish(EventKind.FAULT, place, what),
                pull=lambda: _pull(stay, "pulled by a fault"),
                vanish=lambda back_ms: self._vanish(place, stay, back_ms),
            ),
        )
        layers.faults.follow(place.run)
        return layers

    def _vanish(self, place: Place, stay: Stay, back_after_ms: int | None) -> None:
        _pull(stay, "the reader disappeared")
        self._on_vanish(place, back_after_ms)

    def _take_out(self, place: Place, stay: Stay) -> None:
        if stay.hand is not None:
            stay.hand.leave()
        try:
            place.slot.remove()
        finally:
            self._register.leave(place, stay)

    def _undo(self, place: Place, stay: Stay) -> None:
        try:
            if stay.hand is not None:
                stay.hand.farewell = stay.hand.farewell or "did not power up"
                stay.hand.leave()
                place.slot.remove()
        finally:
            self._register.leave(place, stay, "did not power up", silently=not stay.shown)


def _insertion_is_lost(place: Place) -> bool:
    by_plan = place.run is not None and place.run.insertion_is_lost()
    if place.lost_insertions == 0:
        return by_plan
    place.lost_insertions -= 1
    return True


def _pull(stay: Stay, why: str) -> None:
    if stay.hand is not None:
        stay.hand.pull(why)
