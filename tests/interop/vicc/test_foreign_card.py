"""Cards whose operating system is vsmartcard's: ours is no party to what they answer."""

from collections.abc import Iterator

import pytest

from cardservice.apdu.atr import parse_atr
from cardservice.domain.verdict import Outcome
from cardservice.policycard.insurer import encode_insurer
from cardservice.policycard.owner import encode_owner
from cardservice.verify.examination import Problem
from cardservice.verify.findings import ChipProof
from tests.chain import PHOTO, desk
from tests.interop.vicc.reader import VpcdLink, foreign_card
from tests.unit.policycard.golden_records import insurer_record, owner_record

OWNER = encode_owner(owner_record("owner-snils", photo=PHOTO))
INSURER = encode_insurer(insurer_record("insurer-plain"))


@pytest.fixture
def stranger() -> Iterator[VpcdLink]:
    """A card with a master file and nothing in it."""
    with foreign_card() as link:
        yield link


@pytest.fixture
def field_card() -> Iterator[VpcdLink]:
    """A card of the field: the applications, the owner EF, one insurer EF and its pointer."""
    with foreign_card(OWNER, INSURER) as link:
        yield link


def test_a_card_without_our_applications_is_no_policy_card(stranger: VpcdLink) -> None:
    examination = desk(None).examine(stranger)
    assert (examination.problem, examination.verdict) == (Problem.NOT_A_POLICY_CARD, None)
    assert parse_atr(stranger.atr).is_well_formed


def test_a_field_card_is_read_plainly_and_its_holder_shown(field_card: VpcdLink) -> None:
    examination, reading = desk(None).examine_with_reading(field_card)
    assert examination.problem is None
    assert reading is not None
    assert (reading.chip, reading.security_object) == (ChipProof.NOT_OFFERED, None)
    assert reading.files.insurer == INSURER
    assert reading.files.owner is not None
    assert OWNER.startswith(reading.files.owner)
    shown = examination.verdict and examination.verdict.outcome
    assert shown is Outcome.UNDECIDED


def test_a_field_card_reads_the_same_again_after_a_reset(field_card: VpcdLink) -> None:
    _, first = desk(None).examine_with_reading(field_card)
    field_card.reset()
    _, again = desk(None).examine_with_reading(field_card)
    assert first == again
    assert first is not None
