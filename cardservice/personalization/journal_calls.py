"""A station's journal as a lane sees it, wherever the journal is: here, in another process, afar.

A lane notes each step before it takes it and asks what is known of the chip it found. All it may
ask for is in ``LaneJournal``; ``RemoteJournal`` asks it over any call that returns or raises, and
``LaneShare`` answers for one lane and lets go of what that lane held when the lane is gone.
``journal_brief`` has a journal that is asked in fewer words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from cardservice.errors import UsageError
from cardservice.personalization.journal import Entry, Intent
from cardservice.personalization.journal_opening import begin_order, card_seen, meet_card
from cardservice.personalization.recovery_lives import CardLife
from cardservice.personalization.recovery_rules import Action, Found
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

    def begin(self, intent: Intent, *, only_once: bool) -> None: ...

    def meet(self, chip: bytes, found: Found, intent: Intent, *, only_once: bool) -> Action: ...

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
"""All that may be asked for, one question a call."""

BRIEF_CALLS: Final = frozenset({"begin", "meet", "keep"})
"""Several questions in one, for a lane beside its station; any name not here is refused.

``meet`` is answered with a ``Meeting``; ``keep`` notes an entry of a card, and is answered with
the card's life after it.
"""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What to do with a card, and what is known of it by now."""

    action: Action
    life: CardLife | None


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

    def begin(self, intent: Intent, *, only_once: bool) -> None:
        """Take the order in hand and note its intent; see ``journal_opening.begin_order``."""
        begin_order(self, intent, only_once=only_once)

    def meet(self, chip: bytes, found: Found, intent: Intent, *, only_once: bool) -> Action:
        """Take a card in hand, return what to do with it; see ``journal_opening.meet_card``."""
        return meet_card(self, chip, found, intent, only_once=only_once)

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
        self._unshown: list[Entry] = []

    def answer(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Return what the journal says, once that is shown; raises as it does.

        Raises:
            UsageError: there is no such call.
        """
        result = self.ask(name, arguments)
        self.show()
        return result

    def ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Return what the journal says, as ``answer``; ``show`` is to be called after it.

        For a lane that waits for the answer with a card in its reader: the display can wait.
        """
        if name in BRIEF_CALLS:
            return self._answer_briefly(name, arguments)
        if name not in CALLS:
            raise UsageError("a lane asks its journal for nothing else")
        if name == "knows_used_cards":
            return self._journal.knows_used_cards
        result = getattr(self._journal, name)(*arguments)
        self._remember(name, arguments)
        return result

    def show(self) -> None:
        """Tell the display of what was kept since the last time."""
        unshown, self._unshown = self._unshown, []
        for entry in unshown:
            self._noted(entry)

    def close(self) -> None:
        """Let go of what the lane still held: it is gone."""
        self._journal.let_go(tuple(self._held))
        self._held.clear()
        self.show()

    def _remember(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "take_in_hand":
            self._held.add(arguments[0])
        elif name == "let_go":
            self._held.difference_update(arguments[0])
        elif name == "note":
            self._unshown.append(arguments[0])

    def _answer_briefly(self, name: str, arguments: tuple[Any, ...]) -> Any:
        match name, arguments:
            case "begin", (intent, only_once):
                self._begin(intent, only_once=only_once)
                return None
            case "meet", (chip, found, intent, only_once):
                return self._meet(chip, found, intent, only_once=only_once)
            case _:
                (entry,) = arguments
                self._journal.note(entry)
                self._unshown.append(entry)
                return self._journal.life_of(entry.chip)

    def _begin(self, intent: Intent, *, only_once: bool) -> None:
        self._journal.begin(intent, only_once=only_once)
        if only_once:
            self._held.add(intent.order)
        self._unshown.append(intent)

    def _meet(self, chip: bytes, found: Found, intent: Intent, *, only_once: bool) -> Meeting:
        action = self._journal.meet(chip, found, intent, only_once=only_once)
        self._held.add(chip)
        if action is Action.MAKE:
            self._unshown.append(card_seen(chip, intent))
        return Meeting(action, self._journal.life_of(chip))
