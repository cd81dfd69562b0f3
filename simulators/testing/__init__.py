"""What the pytest plugin gives to tests: cards by name, readers to put them in, traces of failures.

Nothing here needs pytest; see ``docs/pytest-plugin.md``.
"""

from simulators.testing.cards import PolicyCard, PolicyCards
from simulators.testing.markers import MarkerError, Wishes
from simulators.testing.pcsc import PcscReader, PcscService
from simulators.testing.readers import CardReader
from simulators.testing.recording import TrayOfTest, keep_trace

__all__ = [
    "CardReader",
    "MarkerError",
    "PcscReader",
    "PcscService",
    "PolicyCard",
    "PolicyCards",
    "TrayOfTest",
    "Wishes",
    "keep_trace",
]
