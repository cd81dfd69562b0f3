"""Medical organisations that take part in the programme, and their desks' certificates.

Source: domain.md, "Register of places".
"""

from dataclasses import dataclass
from datetime import date

from cardservice.domain.numbers import Ogrn, Okato


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalOrganisation:
    """One that takes part.

    Attributes:
        ogrn, name, address, okato: who and where.
        services: what it does, in its own words.
        entered_on: first day in the register.
        left_on: last day in it, None while it stays.
    """

    ogrn: Ogrn
    name: str
    address: str
    okato: Okato
    services: frozenset[str]
    entered_on: date
    left_on: date | None = None

    def takes_part(self, on: date) -> bool:
        """Return whether it is in the register on ``on``."""
        return self.entered_on <= on and (self.left_on is None or on <= self.left_on)

    def terminal_until(self, asked: date) -> date:
        """Return the last day of a desk's terminal certificate asked for until ``asked``.

        It ends when the clinic leaves the register.
        """
        return asked if self.left_on is None else min(asked, self.left_on)
