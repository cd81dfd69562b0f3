"""Work on cards their holders have: what it leaves on the card, and which cards it leaves alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.verdict import CheckName, Reason
from cardservice.errors import Refusal, UsageError
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.after_issue_refusals import WrongCodeError
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal import CardMade, ServiceBegun, ServiceDropped
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.policycard.layout import INSURER_IDS
from cardservice.policycard.profile import Profile
from simulators.card import SoftwareCard, blank_card, image
from simulators.card.field import FieldCard
from simulators.card.files import EF_OWNER, EF_SOD
from simulators.card.foreign import BankCard
from simulators.card.ports import Interface
from simulators.card.tampering import clone_without_chip_key, copy_of
from simulators.reader import Card
from tests.chain import (
    LISTED,
    NOW,
    PHOTO,
    SIGNED,
    SIGNER_SERIAL,
    StandingClock,
    TrustingRegister,
    an_order,
    issued_card,
    issuer,
    link_to,
    make_card,
)
from tests.simulated.test_after_issue_world import (
    HELD,
    INSURANCE,
    NUMBER,
    OLD_ID,
    SERVED,
    ServiceWorld,
    a_job,
    after_issue,
    at_a_clinic,
    clinic,
    code_on,
    held_card,
    holder,
    insurer_cell,
    is_good,
    pointer_of,
    typed,
)
from tests.simulated.test_station_crash_world import Fault, Kind, cell, state_of
from tests.unit.policycard.golden_records import octets_of
from tests.unit.verify.readings import check_of

WRONG_PIN = HolderInput(pin="000000")
CARD_WORKS = [work for work in HELD if work is not Work.TERMINATE]


@pytest.fixture
def world(tmp_path: Path) -> ServiceWorld:
    return ServiceWorld(tmp_path / "journal")


def of_profile(profile: Profile, interface: Interface = Interface.CONTACT) -> SoftwareCard:
    return copy_of(
        issued_card().card, interface=interface, changes={image.PROFILE: bytes((profile,))}
    )


def with_can() -> HolderInput:
    return typed(can=holder().can)


# --- change of insurer


def test_after_a_change_a_clinic_sees_the_new_insurer_and_the_same_holder(
    world: ServiceWorld,
) -> None:
    card = held_card()
    before = at_a_clinic(card)
    assert world.attempt(card, a_job(Work.CHANGE_INSURER)) == "done"
    after = at_a_clinic(card)
    assert (after.insurance, after.holder) == (INSURANCE, before.holder)
    assert before.insurance != INSURANCE
    assert after.verdict is not None
    assert after.verdict.signed_at == SERVED


def test_a_photo_that_was_never_read_is_still_covered_after_a_change(world: ServiceWorld) -> None:
    card = copy_of(issued_card(photo=PHOTO).card)
    secrets = issued_card(photo=PHOTO).made.secrets
    given = HolderInput(pin=secrets.pin)
    assert world.attempt(card, a_job(Work.CHANGE_INSURER), given=given) == "done"
    assert is_good(card)
    # The photo's hash is the old signer's own, so an altered photo is noticed as before.
    owner = cell(card, EF_OWNER.cell)
    card.memory.put(EF_OWNER.cell, owner[:-1] + bytes((owner[-1] ^ 1,)))
    assert world.attempt(card, a_job(Work.CHANGE_INSURER, order_id="b"), given=given) == "done"
    seen = clinic(TrustingRegister()).examine(link_to(card), photo=True)
    assert check_of(seen, CheckName.DATA_SIGNED).reason is Reason.DATA_ALTERED


def test_records_go_round_the_ten_places_and_each_older_one_stays(world: ServiceWorld) -> None:
    card = held_card()
    for number, file_id in enumerate([*INSURER_IDS[1:], OLD_ID], 1):
        start = INSURANCE.start_date - timedelta(days=number)
        job = replace(
            a_job(Work.CHANGE_INSURER, order_id=f"order-{number}"),
            insurance=replace(INSURANCE, start_date=start),
        )
        others = {one: insurer_cell(card, one) for one in INSURER_IDS if one != file_id}
        assert world.attempt(card, job) == "done"
        assert pointer_of(card) == file_id
        assert {one: insurer_cell(card, one) for one in others} == others
        assert is_good(card)


def test_two_changes_in_one_second_are_signed_one_after_the_other(world: ServiceWorld) -> None:
    card = held_card()
    for name in ("a", "b"):
        world.clock.now = SIGNED.replace(microsecond=700)
        assert world.attempt(card, a_job(Work.CHANGE_INSURER, order_id=name)) == "done"
        assert world.served is not None
    verdict = at_a_clinic(card).verdict
    assert verdict is not None
    assert verdict.signed_at == SIGNED + timedelta(seconds=2)


def test_a_station_whose_clock_is_behind_the_card_signs_nothing(world: ServiceWorld) -> None:
    card = held_card()
    world.clock.now = SIGNED - timedelta(days=1)
    assert world.attempt(card, a_job(Work.CHANGE_INSURER)) == "clock-behind-card"
    assert (pointer_of(card), world.services()) == (OLD_ID, [])


def test_a_wrong_pin_is_told_with_its_tries_and_nothing_is_written(world: ServiceWorld) -> None:
    card, job = held_card(), a_job(Work.CHANGE_INSURER)
    words = [world.attempt(card, job, given=WRONG_PIN) for _ in range(4)]
    assert words == ["pin-wrong", "pin-wrong", "pin-blocked", "pin-blocked"]
    assert world.attempt(card, job) == "pin-blocked"
    assert (pointer_of(card), world.services()) == (OLD_ID, [])


def test_the_tries_left_are_said() -> None:
    card, journal = held_card(), StationJournal(MemoryJournal(lambda: NOW))
    ours = after_issue(journal)
    with pytest.raises(WrongCodeError, match="2 times more") as refusal:
        ours.do(link_to(card), a_job(Work.CHANGE_INSURER), secrets=WRONG_PIN)
    assert refusal.value.tries_left == 2
    assert "000000" not in str(refusal.value)


def test_without_a_pin_nothing_is_begun(world: ServiceWorld) -> None:
    given = HolderInput()
    assert world.attempt(held_card(), a_job(Work.CHANGE_INSURER), given=given) == "pin-needed"
    assert world.attempt(held_card(), a_job(Work.UNBLOCK_PIN), given=given) == "puk-needed"
    given = HolderInput(puk=holder().puk)
    assert world.attempt(held_card(), a_job(Work.UNBLOCK_PIN), given=given) == "new-pin-needed"
    assert world.services() == []


def test_a_change_that_shows_after_a_crash_asks_for_no_pin(world: ServiceWorld) -> None:
    card, job = held_card(), a_job(Work.CHANGE_INSURER)
    assert world.attempt(card, job, Fault(Kind.BEFORE_ENTRY, 3)) == "killed"
    assert pointer_of(card) == OLD_ID + 1
    assert world.attempt(card, job, given=HolderInput()) == "done"
    assert pointer_of(card) == OLD_ID + 1


def test_a_card_changed_elsewhere_after_a_crash_is_left_to_the_registry(
    world: ServiceWorld, tmp_path: Path
) -> None:
    card, job = held_card(), a_job(Work.CHANGE_INSURER)
    world.attempt(card, job, Fault(Kind.AFTER_ENTRY, 2))
    elsewhere = ServiceWorld(tmp_path / "elsewhere", StandingClock(SERVED + timedelta(hours=1)))
    assert elsewhere.attempt(card, a_job(Work.CHANGE_INSURER, order_id="b")) == "done"
    assert world.attempt(card, job) == "held-card-changed"
    assert pointer_of(card) == OLD_ID + 1


# --- PIN, PUK, CAN


def test_a_blocked_pin_is_unblocked_with_the_puk_and_serves_again(world: ServiceWorld) -> None:
    card = held_card()
    while world.attempt(card, a_job(Work.CHANGE_INSURER), given=WRONG_PIN) != "pin-blocked":
        assert cell(card, image.PIN_TRIES) != b"\x00"
    assert world.attempt(card, a_job(Work.UNBLOCK_PIN, order_id="b")) == "done"
    given = HolderInput(pin=typed().new_pin)
    assert world.attempt(card, a_job(Work.CHANGE_INSURER), given=given) == "done"


def test_a_wrong_puk_is_told_until_it_is_used_up_and_the_order_came_to_nothing(
    world: ServiceWorld,
) -> None:
    card, given = held_card(), HolderInput(puk="00000000", new_pin="1234")
    words = [world.attempt(card, a_job(Work.UNBLOCK_PIN), given=given) for _ in range(11)]
    assert words == ["puk-wrong"] * 9 + ["puk-blocked"] * 2
    assert world.attempt(card, a_job(Work.UNBLOCK_PIN)) == "puk-blocked"
    assert code_on(card, image.PIN) == holder().pin
    assert {type(entry) for entry in world.services()} == {ServiceBegun, ServiceDropped}
    assert world.recovery().services.unfinished() == []


def test_a_wrong_puk_after_a_crash_leaves_the_order_begun(world: ServiceWorld) -> None:
    card = held_card()
    world.attempt(card, a_job(Work.UNBLOCK_PIN), Fault(Kind.AFTER_ENTRY, 2))
    given = HolderInput(puk="00000000", new_pin="1234")
    assert world.attempt(card, a_job(Work.UNBLOCK_PIN), given=given) == "puk-wrong"
    assert [one.order for one in world.recovery().services.unfinished()] == ["order-a"]


def test_a_new_pin_gives_a_card_back_to_a_holder_who_used_up_everything(
    world: ServiceWorld,
) -> None:
    card = held_card()
    card.memory.put(image.PIN_TRIES, b"\x00")
    card.memory.put(image.PUK_TRIES, b"\x00")
    assert world.attempt(card, a_job(Work.NEW_PIN)) == "done"
    assert (cell(card, image.PIN_TRIES), cell(card, image.PUK_TRIES)) == (b"\x03", b"\x0a")


@pytest.mark.parametrize("profile", [Profile.PROTECTED, Profile.PRIVATE])
@pytest.mark.parametrize("work", CARD_WORKS)
def test_a_card_that_hides_is_served_with_its_can_and_not_without(
    work: Work, profile: Profile, world: ServiceWorld
) -> None:
    card = of_profile(profile)
    assert world.attempt(card, a_job(work)) == "can-needed"
    wrong = str((int(holder().can) + 1) % 10**6).zfill(6)
    assert world.attempt(card, a_job(work), given=typed(can=wrong)) == "can-wrong"
    assert world.services() == []
    assert world.attempt(card, a_job(work), given=with_can()) == "done"


def test_a_can_that_a_crash_left_unknown_is_drawn_anew_by_the_chip_alone(
    world: ServiceWorld,
) -> None:
    card, job = of_profile(Profile.PRIVATE), a_job(Work.NEW_CAN)
    assert world.attempt(card, job, Fault(Kind.BEFORE_ENTRY, 3), given=with_can()) == "killed"
    assert code_on(card, image.CAN) != holder().can
    assert world.attempt(card, job, given=HolderInput()) == "done"
    assert world.served is not None
    assert world.served.secrets is not None
    assert world.served.secrets.can == code_on(card, image.CAN)


def test_a_card_known_by_its_chip_after_a_crash_is_no_other_card(world: ServiceWorld) -> None:
    job = a_job(Work.NEW_CAN)
    world.attempt(held_card(), job, Fault(Kind.AFTER_ENTRY, 2))
    other = make_card(an_order(index=8)).card
    assert world.attempt(other, job) == "other-card"
    assert pointer_of(other) == OLD_ID


# --- the end


def test_a_terminated_card_is_done_only_if_the_journal_announced_it(world: ServiceWorld) -> None:
    card, job = held_card(), a_job(Work.TERMINATE)
    assert world.attempt(card, job, Fault(Kind.BEFORE_ENTRY, 3)) == "killed"
    assert state_of(card) == LifeCycle.TERMINATED
    other = replace(job, order_id="b")
    assert world.attempt(card, other) == "held-card-terminated"
    assert world.attempt(card, job) == "done"


def test_a_blocked_card_is_ended_where_the_journal_knows_its_chip(tmp_path: Path) -> None:
    card = held_card()
    card.memory.put(image.LIFE_CYCLE, bytes((LifeCycle.BLOCKED,)))
    journal = StationJournal(MemoryJournal(lambda: NOW))
    ours, job = after_issue(journal), a_job(Work.TERMINATE)
    world = ServiceWorld(tmp_path / "journal")
    assert world.attempt(card, job) == "held-card-blocked"
    made = issued_card().made
    journal.note(
        CardMade(chip=made.chip_serial, order="first", number=NUMBER, signed_at=made.signed_at)
    )
    assert ours.do(link_to(card), job).outcome.chip == made.chip_serial
    assert state_of(card) == LifeCycle.TERMINATED


# --- cards that are left alone


def blank() -> Card:
    return blank_card()


def in_state(life_cycle: LifeCycle) -> Card:
    card = held_card()
    card.memory.put(image.LIFE_CYCLE, bytes((life_cycle,)))
    return card


def without_trust_layer() -> Card:
    card = held_card()
    card.memory.transaction({EF_SOD.cell: None})
    return card


def of_the_field() -> Card:
    insurers = {0x0301: octets_of("insurer-plain")}
    return FieldCard(owner=octets_of("owner-plain"), insurers=insurers, pointer=0x0301)


def altered() -> Card:
    return copy_of(issued_card().card, changes={EF_OWNER.cell: octets_of("owner-minimal")})


LEFT_ALONE: dict[str, Callable[[], Card]] = {
    "held-card-blank": blank,
    "held-card-blocked": lambda: in_state(LifeCycle.BLOCKED),
    "held-card-terminated": lambda: in_state(LifeCycle.TERMINATED),
    "held-card-foreign": without_trust_layer,
    "held-card-not-genuine": lambda: clone_without_chip_key(issued_card().card),
    "held-card-altered": altered,
    "other-card": lambda: make_card(an_order(index=8)).card,
}


@pytest.mark.parametrize("code", LEFT_ALONE)
@pytest.mark.parametrize("work", HELD)
def test_a_card_that_is_not_the_one_ordered_is_refused_by_name_and_left_as_it_is(
    work: Work, code: str, world: ServiceWorld
) -> None:
    card = LEFT_ALONE[code]()
    assert isinstance(card, SoftwareCard)
    before = card.memory.cells()
    assert world.attempt(card, a_job(work)) == code
    assert (card.memory.cells(), world.services()) == (before, [])


@pytest.mark.parametrize("card", [of_the_field(), BankCard()], ids=["field", "bank"])
@pytest.mark.parametrize("work", HELD)
def test_a_foreign_card_is_refused(work: Work, card: Card) -> None:
    journal = StationJournal(MemoryJournal(lambda: NOW))
    with pytest.raises(Refusal, match="no policy card") as refusal:
        after_issue(journal).do(link_to(card), a_job(work), secrets=typed())
    assert refusal.value.code == "held-card-foreign"


def test_a_card_in_range_of_an_antenna_takes_no_keys(world: ServiceWorld) -> None:
    card = of_profile(Profile.FIELD, Interface.CONTACTLESS)
    job = a_job(Work.CHANGE_INSURER)
    assert world.attempt(card, job, given=with_can()) == "contact-needed"
    assert (pointer_of(card), world.services()) == (OLD_ID, [])


@pytest.mark.parametrize("work", [one for one in HELD if one is not Work.UNBLOCK_PIN])
def test_a_card_of_other_keys_is_not_written_to(work: Work, world: ServiceWorld) -> None:
    keys = cell(held_card(), image.KEY_SET)
    card = copy_of(held_card(), changes={image.KEY_SET: keys[:1] + keys[1:][::-1]})
    assert world.attempt(card, a_job(work)) == "held-card-keys"
    assert (pointer_of(card), world.services()) == (OLD_ID, [])


@pytest.mark.parametrize("work", CARD_WORKS)
def test_a_card_of_a_revoked_signer_is_only_ended(work: Work) -> None:
    journal = StationJournal(MemoryJournal(lambda: NOW))
    revoked = issuer().trust([issuer().revocations(SIGNER_SERIAL, at=LISTED)])
    ours, card = after_issue(journal, examiner=clinic(trust=revoked)), held_card()
    with pytest.raises(Refusal) as refusal:
        ours.do(link_to(card), a_job(work), secrets=typed())
    assert refusal.value.code == "held-card-signer"
    card.power_up()
    ours.do(link_to(card), a_job(Work.TERMINATE))
    assert state_of(card) == LifeCycle.TERMINATED


def test_what_the_station_would_not_be_trusted_to_sign_is_not_signed() -> None:
    def untrusted() -> None:
        raise Refusal("signer-expired", "Renew the signer.")

    journal = StationJournal(MemoryJournal(lambda: NOW))
    ours, card = after_issue(journal, preflight=untrusted), held_card()
    with pytest.raises(Refusal, match="Renew"):
        ours.do(link_to(card), a_job(Work.CHANGE_INSURER), secrets=typed())
    ours.do(link_to(card), a_job(Work.NEW_PIN, order_id="b"))
    assert pointer_of(card) == OLD_ID


def test_a_job_that_lacks_something_is_a_slip_of_the_caller() -> None:
    ours = after_issue(StationJournal(MemoryJournal(lambda: NOW)))
    whole = a_job(Work.CHANGE_INSURER)
    for job in (
        replace(whole, insurance=None),
        replace(whole, card_number=None),
        Job(order_id="n"),
    ):
        with pytest.raises(UsageError):
            ours.do(link_to(held_card()), job, secrets=typed())
    with pytest.raises(UsageError):
        ours.do(link_to(held_card()), whole, lane=0)


def test_nothing_printed_of_what_was_served_shows_a_secret() -> None:
    ours = after_issue(StationJournal(MemoryJournal(lambda: NOW)))
    served = ours.do(link_to(held_card()), a_job(Work.NEW_PIN), secrets=typed())
    assert served.secrets is not None
    for hidden in (served.secrets.pin, served.secrets.puk, holder().pin):
        assert hidden not in repr(served) + repr(typed())
