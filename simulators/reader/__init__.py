"""Readers that are programs: in this process, and as slots of PC/SC's virtual reader driver."""

from simulators.reader.card import Card
from simulators.reader.errors import (
    CardGoneError,
    CardPulledError,
    CardSilentError,
    ReaderBusyError,
    ReaderError,
    ReaderSetupError,
)
from simulators.reader.inprocess import InProcessLink, InProcessReader
from simulators.reader.vpcd import VirtualReaderSlot

__all__ = [
    "Card",
    "CardGoneError",
    "CardPulledError",
    "CardSilentError",
    "InProcessLink",
    "InProcessReader",
    "ReaderBusyError",
    "ReaderError",
    "ReaderSetupError",
    "VirtualReaderSlot",
]
