"""A station's reader at which the office's orders for held cards are done."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from click.testing import CliRunner, Result

from cardservice.cli.station import station
from cardservice.home.issuer import open_home
from cardservice.home.station_journal import read_journal
from cardservice.personalization.jobs import Work
from cardservice.personalization.recovery_services import ServiceLife
from cardservice.personalization.station import MadeCard
from cardservice.registry.actor import Actor
from cardservice.registry.ports_making import Card, Order
from cardservice.settings import load_settings
from cardservice.transport.registry import open_link
from cardservice.verify.examination import Examination
from simulators.card import SoftwareCard, image, load_card
from tests.office_world import World
from tests.registry import stations_world as office
from tests.simulated.station_sources.stage import order_for_card
from tests.simulated.test_after_issue_world import code_on
from tests.unit.papers.pdf_reading import opened, text_of

CODES = (image.PIN, image.PUK, image.CAN)
NEW_PIN = "9713"


@dataclass
class OfficeCounter:
    """A station's one reader with the holder's card in it, and the office that gives orders."""

    world: World
    actor: Actor
    file: Path
    made: MadeCard
    letters: Path
    results: list[Result] = field(default_factory=list)

    @property
    def reader(self) -> str:
        return f"sim:{self.file}"

    @property
    def number(self) -> int:
        return self.made.order.card_number

    def order(self, work: Work) -> str:
        """Return the name of a new order of the office for the card."""
        return order_for_card(self.world, work, self.number)

    def do(self, order_id: str, typed: str = "", *, asked: bool = False) -> Result:
        """Type the command; whatever escapes as an exception fails the test."""
        arguments = ["card", "do", "--order", order_id, "--reader", self.reader]
        arguments += [] if asked else ["--yes"]
        result = CliRunner().invoke(station, arguments, input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        self.results.append(result)
        return result

    def typed_for(self, work: Work) -> str:
        """Return what the holder types for that work."""
        known = self.made.secrets
        return {
            Work.CHANGE_INSURER: f"{known.pin}\n",
            Work.UNBLOCK_PIN: f"{known.puk}\n{NEW_PIN}\n{NEW_PIN}\n",
        }.get(work, "")

    def card(self) -> SoftwareCard:
        """Return the chip as it is now."""
        return load_card(self.file)

    def codes(self) -> tuple[str, str, str]:
        """Return PIN, PUK and CAN as the chip has them."""
        card = self.card()
        pin, puk, can = (code_on(card, name) for name in CODES)
        return pin, puk, can

    def letter_lines(self) -> list[list[str]]:
        """Return the lines of each letter, the newest last."""
        files = sorted(self.letters.iterdir(), key=lambda one: one.stat().st_mtime_ns)
        return [_lines(one.read_bytes()) for one in files]

    def at_a_clinic(self) -> Examination:
        """Return what a clinic of this home sees."""
        link = open_link(self.reader)
        try:
            return open_home(load_settings()).examiner().examine(link)
        finally:
            link.close()

    def order_now(self, order_id: str) -> Order:
        """Return the order as the office has it."""
        return office.order_now(self.world.desk, UUID(order_id))

    def card_now(self, order_id: str) -> Card:
        """Return the order's card as the office has it."""
        return office.card_now(self.world.desk, str(self.order_now(order_id).card_id))

    def service(self, order_id: str) -> ServiceLife | None:
        """Return the order as the station's journal has it."""
        return read_journal(load_settings()).services.orders.get(order_id)


def _lines(document: bytes) -> list[str]:
    with opened(document) as pdf:
        return text_of(pdf).splitlines()
