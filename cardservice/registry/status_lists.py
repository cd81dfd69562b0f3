"""Which card has which status, and how the list follows what happens to cards.

A place is suspended from the moment it is given out: a card that was made and not reported yet,
or begun and spoiled, is not valid. It becomes valid when its card is handed over.

The list follows the audit log, whose entries are written in the transaction of each change and
numbered without a gap: a mark in it is a moment of the register, which a time stamp is not.

Source: domain.md, "States": card; draft-ietf-oauth-status-list, section 7.1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Final, Protocol

from cardservice.domain.lives import CardState
from cardservice.pki.status_list import StatusArray, StatusType
from cardservice.registry.stations_numbers import INDEX_BITS

STATUS_OF: Final[Mapping[str, StatusType]] = MappingProxyType(
    {
        CardState.BLANK.value: StatusType.SUSPENDED,
        CardState.PERSONALIZED.value: StatusType.SUSPENDED,
        CardState.ACTIVE.value: StatusType.VALID,
        CardState.BLOCKED.value: StatusType.SUSPENDED,
        CardState.TERMINATED.value: StatusType.INVALID,
    }
)
NOT_MADE: Final = None
"""In place of a card's state: its place was given out, and no card is known that has it."""

_INVALID, _SUSPENDED, _VALID = StatusType.INVALID, StatusType.SUSPENDED, StatusType.VALID
_WORST_FIRST: Final = (_INVALID, _SUSPENDED, _VALID)
_AT_ONCE: Final = 200  # numbers asked for together
_INDEX: Final = (1 << INDEX_BITS) - 1


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of a region's audit log: all up to it is on the list."""

    number: int
    hash: bytes = field(repr=False)


class StatusRows(Protocol):
    """The register at one moment; numbers are those of ``Card.number``."""

    def marks(self) -> Mapping[str, Mark]:
        """Return region → the newest entry of its audit log."""
        ...

    def knows(self, region: str, mark: Mark) -> bool:
        """Say whether the region's log has that very entry: else it is another history."""
        ...

    def not_active(self) -> Iterator[tuple[int, str | None]]:
        """Yield every card that is not active, and every place with NOT_MADE."""
        ...

    def touched(self, region: str, after: int) -> Iterator[int]:
        """Yield the numbers that entries after ``after`` are about, some more than once."""
        ...

    def states(self, numbers: Iterable[int]) -> Iterator[tuple[int, str | None]]:
        """Yield the states of the cards with those numbers, and places with NOT_MADE."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptList:
    """A list and the moment it is of.

    Attributes:
        number: the list's (EF.CardID, tag 55, first 2 octets).
        marks: by region.
        array: belongs to this value alone and is changed with the next one.
    """

    number: int
    marks: Mapping[str, Mark]
    array: StatusArray = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What building came to.

    Attributes:
        whole: the register was read as a whole, not only what had changed.
        changed: places that got another status.
    """

    kept: KeptList
    whole: bool
    changed: int


def build(rows: StatusRows, *, number: int, places: int) -> Built:
    """Return the list as the whole register says.

    Raises:
        UsageError: a card lies beyond ``places``.
    """
    array = StatusArray(places)
    changed = 0
    for card, state in rows.not_active():
        if card >> INDEX_BITS == number:
            place = card & _INDEX
            status, there = status_of(state), array.get(place)
            changed += array.set(place, status if there is _VALID else worst((status, there)))
    kept = KeptList(number=number, marks=rows.marks(), array=array)
    return Built(kept=kept, whole=True, changed=changed)


def bring_up_to_date(kept: KeptList, rows: StatusRows) -> Built:
    """Return the list with what happened since; as a whole where its marks are unknown.

    A region whose log does not have the mark was restored from a backup, or is another's.
    """
    marks = rows.marks()
    if any(not rows.knows(region, mark) for region, mark in kept.marks.items()):
        return build(rows, number=kept.number, places=kept.array.places)
    changed = 0
    for region in marks:
        after = kept.marks[region].number if region in kept.marks else 0
        for numbers in _batches(rows.touched(region, after)):
            changed += _put(kept, rows, numbers)
    now = KeptList(number=kept.number, marks=marks, array=kept.array)
    return Built(kept=now, whole=False, changed=changed)


def status_of(state: str | None) -> StatusType:
    """Return the status of a card in that state, a value of ``CardState``.

    A state that is not known is no reason to call a card valid.
    """
    return StatusType.SUSPENDED if state is NOT_MADE else STATUS_OF.get(state, StatusType.SUSPENDED)


def worst(statuses: Iterable[StatusType]) -> StatusType:
    """Return the worst of them, VALID of none.

    Cards of older programs may share a number across regions: then none is better than another.
    """
    there = set(statuses)
    return next((one for one in _WORST_FIRST if one in there), _VALID)


def _put(kept: KeptList, rows: StatusRows, numbers: Iterable[int]) -> int:
    own = {one for one in numbers if one >> INDEX_BITS == kept.number}
    found: dict[int, list[StatusType]] = {one: [] for one in own}
    for card, state in rows.states(own):
        found[card].append(status_of(state))
    array = kept.array
    return sum(array.set(card & _INDEX, worst(said)) for card, said in found.items())


def _batches(numbers: Iterator[int]) -> Iterator[list[int]]:
    while batch := list(islice(numbers, _AT_ONCE)):
        yield batch
