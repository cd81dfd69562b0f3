"""What holds for the whole run."""

import gc
import signal
from typing import Final

import pytest

SOAKS: Final = (
    "tests/simulated/pcsc/test_insertions_soak.py",
    "tests/simulated/desk_soak/test_desk_soak.py",
)
"""Minutes that mostly wait for readers: beside each other, before the machine is full of work."""

# A shell starts what it sends to the background deaf to interrupts, and every program of a test
# would inherit that; tests end some of them so.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the soaks."""
    items.sort(key=lambda item: not item.nodeid.startswith(SOAKS))


def pytest_collection_finish() -> None:
    """Keep the collected tests, some millions of objects, out of every later collection."""
    gc.collect()
    gc.freeze()
