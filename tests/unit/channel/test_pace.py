"""PACE with generic mapping: the published runs to the octet, and a card made of primitives."""

import pytest

from cardservice.apdu.command import CommandAPDU
from cardservice.channel.card_access import PaceChoice, choose_pace, parse_card_access
from cardservice.channel.curves import CURVES
from cardservice.channel.flow import drive, protect, send
from cardservice.channel.oids import PACE_KEY_BITS, Oid
from cardservice.channel.pace import PaceSession, WrongPasswordError, establish_pace
from cardservice.channel.pace_messages import authentication_token
from cardservice.channel.pace_password import PacePassword, PasswordReference
from cardservice.channel.point import decode_point, multiply_generator
from cardservice.channel.security_infos import PACEInfo
from cardservice.errors import StatusError, UsageError
from tests.shared import vectors
from tests.unit.channel.card_side import CardSide
from tests.unit.channel.pace_card import PaceCard
from tests.unit.channel.script import Script

ICAO = vectors("icao9303_pace")["examples"][0]
EAC = vectors("eac2_worked_example_ecdh")["examples"][0]
OURS = choose_pace([PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, 12)])
CAN = PacePassword.can("123456")
MAP_SCALAR, EPHEMERAL_SCALAR = 0x1234567890ABCDEF, 0xFEDCBA0987654321

# ICAO Doc 9303-11, 8th edition, appendix G.1: the whole conversation.
G1 = (
    ("0022C1A40F 800A04007F00070202040202 830101", "9000"),
    ("10860000027C0000", "7C128010 95A3A016522EE98D01E76CB6B98B42C3 9000"),
    (
        (
            "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
            "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00"
        ),
        (
            "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
            "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000"
        ),
    ),
    (
        (
            "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
            "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200"
        ),
        (
            "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
            "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000"
        ),
    ),
    ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000"),
)


def run(card: PaceCard, choice: PaceChoice = OURS, chat: bytes = b"") -> PaceSession:
    flow = establish_pace(
        choice,
        password=CAN,
        map_scalar=MAP_SCALAR,
        ephemeral_scalar=EPHEMERAL_SCALAR,
        chat=chat,
    )
    return drive(flow, card)


def keys_of(session: PaceSession) -> tuple[bytes, bytes]:
    keys = session.session._keys
    return keys.enc, keys.mac


def test_appendix_g1_is_spoken_to_the_octet() -> None:
    card = Script(*G1)
    flow = establish_pace(
        choose_pace(parse_card_access(bytes.fromhex(ICAO["ef_cardaccess"]))),
        password=PacePassword.mrz("T22000129364081251010318"),
        map_scalar=int(ICAO["map_sk_ifd"], 16),
        ephemeral_scalar=int(ICAO["eph_sk_ifd"], 16),
    )
    session = drive(flow, card)
    assert card.left == []
    assert keys_of(session) == (bytes.fromhex(ICAO["k_enc"]), bytes.fromhex(ICAO["k_mac"]))
    assert session.card_x.hex().upper() == ICAO["eph_pk_ic"][2:66]
    assert (session.password, session.cars) == (PasswordReference.MRZ, ())
    assert [list(pair) for pair in ICAO["apdus"]] == [
        [said.replace(" ", ""), answer.replace(" ", "")] for said, answer in G1
    ]


def test_the_eac_worked_example_comes_to_its_keys() -> None:
    pace = EAC["pace"]
    card = Script(
        ("0022C1A40F 800A04007F00070202040202 830103", "9000"),
        ("10860000027C0000", f"7C128010{pace['encrypted_nonce']}9000"),
        (f"10860000457C438141{pace['map_pk_pcd']}00", f"7C438241{pace['map_pk_picc']}9000"),
        (f"10860000457C438341{pace['eph_pk_pcd']}00", f"7C438441{pace['eph_pk_picc']}9000"),
        (f"008600000C7C0A8508{pace['token_pcd']}00", f"7C0A8608{pace['token_picc']}9000"),
    )
    flow = establish_pace(
        choose_pace(parse_card_access(bytes.fromhex(EAC["ef_cardaccess"]))),
        password=PacePassword.pin(EAC["password"]["value"]),
        map_scalar=int(pace["map_sk_pcd"], 16),
        ephemeral_scalar=int(pace["eph_sk_pcd"], 16),
    )
    session = drive(flow, card)
    assert keys_of(session) == (bytes.fromhex(pace["k_enc"]), bytes.fromhex(pace["k_mac"]))
    assert session.card_x.hex() == EAC["terminal_authentication"]["id_picc"]


def test_the_token_is_over_the_other_sides_key() -> None:
    token = authentication_token(
        bytes.fromhex(ICAO["k_mac"]),
        Oid.PACE_ECDH_GM_AES_CBC_CMAC_128,
        bytes.fromhex(ICAO["eph_pk_ifd"]),
    )
    assert token.hex().upper() == ICAO["token_ic"]


