"""``python -m bench.station_machines FOLDER TIME HOST:PORT ...``: a machine at each virtual reader.

It says in a line of JSON the URLs at which they are asked, in the order of the readers, and ends
with its input. Its cards are in this process, so that their computing is none of the station's.
"""

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from simulators.feeder import FeederMachine, FeederServer, Hopper, new_hopper, open_hopper
from simulators.reader import VirtualReaderSlot

BLANKS: Final = 1000  # of a machine: more than any measurement takes
_SERIAL_BITS: Final = 56  # the first octet of a chip's serial is its machine's number


def hopper(machine: int, time: str) -> Hopper:
    """Return what is in the hopper of a machine, counted from 1."""
    return Hopper(cards=BLANKS, first=(machine << _SERIAL_BITS) + 1, time=time)


def main(folder: Path, time: str, readers: list[str]) -> None:
    """Serve machines at these readers until the standard input ends."""
    with ExitStack() as stack:
        urls = [
            _serve(stack, folder / f"machine-{number}", hopper(number, time), reader)
            for number, reader in enumerate(readers, start=1)
        ]
        print(json.dumps(urls), flush=True)
        sys.stdin.read()


def _serve(stack: ExitStack, folder: Path, cards: Hopper, reader: str) -> str:
    new_hopper(folder, cards)
    host, _, port = reader.partition(":")
    machine = FeederMachine(
        stack.enter_context(open_hopper(folder)),
        stack.enter_context(VirtualReaderSlot(host, int(port))),
    )
    return stack.enter_context(FeederServer(machine)).url


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
