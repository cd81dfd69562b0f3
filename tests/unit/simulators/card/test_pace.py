"""PACE: the published run, the order of steps, and the price of guessing."""

import pytest

from simulators.card import CountedClock, SoftwareCard, image
from simulators.card.curve import P256, Curve
from simulators.card.pace_run import PaceRun
from simulators.card.status import CommandRefusedError
from simulators.card.tampering import copy_of
from tests.shared import vectors
from tests.unit.simulators.card.hosts import (
    FOMS_ID,
    OK,
    PACE_OID,
    PaceHost,
    apdu,
    chip_authenticate,
    dgi,
    pace_mse,
    send,
    tlv,
)
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    OWNER,
    Content,
    Drawn,
    in_range,
    open_session,
    personalized,
)

BRAINPOOL_P256R1 = Curve(
    p=0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
    a=0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
    b=0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
    n=0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
    g=(
        0x8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262,
        0x547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997,
    ),
)
"""Source: RFC 5639 3.4."""

G1 = vectors("icao9303_pace")["examples"][0]
CARD_EPHEMERAL_KEY = "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A"
"""SKPACE of the chip in the worked example. Source: ICAO 9303-11 appendix G.1."""


def _dynamic(apdu_in_hex: str) -> tuple[int, bytes]:
    data = bytes.fromhex(apdu_in_hex)[5:-1]
    return (data[2], data[4:]) if data[1] else (0, b"")


def test_the_published_run_on_brainpool_is_reproduced_octet_for_octet() -> None:
    entropy = Drawn(
        bytes.fromhex(G1["nonce"]),
        bytes.fromhex(G1["map_sk_ic"]),
        bytes.fromhex(CARD_EPHEMERAL_KEY),
    )
    run = PaceRun(password_key=bytes.fromhex(G1["kpi"]), entropy=entropy, curve=BRAINPOOL_P256R1)
    for command, answer in G1["apdus"][1:]:
        tag, value = _dynamic(command)
        assert run.advance(tag, value) + b"\x90\x00" == bytes.fromhex(answer)
    assert run.secret == bytes.fromhex(G1["shared_secret_K"])
    assert run.ephemeral_x == bytes.fromhex(G1["eph_pk_ic"])[1:33]


def test_the_terminals_own_key_reflected_is_refused() -> None:
    run = PaceRun(
        password_key=bytes(16), entropy=Drawn(bytes(15) + b"\x01", b"\x02" * 32, b"\x03" * 32)
    )
    run.advance(0, b"")
    run.advance(0x81, P256.encode(P256.g))
    generator = P256.add(P256.g, P256.multiply(int.from_bytes(b"\x02" * 32, "big"), P256.g))
    own = P256.encode(P256.multiply(int.from_bytes(b"\x03" * 32, "big"), generator))
    with pytest.raises(CommandRefusedError, match="6A80"):
        run.advance(0x83, own)


def test_pace_opens_a_session_with_the_right_to_read() -> None:
    card = in_range(personalized())
    terminal = PaceHost(card).run()
    terminal.send("00A4040C", FOMS_ID)
    assert terminal.send("00B08100", le=b"\x00") == (OWNER, OK)


def test_pace_works_on_contact_and_in_any_application_too() -> None:
    card = personalized()
    send(card, apdu("00A4040C", FOMS_ID))
    terminal = PaceHost(card).run()
    assert terminal.send("00B08100", le=b"\x00") == (OWNER, OK)


@pytest.mark.parametrize("rest", [b"", tlv("84", b"\x0c"), tlv("7F4C", b"\x01\x02\x03")])
def test_a_curve_parameter_and_a_chat_may_come_along(rest: bytes) -> None:
    assert send(personalized(), pace_mse(rest=rest)) == (b"", OK)


@pytest.mark.parametrize(
    ("data", "sw"),
    [
        (tlv("80", PACE_OID) + tlv("83", b"\x01"), 0x6A88),
        (tlv("80", PACE_OID) + tlv("83", b"\x03"), 0x6A88),
        (tlv("80", PACE_OID), 0x6A80),
        (tlv("83", b"\x02"), 0x6A80),
        (b"", 0x6A80),
        (tlv("80", PACE_OID) + tlv("83", b"\x02") + tlv("84", b"\x0d"), 0x6A80),
        (tlv("80", PACE_OID[:-1] + b"\x04") + tlv("83", b"\x02"), 0x6A80),
        (tlv("80", PACE_OID[:-1] + b"\x04") + tlv("83", b"\x03"), 0x6A80),
    ],
)
def test_a_wrong_mse_is_refused_and_starts_no_run(data: bytes, sw: int) -> None:
    card = personalized()
    assert send(card, apdu("0022C1A4", data)) == (b"", sw)
    assert PaceHost(card).step("10", "", b"") == (b"", 0x6985)


