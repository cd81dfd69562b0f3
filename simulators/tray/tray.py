"""Many cards and readers in one process, moved by one hand."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Self

from simulators.card import Interface
from simulators.faults import FaultPlan, FaultRun
from simulators.models.timing import Timing
from simulators.reader.inprocess import InProcessLink
from simulators.tray.absence import Absence
from simulators.tray.errors import TrayError
from simulators.tray.events import Bulletin, EventSink
from simulators.tray.layers import Trace
from simulators.tray.moving import Hand
from simulators.tray.places import Place, TrayCard, TrayReader
from simulators.tray.plastic import Plastic
from simulators.tray.register import Register
from simulators.tray.service import OwnService
from simulators.tray.slots import Address, CardOut, Slot, SlotHere, SlotOfPcsc
from simulators.tray.timer import Timer

if TYPE_CHECKING:
    from simulators.trace import Masking, TraceSink

SETTLE_S: Final = 5.0


class Tray:
    """Cards and readers, and what a hand does with them. Any thread may use it.

    A card is in one reader at most. Contacts and antenna, in process and over PC/SC: it is the same
    card with the same memory. A card that raises counts as pulled out. Whatever is refused raises a
    ``TrayError`` with a remedy, and nothing has changed.

    ``clock`` gives the seconds of the events. ``timing`` is that of new readers; None for cards
    that answer as fast as they can.
    """

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, timing: Timing | None = None
    ) -> None:
        self._bulletin = Bulletin(clock)
        self._register = Register(self._bulletin)
        self._timer = Timer()
        self._absence = Absence(self._register, self._timer, remove=self._take_out)
        self._hand = Hand(self._register, on_vanish=self._absence.vanish)
        self._timing = timing
        self._starting = threading.Lock()
        self._service: OwnService | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def readers(self) -> Mapping[str, TrayReader]:
        """The readers that are there now, by name: read-only, and not kept up to date."""
        return self._register.readers()

    @property
    def cards(self) -> Mapping[str, TrayCard]:
        """The cards by name: read-only, and not kept up to date."""
        return self._register.cards()

    def add_reader(self, name: str, *, interface: Interface = Interface.CONTACT) -> TrayReader:
        """Return a new reader of this process."""
        return self._add(name, interface, lambda on_out: SlotHere(name, on_out))

    def attach_pcsc_reader(
        self, name: str, host: str, port: int, *, interface: Interface = Interface.CONTACT
    ) -> TrayReader:
        """Return a reader that is a slot of somebody's pcscd; `cardsim readers` prints such."""
        return self._add(name, interface, lambda on_out: SlotOfPcsc(Address(host, port), on_out))

    def add_pcsc_readers(
        self, count: int, *, interface: Interface = Interface.CONTACT
    ) -> tuple[str, ...]:
        """Return the names of ``count`` new PC/SC readers, up to 16, of a pcscd of our own.

        Once a tray. The calling thread, and those it starts later, move to a private mount
        namespace, and only they reach these readers through PC/SC. Linux, as root.

        Raises:
            ReaderSetupError: not root, or pcscd or the driver is missing.
            TrayError: the tray has PC/SC readers of its own, or is closed.
        """
        with self._starting:
            self._register.check_open()
            if self._service is not None:
                raise TrayError(
                    "the tray has its PC/SC readers", remedy="ask for all of them at once, up to 16"
                )
            self._service = self._absence.service = OwnService(readers=count)
            for name, address in self._service.addresses.items():
                self.attach_pcsc_reader(name, address.host, address.port, interface=interface)
            return tuple(self._service.addresses)

    def add_card(self, name: str, plastic: Plastic) -> None:
        """Take a card into the tray, in no reader."""
        self._register.add_card(name, plastic)

    def discard_card(self, name: str) -> None:
        """Forget a card that is in no reader."""
        self._register.discard_card(name)

    def insert(self, card: str, reader: str) -> None:
        """Put a card into an empty reader.

        Raises:
            TrayError: no such card or reader, the reader is full, the card is elsewhere, is still
                busy with its last command (after 5 s), or does not power up.
        """
        self._hand.insert(card, self._register.place(reader))

    def remove(self, reader: str) -> str | None:
        """Pull the card out, in the middle of whatever it does; return its name, None if empty.

        A command it is at is finished in the card (waited for 5 s), and its answer is lost.
        """
        return self._hand.remove(self._register.place(reader, away=True))

    def swap(self, card: str, reader: str) -> None:
        """Put a card in place of the one that is in the reader.

        PC/SC's virtual reader gets the gap of 0.5 s that pcscd needs to see the change.

        Raises:
            TrayError: as for ``insert``; a card that does not power up leaves the reader empty.
        """
        self._hand.swap(card, self._register.place(reader))

    def tap(self, card: str, reader: str, *, hold_s: float) -> None:
        """Insert a card, and remove it by itself ``hold_s`` seconds later. Returns at once.

        pcscd looks at a virtual reader every 0.4 s; a shorter tap may pass unseen there.
        """
        place = self._register.place(reader)
        stay = self._hand.insert(card, place)
        self._timer.after(hold_s, lambda: self._hand.end(place, stay))

    def pull_after(self, reader: str, *, commands: int, during: bool = False) -> None:
        """Pull the card with its command number ``commands`` from now, 1 being the next.

        Its answer arrives and then the card is gone; ``during``, the card acts on the command and
        the answer never arrives. Holds for the card that is in, or the next one; once.
        """
        self._register.place(reader).order.give(commands=commands, during=during)

    def set_faults(self, reader: str, plan: FaultPlan | None) -> None:
        """Let every card in that reader have the faults of ``plan`` until another is set.

        Its counts begin here and go on from card to card. A card that is in has them from its next
        command on. Delays pass on the wall, or on the virtual clock of the reader's timing.
        """
        run = None if plan is None else FaultRun(plan)
        self._hand.set_faults(self._register.place(reader), run)

    def record(
        self, reader: str, sink: "TraceSink | None", *, masking: "Masking | None" = None
    ) -> None:
        """Tell ``sink`` of the next cards in that reader; None: record no more of them.

        Personal data is masked unless ``masking`` says otherwise.
        """
        trace = None if sink is None else Trace(sink=sink, masking=masking)
        self._register.place(reader).trace = trace

    def set_timing(self, reader: str, timing: Timing | None) -> None:
        """Let the next cards in that reader be as slow as ``timing`` says."""
        self._register.place(reader).timing = timing

    def connect(self, reader: str) -> InProcessLink:
        """Return the one link to the card in a reader of this process.

        Raises:
            TrayError: no such reader, or one of PC/SC.
            CardGoneError: the reader is empty.
            ReaderBusyError: another link is open.
        """
        return self._register.place(reader).slot.connect()

    def wait_until_noticed(self, reader: str, timeout_s: float = SETTLE_S) -> bool:
        """Return whether a terminal can see the card in that reader, waiting at most that long.

        pcscd looks at a virtual reader every 0.4 s.
        """
        return self._register.place(reader).slot.wait_until_noticed(timeout_s)

    def lose_insertions(self, reader: str, *, count: int = 1) -> None:
        """Let the next ``count`` insertions in that reader be told to no terminal.

        In this process the card is in, and a terminal that looks finds it. Over PC/SC the card is
        not seen until it was removed and inserted once more.
        """
        self._register.place(reader).lost_insertions = count

    def take_reader_away(self, reader: str) -> None:
        """Let a reader disappear; a card in it falls out.

        In this process its link raises ``CardGoneError`` from now on. pcscd 1.9.9 cannot lose one
        virtual reader: it is restarted without the driver's entry, which is the reader's neighbour
        too (both disappear), and all other PC/SC readers are gone for a moment.

        Raises:
            TrayError: no such reader, or it belongs to somebody else's pcscd.
        """
        self._absence.take_away(self._register.place(reader))

    def restore_reader(self, reader: str) -> None:
        """Bring back a reader that disappeared, empty; over PC/SC with its neighbour."""
        self._absence.bring_back(self._register.place(reader, away=True))

    def restart_pcscd(self, *, crash: bool = False) -> None:
        """End the tray's pcscd, as a fault would if ``crash``, and start it again.

        Cards stay in their readers and lose their power; terminals lose the service meanwhile.

        Raises:
            TrayError: the tray has no PC/SC readers of its own.
        """
        self._own_service().restart(crash=crash)

    @property
    def pcscd_pid(self) -> int | None:
        """The process id of the tray's pcscd; None where it has none, or it does not run."""
        return self._service.pid if self._service else None

    def subscribe(self, sink: EventSink) -> Callable[[], None]:
        """Call ``sink`` for every event from now on, in a thread of its own; return what ends that.

        A sink may be slow, may raise and may use the tray. One that falls 1,024 events behind loses
        some, and is told how many by ``EVENTS_LOST``. What ends it waits for a call that is under
        way, at most 5 s.
        """
        return self._bulletin.subscribe(sink)

    def settle(self, timeout_s: float = SETTLE_S) -> bool:
        """Return whether all sinks have been told all events so far, waiting at most that long."""
        return self._bulletin.settle(timeout_s)

    def close(self) -> None:
        """Take all cards out, and end all threads and pcscd. Harmless when repeated."""
        with self._starting:
            if not self._register.close():
                return
        self._timer.close()
        for place in self._register.places():
            self._hand.remove(place)
        if self._service is not None:
            self._service.close()
        self._bulletin.close()

    def _take_out(self, place: Place) -> None:
        self._hand.remove(place)

    def _own_service(self) -> OwnService:
        if self._service is None:
            raise TrayError("no pcscd of the tray's own", remedy="add_pcsc_readers starts one")
        return self._service

    def _add(self, name: str, interface: Interface, make: Callable[[CardOut], Slot]) -> TrayReader:
        # A card can only leave a place that was made before it came.
        slot = make(lambda card: self._register.went_out(place, card))
        place = Place(name, interface, slot, timing=self._timing)
        self._register.add_place(place)
        return TrayReader(place)
