"""What a desk calls insurers: cards name them by OGRN alone."""

import csv
from collections.abc import Mapping

from cardservice.data import Table, read_table
from cardservice.settings import Settings


def insurer_names(settings: Settings) -> Mapping[str, str]:
    """Return insurers' names by OGRN: those of the setting, and the office's own where it is here.

    The names are this desk's; nobody signed them, so the page shows the number beside them.
    """
    own = {settings.insurer_ogrn: settings.insurer_name}
    known = own if settings.insurer_ogrn and settings.insurer_name else {}
    return known | settings.desk_insurers


def demonstration_insurers() -> Mapping[str, str]:
    """Return the names of the insurers that the demonstration's people have, by OGRN."""
    rows = csv.DictReader(read_table(Table.INSURERS).decode().splitlines())
    return {row["ogrn"]: row["name"] for row in rows}
