"""Cards that choose their PACE keys to learn something, or to agree without the password."""

from collections.abc import Callable

import pytest

from cardservice.channel.card_access import choose_pace
from cardservice.channel.flow import drive
from cardservice.channel.oids import Oid
from cardservice.channel.pace import establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.security_infos import PACEInfo
from cardservice.errors import AuthenticationError, MalformedDataError
from tests.unit.channel.card_side import tlv
from tests.unit.channel.pace_card import P256, PaceCard, octets_of, times, xy_of

CHOICE = choose_pace([PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, 12)])
FIELD, A, ORDER, GENERATOR = P256
MAP, AGREE = 2, 3
CARD_TAG = {MAP: 0x82, AGREE: 0x84}
both_steps = pytest.mark.parametrize("step", [MAP, AGREE], ids=["mapping", "agreement"])


def point_on_a_weak_curve() -> bytes:
    """Return a point of y² = x³ + a·x + b' for another b', as an invalid-curve attack sends."""
    x, y = GENERATOR
    return octets_of((x, (y + 1) % FIELD))


POINTS = {
    "nothing": b"",
    "the identity": b"\x00",
    "the identity, padded": bytes(65),
    "compressed": b"\x02" + GENERATOR[0].to_bytes(32),
    "hybrid": b"\x07" + octets_of(GENERATOR)[1:],
    "another curve": point_on_a_weak_curve(),
    "origin": b"\x04" + bytes(64),
    "x beyond the field": b"\x04" + b"\xff" * 32 + GENERATOR[1].to_bytes(32),
    "x plus the field": octets_of((5 + FIELD, 1)),
    "one octet short": octets_of(GENERATOR)[:-1],
    "one octet more": octets_of(GENERATOR) + b"\x00",
}


def run(card: PaceCard) -> object:
    flow = establish_pace(
        CHOICE, password=PacePassword.can("123456"), map_scalar=0xABCD, ephemeral_scalar=0xBCDE
    )
    return drive(flow, card)


def showing(step: int, make: Callable[[bytes], bytes]) -> PaceCard:
    """Return a card that shows ``make(the terminal's point)`` in that step."""

    def alter(at: int, answer: bytes) -> bytes:
        if at != step:
            return answer
        return tlv(0x7C, tlv(CARD_TAG[step], make(card.seen[-1][9:-1]))) + b"\x90\x00"

    card = PaceCard(alter=alter)
    return card


@both_steps
@pytest.mark.parametrize("name", POINTS)
def test_what_is_no_point_of_the_curve_never_meets_our_secret(step: int, name: str) -> None:
    card = showing(step, lambda _: POINTS[name])
    with pytest.raises(MalformedDataError):
        run(card)
    assert len(card.seen) == step + 1


@both_steps
def test_our_own_key_reflected_is_refused(step: int) -> None:
    with pytest.raises(AuthenticationError, match="reflected"):
        run(showing(step, lambda ours: ours))


@both_steps
def test_the_mirror_image_of_our_key_is_refused_too(step: int) -> None:
    def mirrored(ours: bytes) -> bytes:
        x, y = xy_of(ours)
        return octets_of((x, FIELD - y))

    with pytest.raises(AuthenticationError, match="reflected"):
        run(showing(step, mirrored))


def test_a_nonce_that_decrypts_to_nothing_is_refused() -> None:
    with pytest.raises(AuthenticationError, match="nonce"):
        run(PaceCard(nonce=bytes(16)))


def test_a_nonce_that_is_the_order_is_nothing_too() -> None:
    choice = choose_pace([PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_256, 2, 12)])
    card = PaceCard(key_len=32, nonce=ORDER.to_bytes(32))
    flow = establish_pace(
        choice, password=PacePassword.can("123456"), map_scalar=0xABCD, ephemeral_scalar=0xBCDE
    )
    with pytest.raises(AuthenticationError, match="nonce"):
        drive(flow, card)


def test_a_mapping_that_ends_in_the_identity_is_refused() -> None:
    # A card that knew the terminal's secret could do it: H = -s·G.
    scalar = -int.from_bytes(bytes(range(1, 17))) * pow(0xABCD, -1, ORDER) % ORDER
    card = showing(MAP, lambda _: octets_of(times(scalar, GENERATOR, FIELD, A)))
    with pytest.raises(AuthenticationError, match="identity"):
        run(card)


@pytest.mark.parametrize("length", [0, 1, 15, 17, 24, 31, 33, 48])
def test_a_nonce_of_another_length_is_malformed(length: int) -> None:
    def alter(at: int, answer: bytes) -> bytes:
        return tlv(0x7C, tlv(0x80, bytes(length))) + b"\x90\x00" if at == 1 else answer

    with pytest.raises(MalformedDataError):
        run(PaceCard(alter=alter))


@pytest.mark.parametrize(
    "objects",
    [
        [(0x87, 8), (0x86, 8)],
        [(0x86, 8), (0x88, 8)],
        [(0x86, 8), (0x87, 8), (0x87, 8)],
        [(0x86, 8), (0x87, 8), (0x88, 8), (0x88, 8)],
        [(0x86, 8), (0x87, 7)],
        [(0x86, 8), (0x87, 17)],
        [(0x86, 8), (0x8A, 32)],
        [(0x85, 8)],
        [],
    ],
    ids=[
        "reference first",
        "previous alone",
        "current twice",
        "three references",
        "reference too short",
        "reference too long",
        "chip authentication mapping",
        "our own tag",
        "nothing",
    ],
)
def test_last_answers_of_another_order_are_malformed(objects: list[tuple[int, int]]) -> None:
    body = b"".join(tlv(tag, b"R" * length) for tag, length in objects)
    answer = tlv(0x7C, body) + b"\x90\x00"
    with pytest.raises(MalformedDataError):
        run(PaceCard(alter=lambda at, honest: answer if at == 4 else honest))


@pytest.mark.parametrize("length", [0, 7, 9, 16])
def test_a_token_of_another_length_is_wrong(length: int) -> None:
    answer = tlv(0x7C, tlv(0x86, bytes(length))) + b"\x90\x00"
    with pytest.raises(AuthenticationError, match="token"):
        run(PaceCard(alter=lambda at, honest: answer if at == 4 else honest))


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_an_answer_that_belongs_to_another_step_is_malformed(step: int) -> None:
    answers: list[bytes] = []

    def record(_: int, honest: bytes) -> bytes:
        answers.append(honest)
        return honest

    run(PaceCard(alter=record))
    for other in answers[:step] + answers[step + 1 :]:

        def alter(at: int, honest: bytes, other: bytes = other) -> bytes:
            return other if at == step else honest

        with pytest.raises(MalformedDataError):
            run(PaceCard(alter=alter))
