"""Readers that carry short commands only: cards are read all the same, and that is remembered."""

import pytest
from typing_extensions import override

from cardservice.apdu.tlv import encode_object
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.errors import CardRemovedError, LinkError
from cardservice.verify.examination import Problem
from simulators.card.files import EF_SOD, insurer_file
from simulators.card.tampering import clone_without_chip_key, copy_of
from simulators.reader import Card
from tests.chain import PHOTO, desk, issued_card, link_to
from tests.unit.policycard.golden_records import insurer_record, octets_of, owner_record
from tests.unit.verify.readings import check_of

LC_AT = 4


class ShortOnly:
    """A link through a reader that has no extended command, and says so in some way."""

    def __init__(self, card: Card, error: LinkError | None = None) -> None:
        self.atr = card.atr
        self._link = link_to(card)
        self._error = error or LinkError("the reader said no")
        self.refused = 0
        self.reset = self._link.reset

    def exchange(self, command: bytes) -> bytes:
        if len(command) > LC_AT + 1 and command[LC_AT] == 0:
            self.refused += 1
            raise self._error
        return self._link.exchange(command)


def test_a_card_is_read_in_short_blocks_where_nothing_else_passes_and_that_is_remembered() -> None:
    issued = issued_card(photo=PHOTO)
    examiner = desk(issued.register)
    refused = []
    for _ in range(2):
        link = ShortOnly(copy_of(issued.card))
        verdict = examiner.examine(link).verdict
        assert verdict is not None
        assert verdict.outcome is Outcome.VALID
        refused.append(link.refused)
    assert refused == [1, 0]


def test_a_copy_is_a_copy_in_short_blocks_too() -> None:
    issued = issued_card()
    examination = desk(issued.register).examine(ShortOnly(clone_without_chip_key(issued.card)))
    assert examination.verdict is not None
    assert examination.verdict.outcome is Outcome.INVALID
    assert check_of(examination, CheckName.CHIP_GENUINE).reason is Reason.CHIP_COPIED


def test_a_card_that_left_is_not_taken_for_a_reader_that_carries_no_extended_command() -> None:
    link = ShortOnly(copy_of(issued_card().card), CardRemovedError("gone"))
    assert desk(None).examine(link).problem is Problem.CARD_REMOVED


@pytest.mark.parametrize("filler", [0, 190, 220, 410, 414, 445, 470, 660, 1_400])
def test_a_card_that_lost_its_ef_sod_is_still_read_in_short_blocks(filler: int) -> None:
    file = insurer_file(0x0301)
    assert file is not None
    unknown = encode_object(0xC1, bytes(filler))
    insurer = encode_object(0x64, octets_of("insurer-plain")[2:] + unknown)
    card = copy_of(issued_card().card, changes={file.cell: insurer})
    card.memory.transaction({EF_SOD.cell: None})
    examination = desk(issued_card().register).examine(ShortOnly(card))
    assert examination.holder == owner_record().holder
    assert examination.insurance == insurer_record().insurance
    assert check_of(examination, CheckName.DATA_SIGNED).reason is Reason.TRUST_LAYER_REMOVED


class BareRefusal(ShortOnly):
    """A link below which extended commands are answered 6700 by something that is not the card."""

    @override
    def exchange(self, command: bytes) -> bytes:
        try:
            return super().exchange(command)
        except LinkError:
            return b"\x67\x00"


def test_an_extended_command_answered_bare_with_6700_does_not_make_a_copy_of_a_genuine_card() -> (
    None
):
    issued = issued_card()
    verdict = desk(issued.register).examine(BareRefusal(copy_of(issued.card))).verdict
    assert verdict is not None
    assert verdict.outcome is Outcome.VALID


def test_a_copy_that_answers_bare_with_6700_is_still_a_copy() -> None:
    issued = issued_card()
    clone = clone_without_chip_key(issued.card)
    examination = desk(issued.register).examine(BareRefusal(clone))
    assert check_of(examination, CheckName.CHIP_GENUINE).reason is Reason.CHIP_COPIED
