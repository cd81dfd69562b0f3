"""Which blank cards a station was handed, by ranges of chip serials."""

from dataclasses import dataclass, field

from cardservice.personalization.journal import BlanksEntry, BlanksReceived


@dataclass(slots=True)
class Blanks:
    """The sum of a journal's entries about blanks.

    Attributes:
        ranges: received and not given back, first and last included, in the order of receipt.
        received, returned: how many, since the journal began.
    """

    ranges: list[tuple[int, int]] = field(default_factory=list)
    received: int = 0
    returned: int = 0

    def apply(self, entry: BlanksEntry) -> None:
        """Take one more entry in."""
        count = entry.last - entry.first + 1
        if isinstance(entry, BlanksReceived):
            self.ranges.append((entry.first, entry.last))
            self.received += count
            return
        self.returned += count
        self.ranges = [part for one in self.ranges for part in _without(one, entry)]

    def covers(self, serial: int) -> bool:
        """Say whether the blank with that chip serial was handed to this station."""
        return any(first <= serial <= last for first, last in self.ranges)


def _without(whole: tuple[int, int], entry: BlanksEntry) -> list[tuple[int, int]]:
    first, last = whole
    parts = [(first, min(last, entry.first - 1)), (max(first, entry.last + 1), last)]
    return [(low, high) for low, high in parts if low <= high]
