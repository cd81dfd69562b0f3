"""What a lane needs of its printers; without one, nothing of what prints is loaded."""

from importlib import import_module
from typing import Final, Protocol, cast

from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.order import CardOrder
from cardservice.personalization.station import MadeCard
from cardservice.settings import Settings

_PRINTERS: Final = "cardservice.home.station_lane_printers"
"""Imported by name: typesetting takes a third of the time in which a lane's process begins."""


class Printers(Protocol):
    """Face and letter printers of a lane; ``station_printing.LanePrinters`` says what is raised."""

    @property
    def prints_letters(self) -> bool: ...

    def require_ready(self, order: CardOrder | None) -> None: ...

    def print_made(self, made: MadeCard) -> None: ...

    def print_secrets(
        self,
        chip: bytes,
        new: HolderSecrets,
        *,
        number: int,
        holder: Holder | None = None,
        insurance: InsurancePeriod | None = None,
    ) -> None: ...


class NoPrinters:
    """A lane that prints nothing: nobody learns PIN and PUK of its cards."""

    prints_letters = False

    def require_ready(self, order: CardOrder | None) -> None:
        """Return: nothing is to be printed."""

    def print_made(self, made: MadeCard) -> None:
        """Print nothing."""

    def print_secrets(
        self,
        chip: bytes,
        new: HolderSecrets,
        *,
        number: int,
        holder: Holder | None = None,
        insurance: InsurancePeriod | None = None,
    ) -> None:
        """Print nothing."""


def printers_of(settings: Settings) -> Printers:
    """Return the printers that the settings name.

    Raises:
        UsageError: a printer that cannot be; PaperFontsError: there are no fonts to print with.
    """
    if not settings.face_printer and not settings.letter_printer:
        return NoPrinters()
    return cast("Printers", import_module(_PRINTERS).open_printers(settings))
