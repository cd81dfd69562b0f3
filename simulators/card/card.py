"""The software card: the octet seam that readers hold.

Everything a reader can do to a card is here, in octets; no type of this package crosses the seam.
"""

from simulators.card import answer_to_reset, image
from simulators.card.chip import Chip
from simulators.card.dispatch import answer
from simulators.card.image import Image
from simulators.card.memory import NonVolatileMemory, PowerCut
from simulators.card.meter import UNMETERED, Meter
from simulators.card.ports import Clock, Entropy, Interface, SystemClock, SystemEntropy
from simulators.card.scp03_options import POLICY_CARD_SCP03, Scp03Options
from simulators.card.session import Session
from simulators.card.status import CardMuteError


class SoftwareCard:
    """A policy card in a reader, powered from the start.

    ``memory`` outlives the object: two objects over one memory are one card in two readers, one
    after the other. One thread at a time.
    """

    def __init__(  # noqa: PLR0913 - the memory, and the ports by keyword
        self,
        memory: NonVolatileMemory,
        *,
        interface: Interface = Interface.CONTACT,
        entropy: Entropy | None = None,
        clock: Clock | None = None,
        scp03: Scp03Options = POLICY_CARD_SCP03,
        meter: Meter = UNMETERED,
    ) -> None:
        self.memory = memory
        self._chip = Chip(
            image=Image(memory),
            interface=interface,
            entropy=entropy or SystemEntropy(),
            clock=clock or SystemClock(),
            scp03=scp03,
            meter=meter,
        )
        self._powered = False
        self.power_up()

    @property
    def atr(self) -> bytes:
        """The answer to reset at this interface."""
        if self._chip.interface is Interface.CONTACTLESS:
            return answer_to_reset.CONTACTLESS
        return self.memory.get(image.ATR) or answer_to_reset.FAST_155_KBIT

    def power_up(self) -> bytes:
        """Return the ATR; memory that a power cut left half-written is old or new again."""
        return self.reset()

    def power_down(self) -> None:
        """Take the power away: the card is mute, and has forgotten its session."""
        self._powered = False
        self._chip.session = Session()

    def reset(self) -> bytes:
        """Return the ATR; the MF is current and no session is open."""
        self.power_down()
        self.memory.recover()
        self._powered = True
        return self.atr

    def execute(self, command: bytes) -> bytes:
        """Return the R-APDU, SW last, for any octets; what is no C-APDU is ``6700``.

        Raises:
            CardMuteError: the card has no power.
            PowerCut: the memory was told to lose power at a write that this command makes.
        """
        if not self._powered:
            raise CardMuteError("the card has no power")
        try:
            return answer(self._chip, command)
        except PowerCut:
            self.power_down()
            raise
