"""What the HTTP side moves: a tray, the cards known by name, conversations, and what happened."""

from simulators.web.simulation.cards import CardKind, CardRecord
from simulators.web.simulation.errors import (
    CardElsewhereError,
    CardSilentHereError,
    NoImageError,
    ReaderFullError,
    RefusedImageError,
    RefusedNameError,
    RefusedPlanError,
    TooManyError,
)
from simulators.web.simulation.history import Batch, Follower, History
from simulators.web.simulation.readers import Faults, ReaderRecord, Times
from simulators.web.simulation.simulation import Simulation
from simulators.web.simulation.zoo import CatalogueOnDemand

__all__ = [
    "Batch",
    "CardElsewhereError",
    "CardKind",
    "CardRecord",
    "CardSilentHereError",
    "CatalogueOnDemand",
    "Faults",
    "Follower",
    "History",
    "NoImageError",
    "ReaderFullError",
    "ReaderRecord",
    "RefusedImageError",
    "RefusedNameError",
    "RefusedPlanError",
    "Simulation",
    "Times",
    "TooManyError",
]
