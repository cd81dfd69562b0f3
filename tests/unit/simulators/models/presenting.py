"""A personalized card at a modelled line, with the members that the hosts of the card tests use."""

from simulators.card import NonVolatileMemory, SoftwareCard
from simulators.models import (
    CommandTime,
    Times,
    VirtualClock,
    chip,
    line,
    reader,
    timed_copy,
)
from tests.unit.simulators.card.issuing import Drawn

NS_A_MS = 1_000_000


def times_of(line_name: str = "contactless-424k", chip_name: str = "median") -> Times:
    return Times(chip=chip(chip_name), line=line(line_name), reader=reader())


class Presented:
    """A copy of a card at a line, its clock, and what its commands took."""

    def __init__(self, card: SoftwareCard, times: Times | None = None) -> None:
        self.memory: NonVolatileMemory = card.memory
        self.clock = VirtualClock()
        self.commands: list[CommandTime] = []
        self.card = timed_copy(
            card,
            times or times_of(),
            self.clock,
            entropy=Drawn(),
            observe=self.commands.append,
        )

    def execute(self, command: bytes, /) -> bytes:
        return self.card.execute(command)

    def reset(self) -> bytes:
        return self.card.reset()

    def operations(self) -> dict[str, int]:
        """What the chip did in all commands, by the operations' names."""
        done: dict[str, int] = {}
        for command in self.commands:
            for operation, count in command.operations.items():
                done[operation.value] = done.get(operation.value, 0) + count
        return done
