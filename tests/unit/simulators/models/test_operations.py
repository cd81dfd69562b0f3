"""What the card counts: each protocol's operations, as card.md and the standards make them."""

from simulators.card import Interface, Operation, SoftwareCard
from simulators.models.timed_card import Tally
from tests.unit.simulators.card.desks import Desk, card_with_trust_point
from tests.unit.simulators.card.hosts import (
    FOMS_ID,
    FOMS_ROOT,
    OK,
    PaceHost,
    chip_authenticate,
    pace_mse,
    select_aid,
    send,
)
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    Content,
    Drawn,
    new_blank,
    personalization,
    personalized,
    trust_point,
)
from tests.unit.simulators.models.presenting import Presented


def test_selecting_is_one_operation_and_plain_reading_is_none() -> None:
    shown = Presented(personalized())
    assert select_aid(shown, FOMS_ROOT) == OK
    assert send(shown, "00B08E0000")[1] == OK
    assert shown.operations() == {"select": 1}


def test_a_run_of_pace_is_two_key_pairs_two_agreements_and_one_mapping() -> None:
    shown = Presented(personalized())
    PaceHost(shown).run()
    assert shown.operations() == {
        "key_pair": 2,
        "ecdh": 2,
        "mapping": 1,
        "symmetric": 2,
        "memory_write": 2,
    }


def test_chip_authentication_is_one_agreement_with_a_key_made_long_ago() -> None:
    shown = Presented(personalized())
    chip_authenticate(shown, CHIP_POINT)
    assert shown.operations() == {"ecdh": 1}


def test_each_protected_command_is_one_symmetric_operation() -> None:
    shown = Presented(personalized())
    host = chip_authenticate(shown, CHIP_POINT).host
    before = shown.operations().get("symmetric", 0)
    host.send("00A4040C", FOMS_ID)
    host.send("00B08100", le=b"\x00")
    assert shown.operations()["symmetric"] - before == 2


def test_a_wrong_mac_costs_the_chip_its_symmetric_operation_too() -> None:
    shown = Presented(personalized())
    chip_authenticate(shown, CHIP_POINT)
    assert send(shown, "0CA4040C0A8E080000000000000000")[1] == 0x6988
    assert shown.commands[-1].operations == {Operation.SYMMETRIC: 1}


def test_terminal_authentication_verifies_two_certificates_and_one_signature() -> None:
    shown = Presented(card_with_trust_point())
    desk = Desk(chip_authenticate(shown, CHIP_POINT))
    assert desk.authenticate() == OK
    done = shown.operations()
    assert (done["verify"], done["ecdh"], done["symmetric"]) == (3, 1, 7)


def test_personalization_makes_one_key_pair_and_verifies_the_trust_point() -> None:
    card = new_blank()
    tally = Tally(card.memory)
    metered = SoftwareCard(card.memory, interface=Interface.CONTACT, entropy=Drawn(), meter=tally)
    for step in personalization(metered, Content(cvca=trust_point())):
        step()
    done = tally.take()
    assert (done[Operation.KEY_PAIR], done[Operation.VERIFY]) == (1, 1)
    assert done[Operation.SYMMETRIC] > 4
    assert done[Operation.MEMORY_WRITE] == card.memory.writes


def test_what_was_taken_from_a_tally_is_not_counted_twice() -> None:
    tally = Tally(personalized().memory)
    tally.count(Operation.ECDH)
    assert tally.take() == {Operation.ECDH: 1}
    assert tally.take() == {}


def test_a_pace_step_that_is_refused_before_its_point_is_read_costs_no_agreement() -> None:
    shown = Presented(personalized())
    assert send(shown, pace_mse())[1] == OK
    host = PaceHost(shown)
    host.step("10", "", b"")
    assert host.step("10", "81", bytes(65))[1] == 0x6A80
    assert "ecdh" not in shown.operations()
