"""What makes an application of a good row: that its person agreed, which stands in no row."""

from dataclasses import dataclass, replace

from cardservice.domain.application import Application as Draft
from cardservice.uploads.tables.reading import Good


@dataclass(frozen=True, slots=True)
class TableTerms:
    """What holds for every row of a table and stands in none."""

    consent: bool


def draft_of(row: Good, terms: TableTerms) -> Draft:
    """Return the application that a row is, as its sender vouches for it."""
    return replace(row.application, consent=terms.consent)
