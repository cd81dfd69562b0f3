"""What must lie in the tray, by the journal, and what a person found there."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from cardservice.errors import Refusal
from cardservice.personalization.blanks import known_within, number_of_serial, serial_text
from cardservice.personalization.recovery import Recovery
from cardservice.personalization.recovery_blanks import SerialRange, SerialRanges
from cardservice.personalization.recovery_lives import CardLife

NAMED: Final = 3  # ranges that a sentence lists; a person looks the others up


class StationBlanks(Protocol):
    """What a station's journal says of its blanks."""

    def missing_blanks(self) -> list[SerialRange]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayCount:
    """What differs between the tray and the journal.

    Attributes:
        missing: received and never seen, and not in the tray.
        foreign: in the tray, neither received here nor known.
        used: in the tray, but begun, made or spoiled already.
    """

    missing: Sequence[SerialRange]
    foreign: Sequence[SerialRange]
    used: Sequence[CardLife]

    @property
    def is_as_booked(self) -> bool:
        """Say whether the tray holds what it must hold, and nothing else."""
        return not (self.missing or self.foreign or self.used)


def missing_blanks(recovery: Recovery) -> list[SerialRange]:
    """Return the serials received and never seen, lowest first: what must lie in the tray."""
    known = sorted(map(number_of_serial, recovery.cards))
    return [part for one in recovery.blanks.held for part in _gaps(one, known)]


def expect_tray_empty(journal: StationBlanks) -> None:
    """Do nothing if every blank that was received is accounted for; the tray is said to be empty.

    Raises:
        Refusal: ``blank-missing``, with how many and which.
    """
    missing = journal.missing_blanks()
    if missing:
        count = sum(last - first + 1 for first, last in missing)
        raise Refusal(
            "blank-missing",
            f"The tray is empty, and blanks are missing: {count} ({ranges_text(missing)}). Look "
            "for them; a blank that is lost or torn is booked with: cardservice station stock "
            "spoil",
        )


def count_tray(found: Iterable[SerialRange], recovery: Recovery) -> TrayCount:
    """Return what differs between the serials ``found`` in the tray and the journal."""
    there, missing, foreign = SerialRanges(), SerialRanges(), SerialRanges()
    for first, last in found:
        there.add(first, last)
        foreign.add(first, last)
    for first, last in missing_blanks(recovery):
        missing.add(first, last)
    for first, last in there:
        missing.discard(first, last)
    for first, last in recovery.blanks.held:
        foreign.discard(first, last)
    used = [life for first, last in there for life in known_within(first, last, recovery)]
    for life in used:
        foreign.discard(serial := number_of_serial(life.chip), serial)
    return TrayCount(missing=list(missing), foreign=list(foreign), used=used)


def ranges_text(ranges: Iterable[SerialRange]) -> str:
    """Return the first ranges as people read them, and how many more there are."""
    texts = [
        serial_text(first) if first == last else f"{serial_text(first)} to {serial_text(last)}"
        for first, last in ranges
    ]
    more = f", and {len(texts) - NAMED} ranges more" if len(texts) > NAMED else ""
    return ", ".join(texts[:NAMED]) + more


def _gaps(whole: SerialRange, used: Sequence[int]) -> Iterator[SerialRange]:
    """Yield what is left of ``whole`` without the serials ``used``, which are sorted."""
    first, last = whole
    inside = used[bisect_left(used, first) : bisect_right(used, last)]
    for before, after in pairwise((first - 1, *inside, last + 1)):
        if before + 1 < after:
            yield before + 1, after - 1
