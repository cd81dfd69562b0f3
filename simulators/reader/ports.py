"""Free TCP ports for the virtual reader driver, which wants two neighbours an entry."""

import random
import re
import socket
from pathlib import Path
from typing import Final

from simulators.reader.errors import ReaderSetupError

SLOTS_PER_ENTRY: Final = 2
# Below the range from which systems draw the ports of outgoing connections.
LOWEST: Final = 20_000
HIGHEST: Final = 32_000
ATTEMPTS: Final = 200
TCP_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
STATE_LISTEN: Final = "0A"
ADDRESS_COLUMN: Final = 1
STATE_COLUMN: Final = 3
INODE_COLUMN: Final = 9
SOCKET_LINK: Final = re.compile(r"socket:\[(\d+)\]")


def free_pairs(count: int) -> tuple[int, ...]:
    """Return the lower ports of ``count`` pairs of neighbours, all free a moment ago.

    Several programs may look at once, so the place to look is random, and whoever uses the ports
    must cope with one being taken after all.

    Raises:
        ReaderSetupError: none were found.
    """
    span = SLOTS_PER_ENTRY * count
    for _ in range(ATTEMPTS):
        first = random.randrange(LOWEST, HIGHEST - span, SLOTS_PER_ENTRY)  # noqa: S311
        if all(is_free(port) for port in range(first, first + span)):
            return tuple(range(first, first + span, SLOTS_PER_ENTRY))
    raise ReaderSetupError(
        f"no {span} free ports in a row between {LOWEST} and {HIGHEST}",
        remedy="end programs that listen there",
    )


def is_free(port: int) -> bool:
    """Whether the driver could listen on ``port``; it listens on every interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - the driver's own choice, asked about here
            probe.listen(0)
        except OSError:
            return False
    return True


def listening(pid: int) -> frozenset[int]:
    """Return the TCP ports that the process ``pid``, one of ours, listens on."""
    sockets = _sockets_of(pid)
    rows = (row for table in TCP_TABLES if table.exists() for row in _rows(table))
    return frozenset(
        int(row[ADDRESS_COLUMN].rpartition(":")[2], 16)
        for row in rows
        if row[STATE_COLUMN] == STATE_LISTEN and row[INODE_COLUMN] in sockets
    )


def _sockets_of(pid: int) -> frozenset[str]:
    try:
        links = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    except FileNotFoundError:
        return frozenset()  # a file was closed, or the process ended, while we looked
    return frozenset(SOCKET_LINK.findall(" ".join(links)))


def _rows(table: Path) -> list[list[str]]:
    return [line.split() for line in table.read_text().splitlines()[1:]]
