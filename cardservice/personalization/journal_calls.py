"""A station's journal as a lane sees it, wherever the journal is: here, in another process, afar.

A lane notes each step before it takes it and asks what is known of the chip it found. All it may
ask for is in ``LaneJournal``; ``RemoteJournal`` asks it over any call that returns or raises, and
``LaneShare`` answers for one lane and lets go of what that lane held when the lane is gone.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, cast

from cardservice.errors import UsageError
from cardservice.personalization.journal import Entry
from cardservice.personalization.recovery_lives import CardLife
from cardservice.personalization.recovery_services import ServiceLife


class LaneJournal(Protocol):
    """What a lane asks of the journal; raises Refusal as ``StationJournal`` does."""

    def note(self, entry: Entry) -> None: ...

    def life_of(self, chip: bytes) -> CardLife | None: ...

    def holder_of(self, order: str) -> CardLife | None: ...

    def bearer_of(self, number: int) -> CardLife | None: ...

    def service_of(self, order: str) -> ServiceLife | None: ...

    def is_foreign(self, chip: bytes) -> bool: ...

    def reported(self, chip: bytes) -> None: ...

    def take_in_hand(self, what: str | bytes) -> None: ...

    def let_go(self, what: Iterable[str | bytes]) -> None: ...

    @property
    def knows_used_cards(self) -> bool: ...


Call = Callable[[str, tuple[Any, ...]], Any]
"""Name and arguments of one of ``CALLS`` → what it returns; raises what it raises."""

CALLS: Final = frozenset(
    {
        "note",
        "life_of",
        "holder_of",
        "bearer_of",
        "service_of",
        "is_foreign",
        "reported",
        "take_in_hand",
        "let_go",
        "knows_used_cards",
    }
)
"""All that a lane may ask for; any other name is refused."""


class RemoteJournal:
    """A journal that is asked through ``call``."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def note(self, entry: Entry) -> None:
        """Have ``entry`` written; when this returns, the step it announces may be done."""
        self._call("note", (entry,))

    def life_of(self, chip: bytes) -> CardLife | None:
        """Return what is known of a chip."""
        return cast("CardLife | None", self._call("life_of", (chip,)))

    def holder_of(self, order: str) -> CardLife | None:
        """Return the card that holds the order; None: it is free to be made."""
        return cast("CardLife | None", self._call("holder_of", (order,)))

    def bearer_of(self, number: int) -> CardLife | None:
        """Return the card whose chip was given that place in the status list."""
        return cast("CardLife | None", self._call("bearer_of", (number,)))

    def service_of(self, order: str) -> ServiceLife | None:
        """Return how far an order for a card in somebody's hands came."""
        return cast("ServiceLife | None", self._call("service_of", (order,)))

    def is_foreign(self, chip: bytes) -> bool:
        """Say whether the station was handed blanks by serial, and none with this one."""
        return bool(self._call("is_foreign", (chip,)))

    def reported(self, chip: bytes) -> None:
        """Have it noted that the outcome of a chip was told of."""
        self._call("reported", (chip,))

    def take_in_hand(self, what: str | bytes) -> None:
        """Let no other lane have an order or a chip; Raises: Refusal ``in-hand``."""
        self._call("take_in_hand", (what,))

    def let_go(self, what: Iterable[str | bytes]) -> None:
        """Let any lane have these orders and chips again."""
        self._call("let_go", (tuple(what),))

    @property
    def knows_used_cards(self) -> bool:
        """Say whether a personalized card may be one that is waited for."""
        return bool(self._call("knows_used_cards", ()))


class LaneShare:
    """One lane's share of a journal: answers its calls, and lets go of all it held at the end.

    Args:
        journal: the station's.
        noted: told of every entry that was kept, for the lane's display.
    """

    def __init__(
        self, journal: LaneJournal, *, noted: Callable[[Entry], None] = lambda _: None
    ) -> None:
        self._journal = journal
        self._noted = noted
        self._held: set[str | bytes] = set()

    def answer(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Return what the journal says; raises as it does.

        Raises:
            UsageError: there is no such call.
        """
        if name not in CALLS:
            raise UsageError("a lane asks its journal for nothing else")
        if name == "knows_used_cards":
            return self._journal.knows_used_cards
        result = getattr(self._journal, name)(*arguments)
        self._remember(name, arguments)
        return result

    def close(self) -> None:
        """Let go of what the lane still held: it is gone."""
        self._journal.let_go(tuple(self._held))
        self._held.clear()

    def _remember(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "take_in_hand":
            self._held.add(arguments[0])
        elif name == "let_go":
            self._held.difference_update(arguments[0])
        elif name == "note":
            self._noted(arguments[0])
