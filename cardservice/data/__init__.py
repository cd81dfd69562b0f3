"""Demonstration tables: fictional people and insurers, for the tour and for developers."""

from enum import StrEnum, unique
from importlib.resources import files


@unique
class Table(StrEnum):
    """The tables that come with the package; all UTF-8, comma-separated, with a header."""

    HOLDERS = "holders.csv"  # 240 rows, of which 220 may have a card with a chip
    HOLDERS_WITH_FAULTS = "holders-bad.csv"  # its column ``problem`` names each row's fault
    INSURERS = "insurers.csv"


def read_table(table: Table) -> bytes:
    """Return the octets of one table."""
    return files(__name__).joinpath(table.value).read_bytes()
