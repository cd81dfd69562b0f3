"""Readers that disappear, and come back."""

import threading
from collections.abc import Callable
from typing import Final

from simulators.tray.errors import TrayError
from simulators.tray.places import Place
from simulators.tray.register import Register
from simulators.tray.service import OwnService
from simulators.tray.timer import Timer

MS_A_SECOND: Final = 1_000


class Absence:
    """Lets readers disappear and come back; a card in one falls out.

    ``service`` is the tray's pcscd, None while it has none.
    """

    def __init__(
        self, register: Register, timer: Timer, *, remove: Callable[[Place], object]
    ) -> None:
        self._register = register
        self._remove = remove
        self._timer = timer
        # One change of pcscd's readers after the other, each from the list as it is then.
        self._changing = threading.Lock()
        self.service: OwnService | None = None

    def take_away(self, place: Place) -> None:
        """Let a reader disappear.

        Raises:
            TrayError: it belongs to somebody else's pcscd.
        """
        self._change(place, there=False)

    def bring_back(self, place: Place) -> None:
        """Bring a reader back. Harmless when it is there.

        Raises:
            TrayError: as for ``take_away``.
        """
        self._change(place, there=True)

    def vanish(self, place: Place, back_after_ms: int | None) -> None:
        """Let a reader disappear whose card is at a command and leaves with it.

        It is back ``back_after_ms`` later, unless that is None. Somebody else's reader stays.
        """
        if place.slot.address is None:
            # The card leaves by itself: whoever waited for it here would wait for himself.
            self._register.set_there(place, there=False)
            self._back(place, back_after_ms)
        elif self._is_own(place):
            self._timer.after(0, lambda: self._take_away_for(place, back_after_ms))

    def _take_away_for(self, place: Place, back_after_ms: int | None) -> None:
        self.take_away(place)
        self._back(place, back_after_ms)

    def _back(self, place: Place, after_ms: int | None) -> None:
        if after_ms is not None:
            self._timer.after(after_ms / MS_A_SECOND, lambda: self.bring_back(place))

    def _change(self, place: Place, *, there: bool) -> None:
        if place.slot.address is None:
            self._set_there(place, there=there)
            return
        if self.service is None or not self._is_own(place):
            raise TrayError("this reader is somebody else's", remedy="ask whoever started pcscd")
        with self._changing:
            self._change_entry(self.service, place, there=there)

    def _change_entry(self, service: OwnService, place: Place, *, there: bool) -> None:
        if place.there is there:
            return
        neighbours = [self._register.place(n, away=True) for n in service.neighbours(place.name)]
        if not there:
            for one in neighbours:
                self._set_there(one, there=False)
        away = {one.name for one in self._register.places() if not one.there}
        service.leave_out(away - {one.name for one in neighbours} if there else away)
        if there:
            for one in neighbours:
                self._set_there(one, there=True)

    def _set_there(self, place: Place, *, there: bool) -> None:
        self._register.set_there(place, there=there)
        if not there:
            self._remove(place)

    def _is_own(self, place: Place) -> bool:
        return self.service is not None and place.name in self.service.addresses
