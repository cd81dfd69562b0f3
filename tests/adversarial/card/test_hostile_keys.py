"""Points that are none, points of other curves, the identity, and keys sent back to the card."""

import pytest

from simulators.card import CountedClock, SoftwareCard
from simulators.card.curve import P256
from simulators.card.protocol_events import Event, State
from tests.adversarial.card.stage import Stage
from tests.adversarial.card.terminal import Plain, dynamic
from tests.unit.simulators.card.desks import card_with_trust_point
from tests.unit.simulators.card.hosts import OK, IsoHost, send
from tests.unit.simulators.card.issuing import CHIP_POINT, Drawn

E = Event
GX, GY = (coordinate.to_bytes(32, "big") for coordinate in P256.g)
P = P256.p.to_bytes(32, "big")


def _small_x() -> tuple[int, int]:
    """A point whose x is so small that x + p still has 32 octets."""
    for x in range(1, 100):
        square = (x**3 + P256.a * x + P256.b) % P256.p
        y = pow(square, (P256.p + 1) // 4, P256.p)
        if y * y % P256.p == square:
            return x, y
    raise LookupError


SMALL_X, SMALL_Y = _small_x()
# y = 0 makes a point of order 2 on the curve of the same a and p whose b is -x³ - ax.
ORDER_2 = b"\x04" + (5).to_bytes(32, "big") + bytes(32)
# 0, 0 is a point of order 2 on y² = x³ + ax, and some libraries' way to write the identity.
ZERO = b"\x04" + bytes(64)
BAD_POINTS = {
    "identity as one octet": b"\x00",
    "identity as 65 octets": bytes(65),
    "zero coordinates": ZERO,
    "order 2 on another curve": ORDER_2,
    "generator of another curve": bytes.fromhex(
        "048BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"
        "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"
    ),
    "y of no point": b"\x04" + GX + (P256.g[1] + 1).to_bytes(32, "big"),
    "x not reduced": b"\x04" + (SMALL_X + P256.p).to_bytes(32, "big") + SMALL_Y.to_bytes(32, "big"),
    "coordinates all p": b"\x04" + P + P,
    "all ones": b"\x04" + b"\xff" * 64,
    "compressed": bytes((2 + GY[-1] % 2,)) + GX,
    "hybrid": bytes((6 + GY[-1] % 2,)) + GX + GY,
    "x only": GX,
    "no form octet": GX + GY,
    "one octet more": b"\x04" + GX + GY + b"\x00",
    "nothing": b"",
}
PLACES: dict[str, tuple[tuple[Event, ...], str, str]] = {
    "PACE mapping": ((E.MSE_PACE, E.NONCE), "10860000", "81"),
    "PACE agreement": ((E.MSE_PACE, E.NONCE, E.MAP), "10860000", "83"),
    "chip authentication": ((E.MSE_CA,), "00860000", "80"),
    "chip authentication after PACE": (
        (E.MSE_PACE, E.NONCE, E.MAP, E.AGREE, E.TOKEN, E.MSE_CA),
        "00860000",
        "80",
    ),
}


def _offer(stage: Stage, header: str, tag: str, point: bytes) -> int:
    return stage.terminal.exchange(Plain(header, dynamic(tag, point), b"\x00"), stage.state)[1]


@pytest.mark.parametrize("place", PLACES)
def test_no_bad_point_is_taken_anywhere_and_the_run_is_over(place: str) -> None:
    before, header, tag = PLACES[place]
    stage = Stage(card_with_trust_point())
    assert stage.perform(*before[:-1], before[-1]) == OK
    moment = stage.freeze()
    for name, point in BAD_POINTS.items():
        stage.thaw(moment)
        assert _offer(stage, header, tag, point) == 0x6A80, name
        assert stage.perform(E.CA_POINT) == 0x6985, name


def test_the_small_x_of_the_unreduced_point_is_a_good_point_itself() -> None:
    stage = Stage(card_with_trust_point())
    stage.perform(E.MSE_CA)
    assert _offer(stage, "00860000", "80", P256.encode((SMALL_X, SMALL_Y))) == OK


def _stage_with(*entropy: bytes) -> Stage:
    memory = card_with_trust_point().memory
    return Stage(SoftwareCard(memory, entropy=Drawn(*entropy), clock=CountedClock()))


NONCE, MAP_KEY, AGREE_KEY = (
    (5).to_bytes(16, "big"),
    (7).to_bytes(32, "big"),
    (9).to_bytes(32, "big"),
)


def test_a_mapping_that_leads_to_the_identity_is_refused() -> None:
    """H = -s·G makes the new generator the identity, on which every secret is known."""
    stage = _stage_with(NONCE, MAP_KEY)
    stage.perform(E.MSE_PACE, E.NONCE)
    scalar = -5 * pow(7, -1, P256.n) % P256.n
    hostile = P256.encode(P256.multiply(scalar, P256.g))
    assert _offer(stage, "10860000", "81", hostile) == 0x6A80
    assert stage.state == State()


def test_the_cards_own_agreement_key_sent_to_it_is_refused() -> None:
    stage = _stage_with(NONCE, MAP_KEY, AGREE_KEY)
    stage.perform(E.MSE_PACE, E.NONCE, E.MAP)
    own = P256.encode(P256.multiply(9, stage.terminal.generator))
    assert _offer(stage, "10860000", "83", own) == 0x6A80
    assert stage.state == State()


def test_the_cards_mapping_key_sent_back_does_not_help_without_the_can() -> None:
    stage = _stage_with(NONCE, MAP_KEY, AGREE_KEY)
    stage.perform(E.MSE_PACE, E.NONCE)
    mapped = Plain("10860000", dynamic("81", P256.encode(P256.multiply(3, P256.g))), b"\x00")
    answer, sw = stage.terminal.exchange(mapped, stage.state)
    assert sw == OK
    assert _offer(stage, "10860000", "83", answer[4:]) == OK
    assert stage.perform(E.TOKEN_WRONG) == 0x6300
    assert stage.state == State()


def test_the_cards_token_sent_back_is_6300() -> None:
    stage = Stage(card_with_trust_point())
    stage.perform(E.MSE_PACE, E.NONCE, E.MAP, E.AGREE)
    pace = stage.terminal.pace
    reflected = Plain("00860000", dynamic("85", pace.token(pace.public)), b"\x00")
    assert stage.terminal.exchange(reflected, stage.state) == (b"", 0x6300)
    assert stage.state == State()


@pytest.mark.parametrize(
    "point", [CHIP_POINT, P256.encode(P256.g)], ids=["the chip's own key", "the generator"]
)
def test_a_terminal_key_whose_secret_nobody_but_the_chip_knows_opens_nothing(point: bytes) -> None:
    card = card_with_trust_point()
    stage = Stage(card)
    stage.perform(E.MSE_CA)
    assert _offer(stage, "00860000", "80", point) == OK
    # Its x coordinate is public and would be the secret of a chip key 1.
    guess = IsoHost.from_secret(card, point[1:33])
    assert send(card, guess.wrap("00CADF01", le=b"\x00")) == (b"", 0x6988)
    assert stage.state == State()
