"""EF.CardAccess: what a card offers, and what of it is chosen."""

import pytest

from cardservice.channel.card_access import (
    NoCommonPaceError,
    choose_pace,
    parse_card_access,
    verify_pace_choice,
)
from cardservice.channel.curves import BRAINPOOL_P256R1, P256
from cardservice.channel.oids import Oid
from cardservice.channel.security_infos import PACEInfo, UnknownInfo
from cardservice.errors import AuthenticationError, MalformedDataError
from tests.shared import vectors

OURS = bytes.fromhex("31143012060A04007F0007020204020202010202010C")  # card.md 2
ICAO = bytes.fromhex(vectors("icao9303_pace")["examples"][0]["ef_cardaccess"])
EAC = bytes.fromhex(vectors("eac2_worked_example_ecdh")["examples"][0]["ef_cardaccess"])
AES_128 = Oid.PACE_ECDH_GM_AES_CBC_CMAC_128
AES_256 = Oid.PACE_ECDH_GM_AES_CBC_CMAC_256


def test_the_policy_card_offers_generic_mapping_on_p256() -> None:
    choice = choose_pace(parse_card_access(OURS))
    assert choice.info == PACEInfo(AES_128, 2, 12)
    assert choice.curve is P256
    assert (choice.key_bits, choice.is_ambiguous) == (128, False)


@pytest.mark.parametrize("file", [ICAO, EAC], ids=["ICAO G.1", "EAC worked example"])
def test_the_published_cards_are_run_on_brainpool(file: bytes) -> None:
    choice = choose_pace(parse_card_access(file))
    assert (choice.info.protocol, choice.curve) == (AES_128, BRAINPOOL_P256R1)


def test_other_security_infos_are_kept_and_do_not_disturb() -> None:
    assert any(isinstance(info, UnknownInfo) for info in parse_card_access(EAC))


def test_the_terminals_order_decides_and_an_ambiguous_card_is_told_the_domain() -> None:
    infos = [
        PACEInfo(AES_128, 2, 13),
        PACEInfo(AES_128, 2, 12),
        PACEInfo(AES_256, 2, 13),
    ]
    choice = choose_pace(infos)
    assert (choice.info, choice.is_ambiguous) == (infos[1], True)
    choice = choose_pace(infos, protocols=(AES_256, AES_128))
    assert (choice.info, choice.is_ambiguous) == (infos[2], False)


@pytest.mark.parametrize(
    "info",
    [
        PACEInfo(AES_128, 1, 12),
        PACEInfo(AES_128, 2, None),
        PACEInfo(AES_128, 2, 99),
        PACEInfo(AES_128[:-1] + b"\x01", 2, 12),
    ],
    ids=["version 1", "own domain", "unknown domain", "3DES"],
)
def test_what_this_terminal_cannot_run_is_no_choice(info: PACEInfo) -> None:
    with pytest.raises(NoCommonPaceError):
        choose_pace([info])


def test_a_terminal_that_insists_on_a_cipher_gets_no_lesser_one() -> None:
    with pytest.raises(NoCommonPaceError):
        choose_pace(parse_card_access(OURS), protocols=(AES_256,))


@pytest.mark.parametrize(
    "file",
    [b"", b"\x31\x00", OURS + b"\x00", OURS + OURS, b"\x31\x82\x02\x08" + 26 * OURS[2:]],
    ids=["empty", "no info", "a zero after it", "twice", "too long"],
)
def test_a_file_that_is_not_one_set_of_infos_is_malformed(file: bytes) -> None:
    with pytest.raises(MalformedDataError):
        parse_card_access(file)


def test_the_choice_is_held_against_what_the_issuer_signed() -> None:
    choice = choose_pace(parse_card_access(OURS))
    assert verify_pace_choice(choice, PACEInfo(AES_128, 2, 12)) is choice
    for signed in (None, PACEInfo(AES_256, 2, 12), PACEInfo(AES_128, 2, 13)):
        with pytest.raises(AuthenticationError):
            verify_pace_choice(choice, signed)