def test_without_ef_card_access_and_in_a_session_there_is_no_pace() -> None:
    assert send(personalized(Content(card_access=None)), pace_mse())[1] == 0x6985
    terminal = chip_authenticate(personalized(), CHIP_POINT).host
    assert terminal.send("0022C1A4", pace_mse()[5:])[1] == 0x6985


def _host_before(step: int) -> PaceHost:
    host = PaceHost(personalized())
    assert send(host.card, pace_mse())[1] == OK
    if step == 2:
        assert host.step("10", "", b"")[1] == OK
    if step >= 3:
        host.map()
    if step >= 4:
        host.agree()
    return host


_OBJECTS = {1: ("", b""), 2: ("81", CHIP_POINT), 3: ("83", CHIP_POINT), 4: ("85", bytes(8))}


@pytest.mark.parametrize("step", [1, 2, 3, 4])
@pytest.mark.parametrize("given", [1, 2, 3, 4])
def test_another_steps_object_is_6985_and_ends_the_run(step: int, given: int) -> None:
    host = _host_before(step)
    cla = "00" if step == 4 else "10"
    _, sw = host.step(cla, *_OBJECTS[given])
    right = OK if step < 4 else 0x6300
    assert sw == (right if given == step else 0x6985)
    if sw != OK:
        assert host.step("10", "", b"") == (b"", 0x6985)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_wrong_chaining_mark_is_6883_before_anything_else(step: int) -> None:
    host = _host_before(step)
    wrong = "10" if step == 4 else "00"
    assert host.step(wrong, "85", bytes(8)) == (b"", 0x6883)
    assert host.step("10", "", b"") == (b"", 0x6985)


@pytest.mark.parametrize("step", [2, 3])
@pytest.mark.parametrize("value", [b"", bytes(65), CHIP_POINT[:-1], CHIP_POINT[:-1] + b"\x00"])
def test_a_bad_point_is_6a80_and_ends_the_run(step: int, value: bytes) -> None:
    host = _host_before(step)
    assert host.step("10", _OBJECTS[step][0], value) == (b"", 0x6A80)
    assert host.step("10", *_OBJECTS[step]) == (b"", 0x6985)


@pytest.mark.parametrize("token", [bytes(8), b"", bytes(16)])
def test_a_wrong_token_ends_the_run(token: bytes) -> None:
    host = _host_before(4)
    sw = 0x6300 if len(token) == 8 else 0x6A80
    assert host.step("00", "85", token) == (b"", sw)
    assert host.step("00", "85", host.token(host.card_ephemeral)) == (b"", 0x6985)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_any_other_command_in_between_ends_the_run(step: int) -> None:
    host = _host_before(step)
    assert send(host.card, "00CADF0100")[1] == OK
    assert host.step("00" if step == 4 else "10", *_OBJECTS[step]) == (b"", 0x6985)


def test_the_token_of_the_card_is_not_the_terminals() -> None:
    host = _host_before(4)
    assert host.step("00", "85", host.token(host.public)) == (b"", 0x6300)


def _failures(card: SoftwareCard) -> bytes | None:
    return card.memory.get(image.PACE_FAILURES)


def test_a_run_counts_as_failed_before_its_nonce_leaves_and_a_right_token_forgives() -> None:
    card = personalized()
    host = PaceHost(card)
    send(card, pace_mse())
    assert _failures(card) is None
    host.step("10", "", b"")
    assert _failures(card) == b"\x01"
    host.run()
    assert _failures(card) == b"\x00"


def test_the_card_waits_longer_with_each_failed_run_across_resets() -> None:
    base, clock = personalized(), CountedClock()
    waits = []
    for _ in range(15):
        card = SoftwareCard(base.memory, entropy=Drawn(), clock=clock)
        before = clock.seconds
        send(card, pace_mse())
        assert PaceHost(card).step("10", "", b"")[1] == OK
        waits.append(clock.seconds - before)
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 64, 64, 64]


def test_the_count_of_failed_runs_stops_at_one_octet() -> None:
    card = copy_of(personalized(), changes={image.PACE_FAILURES: b"\xff"})
    card = SoftwareCard(card.memory, entropy=Drawn(), clock=CountedClock())
    send(card, pace_mse())
    assert PaceHost(card).step("10", "", b"")[1] == OK
    assert _failures(card) == b"\xff"


def test_the_can_of_the_issuer_is_the_one_that_opens() -> None:
    card = personalized()
    host = open_session(card)
    assert host.store(dgi("8012", host.code("654321"))) == OK
    card.reset()
    PaceHost(card, can="654321").run()
    card.reset()
    wrong = PaceHost(card)
    send(card, pace_mse())
    wrong.map()
    wrong.agree()
    assert wrong.step("00", "85", wrong.token(wrong.card_ephemeral)) == (b"", 0x6300)
