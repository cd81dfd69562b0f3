"""Terminal authentication over a line that alters or cuts what the card says."""

import pytest

from cardservice.channel.chip_authentication import ProvedChip
from cardservice.channel.flow import drive
from cardservice.channel.terminal_authentication import authenticate_terminal
from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.channel.terminal_authentication_references import parse_ef_cvca
from cardservice.errors import AuthenticationError, MalformedDataError
from tests.unit.channel.terminal_authentication_card import (
    TerminalAuthenticationCard,
    proved_chip,
)
from tests.unit.pki.cv.office import each_octet, terminal, verifier

CHAIN = TerminalChain((verifier().certificate, terminal()), 1)
EF_CVCA = b"\x42\x0eRUOMSCVCA00002\x42\x0eRUOMSCVCA00001".ljust(36, b"\x00")


def run(card: TerminalAuthenticationCard, chip: ProvedChip) -> object:
    flow = authenticate_terminal(CHAIN, sign=lambda _: bytes(64), chip=chip, pace=None)
    return drive(flow, card)


def honest() -> list[bytes]:
    card = TerminalAuthenticationCard()
    run(card, proved_chip())
    return card.answers


ANSWERS = honest()
PLACES = [(step, octet) for step, one in enumerate(ANSWERS) for octet in range(len(one))]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[0]}.{place[1]}")
@pytest.mark.parametrize("mask", [0x01, 0x80], ids=hex)
def test_an_altered_octet_breaks_the_session_and_no_more_is_said(
    place: tuple[int, int], mask: int
) -> None:
    step, octet = place
    card = TerminalAuthenticationCard(
        damage=lambda at, raw: (
            raw[:octet] + bytes((raw[octet] ^ mask,)) + raw[octet + 1 :] if at == step else raw
        )
    )
    chip = proved_chip()
    with pytest.raises(AuthenticationError):
        run(card, chip)
    assert chip.session.is_closed
    assert len(card.answers) == step + 1


@pytest.mark.parametrize("step", range(len(ANSWERS)))
def test_a_truncated_or_unprotected_answer_breaks_the_session(step: int) -> None:
    whole = ANSWERS[step]
    for other in [whole[:kept] + b"\x90\x00" for kept in range(len(whole) - 2)]:
        card = TerminalAuthenticationCard(
            damage=lambda at, raw, other=other: other if at == step else raw  # type: ignore[misc]
        )
        chip = proved_chip()
        with pytest.raises(AuthenticationError):
            run(card, chip)
        assert chip.session.is_closed


def test_an_answer_of_an_earlier_command_is_a_replay() -> None:
    card = TerminalAuthenticationCard(damage=lambda at, raw: ANSWERS[0] if at == 1 else raw)
    with pytest.raises(AuthenticationError):
        run(card, proved_chip())


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80], ids=hex)
def test_an_altered_ef_cvca_is_malformed_or_names_other_trust_points(mask: int) -> None:
    for altered in each_octet(EF_CVCA, mask):
        try:
            cars = parse_ef_cvca(altered)
        except MalformedDataError:
            continue
        assert cars != parse_ef_cvca(EF_CVCA)
