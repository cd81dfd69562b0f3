"""libeac as the card, our flows as the terminal: PACE, chip and terminal authentication."""

import secrets

import pytest

from cardservice.channel.card_access import choose_pace, parse_card_access
from cardservice.channel.chip_authentication import ProvedChip, authenticate_chip
from cardservice.channel.curves import CURVES, Curve
from cardservice.channel.flow import drive, protect
from cardservice.channel.pace import PaceSession, WrongPasswordError, establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.reading import read_binary, select_application
from cardservice.channel.terminal_authentication import AuthenticatedTerminal, authenticate_terminal
from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.errors import AuthenticationError, StatusError
from cardservice.pki.cv.keys import plain_signer
from tests.chain import new_ephemeral
from tests.interop.libeac.card import LibeacCard
from tests.interop.libeac.objects import AES_LENGTHS, card_access, library_infos
from tests.unit.pki.cv import office
from tests.unit.simulators.card.hosts import p256_key, point_of

CAN = "123456"
CHIP_POINT = point_of(p256_key(7))
CONTENT = bytes(range(200))
FULL_CHAIN = (office.link(), office.verifier(2).certificate, office.terminal(2))
CHAIN = (office.verifier(1).certificate, office.terminal(1))


def a_card(*, key_bits: int = 128, parameter_id: int = 12, chip: int = 7) -> LibeacCard:
    return LibeacCard(
        infos=library_infos(key_bits=key_bits, parameter_id=parameter_id),
        passwords={2: CAN.encode()},
        static_key=(chip.to_bytes(32), point_of(p256_key(chip))),
        trust_point=office.cvca(1).certificate.octets,
        files={0x1D: CONTENT},
    )


def pace(
    card: LibeacCard, can: str = CAN, *, key_bits: int = 128, curve: Curve = CURVES[12]
) -> PaceSession:
    infos = parse_card_access(card_access(key_bits=key_bits, parameter_id=curve.parameter_id))
    flow = establish_pace(
        choose_pace(infos),
        password=PacePassword.can(can),
        map_scalar=1 + secrets.randbelow(curve.n - 1),
        ephemeral_scalar=1 + secrets.randbelow(curve.n - 1),
    )
    return drive(flow, card.execute)


def prove_chip(card: LibeacCard, through: PaceSession) -> tuple[ProvedChip, bytes]:
    agreement = authenticate_chip(CHIP_POINT, ephemeral=new_ephemeral())
    unproved = drive(protect(agreement, through.session), card.execute)
    return drive(unproved.prove(read_binary(sfi=0x1D, ne=200)), card.execute)


def authenticate(
    card: LibeacCard, *, signer: str = "terminal", chain: TerminalChain | None = None
) -> AuthenticatedTerminal:
    through = pace(card)
    chip, _ = prove_chip(card, through)
    flow = authenticate_terminal(
        chain or TerminalChain(CHAIN, rights=7),
        sign=plain_signer(office.key(signer)),
        chip=chip,
        pace=through,
    )
    return drive(flow, card.execute)


@pytest.mark.parametrize("curve", CURVES.values(), ids=lambda curve: curve.name)
@pytest.mark.parametrize("key_bits", AES_LENGTHS)
def test_pace_comes_to_the_same_keys_with_every_cipher_on_every_curve(
    key_bits: int, curve: Curve
) -> None:
    card = a_card(key_bits=key_bits, parameter_id=curve.parameter_id)
    session = pace(card, key_bits=key_bits, curve=curve).session
    drive(protect(select_application(b"foms_root"), session), card.execute)
    assert drive(protect(read_binary(sfi=0x1D), session), card.execute) == CONTENT


def test_the_card_names_its_trust_point_in_its_last_answer() -> None:
    assert pace(a_card()).cars == (office.CVCA.encode(),)


def test_a_wrong_can_is_told_apart_from_other_errors() -> None:
    card = a_card()
    with pytest.raises(WrongPasswordError):
        pace(card, "000000")
    assert str(card.refused) == "PACE_STEP3D_verify_authentication_token"


def test_a_card_that_does_not_know_the_can_is_found_out_by_its_token() -> None:
    card = a_card()
    card.careless = True
    with pytest.raises(AuthenticationError, match="PACE token of the card"):
        pace(card, "000000")


def test_chip_authentication_changes_keys_inside_pace() -> None:
    chip, content = prove_chip(card := a_card(), pace(card))
    assert (chip.chip_x, content) == (CHIP_POINT[1:33], CONTENT)


def test_a_card_with_another_chip_key_is_a_copy() -> None:
    card = a_card(chip=8)
    with pytest.raises(AuthenticationError):
        prove_chip(card, pace(card))


def test_the_card_takes_our_certificates_and_our_signature() -> None:
    card = a_card()
    assert authenticate(card).presented == (office.VERIFIER.encode(), office.TERMINAL.encode())
    assert card.terminal


def test_the_card_takes_a_link_certificate_in_a_chain_of_commands() -> None:
    card = a_card()
    assert authenticate(card, chain=TerminalChain(FULL_CHAIN, rights=7)).holder
    assert card.terminal


def test_a_signature_with_another_key_is_refused() -> None:
    card = a_card()
    with pytest.raises(StatusError, match="terminal authentication"):
        authenticate(card, signer="somebody else")
    assert not card.terminal
    assert str(card.refused) == "TA_STEP6_verify"


def test_a_chain_under_another_trust_point_is_refused() -> None:
    card = a_card()
    with pytest.raises(StatusError, match="the certificate of RUOMSDV7700001"):
        authenticate(card, chain=TerminalChain(FULL_CHAIN[1:], rights=7))
    assert str(card.refused) == "TA_STEP2_import_certificate"
