"""``station card do``: an order of the office, its chip, its journal and its office agree after."""

from uuid import UUID, uuid4

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.domain.lives import OrderState
from cardservice.errors import Refusal
from cardservice.home.station_journal import booking_journal
from cardservice.home.station_lane_printers import InsecureFolderLetterPrinter
from cardservice.personalization.jobs import Work
from cardservice.policycard.profile import Profile
from cardservice.settings import load_settings
from tests.registry import stations_world as office
from tests.simulated.station_card.counter import OfficeCounter
from tests.simulated.station_card.expecting import expect_done, known
from tests.simulated.station_sources.stage import order_for_card, order_to_make
from tests.simulated.test_after_issue_world import HELD

NOTHING_TYPED = ""


@pytest.mark.parametrize("work", HELD)
def test_an_order_is_done_and_office_journal_and_chip_agree(
    work: Work, counter: OfficeCounter
) -> None:
    order_id = counter.order(work)
    result = counter.do(order_id, counter.typed_for(work))
    assert (result.exit_code, result.stdout.startswith(f"✔ {work}: chip")) == (Exit.OK, True)
    expect_done(counter, order_id, work)
    again = counter.do(order_id)
    assert (again.exit_code, "done before" in again.stderr) == (Exit.HOME, True)


def test_an_order_goes_back_when_the_holder_types_a_wrong_pin(counter: OfficeCounter) -> None:
    order_id = counter.order(Work.CHANGE_INSURER)
    result = counter.do(order_id, "000001\n")
    assert (result.exit_code, "2 times more" in result.stderr) == (Exit.HOME, True)
    assert counter.order_now(order_id).state == OrderState.QUEUED
    assert counter.service(order_id) is None
    assert counter.do(order_id, counter.typed_for(Work.CHANGE_INSURER)).exit_code == Exit.OK
    expect_done(counter, order_id, Work.CHANGE_INSURER)


def test_an_order_goes_back_when_nobody_types_anything(counter: OfficeCounter) -> None:
    order_id = counter.order(Work.UNBLOCK_PIN)
    assert counter.do(order_id, NOTHING_TYPED).exit_code == Exit.NOT_ALL_GOOD
    assert counter.order_now(order_id).state == OrderState.QUEUED


@pytest.mark.parametrize("work", [Work.NEW_PIN, Work.NEW_CAN])
def test_no_number_is_drawn_and_the_order_goes_back_without_a_printer(
    work: Work, counter: OfficeCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_LETTER_PRINTER", "")
    order_id = counter.order(work)
    result = counter.do(order_id)
    assert (result.exit_code, "letter_printer" in result.stderr) == (Exit.HOME, True)
    assert counter.order_now(order_id).state == OrderState.QUEUED
    assert counter.codes() == known(counter)


def test_the_card_of_another_order_is_not_asked_for_its_pin(counter: OfficeCounter) -> None:
    order_id = order_for_card(counter.world, Work.CHANGE_INSURER, counter.number + 1)
    result = counter.do(order_id, counter.typed_for(Work.CHANGE_INSURER))
    assert (result.exit_code, "not the card that the order is for" in result.stderr) == (
        Exit.HOME,
        True,
    )
    assert "PIN" not in result.stderr
    assert counter.order_now(order_id).state == OrderState.QUEUED


def test_an_order_for_a_new_card_goes_back(counter: OfficeCounter) -> None:
    order_id = order_to_make(counter.world)
    result = counter.do(order_id)
    assert (result.exit_code, "station run" in result.stderr) == (Exit.HOME, True)
    assert counter.order_now(order_id).state == OrderState.QUEUED


def test_an_order_that_nobody_knows_is_refused(counter: OfficeCounter) -> None:
    result = counter.do(str(uuid4()))
    assert (result.exit_code, "Ask the office" in result.stderr) == (Exit.HOME, True)


def test_a_no_gives_the_order_back(counter: OfficeCounter) -> None:
    order_id = counter.order(Work.TERMINATE)
    result = counter.do(order_id, "n\n", asked=True)
    assert (result.exit_code, "ENDED FOR GOOD" in result.stderr) == (Exit.NOT_ALL_GOOD, True)
    assert counter.order_now(order_id).state == OrderState.QUEUED
    assert counter.at_a_clinic().verdict is not None


def test_an_order_that_another_station_has_is_left_to_it(counter: OfficeCounter) -> None:
    order_id = counter.order(Work.NEW_PIN)
    desk = counter.world.desk
    office.lease(desk, office.order_now(desk, UUID(order_id)))
    result = counter.do(order_id)
    assert (result.exit_code, "another station" in result.stderr) == (Exit.HOME, True)
    assert counter.codes() == known(counter)
    assert counter.order_now(order_id).state == OrderState.LEASED


def test_while_the_station_runs_nothing_is_leased(counter: OfficeCounter) -> None:
    order_id = counter.order(Work.NEW_PIN)
    with booking_journal(load_settings(), create=True):
        assert counter.do(order_id).exit_code == Exit.HOME
    assert counter.order_now(order_id).state == OrderState.QUEUED


def test_without_an_office_there_is_no_order(
    counter: OfficeCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CARDSERVICE_STATION_OFFICE")
    result = counter.do(str(uuid4()))
    assert (result.exit_code, "set station_office" in result.stderr) == (Exit.USAGE, True)


def test_a_letter_that_was_not_printed_is_printed_by_the_same_command(
    counter: OfficeCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = counter.order(Work.NEW_PIN)
    with monkeypatch.context() as broken:
        broken.setattr(InsecureFolderLetterPrinter, "print_letter", _refuse)
        result = counter.do(order_id)
    assert (result.exit_code, "paper is out" in result.stderr) == (Exit.NOT_ALL_GOOD, True)
    assert counter.order_now(order_id).state == OrderState.LEASED
    assert counter.do(order_id).exit_code == Exit.OK
    expect_done(counter, order_id, Work.NEW_PIN)


def _refuse(*_: object) -> None:
    raise Refusal("letter-interrupted", "The paper is out.")


@pytest.mark.parametrize("profile", [Profile.PRIVATE])
def test_a_card_that_shows_nothing_without_its_can_is_asked_about_by_it(
    counter: OfficeCounter,
) -> None:
    order_id = counter.order(Work.CHANGE_INSURER)
    can, pin = counter.made.secrets.can, counter.made.secrets.pin
    result = counter.do(order_id, f"{can}\n{pin}\n")
    assert result.exit_code == Exit.OK
    assert result.stderr.index("six digits printed") < result.stderr.index("PIN")
    assert counter.order_now(order_id).state == OrderState.HANDED_OVER


@pytest.mark.parametrize("profile", [Profile.PRIVATE])
def test_a_wrong_can_gives_the_order_back(counter: OfficeCounter) -> None:
    order_id = counter.order(Work.CHANGE_INSURER)
    result = counter.do(order_id, "000001\n")
    assert (result.exit_code, "not the six digits" in result.stderr) == (Exit.HOME, True)
    assert counter.order_now(order_id).state == OrderState.QUEUED
