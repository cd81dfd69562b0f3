"""Terminal authentication: what the card is shown, in order, and what is signed."""

import pytest

from cardservice.channel.card_access import choose_pace
from cardservice.channel.flow import drive
from cardservice.channel.oids import Oid
from cardservice.channel.pace import PaceSession
from cardservice.channel.pace_password import PasswordReference
from cardservice.channel.security_infos import PACEInfo
from cardservice.channel.terminal_authentication import (
    AuthenticatedTerminal,
    authenticate_terminal,
    signed_message,
)
from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.errors import MalformedDataError, StatusError
from cardservice.pki.cv.certificates import parse_certificate
from cardservice.pki.cv.chains import verify_chain
from cardservice.pki.cv.keys import plain_signer
from tests.shared import vectors
from tests.unit.channel.terminal_authentication_card import (
    CHALLENGE,
    CHIP_X,
    EXTERNAL_AUTHENTICATE,
    GET_CHALLENGE,
    MSE_AT,
    MSE_DST,
    PACE_X,
    PSO,
    PSO_PART,
    TERMINAL_X,
    TerminalAuthenticationCard,
    proved_chip,
)
from tests.unit.pki.cv.office import TODAY, key, link, published, terminal, trusted, verifier

EAC = vectors("eac2_worked_example_ecdh")["examples"][0]
VERIFIED = verify_chain(trusted(), [link(), verifier(2).certificate, terminal(2)], on=TODAY)
LONG = TerminalChain(VERIFIED.certificates, VERIFIED.rights)
SHORT = TerminalChain((verifier().certificate, terminal()), 0b011)


def signature_of(message: bytes) -> bytes:
    """Stand in for a signature: 64 octets that tell what was signed."""
    return message[:24] + message[32:72]


def pace_session() -> PaceSession:
    choice = choose_pace([PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, 12)])
    return PaceSession(proved_chip().session, choice, PasswordReference.CAN, PACE_X)


def run(
    card: TerminalAuthenticationCard,
    chain: TerminalChain = SHORT,
    pace: PaceSession | None = None,
) -> AuthenticatedTerminal:
    flow = authenticate_terminal(chain, sign=signature_of, chip=proved_chip(), pace=pace)
    return drive(flow, card)


def reference(value: bytes) -> bytes:
    return b"\x83" + bytes((len(value),)) + value


def test_the_commands_are_the_contracts_in_the_contracts_order() -> None:
    card = TerminalAuthenticationCard()
    run(card)
    office, desk = SHORT.certificates
    assert card.plain == [
        (MSE_DST, reference(b"RUOMSCVCA00001")),
        (PSO, office.content),
        (MSE_DST, reference(b"RUOMSDV7700001")),
        (PSO, desk.content),
        (MSE_AT, reference(b"RUDESK004200001")),
        (GET_CHALLENGE, b""),
        (EXTERNAL_AUTHENTICATE, signature_of(CHIP_X + CHALLENGE + TERMINAL_X)),
    ]
    assert card.side.opened[5][1].hex() == "970108"


def test_the_result_names_what_ran() -> None:
    assert run(TerminalAuthenticationCard(), LONG) == AuthenticatedTerminal(
        trust_point=b"RUOMSCVCA00001",
        holder=b"RUDESK004200001",
        rights=0b111,
        presented=(b"RUOMSCVCA00002", b"RUOMSDV7700001", b"RUDESK004200001"),
    )


def test_after_pace_the_cards_ephemeral_key_stands_for_the_card() -> None:
    card = TerminalAuthenticationCard()
    run(card, pace=pace_session())
    assert card.plain[-1][1] == signature_of(PACE_X + CHALLENGE + TERMINAL_X)


