"""Chip authentication version 1 against a card made of primitives."""

from hashlib import sha1

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.chip_authentication import ProvedChip, UnprovedChip, authenticate_chip
from cardservice.channel.flow import Flow, drive, protect, send
from cardservice.channel.key_derivation import SessionKeys
from cardservice.channel.oids import Oid
from cardservice.channel.secure_messaging import SecureMessaging
from cardservice.errors import AuthenticationError, MalformedDataError, StatusError, UsageError
from tests.shared import golden, vectors
from tests.unit.channel.card_side import CardSide
from tests.unit.channel.script import Recorder, Script

CURVE = ec.SECP256R1()
CHIP_SCALAR = 7  # golden/chip-security.json says so
CHIP_POINT = bytes.fromhex(golden("chip-security")["fields"]["public_key"])
EPHEMERAL = ec.derive_private_key(0x1234_5678_9ABC, CURVE)
READ = CommandAPDU(cla=0x00, ins=0xB0, p1=0x9D, ne=256)
SET_AT = "002241A40C 800A04007F00070202030202"


def point_of(private_key: ec.EllipticCurvePrivateKey) -> bytes:
    numbers = private_key.public_key().public_numbers()
    return b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def chip_keys(terminal_point: bytes, scalar: int = CHIP_SCALAR) -> SessionKeys:
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, terminal_point)
    secret = ec.derive_private_key(scalar, CURVE).exchange(ec.ECDH(), public)
    return SessionKeys(
        *(sha1(secret + bytes((0, 0, 0, use))).digest()[:16] for use in (1, 2))  # noqa: S324
    )


class Chip:
    """A chip with a private key: does the two commands, then speaks under the new keys."""

    def __init__(self, scalar: int = CHIP_SCALAR) -> None:
        self.scalar = scalar
        self.session: CardSide | None = None

    def __call__(self, raw: bytes) -> bytes:
        if self.session is not None:
            return self.session.exchange(raw, b"content")
        if raw[1] == 0x22:
            return b"\x90\x00"
        assert raw[:9].hex() == "00860000457c438041"
        keys = chip_keys(raw[9:74], self.scalar)
        self.session = CardSide(keys.enc, keys.mac, is_careless=True)
        return b"\x7c\x00\x90\x00"


def genuine() -> Flow[tuple[ProvedChip, ResponseAPDU]]:
    unproved = yield from authenticate_chip(CHIP_POINT, ephemeral=EPHEMERAL)
    return (yield from unproved.prove(send(READ)))


def test_a_genuine_chip_is_proved_by_its_first_answer() -> None:
    proved, response = drive(genuine(), Chip())
    assert response == ResponseAPDU(b"content", 0x9000)
    assert proved.chip_x == CHIP_POINT[1:33]
    assert proved.terminal_x == point_of(EPHEMERAL)[1:33]


def test_the_commands_are_the_contracts() -> None:
    card = Script(
        (SET_AT, "9000"),
        (f"0086000045 7C438041 {point_of(EPHEMERAL).hex()} 00", "7C00 9000"),
    )
    unproved = drive(authenticate_chip(CHIP_POINT, ephemeral=EPHEMERAL), card)
    assert isinstance(unproved, UnprovedChip)
    assert card.left == []


def test_a_key_identifier_and_another_cipher_are_named_to_the_card() -> None:
    card = Recorder(["9000", "7C009000"])
    flow = authenticate_chip(
        CHIP_POINT, ephemeral=EPHEMERAL, protocol=Oid.CA_ECDH_AES_CBC_CMAC_256, key_id=5
    )
    drive(flow, card)
    assert card.sent[0].hex() == "002241a40f800a04007f00070202030204840105"


def test_what_follows_runs_under_the_same_session() -> None:
    def conversation() -> Flow[bytes]:
        proved, _ = yield from genuine()
        return (yield from protect(send(READ), proved.session)).data

    assert drive(conversation(), Chip()) == b"content"


def test_a_copied_chip_that_cannot_compute_the_keys_is_found_out() -> None:
    with pytest.raises(AuthenticationError):
        drive(genuine(), Chip(scalar=8))


def test_a_chip_that_answers_without_protection_is_found_out() -> None:
    with pytest.raises(AuthenticationError, match="unprotected"):
        drive(genuine(), Recorder(["9000", "7C009000", "6988"]))


def test_an_unproved_chip_offers_no_session() -> None:
    unproved = drive(
        authenticate_chip(CHIP_POINT, ephemeral=EPHEMERAL), Recorder(["9000", "7C009000"])
    )
    assert not [name for name in dir(unproved) if not name.startswith("_") and name != "prove"]


