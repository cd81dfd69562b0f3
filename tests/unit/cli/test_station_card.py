"""``station card``: a held card is changed, ledger and journal know, nothing typed is printed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.exit_codes import Exit
from cardservice.cli.station import station
from cardservice.home.folder import Folder
from cardservice.home.issuer import Home, open_home, utc_now
from cardservice.home.station_journal import booking_journal, journal_path, read_journal
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.journal import ServiceBegun, ServiceDone
from cardservice.personalization.recovery_services import ServiceStanding
from cardservice.personalization.station import MadeCard
from cardservice.settings import load_settings
from cardservice.storage.journal_file_reading import kept_entries
from cardservice.transport.registry import open_link
from simulators.reader.cards import new_state_file
from tests.chain import an_order
from tests.unit.cli.conftest import PASSPHRASE
from tests.unit.papers.pdf_reading import opened, text_of

INSURER = ("--ogrn", "1027700000008", "--okato", "45000", "--from", "2026-05-01")
DEMO_NUMBER = an_order().card_number


@dataclass
class Counter:
    """A home whose holder stands at the counter with a card."""

    home: Home
    reader: str
    made: MadeCard
    results: list[Result] = field(default_factory=list)

    @property
    def secrets(self) -> HolderSecrets:
        return self.made.secrets

    def type(self, command: str, *options: str, typed: str | None = None) -> Result:
        arguments = ["card", command, "--reader", self.reader, "--yes", *options]
        result = CliRunner().invoke(station, arguments, input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        self.results.append(result)
        return result

    def change(self, *options: str, pin: str | None = None) -> Result:
        pin = pin or self.secrets.pin
        return self.type("change-insurer", *INSURER, *options, typed=f"{pin}\n")

    def ledger(self) -> list[dict[str, Any]]:
        lines = self.home.folder.ledger.read_text().splitlines()
        return [json.loads(line) for line in lines]

    def services(self) -> list[ServiceStanding]:
        orders = read_journal(load_settings()).services.orders.values()
        return [life.standing for life in orders]


@pytest.fixture
def counter(home: Folder, tmp_path: Path) -> Iterator[Counter]:
    file = tmp_path / "anna.card"
    new_state_file(file)
    home_now = open_home(load_settings())
    keys = SoftwareKeyStore(home.keys, lambda: PASSPHRASE)
    link = open_link(f"sim:{file}")
    made = home_now.station(keys).make(link, an_order())
    link.close()
    at_counter = Counter(home_now, f"sim:{file}", made)
    yield at_counter
    said = "".join(result.output for result in at_counter.results)
    digits = set(re.findall(r"\d+", said))
    known = {made.secrets.pin, made.secrets.puk, made.secrets.can, made.order.holder.enp}
    assert digits.isdisjoint(known)
    assert made.order.holder.surname not in said


def test_a_changed_insurer_is_in_the_ledger_and_told_of(counter: Counter) -> None:
    before = counter.ledger()
    result = counter.change()
    assert (result.exit_code, result.stderr.count("PIN")) == (Exit.OK, 1)
    assert counter.made.chip_serial.hex().upper() in result.stdout
    (entry,) = counter.ledger()[len(before) :]
    assert entry["card"] == DEMO_NUMBER
    assert entry["status"] == "active"
    assert entry["signed_at"] > before[-1]["signed_at"]
    assert counter.services() == [ServiceStanding.REPORTED]


def test_a_wrong_pin_says_how_many_tries_are_left(counter: Counter) -> None:
    result = counter.change(pin="000001")
    assert (result.exit_code, "2 times more" in result.stderr) == (Exit.HOME, True)
    assert len(counter.ledger()) == 1
    assert counter.change().exit_code == Exit.OK


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--ogrn", "1027700000007"), "check digit"),
        (("--okato", "45"), "OKATO"),
        (("--until", "2026-04-30"), "before"),
    ],
)
def test_an_insurance_that_cannot_be_is_refused_before_a_card_is_asked(
    options: tuple[str, str], said: str, counter: Counter
) -> None:
    result = counter.change(*options)
    assert result.exit_code in {Exit.USAGE, Exit.HOME}
    assert said in result.stderr
    assert not journal_path(load_settings()).exists()


def test_a_pin_is_no_argument(counter: Counter) -> None:
    assert counter.type("change-insurer", *INSURER, "--pin", "123456").exit_code == Exit.USAGE
    assert counter.type("unblock-pin", "--puk", "12345678").exit_code == Exit.USAGE


def test_the_holder_of_the_puk_chooses_a_new_pin(counter: Counter) -> None:
    typed = f"{counter.secrets.puk}\n9713\n9713\n"
    assert counter.type("unblock-pin", typed=typed).exit_code == Exit.OK
    assert counter.change(pin="9713").exit_code == Exit.OK
    assert counter.services() == [ServiceStanding.REPORTED] * 2


def test_a_slip_of_the_hand_costs_no_try(counter: Counter) -> None:
    typed = f"{counter.secrets.puk[:7]}\n9713\n9713\n"
    result = counter.type("unblock-pin", typed=typed)
    assert (result.exit_code, "8 digits" in result.stderr) == (Exit.HOME, True)


@pytest.mark.parametrize("command", ["new-pin", "new-can"])
def test_without_paper_no_numbers_are_drawn(command: str, counter: Counter) -> None:
    result = counter.type(command)
    assert (result.exit_code, "no printer" in result.stderr) == (Exit.HOME, True)
    assert counter.services() == []


def test_a_new_pin_goes_onto_a_letter(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = tmp_path / "letters"
    monkeypatch.setenv("CARDSERVICE_LETTER_PRINTER", f"insecure-folder:{letters}")
    assert counter.type("new-pin").exit_code == Exit.OK
    assert len(list(letters.iterdir())) == 1
    refused = counter.change()
    assert (refused.exit_code, "not the card's PIN" in refused.stderr) == (Exit.HOME, True)


def test_a_new_can_goes_onto_a_letter_and_opens_the_card(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = tmp_path / "letters"
    monkeypatch.setenv("CARDSERVICE_LETTER_PRINTER", f"insecure-folder:{letters}")
    assert counter.type("new-can").exit_code == Exit.OK
    (letter,) = letters.iterdir()
    with opened(letter.read_bytes()) as pdf:
        (can,) = (line for line in text_of(pdf).splitlines() if re.fullmatch(r"\d{6}", line))
    typed = f"{counter.secrets.pin}\n{can}\n"
    changed = counter.type("change-insurer", *INSURER, "--can", typed=typed)
    assert changed.exit_code == Exit.OK
    assert can not in changed.output
    assert counter.services() == [ServiceStanding.REPORTED] * 2


def test_an_ended_card_is_ended_in_the_ledger_too_and_not_twice(counter: Counter) -> None:
    assert counter.type("terminate").exit_code == Exit.OK
    assert [entry["status"] for entry in counter.ledger()] == ["active", "terminated"]
    again = counter.type("terminate")
    assert (again.exit_code, "terminated" in again.stderr) == (Exit.HOME, True)


def test_an_end_that_was_interrupted_is_gone_on_with(counter: Counter) -> None:
    with booking_journal(load_settings(), create=True) as journal:
        begun = ServiceBegun(
            order="by-hand-0011",
            chip=counter.made.chip_serial,
            number=DEMO_NUMBER,
            work="terminate",
            signed_at=None,
        )
        journal.note(begun)
    assert counter.type("terminate").exit_code == Exit.OK
    assert counter.services() == [ServiceStanding.REPORTED]
    entries = [kept.entry for kept in kept_entries(journal_path(load_settings()))]
    assert sum(isinstance(entry, ServiceDone) for entry in entries) == 1


def test_an_order_of_the_office_is_not_taken_for_one_of_the_counter(counter: Counter) -> None:
    with booking_journal(load_settings(), create=True) as journal:
        journal.note(
            ServiceBegun(
                order="0a1b2c3d",
                chip=counter.made.chip_serial,
                number=DEMO_NUMBER,
                work="change-insurer",
                signed_at=utc_now().replace(microsecond=0) - timedelta(days=1),
            )
        )
    assert counter.change().exit_code == Exit.OK
    assert sorted(counter.services()) == [ServiceStanding.BEGUN, ServiceStanding.REPORTED]


def test_where_the_office_gives_the_orders_the_counter_is_closed(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_STATION_OFFICE", "https://office.example.org")
    result = counter.change()
    assert (result.exit_code, "have the work ordered" in result.stderr) == (Exit.HOME, True)


def test_while_the_station_runs_the_counter_is_closed(counter: Counter) -> None:
    with booking_journal(load_settings(), create=True):
        assert counter.change().exit_code == Exit.HOME
    assert len(counter.ledger()) == 1


def test_a_no_leaves_everything_as_it_is(counter: Counter) -> None:
    arguments = ["card", "terminate", "--reader", counter.reader]
    result = CliRunner().invoke(station, arguments, input="n\n")
    counter.results.append(result)
    assert (result.exit_code, "ENDED FOR GOOD" in result.stderr) == (Exit.NOT_ALL_GOOD, True)
    assert len(counter.ledger()) == 1


def test_a_blank_card_is_told_apart(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "blank.card"
    new_state_file(file)
    counter.reader = f"sim:{file}"
    result = counter.change(pin="123456")
    assert (result.exit_code, "blank" in result.stderr) == (Exit.HOME, True)


@pytest.mark.parametrize(
    "command", ["change-insurer", "new-pin", "new-can", "unblock-pin", "terminate", "do"]
)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    result = CliRunner().invoke(station, ["card", command, "--help"])
    assert result.exit_code == Exit.OK
    assert f"cardservice station card {command} --" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
