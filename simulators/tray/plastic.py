"""A card in the hand: it can go into any reader, by its contacts or over the air.

What a reader holds is one side of it, made anew for each insertion; its memory is always the same.
"""

from typing import Protocol

from simulators.card import Clock, Entropy, Interface, Meter, NonVolatileMemory, SoftwareCard
from simulators.card.meter import UNMETERED
from simulators.reader.card import Card


class Plastic(Protocol):
    """Any card that can be put into a reader."""

    @property
    def memory(self) -> NonVolatileMemory | None:
        """What outlives a loss of power; None for a card that keeps nothing."""
        ...

    def at(
        self,
        interface: Interface,
        *,
        entropy: Entropy | None = None,
        clock: Clock | None = None,
        meter: Meter = UNMETERED,
    ) -> Card:
        """Return the card as a reader of that kind meets it, powered.

        ``entropy`` (its random numbers), ``clock`` (where its waits pass) and ``meter`` (told of
        its work) are the machine's, real time and nobody unless given. One side at a time.
        """
        ...


class SoftwarePlastic:
    """A software card by its memory: contacts and antenna lead to the same one."""

    def __init__(self, memory: NonVolatileMemory) -> None:
        self.memory: NonVolatileMemory | None = memory
        self._memory = memory

    def at(
        self,
        interface: Interface,
        *,
        entropy: Entropy | None = None,
        clock: Clock | None = None,
        meter: Meter = UNMETERED,
    ) -> Card:
        """Return the side of the card at ``interface``."""
        return SoftwareCard(
            self._memory, interface=interface, entropy=entropy, clock=clock, meter=meter
        )


class PlainPlastic:
    """A card that is the same in every reader and has no ports: of the field, foreign, a double."""

    def __init__(self, card: Card) -> None:
        self.memory: NonVolatileMemory | None = None
        self._card = card

    def at(
        self,
        interface: Interface,  # noqa: ARG002 - the seam of every card
        *,
        entropy: Entropy | None = None,  # noqa: ARG002
        clock: Clock | None = None,  # noqa: ARG002
        meter: Meter = UNMETERED,  # noqa: ARG002
    ) -> Card:
        """Return the card itself."""
        return self._card
