"""Ready cards by name, each with what a desk must judge of it."""

from simulators.zoo.catalogue import CATALOGUE
from simulators.zoo.entries import Judged, Outcome, Way, ZooEntry
from simulators.zoo.keeper import CardSecrets, Zoo, entry_named, open_zoo
from simulators.zoo.named import FOLDER_VARIABLE, open_named, plastic_named
from simulators.zoo.port import ZooIssuer

__all__ = [
    "CATALOGUE",
    "FOLDER_VARIABLE",
    "CardSecrets",
    "Judged",
    "Outcome",
    "Way",
    "Zoo",
    "ZooEntry",
    "ZooIssuer",
    "entry_named",
    "open_named",
    "open_zoo",
    "plastic_named",
]
