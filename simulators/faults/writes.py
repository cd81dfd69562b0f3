"""Losing power at a chosen write of non-volatile memory."""

from collections.abc import Callable

from simulators.card import NonVolatileMemory, PowerCut
from simulators.faults.run import ArmedFault, FaultRun


class WriteWatch:
    """Counts what a card writes, and lets power go where the plan or the command's faults say."""

    def __init__(self, memory: NonVolatileMemory | None, run: FaultRun) -> None:
        self._memory = memory
        self._run = run

    def during(
        self, action: Callable[[], bytes], *, cut_at: int, struck: Callable[[ArmedFault], None]
    ) -> bytes:
        """Return what ``action`` of the card returns.

        ``cut_at`` is the write of this action at which power goes, 0 for none. ``struck`` is told
        when it was the plan's own write.

        Raises:
            PowerCut: power went.
        """
        memory = self._memory
        if memory is None:
            return action()
        before, planned = memory.writes, self._run.next_at_write()
        planned_at = (planned and planned.writes_left) or 0
        wanted = min((at for at in (cut_at, planned_at) if at), default=0)
        if wanted:
            memory.cut_power_at(before + wanted)
        try:
            return action()
        except PowerCut:
            if planned is not None and memory.writes == before + planned_at:
                struck(planned)
            raise
        finally:
            self._run.note_writes(memory.writes - before)
            if wanted:
                memory.cut_power_at(0)
