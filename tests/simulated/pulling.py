"""A hand that pulls a card out of its reader at a chosen moment."""

from collections.abc import Callable

from cardservice.transport.link import CardLink


class PulledOut:
    """A link whose card is pulled at the call number ``at``, resets counted too.

    ``late`` lets the card act on that call first, so that only its answer is lost.
    """

    def __init__(
        self, link: CardLink, pull: Callable[[], None], *, at: int, late: bool = False
    ) -> None:
        self._link = link
        self._pull = pull
        self._at = at
        self._late = late
        self.calls = 0

    @property
    def atr(self) -> bytes:
        return self._link.atr

    def exchange(self, command: bytes) -> bytes:
        return self._at_its_time(lambda: self._link.exchange(command))

    def reset(self) -> bytes:
        return self._at_its_time(self._link.reset)

    def close(self) -> None:
        self._link.close()

    def _at_its_time(self, action: Callable[[], bytes]) -> bytes:
        self.calls += 1
        if self.calls == self._at:
            if self._late:
                action()
            self._pull()
        return action()
