"""After a rollover new cards get the new keys, held ones at their next work, and none the old."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.personalization.after_issue_keys import KeyRenewal
from cardservice.personalization.jobs import Work
from cardservice.personalization.journal import ServiceEntry, SpoiledReason
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery_lives import Standing
from cardservice.personalization.recovery_services import ServiceStanding
from cardservice.storage.journal_file import JournalFile
from cardservice.storage.journal_file_reading import kept_entries
from simulators.card import SoftwareCard, blank_card, image
from simulators.card.ports import Interface
from simulators.card.tampering import copy_of
from tests.chain import NOW, issued_card, issuer
from tests.simulated.rolled_keys import (
    FIRST_VERSION,
    NEXT_VERSION,
    RolledWorld,
    ahead,
    answers_to,
    retired,
    version_on,
)
from tests.simulated.test_after_issue_world import (
    HELD,
    a_job,
    at_a_clinic,
    held_card,
    holder,
    is_good,
    typed,
)
from tests.simulated.test_station_crash_world import FIRST, Fault, Kind, cell, state_of

STAYING = [work for work in HELD if work is not Work.TERMINATE]


@pytest.fixture
def world(tmp_path: Path) -> RolledWorld:
    return RolledWorld(tmp_path / "journal")


def killed_at(world: RolledWorld, standing: Standing) -> SoftwareCard:
    """Return a card whose station, before its issuer's rollover, was killed at that standing."""
    after, world.keys = world.keys, issuer().keys
    card = blank_card()
    for at in count(1):
        world.path.unlink(missing_ok=True)
        card = blank_card()
        assert world.make(card, FIRST, Fault(Kind.AFTER_ENTRY, at)) == "killed"
        life = world.recovery().cards.get(cell(card, image.CHIP_SERIAL))
        if life is not None and life.standing is standing:
            break
    world.keys = after
    return card


# --- new cards


def test_a_blank_card_gets_the_current_version_and_no_other(world: RolledWorld) -> None:
    card = blank_card()
    assert world.make(card, FIRST) == "done"
    assert (version_on(card), answers_to(card)) == (NEXT_VERSION, [NEXT_VERSION])


def test_a_rollover_adds_no_command_to_a_new_card(world: RolledWorld, tmp_path: Path) -> None:
    before = RolledWorld(tmp_path / "before", keys=issuer().keys)
    assert before.make(blank_card(), FIRST) == world.make(blank_card(), FIRST) == "done"
    assert (world.calls, world.entries) == (before.calls, before.entries)


@pytest.mark.parametrize(
    "standing", [Standing.KEYED, Standing.KEY_MADE, Standing.STORED, Standing.VERIFIED]
)
def test_a_card_half_made_before_a_rollover_is_finished_with_the_new_keys(
    world: RolledWorld, standing: Standing
) -> None:
    card = killed_at(world, standing)
    assert version_on(card) == FIRST_VERSION
    assert world.make(card, FIRST) == "done"
    assert answers_to(card) == [NEXT_VERSION]
    assert [made.chip_serial for made in world.told.cards] == [cell(card, image.CHIP_SERIAL)]
    assert state_of(card) == LifeCycle.PERSONALIZED


def test_a_half_made_card_of_a_retired_version_is_foreign(world: RolledWorld) -> None:
    card = killed_at(world, Standing.KEYED)
    world.keys = retired()
    assert world.make(card, FIRST) == "card-foreign-keys"
    assert (version_on(card), state_of(card)) == (FIRST_VERSION, LifeCycle.BLANK)


def test_a_waiting_card_of_a_retired_version_counts_as_used(world: RolledWorld) -> None:
    card = killed_at(world, Standing.VERIFIED)
    world.keys = retired()
    assert world.make(card, FIRST) == "card-not-blank"


def test_a_half_made_card_with_newer_keys_keeps_them(world: RolledWorld) -> None:
    card = blank_card()
    assert world.make(card, FIRST, Fault(Kind.AFTER_ENTRY, 4)) == "killed"
    assert (version_on(card), state_of(card)) == (NEXT_VERSION, LifeCycle.BLANK)
    world.keys = ahead()
    assert world.make(card, FIRST) == "done"
    assert answers_to(card) == [NEXT_VERSION]


def test_a_card_that_counts_as_spoiled_is_ended_under_its_old_keys(world: RolledWorld) -> None:
    card = killed_at(world, Standing.KEYED)
    chip = cell(card, image.CHIP_SERIAL)
    spoil(world, chip)
    assert world.make(card, FIRST) == "card-spoiled"
    assert state_of(card) == LifeCycle.TERMINATED


def spoil(world: RolledWorld, chip: bytes) -> None:
    file = JournalFile(world.path, clock=lambda: NOW)
    StationJournal(file).give_up(chip, SpoiledReason.LOST)
    file.close()


# --- cards that their holders have


