"""What the reception does with cards, good and bad; no reader and no plastic is needed."""

from functools import partial

import pytest
from simulators.testing import CardReader, PcscReader, PolicyCards

from clinic_app.pcsc import PcscCard
from clinic_app.reception import BUDGET_S, Reception


def test_a_valid_card_finds_the_patient(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    card_reader.insert(policy_card(zoo="valid"))
    visit = reception.receive(card_reader.connect)
    assert (visit.admitted, visit.record) == (True, "record 17")


def test_a_blocked_card_is_turned_away(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    card_reader.insert(policy_card(zoo="blocked-in-register"))
    visit = reception.receive(card_reader.connect)
    assert (visit.admitted, visit.reason) == (False, "card-blocked")


def test_a_name_that_somebody_altered_is_noticed(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    card_reader.insert(policy_card(zoo="altered-owner"))
    visit = reception.receive(card_reader.connect)
    assert (visit.admitted, visit.reason) == (False, "data-altered")


def test_a_copy_without_the_chip_key_is_noticed(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    clone = policy_card(zoo="cloned")
    card_reader.insert(clone)
    visit = reception.receive(card_reader.connect)
    assert (visit.admitted, visit.reason) == (False, clone.reason)


def test_a_bank_card_is_no_policy(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    card_reader.insert(policy_card(zoo="bank"))
    visit = reception.receive(card_reader.connect)
    assert (visit.admitted, visit.reason) == (False, "not-a-policy-card")


def test_a_card_pulled_while_it_is_read_may_be_put_in_again(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    card = policy_card(zoo="valid")
    card_reader.insert(card)
    card_reader.pull_after(commands=7, during=True)
    assert reception.receive(card_reader.connect).reason == "card-removed"
    card_reader.insert(card)
    assert reception.receive(card_reader.connect).admitted


@pytest.mark.card_time("virtual", chip="slowest", contact_line="contact-13k")
def test_the_slowest_card_is_read_within_the_time_a_patient_waits(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    card_reader.insert(policy_card(zoo="valid"))
    assert reception.receive(card_reader.connect).admitted
    assert 1 < card_reader.clock() < BUDGET_S  # modelled seconds: nobody waited


@pytest.mark.card_faults(
    {"faults": [{"what": "bit-errors", "when": {"header": "0CB0", "times": 1}}]}
)
def test_a_card_on_a_noisy_line_is_read_again(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    card_reader.insert(policy_card(zoo="valid"))
    visit = reception.receive(card_reader.connect)
    assert (visit.admitted, visit.attempts) == (True, 2)


@pytest.mark.card_interface("contactless")
def test_a_tapped_card_opens_with_the_number_printed_on_it(
    reception: Reception, policy_card: PolicyCards, card_reader: CardReader
) -> None:
    card = policy_card(zoo="valid")
    card_reader.insert(card)
    assert reception.receive(card_reader.connect).reason == "access-refused"
    assert reception.receive(card_reader.connect, can=card.can).record == "record 17"


def test_the_next_patient_in_a_pcsc_reader_is_not_taken_for_the_last(
    reception: Reception, policy_card: PolicyCards, pcsc_reader: PcscReader
) -> None:
    connect = partial(PcscCard, pcsc_reader.name)
    pcsc_reader.insert(policy_card(zoo="valid"))
    assert reception.receive(connect).record == "record 17"
    pcsc_reader.swap(policy_card(zoo="valid-without-photo"))
    visit = reception.receive(connect)
    assert (visit.admitted, visit.record) == (True, None)
