"""Made cards for tests of what is printed, and printers that remember."""

from dataclasses import dataclass, field
from typing import Any

from cardservice.errors import Refusal
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.printing_letters import LetterName, already_printed
from cardservice.personalization.station import MadeCard
from tests.chain import SIGNED, an_order
from tests.unit.personalization.stations import as_ordered

CHIP = bytes.fromhex("0102030405060708")
SECRETS = HolderSecrets(pin="408172", puk="59317042", can="640193")


def a_made_card(**ordered: Any) -> MadeCard:
    """Return a card made for the golden holder."""
    return MadeCard(
        order=an_order(**ordered),
        chip_serial=CHIP,
        signed_at=SIGNED,
        secrets=SECRETS,
        commands=40,
        examination=as_ordered(),
    )


@dataclass
class KeepingPrinter:
    """Remembers what it was handed; fails when it is told to."""

    letters: list[bytes] = field(default_factory=list)
    handed: list[bytearray] = field(default_factory=list)
    ready: bool = True
    broken: bool = False

    def require_ready(self) -> None:
        if not self.ready:
            raise Refusal("printer-not-ready", "No paper.")

    def print_letter(self, document: bytearray) -> None:
        self.handed.append(document)
        self.letters.append(bytes(document))
        if self.broken:
            raise Refusal("letter-interrupted", "Paper jam.")


@dataclass
class Claimed:
    """Remembers claims in memory."""

    names: list[LetterName] = field(default_factory=list)

    def claim(self, name: LetterName) -> None:
        if name in self.names:
            raise already_printed()
        self.names.append(name)
