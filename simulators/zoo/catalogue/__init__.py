"""Every card of the zoo, with what a desk must judge of it, as data."""

from typing import Final

from simulators.zoo.catalogue.forged import FORGED, SWAPPED
from simulators.zoo.catalogue.good import NOT_IN_FORCE, SIGNERS, STOPPED, VALID_CARDS
from simulators.zoo.catalogue.plain import FOREIGN, IN_FIELD, TORN
from simulators.zoo.entries import ZooEntry

CATALOGUE: Final[tuple[ZooEntry, ...]] = (
    *VALID_CARDS,
    *NOT_IN_FORCE,
    *STOPPED,
    *SIGNERS,
    *FORGED,
    *SWAPPED,
    *IN_FIELD,
    *FOREIGN,
    *TORN,
)

__all__ = ["CATALOGUE"]