def test_a_link_certificate_goes_in_parts_each_of_them_protected() -> None:
    card = TerminalAuthenticationCard()
    run(card, LONG)
    parts = [one for one in card.plain if one[0] in (PSO, PSO_PART)][:2]
    assert [header for header, _ in parts] == [PSO_PART, PSO]
    assert b"".join(data for _, data in parts) == link().content
    assert len(parts[0][1]) == 239


def test_published_certificates_are_shown_as_they_were_received() -> None:
    """standards.md 7.2: 00 2A 00 BE and the value of 7F21, 231 octets of DEDVeIDDPST00035."""
    chain = TerminalChain((published("cvdv-DEDVeIDDPST00035"), published("cvat-DEDEMODEV00038")), 0)
    card = TerminalAuthenticationCard()
    run(card, chain)
    assert card.plain[0] == (MSE_DST, reference(b"DETESTeID00004"))
    shown = card.plain[1][1]
    assert shown[:4].hex() == "7f4e81a0"
    assert shown == published("cvdv-DEDVeIDDPST00035").octets[4:]


def test_a_non_minimal_length_is_shown_as_received() -> None:
    office = verifier().certificate
    body = b"\x7f\x4e\x82" + (len(office.body) - 4).to_bytes(2) + office.body[4:]
    content = body + office.content[len(office.body) :]
    odd = parse_certificate(b"\x7f\x21\x82" + len(content).to_bytes(2) + content)
    card = TerminalAuthenticationCard()
    run(card, TerminalChain((odd, terminal()), 0))
    assert card.plain[1][1] == content


def test_the_published_message_is_built_to_the_octet() -> None:
    """The signature of the EAC worked example verifies over it, with no auxiliary data."""
    published_values = EAC["terminal_authentication"]
    message = signed_message(
        id_picc=bytes.fromhex(published_values["id_picc"]),
        r_picc=bytes.fromhex(published_values["r_picc"]),
        terminal_x=bytes.fromhex(published_values["comp_pk_pcd"]),
    )
    assert published_values["auxiliary_data"] == ""
    domain = published("openpace_tc_ecdh_cvca_cert").public_key.domain
    assert domain is not None
    desk = parse_certificate(bytes.fromhex(published_values["terminal"]))
    signature = bytes.fromhex(published_values["signature"])
    assert desk.public_key.verify(signature, message, domain=domain) == message


def test_a_signing_key_of_the_office_gives_what_the_card_verifies() -> None:
    card = TerminalAuthenticationCard()
    flow = authenticate_terminal(
        LONG, sign=plain_signer(key("terminal")), chip=proved_chip(), pace=None
    )
    drive(flow, card)
    message = CHIP_X + CHALLENGE + TERMINAL_X
    assert VERIFIED.terminal.verify(card.plain[-1][1], message) == message


@pytest.mark.parametrize(
    ("refused", "sw", "named"),
    [
        (0, 0x6A88, "RUOMSCVCA00001"),
        (1, 0x6300, "RUOMSDV7700001"),
        (3, 0x6300, "RUDESK004200001"),
        (4, 0x6A88, "Set AT"),
        (5, 0x6985, "challenge"),
        (6, 0x6300, "terminal authentication"),
    ],
)
def test_a_refusal_ends_the_flow_and_names_what_was_refused(
    refused: int, sw: int, named: str
) -> None:
    card = TerminalAuthenticationCard()
    card.alter = lambda _, __: (b"", sw) if len(card.plain) == refused + 1 else None
    with pytest.raises(StatusError, match=named) as error:
        run(card)
    assert error.value.sw == sw
    assert len(card.plain) == refused + 1


@pytest.mark.parametrize("length", [0, 1, 7, 9, 16])
def test_a_challenge_of_another_length_is_never_signed(length: int) -> None:
    card = TerminalAuthenticationCard()
    card.alter = lambda header, _: (bytes(length), 0x9000) if header == GET_CHALLENGE else None
    with pytest.raises(MalformedDataError):
        run(card)
    assert card.plain[-1][0] == GET_CHALLENGE