@pytest.mark.parametrize("protocol", PACE_KEY_BITS, ids=lambda oid: oid.name)
@pytest.mark.parametrize("parameter_id", [12, 13])
def test_every_key_length_and_curve_ends_in_the_same_keys_on_both_sides(
    protocol: bytes, parameter_id: int
) -> None:
    bits = PACE_KEY_BITS[protocol]
    nonce = bytes(range(1, 17)) if bits == 128 else b"\xff" * 32
    card = PaceCard(parameter_id=parameter_id, key_len=bits // 8, nonce=nonce)
    session = run(card, choose_pace([PACEInfo(protocol, 2, parameter_id)]))
    assert keys_of(session) == (card.enc, card.mac)
    assert session.choice.info == PACEInfo(protocol, 2, parameter_id)


@pytest.mark.parametrize("parameter_id", [15, 16])
def test_the_long_curves_are_asked_with_points_of_their_width(parameter_id: int) -> None:
    curve = CURVES[parameter_id]
    card_point = multiply_generator(99, curve).encode().hex()
    own_map = multiply_generator(MAP_SCALAR, curve).encode().hex()
    card = Script(
        ("0022C1A40F 800A04007F00070202040202 830102", "9000"),
        ("10860000027C0000", f"7C128010{'11' * 16}9000"),
        (f"10860000657C638161{own_map}00", f"7C638261{card_point}9000"),
    )
    flow = establish_pace(
        choose_pace([PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, parameter_id)]),
        password=CAN,
        map_scalar=MAP_SCALAR,
        ephemeral_scalar=EPHEMERAL_SCALAR,
    )
    with pytest.raises(AssertionError, match="unexpected command") as ended:
        drive(flow, card)
    sent = bytes.fromhex(str(ended.value).split()[2].split("\n")[0])
    assert decode_point(sent[9:-1], curve).encode() == sent[9:-1]


def test_what_follows_runs_under_the_agreed_keys() -> None:
    card = PaceCard()
    session = run(card)
    side = CardSide(card.enc, card.mac)
    read = CommandAPDU(cla=0x00, ins=0xB0, ne=256)
    flow = protect(send(read), session.session)
    assert drive(flow, lambda raw: side.exchange(raw, b"content")).data == b"content"


def test_the_cards_ephemeral_key_and_its_trust_points_are_handed_on() -> None:
    card = PaceCard(cars=(b"DETESTeID00004", b"DETESTeID00002"))
    session = run(card)
    assert session.card_x == card.card_point[1:33]
    assert session.cars == (b"DETESTeID00004", b"DETESTeID00002")


def test_an_ambiguous_card_is_told_the_domain_after_the_chat() -> None:
    chat = bytes.fromhex("7F4C0E060904007F00070301020153 0101".replace(" ", ""))
    infos = [PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, number) for number in (12, 13)]
    card = PaceCard()
    run(card, choose_pace(infos), chat)
    assert card.mse == chat + b"\x84\x01\x0c"


def test_a_wrong_can_is_an_error_of_its_own() -> None:
    with pytest.raises(WrongPasswordError) as refused:
        run(PaceCard(secret=b"123457"))
    assert (refused.value.sw, refused.value.tries_left) == (0x6300, None)
    assert "123456" not in str(refused.value)


def test_a_wrong_pin_tells_the_tries_left() -> None:
    with pytest.raises(WrongPasswordError) as refused:
        run(PaceCard(alter=lambda at, answer: b"\x63\xc2" if at == 4 else answer))
    assert refused.value.tries_left == 2


def test_a_card_that_warns_of_tries_left_is_gone_on_with() -> None:
    card = PaceCard(alter=lambda step, answer: answer if step else b"\x63\xc1")
    assert keys_of(run(card)) == (card.enc, card.mac)


@pytest.mark.parametrize("step", range(5))
def test_a_refusal_at_any_step_is_its_status_word(step: int) -> None:
    card = PaceCard(alter=lambda at, answer: b"\x69\x85" if at == step else answer)
    with pytest.raises(StatusError) as refused:
        run(card)
    assert refused.value.sw == 0x6985
    assert not isinstance(refused.value, WrongPasswordError)
    assert len(card.seen) == step + 1


@pytest.mark.parametrize(
    ("map_scalar", "ephemeral_scalar", "chat"),
    [(5, 5, b""), (0, 5, b""), (5, OURS.curve.n, b""), (5, 6, b"\x53\x01\x01")],
    ids=["the same twice", "zero", "order", "CHAT without its tag"],
)
def test_a_misuse_is_found_before_the_card_hears_anything(
    map_scalar: int, ephemeral_scalar: int, chat: bytes
) -> None:
    flow = establish_pace(
        OURS, password=CAN, map_scalar=map_scalar, ephemeral_scalar=ephemeral_scalar, chat=chat
    )
    with pytest.raises(UsageError):
        drive(flow, Script())


def test_a_session_prints_neither_keys_nor_password() -> None:
    shown = repr(run(PaceCard()))
    assert "SecureMessaging" not in shown
    assert "123456" not in shown
