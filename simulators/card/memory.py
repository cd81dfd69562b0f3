"""The non-volatile memory of the chip: named cells, numbered writes, transactions.

A real chip may lose power between any two writes. Here every write has a number, and a test can
cut the power at any of them; what the next power-up finds is what a real card would find. One cell
is written whole or not at all.
"""

from collections.abc import Callable, Mapping

Persist = Callable[[Mapping[str, bytes]], None]


class PowerCut(Exception):  # noqa: N818 - it is an event at the card, not an error of the program
    """The power went at the chosen write: the write did not happen, the card is off."""


class MemoryFailureError(Exception):
    """The cells could not be kept; they are as before."""


class NonVolatileMemory:
    """Cells by name. A transaction takes effect as a whole or not at all, power or no power.

    A transaction is written to a journal, one write a cell, then marked as complete by one more
    write, then carried over cell by cell and cleared. ``recover`` (at power-up) finishes a complete
    journal and forgets an incomplete one.
    """

    def __init__(
        self,
        cells: Mapping[str, bytes] | None = None,
        *,
        persist: Persist | None = None,
        release: Callable[[], None] | None = None,
    ) -> None:
        """``persist`` keeps all cells elsewhere, before a write counts; ``release`` ends that."""
        self._cells = dict(cells or {})
        self._persist = persist
        self._release = release
        self._journal: dict[str, bytes | None] = {}
        self._journal_is_complete = False
        self._cut_at = 0
        self.writes = 0

    def get(self, name: str) -> bytes | None:
        """Return the content of a cell, or None when there is no such cell."""
        return self._cells.get(name)

    def cells(self) -> dict[str, bytes]:
        """Return a copy of all cells, as an attacker with a microscope would see them."""
        return dict(self._cells)

    def put(self, name: str, value: bytes) -> None:
        """Write one cell: one write.

        Raises:
            MemoryFailureError: the backing file could not be written; the old content stays.
        """
        self._step()
        self._keep({**self._cells, name: value} if self._persist else self._cells)
        self._cells[name] = value

    def transaction(self, changes: Mapping[str, bytes | None]) -> None:
        """Write several cells as one; None removes a cell.

        Raises:
            MemoryFailureError: the backing file could not be written; all old contents stay.
        """
        for name, value in changes.items():
            self._step()
            self._journal[name] = value
        self._step()
        try:
            self._keep(_merged(self._cells, self._journal))
        except MemoryFailureError:
            self._journal.clear()
            raise
        self._journal_is_complete = True
        self._carry_over()

    def recover(self) -> None:
        """Finish or forget what a loss of power left behind. The card calls it at power-up."""
        if self._journal_is_complete:
            self._carry_over()
        self._journal.clear()

    def close(self) -> None:
        """Let go of what keeps the cells elsewhere, for the next to have; writing then fails.

        Harmless when repeated, and for a memory that nothing keeps.
        """
        if self._release is not None:
            self._release()

    def cut_power_at(self, write_number: int) -> None:
        """Let the power go at that write (counted as ``writes`` counts); 0 calls it off."""
        self._cut_at = write_number

    def _carry_over(self) -> None:
        for name, value in self._journal.items():
            self._step()
            _set(self._cells, name, value)
        self._step()
        self._journal_is_complete = False
        self._journal.clear()

    def _step(self) -> None:
        self.writes += 1
        if self.writes == self._cut_at:
            self._cut_at = 0
            raise PowerCut

    def _keep(self, cells: Mapping[str, bytes]) -> None:
        if self._persist is None:
            return
        try:
            self._persist(cells)
        except OSError as error:
            raise MemoryFailureError(str(error)) from error


def _merged(cells: Mapping[str, bytes], changes: Mapping[str, bytes | None]) -> dict[str, bytes]:
    merged = dict(cells)
    for name, value in changes.items():
        _set(merged, name, value)
    return merged


def _set(cells: dict[str, bytes], name: str, value: bytes | None) -> None:
    if value is None:
        cells.pop(name, None)
    else:
        cells[name] = value