def test_a_refusal_with_a_right_mac_proves_the_chip_for_a_flow_that_survives_it() -> None:
    def refused() -> Flow[int]:
        try:
            (yield READ).expect_ok("reading")
        except StatusError as refusal:
            return refusal.sw
        return 0x9000

    def conversation() -> Flow[tuple[ProvedChip, int]]:
        unproved = yield from authenticate_chip(CHIP_POINT, ephemeral=EPHEMERAL)
        return (yield from unproved.prove(refused()))

    chip = Chip()

    def exchange(raw: bytes) -> bytes:
        return chip.session.exchange(raw, sw=0x6982) if chip.session else chip(raw)

    proved, sw = drive(conversation(), exchange)
    assert sw == 0x6982
    assert not proved.session.is_closed


def test_a_flow_without_a_command_proves_nothing() -> None:
    def silent() -> Flow[None]:
        return
        yield READ

    def conversation() -> Flow[object]:
        unproved = yield from authenticate_chip(CHIP_POINT, ephemeral=EPHEMERAL)
        return (yield from unproved.prove(silent()))

    with pytest.raises(UsageError):
        drive(conversation(), Chip())


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (["6A80"], StatusError),
        (["9000", "6985"], StatusError),
        (["9000", "9000"], MalformedDataError),
        (["9000", "7C0281009000"], MalformedDataError),
        (["9000", "7C007C009000"], MalformedDataError),
        (["9000", "7D009000"], MalformedDataError),
    ],
)
def test_a_card_that_does_not_follow_is_refused(answers: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        drive(authenticate_chip(CHIP_POINT, ephemeral=EPHEMERAL), Recorder(answers))


@pytest.mark.parametrize(
    "point",
    [
        b"",
        b"\x00",
        CHIP_POINT[:-1] + bytes((CHIP_POINT[-1] ^ 1,)),
        b"\x02" + CHIP_POINT[1:33],
        b"\x04" + bytes(64),
        b"\x04" + b"\xff" * 64,
    ],
    ids=["empty", "infinity", "off the curve", "compressed", "zero", "beyond the field"],
)
def test_a_chip_key_that_is_no_point_never_meets_our_key(point: bytes) -> None:
    with pytest.raises(MalformedDataError):
        drive(authenticate_chip(point, ephemeral=EPHEMERAL), Script())


def test_our_own_key_shown_as_the_chips_is_refused() -> None:
    with pytest.raises(AuthenticationError):
        drive(authenticate_chip(point_of(EPHEMERAL), ephemeral=EPHEMERAL), Script())


def test_an_unknown_protocol_is_the_cards_fault_and_another_curve_is_ours() -> None:
    with pytest.raises(MalformedDataError):
        drive(authenticate_chip(CHIP_POINT, ephemeral=EPHEMERAL, protocol=Oid.TA), Script())
    other = ec.derive_private_key(5, ec.SECP384R1())
    with pytest.raises(UsageError):
        drive(authenticate_chip(CHIP_POINT, ephemeral=other), Script())


def test_it_runs_inside_a_session_and_its_answer_comes_under_the_old_keys() -> None:
    old = SessionKeys(bytes(16), bytes(16))
    outer = CardSide(old.enc, old.mac)
    inner: list[CardSide] = []

    def card(raw: bytes) -> bytes:
        if inner:
            return inner[0].exchange(raw, b"content")
        outer.receive(raw)
        if raw[1] == 0x22:
            return outer.answer(b"", 0x9000)
        keys = chip_keys(outer.decrypted(outer.opened[-1][1])[4:])
        inner.append(CardSide(keys.enc, keys.mac))
        return outer.answer(b"\x7c\x00", 0x9000)

    def conversation() -> Flow[bytes]:
        flow = authenticate_chip(CHIP_POINT, ephemeral=EPHEMERAL)
        unproved = yield from protect(flow, SecureMessaging(old))
        _, response = yield from unproved.prove(send(READ))
        return response.data

    assert drive(conversation(), card) == b"content"


def test_shared_secrets_with_leading_zeros_keep_their_width() -> None:
    """Wycheproof has secrets that start with 00; a card that keeps them must be understood."""
    cases = [
        test
        for group in vectors("wycheproof/ecdh_secp256r1_ecpoint_test")["testGroups"]
        for test in group["tests"]
        if test["shared"].startswith("00") and test["result"] == "valid"
    ]
    assert cases
    for case in cases:
        secret = bytes.fromhex(case["shared"])
        keys = [sha1(secret + bytes((0, 0, 0, use))).digest()[:16] for use in (1, 2)]  # noqa: S324
        side = CardSide(*keys)
        answers = [b"\x90\x00", b"\x7c\x00\x90\x00"]

        def card(raw: bytes, side: CardSide = side, answers: list[bytes] = answers) -> bytes:
            return answers.pop(0) if answers else side.exchange(raw)

        assert drive(proving(case["private"], case["public"]), card) == 0x9000


def proving(scalar: str, point: str) -> Flow[int]:
    private = ec.derive_private_key(int(scalar, 16), CURVE)
    unproved = yield from authenticate_chip(bytes.fromhex(point), ephemeral=private)
    return (yield from unproved.prove(send(READ)))[1].sw
