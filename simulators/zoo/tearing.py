"""A hand that tears a card out of the station's reader at a chosen step."""

from simulators.card.apdu import CLA
from simulators.reader.errors import CardGoneError
from simulators.zoo.port import Link
from simulators.zoo.recipes import Torn


class TearingLink:
    """A link whose card is gone once the command of ``torn`` was answered."""

    def __init__(self, link: Link, torn: Torn) -> None:
        self._link = link
        self._torn = torn
        self._left = torn.times
        self.close = link.close

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._link.atr

    @property
    def was_torn(self) -> bool:
        """Whether the card is gone."""
        return not self._left

    def exchange(self, command: bytes) -> bytes:
        """Return the answer; raises CardGoneError when the card is gone, or goes now."""
        self._require_card()
        answer = self._link.exchange(command)
        if self._is_the_step(command):
            self._left -= 1
        self._require_card()
        return answer

    def reset(self) -> bytes:
        """Return the ATR; raises CardGoneError when the card is gone."""
        self._require_card()
        return self._link.reset()

    def _require_card(self) -> None:
        if self.was_torn:
            raise CardGoneError("the card was torn out")

    def _is_the_step(self, command: bytes) -> bool:
        cla, ins, p1 = command[:3]
        wanted = self._torn.p1
        return (cla, ins) == (CLA.GLOBALPLATFORM_SM, self._torn.ins) and wanted in (None, p1)
