"""libeac as the terminal, our software card as the card: PACE, chip and terminal authentication."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from simulators.card import SoftwareCard
from simulators.card.tampering import copy_of
from tests.interop.libeac.terminal import CardRefusedError, LibeacTerminal
from tests.unit.simulators.card.hosts import FOMS_ID, FOMS_INS, FOMS_ROOT, tlv
from tests.unit.simulators.card.issuing import (
    CAN,
    CHIP_POINT,
    CVCA,
    CVCA_2,
    DV,
    INSURER,
    OWNER,
    SOD,
    TERMINAL,
    Content,
    Party,
    certificate,
    in_range,
    personalized,
    trust_point,
)

STATIC_ID = CHIP_POINT[1:33]


def issued(subject: Party, issuer: Party) -> bytes:
    return tlv("7F21", certificate(subject, issuer))


CHAIN = [issued(DV, CVCA), issued(TERMINAL, DV)]


@pytest.fixture(scope="module")
def made() -> SoftwareCard:
    return personalized(Content(cvca=trust_point()))


@pytest.fixture
def card(made: SoftwareCard) -> SoftwareCard:
    return in_range(copy_of(made, changes={"file:FOMS_INS/0305": INSURER}))


@pytest.fixture
def terminal(card: SoftwareCard) -> LibeacTerminal:
    """A terminal at that card, with the key of the last certificate."""
    made = LibeacTerminal(card.execute)
    key = TERMINAL.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    made.load_key(key, CHAIN[-1])
    return made


def read(terminal: LibeacTerminal, aid: bytes, sfi: str) -> tuple[bytes, int]:
    terminal.must("SELECT", "00A4040C", aid)
    return terminal.send(f"00B0{sfi}00", le=b"\x00")


def test_pace_opens_what_the_can_opens(terminal: LibeacTerminal) -> None:
    terminal.establish_pace(CAN)
    assert read(terminal, FOMS_ID, "81") == (OWNER[:223], 0x9000)
    assert read(terminal, FOMS_INS, "85") == (b"", 0x6982)


def test_long_answers_come_in_extended_length(terminal: LibeacTerminal) -> None:
    terminal.establish_pace(CAN)
    terminal.must("SELECT", "00A4040C", FOMS_ROOT)
    assert terminal.send("00B09D00", le=b"\x00\x00") == (SOD, 0x9000)


def test_a_wrong_can_is_6300_and_the_next_run_may_be_right(terminal: LibeacTerminal) -> None:
    with pytest.raises(CardRefusedError, match="step 85: 6300"):
        terminal.establish_pace("000000")
    terminal.establish_pace(CAN)
    assert read(terminal, FOMS_ID, "81")[1] == 0x9000


def test_chip_authentication_outside_pace_gives_a_session(terminal: LibeacTerminal) -> None:
    terminal.authenticate_chip(CHIP_POINT)
    assert read(terminal, FOMS_ROOT, "8E")[1] == 0x9000
    assert read(terminal, FOMS_ROOT, "9D") == (b"", 0x6982)


def test_the_tap_needs_no_can(terminal: LibeacTerminal) -> None:
    terminal.authenticate_chip(CHIP_POINT)
    terminal.authenticate(CHAIN, id_picc=STATIC_ID)
    assert read(terminal, FOMS_ID, "81") == (OWNER[:223], 0x9000)
    assert read(terminal, FOMS_INS, "85")[1] == 0x9000


def test_all_three_protocols_one_in_the_other(terminal: LibeacTerminal) -> None:
    terminal.establish_pace(CAN)
    terminal.authenticate_chip(CHIP_POINT)
    assert read(terminal, FOMS_INS, "85")[1] == 0x6982
    terminal.authenticate(CHAIN)
    assert read(terminal, FOMS_INS, "85") == (INSURER[:223], 0x9000)


def test_a_link_certificate_of_433_octets_and_more_leads_to_a_new_trust_point(
    terminal: LibeacTerminal, card: SoftwareCard
) -> None:
    link = issued(CVCA_2, CVCA)
    assert len(link) > 433
    terminal.authenticate_chip(CHIP_POINT)
    terminal.authenticate([link, issued(DV, CVCA_2), issued(TERMINAL, DV)], id_picc=STATIC_ID)
    content, sw = read(terminal, FOMS_ROOT, "9C")
    assert sw == 0x9000
    assert content.startswith(tlv("42", CVCA_2.name) + tlv("42", CVCA.name))
    assert card.memory.get("CVCA current") == link


def test_after_pace_a_signature_for_the_static_key_is_6300(terminal: LibeacTerminal) -> None:
    terminal.establish_pace(CAN)
    terminal.authenticate_chip(CHIP_POINT)
    with pytest.raises(CardRefusedError, match="EXTERNAL AUTHENTICATE: 6300"):
        terminal.authenticate(CHAIN, id_picc=STATIC_ID)


def test_a_certificate_signed_by_a_stranger_is_6300(terminal: LibeacTerminal) -> None:
    stranger = replace(CVCA, scalar=CVCA.scalar + 1)
    terminal.authenticate_chip(CHIP_POINT)
    with pytest.raises(CardRefusedError, match="PSO:VERIFY CERTIFICATE: 6300"):
        terminal.present(issued(DV, stranger))


def test_a_terminal_without_the_key_of_its_certificate_is_6300(terminal: LibeacTerminal) -> None:
    other = replace(TERMINAL, scalar=TERMINAL.scalar + 1)
    terminal.authenticate_chip(CHIP_POINT)
    with pytest.raises(CardRefusedError, match="EXTERNAL AUTHENTICATE: 6300"):
        terminal.authenticate([CHAIN[0], issued(other, DV)], id_picc=STATIC_ID)
