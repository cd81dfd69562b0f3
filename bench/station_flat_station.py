"""``python -m bench.station_flat_station ORDERS MORE``: a station that made ORDERS cards before.

It says in a line of JSON how long its start took and what memory it holds; then makes, for each
line with a number, so many more cards (MORE in all), and says in how many seconds. It ends with
its input. Nobody waits for a disk: what a disk takes is the same however many orders there were,
and would hide what is not.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from typing import Final
from unittest.mock import patch

from bench.station_flat_lane import SERIAL_OCTETS, IdleLane
from bench.station_stage import NO_WAITING, PATIENCE_S, floor_of, journal_of, station
from cardservice.domain.register import CardStatus
from cardservice.home.issuer import INDEX_BITS, STATUS_LIST, open_home, utc_now
from cardservice.home.station_demonstration import Demonstration
from cardservice.home.station_journal import station_folder
from cardservice.home.station_sources_rows import row_names
from cardservice.home.station_sources_table import table_lines
from cardservice.personalization.floor import Floor
from cardservice.personalization.journal import CardMade, OutcomeReported
from cardservice.storage.ledger import LedgerEntry

LANES: Final = 4
_NEW_CHIPS: Final = 1 << 62  # serials of the cards made while it is measured
_OLD_CHIPS: Final = 1 << 61
_LOOK_S: Final = 0.001
_MIB: Final = 1 << 20


def main(orders: int, more: int) -> None:
    """Serve the standard input."""
    with ExitStack() as stack:
        stack.enter_context(patch("os.fsync", lambda _: None))
        made = stack.enter_context(station(orders + more))
        _fill(made, orders)
        began, allowed = time.perf_counter(), threading.Semaphore(0)
        chips = map(_serial, count(_NEW_CHIPS))  # of all lanes: each takes the next
        lanes = [IdleLane(number, chips, allowed) for number in range(1, LANES + 1)]
        floor = stack.enter_context(floor_of(made, lanes, disk=NO_WAITING))
        stack.callback(_stop, floor)
        floor.start()
        _make(floor, allowed, 1)
        start_s = time.perf_counter() - began
        _say({"start_s": round(start_s, 2), "resident_mib": round(_resident_mib(), 1)})
        for line in sys.stdin:
            _say({"seconds": _make(floor, allowed, int(line))})


def _fill(made: Demonstration, orders: int) -> None:
    """Let the first rows of the table be made and told of, as a compacted journal has them."""
    names, lines = row_names(station_folder(made.settings), entropy=os.urandom), _lines(made)
    names.learn(next(lines))
    ledger, signed_at = open_home(made.settings).ledger, utc_now().replace(microsecond=0)
    with journal_of(made, NO_WAITING) as journal:
        for place, line in enumerate(islice(lines, orders), start=1):
            row, number = names.of_line(line), STATUS_LIST << INDEX_BITS | place
            if row is None:
                raise AssertionError("a row of the table has no name")
            chip = _serial(_OLD_CHIPS + place)
            journal.append(
                CardMade(chip=chip, order=row.order_id, number=number, signed_at=signed_at)
            )
            journal.append(OutcomeReported(chip=chip))
            ledger.record(
                LedgerEntry(
                    enp=row.enp, card_number=number, signed_at=signed_at, status=CardStatus.ACTIVE
                )
            )


def _lines(made: Demonstration) -> Iterator[bytes]:
    return table_lines(made.holders)()


def _serial(number: int) -> bytes:
    return number.to_bytes(SERIAL_OCTETS)


def _make(floor: Floor, allowed: threading.Semaphore, cards: int) -> float:
    """Return the seconds in which so many more cards are made and told of."""
    wanted, grown = floor.view.made + cards, threading.Condition()

    def look() -> None:
        with grown:
            grown.notify_all()

    forget = floor.subscribe(look)
    began = time.perf_counter()
    allowed.release(cards)
    with grown:
        is_done = grown.wait_for(lambda: floor.view.made >= wanted, PATIENCE_S)
    # What is told does not always change the view, so it is asked for.
    while is_done and floor.telling.untold:
        time.sleep(_LOOK_S)
    seconds = time.perf_counter() - began
    forget()
    if not is_done:
        raise AssertionError(f"a floor without cards stands still: {floor.view}")
    return seconds


def _stop(floor: Floor) -> None:
    floor.stop()
    floor.wait(PATIENCE_S)


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


def _say(said: dict[str, float]) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