@pytest.mark.parametrize("work", STAYING)
def test_a_held_card_gets_the_new_keys_after_its_work_and_a_clinic_reads_it(
    world: RolledWorld, work: Work
) -> None:
    card = held_card()
    holder = at_a_clinic(card).holder
    assert answers_to(card) == [FIRST_VERSION]
    assert world.serve(card, a_job(work)) == "done"
    assert world.served is not None
    assert (world.served.keys, answers_to(card)) == (KeyRenewal.DONE, [NEXT_VERSION])
    assert world.recovery().services.orders["order-a"].standing is ServiceStanding.DONE
    assert is_good(card)
    assert at_a_clinic(card).holder == holder


@pytest.mark.parametrize("work", STAYING)
def test_new_keys_add_nothing_to_the_outcome_or_the_journal(
    world: RolledWorld, work: Work, tmp_path: Path
) -> None:
    before = RolledWorld(tmp_path / "before", keys=issuer().keys)
    assert before.serve(held_card(), a_job(work)) == world.serve(held_card(), a_job(work))
    assert before.served is not None
    assert world.served is not None
    assert world.served.outcome == before.served.outcome
    assert (world.served.secrets is None) is (before.served.secrets is None)
    assert services(world) == services(before)


def services(world: RolledWorld) -> list[type[object]]:
    entries = [kept.entry for kept in kept_entries(world.path)]
    return [type(entry) for entry in entries if isinstance(entry, ServiceEntry)]


@pytest.mark.parametrize("work", [Work.CHANGE_INSURER, Work.NEW_PIN, Work.NEW_CAN])
def test_a_card_with_current_keys_is_asked_nothing_more(
    world: RolledWorld, work: Work, tmp_path: Path
) -> None:
    card, job = held_card(), a_job(work, order_id="second")
    # The first work leaves the PIN alone, which the holder types for the second.
    assert world.serve(card, a_job(Work.NEW_CAN, order_id="first")) == "done"
    plain = RolledWorld(tmp_path / "plain", keys=retired())
    assert plain.serve(copy_of(card), job) == world.serve(card, job) == "done"
    assert (world.calls, version_on(card)) == (plain.calls, NEXT_VERSION)


def test_a_card_whose_keys_were_renewed_is_not_given_them_again(world: RolledWorld) -> None:
    card, seen = held_card(), []
    for name in ("first", "second"):
        assert world.serve(card, a_job(Work.UNBLOCK_PIN, order_id=name)) == "done"
        assert world.served is not None
        seen.append(world.served.keys)
    assert seen == [KeyRenewal.DONE, KeyRenewal.NOT_NEEDED]


def test_a_held_card_that_is_ended_gets_no_keys(world: RolledWorld) -> None:
    card = held_card()
    assert world.serve(card, a_job(Work.TERMINATE)) == "done"
    assert world.served is not None
    assert (world.served.keys, state_of(card)) == (KeyRenewal.NOT_NEEDED, LifeCycle.TERMINATED)


def test_a_work_that_was_refused_leaves_the_keys_as_they_are(world: RolledWorld) -> None:
    card = held_card()
    job = a_job(Work.NEW_PIN, number=1)
    assert world.serve(card, job) == "other-card"
    assert answers_to(card) == [FIRST_VERSION]


@pytest.mark.parametrize("work", [*STAYING, Work.TERMINATE])
def test_a_held_card_of_a_retired_version_is_not_written_to(world: RolledWorld, work: Work) -> None:
    world.keys, card = retired(), held_card()
    # What the PUK alone does needs no key of the issuer.
    expected = "done" if work is Work.UNBLOCK_PIN else "held-card-keys"
    assert world.serve(card, a_job(work)) == expected
    assert (version_on(card), is_good(card)) == (FIRST_VERSION, True)


def test_keys_never_go_back(world: RolledWorld) -> None:
    card = held_card()
    assert world.serve(card, a_job(Work.NEW_PIN, order_id="first")) == "done"
    world.keys = ahead()
    assert world.serve(card, a_job(Work.NEW_PIN, order_id="second")) == "done"
    assert world.served is not None
    assert (world.served.keys, answers_to(card)) == (KeyRenewal.NOT_NEEDED, [NEXT_VERSION])


def test_a_pin_unblocked_without_contacts_stays_so_and_the_keys_wait(world: RolledWorld) -> None:
    card = copy_of(issued_card().card, interface=Interface.CONTACTLESS)
    with_can = typed(can=holder().can)
    assert world.serve(card, a_job(Work.UNBLOCK_PIN), given=with_can) == "done"
    assert world.served is not None
    assert (world.served.keys, version_on(card)) == (KeyRenewal.PUT_OFF, FIRST_VERSION)


def test_three_rollovers_later_the_oldest_card_still_gets_the_newest_keys(
    world: RolledWorld,
) -> None:
    first = issuer().keys
    masters = {FIRST_VERSION: first.issuer_master, **world.keys.issuer_masters}
    newest, others = masters[NEXT_VERSION], {FIRST_VERSION: masters[FIRST_VERSION]}
    world.keys = replace(
        world.keys, issuer_version=0x34, issuer_master=newest, other_masters={0x33: newest} | others
    )
    card = held_card()
    assert world.serve(card, a_job(Work.CHANGE_INSURER)) == "done"
    assert (version_on(card), is_good(card)) == (0x34, True)
