"""Files whose lengths lie or that were cut short are not believed."""

import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.verify.judging import verify_files
from simulators.card.files import (
    EF_CARD_ID,
    EF_CHIP_SECURITY,
    EF_ICCID,
    EF_OWNER,
    EF_SOD,
    ElementaryFile,
    insurer_file,
)
from simulators.card.tampering import copy_of
from tests.adversarial.verify.hostile import (
    COMMANDS,
    Meddler,
    copy_with,
    examined,
    examined_over,
    is_not_valid,
    outcome_of,
)
from tests.chain import PHOTO, issued_card
from tests.unit.policycard.golden_records import signed_files
from tests.unit.verify.readings import sod

FILES: list[ElementaryFile | None] = [EF_SOD, EF_OWNER, insurer_file(0x0301), EF_CHIP_SECURITY]
NAMES = ["EF.SOD", "owner", "insurer", "EF.ChipSecurity"]


@pytest.mark.parametrize(
    "length", ["84FFFFFFFF", "83FFFFFF", "82FFFF", "80", "85FFFFFFFFFF", "FF", "81", ""]
)
@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_length_that_lies_is_not_believed(file: ElementaryFile, length: str) -> None:
    content = issued_card().card.memory.get(file.cell) or b""
    card, issued = copy_with({file: content[:1] + bytes.fromhex(length)})
    examination = examined(card, issued)
    assert outcome_of(examination) is Outcome.INVALID
    assert examination.commands < 3 * COMMANDS


@pytest.mark.parametrize("file", [EF_CARD_ID, EF_ICCID])
@pytest.mark.parametrize("content", ["", "61", "6184FFFFFFFF", "6003"])
def test_a_small_file_that_lies_is_not_believed_either(file: ElementaryFile, content: str) -> None:
    card, issued = copy_with({file: bytes.fromhex(content)})
    assert outcome_of(examined(card, issued)) is Outcome.INVALID


def test_a_photo_whose_length_runs_past_the_file_is_not_believed() -> None:
    issued = issued_card(photo=PHOTO)
    octets = issued.card.memory.get(EF_OWNER.cell) or b""
    at = octets.index(b"\x7f\x40\x82")
    for length in (b"\xff\xff", b"\x00\x00", b"\x00\x10"):
        altered = octets[: at + 3] + length + octets[at + 5 :]
        card, _ = copy_with({EF_OWNER: altered}, photo=PHOTO)
        assert outcome_of(examined(card, issued)) is Outcome.INVALID


def test_more_octets_than_were_asked_for_are_refused() -> None:
    link = Meddler(
        copy_of(issued_card().card),
        lambda n, _, answer: bytes(300) + answer if n == 2 else answer,
    )
    assert is_not_valid(examined_over(link))


def truncations(size: int, *, step: int) -> list[int]:
    """Return lengths to cut a file to: all at both ends, some between."""
    ends = {*range(min(size, 12)), *range(max(0, size - 6), size)}
    return sorted(ends | set(range(0, size, step)))


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_file_that_was_cut_short_anywhere_makes_the_card_invalid(file: ElementaryFile) -> None:
    content = issued_card().card.memory.get(file.cell) or b""
    step = 19 if file is EF_SOD else 1
    for kept in truncations(len(content), step=step):
        card, issued = copy_with({file: content[:kept]})
        assert outcome_of(examined(card, issued)) is Outcome.INVALID, f"cut to {kept}"


def test_an_ef_sod_that_was_cut_at_any_octet_proves_nothing() -> None:
    octets = sod()
    for kept in range(len(octets)):
        state = verify_files(octets[:kept], signed_files())
        assert (state.verified, state.fault) == (None, Reason.SECURITY_OBJECT_MALFORMED)


def test_an_owner_file_that_was_cut_before_its_photo_makes_the_card_invalid() -> None:
    issued = issued_card(photo=PHOTO)
    octets = issued.card.memory.get(EF_OWNER.cell) or b""
    texts_end = octets.index(b"\x7f\x40\x82") + 5
    for kept in range(0, texts_end, 3):
        card, _ = copy_with({EF_OWNER: octets[:kept]}, photo=PHOTO)
        assert outcome_of(examined(card, issued)) is Outcome.INVALID, f"cut to {kept}"
