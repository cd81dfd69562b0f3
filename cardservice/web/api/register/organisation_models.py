"""Medical organisations as programs see and enter them."""

from datetime import date
from uuid import UUID

from pydantic import Field

from cardservice.registry.medical_organisations import MOST_SERVICES, OrganisationForm
from cardservice.web.api.common import Model
from cardservice.web.api.typed import Day, Named, ShortLine, Words


class OrganisationWish(Model):
    """A medical organisation; ``place`` is its town, ``services`` are in its own words."""

    name: Words
    place: Words
    address: Words
    services: list[Named] = Field(max_length=MOST_SERVICES)

    def form(self) -> OrganisationForm:
        """Return it as the office's use cases take it."""
        return OrganisationForm(
            name=self.name,
            place=self.place,
            address=self.address,
            services=tuple(self.services),
        )


class NewOrganisation(Model):
    """Which one takes part, from which day on."""

    ogrn: ShortLine
    joined_on: Day
    organisation: OrganisationWish


class Leaving(Model):
    """The last day on which it takes part."""

    last_day: Day


class OrganisationShown(Model):
    """A medical organisation; ``left_on`` is its last day in the programme."""

    id: UUID
    version: int
    name: str
    ogrn: str
    place: str
    address: str
    services: list[str]
    joined_on: date
    left_on: date | None


class TerminalTerm(Model):
    """The last day that a desk's terminal certificate may have."""

    until: date
