"""``personalize``, killed: the same command finishes the run, with one good card for each row."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from typing_extensions import override

from cardservice.cli.exit_codes import Exit
from cardservice.cli.personalize import personalize
from cardservice.domain.verdict import Outcome
from cardservice.home.folder import Folder
from cardservice.home.issuer import open_home
from cardservice.home.station_journal import booking_journal, read_journal
from cardservice.personalization.journal import (
    CardMade,
    CardSeen,
    ChipKeyMade,
    DataStored,
    Finalized,
    Intent,
    KeysReplaced,
    OutcomeReported,
    SpoiledReason,
    Verified,
)
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery_lives import Standing
from cardservice.settings import load_settings
from cardservice.transport.registry import open_link
from simulators.card import image, load_card
from simulators.reader.cards import new_state_file
from tests.shared import SHARED
from tests.simulated.test_after_issue_world import code_on
from tests.simulated.test_station_crash_world import Killed
from tests.unit.papers.pdf_reading import opened, text_of

HOLDERS = str(SHARED / "data" / "holders.csv")
FIRST_ENP = "0058000844000019"
ENTRIES = (
    *(Intent, CardSeen, KeysReplaced, ChipKeyMade, DataStored),
    *(Finalized, Verified, CardMade, OutcomeReported),
)


@dataclass(frozen=True)
class Moment:
    """Around an entry of the journal."""

    entry: type[Any]
    is_after: bool

    @override
    def __str__(self) -> str:
        return f"{'after' if self.is_after else 'before'} {self.entry.__name__}"


MOMENTS = [Moment(entry, is_after) for entry in ENTRIES for is_after in (False, True)]


@dataclass
class Desk:
    """A home, and a card in a reader."""

    home: Folder
    file: Path
    letters: Path

    def type(self) -> Result:
        """Type the command."""
        reader = ("--reader", f"sim:{self.file}", "--letters", str(self.letters))
        arguments = ["--holders", HOLDERS, "--enp", FIRST_ENP, *reader]
        result = CliRunner().invoke(personalize, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    def killed_at(self, moment: Moment) -> None:
        """Type the command, and kill it."""
        note = StationJournal.note

        def dying(journal: StationJournal, entry: Any) -> None:
            if moment.is_after or not isinstance(entry, moment.entry):
                note(journal, entry)
            if isinstance(entry, moment.entry):
                raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(StationJournal, "note", dying)
            with pytest.raises(Killed):
                self.type()

    def newest_letter(self) -> list[str]:
        """Return the lines of the letter that was printed last."""
        files = sorted(self.letters.iterdir(), key=lambda one: one.stat().st_mtime_ns)
        with opened(files[-1].read_bytes()) as pdf:
            return text_of(pdf).splitlines()

    def numbers(self) -> set[int]:
        """Return the numbers of all cards that the ledger knows."""
        return {json.loads(line)["card"] for line in self.home.ledger.read_text().splitlines()}

    def expect_made(self) -> None:
        """Expect one good card, of which journal, ledger and letter tell alike."""
        (life,) = read_journal(load_settings()).cards.values()
        assert (life.standing, life.reported) == (Standing.MADE, True)
        assert self.numbers() == {life.number}
        link = open_link(f"sim:{self.file}")
        verdict = open_home(load_settings()).examiner().examine(link).verdict
        link.close()
        assert verdict is not None
        assert (verdict.outcome, verdict.signed_at) == (Outcome.VALID, life.signed_at)
        card = load_card(self.file)
        assert {code_on(card, image.PIN), code_on(card, image.PUK)} <= set(self.newest_letter())


@pytest.fixture
def desk(home: Folder, tmp_path: Path) -> Desk:
    file = tmp_path / "anna.card"
    new_state_file(file)
    return Desk(home, file, tmp_path / "letters")


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_run_killed_around_any_entry_is_finished_by_the_same_command(
    moment: Moment, desk: Desk
) -> None:
    desk.killed_at(moment)
    result = desk.type()
    assert result.exit_code == Exit.OK
    assert ("made for it before" in result.stderr) is (moment == MOMENTS[-1])
    desk.expect_made()


def test_a_card_that_was_begun_is_asked_for_by_its_chip_and_no_other_is_taken(
    desk: Desk, tmp_path: Path
) -> None:
    desk.killed_at(Moment(DataStored, is_after=True))
    begun, desk.file = desk.file, tmp_path / "other.card"
    new_state_file(desk.file)
    refused = desk.type()
    (life,) = read_journal(load_settings()).open_cards()
    assert f"put the card with chip {life.chip.hex().upper()} in again" in refused.stderr
    assert (refused.exit_code, "give it up first" in refused.stderr) == (Exit.HOME, True)
    desk.file = begun
    assert desk.type().exit_code == Exit.OK


def test_a_card_given_up_is_made_anew_with_another_number(desk: Desk, tmp_path: Path) -> None:
    desk.killed_at(Moment(Finalized, is_after=True))
    with booking_journal(load_settings()) as journal:
        (life,) = journal.open_cards()
        journal.give_up(life.chip, SpoiledReason.LOST)
    desk.file = tmp_path / "other.card"
    new_state_file(desk.file)
    assert desk.type().exit_code == Exit.OK
    assert life.number not in desk.numbers()
    assert len(desk.numbers()) == 1


def test_while_the_station_runs_no_card_is_made(desk: Desk) -> None:
    with booking_journal(load_settings(), create=True):
        assert desk.type().exit_code == Exit.HOME
    assert not desk.home.ledger.exists()


def test_the_journal_names_no_holder(desk: Desk) -> None:
    assert desk.type().exit_code == Exit.OK
    kept = (desk.home.path / "station" / "journal").read_bytes().decode("utf-8", "replace")
    assert FIRST_ENP not in kept
    assert re.search(r"t-[0-9a-f]{16}", kept)
