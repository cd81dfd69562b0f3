"""A tray with PC/SC readers, in the namespace that the suite has for its pcscd."""

from collections.abc import Iterator

import pytest

from simulators.tray import Tray
from tests.pcsc_stack import pcsc_namespace

__all__ = ["pcsc_namespace", "tray"]

READERS = 4


@pytest.fixture
def tray(pcsc_namespace: None) -> Iterator[Tray]:  # noqa: ARG001 - for its effect
    """A tray with four PC/SC readers of its own, and one of this process: ``here``."""
    with Tray() as tray:
        tray.add_pcsc_readers(READERS)
        tray.add_reader("here")
        yield tray
