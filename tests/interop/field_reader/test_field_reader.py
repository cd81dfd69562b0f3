"""Reader programs that know only the field layer read our cards (card.md, "Two layers")."""

from collections.abc import Callable, Iterator

import pytest

from cardservice.domain.verdict import Outcome
from cardservice.policycard.photo import encode_photo
from simulators.card import SoftwareCard
from simulators.card.tampering import copy_of
from simulators.reader.daemon import PrivatePcscd
from tests.chain import PHOTO, an_order, desk, issued_card, link_to
from tests.interop.field_reader.plain_reader import (
    Send,
    fields,
    opensc_tool,
    read_whole,
    scriptor,
    select,
)
from tests.pcsc_stack import card_in

pytestmark = pytest.mark.pcsc
OWNER = [select("FOMS_ID"), "00A4020C020201"]


@pytest.fixture
def card() -> SoftwareCard:
    return copy_of(issued_card(photo=PHOTO).card)


@pytest.fixture(params=[opensc_tool, scriptor], ids=["opensc-tool", "scriptor"])
def send(request: pytest.FixtureRequest, pcscd: PrivatePcscd, card: SoftwareCard) -> Iterator[Send]:
    """Send to a made card in a PC/SC reader, through somebody else's program."""
    tool: Callable[[str], Send] = request.param
    with card_in(pcscd.slots[0], card):
        yield tool(pcscd.slots[0].name)


def test_a_plain_reader_finds_the_holder(send: Send) -> None:
    holder = an_order().holder
    found = fields(read_whole(send, OWNER))
    assert found["62/5F26"].decode() == holder.enp
    assert found["62/5F21"].decode() == holder.surname
    assert found["62/5F22"].decode() == holder.given_name
    assert found["62/5F23"].decode() == holder.patronymic
    assert found["62/5F24"].hex() == f"{holder.birth_date:%d%m%Y}"
    assert found["62/5F25"] == b"\x01"
    assert found["62/5F27"].decode() == holder.snils


def test_a_plain_reader_gets_the_photo_whole_after_many_readings(send: Send) -> None:
    octets = read_whole(send, OWNER)
    assert octets.endswith(encode_photo(PHOTO))
    assert fields(octets)["62/7F40/5F42"] == PHOTO.image


def test_a_plain_reader_follows_the_pointer_to_the_current_insurer(send: Send) -> None:
    (_, word), (pointer, got) = send([select("FOMS_INS"), "00CA01B002"])
    assert (word, got, len(pointer)) == (0x9000, 0x9000, 2)
    insurer = read_whole(send, [select("FOMS_INS"), f"00A4020C02{pointer.hex()}"])
    found = fields(insurer)
    insurance = an_order().insurance
    assert found["64/5F51"].decode() == insurance.ogrn
    assert found["64/5F52"].decode() == insurance.okato
    assert found["64/5F53"].hex() == f"{insurance.start_date:%d%m%Y}"


def test_the_three_applications_can_be_selected_in_any_order(send: Send) -> None:
    names = ["FOMS_INS", "foms_root", "FOMS_ID", "foms_root", "FOMS_INS"]
    assert [word for _, word in send([select(name) for name in names])] == [0x9000] * 5


def test_reading_by_other_programs_changes_nothing_on_the_card(
    send: Send, card: SoftwareCard
) -> None:
    before = card.memory.cells()
    read_whole(send, OWNER)
    assert card.memory.cells() == before
    verdict = desk(issued_card(photo=PHOTO).register).examine(link_to(copy_of(card))).verdict
    assert verdict is not None
    assert verdict.outcome is Outcome.VALID
