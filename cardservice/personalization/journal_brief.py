"""A journal that is asked in few words: by a lane that has a process of its own.

A word between two processes of which one sleeps costs as much as an entry on the disk. So what a
lane asks at a turn's begin is one call, and what it was told of a chip that it has in hand it
remembers: until it lets go, nobody but this lane writes where that chip stands.
"""

from collections.abc import Iterable

from typing_extensions import override

from cardservice.personalization.journal import CardEntry, Entry, Intent
from cardservice.personalization.journal_calls import Call, Meeting, RemoteJournal
from cardservice.personalization.recovery_lives import CardLife
from cardservice.personalization.recovery_rules import Action, Found


class BriefJournal(RemoteJournal):
    """A journal that is asked through ``call``, which a ``LaneShare`` answers.

    What is let go of here is let go of there when the share is closed, which is at the end of the
    same job: until then it is nobody else's.

    Of a chip in hand others write one thing, that its outcome was told of. So ``reported`` and
    ``sequence`` of a remembered life may be of before; where the chip stands, for which order and
    with which key, may not.
    """

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self._in_hand: set[str | bytes] = set()
        self._lives: dict[bytes, CardLife | None] = {}

    @override
    def note(self, entry: Entry) -> None:
        """Have ``entry`` written; when this returns, the step it announces may be done."""
        if not isinstance(entry, CardEntry) or entry.chip not in self._in_hand:
            super().note(entry)
            return
        self._lives.pop(entry.chip, None)  # after a refusal it is asked for anew
        self._lives[entry.chip] = self._call("keep", (entry,))

    @override
    def life_of(self, chip: bytes) -> CardLife | None:
        """Return what is known of a chip."""
        if chip in self._lives:
            return self._lives[chip]
        life = super().life_of(chip)
        if chip in self._in_hand:
            self._lives[chip] = life
        return life

    @override
    def reported(self, chip: bytes) -> None:
        """Have it noted that the outcome of a chip was told of."""
        self._lives.pop(chip, None)
        super().reported(chip)

    @override
    def take_in_hand(self, what: str | bytes) -> None:
        """Let no other lane have an order or a chip; Raises: Refusal ``in-hand``."""
        super().take_in_hand(what)
        self._in_hand.add(what)

    @override
    def let_go(self, what: Iterable[str | bytes]) -> None:
        """Remember no more of these; the share lets any lane have them at the job's end."""
        for one in what:
            self._in_hand.discard(one)
            if isinstance(one, bytes):
                self._lives.pop(one, None)

    @override
    def begin(self, intent: Intent, *, only_once: bool) -> None:
        """Take the order in hand and note its intent; see ``journal_opening.begin_order``."""
        self._call("begin", (intent, only_once))
        if only_once:
            self._in_hand.add(intent.order)

    @override
    def meet(self, chip: bytes, found: Found, intent: Intent, *, only_once: bool) -> Action:
        """Take a card in hand, return what to do with it; see ``journal_opening.meet_card``."""
        met: Meeting = self._call("meet", (chip, found, intent, only_once))
        self._in_hand.add(chip)
        self._lives[chip] = met.life
        return met.action
