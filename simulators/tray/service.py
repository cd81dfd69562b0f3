"""A pcscd of the tray's own, kept by one thread as long as the tray is open."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from simulators.reader import namespace
from simulators.reader.daemon import PrivatePcscd
from simulators.reader.ports import SLOTS_PER_ENTRY
from simulators.tray.slots import Address

T = TypeVar("T")


class OwnService:
    """A private pcscd with virtual readers.

    Starting one moves the calling thread, and those it starts later, to a private mount namespace:
    terminals must run in them. pcscd itself dies with the thread that started it, which therefore
    is one of ours and not the caller's.
    """

    def __init__(self, *, readers: int) -> None:
        """Start pcscd.

        Raises:
            ReaderSetupError: not root, or pcscd or the driver is missing, or more than 16.
        """
        namespace.enter()
        self._daemon = PrivatePcscd(readers=readers)
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="tray pcscd")
        try:
            self._kept(self._daemon.start)
        except BaseException:
            self._keeper.shutdown()
            raise
        slots = self._daemon.slots[:readers]
        self.addresses: Mapping[str, Address] = {
            slot.name: Address(slot.host, slot.port) for slot in slots
        }

    @property
    def pid(self) -> int | None:
        """The process id of pcscd, None while it does not run."""
        return self._daemon.pid

    def restart(self, *, crash: bool) -> None:
        """End pcscd, without notice if ``crash``, and start it with the same readers."""
        self._kept(self._daemon.crash if crash else self._daemon.stop)
        self._kept(self._daemon.start)

    def neighbours(self, name: str) -> tuple[str, ...]:
        """Return the readers that share a driver entry with ``name``, itself too."""
        names = tuple(self.addresses)
        first = names.index(name) // SLOTS_PER_ENTRY * SLOTS_PER_ENTRY
        return names[first : first + SLOTS_PER_ENTRY]

    def leave_out(self, names: Collection[str]) -> None:
        """Restart pcscd without the readers ``names``."""
        self._kept(lambda: self._daemon.restart_without(names))

    def close(self) -> None:
        """Stop pcscd. Harmless when repeated."""
        try:
            self._kept(self._daemon.close)
        except RuntimeError:
            return  # closed before
        self._keeper.shutdown()

    def _kept(self, action: Callable[[], T]) -> T:
        return self._keeper.submit(action).result()
